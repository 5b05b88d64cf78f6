package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The operators whose type is fixed are tested from the operator table; here is
// where else vectors occur.

func TestVector(t *testing.T) {
	types := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("func (param v128) (result v128)").
			Import("m", "f", "func 1").Memory("1").Global("mut v128", "v128.const i64x2 0 0")
	}
	checkCode(t, wasm2, types, []codeCase{
		{"parameter and result", "v128", "local.get 0 call 0 local.set 0", ""},
		{"block", "v128", "local.get 0 block (type 1) v128.not end local.set 0", ""},
		{"branch", "v128", "block (result v128) local.get 0 br 0 end drop", ""},
		{"global", "v128", "global.get 0 global.set 0", ""},
		{"parameter of another type", "", "i64.const 0 @call 0 drop", "type mismatch"},
		{"result of another type", "f64", "global.get 0 call 0 @local.set 0", "type mismatch"},
		{"branch with another type", "", "block (result v128) i32.const 0 @br 0 end drop", "type mismatch"},
		{"global of another type", "", "i32.const 0 @global.set 0", "type mismatch"},
		{"lane below the last is out of range", "v128", "local.get 0 local.get 0 @i8x16.shuffle 0 32 0 0 0 0 0 0 0 0 0 0 0 0 0 0 drop", "invalid lane index"},
		{"first lane is out of range", "v128", "local.get 0 local.get 0 @i8x16.shuffle 255 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 drop", "invalid lane index"},
		{"opcode that nobody defined", "", "@(bytes 0xfd 0x9a 0x01)", "malformed: illegal opcode"},
		{"opcode beyond the last", "", "@(bytes 0xfd 0xff 0xff 0xff 0xff 0x0f)", "malformed: illegal opcode"},
		{"opcode longer than it must be", "v128", "local.get 0 (bytes 0xfd 0xcd 0x80 0x00) local.set 0", ""},
		{"opcode too long", "v128", "local.get 0 (bytes 0xfd) @(bytes 0xcd 0x80 0x80 0x80 0x80 0x00)", "malformed: integer representation too long"},
	})
}
