package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// functionReferences declares function 0 of type 1, and types that the bodies of
// function 1 refer to.
var functionReferences = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("func (param i32) (result i64)").
		Type("func (result i32 i64)").
		Type("struct").
		Type("func (param f32) (result i64)").
		Type("sub (func (param eqref) (result anyref))"). // 5
		Type("sub 5 (func (param anyref) (result eqref))").
		Type("func (result i32 (ref 1))"). // 7
		Type("func (result (ref 1) i32)").
		Type("func (param (ref null 1)) (result (ref 1))"). // 9
		Type("func (result i32 funcref)").
		Func(1, "", "i64.const 0").
		Export("f", "func 0")
}, 1}

func TestCallRef(t *testing.T) {
	functionReferences.check(t, []bodyTest{
		{"nullable reference", "(ref null 1)", "i32.const 0 local.get 0 call_ref 1 drop", ""},
		{"non-null reference", "", "i32.const 0 ref.func 0 call_ref 1 drop", ""},
		{"null", "", "i32.const 0 ref.null nofunc call_ref 1 drop", ""},
		{"null of the type", "", "i32.const 0 ref.null 1 call_ref 1 drop", ""},
		{"its result", "", "i32.const 0 ref.func 0 call_ref 1 i64.eqz drop", ""},
		{"two results", "(ref null 2)", "local.get 0 call_ref 2 i64.eqz i32.add drop", ""},
		{"subtype", "(ref null 6)", "ref.null eq local.get 0 call_ref 5 drop", ""},
		{"unreachable", "", "unreachable call_ref 1 i64.eqz drop", ""},
		{"unreachable with reference", "", "unreachable ref.func 0 call_ref 1 i64.eqz drop", ""},
		{"unreachable after bottom reference", "", "unreachable ref.as_non_null call_ref 1 i64.eqz drop", ""},
		{"argument of another type", "", "i64.const 0 ref.func 0 @call_ref 1 drop", "type mismatch"},
		{"no argument", "", "ref.func 0 @call_ref 1 drop", "type mismatch"},
		{"no operand", "", "@call_ref 1 drop", "type mismatch"},
		{"argument of the enclosing block", "", "i32.const 0 block ref.func 0 @call_ref 1 drop end drop", "type mismatch"},
		{"reference to another type", "(ref null 4)", "i32.const 0 local.get 0 @call_ref 1 drop", "type mismatch"},
		{"supertype", "(ref null 5)", "ref.null any local.get 0 @call_ref 6 drop", "type mismatch"},
		{"funcref", "funcref", "i32.const 0 local.get 0 @call_ref 1 drop", "type mismatch"},
		{"externref", "externref", "i32.const 0 local.get 0 @call_ref 1 drop", "type mismatch"},
		{"number", "", "i32.const 0 i32.const 0 @call_ref 1 drop", "type mismatch"},
		{"unreachable with another reference", "(ref null 4)", "unreachable local.get 0 @call_ref 1 drop", "type mismatch"},
		{"unreachable with another argument", "", "unreachable f32.const 0 ref.func 0 @call_ref 1 drop", "type mismatch"},
		{"its result of another type", "", "i32.const 0 ref.func 0 call_ref 1 @i32.eqz drop", "type mismatch"},
		{"unreachable, its result of another type", "", "unreachable call_ref 1 @i32.eqz drop", "type mismatch"},
		{"type is no function", "", "ref.null 3 @call_ref 3", "type mismatch: type 3 is struct and not func"},
		{"type is no function, unreachable", "", "unreachable @call_ref 3", "type mismatch: type 3 is struct and not func"},
		{"unknown type", "", "unreachable @call_ref 99", "unknown type 99"},
	})
}

// returningReferences has function 1 under test return a reference.
var returningReferences = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func (result anyref)").
		Type("func (result eqref)").
		Type("func (param i32) (result (ref eq))"). // 2
		Type("func (result externref)").
		Type("func").
		Type("func (result anyref anyref)"). // 5
		Type("struct").
		Type("sub (func (result anyref))"). // 7
		Type("sub 7 (func (result anyref))").
		Func(4, "", "").
		Export("f", "func 0").Table("1 funcref").Table("1 externref").Table("1 (ref null 1)")
}, 1}

