package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// casts declares types for the bodies of function 1, which may refer to function
// 0 of type 9.
var casts = bodySuite{ops.Wasm3, func() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("sub (struct (field i32))").
		Type("sub 1 (struct (field i32 i64))").
		Type("struct").
		Type("array (mut i32)").
		Type("func (result i32 i32)"). // 5
		Type("func (result i32 (ref null 1))").
		Type("func (result (ref null 1) i32)").
		Type("sub (func)").
		Type("sub 8 (func)").
		Type("func (result i32 anyref)"). // 10
		Func(9, "", "").Export("f", "func 0")
}, 1}

func TestRefTest(t *testing.T) {
	casts.check(t, []bodyTest{
		{"to a subtype", "anyref", "local.get 0 ref.test (ref 1) i32.eqz drop", ""},
		{"to a subtype or null", "anyref", "local.get 0 ref.test (ref null 1) i32.eqz drop", ""},
		{"to the same type", "anyref", "local.get 0 ref.test anyref drop", ""},
		{"to a supertype", "(ref null 2)", "local.get 0 ref.test (ref 1) drop", ""},
		{"to an unrelated type of the hierarchy", "(ref null 4)", "local.get 0 ref.test (ref i31) drop", ""},
		{"to none", "anyref", "local.get 0 ref.test nullref drop", ""},
		{"function", "funcref", "local.get 0 ref.test (ref 9) drop", ""},
		{"external", "externref", "local.get 0 ref.test (ref extern) drop", ""},
		{"external, to the bottom", "externref", "local.get 0 ref.test nullexternref drop", ""},
		{"exception", "exnref", "local.get 0 ref.test (ref exn) drop", ""},
		{"unreachable", "", "unreachable ref.test (ref 1) i32.eqz drop", ""},
		{"result of another type", "anyref", "local.get 0 ref.test (ref 1) @f32.neg drop", "type mismatch"},
		{"function to structure", "funcref", "local.get 0 @ref.test (ref 1) drop", "type mismatch"},
		{"structure to function", "anyref", "local.get 0 @ref.test (ref 8) drop", "type mismatch"},
		{"external to any", "externref", "local.get 0 @ref.test (ref any) drop", "type mismatch"},
		{"any to external", "anyref", "local.get 0 @ref.test (ref extern) drop", "type mismatch"},
		{"exception to any", "exnref", "local.get 0 @ref.test (ref null any) drop", "type mismatch"},
		{"number", "", "i32.const 0 @ref.test (ref 1) drop", "type mismatch"},
		{"unreachable with number", "", "unreachable i32.const 0 @ref.test (ref null 1) drop", "type mismatch"},
		{"no operand", "", "@ref.test (ref 1) drop", "type mismatch"},
		{"no operand, nullable", "", "@ref.test (ref null 1) drop", "type mismatch"},
		{"unknown type", "", "unreachable @ref.test (ref 99) drop", "unknown type 99"},
		{"unknown type, nullable", "", "unreachable @ref.test (ref null 99) drop", "unknown type 99"},
	})
}

func TestRefCast(t *testing.T) {
	casts.check(t, []bodyTest{
		{"to a subtype", "anyref (ref 1)", "local.get 0 ref.cast (ref 1) local.set 1", ""},
		{"to a subtype or null", "anyref (ref null 1)", "local.get 0 ref.cast (ref null 1) local.set 1", ""},
		{"to a supertype", "(ref null 2) (ref 1)", "local.get 0 ref.cast (ref 1) local.set 1", ""},
		{"to an unrelated type of the hierarchy", "(ref null 4) (ref i31)", "local.get 0 ref.cast (ref i31) local.set 1", ""},
		{"function", "funcref (ref 9)", "local.get 0 ref.cast (ref 9) local.set 1", ""},
		{"null", "(ref 1)", "ref.null none ref.cast (ref 1) local.set 0", ""},
		{"unreachable", "(ref 1)", "unreachable ref.cast (ref 1) local.set 0", ""},
		{"result may be null", "anyref (ref 1)", "local.get 0 ref.cast (ref null 1) @local.set 1", "type mismatch"},
		{"result may be null, of a non-null operand", "(ref 1)", "i32.const 0 struct.new 1 ref.cast (ref null 1) @local.set 0", "type mismatch"},
		{"result has the type of the cast only", "(ref null 2)", "local.get 0 ref.cast (ref null 1) @local.set 0", "type mismatch"},
		{"unreachable, result of another type", "(ref 3)", "unreachable ref.cast (ref 1) @local.set 0", "type mismatch"},
		{"function to structure", "funcref", "local.get 0 @ref.cast (ref 1) drop", "type mismatch"},
		{"structure to function", "(ref null 1)", "local.get 0 @ref.cast (ref null 8) drop", "type mismatch"},
		{"external to any", "externref", "local.get 0 @ref.cast (ref any) drop", "type mismatch"},
		{"number", "", "i32.const 0 @ref.cast (ref i31) drop", "type mismatch"},
		{"no operand", "", "@ref.cast (ref 1) drop", "type mismatch"},
		{"unknown type", "", "unreachable @ref.cast (ref 99) drop", "unknown type 99"},
		{"unknown type, nullable", "", "unreachable @ref.cast (ref null 99) drop", "unknown type 99"},
	})
}

