package explain_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// TestIndexBeside checks that an index that is off by one is found where another
// index is of the type wanted.
func TestIndexBeside(t *testing.T) {
	tests := []struct{ name, body, replace string }{
		{"local read", "local.get 1 i32.eqz drop", "local.get 0"},
		{"local set", "i64.const 0 local.set 0", "local.set 1"},
		{"local teed", "i64.const 0 local.tee 0 drop", "local.tee 1"},
		{"global read", "global.get 1 i32.eqz drop", "global.get 0"},
		{"global set", "f32.const 0 global.set 1", "global.set 2"},
		{"immutable global set", "f64.const 0 global.set 2", ""},
		{"call", "f32.const 0 call 1", "call 2"},
		{"call with another result", "f64.const 0 call 2", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, validatortest.NewModule().Type("func (param i32 i64)").
				Type("func (param i32)").Type("func (param f32)").Type("func (param f64) (result i32)").
				Global("mut i32", "i32.const 0").Global("mut i64", "i64.const 0").Global("mut f32", "f32.const 0").Global("f64", "f64.const 0").
				Func(0, "", tt.body).Func(1, "", "").Func(2, "", "").Func(3, "", "i32.const 0"))
			replace := ""
			for _, h := range d.Hints {
				if h.Kind == explain.HintIndexRange {
					replace = h.Replace
				}
			}
			is.Equal(replace, tt.replace)
		})
	}
}

// TestHintsOfConstantExpressions checks that nothing is proposed for a constant
// expression that may not stand in one.
func TestHintsOfConstantExpressions(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Import("m", "a", "global i64").Import("m", "b", "global mut i32").Import("m", "c", "global i32")
	}
	tests := []struct {
		name   string
		module *validatortest.Module
		want   []string
	}{
		{"conversion", base().Global("i32", "i64.const 1"), []string{"`i32.const 1` would push"}},
		{"global", base().Global("f32", "global.get 0"), nil},
		{"immutable global beside", base().Global("mut i64", "global.get 2"), nil},
		{"value too many", base().Global("i32", "i32.const 1 i32.const 2"), []string{"a constant expression leaves one value, and these are 2"}},
		{"null", base().Global("(ref func)", "ref.null func"), nil},
		{"i31", base().Global("i31ref", "i32.const 1"), []string{"`ref.i31` in front of `end`"}},
		{"external", base().Global("externref", "ref.null any"), []string{"`extern.convert_any` in front of `end`"}},
		{"value in the way", base().Global("i32", "i32.const 1 i64.const 1 i32.const 2 i32.add"), []string{"`i32.const 1` would push"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, tt.module)
			is.True(d.Traced)
			is.Equal(len(d.Hints), len(tt.want))
			for i, h := range d.Hints {
				is.True(strings.Contains(h.Text, tt.want[i]))
			}
		})
	}
}

// TestTableTargets checks what is said of the labels of a br_table.
func TestTableTargets(t *testing.T) {
	tests := []struct{ name, body, note, hint string }{
		{"target", "local.get 0 br_table 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 0", "Label 9 is target 14 of", "labels count"},
		{"default", "local.get 0 br_table 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9", "Label 9 is the default", "labels count"},
		{"short", "local.get 0 br_table 0 9 0", "", "labels count"},
		{"number of operands", "block (result i32) local.get 0 local.get 0 br_table 1 1 1 1 1 1 1 1 1 1 1 1 1 0 1 end drop", "Label 0 is target 13", ""},
		{"types that exclude each other", "block (result f32) block (result i32) local.get 0 local.get 0 br_table 0 1 end drop f32.const 0 end drop", "",
			"all labels of a `br_table` are given the same operands, and label 1 takes [f32], label 0 [i32]"},
		{"one type", "block (result f32) block (result f32) local.get 0 local.get 0 br_table 0 1 end drop f32.const 0 end drop", "", "`f32.convert_i32_s`"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := diagnose(t, validatortest.NewModule().Type("func (param i32)").Func(0, "", tt.body), validator.WithFeatures(ops.Wasm3))
			is.Equal(len(d.Notes) > 0, tt.note != "")
			if tt.note != "" {
				is.True(strings.Contains(d.Notes[0], tt.note))
			}
			is.Equal(len(d.Hints) > 0, tt.hint != "")
			if tt.hint != "" {
				is.True(strings.Contains(d.Hints[0].Text, tt.hint))
			}
		})
	}
}