func TestReturnCallRef(t *testing.T) {
	returningReferences.check(t, []bodyTest{
		{"same result", "(ref null 0)", "local.get 0 return_call_ref 0", ""},
		{"result of a subtype", "(ref null 1)", "local.get 0 return_call_ref 1", ""},
		{"argument", "(ref null 2)", "i32.const 0 local.get 0 return_call_ref 2", ""},
		{"null", "", "ref.null nofunc return_call_ref 0", ""},
		{"reference to a subtype", "(ref null 8)", "local.get 0 return_call_ref 7", ""},
		{"unreachable before", "", "unreachable return_call_ref 2", ""},
		{"unreachable after", "", "ref.null 0 return_call_ref 0 i32.add drop", ""},
		{"operands below are dropped", "", "f32.const 0 ref.null 0 return_call_ref 0", ""},
		{"result of another type", "", "ref.null 3 @return_call_ref 3", "type mismatch"},
		{"no result", "", "ref.func 0 @return_call_ref 4", "type mismatch"},
		{"too many results", "", "ref.null 5 @return_call_ref 5", "type mismatch"},
		{"unreachable, no result", "", "unreachable @return_call_ref 4", "type mismatch"},
		{"argument of another type", "", "i64.const 0 ref.null 2 @return_call_ref 2", "type mismatch"},
		{"no argument", "", "ref.null 2 @return_call_ref 2", "type mismatch"},
		{"no operand", "", "@return_call_ref 0", "type mismatch"},
		{"reference to a supertype", "(ref null 7)", "local.get 0 @return_call_ref 8", "type mismatch"},
		{"funcref", "", "ref.null func @return_call_ref 0", "type mismatch"},
		{"number", "", "i32.const 0 @return_call_ref 0", "type mismatch"},
		{"type is no function", "", "ref.null 6 @return_call_ref 6", "type mismatch: type 6 is struct and not func"},
		{"unknown type", "", "unreachable @return_call_ref 9", "unknown type 9"},
	})
}

func TestRefAsNonNull(t *testing.T) {
	functionReferences.check(t, []bodyTest{
		{"nullable", "(ref null 1) (ref 1)", "local.get 0 ref.as_non_null local.set 1", ""},
		{"non-null", "(ref 1)", "ref.func 0 ref.as_non_null local.set 0", ""},
		{"funcref", "(ref func)", "ref.func 0 ref.as_non_null local.set 0", ""},
		{"externref", "(ref extern)", "ref.null extern ref.as_non_null local.set 0", ""},
		{"anyref", "(ref any)", "ref.null any ref.as_non_null local.set 0", ""},
		{"exnref", "(ref exn)", "ref.null exn ref.as_non_null local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable ref.as_non_null local.set 0", ""},
		{"unreachable, for two types", "(ref 1) (ref extern)", "unreachable ref.as_non_null local.set 0 ref.as_non_null local.set 1", ""},
		{"unreachable, in untyped select", "", "unreachable ref.as_non_null i32.const 0 @select drop", "type mismatch"},
		{"unreachable, for a number", "", "unreachable ref.as_non_null @i32.eqz drop", "type mismatch"},
		{"unreachable, for a vector", "", "unreachable ref.as_non_null @v128.not drop", "type mismatch"},
		{"keeps the heap type", "(ref 4)", "ref.null 1 ref.as_non_null @local.set 0", "type mismatch"},
		{"number", "", "i32.const 0 @ref.as_non_null drop", "type mismatch"},
		{"vector", "v128", "local.get 0 @ref.as_non_null drop", "type mismatch"},
		{"unreachable with number", "", "unreachable i32.const 0 @ref.as_non_null drop", "type mismatch"},
		{"no operand", "", "@ref.as_non_null drop", "type mismatch"},
		{"operand of the enclosing block", "", "ref.func 0 block @ref.as_non_null drop end drop", "type mismatch"},
	})
}

