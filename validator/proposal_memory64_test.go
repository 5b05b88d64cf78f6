package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// memories64 declares memory 0 with 64-bit addresses and memory 1 with 32-bit
// ones, and tables likewise, for the bodies of function 0.
var memories64 = bodySuite{ops.Default, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").Type("func (param i32)").
		Memory("i64 1 2 shared").Memory("1 2").
		Table("i64 1 10 funcref").Table("1 funcref").
		Data("", "data").Elem("funcref (ref.null func)")
}, 0}

// constants has a constant of each type.
var constants = map[string]string{
	"i32": "i32.const 0", "i64": "i64.const 0", "f32": "f32.const 0", "f64": "f64.const 0",
	"v128": "v128.const i64x2 0 0", "funcref": "ref.null func",
}

// Every operator that takes an address takes one of the memory's type.
func TestAddressesOfMemory64(t *testing.T) {
	loads := map[string]string{
		"i32.load": "i32", "i64.load": "i64", "f32.load": "f32", "f64.load": "f64",
		"i32.load8_s": "i32", "i32.load8_u": "i32", "i32.load16_s": "i32", "i32.load16_u": "i32",
		"i64.load8_s": "i64", "i64.load8_u": "i64", "i64.load16_s": "i64", "i64.load16_u": "i64",
		"i64.load32_s": "i64", "i64.load32_u": "i64",
		"v128.load": "v128", "v128.load8x8_s": "v128", "v128.load8x8_u": "v128", "v128.load16x4_s": "v128",
		"v128.load16x4_u": "v128", "v128.load32x2_s": "v128", "v128.load32x2_u": "v128", "v128.load8_splat": "v128",
		"v128.load16_splat": "v128", "v128.load32_splat": "v128", "v128.load64_splat": "v128",
		"v128.load32_zero": "v128", "v128.load64_zero": "v128",
		"i32.atomic.load": "i32", "i64.atomic.load": "i64", "i32.atomic.load8_u": "i32", "i64.atomic.load32_u": "i64",
	}
	var tests []bodyTest
	for load, result := range loads {
		tests = append(tests,
			bodyTest{load, result, "i64.const 0 " + load + " local.set 0", ""},
			bodyTest{load + " of the other memory", result, "i32.const 0 " + load + " 1 local.set 0", ""},
			bodyTest{load + " at a 32-bit address", "", "i32.const 0 @" + load + " drop", "type mismatch"},
			bodyTest{load + " of the other memory at a 64-bit address", "", "i64.const 0 @" + load + " 1 drop", "type mismatch"},
			bodyTest{load + " without address", "", "@" + load + " drop", "type mismatch"},
		)
	}
	stores := map[string]string{
		"i32.store": "i32", "i64.store": "i64", "f32.store": "f32", "f64.store": "f64", "v128.store": "v128",
		"i32.store8": "i32", "i32.store16": "i32", "i64.store8": "i64", "i64.store16": "i64", "i64.store32": "i64",
		"i32.atomic.store": "i32", "i64.atomic.store8": "i64",
	}
	for store, value := range stores {
		other := "i64"
		if value == "i64" {
			other = "i32"
		}
		tests = append(tests,
			bodyTest{store, "", "i64.const 0 " + constants[value] + " " + store, ""},
			bodyTest{store + " at a 32-bit address", "", "i32.const 0 " + constants[value] + " @" + store, "type mismatch"},
			bodyTest{store + " to the other memory at a 64-bit address", "", "i64.const 0 " + constants[value] + " @" + store + " 1", "type mismatch"},
			bodyTest{store + " of another type", "", "i64.const 0 " + constants[other] + " @" + store, "type mismatch"},
			bodyTest{store + " without value", "", "i64.const 0 @" + store, "type mismatch"},
		)
	}
	memories64.check(t, tests)
}

