package validator_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// legacyTypes declares tags 0 without operand, 1 of an i32, 2 of an i64 and f32.
func legacyTypes() *validatortest.Module {
	return validatortest.NewModule().Type("func").
		Type("func (param i32)").
		Type("func (param i64 f32)").
		Type("func (param i32) (result i32)").
		Type("func (result i32 i64)").
		Tag(0).Tag(1).Tag(2)
}

// The rules are those of document/legacy/exceptions/core/valid.rst.
func TestLegacyTry(t *testing.T) {
	checkCode(t, ops.Wasm2|ops.LegacyExceptions, legacyTypes, []codeCase{
		{"alone", "", "try end", ""},
		{"catch", "", "try catch 0 end", ""},
		{"catch with a value", "", "try catch 1 drop end", ""},
		{"catch with values", "", "try catch 2 drop drop end", ""},
		{"several", "", "try catch 0 catch 1 drop catch 0 catch_all end", ""},
		{"catch_all", "", "try catch_all end", ""},
		{"nested", "", "try try catch 0 end catch_all try catch_all end end", ""},
		{"result", "", "try (result i32) i32.const 0 catch 1 catch_all i32.const 1 end drop", ""},
		{"results", "", "try (type 4) i32.const 0 i64.const 0 catch_all i32.const 0 i64.const 0 end drop drop", ""},
		{"parameter", "", "i32.const 0 try (type 3) i32.eqz end drop", ""},
		{"parameter is not in catch", "", "i32.const 0 try (type 3) catch 1 end drop", ""},
		{"unreachable", "", "try (result i32) unreachable catch 0 unreachable catch_all unreachable end drop", ""},
		{"branch out of try and catch", "", "try (result i32) i32.const 0 br 0 catch 1 br 0 catch_all i32.const 0 br 0 end drop", ""},
		{"result missing", "", "try (result i32) @end drop", "type mismatch"},
		{"result of another type", "", "try (result i32) i64.const 0 @end drop", "type mismatch"},
		{"result missing before catch", "", "try (result i32) @catch 1 end drop", "type mismatch"},
		{"result missing before catch_all", "", "try (result i32) @catch_all i32.const 0 end drop", "type mismatch"},
		{"result too many before catch", "", "try i32.const 0 @catch 0 end", "type mismatch"},
		{"result of catch missing", "", "try (result i32) i32.const 0 catch 0 @end drop", "type mismatch"},
		{"result of catch of another type", "", "try (result i32) i32.const 0 catch 2 @end drop", "type mismatch"},
		{"result of catch too many", "", "try catch 1 @end", "type mismatch"},
		{"result of catch before the next", "", "try (result i32) i32.const 0 catch 0 @catch_all i32.const 0 end drop", "type mismatch"},
		{"result of catch_all missing", "", "try (result i32) i32.const 0 catch_all @end drop", "type mismatch"},
		{"result of catch_all too many", "", "try catch_all i32.const 0 @end", "type mismatch"},
		{"catch_all has no value", "", "try catch_all @drop end", "type mismatch"},
		{"value of catch is of the type of the tag", "", "try catch 1 @i64.eqz drop end", "type mismatch"},
		{"values of catch in their order", "", "try catch 2 @i64.eqz drop drop end", "type mismatch"},
		{"operands outside are out of reach", "", "i32.const 0 try @drop end drop", "type mismatch"},
		{"operands outside are out of reach in catch", "", "i32.const 0 try catch_all @drop end drop", "type mismatch"},
		{"unreachable ends at catch", "", "try unreachable catch_all @drop end", "type mismatch"},
		{"parameter missing", "", "@try (type 3) end drop", "type mismatch"},
		{"parameter of another type", "", "i64.const 0 @try (type 3) drop i32.const 0 end drop", "type mismatch"},
		{"unknown tag", "", "try @catch 3 end", "unknown tag 3"},
		{"unknown type", "", "@try (type 9) end", "unknown type 9"},
		{"throw", "", "i32.const 0 throw 1", ""},
		{"throw operand missing", "", "@throw 1", "type mismatch"},
		{"throw unknown tag", "", "@throw 3", "unknown tag 3"},
	})
}