func TestBrOnNull(t *testing.T) {
	functionReferences.check(t, []bodyTest{
		{"nullable", "(ref null 1) (ref 1)", "block local.get 0 br_on_null 0 local.set 1 end", ""},
		{"non-null", "(ref 1)", "block ref.func 0 br_on_null 0 local.set 0 end", ""},
		{"funcref", "(ref func)", "block ref.null func br_on_null 0 local.set 0 end", ""},
		{"out of the function", "", "ref.null 1 br_on_null 0 drop", ""},
		{"unknown label, reference missing", "", "@br_on_null 7", "unknown label 7"},
		{"to a loop", "", "loop ref.null 1 br_on_null 0 drop end", ""},
		{"label with a value", "", "block (result i32) i32.const 0 ref.null 1 br_on_null 0 drop end drop", ""},
		{"label with two values", "", "block (type 2) i32.const 0 i64.const 0 ref.null 1 br_on_null 0 drop end drop drop", ""},
		{"label with a supertype", "", "block (result funcref) ref.func 0 ref.null 1 br_on_null 0 drop end drop", ""},
		{"unreachable", "(ref 1)", "unreachable br_on_null 0 local.set 0", ""},
		{"unreachable with label value", "", "block (result i32) unreachable br_on_null 0 drop end drop", ""},
		{"unreachable, the value stays", "", "block (result i32) unreachable br_on_null 0 drop i32.eqz end drop", ""},
		{"unreachable, the value stays with its type", "", "block (result i32) unreachable br_on_null 0 drop @f32.neg drop i32.const 0 end drop", "type mismatch"},
		{"unreachable, value of another type", "", "block (result i32) unreachable i64.const 0 ref.null 1 @br_on_null 0 drop drop i32.const 0 end drop", "type mismatch"},
		{"unreachable with number", "", "unreachable i32.const 0 @br_on_null 0 drop", "type mismatch"},
		{"values take the label's types", "", "block (result funcref) i32.const 0 ref.func 0 ref.null 1 br_on_null 0 drop @call_ref 1 drop ref.null func end drop", "type mismatch"},
		{"value of another type", "", "block (result i32) i64.const 0 ref.null 1 @br_on_null 0 drop drop i32.const 0 end drop", "type mismatch"},
		{"value missing", "", "block (result i32) ref.null 1 @br_on_null 0 drop i32.const 0 end drop", "type mismatch"},
		{"number", "", "block i32.const 0 @br_on_null 0 drop end", "type mismatch"},
		{"no operand", "", "block @br_on_null 0 drop end", "type mismatch"},
		{"operand of the enclosing block", "", "ref.func 0 block @br_on_null 0 drop end drop", "type mismatch"},
		{"unknown label", "", "block ref.null 1 @br_on_null 2 drop end", "unknown label"},
	})
}

func TestBrOnNonNull(t *testing.T) {
	functionReferences.check(t, []bodyTest{
		{"label takes the reference", "", "block (result (ref 1)) ref.null 1 br_on_non_null 0 unreachable end drop", ""},
		{"label takes null too", "", "block (result (ref null 1)) ref.null 1 br_on_non_null 0 unreachable end drop", ""},
		{"label takes a supertype", "", "block (result (ref func)) ref.null 1 br_on_non_null 0 unreachable end drop", ""},
		{"non-null operand", "", "block (result (ref 1)) ref.func 0 br_on_non_null 0 unreachable end drop", ""},
		{"label with a value", "", "block (type 7) i32.const 0 ref.null 1 br_on_non_null 0 ref.func 0 end drop drop", ""},
		{"unreachable", "", "block (result (ref 1)) unreachable br_on_non_null 0 unreachable end drop", ""},
		{"unreachable with value", "", "block (type 7) unreachable br_on_non_null 0 i32.eqz drop unreachable end drop drop", ""},
		{"unreachable, the value stays with its type", "", "block (type 7) unreachable br_on_non_null 0 @f32.neg drop unreachable end drop drop", "type mismatch"},
		{"the reference is consumed", "", "block (result (ref 1)) ref.null 1 br_on_non_null 0 @drop unreachable end drop", "type mismatch"},
		{"label takes another type", "", "block (result (ref 4)) ref.null 1 @br_on_non_null 0 unreachable end drop", "type mismatch"},
		{"label takes a subtype", "", "block (result (ref 6)) ref.null 5 @br_on_non_null 0 unreachable end drop", "type mismatch"},
		{"label takes nothing", "", "block ref.null 1 @br_on_non_null 0 end", "type mismatch"},
		{"label takes nothing, unreachable", "", "block unreachable @br_on_non_null 0 end", "type mismatch"},
		{"label takes a number", "", "block (result i32) ref.null 1 @br_on_non_null 0 i32.const 0 end drop", "type mismatch"},
		{"label takes a number last", "", "block (type 8) unreachable @br_on_non_null 0 end drop drop", "type mismatch"},
		{"value of another type", "", "block (type 7) i64.const 0 ref.null 1 @br_on_non_null 0 unreachable end drop drop", "type mismatch"},
		{"value missing", "", "block (type 7) ref.null 1 @br_on_non_null 0 unreachable end drop drop", "type mismatch"},
		{"number", "", "block (result (ref 1)) i32.const 0 @br_on_non_null 0 unreachable end drop", "type mismatch"},
		{"no operand", "", "block (result (ref 1)) @br_on_non_null 0 unreachable end drop", "type mismatch"},
		{"unknown label", "", "ref.null 1 @br_on_non_null 1", "unknown label"},
	})
}

