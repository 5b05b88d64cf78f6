package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The operators whose type is fixed are tested from the operator table; here are
// those with two indices.

func tableTypes() *validatortest.Module {
	return validatortest.NewModule().Type("func").
		Table("1 funcref").Table("1 funcref").Table("1 externref").
		Elem("funcref (ref.null func)").Elem("externref (ref.null extern)").Elem("declare func 0")
}

func TestTableCopyAndInit(t *testing.T) {
	const three = "i32.const 0 i32.const 0 i32.const 0 "
	checkCode(t, wasm2, tableTypes, []codeCase{
		{"copy", "", three + "table.copy 0 0", ""},
		{"copy to another table", "", three + "table.copy 0 1", ""},
		{"copy, unreachable", "", "unreachable table.copy 2 2", ""},
		{"copy leaves nothing", "", three + "table.copy 0 1 @drop", "type mismatch"},
		{"copy operand missing", "", "i32.const 0 i32.const 0 @table.copy 0 0", "type mismatch"},
		{"copy to another type", "", "i64.const 0 i32.const 0 i32.const 0 @table.copy 0 0", "type mismatch"},
		{"copy from another type", "", "i32.const 0 i64.const 0 i32.const 0 @table.copy 0 0", "type mismatch"},
		{"copy size of another type", "", "i32.const 0 i32.const 0 f32.const 0 @table.copy 0 0", "type mismatch"},
		{"copy of other references", "", three + "@table.copy 0 2", "type mismatch"},
		{"copy to other references, unreachable", "", "unreachable @table.copy 2 0", "type mismatch"},
		{"copy to unknown table", "", three + "@table.copy 3 0", "unknown table 3"},
		{"copy from unknown table", "", three + "@table.copy 0 3", "unknown table 3"},
		{"init", "", three + "table.init 0 0", ""},
		{"init of the last table", "", three + "table.init 2 1", ""},
		{"init from declarative segment", "", three + "table.init 0 2", ""},
		{"init, unreachable", "", "unreachable table.init 1 0", ""},
		{"init leaves nothing", "", three + "table.init 0 0 @drop", "type mismatch"},
		{"init operand missing", "", "i32.const 0 i32.const 0 @table.init 0 0", "type mismatch"},
		{"init to another type", "", "i64.const 0 i32.const 0 i32.const 0 @table.init 0 0", "type mismatch"},
		{"init from another type", "", "i32.const 0 i64.const 0 i32.const 0 @table.init 0 0", "type mismatch"},
		{"init size of another type", "", "i32.const 0 i32.const 0 i64.const 0 @table.init 0 0", "type mismatch"},
		{"init of other references", "", three + "@table.init 0 1", "type mismatch"},
		{"init of other references, unreachable", "", "unreachable @table.init 2 0", "type mismatch"},
		{"init of unknown table", "", three + "@table.init 3 0", "unknown table 3"},
		{"init from unknown segment", "", three + "@table.init 0 3", "unknown elem segment 3"},
		{"drop", "", "elem.drop 0 elem.drop 2", ""},
		{"drop takes nothing", "", "i32.const 0 elem.drop 0 @", "type mismatch"},
		{"drop unknown segment", "", "@elem.drop 3", "unknown elem segment 3"},
	})
}

func TestTableUnknown(t *testing.T) {
	none := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Elem("funcref (ref.null func)")
	}
	checkCode(t, wasm2, none, []codeCase{
		{"get", "", "i32.const 0 @table.get 0 drop", "unknown table 0"},
		{"set", "", "i32.const 0 ref.null func @table.set 0", "unknown table 0"},
		{"size", "", "@table.size 0 drop", "unknown table 0"},
		{"grow", "", "ref.null func i32.const 0 @table.grow 0 drop", "unknown table 0"},
		{"fill", "", "unreachable @table.fill 0", "unknown table 0"},
		{"copy", "", "unreachable @table.copy 0 0", "unknown table 0"},
		{"init", "", "unreachable @table.init 0 0", "unknown table 0"},
		{"drop needs none", "", "elem.drop 0", ""},
	})
}

