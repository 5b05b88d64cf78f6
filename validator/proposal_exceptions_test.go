package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// exceptions declares tags for the bodies of function 0: tag 0 of nothing, 1 of
// [i32], 2 of [i32 i64], 3 of [eqref], 4 of [(ref 3)].
var exceptions = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("func (param i32)").
		Type("func (param i32 i64)").
		Type("struct").
		Type("func (param eqref)").
		Type("func (param (ref 3))").             // 5
		Type("func (result i32 exnref)").         // 6 and further: of blocks
		Type("func (result i32 i64)").            // 7
		Type("func (result i32 i64 (ref exn))").  // 8
		Type("func (result i32 i64 anyref)").     // 9
		Type("func (param i32) (result i64)").    // 10
		Type("func (result i64 i32)").            // 11
		Type("func (result exnref i32)").         // 12
		Type("func (result i32 i64 nullexnref)"). // 13
		Tag(0).Tag(1).Tag(2).Tag(4).Tag(5)
}, 0}

func TestThrow(t *testing.T) {
	exceptions.check(t, []bodyTest{
		{"nothing", "", "throw 0", ""},
		{"number", "", "i32.const 0 throw 1", ""},
		{"two numbers", "", "i32.const 0 i64.const 0 throw 2", ""},
		{"reference of a subtype", "", "struct.new 3 throw 3", ""},
		{"operands below are dropped", "", "f32.const 0 i32.const 0 throw 1", ""},
		{"what follows is unreachable", "", "throw 0 i32.add drop", ""},
		{"gives any result", "", "block (result i32) throw 0 end drop", ""},
		{"unreachable", "", "unreachable throw 2", ""},
		{"unreachable with last operand", "", "unreachable i64.const 0 throw 2", ""},
		{"unreachable with last operand of another type", "", "unreachable i32.const 0 @throw 2", "type mismatch"},
		{"operand of another type", "", "i64.const 0 @throw 1", "type mismatch"},
		{"operands in another order", "", "i64.const 0 i32.const 0 @throw 2", "type mismatch"},
		{"null for a non-null reference", "", "ref.null 3 @throw 4", "type mismatch"},
		{"reference of a supertype", "anyref", "local.get 0 @throw 3", "type mismatch"},
		{"operand missing", "", "i64.const 0 @throw 2", "type mismatch"},
		{"no operand", "", "@throw 1", "type mismatch"},
		{"operand of the enclosing block", "", "i32.const 0 block @throw 1 end drop", "type mismatch"},
		{"unknown tag", "", "unreachable @throw 5", "unknown tag 5"},
	})
}

func TestThrowRef(t *testing.T) {
	exceptions.check(t, []bodyTest{
		{"exnref", "exnref", "local.get 0 throw_ref", ""},
		{"non-null", "(ref exn)", "ref.null exn ref.as_non_null throw_ref", ""},
		{"bottom", "", "ref.null noexn throw_ref", ""},
		{"what follows is unreachable", "exnref", "local.get 0 throw_ref i32.add drop", ""},
		{"gives any result", "exnref", "block (result i64) local.get 0 throw_ref end drop", ""},
		{"unreachable", "", "unreachable throw_ref", ""},
		{"number", "", "i32.const 0 @throw_ref", "type mismatch"},
		{"anyref", "anyref", "local.get 0 @throw_ref", "type mismatch"},
		{"externref", "externref", "local.get 0 @throw_ref", "type mismatch"},
		{"unreachable with number", "", "unreachable i32.const 0 @throw_ref", "type mismatch"},
		{"no operand", "", "@throw_ref", "type mismatch"},
		{"operand of the enclosing block", "exnref", "local.get 0 block @throw_ref end drop", "type mismatch"},
	})
}