func TestTypedFunctionReferences(t *testing.T) {
	functionReferences.check(t, []bodyTest{
		{"ref.func gives the type of the function", "(ref 1)", "ref.func 0 local.set 0", ""},
		{"ref.func gives no other type", "(ref 4)", "ref.func 0 @local.set 0", "type mismatch"},
		{"ref.func of a function nobody declares", "", "@ref.func 1 drop", "undeclared function reference"},
		{"ref.func of an unknown function", "", "@ref.func 2 drop", "unknown function 2"},
		{"ref.null gives a nullable type", "(ref null 1)", "ref.null 1 local.set 0", ""},
		{"ref.null gives no non-null type", "(ref 1)", "ref.null 1 @local.set 0", "type mismatch"},
		{"ref.null of an unknown type", "", "@ref.null 99 drop", "unknown type 99"},
		{"ref.is_null of a typed reference", "", "ref.func 0 ref.is_null i32.eqz drop", ""},
		{"ref.is_null of a number", "", "i64.const 0 @ref.is_null drop", "type mismatch"},
		{"ref.is_null without operand", "", "@ref.is_null drop", "type mismatch"},
		{"ref.is_null, unreachable", "", "unreachable ref.is_null i32.eqz drop", ""},
		{"ref.is_null of a bottom reference", "", "unreachable ref.as_non_null ref.is_null i32.eqz drop", ""},
		{"typed select", "(ref 1)", "ref.func 0 ref.func 0 i32.const 0 select (result (ref 1)) local.set 0", ""},
		{"typed select of a supertype", "funcref", "ref.func 0 ref.null 4 i32.const 0 select (result funcref) local.set 0", ""},
		{"typed select, operand nullable", "", "ref.func 0 ref.null 1 i32.const 0 @select (result (ref 1)) drop", "type mismatch"},
		{"typed select of an unknown type", "", "unreachable @select (result (ref 99)) drop", "unknown type 99"},
		{"untyped select of references", "", "ref.func 0 ref.func 0 i32.const 0 @select drop", "type mismatch"},
		{"block gives a supertype", "(ref null 1)", "block (result (ref null 1)) ref.func 0 end local.set 0", ""},
		{"block gives a subtype", "", "block (result (ref 1)) ref.null 1 @end drop", "type mismatch"},
		{"block with parameter", "(ref 1)", "ref.func 0 block (type 9) ref.as_non_null end local.set 0", ""},
		{"block type with an unknown type", "", "@block (result (ref 99)) unreachable end drop", "unknown type 99"},
		{"block type is an unknown type", "", "@block (type 99) end", "unknown type 99"},
		{"block type is no function", "", "@block (type 3) end", "type mismatch: type 3 is struct and not func"},
		{"loop type is no function", "", "@loop (type 3) end", "type mismatch: type 3 is struct and not func"},
		{"if type is no function", "", "i32.const 0 @if (type 3) end", "type mismatch: type 3 is struct and not func"},
		{"br_table to labels with different references", "", "block (result funcref) block (result (ref null 1)) ref.func 0 i32.const 0 br_table 0 1 end end drop", ""},
		{"br_table, reference for one of the labels only", "", "block (result (ref 1)) block (result funcref) ref.null func i32.const 0 @br_table 0 1 end drop unreachable end drop", "type mismatch"},
		{"br_if leaves the label's type", "", "block (result funcref) i32.const 0 ref.func 0 i32.const 0 br_if 0 @call_ref 1 drop ref.null func end drop", "type mismatch"},
		{"local.tee leaves the local's type", "funcref", "i32.const 0 ref.func 0 local.tee 0 @call_ref 1 drop", "type mismatch"},
	})
}

