package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// variableTypes declares a function type without parameters, and globals.
func variableTypes() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Import("m", "g", "global i64").
		Import("m", "h", "global mut f32").
		Global("i32", "i32.const 0").
		Global("mut i32", "i32.const 0").
		Global("mut v128", "v128.const i64x2 0 0").
		Global("mut externref", "ref.null extern").
		Global("funcref", "ref.null func")
}

func TestLocal(t *testing.T) {
	const locals = "i32 2 i64 f32 f64 v128 funcref externref"
	checkCode(t, wasm2, variableTypes, []codeCase{
		{"get i32", locals, "local.get 0 i32.eqz drop", ""},
		{"get i64", locals, "local.get 1 i64.eqz drop", ""},
		{"get second of a group", locals, "local.get 2 i64.eqz drop", ""},
		{"get f32", locals, "local.get 3 f32.neg drop", ""},
		{"get f64", locals, "local.get 4 f64.neg drop", ""},
		{"get v128", locals, "local.get 5 v128.not drop", ""},
		{"get funcref", locals, "local.get 6 local.set 6", ""},
		{"get externref", locals, "local.get 7 local.set 7", ""},
		{"get of another type", locals, "local.get 0 @i64.eqz drop", "type mismatch"},
		{"get first of the next group", locals, "local.get 3 @i64.eqz drop", "type mismatch"},
		{"get unknown", locals, "@local.get 8 drop", "unknown local 8"},
		{"get of none", "", "@local.get 0 drop", "unknown local 0"},
		{"get largest index", locals, "@local.get 0xffff_ffff drop", "unknown local 4294967295"},
		{"get unknown, unreachable", locals, "unreachable @local.get 8 drop", "unknown local 8"},
		{"set", locals, "i64.const 0 local.set 2", ""},
		{"set v128", locals, "local.get 5 local.set 5", ""},
		{"set unreachable", locals, "unreachable local.set 2", ""},
		{"set leaves nothing", locals, "i64.const 0 local.set 2 @drop", "type mismatch"},
		{"set operand of another type", locals, "i32.const 0 @local.set 2", "type mismatch"},
		{"set other reference", locals, "ref.null extern @local.set 6", "type mismatch"},
		{"set operand missing", locals, "@local.set 0", "type mismatch"},
		{"set operand out of reach", locals, "i32.const 0 block @local.set 0 end drop", "type mismatch"},
		{"set unreachable operand of another type", locals, "unreachable i32.const 0 @local.set 2", "type mismatch"},
		{"set unknown", locals, "i32.const 0 @local.set 8", "unknown local 8"},
		{"tee", locals, "i64.const 0 local.tee 1 i64.eqz drop", ""},
		{"tee unreachable", locals, "unreachable local.tee 1 i64.eqz drop", ""},
		{"tee leaves the type of the local", locals, "unreachable local.tee 1 @i32.eqz drop", "type mismatch"},
		{"tee operand of another type", locals, "i32.const 0 @local.tee 1 drop", "type mismatch"},
		{"tee operand missing", locals, "@local.tee 0 drop", "type mismatch"},
		{"tee result left behind", locals, "i32.const 0 local.tee 0 @", "type mismatch"},
		{"tee unknown", locals, "i32.const 0 @local.tee 8 drop", "unknown local 8"},
	})
}

// Parameters are the first locals.
func TestLocalParameters(t *testing.T) {
	function := func(code string) *validatortest.Module {
		return validatortest.NewModule().Type("func (param i32 f64) (result i64)").Func(0, "0 f32 i64 0 f32", code)
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"first parameter", function("local.get 0 i64.extend_i32_u"), ""},
		{"second parameter", function("local.get 1 i64.trunc_f64_s"), ""},
		{"first local", function("local.get 2"), ""},
		{"set parameter", function("i32.const 0 local.set 0 local.get 2"), ""},
		{"parameter of another type", function("local.get 1 @local.set 0 i64.const 0"), "type mismatch"},
		{"unknown after empty groups", function("@local.get 3"), "unknown local 3"},
	})
}

// There are at most 2^32-1 declared locals; parameters count only for the limit.
func TestLocalCount(t *testing.T) {
	groupsOf := func(signature string, counts ...uint32) *validatortest.Module {
		body := []byte{byte(len(counts))}
		mark := 1
		for _, n := range counts {
			mark = len(body)
			body = append(appendU32(body, n), 0x7F)
		}
		return validatortest.NewModule().Type(signature).FuncType(0).Body(append(body, 0x0B), mark)
	}
	groups := func(counts ...uint32) *validatortest.Module { return groupsOf("func", counts...) }
	checkModuleCases(t, wasm2, []moduleCase{
		{"50,000", groups(50_000), ""},
		{"2^32", groups(0xFFFF_FFFF, 1), "malformed: too many locals"},
		{"2^32 and more", groups(0x8000_0000, 0x8000_0000), "malformed: too many locals"},
		{"two largest groups", groups(0xFFFF_FFFF, 0xFFFF_FFFF), "malformed: too many locals"},
		{"2^32-1", groups(0xFFFF_FFFF), "limit: too many locals"},
		{"2^32-1 and a parameter", groupsOf("func (param i32)", 0xFFFF_FFFF), "limit: too many locals"},
		{"2^32 and a parameter", groupsOf("func (param i32)", 0xFFFF_FFFF, 1), "malformed: too many locals"},
	})
}

// appendU32 appends n in LEB128.
func appendU32(b []byte, n uint32) []byte {
	for n >= 0x80 {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}

func TestGlobal(t *testing.T) {
	checkCode(t, wasm2, variableTypes, []codeCase{
		{"get imported", "", "global.get 0 i64.eqz drop", ""},
		{"get imported mutable", "", "global.get 1 f32.neg drop", ""},
		{"get", "", "global.get 2 i32.eqz drop", ""},
		{"get mutable", "", "global.get 3 i32.eqz drop", ""},
		{"get v128", "", "global.get 4 v128.not drop", ""},
		{"get externref", "", "global.get 5 ref.is_null drop", ""},
		{"get of another type", "", "global.get 0 @i32.eqz drop", "type mismatch"},
		{"get left behind", "", "global.get 0 @", "type mismatch"},
		{"get unknown", "", "@global.get 7 drop", "unknown global 7"},
		{"get largest index", "", "unreachable @global.get 0xffff_ffff drop", "unknown global 4294967295"},
		{"set imported", "", "f32.const 0 global.set 1", ""},
		{"set", "", "i32.const 0 global.set 3", ""},
		{"set v128", "", "global.get 4 global.set 4", ""},
		{"set externref", "", "ref.null extern global.set 5", ""},
		{"set unreachable", "", "unreachable global.set 3", ""},
		{"set operand of another type", "", "i64.const 0 @global.set 3", "type mismatch"},
		{"set other reference", "", "ref.null func @global.set 5", "type mismatch"},
		{"set operand missing", "", "@global.set 3", "type mismatch"},
		{"set operand out of reach", "", "i32.const 0 block @global.set 3 end drop", "type mismatch"},
		{"set unreachable operand of another type", "", "unreachable i64.const 0 @global.set 3", "type mismatch"},
		{"set imported immutable", "", "i64.const 0 @global.set 0", "immutable global"},
		{"set immutable", "", "i32.const 0 @global.set 2", "immutable global"},
		{"set immutable, unreachable", "", "unreachable @global.set 6", "immutable global"},
		{"set unknown", "", "i32.const 0 @global.set 7", "unknown global 7"},
	})
}
