package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// arrays declares array types and segments for the bodies of function 1.
var arrays = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("array (mut i32)").
		Type("array (mut i8)").
		Type("array i16").
		Type("array (mut funcref)").
		Type("array (mut (ref 0))"). // 5
		Type("array i64").
		Type("array (mut anyref)").
		Type("array (mut v128)").
		Type("struct (field (mut i32))").
		Type("sub (array anyref)"). // 10
		Type("sub 10 (array eqref)").
		Type("array (mut i16)").
		Type("array (mut eqref)").
		Type("array (ref 0)").
		Type("array (mut i8)"). // 15, the same as 2
		Func(0, "", "").Export("f", "func 0").
		Elem("funcref (ref.null func)").Elem("(ref 0) (ref.func 0)").Elem("eqref (ref.null eq)").
		Data("", "data")
}, 1}

func TestArrayNew(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"numbers", "(ref 1)", "i32.const 0 i32.const 9 array.new 1 local.set 0", ""},
		{"packed", "(ref 3)", "i32.const 0 i32.const 9 array.new 3 local.set 0", ""},
		{"vectors", "(ref 8)", "v128.const i64x2 0 0 i32.const 9 array.new 8 local.set 0", ""},
		{"references of a subtype", "(ref 7)", "ref.null none i32.const 9 array.new 7 local.set 0", ""},
		{"non-null references", "(ref 5)", "ref.func 0 i32.const 9 array.new 5 local.set 0", ""},
		{"result is of the supertype", "(ref 10)", "ref.null eq i32.const 9 array.new 11 local.set 0", ""},
		{"result is an arrayref", "(ref array)", "i32.const 0 i32.const 9 array.new 1 local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable array.new 1 local.set 0", ""},
		{"unreachable with length", "(ref 6)", "unreachable i32.const 9 array.new 6 local.set 0", ""},
		{"unreachable with length of another type", "", "unreachable i64.const 9 @array.new 6 drop", "type mismatch"},
		{"result of another type", "(ref 6)", "i32.const 0 i32.const 9 array.new 1 @local.set 0", "type mismatch"},
		{"element of another type", "", "i64.const 0 i32.const 9 @array.new 1 drop", "type mismatch"},
		{"null for non-null references", "", "ref.null 0 i32.const 9 @array.new 5 drop", "type mismatch"},
		{"length of another type", "", "i32.const 0 i64.const 9 @array.new 1 drop", "type mismatch"},
		{"element missing", "", "i32.const 9 @array.new 1 drop", "type mismatch"},
		{"no operand", "", "@array.new 1 drop", "type mismatch"},
		{"type is a structure", "", "unreachable @array.new 9 drop", "type mismatch"},
		{"type is a function", "", "unreachable @array.new 0 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.new 99 drop", "unknown type 99"},
	})
}

func TestArrayNewDefault(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"numbers", "(ref 1)", "i32.const 9 array.new_default 1 local.set 0", ""},
		{"packed", "(ref 3)", "i32.const 9 array.new_default 3 local.set 0", ""},
		{"nullable references", "(ref 4)", "i32.const 9 array.new_default 4 local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable array.new_default 1 local.set 0", ""},
		{"no default", "", "i32.const 9 @array.new_default 5 drop", "type mismatch"},
		{"no default, unreachable", "", "unreachable @array.new_default 14 drop", "type mismatch"},
		{"length of another type", "", "i64.const 9 @array.new_default 1 drop", "type mismatch"},
		{"length missing", "", "@array.new_default 1 drop", "type mismatch"},
		{"result of another type", "(ref 6)", "i32.const 9 array.new_default 1 @local.set 0", "type mismatch"},
		{"type is a structure", "", "unreachable @array.new_default 9 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.new_default 99 drop", "unknown type 99"},
	})
}