func TestLocalInitialisation(t *testing.T) {
	const uninitialized = "uninitialized local"
	functionReferences.check(t, []bodyTest{
		{"never read", "(ref 1)", "nop", ""},
		{"set before get", "(ref 1)", "ref.func 0 local.set 0 local.get 0 drop", ""},
		{"tee before get", "(ref 1)", "ref.func 0 local.tee 0 drop local.get 0 drop", ""},
		{"nullable", "(ref null 1)", "local.get 0 drop", ""},
		{"get before set", "(ref 1)", "@local.get 0 drop", uninitialized},
		{"only another one set", "(ref 1) (ref 1)", "ref.func 0 local.set 1 @local.get 0 drop", uninitialized},
		{"second group", "i32 3 (ref 1)", "ref.func 0 local.set 1 local.get 0 drop local.get 1 drop @local.get 2 drop", uninitialized},
		{"set outside, get in block", "(ref 1)", "ref.func 0 local.set 0 block local.get 0 drop end", ""},
		{"set outside, get after block", "(ref 1)", "ref.func 0 local.set 0 block end local.get 0 drop", ""},
		{"set in block, get in it", "(ref 1)", "block ref.func 0 local.set 0 local.get 0 drop end", ""},
		{"set in block, get after it", "(ref 1)", "block ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"set in block, get in the next", "(ref 1)", "block ref.func 0 local.set 0 end block @local.get 0 drop end", uninitialized},
		{"set in loop, get after it", "(ref 1)", "loop ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"tee in loop, get in it", "(ref 1)", "loop ref.func 0 local.tee 0 drop local.get 0 drop end", ""},
		{"set in then, get in it", "(ref 1)", "i32.const 0 if ref.func 0 local.set 0 local.get 0 drop end", ""},
		{"set in then, get in else", "(ref 1)", "i32.const 0 if ref.func 0 local.set 0 else @local.get 0 drop end", uninitialized},
		{"set in then, get after it", "(ref 1)", "i32.const 0 if ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"set in both arms, get after them", "(ref 1)", "i32.const 0 if ref.func 0 local.set 0 else ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"set in else, get in it", "(ref 1)", "i32.const 0 if else ref.func 0 local.set 0 local.get 0 drop end", ""},
		{"set outside, get in both arms", "(ref 1)", "ref.func 0 local.set 0 i32.const 0 if local.get 0 drop else local.get 0 drop end", ""},
		{"set in try_table, get in it", "(ref 1)", "try_table ref.func 0 local.set 0 local.get 0 drop end", ""},
		{"set in try_table, get after it", "(ref 1)", "try_table ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"set again in block, get after it", "(ref 1)", "ref.func 0 local.set 0 block ref.func 0 local.set 0 end local.get 0 drop", ""},
		{"set in the outer block, get after the inner", "(ref 1)", "block ref.func 0 local.set 0 block ref.func 0 local.set 0 end local.get 0 drop end", ""},
		{"set in the outer block, get after it", "(ref 1)", "block ref.func 0 local.set 0 block ref.func 0 local.set 0 end end @local.get 0 drop", uninitialized},
		{"two set in different blocks", "(ref 1) (ref 1)", "block ref.func 0 local.set 0 block ref.func 0 local.set 1 end local.get 0 drop @local.get 1 drop end", uninitialized},
		{"set after br", "(ref 1)", "block br 0 ref.func 0 local.set 0 local.get 0 drop end", ""},
		{"get after br", "(ref 1)", "block br 0 @local.get 0 drop end", uninitialized},
		{"get after unreachable", "(ref 1)", "unreachable @local.get 0 drop", uninitialized},
		{"set by bottom after unreachable", "(ref 1)", "unreachable local.set 0 local.get 0 drop", ""},
		{"get after return", "(ref 1)", "return @local.get 0 drop", uninitialized},
		{"set before br, get after the block", "(ref 1)", "block ref.func 0 local.set 0 br 0 end @local.get 0 drop", uninitialized},
		{"set, br_if, get", "(ref 1)", "block ref.func 0 local.set 0 i32.const 0 br_if 0 local.get 0 drop end", ""},
		{"set in a block in unreachable code", "(ref 1)", "unreachable block @local.set 0 end", "type mismatch"},
		{"set to null", "(ref 1)", "ref.null 1 @local.set 0", "type mismatch"},
		{"set, br_table, get", "(ref 1)", "block ref.func 0 local.set 0 i32.const 0 br_table 0 1 0 local.get 0 drop end", ""},
		{"set before br_on_null, get after it", "(ref 1)", "block ref.func 0 local.set 0 ref.null 1 br_on_null 0 drop local.get 0 drop end", ""},
		{"set after br_on_null, get after the block", "(ref 1)", "block ref.null 1 br_on_null 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"set in an unreachable block, get after it", "(ref 1)", "unreachable block ref.func 0 local.set 0 end @local.get 0 drop", uninitialized},
		{"get in a block in unreachable code", "(ref 1)", "unreachable block @local.get 0 drop end", uninitialized},
		{"set to a wrong type", "(ref 1)", "i32.const 0 @local.set 0 local.get 0 drop", "type mismatch"},
		{"last of many, set in a block", "100 (ref 1)", "block ref.func 0 local.set 99 local.get 99 drop end @local.get 99 drop", uninitialized},
		{"one of many", "100 (ref 1)", "ref.func 0 local.set 64 local.get 64 drop @local.get 63 drop", uninitialized},
		{"many set in blocks, one outside", "100 (ref 1)", "ref.func 0 local.set 70 block ref.func 0 local.set 6 ref.func 0 local.set 70 block ref.func 0 local.set 71 end local.get 6 drop end local.get 70 drop @local.get 6 drop", uninitialized},
		{"unknown local", "(ref 1)", "@local.get 1 drop", "unknown local 1"},
	})
}

// aFunction declares the types [] -> [] and [i32] -> [], and function 0 of the
// first, which is exported.
func aFunction() *validatortest.Module {
	return validatortest.NewModule().Type("func").Type("func (param i32)").Func(0, "", "").Export("f", "func 0")
}

func TestTablesOfReferences(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"nullable", aFunction().Table("1 (ref null 0)"), ""},
		{"non-null with value", aFunction().Table("1 (ref 0)", "ref.func 0"), ""},
		{"value of a subtype", aFunction().Table("1 funcref", "ref.func 0"), ""},
		{"value from an imported global", aFunction().Import("m", "g", "global (ref 0)").Table("1 (ref func)", "global.get 0"), ""},
		{"imported and non-null", aFunction().Import("m", "t", "table 1 (ref 0)"), ""},
		{"segment of a subtype", aFunction().Table("1 funcref").Elem("(offset i32.const 0) (ref null 0) (ref.null 0)"), ""},
		{"segment of functions", aFunction().Table("1 (ref func)", "ref.func 0").Elem("(offset i32.const 0) func 0"), ""},
		{"non-null without value", aFunction().Table("@1 (ref 0)"), "type mismatch"},
		{"non-null abstract without value", aFunction().Table("@1 (ref func)"), "type mismatch"},
		{"non-null and empty, without value", aFunction().Table("@0 (ref func)"), "type mismatch"},
		{"of an unknown type", aFunction().Table("@1 (ref null 99)"), "unknown type 99"},
		{"imported, of an unknown type", aFunction().Import("m", "t", "table 1 @(ref null 99)"), "unknown type 99"},
		{"value of an unknown function", aFunction().Table("1 (ref 0)", "@ref.func 1"), "unknown function 1"},
		{"value from an unknown global", aFunction().Table("1 (ref 0)", "@global.get 0"), "unknown global 0"},
		{"value not constant", aFunction().Table("1 (ref 0)", "ref.func 0 @ref.as_non_null"), "constant expression required"},
		{"segment of a supertype", aFunction().Table("1 (ref null 0)").Elem("(offset i32.const 0) @funcref (ref.null func)"), "type mismatch"},
		{"segment of another type", aFunction().Table("1 (ref null 0)").Elem("(offset i32.const 0) @(ref null 1) (ref.null 1)"), "type mismatch"},
		{"segment of an unknown type", aFunction().Elem("@(ref null 99) (ref.null 99)"), "unknown type 99"},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"value null", aFunction().Table("1 (ref 0)", "@ref.null 0"), invalidAfter(2, "type mismatch")},
		{"value of another type", aFunction().Table("1 (ref null 1)", "@ref.func 0"), invalidAfter(2, "type mismatch")},
		{"value missing", aFunction().Table("@1 (ref null 1)", ""), invalidAfter(4, "type mismatch")},
		{"values, two", aFunction().Table("1 (ref null 1)", "@ref.null 1 ref.null 1"), invalidAfter(4, "type mismatch")},
		{"segment with null for a non-null type", aFunction().Elem("(ref 0) (@ref.null 0)"), invalidAfter(2, "type mismatch")},
		{"segment with an element of another type", aFunction().Elem("(ref null 1) (@ref.func 0)"), invalidAfter(2, "type mismatch")},
	})
}