func TestOtherAccessesOfMemory64(t *testing.T) {
	memories64.check(t, []bodyTest{
		{"lane load", "v128", "i64.const 0 local.get 0 v128.load8_lane 0 local.set 0", ""},
		{"lane load at a 32-bit address", "v128", "i32.const 0 local.get 0 @v128.load64_lane 0 drop", "type mismatch"},
		{"lane store", "v128", "i64.const 0 local.get 0 v128.store16_lane 0", ""},
		{"lane store at a 32-bit address", "v128", "i32.const 0 local.get 0 @v128.store32_lane 0", "type mismatch"},
		{"atomic add", "", "i64.const 0 i32.const 0 i32.atomic.rmw.add i32.eqz drop", ""},
		{"atomic add at a 32-bit address", "", "i32.const 0 i32.const 0 @i32.atomic.rmw.add drop", "type mismatch"},
		{"atomic compare and exchange", "", "i64.const 0 i64.const 0 i64.const 0 i64.atomic.rmw.cmpxchg i64.eqz drop", ""},
		{"atomic compare and exchange at a 32-bit address", "", "i32.const 0 i64.const 0 i64.const 0 @i64.atomic.rmw.cmpxchg drop", "type mismatch"},
		{"notify", "", "i64.const 0 i32.const 0 memory.atomic.notify i32.eqz drop", ""},
		{"notify with a 64-bit count", "", "i64.const 0 i64.const 0 @memory.atomic.notify drop", "type mismatch"},
		{"wait", "", "i64.const 0 i32.const 0 i64.const 0 memory.atomic.wait32 i32.eqz drop", ""},
		{"wait at a 32-bit address", "", "i32.const 0 i32.const 0 i64.const 0 @memory.atomic.wait32 drop", "type mismatch"},
	})
}

func TestMemory64(t *testing.T) {
	memories64.check(t, []bodyTest{
		{"memory.size", "", "memory.size i64.eqz drop", ""},
		{"memory.size is of 64 bits", "", "memory.size @i32.eqz drop", "type mismatch"},
		{"memory.size of the other memory", "", "memory.size 1 i32.eqz drop", ""},
		{"memory.grow", "", "i64.const 0 memory.grow i64.eqz drop", ""},
		{"memory.grow by 32 bits", "", "i32.const 0 @memory.grow drop", "type mismatch"},
		{"memory.grow is of 64 bits", "", "i64.const 0 memory.grow @i32.eqz drop", "type mismatch"},
		{"memory.grow by nothing", "", "@memory.grow drop", "type mismatch"},
		{"memory.fill", "", "i64.const 0 i32.const 0 i64.const 0 memory.fill", ""},
		{"memory.fill at a 32-bit address", "", "i32.const 0 i32.const 0 i64.const 0 @memory.fill", "type mismatch"},
		{"memory.fill with 64 bits", "", "i64.const 0 i64.const 0 i64.const 0 @memory.fill", "type mismatch"},
		{"memory.fill of a 32-bit length", "", "i64.const 0 i32.const 0 i32.const 0 @memory.fill", "type mismatch"},
		{"memory.copy", "", "i64.const 0 i64.const 0 i64.const 0 memory.copy", ""},
		{"memory.copy with a 32-bit source", "", "i64.const 0 i32.const 0 i64.const 0 @memory.copy", "type mismatch"},
		{"memory.copy of a 32-bit length", "", "i64.const 0 i64.const 0 i32.const 0 @memory.copy", "type mismatch"},
		{"memory.copy from the other memory", "", "i64.const 0 i32.const 0 i32.const 0 memory.copy 0 1", ""},
		{"memory.copy from the other memory, 64-bit length", "", "i64.const 0 i32.const 0 i64.const 0 @memory.copy 0 1", "type mismatch"},
		{"memory.copy from the other memory, 64-bit source", "", "i64.const 0 i64.const 0 i32.const 0 @memory.copy 0 1", "type mismatch"},
		{"memory.copy to the other memory", "", "i32.const 0 i64.const 0 i32.const 0 memory.copy 1 0", ""},
		{"memory.copy to the other memory, 64-bit length", "", "i32.const 0 i64.const 0 i64.const 0 @memory.copy 1 0", "type mismatch"},
		{"memory.copy to the other memory, 64-bit destination", "", "i64.const 0 i64.const 0 i32.const 0 @memory.copy 1 0", "type mismatch"},
		{"memory.init", "", "i64.const 0 i32.const 0 i32.const 0 memory.init 0", ""},
		{"memory.init at a 32-bit address", "", "i32.const 0 i32.const 0 i32.const 0 @memory.init 0", "type mismatch"},
		{"memory.init of a 64-bit length", "", "i64.const 0 i32.const 0 i64.const 0 @memory.init 0", "type mismatch"},
		{"memory.init from a 64-bit source", "", "i64.const 0 i64.const 0 i32.const 0 @memory.init 0", "type mismatch"},
		{"largest offset", "", "i64.const 0 i32.load offset=0xffff_ffff_ffff_ffff drop", ""},
		{"largest offset of the other memory", "", "i32.const 0 i32.load 1 offset=0xffff_ffff drop", ""},
		{"offset out of range of the other memory", "", "i32.const 0 @i32.load 1 offset=0x1_0000_0000 drop", "offset out of range"},
		{"offset out of range, unreachable", "", "unreachable @i64.store 1 offset=0x1_0000_0000", "offset out of range"},
		{"alignment larger than natural", "", "i64.const 0 @i32.load align=8 drop", "alignment must not be larger than natural"},
	})
}

