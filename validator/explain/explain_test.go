package explain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// refusal validates a module that must be refused.
func refusal(t *testing.T, wasm []byte, opts ...validator.Option) *validator.Error {
	t.Helper()
	_, err := validator.Validate(context.Background(), wasm, opts...)
	var refused *validator.Error
	if !errors.As(err, &refused) {
		t.Fatalf("the module is not refused: %v", err)
	}
	return refused
}

// diagnose explains why a module is refused.
func diagnose(t *testing.T, m *validatortest.Module, opts ...validator.Option) *explain.Diagnosis {
	t.Helper()
	wasm := m.Bytes()
	return explain.Explain(wasm, refusal(t, wasm, opts...), opts...)
}

func TestNoError(t *testing.T) {
	is := is.New(t)
	is.Equal(explain.Explain(nil, nil), nil)
}

// TestOrigins has a function for each way in which an operand comes to lie on the
// stack; global.set takes an f32 that is none.
func TestOrigins(t *testing.T) {
	tests := []struct {
		name, body           string
		origin, role, source string
	}{
		{"constant", "i64.const 1", "i64.const 1", "", ""},
		{"local", "local.get 0", "local.get 0", "", ""},
		{"tee", "i64.const 1 local.tee 0", "local.tee 0", "", "i64.const 1"},
		{"call", "call 0", "call 0", "", ""},
		{"select", "i64.const 1 i64.const 2 i32.const 0 select", "select", "", ""},
		{"binary operator under a constant", "i64.const 1 i64.const 2 i64.add i32.const 0 drop", "i64.add", "", ""},
		{"result of a block", "block (result i64) i64.const 1 end", "end", "result of block", "i64.const 1"},
		{"result of an if", "i32.const 0 if (result i64) i64.const 1 else i64.const 2 end", "end", "result of block", "i64.const 2"},
		{"result of unreachable code", "block (result i64) unreachable end", "end", "result of block", ""},
		{"parameter of a block", "i64.const 1 block (type 1)", "block (type 1)", "parameter of block", "i64.const 1"},
		{"parameter of a loop", "i64.const 1 loop (type 1)", "loop (type 1)", "parameter of block", "i64.const 1"},
		{"parameter of an if", "i64.const 1 i32.const 0 if (type 1)", "if (type 1)", "parameter of block", "i64.const 1"},
		{"parameter of the other arm", "i64.const 1 i32.const 0 if (type 1) else", "else", "parameter of block", ""},
		{"what a branch leaves", "block (result i64) i64.const 1 i32.const 0 br_if 0", "br_if 0", "left by branch", "i64.const 1"},
		{"through several blocks", "block (result i64) i64.const 1 block (type 1) end end", "end", "result of block", "i64.const 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			body := tt.body + " global.set 0" + strings.Repeat(" end", strings.Count(" "+tt.body, " block")+strings.Count(tt.body, "loop")+strings.Count(tt.body, " if")-strings.Count(tt.body, " end"))
			d := diagnose(t, validatortest.NewModule().Type("func (result i64)").Type("func (param i64) (result i64)").
				Global("mut f32", "f32.const 0").Func(0, "", "i64.const 0").Func(0, "i64", body))
			is.True(d.Traced)
			is.Equal(d.Op.Text, "global.set 0")
			is.Equal(len(d.Want), 1)
			is.Equal(d.Want[0].Verdict, explain.Wrong)
			is.Equal(d.Want[0].Want, "f32")
			found := d.Want[0].Found
			is.Equal(*found, d.Stack[0])
			is.Equal(found.Type, "i64")
			is.Equal(found.Origin.Text, tt.origin)
			is.Equal(found.Origin.Role, tt.role)
			source := ""
			if found.Source != nil {
				source = found.Source.Text
			}
			is.Equal(source, tt.source)
		})
	}
}

func TestFrames(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func (param i32) (result i64)").
		Func(0, "", "block (result f32) i32.const 1 if (result f32) loop f32.const 1 br 1 end f32.const 2 else i64.const 3 end end drop i64.const 1"))
	is.Equal(d.Op.Text, "end")
	is.Equal(d.FrameCount, 3)
	var got []string
	for _, f := range d.Frames {
		got = append(got, fmt.Sprint(f.Label, " ", f.Kind, " ", f.Text, " ", f.Type, " ", f.Takes, " ", f.Height, " ", f.Divided > f.Offset))
	}
	is.Equal(got, []string{
		"0 else if (result f32) [] -> [f32] [f32] 0 true",
		"1 block block (result f32) [] -> [f32] [f32] 0 false",
		"2 func  [i32] -> [i64] [i64] 0 false",
	})
	is.Equal(*d.Target, d.Frames[0])
}

