package report_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/examples/browser/report"
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// realModules returns the modules in testdata, by name.
func realModules(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatal("no modules in testdata", err)
	}
	modules := make(map[string][]byte)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		modules[filepath.Base(file)] = content
	}
	return modules
}

// nameSection returns the contents of a name section that names functions.
func nameSection(names ...string) []byte {
	list := ops.AppendU32(nil, uint32(len(names)))
	for i, name := range names {
		list = ops.AppendU32(list, uint32(i))
		list = ops.AppendU32(list, uint32(len(name)))
		list = append(list, name...)
	}
	return append(ops.AppendU32([]byte{byte(module.NameFunc)}, uint32(len(list))), list...)
}

func TestSizeMapOfRealModules(t *testing.T) {
	for name, wasm := range realModules(t) {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.Validate(t.Context(), wasm)
			is.NoErr(err)
			root := report.SizeMap(wasm)
			is.Equal(root.Size, len(wasm))
			checkSums(t, root)
			sections := make(map[int]int) // the end of each section, by offset
			functions := 0
			for _, node := range root.Children {
				sections[node.Offset+node.Size] = node.Size
				if node.Name == "code" {
					is.Equal(node.Count, m.NumBodies())
					for _, f := range node.Children {
						if f.Kind == report.KindFunction {
							functions++
						}
					}
				}
			}
			is.Equal(functions, min(m.NumBodies(), 5000))
			for _, s := range m.Sections() {
				size := sections[s.Offset+s.Size]
				is.True(size > s.Size && size <= s.Size+6+len("metadata.code.branch_hint")) // with the header in front of it
			}
		})
	}
}

// checkSums checks that the sizes of pieces add up to that of the whole, and that
// the pieces are sorted and within the whole.
func checkSums(t *testing.T, node *report.Node) {
	t.Helper()
	if len(node.Children) == 0 {
		return
	}
	sum := 0
	for i, child := range node.Children {
		sum += child.Size
		if child.Size <= 0 {
			t.Errorf("%s %q has size %d", child.Kind, child.Name, child.Size)
		}
		if child.Offset >= 0 && (child.Offset < node.Offset || child.Offset+child.Size > node.Offset+node.Size) &&
			child.Kind != report.KindHeader {
			t.Errorf("%s %q lies outside of %s", child.Kind, child.Name, node.Name)
		}
		if i > 0 && child.Size > node.Children[i-1].Size && child.Kind != report.KindHeader && child.Kind != report.KindSmaller {
			t.Errorf("%s %q is larger than the piece before it", child.Kind, child.Name)
		}
		checkSums(t, child)
	}
	if sum != node.Size {
		t.Errorf("the pieces of %s %q add up to %d, want %d", node.Kind, node.Name, sum, node.Size)
	}
}

func TestSizeMapPieces(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().
		Type("func").
		Import("env", "log", "func 0").
		Memory("1").
		Func(0, "", "nop nop nop").
		Func(0, "", "nop").
		Func(0, "", "nop nop").
		Export("run", "func 3").
		Data("i32.const 0", "hello").
		Custom("name", nameSection("log", "first", "second")).
		Custom("producers", []byte{0}).
		Bytes()
	root := report.SizeMap(wasm)
	checkSums(t, root)
	pieces := make(map[string]*report.Node)
	var collect func(*report.Node)
	collect = func(n *report.Node) {
		pieces[n.Kind+" "+n.Name] = n
		for _, child := range n.Children {
			collect(child)
		}
	}
	collect(root)
	for _, want := range []struct {
		piece       string
		size, index int
	}{
		{"section code", 2 + 1 + 6 + 4 + 5, -1},
		{"function first", 6, 1},
		{"function second", 4, 2},
		{"function run", 5, 3},
		{"section data", 2 + 1 + 10, -1},
		{"data segment ", 10, 0},
		{"custom section producers", 2 + 10 + 1, -1},
		{"part of a custom section function names", len(nameSection("log", "first", "second")), -1},
		{"header magic number and version", 8, -1},
	} {
		t.Run(want.piece, func(t *testing.T) {
			is := is.New(t)
			got := pieces[want.piece]
			is.True(got != nil) // the piece is there
			is.Equal(got.Size, want.size)
			is.Equal(got.Index, want.index)
			if strings.HasPrefix(want.piece, "data") {
				is.True(strings.HasSuffix(string(wasm[:got.Offset+got.Size]), "hello"))
			}
		})
	}
	is.Equal(pieces["function first"].Section, "code")
	is.Equal(pieces["custom section producers"].Section, "custom")
}