// tablesOfReferences declares tables and segments for the function under test,
// function 1.
var tablesOfReferences = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return aFunction().
		Table("1 (ref null 0)").Table("1 (ref 0)", "ref.func 0").Table("1 funcref").Table("1 externref").
		Elem("(ref 0) (ref.func 0)").Elem("funcref (ref.null func)")
}, 1}

func TestOperatorsOfTypedTables(t *testing.T) {
	tablesOfReferences.check(t, []bodyTest{
		{"table.get of nullable", "(ref null 0)", "i32.const 0 table.get 0 local.set 0", ""},
		{"table.get of non-null", "(ref 0)", "i32.const 0 table.get 1 local.set 0", ""},
		{"table.get gives null", "(ref 0)", "i32.const 0 table.get 0 @local.set 0", "type mismatch"},
		{"table.set of a subtype", "", "i32.const 0 ref.func 0 table.set 2", ""},
		{"table.set of null", "", "i32.const 0 ref.null 0 @table.set 1", "type mismatch"},
		{"table.set of a supertype", "", "i32.const 0 ref.null func @table.set 0", "type mismatch"},
		{"table.grow", "", "ref.func 0 i32.const 0 table.grow 1 drop", ""},
		{"table.grow with null", "", "ref.null 0 i32.const 0 @table.grow 1 drop", "type mismatch"},
		{"table.fill", "", "i32.const 0 ref.func 0 i32.const 0 table.fill 1", ""},
		{"table.fill with null", "", "i32.const 0 ref.null 0 i32.const 0 @table.fill 1", "type mismatch"},
		{"table.copy to a supertype", "", "i32.const 0 i32.const 0 i32.const 0 table.copy 0 1", ""},
		{"table.copy to a subtype", "", "i32.const 0 i32.const 0 i32.const 0 @table.copy 1 0", "type mismatch"},
		{"table.init from a subtype", "", "i32.const 0 i32.const 0 i32.const 0 table.init 0 0", ""},
		{"table.init from a supertype", "", "i32.const 0 i32.const 0 i32.const 0 @table.init 0 1", "type mismatch"},
		{"call_indirect through a typed table", "", "i32.const 0 call_indirect 1 (type 0)", ""},
		{"call_indirect of another type", "", "i32.const 0 i32.const 0 call_indirect 0 (type 1)", ""},
		{"call_indirect through references to no functions", "", "i32.const 0 @call_indirect 3 (type 0)", "type mismatch"},
	})
}