func TestListing(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").
		Func(0, "", strings.Repeat("nop ", 30)+"block block drop end end "+strings.Repeat("nop ", 30)))
	is.Equal(len(d.Listing), 21)
	is.Equal(d.Func.Operator, 32)
	var got []string
	for _, o := range d.Listing[7:15] {
		got = append(got, fmt.Sprint(o.Depth, " ", o.Text, " ", o.Fault))
	}
	is.Equal(got, []string{"0 nop false", "0 block false", "1 block false", "2 drop true", "1 end false", "0 end false", "0 nop false", "0 nop false"})
	text := d.Text(explain.TextOptions{Context: 1})
	is.Equal(strings.Count(text, "nop"), 0)
	is.Equal(strings.Count(d.Text(explain.TextOptions{Context: -1}), "\n 0x"), 0)
	is.Equal(strings.Count(d.Text(explain.TextOptions{Context: 99}), "\n 0x"), 20)
}

// TestLimits goes past each of the limits.
func TestLimits(t *testing.T) {
	base := func() *validatortest.Module { return validatortest.NewModule().Type("func").Type("func") }
	tests := []struct {
		field  string
		limits validator.Limits
		module *validatortest.Module
		value  uint64
	}{
		{"ModuleSize", validator.Limits{ModuleSize: 11}, base(), 11},
		{"Types", validator.Limits{Types: 1}, base(), 1},
		{"TypeSection", validator.Limits{TypeSection: 2}, base(), 2},
		{"Functions", validator.Limits{Functions: 1}, base().Func(0, "", "").Func(0, "", ""), 1},
		{"Imports", validator.Limits{Imports: 1}, base().Import("a", "b", "func 0").Import("a", "c", "func 0"), 1},
		{"Exports", validator.Limits{Exports: 1}, base().Memory("1").Export("a", "memory 0").Export("b", "memory 0"), 1},
		{"Globals", validator.Limits{Globals: 1}, base().Global("i32", "i32.const 0").Global("i32", "i32.const 0"), 1},
		{"Tags", validator.Limits{Tags: 1}, base().Tag(0).Tag(0), 1},
		{"Tables", validator.Limits{Tables: 1}, base().Table("1 funcref").Table("1 funcref"), 1},
		{"Memories", validator.Limits{Memories: 1}, base().Memory("1").Memory("1"), 1},
		{"ElemSegments", validator.Limits{ElemSegments: 1}, base().Elem("func").Elem("func"), 1},
		{"ElemEntries", validator.Limits{ElemEntries: 1}, base().Func(0, "", "").Elem("func 0 0"), 1},
		{"DataSegments", validator.Limits{DataSegments: 1}, base().Data("", "a").Data("", "b"), 1},
		{"CustomSections", validator.Limits{CustomSections: 1}, base().Custom("a", nil).Custom("b", nil), 1},
		{"TableSize", validator.Limits{TableSize: 1}, base().Table("2 funcref"), 1},
		{"MemorySize", validator.Limits{MemorySize: 1 << 16}, base().Memory("2"), 1},
		{"Params", validator.Limits{Params: 1}, base().Type("func (param i32 i32)"), 1},
		{"Results", validator.Limits{Results: 1}, base().Type("func (result i32 i32)"), 1},
		{"StructFields", validator.Limits{StructFields: 1}, base().Type("struct (field i32) (field i32)"), 1},
		{"BodySize", validator.Limits{BodySize: 3}, base().Func(0, "", "nop nop"), 3},
		{"Locals", validator.Limits{Locals: 3}, base().Func(0, "4 i32", ""), 3},
		{"ArrayOperands", validator.Limits{ArrayOperands: 1}, base().Type("array i32").Func(0, "", "unreachable array.new_fixed 2 2 drop"), 1},
		{"Nesting", validator.Limits{Nesting: 2}, base().Func(0, "", "block block end end"), 2},
		{"Operands", validator.Limits{Operands: 1}, base().Type("func (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)").Func(0, "", "call 1 unreachable").Func(2, "", "unreachable"), 2},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, tt.module, validator.WithLimits(tt.limits))
			is.Equal(d.Kind, validator.Limit)
			is.True(d.Limit != nil)
			is.Equal(d.Limit.Field, tt.field)
			is.Equal(d.Limit.Value, tt.value)
			is.True(strings.HasPrefix(d.Limit.Raise, "validator.WithLimits(validator.Limits{"+tt.field+": "))
			is.Equal(d.Hints[0].Kind, explain.HintLimit)
		})
	}
}