func TestSizeMapFoldsTheSmallest(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func")
	const count = 5003
	for range count {
		m.Func(0, "", "")
	}
	root := report.SizeMap(m.Bytes())
	checkSums(t, root)
	code := root.Children[0]
	is.Equal(code.Name, "code")
	is.Equal(code.Count, count)
	is.Equal(len(code.Children), 5002) // the largest, the smaller ones and the header
	smaller := code.Children[5000]
	is.Equal(smaller.Kind, report.KindSmaller)
	is.Equal(smaller.Count, 3)
	is.Equal(smaller.Size, 9)
}

// TestSizeMapOfDamagedModules cuts a module at every place, and changes every byte of
// it: whatever can still be read, the pieces add up to the bytes.
func TestSizeMapOfDamagedModules(t *testing.T) {
	wasm, err := os.ReadFile("../page/mistake.wasm")
	is.New(t).NoErr(err)
	for i := range wasm {
		for _, damaged := range [][]byte{wasm[:i], changed(wasm, i, 0x80), changed(wasm, i, 0x01), changed(wasm, i, 0xff)} {
			root := report.SizeMap(damaged)
			if root.Size != len(damaged) {
				t.Fatalf("damaged at %d: size %d, want %d", i, root.Size, len(damaged))
			}
			checkSums(t, root)
		}
	}
}

// changed returns a copy of b with some bits of one byte changed.
func changed(b []byte, i int, bits byte) []byte {
	b = append([]byte(nil), b...)
	b[i] ^= bits
	return b
}

func TestNamesAreReadable(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "runtime.main", "runtime.main"},
		{"letters", "größe <b>&amp;", "größe <b>&amp;"},
		{"control characters", "a\x00\n\x1b[31mb", "a\ufffd\ufffd\ufffd[31mb"},
		{"direction", "abc\u202edef\u2066", "abc\ufffddef\ufffd"},
		{"huge", strings.Repeat("x", 1_000_000), strings.Repeat("x", 240) + "…"},
		{"huge, of long letters", strings.Repeat("€", 1000), strings.Repeat("€", 80) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			wasm := validatortest.NewModule().Type("func").Func(0, "", "").Custom("name", nameSection(tt.in)).Bytes()
			var names []string
			for _, section := range report.SizeMap(wasm).Children {
				for _, child := range section.Children {
					if child.Kind == report.KindFunction {
						names = append(names, child.Name)
					}
				}
			}
			is.Equal(names, []string{tt.want})
		})
	}
}

func TestFindNeeds(t *testing.T) {
	type m = validatortest.Module
	for _, tt := range []struct {
		name     string
		build    func(*m) *m
		want     []string
		item, op string // of the last need
		complete bool
	}{
		{"nothing", func(m *m) *m { return m.Func(0, "", "") }, nil, "", "", true},
		{"operator", func(m *m) *m { return m.Func(0, "", "i32.const 1 @i32.extend8_s drop i32.const 1 i32.extend8_s drop") },
			[]string{"sign-extension"}, "", "i32.extend8_s", true},
		{"declaration", func(m *m) *m { return m.Func(0, "", "").Global("mut i32", "i32.const 0").Export("g", "global 0") },
			[]string{"mutable-global"}, "export", "", true},
		{"several", func(m *m) *m {
			return m.Memory("1").Func(0, "", "i32.const 1 i32.extend8_s drop i32.const 0 i32.const 0 i32.const 0 memory.fill f32.const 1 @i32.trunc_sat_f32_s drop")
		}, []string{"saturating-float-to-int", "sign-extension", "bulk-memory-opt"}, "", "", true},
		{"one brings the other", func(m *m) *m {
			return m.Memory("1").Func(0, "", "i32.const 0 i32.const 0 i32.const 0 memory.fill i32.const 0 i32.const 0 i32.const 0 @memory.init 0").Data("", "a")
		}, []string{"bulk-memory"}, "", "", true},
		{"segment", func(m *m) *m { return m.Func(0, "", "").Memory("1").Data("", "<=>") }, []string{"bulk-memory"}, "data segment", "", true},
		{"before a mistake", func(m *m) *m { return m.Func(0, "", "i32.const 1 @i32.extend8_s i64.eqz drop") },
			[]string{"sign-extension"}, "", "i32.extend8_s", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			built := tt.build(validatortest.NewModule().Type("func"))
			needs, err := report.FindNeeds(t.Context(), built.Bytes(), ops.Wasm1|ops.SignExtension)
			is.NoErr(err)
			is.Equal(needs.Complete, tt.complete)
			var got []string
			for _, n := range needs.List {
				got = append(got, n.Feature)
				is.Equal(n.Allowed, n.Feature == "sign-extension" || n.Feature == "mutable-global")
			}
			is.Equal(got, tt.want)
			if tt.item != "" {
				is.Equal(needs.List[0].Item.What, tt.item)
				is.True(needs.List[0].Op == nil)
			}
			if tt.op != "" {
				last := needs.List[len(needs.List)-1]
				is.Equal(last.Op.Text, tt.op)
				is.Equal(last.Offset, built.Mark())
				is.Equal(last.Func.Index, 0)
				is.Equal(last.Section.Name, "code")
			}
		})
	}
}