func TestTryTable(t *testing.T) {
	exceptions.check(t, []bodyTest{
		{"no clause", "", "try_table end", ""},
		{"result", "", "try_table (result i32) i32.const 0 end i32.eqz drop", ""},
		{"parameter and result", "", "i32.const 0 try_table (type 10) drop i64.const 0 end i64.eqz drop", ""},
		{"br to its end", "", "try_table (result i32) i32.const 0 br 0 end drop", ""},
		{"unreachable", "", "unreachable try_table (type 10) drop i64.const 0 end drop", ""},
		{"result missing", "", "try_table (result i32) @end drop", "type mismatch"},
		{"result of another type", "", "try_table (result i32) i64.const 0 @end drop", "type mismatch"},
		{"operand left", "", "try_table i32.const 0 @end", "type mismatch"},
		{"parameter missing", "", "@try_table (type 10) drop i64.const 0 end drop", "type mismatch"},
		{"parameter of another type", "", "i64.const 0 @try_table (type 10) drop i64.const 0 end drop", "type mismatch"},
		{"unknown block type", "", "@try_table (type 99) end", "unknown type 99"},
		{"block type is a structure", "", "@try_table (type 3) end", "type mismatch"},
		{"unknown type of the result", "", "@try_table (result (ref 99)) unreachable end drop", "unknown type 99"},

		{"catch of nothing", "", "block try_table (catch 0 0) end end", ""},
		{"catch of a number", "", "block (result i32) try_table (catch 1 0) end i32.const 0 end drop", ""},
		{"catch of two numbers", "", "block (type 7) try_table (catch 2 0) end unreachable end drop drop", ""},
		{"catch of a reference for a supertype", "", "block (result anyref) try_table (catch 3 0) end unreachable end drop", ""},
		{"catch out of the function", "", "try_table (catch 0 0) end", ""},
		{"catch to a loop", "", "loop try_table (catch 0 0) end end", ""},
		{"catch to an outer block", "", "block (result i32) block try_table (catch 1 1) end end i32.const 0 end drop", ""},
		{"labels of clauses are outside of the try_table", "", "try_table (result i32) i32.const 0 try_table (catch 0 1) end end drop", ""},
		{"catch, label takes nothing", "", "block @try_table (catch 1 0) end end", "type mismatch"},
		{"catch, label takes something", "", "block (result i32) @try_table (catch 0 0) end i32.const 0 end drop", "type mismatch"},
		{"catch, label takes another type", "", "block (result i64) @try_table (catch 1 0) end i64.const 0 end drop", "type mismatch"},
		{"catch, label takes more", "", "block (type 7) @try_table (catch 1 0) end unreachable end drop drop", "type mismatch"},
		{"catch, label takes less", "", "block (result i64) @try_table (catch 2 0) end unreachable end drop", "type mismatch"},
		{"catch, label takes them in another order", "", "block (type 11) @try_table (catch 2 0) end unreachable end drop drop", "type mismatch"},
		{"catch, label takes a subtype", "", "block (result (ref 3)) @try_table (catch 3 0) end unreachable end drop", "type mismatch"},
		{"catch, the exception is not there", "", "block (type 6) @try_table (catch 1 0) end unreachable end drop drop", "type mismatch"},
		{"catch to its own label", "", "@try_table (result i32) (catch 1 0) i32.const 0 end drop", "type mismatch"},
		{"catch, unknown tag", "", "@try_table (catch 5 0) end", "unknown tag 5"},
		{"catch, unknown label", "", "@try_table (catch 0 1) end", "unknown label"},

		{"catch_ref of nothing", "", "block (result exnref) try_table (catch_ref 0 0) end ref.null exn end drop", ""},
		{"catch_ref gives no null", "", "block (result (ref exn)) try_table (catch_ref 0 0) end unreachable end drop", ""},
		{"catch_ref of two numbers", "", "block (type 8) try_table (catch_ref 2 0) end unreachable end drop drop drop", ""},
		{"catch_ref, label takes nothing", "", "block @try_table (catch_ref 0 0) end end", "type mismatch: catch clause gives [(ref exn)] but label 0 takes []"},
		{"catch_ref, label takes no exception", "", "block (type 7) @try_table (catch_ref 2 0) end unreachable end drop drop", "type mismatch: catch clause gives [i32 i64 (ref exn)] but label 0 takes [i32 i64]"},
		{"catch_ref, label takes another reference", "", "block (type 9) @try_table (catch_ref 2 0) end unreachable end drop drop drop", "type mismatch"},
		{"catch_ref, label takes the bottom", "", "block (type 13) @try_table (catch_ref 2 0) end unreachable end drop drop drop", "type mismatch"},
		{"catch_ref, label takes the exception first", "", "block (type 12) @try_table (catch_ref 1 0) end unreachable end drop drop", "type mismatch"},
		{"catch_ref, label takes the exception only", "", "block (result exnref) @try_table (catch_ref 1 0) end unreachable end drop", "type mismatch"},
		{"catch_ref, unknown tag", "", "@try_table (catch_ref 5 0) end", "unknown tag 5"},
		{"catch_ref, unknown label", "", "@try_table (catch_ref 0 1) end", "unknown label"},

		{"catch_all", "", "block try_table (catch_all 0) end end", ""},
		{"catch_all, label takes something", "", "block (result i32) @try_table (catch_all 0) end i32.const 0 end drop", "type mismatch"},
		{"catch_all, label takes an exception", "", "block (result exnref) @try_table (catch_all 0) end unreachable end drop", "type mismatch"},
		{"catch_all, unknown label", "", "@try_table (catch_all 1) end", "unknown label"},

		{"catch_all_ref", "", "block (result exnref) try_table (catch_all_ref 0) end ref.null exn end throw_ref", ""},
		{"catch_all_ref gives no null", "", "block (result (ref exn)) try_table (catch_all_ref 0) end unreachable end drop", ""},
		{"catch_all_ref, label takes nothing", "", "block @try_table (catch_all_ref 0) end end", "type mismatch"},
		{"catch_all_ref, label takes a number", "", "block (result i32) @try_table (catch_all_ref 0) end i32.const 0 end drop", "type mismatch"},
		{"catch_all_ref, label takes another reference", "", "block (result externref) @try_table (catch_all_ref 0) end unreachable end drop", "type mismatch"},
		{"catch_all_ref, label takes the bottom", "", "block (result nullexnref) @try_table (catch_all_ref 0) end unreachable end drop", "type mismatch"},
		{"catch_all_ref, label takes more", "", "block (type 6) @try_table (catch_all_ref 0) end unreachable end drop drop", "type mismatch"},
		{"catch_all_ref, unknown label", "", "@try_table (catch_all_ref 1) end", "unknown label"},

		{"several clauses", "", "block (result i32) block (result exnref) try_table (catch 1 1) (catch_ref 0 0) (catch_all_ref 0) end unreachable end drop unreachable end drop", ""},
		{"second clause at fault", "", "block @try_table (catch 0 0) (catch_all_ref 0) end end", "type mismatch"},
		{"clauses are checked where code is unreachable", "", "unreachable block @try_table (catch 1 0) end end", "type mismatch"},
		{"same clause twice", "", "block try_table (catch 0 0) (catch 0 0) end end", ""},
	})
}

