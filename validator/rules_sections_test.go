package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestImports(t *testing.T) {
	one := func(text string) *validatortest.Module {
		return validatortest.NewModule().Type("func").Import("m", "x", text)
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"function", one("func 0"), ""},
		{"table", one("table 1 2 funcref"), ""},
		{"table without maximum", one("table 1 externref"), ""},
		{"memory", one("memory 1 2"), ""},
		{"shared memory", one("memory 1 2 shared"), ""},
		{"global", one("global i32"), ""},
		{"mutable global", one("global mut v128"), ""},
		{"one name twice", one("func 0").Import("m", "x", "global i32"), ""},
		{"no names", validatortest.NewModule().Import("", "", "global i32"), ""},
		{"function of unknown type", one("func @1"), "unknown type 1"},
		{"table with a maximum below its minimum", one("table @2 1 funcref"), "size minimum must not be greater than maximum"},
		{"memory with a maximum below its minimum", one("memory @2 1"), "size minimum must not be greater than maximum"},
		{"memory too large", one("memory @65537"), "memory size must be at most 65536 pages (4GiB)"},
		{"memory with too large a maximum", one("memory @1 65537"), "memory size must be at most 65536 pages (4GiB)"},
		{"shared memory without maximum", one("memory @1 shared"), "shared memory must have maximum"},
		{"two memories", hexModule("02 0f 02 01 6d 01 78 02 00 01 @01 6d 01 79 02 00 01"), "multiple memories"},
		{"global that is mutable in a third way", hexModule("02 06 01 00 00 03 7f @02"), "malformed: malformed mutability"},
		{"kind that nobody defined", hexModule("02 04 01 00 00 @05"), "malformed: malformed import kind"},
		{"name that is no UTF-8", hexModule("02 06 01 @01 ff 00 00 00"), "malformed: malformed UTF-8 encoding"},
	})
}

func TestFunctions(t *testing.T) {
	checkModuleCases(t, wasm2, []moduleCase{
		{"known type", hexModule("01 04 01 60 00 00  03 02 01 00  0a 04 01 02 00 0b"), ""},
		{"unknown type", hexModule("01 04 01 60 00 00  03 02 01 @01  0a 04 01 02 00 0b"), "unknown type 1"},
		{"no types", hexModule("03 02 01 @00  0a 04 01 02 00 0b"), "unknown type 0"},
		{"fewer bodies than functions", hexModule("01 04 01 60 00 00  03 03 02 00 00  0a 04 @01 02 00 0b"), "malformed: function and code section have inconsistent lengths"},
		{"more bodies than functions", hexModule("01 04 01 60 00 00  03 02 01 00  0a 07 @02 02 00 0b 02 00 0b"), "malformed: function and code section have inconsistent lengths"},
		{"functions without code", hexModule("01 04 01 60 00 00  03 02 01 00 @"), "malformed: function and code section have inconsistent lengths"},
		{"code without functions", hexModule("0a 04 @01 02 00 0b"), "malformed: function and code section have inconsistent lengths"},
		{"no functions and no code", hexModule("03 01 00  0a 01 00"), ""},
		{"empty code section only", hexModule("0a 01 00"), ""},
		{"empty function section only", hexModule("03 01 00"), ""},
	})
}

func TestTables(t *testing.T) {
	one := func(text string) *validatortest.Module { return validatortest.NewModule().Table(text) }
	checkModuleCases(t, wasm2, []moduleCase{
		{"minimum", one("0 funcref"), ""},
		{"maximum", one("1 1 externref"), ""},
		{"largest", one("0xffff_ffff 0xffff_ffff funcref"), ""},
		{"several", one("0 funcref").Table("0 externref"), ""},
		{"maximum below minimum", one("@2 1 funcref"), "size minimum must not be greater than maximum"},
		{"second of two", one("2 funcref").Table("@1 0 funcref"), "size minimum must not be greater than maximum"},
		{"elements are no references", hexModule("04 04 01 @7f 00 00"), "malformed: malformed reference type"},
		{"flags that nobody defined", hexModule("04 04 01 70 @08 00"), "malformed: malformed limits flags"},
	})
}