func TestBrOnCast(t *testing.T) {
	casts.check(t, []bodyTest{
		{"to a subtype", "anyref", "block (result (ref 1)) local.get 0 br_on_cast 0 anyref (ref 1) drop unreachable end drop", ""},
		{"to the same type", "anyref", "block (result anyref) local.get 0 br_on_cast 0 anyref anyref end drop", ""},
		{"label takes a supertype", "anyref", "block (result structref) local.get 0 br_on_cast 0 anyref (ref 1) drop unreachable end drop", ""},
		{"label takes null where there is none", "anyref", "block (result (ref null 1)) local.get 0 br_on_cast 0 anyref (ref 1) drop unreachable end drop", ""},
		{"operand of a subtype of the source", "(ref null 2)", "block (result (ref 1)) local.get 0 br_on_cast 0 anyref (ref 1) drop unreachable end drop", ""},
		{"function", "funcref", "block (result (ref 9)) local.get 0 br_on_cast 0 funcref (ref 9) unreachable end drop", ""},
		{"not taken, no null left", "anyref (ref any)", "block (result (ref null 1)) local.get 0 br_on_cast 0 anyref (ref null 1) local.set 1 unreachable end drop", ""},
		{"not taken, null left", "anyref (ref any)", "block (result (ref null 1)) local.get 0 br_on_cast 0 anyref (ref 1) @local.set 1 unreachable end drop", "type mismatch"},
		{"not taken, the source type is left", "(ref null 2) (ref 2)", "block (result (ref null 1)) local.get 0 br_on_cast 0 anyref (ref null 1) @local.set 1 unreachable end drop", "type mismatch"},
		{"label with a value", "anyref", "block (type 6) i32.const 0 local.get 0 br_on_cast 0 anyref (ref 1) drop drop unreachable end drop drop", ""},
		{"unreachable", "", "block (result (ref 1)) unreachable br_on_cast 0 anyref (ref 1) drop unreachable end drop", ""},
		{"unreachable, the source type is left", "(ref 2)", "block (result (ref 1)) unreachable br_on_cast 0 anyref (ref 1) @local.set 0 unreachable end drop", "type mismatch"},
		{"target of another hierarchy", "", "block (result funcref) unreachable @br_on_cast 0 anyref funcref drop unreachable end drop", "type mismatch"},
		{"operand is no subtype of the source", "anyref", "block (result (ref 1)) local.get 0 @br_on_cast 0 structref (ref 1) drop unreachable end drop", "type mismatch"},
		{"operand may be null and the source not", "(ref null 1)", "block (result (ref 2)) local.get 0 @br_on_cast 0 (ref 1) (ref 2) drop unreachable end drop", "type mismatch"},
		{"label takes another type", "anyref", "block (result (ref 3)) local.get 0 @br_on_cast 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes a subtype", "anyref", "block (result (ref 2)) local.get 0 @br_on_cast 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes no null", "anyref", "block (result (ref 1)) local.get 0 @br_on_cast 0 anyref (ref null 1) drop unreachable end drop", "type mismatch"},
		{"label takes nothing", "anyref", "block local.get 0 @br_on_cast 0 anyref (ref 1) drop end", "type mismatch"},
		{"label takes a number", "anyref", "block (result i32) local.get 0 @br_on_cast 0 anyref (ref 1) drop i32.const 0 end drop", "type mismatch"},
		{"label takes a number last", "anyref", "block (type 7) unreachable @br_on_cast 0 anyref (ref 1) unreachable end drop drop", "type mismatch"},
		{"value missing", "anyref", "block (type 6) local.get 0 @br_on_cast 0 anyref (ref 1) unreachable end drop drop", "type mismatch"},
		{"value of another type", "anyref", "block (type 6) f32.const 0 local.get 0 @br_on_cast 0 anyref (ref 1) unreachable end drop drop", "type mismatch"},
		{"number", "", "block (result (ref 1)) i32.const 0 @br_on_cast 0 anyref (ref 1) unreachable end drop", "type mismatch"},
		{"no operand", "", "block (result (ref 1)) @br_on_cast 0 anyref (ref 1) unreachable end drop", "type mismatch"},
		{"unknown label", "anyref", "local.get 0 @br_on_cast 1 anyref (ref 1) drop", "unknown label"},
		{"unknown source type", "", "block (result anyref) unreachable @br_on_cast 0 (ref 99) (ref none) drop unreachable end drop", "unknown type 99"},
		{"unknown target type", "", "block (result anyref) unreachable @br_on_cast 0 anyref (ref 99) drop unreachable end drop", "unknown type 99"},
	})
}

