package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The operators whose type is fixed are tested from the operator table; here are
// those with two indices, and what memory accesses have in common.

func memoryTypes() *validatortest.Module {
	return validatortest.NewModule().Type("func").Memory("1 2").Data("", "a").Data("i32.const 0", "b").DataCount(2)
}

func TestMemoryCopyAndInit(t *testing.T) {
	const three = "i32.const 0 i32.const 0 i32.const 0 "
	checkCode(t, wasm2, memoryTypes, []codeCase{
		{"copy", "", three + "memory.copy", ""},
		{"copy, unreachable", "", "unreachable memory.copy", ""},
		{"copy leaves nothing", "", three + "memory.copy @drop", "type mismatch"},
		{"copy operand missing", "", "i32.const 0 i32.const 0 @memory.copy", "type mismatch"},
		{"copy to another type", "", "i64.const 0 i32.const 0 i32.const 0 @memory.copy", "type mismatch"},
		{"copy from another type", "", "i32.const 0 i64.const 0 i32.const 0 @memory.copy", "type mismatch"},
		{"copy size of another type", "", "i32.const 0 i32.const 0 f32.const 0 @memory.copy", "type mismatch"},
		{"init", "", three + "memory.init 0", ""},
		{"init from active segment", "", three + "memory.init 1", ""},
		{"init, unreachable", "", "unreachable memory.init 0", ""},
		{"init leaves nothing", "", three + "memory.init 0 @drop", "type mismatch"},
		{"init operand missing", "", "i32.const 0 i32.const 0 @memory.init 0", "type mismatch"},
		{"init to another type", "", "i64.const 0 i32.const 0 i32.const 0 @memory.init 0", "type mismatch"},
		{"init from another type", "", "i32.const 0 i64.const 0 i32.const 0 @memory.init 0", "type mismatch"},
		{"init size of another type", "", "i32.const 0 i32.const 0 i64.const 0 @memory.init 0", "type mismatch"},
		{"init unknown segment", "", three + "@memory.init 2", "unknown data segment 2"},
		{"init unknown segment, unreachable", "", "unreachable @memory.init 300", "unknown data segment 300"},
		{"drop", "", "data.drop 0 data.drop 1", ""},
		{"drop takes nothing", "", "i32.const 0 data.drop 0 @", "type mismatch"},
		{"drop unknown segment", "", "@data.drop 2", "unknown data segment 2"},
	})
}

func TestMemoryUnknown(t *testing.T) {
	none := func() *validatortest.Module { return validatortest.NewModule().Type("func").Data("", "a") }
	checkCode(t, wasm2, none, []codeCase{
		{"copy", "", "unreachable @memory.copy", "unknown memory 0"},
		{"init", "", "unreachable @memory.init 0", "unknown memory 0"},
		{"fill", "", "unreachable @memory.fill", "unknown memory 0"},
		{"size", "", "@memory.size drop", "unknown memory 0"},
		{"grow", "", "i32.const 0 @memory.grow drop", "unknown memory 0"},
		{"load", "", "i32.const 0 @i32.load drop", "unknown memory 0"},
		{"store", "", "i32.const 0 i32.const 0 @i32.store", "unknown memory 0"},
		{"drop needs none", "", "data.drop 0", ""},
	})
}

// An offset is below 2^32 where addresses are of 32 bits.
func TestMemoryOffset(t *testing.T) {
	two := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Memory("1").Memory("i64 1")
	}
	checkCode(t, ops.Wasm3, two, []codeCase{
		{"largest", "", "i32.const 0 i32.load offset=0xffff_ffff drop", ""},
		{"beyond 32 bits", "", "i32.const 0 @i32.load offset=0x1_0000_0000 drop", "offset out of range"},
		{"beyond 32 bits, unreachable", "", "unreachable @i64.store8 offset=0x1_0000_0000", "offset out of range"},
		{"largest of 64 bits", "", "i64.const 0 i32.load 1 offset=0xffff_ffff_ffff_ffff drop", ""},
	})
	checkCode(t, wasm2, memoryTypes, []codeCase{
		{"beyond 32 bits, without memory64", "", "i32.const 0 (bytes 0x28 2) @(bytes 0x80 0x80 0x80 0x80 0x10) drop", "malformed: integer too large"},
		{"longer than 32 bits take", "", "i32.const 0 (bytes 0x28 2) @(bytes 0x80 0x80 0x80 0x80 0x80 0) drop", "malformed: integer representation too long"},
	})
}

// A data segment is only known through the data count section.
func TestMemoryDataCount(t *testing.T) {
	for _, code := range []string{"unreachable @memory.init 0", "@data.drop 0"} {
		b, mark := validatortest.Body("", code)
		m := validatortest.NewModule().Type("func").Memory("1").FuncType(0).Body(b, mark).Data("", "")
		expect(t, wasm2, m, "malformed: data count section required")
	}
}

// A copy between a memory of 32-bit and one of 64-bit addresses takes the address
// type of each, and the smaller of both for the size.
func TestMemoryCopyBetween(t *testing.T) {
	two := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Memory("1").Memory("i64 1").Data("", "a").DataCount(1)
	}
	checkCode(t, ops.Wasm3, two, []codeCase{
		{"within the large", "", "i64.const 0 i64.const 0 i64.const 0 memory.copy 1 1", ""},
		{"to the large", "", "i64.const 0 i32.const 0 i32.const 0 memory.copy 1 0", ""},
		{"from the large", "", "i32.const 0 i64.const 0 i32.const 0 memory.copy 0 1", ""},
		{"within the large, small size", "", "i64.const 0 i64.const 0 i32.const 0 @memory.copy 1 1", "type mismatch"},
		{"to the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @memory.copy 1 0", "type mismatch"},
		{"to the large, large size", "", "i64.const 0 i32.const 0 i64.const 0 @memory.copy 1 0", "type mismatch"},
		{"from the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @memory.copy 0 1", "type mismatch"},
		{"from the large, large size", "", "i32.const 0 i64.const 0 i64.const 0 @memory.copy 0 1", "type mismatch"},
		{"to an unknown memory", "", "unreachable @memory.copy 2 0", "unknown memory 2"},
		{"from an unknown memory", "", "unreachable @memory.copy 0 2", "unknown memory 2"},
		{"init of the large", "", "i64.const 0 i32.const 0 i32.const 0 memory.init 1 0", ""},
		{"init of the large, small address", "", "i32.const 0 i32.const 0 i32.const 0 @memory.init 1 0", "type mismatch"},
		{"init of the large, large size", "", "i64.const 0 i32.const 0 i64.const 0 @memory.init 1 0", "type mismatch"},
		{"init of an unknown memory", "", "unreachable @memory.init 2 0", "unknown memory 2"},
	})
}
