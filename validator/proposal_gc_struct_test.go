package validator_test

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// structures declares structure types for the bodies of function 0.
var structures = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("struct (field (mut i32) i64 (mut anyref))").
		Type("struct (field (mut i8) (mut i16) f32 i8)").
		Type("struct (field (ref 1))").
		Type("sub (struct (field i32))").
		Type("sub 4 (struct (field i32 (mut i64)))"). // 5
		Type("array (mut i32)").
		Type("struct").
		Type("struct (field v128 f64 funcref externref (ref null 1))").
		Type("struct (field (mut (ref 4)))")
}, 0}

func TestStructNew(t *testing.T) {
	structures.check(t, []bodyTest{
		{"three fields", "(ref 1)", "i32.const 0 i64.const 0 ref.null none struct.new 1 local.set 0", ""},
		{"packed fields", "(ref 2)", "i32.const 0 i32.const 0 f32.const 0 i32.const 0 struct.new 2 local.set 0", ""},
		{"no field", "(ref 7)", "struct.new 7 local.set 0", ""},
		{"field of a subtype", "", "struct.new 7 drop i32.const 0 i64.const 0 struct.new 7 struct.new 1 drop", ""},
		{"result is a structref", "(ref struct)", "struct.new 7 local.set 0", ""},
		{"result is of the supertype", "(ref 4)", "i32.const 0 i64.const 0 struct.new 5 local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable struct.new 1 local.set 0", ""},
		{"unreachable with last field", "(ref 1)", "unreachable ref.null any struct.new 1 local.set 0", ""},
		{"unreachable with last field of another type", "", "unreachable i32.const 0 @struct.new 1 drop", "type mismatch"},
		{"result is not of a subtype", "(ref 5)", "i32.const 0 struct.new 4 @local.set 0", "type mismatch"},
		{"result is no number", "", "struct.new 7 @i32.eqz drop", "type mismatch"},
		{"field of another type", "", "i32.const 0 i32.const 0 ref.null any @struct.new 1 drop", "type mismatch"},
		{"reference of another hierarchy", "", "i32.const 0 i64.const 0 ref.null func @struct.new 1 drop", "type mismatch"},
		{"null for a non-null field", "", "ref.null 1 @struct.new 3 drop", "type mismatch"},
		{"fields in another order", "", "ref.null any i64.const 0 i32.const 0 @struct.new 1 drop", "type mismatch"},
		{"field missing", "", "i64.const 0 ref.null any @struct.new 1 drop", "type mismatch"},
		{"fields of the enclosing block", "", "i32.const 0 i64.const 0 ref.null any block @struct.new 1 drop end drop drop drop", "type mismatch"},
		{"type is a function", "", "@struct.new 0 drop", "type mismatch"},
		{"type is an array", "", "i32.const 0 @struct.new 6 drop", "type mismatch"},
		{"unknown type", "", "@struct.new 99 drop", "unknown type 99"},
	})
}

// A structure of more fields than engines agree on goes past a limit.
func TestStructFieldsLimit(t *testing.T) {
	fields := func(n int) string { return "struct (field" + strings.Repeat(" i8", n) + ")" }
	checkModule(t, ops.Wasm3, validatortest.NewModule().Type(fields(10000)), "")
	checkRefused(t, ops.Wasm3, validatortest.NewModule().Type("@"+fields(10001)), refusal{kind: validator.Limit, fn: -1})
}

func TestStructNewDefault(t *testing.T) {
	structures.check(t, []bodyTest{
		{"numbers and references", "(ref 1)", "struct.new_default 1 local.set 0", ""},
		{"packed fields", "(ref 2)", "struct.new_default 2 local.set 0", ""},
		{"vectors and other references", "(ref 8)", "struct.new_default 8 local.set 0", ""},
		{"no field", "(ref 7)", "struct.new_default 7 local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable struct.new_default 1 local.set 0", ""},
		{"result is not of another type", "(ref 1)", "struct.new_default 7 @local.set 0", "type mismatch"},
		{"field without default", "", "@struct.new_default 3 drop", "type mismatch"},
		{"field without default, unreachable", "", "unreachable @struct.new_default 3 drop", "type mismatch"},
		{"type is a function", "", "@struct.new_default 0 drop", "type mismatch"},
		{"type is an array", "", "@struct.new_default 6 drop", "type mismatch"},
		{"unknown type", "", "@struct.new_default 99 drop", "unknown type 99"},
	})
}