func TestBrOnCastFail(t *testing.T) {
	casts.check(t, []bodyTest{
		{"the rest goes to the label", "anyref (ref 1)", "block (result anyref) local.get 0 br_on_cast_fail 0 anyref (ref 1) local.set 1 unreachable end drop", ""},
		{"null stays", "anyref (ref null 1)", "block (result (ref any)) local.get 0 br_on_cast_fail 0 anyref (ref null 1) local.set 1 unreachable end drop", ""},
		{"null goes to the label", "anyref", "block (result (ref any)) local.get 0 @br_on_cast_fail 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"non-null source", "", "block (result (ref 1)) i32.const 0 struct.new 1 br_on_cast_fail 0 (ref 1) (ref 2) unreachable end drop", ""},
		{"function", "funcref (ref 9)", "block (result funcref) local.get 0 br_on_cast_fail 0 funcref (ref 9) local.set 1 unreachable end drop", ""},
		{"label with a value", "anyref (ref 1)", "block (type 10) i32.const 0 local.get 0 br_on_cast_fail 0 anyref (ref 1) local.set 1 drop unreachable end drop drop", ""},
		{"unreachable", "(ref 1)", "block (result anyref) unreachable br_on_cast_fail 0 anyref (ref 1) local.set 0 unreachable end drop", ""},
		{"the target may be null", "(ref 1)", "block (result anyref) unreachable br_on_cast_fail 0 anyref (ref null 1) @local.set 0 unreachable end drop", "type mismatch"},
		{"target of another hierarchy", "", "block (result anyref) unreachable @br_on_cast_fail 0 anyref externref drop unreachable end drop", "type mismatch"},
		{"operand is no subtype of the source", "anyref", "block (result anyref) local.get 0 @br_on_cast_fail 0 structref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes the target only", "anyref", "block (result (ref null 1)) local.get 0 @br_on_cast_fail 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes nothing", "anyref", "block local.get 0 @br_on_cast_fail 0 anyref (ref 1) drop end", "type mismatch"},
		{"label takes a number", "", "block (result i32) unreachable @br_on_cast_fail 0 anyref (ref 1) unreachable end drop", "type mismatch"},
		{"value missing", "anyref", "block (type 10) local.get 0 @br_on_cast_fail 0 anyref (ref 1) unreachable end drop drop", "type mismatch"},
		{"value of another type", "anyref", "block (type 10) i64.const 0 local.get 0 @br_on_cast_fail 0 anyref (ref 1) unreachable end drop drop", "type mismatch"},
		{"no operand", "", "block (result anyref) @br_on_cast_fail 0 anyref (ref 1) unreachable end drop", "type mismatch"},
		{"unknown label", "", "unreachable @br_on_cast_fail 1 anyref (ref 1) drop", "unknown label"},
		{"unknown source type", "", "block (result anyref) unreachable @br_on_cast_fail 0 (ref 99) (ref none) drop unreachable end drop", "unknown type 99"},
		{"unknown target type", "", "block (result anyref) unreachable @br_on_cast_fail 0 anyref (ref 99) drop unreachable end drop", "unknown type 99"},
	})
}

// Custom descriptors let a cast branch go to any type of the hierarchy.
func TestBrOnCastBetweenTypes(t *testing.T) {
	want := refusal{kind: validator.Invalid, message: "type mismatch", feature: "custom-descriptors", fn: 1}
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"br_on_cast, target is no subtype of the source", casts.base().Func(0, "(ref null 4)", "block (result (ref 1)) local.get 0 @br_on_cast 0 (ref null 4) (ref 1) drop unreachable end drop"), want},
		{"br_on_cast, target may be null and the source not", casts.base().Func(0, "", "block (result (ref null 1)) unreachable @br_on_cast 0 (ref any) (ref null 1) drop unreachable end drop"), want},
		{"br_on_cast, target is a supertype of the source", casts.base().Func(0, "", "block (result anyref) unreachable @br_on_cast 0 (ref 1) (ref any) drop unreachable end drop"), want},
		{"br_on_cast_fail, target is no subtype of the source", casts.base().Func(0, "", "block (result anyref) unreachable @br_on_cast_fail 0 (ref null 4) (ref 1) drop unreachable end drop"), want},
		{"br_on_cast_fail, target may be null and the source not", casts.base().Func(0, "", "block (result anyref) unreachable @br_on_cast_fail 0 (ref any) (ref null 1) drop unreachable end drop"), want},
	})
}

