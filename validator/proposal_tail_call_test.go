package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// tailCalls has function 6 under test return [i32 anyref].
var tailCalls = bodySuite{ops.Wasm3, func() *validatortest.Module {
	m := validatortest.NewModule().
		Type("func (result i32 anyref)").
		Type("func (param i64 f32) (result i32 eqref)").
		Type("func").
		Type("func (result i32)").
		Type("func (result i32 anyref i32)").
		Type("func (result anyref i32)"). // 5
		Type("struct").
		Table("1 funcref").Table("1 externref").Table("1 (ref null 0)")
	for i := range uint32(6) {
		m.Func(i, "", "unreachable")
	}
	return m
}, 6}

func TestReturnCall(t *testing.T) {
	tailCalls.check(t, []bodyTest{
		{"same results", "", "return_call 0", ""},
		{"itself", "", "return_call 6", ""},
		{"parameters, and a result of a subtype", "", "i64.const 0 f32.const 0 return_call 1", ""},
		{"operands below are dropped", "", "f64.const 0 return_call 0", ""},
		{"what follows is unreachable", "", "return_call 0 i32.add drop f64.neg drop unreachable", ""},
		{"in a block of another type", "", "block (result f64) return_call 0 end drop unreachable", ""},
		{"unreachable", "", "unreachable return_call 1", ""},
		{"no result", "", "@return_call 2", "type mismatch"},
		{"one result less", "", "@return_call 3", "type mismatch"},
		{"one result more", "", "@return_call 4", "type mismatch"},
		{"results in another order", "", "@return_call 5", "type mismatch"},
		{"no result, unreachable", "", "unreachable @return_call 2", "type mismatch"},
		{"argument of another type", "", "i64.const 0 f64.const 0 @return_call 1", "type mismatch"},
		{"arguments in another order", "", "f32.const 0 i64.const 0 @return_call 1", "type mismatch"},
		{"argument missing", "", "f32.const 0 @return_call 1", "type mismatch"},
		{"arguments of the enclosing block", "", "i64.const 0 f32.const 0 block @return_call 1 end unreachable", "type mismatch"},
		{"unknown function", "", "@return_call 7", "unknown function 7"},
	})
}

func TestReturnCallIndirect(t *testing.T) {
	tailCalls.check(t, []bodyTest{
		{"same results", "", "i32.const 0 return_call_indirect (type 0)", ""},
		{"through a table of typed references", "", "i32.const 0 return_call_indirect 2 (type 0)", ""},
		{"parameters, and a result of a subtype", "", "i64.const 0 f32.const 0 i32.const 0 return_call_indirect (type 1)", ""},
		{"what follows is unreachable", "", "i32.const 0 return_call_indirect (type 0) i32.add drop f64.neg drop unreachable", ""},
		{"unreachable", "", "unreachable return_call_indirect (type 1)", ""},
		{"no result", "", "i32.const 0 @return_call_indirect (type 2)", "type mismatch"},
		{"one result less", "", "i32.const 0 @return_call_indirect (type 3)", "type mismatch"},
		{"one result more", "", "i32.const 0 @return_call_indirect (type 4)", "type mismatch"},
		{"results in another order, unreachable", "", "unreachable @return_call_indirect (type 5)", "type mismatch"},
		{"argument of another type", "", "i64.const 0 f64.const 0 i32.const 0 @return_call_indirect (type 1)", "type mismatch"},
		{"argument missing", "", "f32.const 0 i32.const 0 @return_call_indirect (type 1)", "type mismatch"},
		{"index of another type", "", "i64.const 0 @return_call_indirect (type 0)", "type mismatch"},
		{"index missing", "", "@return_call_indirect (type 0)", "type mismatch"},
		{"table of external references", "", "i32.const 0 @return_call_indirect 1 (type 0)", "type mismatch"},
		{"unknown table", "", "i32.const 0 @return_call_indirect 3 (type 0)", "unknown table 3"},
		{"unknown type", "", "i32.const 0 @return_call_indirect (type 99)", "unknown type 99"},
		{"type is a structure", "", "i32.const 0 @return_call_indirect (type 6)", "type mismatch"},
	})
}

func TestTailCallOff(t *testing.T) {
	base := func() *validatortest.Module { return validatortest.NewModule().Type("func").Table("1 funcref") }
	checkFeature(t, ops.Wasm3, "tail-call", gatedBodies(base,
		"@return_call 0",
		"i32.const 0 @return_call_indirect (type 0)",
	))
}