// catch, catch_all and delegate belong to a try, each in its place.
func TestLegacyGrammar(t *testing.T) {
	const illegal = "malformed: illegal opcode"
	checkCode(t, ops.Wasm2|ops.LegacyExceptions, legacyTypes, []codeCase{
		{"catch of a function", "", "@catch 0", illegal},
		{"catch of a block", "", "block @catch 0 end", illegal},
		{"catch of a loop", "", "loop @catch 0 end", illegal},
		{"catch of an if", "", "i32.const 0 if @catch 0 end", illegal},
		{"catch of a block in try", "", "try block @catch 0 end end", illegal},
		{"catch after catch_all", "", "try catch_all @catch 0 end", illegal},
		{"catch_all of a function", "", "@catch_all", illegal},
		{"catch_all of a block", "", "block @catch_all end", illegal},
		{"catch_all after catch_all", "", "try catch_all @catch_all end", illegal},
		{"delegate of a function", "", "@delegate 0", illegal},
		{"delegate of a block", "", "block @delegate 0", illegal},
		{"delegate after catch", "", "try catch 0 @delegate 0", illegal},
		{"delegate after catch_all", "", "try catch_all @delegate 0", illegal},
		{"else of a try", "", "try @else end", "malformed: END opcode expected"},
	})

	checkCode(t, ops.All, legacyTypes, []codeCase{
		{"catch of a try_table", "", "try_table @catch 0 end", illegal},
		{"delegate of a try_table", "", "try_table @delegate 0", illegal},
	})
}

func TestLegacyDelegate(t *testing.T) {
	checkCode(t, ops.Wasm2|ops.LegacyExceptions, legacyTypes, []codeCase{
		{"to the caller", "", "try delegate 0", ""},
		{"to a try", "", "try try delegate 0 catch_all end", ""},
		{"to the caller past a try", "", "try try delegate 1 catch_all end", ""},
		{"to a block", "", "block try delegate 0 end", ""},
		{"to a loop", "", "loop try delegate 0 end", ""},
		{"out of a catch", "", "try catch_all try delegate 0 end", ""},
		{"result", "", "try (result i32) i32.const 0 delegate 0 drop", ""},
		{"parameter", "", "i32.const 0 try (type 3) i32.eqz delegate 0 drop", ""},
		{"branch out of it", "", "try br 0 delegate 0", ""},
		{"to a label with results", "", "block (result i32) try delegate 0 i32.const 0 end drop", ""},
		{"code goes on after it", "", "try delegate 0 i32.const 0 drop", ""},
		{"ends its try", "", "try delegate 0 @br 1", "unknown label"},
		{"result missing", "", "try (result i32) @delegate 0 drop", "type mismatch"},
		{"result of another type", "", "try (result i32) i64.const 0 @delegate 0 drop", "type mismatch"},
		{"result too many", "", "try i32.const 0 @delegate 0", "type mismatch"},
		{"to itself is to the label outside", "", "try @delegate 1", "unknown label"},
		{"unknown label", "", "block try @delegate 2 end", "unknown label"},
	})
}

func TestLegacyRethrow(t *testing.T) {
	const invalid = "invalid rethrow label"
	checkCode(t, ops.Wasm2|ops.LegacyExceptions, legacyTypes, []codeCase{
		{"in catch", "", "try catch 0 rethrow 0 end", ""},
		{"in catch_all", "", "try catch_all rethrow 0 end", ""},
		{"from a block in catch", "", "try catch_all block rethrow 1 end end", ""},
		{"from a try in catch", "", "try catch_all try rethrow 1 catch_all rethrow 0 end end", ""},
		{"to the outer of two catches", "", "try catch_all try catch_all rethrow 1 end end", ""},
		{"code after it cannot be reached", "", "try (result i32) i32.const 0 catch_all rethrow 0 end drop", ""},
		{"with values below", "", "try catch 2 rethrow 0 end", ""},
		{"in a function", "", "@rethrow 0", invalid},
		{"in a block", "", "block @rethrow 0 end", invalid},
		{"in a try", "", "try @rethrow 0 catch_all end", invalid},
		{"in a try with delegate", "", "try @rethrow 0 delegate 0", invalid},
		{"to a block in catch", "", "try catch_all block @rethrow 0 end end", invalid},
		{"to a try in catch", "", "try catch_all try @rethrow 0 catch_all end end", invalid},
		{"to the function from catch", "", "try catch_all @rethrow 1 end", invalid},
		{"after the try", "", "try catch_all end @rethrow 0", invalid},
		{"unknown label", "", "try catch_all @rethrow 2 end", "unknown label"},
	})
}