func TestGlobalsOfReferences(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"non-null", aFunction().Global("(ref 0)", "ref.func 0"), ""},
		{"nullable", aFunction().Global("mut (ref null 0)", "ref.null 0"), ""},
		{"from a global of a subtype", aFunction().Import("m", "g", "global (ref 0)").Global("funcref", "global.get 0"), ""},
		{"null of the bottom type", aFunction().Global("(ref null 0)", "ref.null nofunc"), ""},
		{"of an unknown type", aFunction().Global("@(ref null 99)", "ref.null func"), "unknown type 99"},
		{"imported, of an unknown type", aFunction().Import("m", "g", "global @(ref 99)"), "unknown type 99"},
		{"null of an unknown type", aFunction().Global("funcref", "@ref.null 99"), "unknown type 99"},
		{"global.set of a subtype", aFunction().Global("mut funcref", "ref.null func").Func(0, "", "ref.func 0 global.set 0"), ""},
		{"global.set of null", aFunction().Global("mut (ref 0)", "ref.func 0").Func(0, "", "ref.null 0 @global.set 0"), "type mismatch"},
		{"global.get of another type", aFunction().Global("(ref 0)", "ref.func 0").Func(0, "(ref 1)", "global.get 0 @local.set 0"), "type mismatch"},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"null in a non-null global", aFunction().Global("(ref 0)", "@ref.null 0"), invalidAfter(2, "type mismatch")},
		{"function of another type", aFunction().Global("(ref 1)", "@ref.func 0"), invalidAfter(2, "type mismatch")},
		{"function where no function belongs", aFunction().Global("anyref", "@ref.func 0"), invalidAfter(2, "type mismatch")},
	})
}