// TestTracedBeyondDefaultLimits checks that the second pass is made with the
// options of the first.
func TestTracedBeyondDefaultLimits(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").Func(0, "60000 i32", "local.get 59999 f32.neg drop"),
		validator.WithLimits(validator.Limits{Locals: 70000}), validator.WithWorkers(1),
		validator.WithProgress(func(int64, int64) {}))
	is.True(d.Traced)
	is.Equal(d.Want[0].Found.Origin.Text, "local.get 59999")
	is.Equal(d.Func.Locals, 60000)
}

// TestFeature checks that what is named for a proposal that is off allows the
// module.
func TestFeature(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func").Func(0, "", "i32.const 0 i32.extend8_s drop").Bytes()
	off := validator.WithFeatures(ops.MVP)
	d := explain.Explain(wasm, refusal(t, wasm, off), off)
	is.Equal(d.Feature.Names, []string{"sign-extension"})
	is.Equal(d.Op.Text, "i32.extend8_s")
	f, err := ops.ParseFeatures(d.Feature.Enable)
	is.NoErr(err)
	_, err = validator.Validate(context.Background(), wasm, validator.WithFeatures(f))
	is.NoErr(err)
	is.True(!f.Has(ops.SIMD)) // nothing else is turned on
}

// TestWrongBesides checks that a body is traced although a section that it does not
// depend on is wrong, too.
func TestWrongBesides(t *testing.T) {
	for name, m := range map[string]*validatortest.Module{
		"export":  validatortest.NewModule().Export("a", "func 9"),
		"start":   validatortest.NewModule().Start(9),
		"element": validatortest.NewModule().Elem("func 9").Elem("externref (ref.null extern)"),
		"data":    validatortest.NewModule().Data("i32.const 0", "x").Export("a", "func 0"),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			wasm := m.Type("func").Table("1 externref").
				Func(0, "", "ref.func 0 drop i32.const 0 i32.const 0 i32.const 0 table.init 1 i64.const 0 i32.eqz drop").Bytes()
			if name != "element" {
				wasm = bytes.ReplaceAll(wasm, []byte{0xfc, 12, 1, 0}, []byte{1, 0x1a, 0x1a, 0x1a})
			}
			list, err := validator.Errors(context.Background(), wasm, 10)
			is.NoErr(err)
			for _, refused := range list {
				if refused.Func < 0 || refused.Op != ops.I32Eqz {
					continue
				}
				d := explain.Explain(wasm, refused)
				is.True(d.Traced)
				is.Equal(d.Want[0].Found.Origin.Text, "i64.const 0")
				return
			}
			t.Errorf("no error in the body: %v", list)
		})
	}
}

// TestDeclarationsInvalid checks what is said of a malformed body in a module whose
// declarations are invalid, too.
func TestDeclarationsInvalid(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").Global("i32", "i64.const 0").
		Func(0, "", "block loop (bytes 0xff) end end"))
	is.Equal(d.Kind, validator.Malformed)
	is.True(!d.Traced)
	is.Equal(d.Listing[len(d.Listing)-1].Text, "ff 0b 0b 0b")
	is.Equal(d.FrameCount, 3)
	is.Equal(d.Frames[0].Text, "loop")
	is.Equal(d.Bytes.Hex[d.Bytes.Mark*3:d.Bytes.Mark*3+2], "ff")
}

func TestConstantExpressions(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("func (result i64)").Import("m", "g", "global i64").
			Table("1 funcref").Memory("1").Func(0, "", "")
	}
	tests := []struct {
		name, item, field, want, origin string
		module                          *validatortest.Module
	}{
		{"global", "global", "initial value", "i32", "i64.const 5", base().Global("i64", "global.get 0").Global("i32", "i64.const 5")},
		{"table", "table", "initial value", "externref", "ref.null func", validatortest.NewModule().Table("1 externref", "ref.null func")},
		{"offset of elements", "element segment", "offset", "i32", "global.get 0", base().Elem("(offset global.get 0) func 0")},
		{"element", "element segment", "element 1", "externref", "ref.func 0", base().Elem("externref (ref.null extern) (ref.func 0)")},
		{"offset of data", "data segment", "offset", "i32", "i64.add", base().Data("", "x").Data("i64.const 1 i64.const 2 i64.add", "x")},
		{"offset in a 64-bit memory", "data segment", "offset", "i64", "i32.const 1", validatortest.NewModule().Memory("i64 1").Data("i32.const 1", "x")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, tt.module)
			is.True(d.Func == nil)
			is.True(d.Traced)
			is.Equal(d.Item.What, tt.item)
			is.Equal(d.Item.Field, tt.field)
			is.Equal(d.Op.Text, "end")
			is.Equal(d.Want[0].Want, tt.want)
			is.Equal(d.Want[0].Found.Origin.Text, tt.origin)
			is.Equal(d.Frames[0].Kind, "expression")
		})
	}
}

