package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// aggregates declares types for constant expressions, and global 0, imported.
func aggregates() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("struct (field i32 anyref)").
		Type("array i8").
		Type("struct (field (ref 1))").
		Type("array (ref 1)").
		Import("m", "g", "global externref").
		Data("", "data").Elem("funcref (ref.null func)").
		Func(0, "", "").Export("f", "func 0")
}

func TestConstantAggregates(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"struct.new", aggregates().Global("(ref 1)", "i32.const 0 ref.null none struct.new 1"), ""},
		{"struct.new_default", aggregates().Global("(ref 1)", "struct.new_default 1"), ""},
		{"array.new", aggregates().Global("(ref 2)", "i32.const 0 i32.const 3 array.new 2"), ""},
		{"array.new_default", aggregates().Global("(ref 2)", "i32.const 3 array.new_default 2"), ""},
		{"array.new_fixed", aggregates().Global("(ref 4)", "struct.new_default 1 array.new_fixed 4 1"), ""},
		{"nested", aggregates().Global("(ref 3)", "i32.const 0 ref.null any struct.new 1 struct.new 3"), ""},
		{"ref.i31", aggregates().Global("(ref i31)", "i32.const 0 ref.i31"), ""},
		{"any.convert_extern", aggregates().Global("anyref", "global.get 0 any.convert_extern"), ""},
		{"extern.convert_any", aggregates().Global("(ref extern)", "i32.const 0 ref.i31 extern.convert_any"), ""},
		{"global.get of a global of the module", aggregates().Global("(ref 1)", "struct.new_default 1").Global("structref", "global.get 1"), ""},
		{"element of a segment", aggregates().Elem("(ref 1) (struct.new_default 1)"), ""},
		{"initial value of a table", aggregates().Table("1 (ref 2)", "array.new_fixed 2 0"), ""},
		{"field of another type", aggregates().Global("(ref 1)", "i64.const 0 ref.null any @struct.new 1"), "type mismatch"},
		{"field without default", aggregates().Global("(ref 3)", "@struct.new_default 3"), "type mismatch"},
		{"unknown type", aggregates().Global("anyref", "@struct.new 99"), "unknown type 99"},
		{"struct.get", aggregates().Global("i32", "struct.new_default 1 @struct.get 1 0"), "constant expression required"},
		{"array.get_u", aggregates().Global("i32", "array.new_fixed 2 0 i32.const 0 @array.get_u 2"), "constant expression required"},
		{"array.len", aggregates().Global("i32", "array.new_fixed 2 0 @array.len"), "constant expression required"},
		{"array.new_data", aggregates().Global("(ref 2)", "i32.const 0 i32.const 0 @array.new_data 2 0"), "constant expression required"},
		{"array.new_elem", aggregates().Global("anyref", "i32.const 0 i32.const 0 @array.new_elem 4 0"), "constant expression required"},
		{"i31.get_s", aggregates().Global("i32", "i32.const 0 ref.i31 @i31.get_s"), "constant expression required"},
		{"ref.cast", aggregates().Global("(ref 1)", "ref.null any @ref.cast (ref 1)"), "constant expression required"},
		{"ref.test", aggregates().Global("i32", "ref.null any @ref.test (ref 1)"), "constant expression required"},
		{"ref.eq", aggregates().Global("i32", "ref.null eq ref.null eq @ref.eq"), "constant expression required"},
		{"ref.as_non_null", aggregates().Global("(ref any)", "ref.null any @ref.as_non_null"), "constant expression required"},
		{"global.get of a mutable global", aggregates().Global("mut i32", "i32.const 0").Global("i32", "@global.get 1"), "constant expression required"},
		{"global.get of itself", aggregates().Global("i32", "@global.get 1"), "unknown global 1"},
		{"global.get of a later global", aggregates().Global("i32", "@global.get 2").Global("i32", "i32.const 0"), "unknown global 2"},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"result of another type", aggregates().Global("(ref 1)", "@array.new_fixed 2 0"), invalidAfter(4, "type mismatch")},
		{"result null", aggregates().Global("(ref 1)", "@ref.null 1"), invalidAfter(2, "type mismatch")},
	})
}