func TestArrayNewFixed(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"two numbers", "(ref 1)", "i32.const 0 i32.const 1 array.new_fixed 1 2 local.set 0", ""},
		{"none", "(ref 1)", "array.new_fixed 1 0 local.set 0", ""},
		{"none of a type without default", "(ref 5)", "array.new_fixed 5 0 local.set 0", ""},
		{"packed", "(ref 2)", "i32.const 0 array.new_fixed 2 1 local.set 0", ""},
		{"references of subtypes", "(ref 7)", "ref.null none ref.null i31 array.new_fixed 7 2 local.set 0", ""},
		{"leaves what is below", "", "f32.const 0 i32.const 0 array.new_fixed 1 1 drop f32.neg drop", ""},
		{"unreachable", "(ref 6)", "unreachable array.new_fixed 6 3 local.set 0", ""},
		{"unreachable with the last", "(ref 6)", "unreachable i64.const 0 array.new_fixed 6 3 local.set 0", ""},
		{"unreachable with one of another type", "", "unreachable i32.const 0 i64.const 0 @array.new_fixed 6 3 drop", "type mismatch"},
		{"one of another type", "", "i32.const 0 i64.const 1 @array.new_fixed 1 2 drop", "type mismatch"},
		{"first of another type", "", "i64.const 0 i32.const 1 @array.new_fixed 1 2 drop", "type mismatch"},
		{"one missing", "", "i32.const 0 @array.new_fixed 1 2 drop", "type mismatch"},
		{"null for a non-null reference", "", "ref.null 0 @array.new_fixed 5 1 drop", "type mismatch"},
		{"result of another type", "(ref 6)", "array.new_fixed 1 0 @local.set 0", "type mismatch"},
		{"type is a structure", "", "unreachable @array.new_fixed 9 1 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.new_fixed 99 0 drop", "unknown type 99"},
	})
	tooMany := arrays.base().Func(0, "", "unreachable @array.new_fixed 1 10001 drop")
	checkModule(t, ops.Wasm3, arrays.base().Func(0, "", "unreachable array.new_fixed 1 10000 drop"), "")
	checkRefused(t, ops.Wasm3, tooMany, refusal{kind: validator.Limit, fn: 1})
}

func TestArrayNewData(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"numbers", "(ref 1)", "i32.const 0 i32.const 1 array.new_data 1 0 local.set 0", ""},
		{"packed and immutable", "(ref 3)", "i32.const 0 i32.const 1 array.new_data 3 0 local.set 0", ""},
		{"vectors", "(ref 8)", "i32.const 0 i32.const 1 array.new_data 8 0 local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable array.new_data 1 0 local.set 0", ""},
		{"references", "", "i32.const 0 i32.const 1 @array.new_data 7 0 drop", "array type is not numeric or vector"},
		{"references, unreachable", "", "unreachable @array.new_data 4 0 drop", "array type is not numeric or vector"},
		{"offset of another type", "", "i64.const 0 i32.const 1 @array.new_data 1 0 drop", "type mismatch"},
		{"length of another type", "", "i32.const 0 i64.const 1 @array.new_data 1 0 drop", "type mismatch"},
		{"operand missing", "", "i32.const 0 @array.new_data 1 0 drop", "type mismatch"},
		{"result of another type", "(ref 6)", "unreachable array.new_data 1 0 @local.set 0", "type mismatch"},
		{"unknown segment", "", "unreachable @array.new_data 1 1 drop", "unknown data segment 1"},
		{"type is a structure", "", "unreachable @array.new_data 9 0 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.new_data 99 0 drop", "unknown type 99"},
	})
}

// The grammar lets operators name data segments only behind a data count section.
func TestArrayDataWithoutCount(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("array (mut i8)").Data("", "data")
	}
	want := refusal{kind: validator.Malformed, message: "data count section required"}
	checkModule(t, ops.Wasm3, base().DataCount(1).Func(0, "", "unreachable (bytes 0xfb 0x09 1 0) drop"), "")
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"array.new_data", base().Func(0, "", "unreachable @(bytes 0xfb 0x09 1 0) drop"), want},
		{"array.init_data", base().Func(0, "", "unreachable @(bytes 0xfb 0x12 1 0)"), want},
	})
}

