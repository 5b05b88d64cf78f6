package validator_test

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

const withContinuations = ops.Wasm3 | ops.StackSwitching

// contTypes declares continuation types, each after its function type.
func contTypes() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").Type("cont 0").                                              // 1: [] -> []
		Type("func (param i32) (result i64)").Type("cont 2").                     // 3: [i32] -> [i64]
		Type("func (param f32 i32) (result i64)").Type("cont 4").                 // 5: [f32 i32] -> [i64]
		Type("func (param i64) (result i64)").Type("cont 6").                     // 7: [i64] -> [i64]
		Type("func (param f32 (ref null 7)) (result i64)").Type("cont 8").        // 9: [f32 cont7] -> [i64]
		Type("func (result i32 (ref 7))").                                        // 10: of a block
		Type("func (param f64)").                                                 // 11: of a tag
		Type("func (result i64)").Type("cont 12").                                // 13: [] -> [i64]
		Type("func (result anyref)").Type("func (result eqref)").                 // 14, 15
		Type("cont 14").Type("cont 15").                                          // 16, 17
		Type("func (result (ref 7))").Type("func (result i64 (ref 7))").          // 18, 19: of blocks
		Type("func (result i32 (ref 3))").Type("func (result i32 i32)").          // 20, 21: of blocks
		Type("func (param i32) (result i64 i64)").Type("cont 22").                // 23
		Type("func (result i32 (ref null 2))").Type("func (param (ref null 2))"). // 24: of a block; 25
		Type("cont 25").                                                          // 26
		Type("func (param anyref)").Type("cont 27").                              // 28
		Type("func (param eqref)").Type("cont 29").                               // 30
		Type("func (param (ref null 1)) (result i64)").Type("cont 31").           // 32
		Type("func (param (ref null 7))").Type("cont 33").                        // 34
		Type("func (param (ref null 1))").Type("cont 35").                        // 36
		Type("func (result"+strings.Repeat(" i32", 100)+")").                     // 37
		Type("func (result"+strings.Repeat(" i32", 101)+")").Type("cont 38").     // 39
		Tag(2).Tag(11).Tag(12).Tag(14).Tag(0).Tag(15).Tag(37).Export("f", "func 0")
}

func TestContNew(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"from a function", "(ref 1)", "ref.func 0 cont.new 1 local.set 0", ""},
		{"from a nullable reference", "(ref null 2) (ref 3)", "local.get 0 cont.new 3 local.set 1", ""},
		{"from null", "", "ref.null nofunc cont.new 3 drop", ""},
		{"unreachable", "(ref 3)", "unreachable cont.new 3 local.set 0", ""},
		{"from a function of another type", "(ref null 4)", "local.get 0 @cont.new 3 drop", "type mismatch"},
		{"from a continuation", "(ref null 3)", "local.get 0 @cont.new 3 drop", "type mismatch"},
		{"no operand", "", "@cont.new 3 drop", "type mismatch"},
		{"function type", "(ref null 2)", "local.get 0 @cont.new 2 drop", "non-continuation type 2"},
		{"unknown type", "", "@cont.new 99 drop", "unknown type 99"},
	})
}