func TestMemories(t *testing.T) {
	one := func(text string) *validatortest.Module { return validatortest.NewModule().Memory(text) }
	const tooLarge = "memory size must be at most 65536 pages (4GiB)"
	checkModuleCases(t, wasm2, []moduleCase{
		{"minimum", one("0"), ""},
		{"maximum", one("1 1"), ""},
		{"largest", one("65536 65536"), ""},
		{"shared", one("0 65536 shared"), ""},
		{"maximum below minimum", one("@2 1"), "size minimum must not be greater than maximum"},
		{"too large", one("@65537"), tooLarge},
		{"largest number", one("@0xffff_ffff"), tooLarge},
		{"too large a maximum", one("@0 65537"), tooLarge},
		{"too large, shared", one("@0 65537 shared"), tooLarge},
		{"shared without maximum", one("@1 shared"), "shared memory must have maximum"},
		{"two", one("0").Memory("@0"), "multiple memories"},
		{"one imported", one("@0").Import("m", "m", "memory 0"), "multiple memories"},
		{"flags that nobody defined", hexModule("05 03 01 @10 00"), "malformed: malformed limits flags"},
		{"flags longer than a byte", hexModule("05 05 01 @81 00 00 00"), "malformed: malformed limits flags"},
	})
}

func TestGlobals(t *testing.T) {
	one := func(text, init string) *validatortest.Module {
		return validatortest.NewModule().Type("func").
			Import("m", "i", "global i32").Import("m", "m", "global mut i32").Import("m", "f", "func 0").
			Global(text, init)
	}
	const notConst = "constant expression required"
	checkModuleCases(t, wasm2, []moduleCase{
		{"i32", one("i32", "i32.const 1"), ""},
		{"i64", one("mut i64", "i64.const 1"), ""},
		{"f32", one("f32", "f32.const 1"), ""},
		{"f64", one("mut f64", "f64.const 1"), ""},
		{"v128", one("v128", "v128.const i64x2 1 1"), ""},
		{"null", one("funcref", "ref.null func"), ""},
		{"null external", one("mut externref", "ref.null extern"), ""},
		{"function", one("funcref", "ref.func 0"), ""},
		{"imported global", one("mut i32", "global.get 0"), ""},
		{"nothing", hexModule("06 04 01 7f 00 @0b"), "type mismatch"},
		{"of another type", hexModule("06 06 01 7f 00 42 00 @0b"), "type mismatch"},
		{"two values", hexModule("06 08 01 7f 00 41 00 41 00 @0b"), "type mismatch"},
		{"nop", one("i32", "@nop i32.const 0"), notConst},
		{"operator", one("i32", "i32.const 0 @i32.eqz"), notConst},
		{"operator of extended constants", one("i32", "i32.const 0 i32.const 0 @i32.add"), notConst},
		{"vector operator", one("v128", "v128.const i64x2 0 0 @v128.not"), notConst},
		{"call", one("i32", "@call 0"), notConst},
		{"block", one("i32", "@block (result i32) i32.const 0 end"), notConst},
		{"local", one("i32", "@local.get 0"), notConst},
		{"mutable global", one("i32", "@global.get 1"), notConst},
		{"itself", one("i32", "@global.get 2"), "unknown global"},
		{"unknown global", one("i32", "@global.get 9"), "unknown global 9"},
		{"unknown function", one("funcref", "@ref.func 1"), "unknown function 1"},
		{"global of the module before it", one("i32", "i32.const 0").Global("i32", "@global.get 2"), "unknown global"},
		{"mutable in a third way", hexModule("06 06 01 7f @02 41 00 0b"), "malformed: malformed mutability"},
		{"no end", hexModule("06 05 01 7f 00 41 00 @"), "malformed: unexpected end"},
	})
	// With the garbage collector, a global may refer to those before it.
	checkModuleCases(t, ops.Wasm3, []moduleCase{
		{"global before it", one("i32", "i32.const 0").Global("i32", "global.get 2"), ""},
		{"mutable global before it", one("mut i32", "i32.const 0").Global("i32", "@global.get 2"), notConst},
		{"itself, once more", one("i32", "@global.get 2"), "unknown global 2"},
		{"extended constants", one("i64", "i64.const 1 i64.const 2 i64.add i64.const 3 i64.mul i64.const 4 i64.sub"), ""},
		{"operand of another type", one("i32", "i32.const 0 i64.const 0 @i32.add"), "type mismatch"},
		{"operand missing", one("i32", "i32.const 0 @i32.add"), "type mismatch"},
	})
}