// Only a function type is the type of a function, a call or a block.
func TestTypesThatAreNoFunctions(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("struct").Type("array i8").Table("1 funcref")
	}
	const message = "type mismatch: type 1 is struct and not func"
	function := validatortest.NewModule().Type("func").Type("struct").FuncType(1)
	checkRefusedAt(t, ops.Wasm3, function.Body([]byte{0, 0x0b}, -1), len(validatortest.NewModule().Type("func").Type("struct").Bytes())+3,
		refusal{kind: validator.Invalid, message: message, fn: -1})
	imported := base().Import("m", "f", "func 1")
	checkRefusedAt(t, ops.Wasm3, imported, len(imported.Bytes())-len("\x04\x04\x01\x70\x00\x01")-1,
		refusal{kind: validator.Invalid, message: message, fn: -1})
	bodySuite{ops.Wasm3, base, 0}.check(t, []bodyTest{
		{"call_indirect", "", "unreachable @call_indirect (type 1)", message},
		{"return_call_indirect", "", "unreachable @return_call_indirect (type 1)", message},
		{"call_ref", "", "unreachable @call_ref 1", message},
		{"return_call_ref", "", "unreachable @return_call_ref 1", message},
		{"block", "", "@block (type 1) end", message},
		{"block with an array", "", "@block (type 2) end", "type mismatch: type 2 is array and not func"},
	})
}

func TestGCOff(t *testing.T) {
	emptyType := func() *validatortest.Module { return validatortest.NewModule().Type("func") }
	with := ops.Wasm3
	checkFeature(t, with, "gc", []gatedTest{
		{"structure type", validatortest.NewModule().Type("@struct (field i32)"), validator.Malformed, "malformed definition type", -1, 0},
		{"array type", validatortest.NewModule().Type("@array i32"), validator.Malformed, "malformed definition type", -1, 0},
		{"recursion group", validatortest.NewModule().Raw(1, []byte{1, 0x4e, 1, 0x60, 0, 0}).Func(0, "", "@nop"), validator.Malformed, "malformed definition type", -1, -14},
		{"sub", validatortest.NewModule().Type("@sub (func)"), validator.Malformed, "malformed definition type", -1, 0},
		{"sub final", validatortest.NewModule().Type("@sub final (func)"), validator.Malformed, "malformed definition type", -1, 0},
		{"anyref", emptyType().Func(0, "@anyref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"eqref", emptyType().Func(0, "@eqref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"i31ref", emptyType().Func(0, "@i31ref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"structref", emptyType().Func(0, "@structref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"arrayref", emptyType().Func(0, "@arrayref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"nullref", emptyType().Func(0, "@nullref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"nullfuncref", emptyType().Func(0, "@nullfuncref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"nullexternref", emptyType().Func(0, "@nullexternref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"global of the module in a constant expression", emptyType().Global("i32", "i32.const 0").Global("i32", "@global.get 0"), validator.Invalid, "unknown global 0", -1, 0},
	})
	checkFeature(t, with, "gc", gatedBodies(emptyType,
		"unreachable @ref.test (ref func) drop",
		"unreachable @ref.test (ref null func) drop",
		"unreachable @ref.cast (ref func) drop",
		"unreachable @ref.cast (ref null func) drop",
		"block (result funcref) unreachable @br_on_cast 0 funcref (ref func) end drop",
		"block (result funcref) unreachable @br_on_cast_fail 0 funcref (ref func) end drop",
		"unreachable @ref.eq drop",
		"unreachable @array.len drop",
		"unreachable @ref.i31 drop",
		"unreachable @i31.get_s drop",
		"unreachable @i31.get_u drop",
		"unreachable @any.convert_extern drop",
		"unreachable @extern.convert_any drop",
	))
	// Without a structure or array type, which nobody can declare then, these
	// are not valid with the proposal either; but they decode.
	for _, code := range []string{
		"unreachable @struct.new 0 drop",
		"unreachable @struct.new_default 0 drop",
		"unreachable @struct.get 0 0 drop",
		"unreachable @struct.get_s 0 0 drop",
		"unreachable @struct.get_u 0 0 drop",
		"unreachable @struct.set 0 0",
		"unreachable @array.new 0 drop",
		"unreachable @array.new_default 0 drop",
		"unreachable @array.new_fixed 0 0 drop",
		"unreachable @array.new_data 0 0 drop",
		"unreachable @array.new_elem 0 0 drop",
		"unreachable @array.get 0 drop",
		"unreachable @array.get_s 0 drop",
		"unreachable @array.get_u 0 drop",
		"unreachable @array.set 0",
		"unreachable @array.fill 0",
		"unreachable @array.copy 0 0",
		"unreachable @array.init_data 0 0",
		"unreachable @array.init_elem 0 0",
	} {
		t.Run(marked.FindStringSubmatch(code)[1], func(t *testing.T) {
			off, err := ops.ParseFeatures("wasm3,-gc")
			is.New(t).NoErr(err)
			checkModule(t, with, emptyType().Data("", "").Elem("funcref (ref.null func)").Func(0, "", code), "type mismatch")
			checkRefused(t, off, emptyType().Func(0, "", code), refusal{kind: validator.Malformed, message: "illegal opcode", feature: "gc"})
		})
	}
}
