package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestMultiValue(t *testing.T) {
	types := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").
			Type("func (result i32 i64)").                         // 1
			Type("func (param i32 i64) (result i64 i32)").         // 2
			Type("func (param i32)").                              // 3
			Type("func (result f32 f32 f32)").                     // 4
			Import("m", "1", "func 1").Import("m", "2", "func 2"). // 0, 1
			Import("m", "3", "func 3").Import("m", "4", "func 4"). // 2, 3
			Table("1 funcref")
	}
	const two = "i32.const 0 i64.const 0 "
	checkCode(t, ops.MVP|ops.MultiValue, types, []codeCase{
		{"call with results", "", "call 0 drop drop", ""},
		{"call with the results of a call", "", "call 0 call 1 drop drop", ""},
		{"call_indirect with results", "", "i32.const 0 call_indirect (type 4) drop drop drop", ""},
		{"block with results", "", "block (type 1) " + two + "end drop drop", ""},
		{"block with parameters", "", two + "block (type 2) drop drop i64.const 0 i32.const 0 end drop drop", ""},
		{"block with parameters only", "", "i32.const 0 block (type 3) drop end", ""},
		{"loop with parameters", "", two + "loop (type 2) drop drop " + two + "br 0 end drop drop", ""},
		{"if with parameters and results", "", two + "i32.const 0 if (type 2) drop drop i64.const 0 i32.const 0 else unreachable end drop drop", ""},
		{"br with values", "", "block (type 1) " + two + "br 0 end drop drop", ""},
		{"br_if with values", "", "block (type 1) " + two + "i32.const 0 br_if 0 end drop drop", ""},
		{"br_table with values", "", "block (type 1) " + two + "i32.const 0 br_table 0 0 end drop drop", ""},
		{"results in the other order", "", "block (type 1) i64.const 0 i32.const 0 @end drop drop", "type mismatch"},
		{"one result too few", "", "block (type 4) f32.const 0 f32.const 0 @end drop drop drop", "type mismatch"},
		{"one result too many", "", "block (type 1) i32.const 0 " + two + "@end drop drop", "type mismatch"},
		{"one value too few for br", "", "block (type 1) i64.const 0 @br 0 end drop drop", "type mismatch"},
		{"one value too few for br_if", "", "block (type 1) i64.const 0 i32.const 0 @br_if 0 end drop drop", "type mismatch"},
		{"lower value of another type for br_table", "", "block (type 1) f32.const 0 i64.const 0 i32.const 0 @br_table 0 0 end drop drop", "type mismatch"},
		{"results of a call in the other order", "", "call 0 @i32.eqz drop drop", "type mismatch"},
		{"results left behind", "", "call 0 @", "type mismatch"},
		{"if without else has results", "", two + "i32.const 0 if (type 2) drop drop i64.const 0 i32.const 0 @end drop drop", "type mismatch"},
		{"loop takes parameters, not results", "", two + "loop (type 2) drop drop i64.const 0 i32.const 0 @br 0 end drop drop", "type mismatch"},
	})
	checkOff(t, ops.MultiValue, []moduleCase{
		{"function type", validatortest.NewModule().Type("@func (result i32 i32)"), "invalid result arity"},
		{"second function type", validatortest.NewModule().Type("func (result i32)").Type("@func (result i32 i32 i32)"), "invalid result arity"},
	})
	// Without the proposal, a block has no type index.
	for _, op := range []string{"0x02", "0x03"} {
		expectOff(t, ops.MultiValue, withBody("(bytes "+op+") @(bytes 0x00 0x0b)"), "malformed: malformed value type")
	}
	expectOff(t, ops.MultiValue, withBody("i32.const 0 (bytes 0x04) @(bytes 0x00 0x0b)"), "malformed: malformed value type")
}