// The flags of a cast have two bits, and both types are heap types.
func TestBrOnCastFlags(t *testing.T) {
	checkModule(t, ops.Wasm3, casts.base().Func(0, "", "block (result anyref) unreachable (bytes 0xfb 0x18 3 0 0x6e 1) unreachable end drop"), "")
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"br_on_cast", casts.base().Func(0, "", "block (result anyref) unreachable @(bytes 0xfb 0x18 4 0 0x6e 1) unreachable end drop"),
			refusal{kind: validator.Malformed, message: "malformed", fn: 1, after: 2}},
		{"br_on_cast_fail", casts.base().Func(0, "", "block (result anyref) unreachable @(bytes 0xfb 0x19 0x80 0 0x6e 1) unreachable end drop"),
			refusal{kind: validator.Malformed, message: "malformed", fn: 1, after: 2}},
		{"heap type is a number type", casts.base().Func(0, "", "unreachable @(bytes 0xfb 0x14 0x7f) drop"),
			refusal{kind: validator.Malformed, message: "malformed heap type", fn: 1, after: 2}},
	})
}

func TestRefEq(t *testing.T) {
	casts.check(t, []bodyTest{
		{"eqref", "eqref", "local.get 0 local.get 0 ref.eq i32.eqz drop", ""},
		{"structure and array", "(ref null 1) (ref null 4)", "local.get 0 local.get 1 ref.eq drop", ""},
		{"i31 and null", "i31ref", "local.get 0 ref.null none ref.eq drop", ""},
		{"unreachable", "", "unreachable ref.eq i32.eqz drop", ""},
		{"result of another type", "eqref", "local.get 0 local.get 0 ref.eq @i64.eqz drop", "type mismatch"},
		{"first any", "anyref eqref", "local.get 0 local.get 1 @ref.eq drop", "type mismatch"},
		{"second any", "anyref eqref", "local.get 1 local.get 0 @ref.eq drop", "type mismatch"},
		{"functions", "funcref", "local.get 0 local.get 0 @ref.eq drop", "type mismatch"},
		{"external", "externref eqref", "local.get 1 local.get 0 @ref.eq drop", "type mismatch"},
		{"exceptions", "exnref", "local.get 0 local.get 0 @ref.eq drop", "type mismatch"},
		{"number", "eqref", "local.get 0 i32.const 0 @ref.eq drop", "type mismatch"},
		{"one operand", "eqref", "local.get 0 @ref.eq drop", "type mismatch"},
		{"no operand", "", "@ref.eq drop", "type mismatch"},
	})
}

