package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Without the proposal, mutable globals may be defined, and neither imported nor
// exported (proposal mutable-global, "Proposed Changes").
func TestMutableGlobal(t *testing.T) {
	exported := func(text string) *validatortest.Module {
		return validatortest.NewModule().Import("m", "g", "global i32").Global("mut i32", "i32.const 0").Export("g", text)
	}
	checkOff(t, ops.MutableGlobal, []moduleCase{
		{"import", hexModule("02 06 01 00 00 03 @7e 01"), "mutable globals cannot be imported"},
		{"import after another", hexModule("02 0b 02 00 00 03 7f 00 00 00 03 @7e 01"), "mutable globals cannot be imported"},
		{"export", hexModule("06 06 01 7f 01 41 00 0b  07 04 01 00 03 @00"), "mutable globals cannot be exported"},
	})
	off := allBut(t, ops.MutableGlobal)
	expect(t, off, exported("global 0"), "")
	expect(t, off, withBody("i32.const 1 global.set 0").Global("mut i32", "i32.const 0"), "")
	expect(t, off, withBody("i32.const 1 @global.set 0").Global("i32", "i32.const 0"), "immutable global")
}