func TestStructGet(t *testing.T) {
	structures.check(t, []bodyTest{
		{"first field", "(ref null 1)", "local.get 0 struct.get 1 0 i32.eqz drop", ""},
		{"second field", "(ref null 1)", "local.get 0 struct.get 1 1 i64.eqz drop", ""},
		{"reference", "(ref null 1) anyref", "local.get 0 struct.get 1 2 local.set 1", ""},
		{"field that is not packed next to packed ones", "(ref null 2)", "local.get 0 struct.get 2 2 f32.neg drop", ""},
		{"of a non-null structure", "", "struct.new_default 1 struct.get 1 0 drop", ""},
		{"of a subtype", "(ref null 5)", "local.get 0 struct.get 4 0 drop", ""},
		{"of null", "", "ref.null none struct.get 1 0 drop", ""},
		{"unreachable", "", "unreachable struct.get 1 1 i64.eqz drop", ""},
		{"unreachable after bottom reference", "", "unreachable ref.as_non_null struct.get 1 1 i64.eqz drop", ""},
		{"packed field", "(ref null 2)", "local.get 0 @struct.get 2 0 drop", "type mismatch"},
		{"packed field, unreachable", "", "unreachable @struct.get 2 1 drop", "type mismatch"},
		{"result of another type", "(ref null 1)", "local.get 0 struct.get 1 1 @i32.eqz drop", "type mismatch"},
		{"result nullable", "(ref null 1) (ref any)", "local.get 0 struct.get 1 2 @local.set 1", "type mismatch"},
		{"unknown field", "(ref null 1)", "local.get 0 @struct.get 1 3 drop", "unknown field 3"},
		{"field of a structure without fields", "(ref null 7)", "local.get 0 @struct.get 7 0 drop", "unknown field 0"},
		{"field of the subtype", "(ref null 5)", "local.get 0 @struct.get 4 1 drop", "unknown field 1"},
		{"of a supertype", "(ref null 4)", "local.get 0 @struct.get 5 0 drop", "type mismatch"},
		{"of another type", "(ref null 3)", "local.get 0 @struct.get 1 0 drop", "type mismatch"},
		{"of a structref", "structref", "local.get 0 @struct.get 1 0 drop", "type mismatch"},
		{"of an anyref", "anyref", "local.get 0 @struct.get 1 0 drop", "type mismatch"},
		{"of a number", "", "i32.const 0 @struct.get 1 0 drop", "type mismatch"},
		{"no operand", "", "@struct.get 1 0 drop", "type mismatch"},
		{"operand of the enclosing block", "", "struct.new_default 1 block @struct.get 1 0 drop end drop", "type mismatch"},
		{"type is a function", "", "unreachable @struct.get 0 0 drop", "type mismatch"},
		{"type is an array", "(ref null 6)", "local.get 0 @struct.get 6 0 drop", "type mismatch"},
		{"unknown type", "", "unreachable @struct.get 99 0 drop", "unknown type 99"},
	})
}