func TestArrayNewElem(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"same type", "(ref 4)", "i32.const 0 i32.const 1 array.new_elem 4 0 local.set 0", ""},
		{"segment of a subtype", "(ref 4)", "i32.const 0 i32.const 1 array.new_elem 4 1 local.set 0", ""},
		{"immutable, without default", "(ref 14)", "i32.const 0 i32.const 1 array.new_elem 14 1 local.set 0", ""},
		{"unreachable", "(ref 4)", "unreachable array.new_elem 4 0 local.set 0", ""},
		{"segment of a supertype", "", "i32.const 0 i32.const 1 @array.new_elem 5 0 drop", "type mismatch"},
		{"segment of another hierarchy", "", "i32.const 0 i32.const 1 @array.new_elem 7 0 drop", "type mismatch"},
		{"numbers", "", "unreachable @array.new_elem 1 0 drop", "type mismatch"},
		{"packed", "", "unreachable @array.new_elem 2 0 drop", "type mismatch"},
		{"offset of another type", "", "i64.const 0 i32.const 1 @array.new_elem 4 0 drop", "type mismatch"},
		{"length of another type", "", "i32.const 0 f32.const 1 @array.new_elem 4 0 drop", "type mismatch"},
		{"operand missing", "", "i32.const 0 @array.new_elem 4 0 drop", "type mismatch"},
		{"result of another type", "(ref 5)", "unreachable array.new_elem 4 0 @local.set 0", "type mismatch"},
		{"unknown segment", "", "unreachable @array.new_elem 4 3 drop", "unknown elem segment 3"},
		{"type is a structure", "", "unreachable @array.new_elem 9 0 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.new_elem 99 0 drop", "unknown type 99"},
	})
}

func TestArrayGet(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"number", "(ref null 6)", "local.get 0 i32.const 0 array.get 6 i64.eqz drop", ""},
		{"reference", "(ref null 5) (ref 0)", "local.get 0 i32.const 0 array.get 5 local.set 1", ""},
		{"of a subtype", "(ref null 11)", "local.get 0 i32.const 0 array.get 10 drop", ""},
		{"of null", "", "ref.null none i32.const 0 array.get 1 drop", ""},
		{"unreachable", "", "unreachable array.get 6 i64.eqz drop", ""},
		{"unreachable with index", "", "unreachable i32.const 0 array.get 6 i64.eqz drop", ""},
		{"packed", "(ref null 2)", "local.get 0 i32.const 0 @array.get 2 drop", "type mismatch"},
		{"packed, unreachable", "", "unreachable @array.get 3 drop", "type mismatch"},
		{"result of another type", "(ref null 6)", "local.get 0 i32.const 0 array.get 6 @i32.eqz drop", "type mismatch"},
		{"index of another type", "(ref null 6)", "local.get 0 i64.const 0 @array.get 6 drop", "type mismatch"},
		{"index missing", "(ref null 6)", "local.get 0 @array.get 6 drop", "type mismatch"},
		{"array missing", "", "i32.const 0 @array.get 6 drop", "type mismatch"},
		{"of a supertype", "(ref null 10)", "local.get 0 i32.const 0 @array.get 11 drop", "type mismatch"},
		{"of another type", "(ref null 1)", "local.get 0 i32.const 0 @array.get 6 drop", "type mismatch"},
		{"of an arrayref", "arrayref", "local.get 0 i32.const 0 @array.get 6 drop", "type mismatch"},
		{"type is a structure", "", "unreachable @array.get 9 drop", "type mismatch"},
		{"type is a function", "", "unreachable @array.get 0 drop", "type mismatch"},
		{"unknown type", "", "unreachable @array.get 99 drop", "unknown type 99"},
	})
}