func TestFindNeedsOfRealModules(t *testing.T) {
	for name, wasm := range realModules(t) {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.Validate(t.Context(), wasm, validator.WithFeatures(ops.All))
			is.NoErr(err)
			needs, err := report.FindNeeds(t.Context(), wasm, ops.Default)
			is.NoErr(err)
			got := []string{}
			for _, n := range needs.List {
				got = append(got, n.Feature)
				is.True(n.Allowed)
			}
			is.Equal(got, m.RequiredFeatures().Minimal().Names())
			given, err := ops.ParseFeatures(needs.Minimum)
			is.NoErr(err)
			_, err = validator.Validate(t.Context(), wasm, validator.WithFeatures(given))
			is.NoErr(err)
		})
	}
}

func TestJudge(t *testing.T) {
	wasm, err := os.ReadFile("../page/mistake.wasm")
	is.New(t).NoErr(err)
	t.Run("valid", func(t *testing.T) {
		is := is.New(t)
		var done, total int64
		valid := validatortest.NewModule().Type("func").Import("a", "b", "func 0").Func(0, "", "").Bytes()
		v, err := report.Judge(t.Context(), valid, ops.Default, func(d, n int64) { done, total = d, n })
		is.NoErr(err)
		is.True(v.Valid)
		is.True(v.Diagnosis == nil)
		is.Equal(v.Bytes, len(valid))
		is.Equal(v.Facts, []report.Fact{{Count: 1, What: "functions"}, {Count: 1, What: "imports"}, {Count: 1, What: "types"}})
		is.Equal(done, total)
		is.Equal(total, int64(len(valid)))
	})
	t.Run("invalid", func(t *testing.T) {
		is := is.New(t)
		v, err := report.Judge(t.Context(), wasm, ops.Default, func(int64, int64) {})
		is.NoErr(err)
		is.True(!v.Valid)
		is.Equal(v.Diagnosis.Kind, validator.Invalid)
		is.True(strings.HasPrefix(v.Diagnosis.Message, "type mismatch"))
		all, err := report.FindMistakes(t.Context(), wasm, ops.Default)
		is.NoErr(err)
		is.Equal(len(all.List), 1)
		is.Equal(all.List[0].Offset, v.Diagnosis.Offset)
		is.True(!all.More)
	})
	t.Run("ended", func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := report.Judge(ctx, wasm, ops.Default, func(int64, int64) {})
		is.Equal(err, context.Canceled)
	})
}

func TestFindMistakesIsBounded(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func")
	for range 100 {
		m.Func(0, "", "i32.const 1")
	}
	all, err := report.FindMistakes(t.Context(), m.Bytes(), ops.Default)
	is.NoErr(err)
	is.Equal(len(all.List), 20)
	is.True(all.More)
}

func TestFeatures(t *testing.T) {
	c := report.Features()
	is.New(t).Equal(c.All, ops.All.Names())
	for _, set := range append(c.Sets, report.FeatureSet{Name: "default,-floats", Members: without(c.Default, "floats")},
		report.FeatureSet{Name: "all,-gc-types", Members: without(c.All, "gc-types")}) {
		t.Run(set.Name, func(t *testing.T) {
			is := is.New(t)
			want, err := ops.ParseFeatures(set.Name)
			is.NoErr(err)
			got, err := report.Chosen(set.Members)
			is.NoErr(err)
			is.Equal(got.Effective(), want.Effective())
		})
	}
	_, err := report.Chosen([]string{"nonsense"})
	is.New(t).True(err != nil)
}

// without returns the names but for one.
func without(names []string, one string) []string {
	var rest []string
	for _, name := range names {
		if name != one {
			rest = append(rest, name)
		}
	}
	return rest
}