func TestExports(t *testing.T) {
	all := func() *validatortest.Module {
		return withBody("").Table("0 funcref").Memory("0").Global("i32", "i32.const 0")
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"function", all().Export("f", "func 0"), ""},
		{"table", all().Export("t", "table 0"), ""},
		{"memory", all().Export("m", "memory 0"), ""},
		{"global", all().Export("g", "global 0"), ""},
		{"one twice", all().Export("a", "func 0").Export("b", "func 0"), ""},
		{"no name", all().Export("", "func 0"), ""},
		{"unknown function", all().Export("f", "func @1"), "unknown function 1"},
		{"unknown table", all().Export("t", "table @1"), "unknown table 1"},
		{"unknown memory", all().Export("m", "memory @1"), "unknown memory 1"},
		{"unknown global", all().Export("g", "global @1"), "unknown global 1"},
		{"one name twice", hexModule("05 03 01 00 00  07 09 02 01 61 02 00 @01 61 02 00"), "duplicate export name"},
		{"one name for two kinds", hexModule("04 04 01 70 00 00  05 03 01 00 00  07 09 02 01 61 02 00 @01 61 01 00"), "duplicate export name"},
		{"no name twice", hexModule("05 03 01 00 00  07 07 02 00 02 00 @00 02 00"), "duplicate export name"},
		{"kind that nobody defined", hexModule("05 03 01 00 00  07 05 01 01 61 @05 00"), "malformed: malformed export kind"},
	})
}

func TestStart(t *testing.T) {
	checkModuleCases(t, wasm2, []moduleCase{
		{"function", withBody("").Start(0), ""},
		{"imported function", validatortest.NewModule().Type("func").Import("m", "f", "func 0").Start(0), ""},
		{"unknown function", hexModule("08 01 @00"), "unknown function 0"},
		{"function with a parameter", hexModule("01 05 01 60 01 7f 00  03 02 01 00  08 01 @00  0a 04 01 02 00 0b"), "start function"},
		{"function with a result", hexModule("01 05 01 60 00 01 7f  03 02 01 00  08 01 @00  0a 06 01 04 00 41 00 0b"), "start function"},
	})
}

// A table that is not named is at fault where its index would stand.
func TestElementSegments(t *testing.T) {
	base := func() *validatortest.Module {
		return withBody("").Table("1 funcref").Table("1 externref").
			Import("m", "i", "global i32").Import("m", "l", "global i64").Import("m", "v", "global mut i32")
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"active", base().Elem("(offset i32.const 0) func 0 0"), ""},
		{"active, global", base().Elem("(offset global.get 0) func 0"), ""},
		{"active, empty", base().Elem("(offset i32.const 0) func"), ""},
		{"active, externals", base().Elem("(table 1) (offset i32.const 0) externref (ref.null extern)"), ""},
		{"passive", base().Elem("func 0"), ""},
		{"passive, expressions", base().Elem("funcref (ref.func 0) (ref.null func)"), ""},
		{"passive, externals", base().Elem("externref (ref.null extern)"), ""},
		{"declarative", base().Elem("declare func 0"), ""},
		{"unknown table", hexModule("09 06 01 00 @41 00 0b 00"), "unknown table 0"},
		{"unknown table with an index", hexModule("04 04 01 70 00 00  09 08 01 02 @01 41 00 0b 00 00"), "unknown table 1"},
		{"unknown function", base().Elem("(offset i32.const 0) func 0 @1"), "unknown function 1"},
		{"unknown function, passive", base().Elem("func @1"), "unknown function 1"},
		{"unknown function, declarative", base().Elem("declare func @1"), "unknown function 1"},
		{"unknown function, expression", base().Elem("funcref (@ref.func 1)"), "unknown function 1"},
		{"offset of another type", hexModule("04 04 01 70 00 00  09 06 01 00 42 00 @0b 00"), "type mismatch"},
		{"offset is missing", hexModule("04 04 01 70 00 00  09 04 01 00 @0b 00"), "type mismatch"},
		{"offset of two values", hexModule("04 04 01 70 00 00  09 08 01 00 41 00 41 00 @0b 00"), "type mismatch"},
		{"offset is not constant", base().Elem("(offset @memory.size) func"), "constant expression required"},
		{"offset of a mutable global", base().Elem("(offset @global.get 2) func"), "constant expression required"},
		{"offset of an unknown global", base().Elem("(offset @global.get 3) func"), "unknown global 3"},
		{"element is not constant", base().Elem("funcref (@table.size 0)"), "constant expression required"},
		{"element of another type", hexModule("09 07 01 05 70 01 d0 6f @0b"), "type mismatch"},
		{"element is a number", hexModule("09 07 01 05 70 01 41 00 @0b"), "type mismatch"},
		{"functions into a table of externals", hexModule("04 04 01 6f 00 00  09 06 01 00 41 00 0b @00"), "type mismatch"},
		{"externals into a table of functions", hexModule("04 04 01 70 00 00  09 08 01 06 00 41 00 0b @6f 00"), "type mismatch"},
		{"kind that nobody defined", hexModule("09 04 01 @08 00 00"), "malformed: malformed elements segment kind"},
		{"element kind that nobody defined", hexModule("09 04 01 01 @01 00"), "malformed: malformed element kind"},
	})
}