// TestNames checks where names are from, and that they cannot do harm.
func TestNames(t *testing.T) {
	wrong := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Func(0, "i32", "local.get 0 call 0")
	}
	nameSection := func(name string) []byte {
		n := byte(len(name))
		return append([]byte{1, n + 3, 1, 0, n}, name...)
	}
	tests := []struct {
		name   string
		module *validatortest.Module
		want   string
		from   string
	}{
		{"none", wrong(), "", ""},
		{"export", wrong().Export("e", "func 0"), "e", "export"},
		{"name section before export", wrong().Export("e", "func 0").Custom("name", nameSection("n")), "n", "name section"},
		{"escape sequence", wrong().Export("\x1b[31mred\r\n", "func 0"), `\u{1b}[31mred\u{d}\u{a}`, "export"},
		{"marks of direction", wrong().Export("a\u202eb", "func 0"), `a\u{202e}b`, "export"},
		{"broken UTF-8", wrong().Custom("name", nameSection("a\xff")), "", ""}, // which no name section has
		{"long", wrong().Export(strings.Repeat("語", 1000), "func 0"), strings.Repeat("語", 100) + "…", "export"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, tt.module)
			is.Equal(d.Func.Name, tt.want)
			is.Equal(d.Func.Named, tt.from)
			text := d.Text(explain.TextOptions{File: "a\x1b[0m.wasm"})
			is.True(!strings.ContainsAny(text, "\x1b\r\u202e"))
			if tt.want != "" {
				is.True(strings.Contains(text, "call 0 $"))
			}
		})
	}
}

func TestColor(t *testing.T) {
	is := is.New(t)
	ansi := regexp.MustCompile("\x1b\\[[0-9;]*m")
	d := diagnose(t, validatortest.NewModule().Type("func").Func(0, "", "i64.const 0 i32.eqz drop"))
	colored := d.Text(explain.TextOptions{Color: true})
	is.True(colored != d.Text(explain.TextOptions{}))
	is.Equal(ansi.ReplaceAllString(colored, ""), d.Text(explain.TextOptions{}))
	var b bytes.Buffer
	is.NoErr(d.WriteText(&b, explain.TextOptions{Color: true}))
	is.Equal(b.String(), colored)
	is.Equal(string(d.AppendText([]byte("x"), explain.TextOptions{Color: true})), "x"+colored)
}

// TestAnotherModule checks that an error about another module does no harm.
func TestAnotherModule(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Func(0, "", "i64.const 0 i32.eqz drop")
	refused := refusal(t, m.Bytes())
	for n := range m.Bytes() {
		d := explain.Explain(m.Bytes()[:n], refused)
		is.Equal(d.Message, refused.Message)
		is.True(d.Text(explain.TextOptions{}) != "")
	}
	far := *refused
	far.Offset = 1 << 30
	is.Equal(len(explain.Explain(m.Bytes(), &far).Notes), 1)
}

// TestJSON checks the names of a diagnosis for programs.
func TestJSON(t *testing.T) {
	is := is.New(t)
	b, err := json.Marshal(diagnose(t, validatortest.NewModule().Type("func").Func(0, "", "block i64.const 0 i32.eqz drop end")))
	is.NoErr(err)
	var got map[string]any
	is.NoErr(json.Unmarshal(b, &got))
	for _, name := range []string{"kind", "message", "offset", "section", "func", "op", "listing", "traced", "want", "stack", "stackHeight", "unreachable", "frames", "frameCount", "hints"} {
		if _, ok := got[name]; !ok {
			t.Errorf("no %q in %s", name, b)
		}
	}
	is.Equal(got["kind"], "invalid")
	is.Equal(got["want"].([]any)[0].(map[string]any)["found"].(map[string]any)["origin"].(map[string]any)["text"], "i64.const 0")
}

// TestManyOperands checks that lists have an end.
func TestManyOperands(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").
		Type("func (param "+strings.Repeat("i32 ", 1000)+") (result "+strings.Repeat("f32 ", 1000)+")").
		Func(0, "", strings.Repeat("i64.const 0 ", 1000)+"call 1").Func(1, "", "unreachable"))
	is.Equal(len(d.Want), 16)
	is.Equal(len(d.Stack), 16)
	is.Equal(d.StackHeight, 1000)
	is.True(len(d.Text(explain.TextOptions{Context: 99})) < 8000)
}