func TestReferences(t *testing.T) {
	checkCode(t, wasm2, tableTypes, []codeCase{
		{"null function", "funcref", "ref.null func local.set 0", ""},
		{"null external", "externref", "ref.null extern local.set 0", ""},
		{"null of another type", "externref", "ref.null func @local.set 0", "type mismatch"},
		{"null is no number", "", "ref.null func @i32.eqz drop", "type mismatch"},
		{"is_null of a function", "funcref", "local.get 0 ref.is_null i32.eqz drop", ""},
		{"is_null of an external", "externref", "local.get 0 ref.is_null i32.eqz drop", ""},
		{"is_null, unreachable", "", "unreachable ref.is_null i32.eqz drop", ""},
		{"is_null of a number", "", "i32.const 0 @ref.is_null drop", "type mismatch"},
		{"is_null of a vector", "v128", "local.get 0 @ref.is_null drop", "type mismatch"},
		{"is_null of nothing", "", "@ref.is_null drop", "type mismatch"},
		{"is_null leaves a number", "funcref", "local.get 0 ref.is_null @local.set 0", "type mismatch"},
		{"func", "funcref", "ref.func 0 local.set 0", ""},
		{"func of another type", "externref", "ref.func 0 @local.set 0", "type mismatch"},
		{"func unknown", "", "@ref.func 1 drop", "unknown function 1"},
	})
}

// A function that occurs outside of all bodies may be referred to in one.
func TestReferencesDeclared(t *testing.T) {
	other := func() *validatortest.Module { return withBody("@ref.func 1 drop").Func(0, "", "") }
	declared := func(f func(m *validatortest.Module)) *validatortest.Module {
		m := withBody("ref.func 1 drop").Func(0, "", "").Table("1 funcref")
		f(m)
		return m
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"nowhere", other(), "undeclared function reference"},
		{"another one is declared", other().Elem("declare func 0"), "undeclared function reference"},
		{"as the start function", other().Start(1), "undeclared function reference"},
		{"called", validatortest.NewModule().Type("func").Func(0, "", "call 1 @ref.func 1 drop").Func(0, "", ""), "undeclared function reference"},
		{"declarative segment", declared(func(m *validatortest.Module) { m.Elem("declare func 1") }), ""},
		{"passive segment", declared(func(m *validatortest.Module) { m.Elem("func 0 1") }), ""},
		{"active segment", declared(func(m *validatortest.Module) { m.Elem("(offset i32.const 0) func 1") }), ""},
		{"expression of a segment", declared(func(m *validatortest.Module) { m.Elem("funcref (ref.func 1)") }), ""},
		{"export", declared(func(m *validatortest.Module) { m.Export("f", "func 1") }), ""},
		{"global", declared(func(m *validatortest.Module) { m.Global("funcref", "ref.func 1") }), ""},
	})
}

// A copy between a table of 32-bit and one of 64-bit addresses takes the address
// type of each, and the smaller of both for the size.
func TestTableCopyBetween(t *testing.T) {
	two := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Table("1 funcref").Table("i64 1 funcref").Elem("funcref (ref.null func)")
	}
	checkCode(t, ops.Wasm3, two, []codeCase{
		{"within the large", "", "i64.const 0 i64.const 0 i64.const 0 table.copy 1 1", ""},
		{"to the large", "", "i64.const 0 i32.const 0 i32.const 0 table.copy 1 0", ""},
		{"from the large", "", "i32.const 0 i64.const 0 i32.const 0 table.copy 0 1", ""},
		{"within the large, small size", "", "i64.const 0 i64.const 0 i32.const 0 @table.copy 1 1", "type mismatch"},
		{"to the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @table.copy 1 0", "type mismatch"},
		{"to the large, large size", "", "i64.const 0 i32.const 0 i64.const 0 @table.copy 1 0", "type mismatch"},
		{"from the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @table.copy 0 1", "type mismatch"},
		{"from the large, large size", "", "i32.const 0 i64.const 0 i64.const 0 @table.copy 0 1", "type mismatch"},
		{"init of the large", "", "i64.const 0 i32.const 0 i32.const 0 table.init 1 0", ""},
		{"init of the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @table.init 1 0", "type mismatch"},
		{"call_indirect of the large", "", "i64.const 0 call_indirect 1 (type 0)", ""},
		{"call_indirect of the large, small index", "", "i32.const 0 @call_indirect 1 (type 0)", "type mismatch"},
	})
}
