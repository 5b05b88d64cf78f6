package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// each operator that stands at a mark is the first that needs its proposal.
func TestFeaturesCommand(t *testing.T) {
	for _, test := range []struct {
		name    string
		module  *validatortest.Module
		feature string
		text    string
	}{
		{"operator", validatortest.NewModule().Type("func").Func(0, "", "nop").
			Func(0, "", "@i32.const 1 i32.extend8_s drop i32.const 2 i32.extend8_s drop"),
			"sign-extension", "in func 1: i32.extend8_s"},
		{"of two proposals", validatortest.NewModule().Type("func").
			Func(0, "", "i32.const 1 i32.extend8_s drop").Func(0, "", "@v128.const i64x2 0 0 drop"),
			"simd", "in func 1: v128.const"},
		{"type", validatortest.NewModule().Type("func (result i32 i64)").Type("func").Func(1, "", "nop"),
			"multi-value", "in type 0"},
		{"section", validatortest.NewModule().Type("func").Tag(0), "exceptions", "in tag section: without it, "},
		{"off by default", exceptional(), "legacy-exceptions", "in func 0: try"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			wasm := test.module.Bytes()
			r := command(t, "", string(wasm), "features", "-")
			is.Equal(r.status, 0)
			is.Equal(r.stderr, "")
			line := ""
			for _, l := range r.lines()[1:] {
				if strings.HasPrefix(l, "  "+test.feature+" ") {
					line = l
				}
			}
			if !strings.Contains(line, test.text) || line == "" {
				t.Errorf("got %q, want %q", r.stdout, test.text)
			}
			// What it says is enough is enough.
			_, flags, ok := strings.Cut(r.lines()[0], "(validates with ")
			is.True(ok)
			is.Equal(command(t, "", string(wasm), append(strings.Fields(strings.TrimSuffix(flags, ")")), "-")...).status, 0)
		})
	}
}

func TestFeaturesJSON(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Func(0, "", "nop").Func(0, "", "i32.const 1 @i32.extend8_s drop")
	r := command(t, "", string(m.Bytes()), "features", "-json", "-")
	is.Equal(r.status, 0)
	var record struct {
		File     string
		Features []need
	}
	is.NoErr(json.Unmarshal([]byte(r.stdout), &record))
	is.Equal(record.File, "-")
	is.Equal(len(record.Features), 1)
	n := record.Features[0]
	is.Equal(n.Feature, "sign-extension")
	is.Equal(n.Offset, m.Mark())
	is.Equal(*n.Func, 1)
	is.Equal(n.Where, "func 1")
	is.Equal(n.Op, "i32.extend8_s")
}

// In JSON each file has its line, also one that is refused or cannot be read.
func TestFeaturesJSONRefused(t *testing.T) {
	is := is.New(t)
	r := command(t, folder(t), "", "features", "-json", "wrong.wasm", "missing.wasm", "good.wasm")
	is.Equal(r.status, 2)
	is.Equal(r.stderr, "")
	lines := r.lines()
	is.Equal(len(lines), 3)
	is.True(strings.HasPrefix(lines[0], `{"file":"wrong.wasm","valid":false,"kind":"invalid",`))
	is.True(strings.HasPrefix(lines[1], `{"file":"missing.wasm","valid":false,"kind":"io",`))
	is.True(strings.HasPrefix(lines[2], `{"file":"good.wasm","valid":true,"features":[{"feature":"simd",`))
}

func TestFeaturesOfNothing(t *testing.T) {
	is := is.New(t)
	plain := validatortest.NewModule().Type("func").Func(0, "", "nop")
	is.Equal(command(t, "", string(plain.Bytes()), "features", "-").stdout, "-: needs no proposal\n")
	r := command(t, folder(t), "", "features", "wrong.wasm", "missing.wasm", "good.wasm")
	is.Equal(r.status, 2)
	is.True(strings.HasPrefix(r.stdout, "wrong.wasm: invalid at "))
	is.True(strings.Contains(r.stdout, "\ngood.wasm: needs simd"))
	is.True(strings.HasPrefix(r.stderr, "wasmvalidate: missing.wasm: "))
}

// named is a module with names and with blocks.
func named() *validatortest.Module {
	return validatortest.NewModule().
		Type("func (param i32) (result i32)").
		Import("env", "log", "func 0").
		Func(0, "i64", "block (result i32) local.get 0 if (result i32) i32.const 1 else i32.const 2 end call 0 end").
		Custom("name", []byte("\x01\x09\x01\x01\x06double"))
}