func TestStructGetPacked(t *testing.T) {
	for _, get := range []string{"struct.get_s", "struct.get_u"} {
		t.Run(get, func(t *testing.T) {
			structures.check(t, []bodyTest{
				{"i8", "(ref null 2)", "local.get 0 " + get + " 2 0 i32.eqz drop", ""},
				{"i16", "(ref null 2)", "local.get 0 " + get + " 2 1 i32.eqz drop", ""},
				{"immutable", "(ref null 2)", "local.get 0 " + get + " 2 3 i32.eqz drop", ""},
				{"unreachable", "", "unreachable " + get + " 2 0 i32.eqz drop", ""},
				{"result of another type", "(ref null 2)", "local.get 0 " + get + " 2 0 @i64.eqz drop", "type mismatch"},
				{"i32 field", "(ref null 1)", "local.get 0 @" + get + " 1 0 drop", "type mismatch"},
				{"f32 field", "(ref null 2)", "local.get 0 @" + get + " 2 2 drop", "type mismatch"},
				{"reference field, unreachable", "", "unreachable @" + get + " 1 2 drop", "type mismatch"},
				{"unknown field", "", "unreachable @" + get + " 2 4 drop", "unknown field 4"},
				{"of another type", "(ref null 1)", "local.get 0 @" + get + " 2 0 drop", "type mismatch"},
				{"no operand", "", "@" + get + " 2 0 drop", "type mismatch"},
				{"type is an array", "", "unreachable @" + get + " 6 0 drop", "type mismatch"},
				{"unknown type", "", "unreachable @" + get + " 99 0 drop", "unknown type 99"},
			})
		})
	}
}

func TestStructSet(t *testing.T) {
	structures.check(t, []bodyTest{
		{"number", "(ref null 1)", "local.get 0 i32.const 0 struct.set 1 0", ""},
		{"reference of a subtype", "(ref null 1)", "local.get 0 ref.null none struct.set 1 2", ""},
		{"packed i8", "(ref null 2)", "local.get 0 i32.const 0 struct.set 2 0", ""},
		{"packed i16", "(ref null 2)", "local.get 0 i32.const 0 struct.set 2 1", ""},
		{"subtype", "(ref null 9) (ref null 5)", "local.get 0 local.get 1 ref.as_non_null struct.set 9 0", ""},
		{"of a subtype of the structure", "(ref null 5)", "local.get 0 i64.const 0 struct.set 5 1", ""},
		{"of null", "", "ref.null none i32.const 0 struct.set 1 0", ""},
		{"unreachable", "", "unreachable struct.set 1 0", ""},
		{"unreachable with value", "", "unreachable i32.const 0 struct.set 1 0", ""},
		{"unreachable with value of another type", "", "unreachable i64.const 0 @struct.set 1 0", "type mismatch"},
		{"immutable", "(ref null 1)", "local.get 0 i64.const 0 @struct.set 1 1", "immutable field"},
		{"immutable, unreachable", "", "unreachable @struct.set 2 3", "immutable field"},
		{"value of another type", "(ref null 1)", "local.get 0 i64.const 0 @struct.set 1 0", "type mismatch"},
		{"packed value of another type", "(ref null 2)", "local.get 0 i64.const 0 @struct.set 2 0", "type mismatch"},
		{"null for a non-null field", "(ref null 9)", "local.get 0 ref.null 4 @struct.set 9 0", "type mismatch"},
		{"value missing", "(ref null 1)", "local.get 0 @struct.set 1 0", "type mismatch"},
		{"structure missing", "", "i32.const 0 @struct.set 1 0", "type mismatch"},
		{"structure and value in another order", "(ref null 1)", "i32.const 0 local.get 0 @struct.set 1 0", "type mismatch"},
		{"structure of another type", "(ref null 2)", "local.get 0 i32.const 0 @struct.set 1 0", "type mismatch"},
		{"structure of a supertype", "(ref null 4)", "local.get 0 i64.const 0 @struct.set 5 1", "type mismatch"},
		{"leaves nothing", "(ref null 1)", "local.get 0 i32.const 0 struct.set 1 0 @drop", "type mismatch"},
		{"unknown field", "", "unreachable @struct.set 1 3", "unknown field 3"},
		{"type is an array", "", "unreachable @struct.set 6 0", "type mismatch"},
		{"type is a function", "", "unreachable @struct.set 0 0", "type mismatch"},
		{"unknown type", "", "unreachable @struct.set 99 0", "unknown type 99"},
	})
}