// A clause begins with a byte that says which of the four it is.
func TestCatchClauseKind(t *testing.T) {
	checkModule(t, ops.Wasm3, exceptions.base().Func(0, "", "(bytes 0x1f 0x40 1 2 0) end"), "")
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"fifth", exceptions.base().Func(0, "", "@(bytes 0x1f 0x40 1 4 0) end"), refusal{kind: validator.Malformed, message: "malformed catch clause", after: 3}},
		{"more than there are", exceptions.base().Func(0, "", "block @(bytes 0x1f 0x40 0x80 0x80 0x80 0x80 1 2 0) end end"), refusal{kind: validator.Malformed, message: "length out of bounds", after: 2}},
	})
}

func TestTags(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func (param i32)").Type("func (result i32)").Type("struct")
	}
	checkModules(t, ops.Wasm3, []moduleTest{
		{"defined", base().Tag(0), ""},
		{"imported", base().Import("m", "t", "tag 0"), ""},
		{"exported", base().Tag(0).Export("t", "tag 0"), ""},
		{"imports come first", base().Import("m", "t", "tag 0").Tag(0).Export("t", "tag 1"), ""},
	})
	for _, test := range []struct {
		name    string
		typeIdx uint32
		message string
		feature string
	}{
		{"of an unknown type", 9, "unknown type 9", ""},
		{"of a structure", 2, "type mismatch: type 2 is struct and not func", ""},
		{"with a result", 1, "non-empty tag result type", "stack-switching"},
	} {
		t.Run(test.name, func(t *testing.T) {
			// The type of the tag comes last: its attribute, and the
			// index of the function type, where the fault is.
			m := base().Tag(test.typeIdx)
			checkRefusedAt(t, ops.Wasm3, m, len(m.Bytes())-1, refusal{kind: validator.Invalid, message: test.message, feature: test.feature, fn: -1})
			m = base().Import("m", "t", "tag "+string(rune('0'+test.typeIdx)))
			checkRefusedAt(t, ops.Wasm3, m, len(m.Bytes())-1, refusal{kind: validator.Invalid, message: test.message, feature: test.feature, fn: -1})
		})
	}
	unknown := base().Tag(0).Export("t", "tag 1")
	checkRefusedAt(t, ops.Wasm3, unknown, len(unknown.Bytes())-1, refusal{kind: validator.Invalid, message: "unknown tag 1", fn: -1})
	attribute := base().Raw(13, []byte{1, 1, 0})
	checkRefusedAt(t, ops.Wasm3, attribute, len(attribute.Bytes())-2, refusal{kind: validator.Malformed, message: "zero byte expected", fn: -1})
}