func TestI31(t *testing.T) {
	casts.check(t, []bodyTest{
		{"ref.i31", "(ref i31)", "i32.const 0 ref.i31 local.set 0", ""},
		{"ref.i31 is an eqref", "(ref eq)", "i32.const 0 ref.i31 local.set 0", ""},
		{"ref.i31, unreachable", "(ref i31)", "unreachable ref.i31 local.set 0", ""},
		{"ref.i31, result of another type", "(ref struct)", "i32.const 0 ref.i31 @local.set 0", "type mismatch"},
		{"ref.i31 of another type", "", "i64.const 0 @ref.i31 drop", "type mismatch"},
		{"ref.i31 of a reference", "i31ref", "local.get 0 @ref.i31 drop", "type mismatch"},
		{"ref.i31 without operand", "", "@ref.i31 drop", "type mismatch"},
		{"i31.get_s", "i31ref", "local.get 0 i31.get_s i32.eqz drop", ""},
		{"i31.get_s of null", "", "ref.null none i31.get_s drop", ""},
		{"i31.get_s, unreachable", "", "unreachable i31.get_s i32.eqz drop", ""},
		{"i31.get_s, result of another type", "", "unreachable i31.get_s @f64.neg drop", "type mismatch"},
		{"i31.get_s of an eqref", "eqref", "local.get 0 @i31.get_s drop", "type mismatch"},
		{"i31.get_s of a number", "", "i32.const 0 @i31.get_s drop", "type mismatch"},
		{"i31.get_s without operand", "", "@i31.get_s drop", "type mismatch"},
		{"i31.get_u", "", "i32.const 0 ref.i31 i31.get_u i32.eqz drop", ""},
		{"i31.get_u, unreachable", "", "unreachable i31.get_u i32.eqz drop", ""},
		{"i31.get_u, result of another type", "", "unreachable i31.get_u @i64.eqz drop", "type mismatch"},
		{"i31.get_u of a structref", "structref", "local.get 0 @i31.get_u drop", "type mismatch"},
		{"i31.get_u without operand", "", "@i31.get_u drop", "type mismatch"},
	})
}

func TestExternalConversions(t *testing.T) {
	casts.check(t, []bodyTest{
		{"any.convert_extern", "externref anyref", "local.get 0 any.convert_extern local.set 1", ""},
		{"any.convert_extern keeps non-null", "(ref any)", "ref.null extern ref.as_non_null any.convert_extern local.set 0", ""},
		{"any.convert_extern of the bottom", "", "ref.null noextern any.convert_extern drop", ""},
		{"any.convert_extern, unreachable", "anyref", "unreachable any.convert_extern local.set 0", ""},
		{"any.convert_extern, unreachable, as non-null", "(ref any)", "unreachable any.convert_extern local.set 0", ""},
		{"any.convert_extern keeps null", "externref (ref any)", "local.get 0 any.convert_extern @local.set 1", "type mismatch"},
		{"any.convert_extern gives no eqref", "externref eqref", "local.get 0 any.convert_extern @local.set 1", "type mismatch"},
		{"any.convert_extern of anyref", "anyref", "local.get 0 @any.convert_extern drop", "type mismatch"},
		{"any.convert_extern of a number", "", "i32.const 0 @any.convert_extern drop", "type mismatch"},
		{"any.convert_extern without operand", "", "@any.convert_extern drop", "type mismatch"},
		{"any.convert_extern, unreachable, result of another type", "", "unreachable any.convert_extern @i32.eqz drop", "type mismatch"},
		{"extern.convert_any", "anyref externref", "local.get 0 extern.convert_any local.set 1", ""},
		{"extern.convert_any of a structure", "(ref null 1) externref", "local.get 0 extern.convert_any local.set 1", ""},
		{"extern.convert_any keeps non-null", "(ref extern)", "struct.new 3 extern.convert_any local.set 0", ""},
		{"extern.convert_any, unreachable, as non-null", "(ref extern)", "unreachable extern.convert_any local.set 0", ""},
		{"extern.convert_any keeps null", "anyref (ref extern)", "local.get 0 extern.convert_any @local.set 1", "type mismatch"},
		{"extern.convert_any of null gives no bottom", "nullexternref", "ref.null none extern.convert_any @local.set 0", "type mismatch"},
		{"extern.convert_any of a function", "funcref", "local.get 0 @extern.convert_any drop", "type mismatch"},
		{"extern.convert_any of externref", "externref", "local.get 0 @extern.convert_any drop", "type mismatch"},
		{"extern.convert_any without operand", "", "@extern.convert_any drop", "type mismatch"},
	})
}