func TestTable64(t *testing.T) {
	memories64.check(t, []bodyTest{
		{"table.get", "funcref", "i64.const 0 table.get 0 local.set 0", ""},
		{"table.get at a 32-bit index", "", "i32.const 0 @table.get 0 drop", "type mismatch"},
		{"table.get of the other table at a 64-bit index", "", "i64.const 0 @table.get 1 drop", "type mismatch"},
		{"table.set", "", "i64.const 0 ref.null func table.set 0", ""},
		{"table.set at a 32-bit index", "", "i32.const 0 ref.null func @table.set 0", "type mismatch"},
		{"table.size", "", "table.size 0 i64.eqz drop", ""},
		{"table.size is of 64 bits", "", "table.size 0 @i32.eqz drop", "type mismatch"},
		{"table.size of the other table", "", "table.size 1 i32.eqz drop", ""},
		{"table.grow", "", "ref.null func i64.const 0 table.grow 0 i64.eqz drop", ""},
		{"table.grow by 32 bits", "", "ref.null func i32.const 0 @table.grow 0 drop", "type mismatch"},
		{"table.grow is of 64 bits", "", "ref.null func i64.const 0 table.grow 0 @i32.eqz drop", "type mismatch"},
		{"table.fill", "", "i64.const 0 ref.null func i64.const 0 table.fill 0", ""},
		{"table.fill at a 32-bit index", "", "i32.const 0 ref.null func i64.const 0 @table.fill 0", "type mismatch"},
		{"table.fill of a 32-bit length", "", "i64.const 0 ref.null func i32.const 0 @table.fill 0", "type mismatch"},
		{"table.copy", "", "i64.const 0 i64.const 0 i64.const 0 table.copy 0 0", ""},
		{"table.copy of a 32-bit length", "", "i64.const 0 i64.const 0 i32.const 0 @table.copy 0 0", "type mismatch"},
		{"table.copy from the other table", "", "i64.const 0 i32.const 0 i32.const 0 table.copy 0 1", ""},
		{"table.copy from the other table, 64-bit length", "", "i64.const 0 i32.const 0 i64.const 0 @table.copy 0 1", "type mismatch"},
		{"table.copy to the other table", "", "i32.const 0 i64.const 0 i32.const 0 table.copy 1 0", ""},
		{"table.copy to the other table, 64-bit destination", "", "i64.const 0 i64.const 0 i32.const 0 @table.copy 1 0", "type mismatch"},
		{"table.init", "", "i64.const 0 i32.const 0 i32.const 0 table.init 0", ""},
		{"table.init at a 32-bit index", "", "i32.const 0 i32.const 0 i32.const 0 @table.init 0", "type mismatch"},
		{"table.init of a 64-bit length", "", "i64.const 0 i32.const 0 i64.const 0 @table.init 0", "type mismatch"},
		{"call_indirect", "", "i32.const 0 i64.const 0 call_indirect (type 1)", ""},
		{"call_indirect at a 32-bit index", "", "i32.const 0 i32.const 0 @call_indirect (type 1)", "type mismatch"},
		{"call_indirect through the other table", "", "i32.const 0 i32.const 0 call_indirect 1 (type 1)", ""},
		{"return_call_indirect", "", "i64.const 0 return_call_indirect (type 0)", ""},
		{"return_call_indirect at a 32-bit index", "", "i32.const 0 @return_call_indirect (type 0)", "type mismatch"},
	})
}