// Imports come first in every index space, also in that of the function at fault.
func TestThrowAmongImports(t *testing.T) {
	bodySuite{ops.Wasm3, func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("func (param i32)").
			Import("m", "f", "func 0").Import("m", "t", "tag 1").Import("m", "g", "func 1").Tag(0)
	}, 2}.check(t, []bodyTest{
		{"imported tag", "", "i32.const 0 throw 0", ""},
		{"tag of the module", "", "throw 1", ""},
		{"operand missing", "", "@throw 0", "type mismatch"},
		{"unknown tag", "", "@throw 2", "unknown tag 2"},
	})
}

func TestExceptionReferences(t *testing.T) {
	exceptions.check(t, []bodyTest{
		{"ref.null exn", "exnref", "ref.null exn local.set 0", ""},
		{"ref.is_null", "exnref", "local.get 0 ref.is_null drop", ""},
		{"br_on_null", "exnref (ref exn)", "local.get 0 br_on_null 0 local.set 1", ""},
		{"select", "exnref", "local.get 0 local.get 0 i32.const 0 select (result exnref) drop", ""},
		{"no anyref", "anyref", "ref.null exn @local.set 0", "type mismatch"},
		{"ref.eq", "exnref", "local.get 0 local.get 0 @ref.eq drop", "type mismatch"},
		{"call_ref", "exnref", "local.get 0 @call_ref 0", "type mismatch"},
	})
	checkModules(t, ops.Wasm3, []moduleTest{
		{"table", validatortest.NewModule().Table("1 exnref"), ""},
		{"global", validatortest.NewModule().Global("mut exnref", "ref.null noexn"), ""},
		{"non-null table", validatortest.NewModule().Table("@1 (ref exn)"), "type mismatch"},
	})
}

func TestExceptionsOff(t *testing.T) {
	emptyType := func() *validatortest.Module { return validatortest.NewModule().Type("func") }
	checkFeature(t, ops.Wasm3, "exceptions", gatedBodies(emptyType,
		"unreachable @throw_ref",
		"@try_table end",
	))
	checkFeature(t, ops.Wasm3, "exceptions", []gatedTest{
		{"local", emptyType().Func(0, "@exnref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"nullexnref", emptyType().Func(0, "@nullexnref", ""), validator.Malformed, "malformed value type", 0, 0},
		{"imported tag", emptyType().Import("m", "t", "tag @0"), validator.Malformed, "malformed import kind", -1, -2},
		{"tag section", emptyType().Func(0, "", "@nop").Tag(0), validator.Malformed, "malformed section id", -1, -10},
		{"ref.null exn", emptyType().Func(0, "", "@ref.null exn drop"), validator.Malformed, "malformed", 0, 1},
	})
	checkRefusals(t, ops.Wasm3&^ops.Exceptions, []refusedTest{
		{"throw", emptyType().Func(0, "", "@throw 0"), refusal{kind: validator.Malformed, message: "illegal opcode", feature: "exceptions"}},
	})
}