func TestContBind(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"one argument", "(ref null 5) (ref 3)", "f32.const 0 local.get 0 cont.bind 5 3 local.set 1", ""},
		{"all arguments", "(ref null 5) (ref 13)", "f32.const 0 i32.const 0 local.get 0 cont.bind 5 13 local.set 1", ""},
		{"no argument", "(ref null 5) (ref 5)", "local.get 0 cont.bind 5 5 local.set 1", ""},
		{"result of a supertype", "(ref null 17) (ref 16)", "local.get 0 cont.bind 17 16 local.set 1", ""},
		{"parameter of a subtype", "(ref null 28) (ref 30)", "local.get 0 cont.bind 28 30 local.set 1", ""},
		{"parameter of a supertype", "(ref null 30)", "local.get 0 @cont.bind 30 28 drop", "type mismatch in continuation types"},
		{"result of a subtype", "(ref null 16)", "local.get 0 @cont.bind 16 17 drop", "type mismatch in continuation types"},
		{"more arguments than there are", "(ref null 13)", "local.get 0 @cont.bind 13 3 drop", "type mismatch in continuation arguments"},
		{"arguments of another type", "(ref null 5)", "f32.const 0 local.get 0 @cont.bind 5 7 drop", "type mismatch in continuation types"},
		{"results of another number", "(ref null 3)", "local.get 0 @cont.bind 3 23 drop", "type mismatch in continuation types"},
		{"operand is another continuation", "(ref null 7)", "f32.const 0 local.get 0 @cont.bind 5 3 drop", "type mismatch"},
		{"operand is another continuation, no argument", "(ref null 7)", "local.get 0 @cont.bind 5 5 drop", "type mismatch"},
		{"argument of another type", "(ref null 5)", "i32.const 0 local.get 0 @cont.bind 5 3 drop", "type mismatch"},
		{"argument missing", "(ref null 5)", "local.get 0 @cont.bind 5 3 drop", "type mismatch"},
		{"first is a function type", "", "unreachable @cont.bind 4 3 drop", "non-continuation type 4"},
		{"second is a function type", "", "unreachable @cont.bind 5 2 drop", "non-continuation type 2"},
		{"first is unknown", "", "unreachable @cont.bind 99 3 drop", "unknown type 99"},
		{"second is unknown", "", "unreachable @cont.bind 5 99 drop", "unknown type 99"},
	})
}

func TestSuspend(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"parameters and results", "i64", "i32.const 0 suspend 0 local.set 0", ""},
		{"nothing", "", "suspend 4", ""},
		{"operand of another type", "", "i64.const 0 @suspend 0 drop", "type mismatch"},
		{"no operand", "", "@suspend 0 drop", "type mismatch"},
		{"unknown tag", "", "@suspend 9", "unknown tag 9"},
	})
}

func TestResume(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"without handlers", "(ref null 3) i64", "i32.const 0 local.get 0 resume 3 local.set 1", ""},
		{"unreachable", "i64", "unreachable resume 3 local.set 0", ""},
		{"handler", "(ref null 3)", "block (type 10) i32.const 0 local.get 0 resume 3 (on 0 0) drop return end unreachable", ""},
		{"two handlers", "(ref null 3)", "block (type 10) i32.const 0 local.get 0 resume 3 (on 0 0) (on 0 0) (on 2 switch) drop return end unreachable", ""},
		{"switch handler", "(ref null 3)", "i32.const 0 local.get 0 resume 3 (on 2 switch) drop", ""},
		{"operand is another continuation", "(ref null 7)", "i32.const 0 local.get 0 @resume 3 drop", "type mismatch"},
		{"argument of another type", "(ref null 3)", "i64.const 0 local.get 0 @resume 3 drop", "type mismatch"},
		{"no operands", "", "@resume 3 drop", "type mismatch"},
		{"function type", "", "unreachable @resume 2 drop", "non-continuation type 2"},
		{"unknown type", "", "unreachable @resume 99 drop", "unknown type 99"},
		{"unknown tag", "", "unreachable @resume 3 (on 9 0) drop", "unknown tag 9"},
		{"unknown tag of a switch handler", "", "unreachable @resume 3 (on 9 switch) drop", "unknown tag 9"},
		{"unknown label", "", "unreachable @resume 3 (on 0 9) drop", "unknown label 9"},
		{"label takes nothing", "", "block unreachable @resume 3 (on 0 0) drop end", "type mismatch"},
		{"label takes no reference last", "", "block (type 21) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch"},
		{"label takes any continuation", "", "block (result contref) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch: non-continuation type"},
		{"label takes a function", "", "block (type 24) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch: non-continuation type"},
		{"label takes too few", "", "block (type 18) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch between tag type and label type"},
		{"label takes another type", "", "block (type 19) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch between tag type and label type"},
		{"label takes a continuation of other parameters", "", "block (type 20) unreachable @resume 3 (on 0 0) drop end unreachable", "type mismatch in continuation type"},
		{"continuation leaves other results", "", "block (type 10) unreachable @resume 1 (on 0 0) drop end unreachable", "type mismatch in continuation type"},
		{"second handler is wrong", "", "block (type 10) unreachable @resume 3 (on 0 0) (on 4 0) drop end unreachable", "type mismatch between tag type and label type"},
		{"switch tag has parameters", "", "unreachable @resume 3 (on 0 switch) drop", "type mismatch: switch tag does not match continuation"},
		{"switch tag has other results", "", "unreachable @resume 1 (on 2 switch)", "type mismatch: switch tag does not match continuation"},
		{"switch tag has many results, but one", "", "unreachable @resume 39 (on 6 switch)", "type mismatch: switch tag does not match continuation"},
		{"switch tag has results of a supertype", "", "unreachable @resume 17 (on 3 switch) drop", "type mismatch: switch tag does not match continuation"},
		{"switch tag has results of a subtype", "", "unreachable @resume 16 (on 5 switch) drop", "type mismatch: switch tag does not match continuation"},
		{"switch tag has the same results", "", "unreachable resume 16 (on 3 switch) drop", ""},
	})
}