func TestDeclarationsOf64Bits(t *testing.T) {
	m := validatortest.NewModule
	checkModules(t, ops.Wasm3, []moduleTest{
		{"largest memory", m().Memory("i64 0x1_0000_0000_0000"), ""},
		{"largest maximum of a memory", m().Memory("i64 0 0x1_0000_0000_0000"), ""},
		{"memory too large", m().Memory("@i64 0x1_0000_0000_0001"), "memory size must be at most"},
		{"maximum of a memory too large", m().Memory("@i64 0 0x1_0000_0000_0001"), "memory size must be at most"},
		{"memory, minimum above maximum", m().Memory("@i64 2 1"), "size minimum must not be greater than maximum"},
		{"memory with 32-bit addresses too large", m().Memory("@65537"), "memory size must be at most 65536 pages (4GiB)"},
		{"imported", m().Import("m", "m", "memory i64 1"), ""},
		{"imported, too large", m().Import("m", "m", "memory @i64 0x1_0000_0000_0001"), "memory size must be at most"},
		{"largest table", m().Table("i64 0 0xffff_ffff_ffff_ffff funcref"), ""},
		{"table, minimum above maximum", m().Table("@i64 2 1 funcref"), "size minimum must not be greater than maximum"},
		{"table with 32-bit indices too large", m().Table("@0 0x1_0000_0000 funcref"), "table size"},
		{"imported table", m().Import("m", "t", "table i64 1 funcref"), ""},
		{"data", m().Memory("i64 1").Data("i64.const 0", "x"), ""},
		{"data at an imported global", m().Import("m", "g", "global i64").Memory("i64 1").Data("global.get 0", "x"), ""},
		{"elements", m().Table("i64 1 funcref").Elem("(offset i64.const 0) funcref (ref.null func)"), ""},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"data at a 32-bit address", m().Memory("i64 1").Data("@i32.const 0", "x"), invalidAfter(2, "type mismatch")},
		{"data at a 64-bit address of a 32-bit memory", m().Memory("1").Data("@i64.const 0", "x"), invalidAfter(2, "type mismatch")},
		{"elements at a 32-bit index", m().Table("i64 1 funcref").Elem("(offset @i32.const 0) funcref (ref.null func)"), invalidAfter(2, "type mismatch")},
		{"elements at a 64-bit index of a 32-bit table", m().Table("1 funcref").Elem("(offset @i64.const 0) funcref (ref.null func)"), invalidAfter(2, "type mismatch")},
	})
}

func TestMemory64Off(t *testing.T) {
	m := validatortest.NewModule
	checkFeature(t, ops.Wasm3, "memory64", []gatedTest{
		{"memory", m().Memory("@i64 1"), validator.Malformed, "malformed limits flags", -1, 0},
		{"memory with maximum", m().Memory("@i64 1 2"), validator.Malformed, "malformed limits flags", -1, 0},
		{"imported memory", m().Import("m", "m", "memory @i64 1"), validator.Malformed, "malformed limits flags", -1, 0},
		{"table", m().Table("@i64 1 funcref"), validator.Malformed, "malformed limits flags", -1, 1},
		{"imported table", m().Import("m", "t", "table @i64 1 funcref"), validator.Malformed, "malformed limits flags", -1, 1},
	})
	// Offsets have 32 bits then, in the grammar as well.
	far := m().Type("func").Memory("1").Func(0, "", "i32.const 0 @i32.load offset=0x1_0000_0000 drop")
	checkRefused(t, ops.Wasm3, far, refusal{kind: validator.Invalid, message: "offset out of range"})
	checkRefused(t, ops.Wasm2, far, refusal{kind: validator.Malformed, message: "integer too large", feature: "memory64", after: 2})
}
