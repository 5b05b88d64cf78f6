package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// twoMemories declares two memories for the bodies of function 0.
func twoMemories() *validatortest.Module {
	return validatortest.NewModule().Type("func").Memory("1").Memory("1").Data("", "data")
}

func TestMultiMemory(t *testing.T) {
	bodySuite{ops.Wasm3, twoMemories, 0}.check(t, []bodyTest{
		{"load", "", "i32.const 0 i32.load 1 drop", ""},
		{"load with offset and alignment", "", "i32.const 0 i64.load 1 offset=8 align=2 drop", ""},
		{"load from an unknown memory", "", "i32.const 0 @i32.load 2 drop", "unknown memory 2"},
		{"load from an unknown memory, unreachable", "", "unreachable @f64.load 2 drop", "unknown memory 2"},
		{"load with an alignment larger than natural", "", "i32.const 0 @i32.load 1 align=8 drop", "alignment must not be larger than natural"},
		{"load, result of another type", "", "i32.const 0 i64.load 1 @i32.eqz drop", "type mismatch"},
		{"load without address", "", "@i32.load 1 drop", "type mismatch"},
		{"store", "", "i32.const 0 i32.const 0 i32.store 1", ""},
		{"store to an unknown memory", "", "i32.const 0 i32.const 0 @i32.store8 2", "unknown memory 2"},
		{"store of another type", "", "i32.const 0 i64.const 0 @i32.store 1", "type mismatch"},
		{"vector load", "", "i32.const 0 v128.load 1 drop", ""},
		{"vector load from an unknown memory", "", "i32.const 0 @v128.load32_zero 2 drop", "unknown memory 2"},
		{"lane load", "v128", "i32.const 0 local.get 0 v128.load8_lane 1 3 local.set 0", ""},
		{"lane load from an unknown memory", "v128", "i32.const 0 local.get 0 @v128.load8_lane 2 3 drop", "unknown memory 2"},
		{"lane store", "v128", "i32.const 0 local.get 0 v128.store64_lane 1 1", ""},
		{"lane store to an unknown memory", "v128", "i32.const 0 local.get 0 @v128.store64_lane 2 1", "unknown memory 2"},
		{"memory.size", "", "memory.size 1 i32.eqz drop", ""},
		{"memory.size of an unknown memory", "", "@memory.size 2 drop", "unknown memory 2"},
		{"memory.grow", "", "i32.const 0 memory.grow 1 drop", ""},
		{"memory.grow of an unknown memory", "", "i32.const 0 @memory.grow 2 drop", "unknown memory 2"},
		{"memory.fill", "", "i32.const 0 i32.const 0 i32.const 0 memory.fill 1", ""},
		{"memory.fill of an unknown memory", "", "unreachable @memory.fill 2", "unknown memory 2"},
		{"memory.copy", "", "i32.const 0 i32.const 0 i32.const 0 memory.copy 0 1", ""},
		{"memory.copy in one memory", "", "i32.const 0 i32.const 0 i32.const 0 memory.copy 1 1", ""},
		{"memory.copy to an unknown memory", "", "unreachable @memory.copy 2 0", "unknown memory 2"},
		{"memory.copy from an unknown memory", "", "unreachable @memory.copy 0 2", "unknown memory 2"},
		{"memory.init", "", "i32.const 0 i32.const 0 i32.const 0 memory.init 1 0", ""},
		{"memory.init of an unknown memory", "", "unreachable @memory.init 2 0", "unknown memory 2"},
		{"memory.init from an unknown segment", "", "unreachable @memory.init 1 1", "unknown data segment 1"},
	})
}

func TestMultiMemoryDeclarations(t *testing.T) {
	m := validatortest.NewModule
	checkModules(t, ops.Wasm3, []moduleTest{
		{"imports come first", m().Import("m", "m", "memory 1").Memory("1").Export("m", "memory 1"), ""},
		{"two imports", m().Import("m", "m", "memory 1").Import("m", "n", "memory 1"), ""},
		{"data for the second", twoMemories().Data("(memory 1) i32.const 0", "x"), ""},
		{"data for the first, written out", m().Memory("1").Memory("1").Raw(11, []byte{1, 2, 0, 0x41, 0, 0x0b, 0}), ""},
		{"second at fault", m().Memory("1").Memory("@2 1"), "size minimum must not be greater than maximum"},
		{"data for an unknown memory", m().Memory("1").Data("(memory @1) i32.const 0", "x"), "unknown memory 1"},
	})
	unknown := m().Memory("1").Memory("1").Export("m", "memory 2")
	checkRefusedAt(t, ops.Wasm3, unknown, len(unknown.Bytes())-1, refusal{kind: validator.Invalid, message: "unknown memory 2", fn: -1})
}

func TestMultiMemoryOff(t *testing.T) {
	m := validatortest.NewModule
	checkFeature(t, ops.Wasm3, "multi-memory", []gatedTest{
		{"second memory", m().Memory("1").Memory("@1"), validator.Invalid, "multiple memories", -1, 0},
		{"second import", m().Import("m", "m", "memory 1").Import("m", "n", "memory @1"), validator.Invalid, "multiple memories", -1, -5},
		{"import and memory", m().Import("m", "m", "memory 1").Memory("@1"), validator.Invalid, "multiple memories", -1, 0},
		{"load", twoMemories().Func(0, "", "i32.const 0 @i32.load 1 drop"), validator.Malformed, "malformed memop flags", 0, 1},
		{"store", twoMemories().Func(0, "", "i32.const 0 i32.const 0 @i32.store 1"), validator.Malformed, "malformed memop flags", 0, 1},
		{"vector load", twoMemories().Func(0, "", "i32.const 0 @v128.load 1 drop"), validator.Malformed, "malformed memop flags", 0, 2},
		{"memory.size", twoMemories().Func(0, "", "@memory.size 1 drop"), validator.Malformed, "zero byte expected", 0, 1},
		{"memory.grow", twoMemories().Func(0, "", "i32.const 0 @memory.grow 1 drop"), validator.Malformed, "zero byte expected", 0, 1},
		{"memory.fill", twoMemories().Func(0, "", "unreachable @memory.fill 1"), validator.Malformed, "zero byte expected", 0, 2},
		{"memory.copy to", twoMemories().Func(0, "", "unreachable @memory.copy 1 0"), validator.Malformed, "zero byte expected", 0, 2},
		{"memory.copy from", twoMemories().Func(0, "", "unreachable @memory.copy 0 1"), validator.Malformed, "zero byte expected", 0, 3},
		{"memory.init", twoMemories().Func(0, "", "unreachable @memory.init 1 0"), validator.Malformed, "zero byte expected", 0, 3},
	})
}