func TestResumeThrow(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"exception of one value", "(ref null 3) i64", "f64.const 0 local.get 0 resume_throw 3 1 local.set 1", ""},
		{"exception of no value", "(ref null 3)", "local.get 0 resume_throw 3 4 drop", ""},
		{"handler", "(ref null 3)", "block (type 10) f64.const 0 local.get 0 resume_throw 3 1 (on 0 0) drop return end unreachable", ""},
		{"value of another type", "(ref null 3)", "i32.const 0 local.get 0 @resume_throw 3 1 drop", "type mismatch"},
		{"operand is another continuation", "(ref null 5)", "f64.const 0 local.get 0 @resume_throw 3 1 drop", "type mismatch"},
		{"tag has results", "", "unreachable @resume_throw 3 0 drop", "non-empty tag result type"},
		{"unknown tag", "", "unreachable @resume_throw 3 9 drop", "unknown tag 9"},
		{"function type", "", "unreachable @resume_throw 2 1 drop", "non-continuation type 2"},
		{"unknown type", "", "unreachable @resume_throw 99 1 drop", "unknown type 99"},
		{"handler is wrong", "", "unreachable @resume_throw 3 1 (on 0 0) drop", "type mismatch"},
	})
}

func TestResumeThrowRef(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"exception", "exnref (ref null 3) i64", "local.get 0 local.get 1 resume_throw_ref 3 local.set 2", ""},
		{"handler", "exnref (ref null 3)", "block (type 10) local.get 0 local.get 1 resume_throw_ref 3 (on 0 0) drop return end unreachable", ""},
		{"no exception", "(ref null 3)", "local.get 0 @resume_throw_ref 3 drop", "type mismatch"},
		{"other reference", "anyref (ref null 3)", "local.get 0 local.get 1 @resume_throw_ref 3 drop", "type mismatch"},
		{"operand is another continuation", "exnref (ref null 5)", "local.get 0 local.get 1 @resume_throw_ref 3 drop", "type mismatch"},
		{"function type", "", "unreachable @resume_throw_ref 2 drop", "non-continuation type 2"},
		{"unknown type", "", "unreachable @resume_throw_ref 99 drop", "unknown type 99"},
		{"handler is wrong", "", "unreachable @resume_throw_ref 3 (on 0 0) drop", "type mismatch"},
	})
}

func TestSwitch(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"to a continuation", "(ref null 9) i64", "f32.const 0 local.get 0 switch 9 2 local.set 1", ""},
		{"unreachable", "i64", "unreachable switch 9 2 local.set 0", ""},
		{"argument of another type", "(ref null 9)", "i32.const 0 local.get 0 @switch 9 2 drop", "type mismatch"},
		{"operand is another continuation", "(ref null 7)", "f32.const 0 local.get 0 @switch 9 2 drop", "type mismatch"},
		{"no argument", "(ref null 36)", "local.get 0 switch 36 4", ""},
		{"operand is another continuation, no argument", "(ref null 34)", "local.get 0 @switch 36 4", "type mismatch"},
		{"no operands", "", "@switch 9 2 drop", "type mismatch"},
		{"tag has parameters", "", "unreachable @switch 9 0 drop", "type mismatch in switch tag"},
		{"tag has other results", "", "unreachable @switch 9 4 drop", "type mismatch in continuation types"},
		{"tag has results other than the other continuation", "", "unreachable @switch 32 2", "type mismatch in continuation types"},
		{"tag has results other than the continuation", "", "unreachable @switch 34 2 drop", "type mismatch in continuation types"},
		{"continuation takes nothing", "", "unreachable @switch 1 4", "type mismatch"},
		{"continuation takes no continuation", "", "unreachable @switch 3 2 drop", "type mismatch"},
		{"continuation takes a function", "", "unreachable @switch 26 4 drop", "type mismatch"},
		{"function type", "", "unreachable @switch 8 2 drop", "non-continuation type 8"},
		{"unknown type", "", "unreachable @switch 99 2 drop", "unknown type 99"},
		{"unknown tag", "", "unreachable @switch 9 9 drop", "unknown tag 9"},
	})
}