// A memory that is not named is at fault where its index would stand.
func TestDataSegments(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Memory("1").
			Import("m", "i", "global i32").Import("m", "l", "global i64").Import("m", "v", "global mut i32")
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"active", base().Data("i32.const 0", "data"), ""},
		{"active, global", base().Data("global.get 0", "data"), ""},
		{"passive", base().Data("", "data"), ""},
		{"passive without memory", validatortest.NewModule().Data("", "data"), ""},
		{"count", base().Data("", "a").Data("", "b").DataCount(2), ""},
		{"no segments are counted", hexModule("0c 01 00"), ""},
		{"no segments are counted and there", hexModule("0c 01 00  0b 01 00"), ""},
		{"unknown memory", hexModule("0b 06 01 00 @41 00 0b 00"), "unknown memory 0"},
		{"unknown memory with an index", hexModule("05 03 01 00 00  0b 07 01 02 @01 41 00 0b 00"), "unknown memory 1"},
		{"offset of another type", hexModule("05 03 01 00 00  0b 06 01 00 42 00 @0b 00"), "type mismatch"},
		{"offset is missing", hexModule("05 03 01 00 00  0b 04 01 00 @0b 00"), "type mismatch"},
		{"offset of two values", hexModule("05 03 01 00 00  0b 08 01 00 41 00 41 00 @0b 00"), "type mismatch"},
		{"offset is not constant", base().Data("@memory.size", ""), "constant expression required"},
		{"offset of a mutable global", base().Data("@global.get 2", ""), "constant expression required"},
		{"offset of an unknown global", base().Data("@global.get 3", ""), "unknown global 3"},
		{"count is less", hexModule("0c 01 00  0b 04 @01 01 01 61"), "malformed: data count and data section have inconsistent lengths"},
		{"count is more", hexModule("0c 01 02  0b 04 @01 01 01 61"), "malformed: data count and data section have inconsistent lengths"},
		{"count without segments", hexModule("0c 01 01 @"), "malformed: data count and data section have inconsistent lengths"},
		{"kind that nobody defined", hexModule("0b 03 01 @03 00"), "malformed: malformed data segment kind"},
	})
}

// What a section declares is only known to the sections after it, and decoding
// comes before validation.
func TestMalformedComesFirst(t *testing.T) {
	checkModuleCases(t, wasm2, []moduleCase{
		{"type error before an unknown opcode",
			hexModule("01 04 01 60 00 00  03 02 01 00  0a 06 01 04 00 6a @ff 0b"), "malformed: illegal opcode"},
		{"type error before a broken section",
			hexModule("03 02 01 00  0a 04 01 02 00 0b  @0e 00"), "malformed: malformed section id"},
		{"type error in one body, broken one after it",
			hexModule("01 04 01 60 00 00  03 03 02 00 00  0a 09 02 03 00 1a 0b 03 00 @ff 0b"), "malformed: illegal opcode"},
		{"invalid import before a section out of order",
			hexModule("02 05 01 00 00 00 00  @01 01 00"), "malformed: unexpected content after last section"},
	})
	// What follows the error is decoded with the features that are on.
	const on = ops.MVP | ops.ReferenceTypes
	checkModuleCases(t, on, []moduleCase{
		{"type error before what a feature allows",
			validatortest.NewModule().Type("func").Type("@func (result i32 i32)").Func(0, "externref", "ref.null extern local.set 0"), "invalid result arity"},
		{"type error before what a feature allows, and what none allows",
			validatortest.NewModule().Type("func").Type("func (result i32 i32)").Func(0, "externref", "ref.null extern @return_call 0"), "malformed: illegal opcode"},
		{"type error in one body before what a feature allows in the next",
			emptyTypes().Func(0, "", "@drop").Func(0, "externref", "ref.null extern local.set 0"), "type mismatch"},
	})
}

// The features that are on are those of this call, whatever an earlier one had.
func TestFeaturesAreThoseOfThisCall(t *testing.T) {
	const on = ops.MVP | ops.ReferenceTypes
	m := validatortest.NewModule().Type("func").Type("@func (result i32 i32)").Func(0, "externref", "ref.null extern local.set 0")
	expect(t, on, m, "invalid result arity")
	expect(t, ops.MVP, withBody("nop"), "")
	expect(t, on, m, "invalid result arity")
	expect(t, ops.All, m, "")
	e := expect(t, ops.MVP, validatortest.NewModule().Type("func").Type("func (result i32 i32)").Func(0, "", "@ref.null extern drop"), "malformed: illegal opcode")
	is.New(t).Equal(e.Feature, ops.ReferenceTypes)
}