func TestDumpSections(t *testing.T) {
	is := is.New(t)
	r := command(t, "", string(named().Bytes()), "dump", "-")
	is.Equal(r.status, 0)
	want := []string{"type", "1 type", "import", "1 import", "function", "1 function", "code", "1 function", "custom", `"name"`}
	rest := r.stdout
	for _, w := range want {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			t.Fatalf("no %q in %q", w, rest)
		}
		rest = after
	}
	// Without sections there is no table of them.
	r = command(t, "", "(module)", "dump", "-")
	is.Equal(len(r.lines()), 2)
	// Of a module that is cut, what there is.
	cut := named().Bytes()
	r = command(t, "", string(cut[:len(cut)-30]), "dump", "-")
	is.Equal(r.status, 1)
	is.True(strings.Contains(r.stdout, "1 import"))
	is.True(strings.Contains(r.stdout, "-: malformed at 0x"))
}

func TestDumpFunc(t *testing.T) {
	for _, by := range []string{"1", "0x1", "double", "$double"} {
		t.Run(by, func(t *testing.T) {
			is := is.New(t)
			r := command(t, "", string(named().Bytes()), "dump", "-func", by, "-")
			is.Equal(r.status, 0)
			lines := r.lines()
			is.Equal(lines[0], `func 1 "double" (func (param i32) (result i32))`)
			is.True(strings.HasSuffix(lines[1], "1 parameter, 1 local"))
			is.Equal(lines[2], "  local 1: i64")
			var got []string
			for _, l := range lines[3:] {
				got = append(got, strings.Join(strings.Fields(l)[1:], " ")+" "+l[10:12]) // text, stack, nesting
			}
			is.Equal(got, []string{
				"block (result i32) [] bl", "local.get 0 [i32]   ", "if (result i32) []   ", "i32.const 1 [i32]   ",
				"else []   ", "i32.const 2 [i32]   ", "end [i32]   ", "call 0 ;; env.log [i32]   ", "end [i32] en", "end [] en",
			})
		})
	}
}

// A long name is cut wherever it stands.
func TestDumpLongNames(t *testing.T) {
	is := is.New(t)
	long := strings.Repeat("é", 50_000)
	names := append([]byte{1, 0}, ops.AppendU32(nil, uint32(len(long)))...)
	names = append(names, long...)
	section := append([]byte{1}, ops.AppendU32(nil, uint32(len(names)))...)
	wasm := validatortest.NewModule().Type("func").Func(0, "", strings.Repeat("call 0 ", 100)).
		Custom("name", append(section, names...)).Bytes()
	r := command(t, "", string(wasm), "dump", "-func", "0", "-")
	is.Equal(r.status, 0)
	is.Equal(strings.Count(r.stdout, ";; "+strings.Repeat("é", 30)+"…"), 100)
	is.True(len(r.stdout) < 120_000) // the title has the name in whole
}

// The listing ends at the operator that is wrong.
func TestDumpWrongFunc(t *testing.T) {
	is := is.New(t)
	r := command(t, folder(t), "", "dump", "-func", "sum", "wrong.wasm")
	is.Equal(r.status, 1)
	lines := r.lines()
	is.True(strings.HasSuffix(lines[len(lines)-2], "<- refused"))
	is.True(strings.Contains(lines[len(lines)-2], "i32.eqz"))
	is.True(strings.HasPrefix(lines[len(lines)-1], "wrong.wasm: invalid at "+wrongPlace()))
}

func TestDumpNoFunc(t *testing.T) {
	for _, test := range []struct{ function, want string }{
		{"7", `there is no function "7"; the module has 2`},
		{"nobody", `there is no function "nobody"`},
		{"99999999999", `there is no function "99999999999"`},
		{"0", `function 0 "env.log" is imported and has no body`},
	} {
		is := is.New(t)
		r := command(t, "", string(named().Bytes()), "dump", "-func", test.function, "-")
		is.Equal(r.status, 2)
		is.True(strings.HasPrefix(r.stderr, "wasmvalidate: -: "+test.want))
	}
}

// A file that has the name of a command is a file; a directory is not.
func TestFileNamedLikeACommand(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "dump", good().Bytes())
	r := command(t, dir, "", "dump")
	is.Equal(r.status, 0)
	is.True(strings.HasPrefix(r.stdout, "dump: valid ("))
	put(t, dir, "features/good.wasm", good().Bytes())
	r = command(t, dir, "", "features", "dump")
	is.Equal(r.status, 0)
	is.Equal(r.lines()[0], "dump: needs simd (validates with -features mvp,simd)")
}