// Continuations cannot be cast.
func TestContinuationCasts(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"ref.test of contref", "", "unreachable @ref.test contref drop", "invalid cast"},
		{"ref.test of nullcontref", "", "unreachable @ref.test nullcontref drop", "invalid cast"},
		{"ref.test of a defined type", "", "unreachable @ref.test (ref 1) drop", "invalid cast"},
		{"ref.cast", "", "unreachable @ref.cast (ref 1) drop", "invalid cast"},
		{"br_on_cast", "", "block (result contref) unreachable @br_on_cast 0 contref (ref 1) end drop", "invalid cast"},
		{"br_on_cast_fail", "", "block (result contref) unreachable @br_on_cast_fail 0 contref contref end drop", "invalid cast"},
		{"throw of a tag with results", "", "unreachable @throw 0", "non-empty tag result type"},
	})
}

func TestContinuationSubtyping(t *testing.T) {
	checkBodies(t, withContinuations, contTypes, []bodyTest{
		{"defined type is a contref", "(ref null 3) contref", "local.get 0 local.set 1", ""},
		{"null is of every continuation type", "(ref null 3)", "ref.null nocont local.set 0", ""},
		{"null is a contref", "contref", "ref.null nocont local.set 0", ""},
		{"contref is no defined type", "(ref null 3) contref", "local.get 1 @local.set 0", "type mismatch"},
		{"defined types differ", "(ref null 3) (ref null 5)", "local.get 1 @local.set 0", "type mismatch"},
		{"contref is no anyref", "contref anyref", "local.get 0 @local.set 1", "type mismatch"},
		{"contref is no nullcontref", "contref nullcontref", "local.get 0 @local.set 1", "type mismatch"},
		{"defined type is no nullcontref", "(ref null 3) nullcontref", "local.get 0 @local.set 1", "type mismatch"},
	})
}

func TestContinuationDefinitions(t *testing.T) {
	module := validatortest.NewModule
	checkModules(t, withContinuations, []moduleTest{
		{"recursive", module().Rec("func (param (ref 1))", "cont 0"), ""},
		{"before its function type", module().Rec("cont 1", "func"), ""},
		{"subtype", module().Type("sub (func)").Type("sub 0 (func)").Type("sub (cont 0)").Type("sub 2 (cont 1)"), ""},
		{"subtype of an undeclared subtype", module().Type("func (result eqref)").Type("func (result anyref)").Type("sub (cont 1)").Type("@sub 2 (cont 0)"), "sub type 3 does not match super type 2"},
		{"subtype of a function type", module().Type("sub (func)").Type("@sub 0 (cont 0)"), "sub type 1 does not match super type 0"},
		{"of a structure", module().Type("struct").Type("@cont 0"), "non-function type 0"},
		{"of a continuation", module().Type("func").Type("cont 0").Type("@cont 1"), "non-function type 1"},
		{"of a type that does not exist", module().Type("@cont 5"), "unknown type"},
		{"tag with results", module().Type("func (param i32) (result i64)").Tag(0), ""},
	})
}

func TestContinuationsGated(t *testing.T) {
	base := func() *validatortest.Module { return validatortest.NewModule().Type("func").Tag(0) }
	checkGated(t, ops.StackSwitching, base, []string{
		"@cont.new 0 drop", "@cont.bind 0 0 drop", "@suspend 0", "@resume 0 (on 0 0)", "@resume_throw 0 0", "@resume_throw_ref 0", "@switch 0 0",
	})
}