// A local that is set in try is not set in its catch.
func TestLegacyLocals(t *testing.T) {
	const set = "ref.func 0 local.set 0 "
	types := func() *validatortest.Module { return legacyTypes().Export("f", "func 0") }
	checkCode(t, ops.Wasm3|ops.LegacyExceptions, types, []codeCase{
		{"set before", "(ref func)", set + "try local.get 0 drop catch_all local.get 0 drop end local.get 0 drop", ""},
		{"set in each", "(ref func)", "try " + set + "local.get 0 drop catch 0 " + set + "local.get 0 drop end", ""},
		{"set in try, used in catch", "(ref func)", "try " + set + "catch 0 @local.get 0 drop end", "uninitialized local"},
		{"set in try, used in catch_all", "(ref func)", "try " + set + "catch_all @local.get 0 drop end", "uninitialized local"},
		{"set in catch, used in the next", "(ref func)", "try catch 0 " + set + "catch_all @local.get 0 drop end", "uninitialized local"},
		{"set in both, used after", "(ref func)", "try " + set + "catch_all " + set + "end @local.get 0 drop", "uninitialized local"},
		{"set in try, used after delegate", "(ref func)", "try " + set + "delegate 0 @local.get 0 drop", "uninitialized local"},
	})
}

func TestLegacyFeature(t *testing.T) {
	empty := legacyTypes
	checkOff(t, ops.LegacyExceptions, []moduleCase{
		{"try", empty().Func(0, "", "@try end"), "malformed: illegal opcode"},
		{"delegate", empty().Func(0, "", "@try delegate 0"), "malformed: illegal opcode"},
	})
	for _, code := range []string{"@catch 0", "@catch_all", "@rethrow 0", "@delegate 0"} {
		t.Run(code, func(t *testing.T) {
			expectOff(t, ops.LegacyExceptions, empty().Func(0, "", code), "malformed: illegal opcode")
		})
	}
	// The proposal brings tags, and not the exceptions of the standard.
	only := ops.MVP | ops.LegacyExceptions
	expect(t, only, emptyTypes().Tag(0).Func(0, "", "try throw 0 catch 0 rethrow 0 end"), "")
	expect(t, only, emptyTypes().Func(0, "", "@try_table end"), "malformed: illegal opcode")
	expect(t, only, emptyTypes().Func(0, "", "unreachable @throw_ref"), "malformed: illegal opcode")
	checkRequired(t, "legacy", emptyTypes().Tag(0).Func(0, "", "try throw 0 catch 0 rethrow 0 end").Bytes(), ops.LegacyExceptions)
}

// An else that does not fit leaves the locals as they were, which the if has set. The
// operators of a program that makes them may have no offsets.
func TestTryElseThatDoesNotFit(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func").Type("func (param"+strings.Repeat(" i32", 900)+")").
		Func(0, "", "").Elem("declare func 0").Bytes()
	m, funcs := spine(t, wasm, validator.WithLimits(validator.Limits{Operands: 10}))
	a, err := funcs[0].Assign(validator.New(m, ops.Default))
	is.NoErr(err)
	offset := funcs[0].Body.Offset()
	is.NoErr(a.DefineLocals(offset, 1, ops.HeapFunc.Ref()))
	op := func(in ops.Instr) error { return a.TryOp(offset, &in) }
	for range 901 {
		is.NoErr(op(ops.Instr{Op: ops.I32Const}))
	}
	is.NoErr(op(ops.Instr{Op: ops.If, Block: ops.BlockIndex(1)}))
	for range 900 {
		is.NoErr(op(ops.Instr{Op: ops.Drop}))
	}
	is.NoErr(op(ops.Instr{Op: ops.RefFunc}))
	is.NoErr(op(ops.Instr{Op: ops.LocalSet}))
	var e *validator.Error
	is.True(errors.As(op(ops.Instr{Op: ops.Else}), &e))
	is.Equal(e.Message, "operand stack of 900 exceeds the limit of 10")
	is.NoErr(op(ops.Instr{Op: ops.LocalGet}))
	_ = a.Abandon()
}

// A catch that does not fit leaves the locals as they were, which the try has set.
func TestTryCatchThatDoesNotFit(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func").Type("func (param"+strings.Repeat(" i32", 900)+")").
		Func(0, "", "").Tag(1).Elem("declare func 0").Bytes()
	m, funcs := spine(t, wasm, validator.WithFeatures(ops.All), validator.WithLimits(validator.Limits{Operands: 10}))
	a, err := funcs[0].Assign(validator.New(m, ops.All))
	is.NoErr(err)
	is.NoErr(a.DefineLocals(0, 1, ops.HeapFunc.Ref()))
	op := func(in ops.Instr) error { return a.TryOp(0, &in) }
	is.NoErr(op(ops.Instr{Op: ops.Try}))
	is.NoErr(op(ops.Instr{Op: ops.RefFunc}))
	is.NoErr(op(ops.Instr{Op: ops.LocalSet}))
	var e *validator.Error
	is.True(errors.As(op(ops.Instr{Op: ops.LegacyCatch}), &e))
	is.Equal(e.Kind, validator.Limit)
	is.NoErr(op(ops.Instr{Op: ops.LocalGet}))
	_ = a.Abandon()
}