func TestArrayGetPacked(t *testing.T) {
	for _, get := range []string{"array.get_s", "array.get_u"} {
		t.Run(get, func(t *testing.T) {
			arrays.check(t, []bodyTest{
				{"i8", "(ref null 2)", "local.get 0 i32.const 0 " + get + " 2 i32.eqz drop", ""},
				{"i16", "(ref null 3)", "local.get 0 i32.const 0 " + get + " 3 i32.eqz drop", ""},
				{"of an equal type", "(ref null 15)", "local.get 0 i32.const 0 " + get + " 2 i32.eqz drop", ""},
				{"unreachable", "", "unreachable " + get + " 2 i32.eqz drop", ""},
				{"result of another type", "", "unreachable " + get + " 2 @i64.eqz drop", "type mismatch"},
				{"i32", "(ref null 1)", "local.get 0 i32.const 0 @" + get + " 1 drop", "type mismatch"},
				{"references, unreachable", "", "unreachable @" + get + " 7 drop", "type mismatch"},
				{"index of another type", "(ref null 2)", "local.get 0 f32.const 0 @" + get + " 2 drop", "type mismatch"},
				{"array missing", "", "i32.const 0 @" + get + " 2 drop", "type mismatch"},
				{"of another type", "(ref null 3)", "local.get 0 i32.const 0 @" + get + " 2 drop", "type mismatch"},
				{"type is a structure", "", "unreachable @" + get + " 9 drop", "type mismatch"},
				{"unknown type", "", "unreachable @" + get + " 99 drop", "unknown type 99"},
			})
		})
	}
}

func TestArraySet(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"number", "(ref null 1)", "local.get 0 i32.const 0 i32.const 0 array.set 1", ""},
		{"packed", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 array.set 2", ""},
		{"reference of a subtype", "(ref null 7)", "local.get 0 i32.const 0 ref.null none array.set 7", ""},
		{"unreachable", "", "unreachable array.set 1", ""},
		{"unreachable with value", "", "unreachable v128.const i64x2 0 0 array.set 8", ""},
		{"unreachable with value of another type", "", "unreachable i64.const 0 @array.set 1", "type mismatch"},
		{"immutable", "(ref null 6)", "local.get 0 i32.const 0 i64.const 0 @array.set 6", "immutable array"},
		{"immutable, unreachable", "", "unreachable @array.set 3", "immutable array"},
		{"value of another type", "(ref null 1)", "local.get 0 i32.const 0 i64.const 0 @array.set 1", "type mismatch"},
		{"null for a non-null reference", "(ref null 5)", "local.get 0 i32.const 0 ref.null 0 @array.set 5", "type mismatch"},
		{"index of another type", "(ref null 1)", "local.get 0 i64.const 0 i32.const 0 @array.set 1", "type mismatch"},
		{"array of another type", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 @array.set 1", "type mismatch"},
		{"array missing", "", "i32.const 0 i32.const 0 @array.set 1", "type mismatch"},
		{"leaves nothing", "", "unreachable block ref.null 1 i32.const 0 i32.const 0 array.set 1 @drop end", "type mismatch"},
		{"type is a structure", "", "unreachable @array.set 9", "type mismatch"},
		{"unknown type", "", "unreachable @array.set 99", "unknown type 99"},
	})
}

func TestArrayLen(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"array", "(ref null 1)", "local.get 0 array.len i32.eqz drop", ""},
		{"non-null array", "", "array.new_fixed 1 0 array.len i32.eqz drop", ""},
		{"arrayref", "arrayref", "local.get 0 array.len drop", ""},
		{"null", "", "ref.null none array.len drop", ""},
		{"unreachable", "", "unreachable array.len i32.eqz drop", ""},
		{"result of another type", "arrayref", "local.get 0 array.len @i64.eqz drop", "type mismatch"},
		{"anyref", "anyref", "local.get 0 @array.len drop", "type mismatch"},
		{"structure", "(ref null 9)", "local.get 0 @array.len drop", "type mismatch"},
		{"number", "", "i32.const 0 @array.len drop", "type mismatch"},
		{"no operand", "", "@array.len drop", "type mismatch"},
	})
}