// Parameters are set from the start, also when they have no default.
func TestParametersOfReferences(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"read", validatortest.NewModule().Rec("func (param (ref 1)) (result (ref null 1))", "func").Func(0, "", "local.get 0"), ""},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"unknown type of a local", aFunction().Func(0, "@(ref 99)", ""), refusal{kind: validator.Invalid, message: "unknown type 99", fn: 1, after: -1}},
		{"unknown type of a parameter", validatortest.NewModule().Type("@func (param (ref 1))"), invalidAfter(0, "unknown type 1")},
		{"unknown type of a result", validatortest.NewModule().Type("@func (result (ref null 1))"), invalidAfter(0, "unknown type 1")},
	})
}

const withoutGC = ops.Wasm2 | ops.FunctionReferences

func TestFunctionReferencesOff(t *testing.T) {
	emptyType := func() *validatortest.Module { return validatortest.NewModule().Type("func") }
	bodies := gatedBodies(emptyType,
		"unreachable @call_ref 0",
		"unreachable @return_call_ref 0",
		"unreachable @ref.as_non_null drop",
		"unreachable @br_on_null 0 drop",
		"block (result funcref) unreachable @br_on_non_null 0 unreachable end drop",
	)
	declarations := []gatedTest{
		{"parameter", validatortest.NewModule().Type("func (param @(ref func))"), validator.Malformed, "malformed value type", -1, 0},
		{"parameter of a defined type", emptyType().Type("func (param @(ref null 0))"), validator.Malformed, "malformed value type", -1, 0},
		{"local", emptyType().Func(0, "@(ref func)", ""), validator.Malformed, "malformed value type", 0, 0},
		{"global", emptyType().Import("m", "g", "global @(ref extern)"), validator.Malformed, "malformed value type", -1, 0},
		{"table", emptyType().Table("1 @(ref null 0)"), validator.Malformed, "malformed reference type", -1, 0},
		{"table with initial value", emptyType().Table("@1 funcref", "ref.null func"), validator.Malformed, "malformed reference type", -1, -2},
		{"block type", emptyType().Func(0, "", "@block (result (ref func)) unreachable end drop"), validator.Malformed, "malformed value type", 0, 1},
		{"type of select", emptyType().Func(0, "", "unreachable @select (result (ref func)) drop"), validator.Malformed, "malformed value type", 0, 2},
		{"ref.null of a defined type", emptyType().Func(0, "", "@ref.null 0 drop"), validator.Malformed, "malformed heap type", 0, 1},
		{"segment", emptyType().Elem("@(ref null 0) (ref.null 0)"), validator.Malformed, "malformed reference type", -1, 0},
	}
	checkFeature(t, withoutGC, "function-references", bodies)
	checkFeature(t, withoutGC, "function-references", declarations)
	// The types belong to gc as well, the operators do not.
	checkFeature(t, ops.Wasm3, "function-references", bodies)
	for _, test := range declarations {
		checkModule(t, ops.Wasm3&^ops.FunctionReferences, test.module, "")
		checkModule(t, ops.Wasm3&^ops.GC, test.module, "")
	}
}
