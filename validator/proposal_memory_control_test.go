package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestMemoryControl(t *testing.T) {
	checkOperators(t, "memory-control", "")
	two := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Memory("1").Memory("i64 1")
	}
	checkCode(t, ops.Wasm3|ops.MemoryControl, two, []codeCase{
		{"discard", "", "i32.const 0 i32.const 65536 memory.discard", ""},
		{"discard of a large memory", "", "i64.const 0 i64.const 65536 memory.discard 1", ""},
		{"address of another type", "", "i64.const 0 i32.const 0 @memory.discard", "type mismatch"},
		{"size of another type", "", "i32.const 0 i64.const 0 @memory.discard", "type mismatch"},
		{"large memory, size of 32 bits", "", "i64.const 0 i32.const 0 @memory.discard 1", "type mismatch"},
		{"operand missing", "", "i32.const 0 @memory.discard", "type mismatch"},
		{"leaves nothing", "", "i32.const 0 i32.const 0 memory.discard @drop", "type mismatch"},
		{"unknown memory", "", "unreachable @memory.discard 2", "unknown memory 2"},
	})
}