func TestArrayFill(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"numbers", "(ref null 1)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.fill 1", ""},
		{"packed", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.fill 2", ""},
		{"references of a subtype", "(ref null 7)", "local.get 0 i32.const 0 ref.null none i32.const 0 array.fill 7", ""},
		{"unreachable", "", "unreachable array.fill 1", ""},
		{"immutable", "(ref null 6)", "local.get 0 i32.const 0 i64.const 0 i32.const 0 @array.fill 6", "immutable array"},
		{"immutable, unreachable", "", "unreachable @array.fill 14", "immutable array"},
		{"value of another type", "(ref null 1)", "local.get 0 i32.const 0 i64.const 0 i32.const 0 @array.fill 1", "type mismatch"},
		{"packed value of another type", "(ref null 2)", "local.get 0 i32.const 0 f32.const 0 i32.const 0 @array.fill 2", "type mismatch"},
		{"null for non-null references", "(ref null 5)", "local.get 0 i32.const 0 ref.null 0 i32.const 0 @array.fill 5", "type mismatch"},
		{"offset of another type", "(ref null 1)", "local.get 0 i64.const 0 i32.const 0 i32.const 0 @array.fill 1", "type mismatch"},
		{"length of another type", "(ref null 1)", "local.get 0 i32.const 0 i32.const 0 i64.const 0 @array.fill 1", "type mismatch"},
		{"array of another type", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 @array.fill 1", "type mismatch"},
		{"array missing", "", "i32.const 0 i32.const 0 i32.const 0 @array.fill 1", "type mismatch"},
		{"type is a structure", "", "unreachable @array.fill 9", "type mismatch"},
		{"unknown type", "", "unreachable @array.fill 99", "unknown type 99"},
	})
}

func TestArrayCopy(t *testing.T) {
	const noMatch = "array types do not match"
	arrays.check(t, []bodyTest{
		{"same type", "(ref null 1)", "local.get 0 i32.const 0 local.get 0 i32.const 0 i32.const 0 array.copy 1 1", ""},
		{"equal packed types", "(ref null 2) (ref null 15)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 array.copy 2 15", ""},
		{"from an immutable one", "(ref null 12) (ref null 3)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 array.copy 12 3", ""},
		{"references of a subtype", "(ref null 7) (ref null 13)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 array.copy 7 13", ""},
		{"non-null to nullable references", "(ref null 4) (ref null 14)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 array.copy 4 14", ""},
		{"unreachable", "", "unreachable array.copy 1 1", ""},
		{"to an immutable one", "(ref null 6)", "local.get 0 i32.const 0 local.get 0 i32.const 0 i32.const 0 @array.copy 6 6", "immutable array"},
		{"to an immutable one, unreachable", "", "unreachable @array.copy 3 12", "immutable array"},
		{"i8 from i16", "(ref null 2) (ref null 3)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 @array.copy 2 3", noMatch},
		{"i32 from i8", "(ref null 1) (ref null 2)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 @array.copy 1 2", noMatch},
		{"i8 from i32", "", "unreachable @array.copy 2 1", noMatch},
		{"i32 from i64", "", "unreachable @array.copy 1 6", noMatch},
		{"references of a supertype", "", "unreachable @array.copy 13 7", noMatch},
		{"nullable to non-null references", "", "unreachable @array.copy 5 4", noMatch},
		{"references of another hierarchy", "", "unreachable @array.copy 7 4", noMatch},
		{"references from numbers", "", "unreachable @array.copy 7 1", noMatch},
		{"destination of another type", "(ref null 1) (ref null 2)", "local.get 1 i32.const 0 local.get 0 i32.const 0 i32.const 0 @array.copy 1 1", "type mismatch"},
		{"source of another type", "(ref null 1) (ref null 2)", "local.get 0 i32.const 0 local.get 1 i32.const 0 i32.const 0 @array.copy 1 1", "type mismatch"},
		{"destination's offset of another type", "(ref null 1)", "local.get 0 i64.const 0 local.get 0 i32.const 0 i32.const 0 @array.copy 1 1", "type mismatch"},
		{"source's offset of another type", "(ref null 1)", "local.get 0 i32.const 0 local.get 0 i64.const 0 i32.const 0 @array.copy 1 1", "type mismatch"},
		{"length of another type", "(ref null 1)", "local.get 0 i32.const 0 local.get 0 i32.const 0 i64.const 0 @array.copy 1 1", "type mismatch"},
		{"destination missing", "(ref null 1)", "i32.const 0 local.get 0 i32.const 0 i32.const 0 @array.copy 1 1", "type mismatch"},
		{"to a structure", "", "unreachable @array.copy 9 1", "type mismatch"},
		{"from a structure", "", "unreachable @array.copy 1 9", "type mismatch"},
		{"to an unknown type", "", "unreachable @array.copy 99 1", "unknown type 99"},
		{"from an unknown type", "", "unreachable @array.copy 1 99", "unknown type 99"},
	})
}

func TestArrayInitData(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"numbers", "(ref null 1)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_data 1 0", ""},
		{"packed", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_data 2 0", ""},
		{"vectors", "(ref null 8)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_data 8 0", ""},
		{"unreachable", "", "unreachable array.init_data 1 0", ""},
		{"immutable", "", "unreachable @array.init_data 6 0", "immutable array"},
		{"references", "", "unreachable @array.init_data 7 0", "array type is not numeric or vector"},
		{"array of another type", "(ref null 2)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 @array.init_data 1 0", "type mismatch"},
		{"destination of another type", "(ref null 1)", "local.get 0 i64.const 0 i32.const 0 i32.const 0 @array.init_data 1 0", "type mismatch"},
		{"source of another type", "(ref null 1)", "local.get 0 i32.const 0 i64.const 0 i32.const 0 @array.init_data 1 0", "type mismatch"},
		{"length of another type", "(ref null 1)", "local.get 0 i32.const 0 i32.const 0 i64.const 0 @array.init_data 1 0", "type mismatch"},
		{"array missing", "", "i32.const 0 i32.const 0 i32.const 0 @array.init_data 1 0", "type mismatch"},
		{"unknown segment", "", "unreachable @array.init_data 1 1", "unknown data segment 1"},
		{"type is a structure", "", "unreachable @array.init_data 9 0", "type mismatch"},
		{"unknown type", "", "unreachable @array.init_data 99 0", "unknown type 99"},
	})
}

func TestArrayInitElem(t *testing.T) {
	arrays.check(t, []bodyTest{
		{"same type", "(ref null 4)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_elem 4 0", ""},
		{"segment of a subtype", "(ref null 4)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_elem 4 1", ""},
		{"segment of a subtype of any", "(ref null 7)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 array.init_elem 7 2", ""},
		{"unreachable", "", "unreachable array.init_elem 4 0", ""},
		{"immutable", "", "unreachable @array.init_elem 14 1", "immutable array"},
		{"segment of a supertype", "", "unreachable @array.init_elem 5 0", "type mismatch"},
		{"segment of another hierarchy", "", "unreachable @array.init_elem 4 2", "type mismatch"},
		{"numbers", "", "unreachable @array.init_elem 1 0", "type mismatch"},
		{"packed", "", "unreachable @array.init_elem 2 0", "type mismatch"},
		{"array of another type", "(ref null 5)", "local.get 0 i32.const 0 i32.const 0 i32.const 0 @array.init_elem 4 0", "type mismatch"},
		{"destination of another type", "(ref null 4)", "local.get 0 i64.const 0 i32.const 0 i32.const 0 @array.init_elem 4 0", "type mismatch"},
		{"source of another type", "(ref null 4)", "local.get 0 i32.const 0 i64.const 0 i32.const 0 @array.init_elem 4 0", "type mismatch"},
		{"length of another type", "(ref null 4)", "local.get 0 i32.const 0 i32.const 0 i64.const 0 @array.init_elem 4 0", "type mismatch"},
		{"array missing", "", "i32.const 0 i32.const 0 i32.const 0 @array.init_elem 4 0", "type mismatch"},
		{"unknown segment", "", "unreachable @array.init_elem 4 3", "unknown elem segment 3"},
		{"type is a structure", "", "unreachable @array.init_elem 9 0", "type mismatch"},
		{"unknown type", "", "unreachable @array.init_elem 99 0", "unknown type 99"},
	})
}
