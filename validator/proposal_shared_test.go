package validator_test

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

const withShared = ops.Wasm3 | ops.Threads | ops.SharedEverythingThreads

// sharedTypes declares things to access atomically.
func sharedTypes() *validatortest.Module {
	const anyRef, eqRef, funcRef = "(ref null (shared any))", "(ref null (shared eq))", "(ref null (shared func))"
	m := validatortest.NewModule().
		Type("func").
		Type("shared (func)").
		Type("shared (struct (field (mut i32) (mut i64) (mut i8) (mut " + anyRef + ") (mut " + eqRef + ") (mut f32) (mut " + funcRef + ") i32 (mut (ref null (shared i31)))))").
		Type("struct (field (mut i32) (mut eqref) i16)") // 3
	for _, elem := range []string{"(mut i32)", "(mut i64)", "(mut i8)", "(mut " + anyRef + ")", "(mut " + eqRef + ")", "(mut f32)", "i32"} { // 4 to 10
		m.Type("shared (array " + elem + ")")
	}
	m.Type("array (mut eqref)") // 11
	return m.
		Global("shared mut i32", "i32.const 0").
		Global("shared mut i64", "i64.const 0").
		Global("shared mut "+anyRef, "ref.null (shared none)").
		Global("shared mut "+eqRef, "ref.null (shared none)").
		Global("shared mut f32", "f32.const 0").
		Global("shared mut "+funcRef, "ref.null (shared nofunc)").
		Global("shared i32", "i32.const 0").
		Global("mut i31ref", "ref.null none"). // 7
		Table("1 " + anyRef).Table("1 " + eqRef).Table("1 " + funcRef).
		Table("1 eqref").Table("i64 1 anyref") // 3, 4
}

// The locals of the tests, each a nullable reference and so with a default.
const sharedLocals = "(ref null 2) (ref null (shared any)) (ref null (shared eq)) (ref null 3) eqref anyref " +
	"(ref null 4) (ref null 5) (ref null 6) (ref null 7) (ref null 8) (ref null 9) (ref null 10) (ref null 11)"

// checkShared is checkBodies with the locals above.
func checkShared(t *testing.T, tests []bodyTest) {
	t.Helper()
	for i := range tests {
		tests[i].locals = sharedLocals
	}
	checkBodies(t, withShared, sharedTypes, tests)
}

// arithmetic lists the read-modify-write operations on numbers.
var arithmetic = []string{"add", "sub", "and", "or", "xor"}

// forArithmetic writes each test once for each operation, in place of OP.
func forArithmetic(tests []bodyTest) (all []bodyTest) {
	for _, op := range arithmetic {
		for _, test := range tests {
			test.name, test.code = op+" "+test.name, strings.ReplaceAll(test.code, "OP", op)
			all = append(all, test)
		}
	}
	return all
}

func TestGlobalAtomic(t *testing.T) {
	checkShared(t, []bodyTest{
		{"get i32", "", "global.atomic.get seq_cst 0 i32.eqz drop", ""},
		{"get i64", "", "global.atomic.get acq_rel 1 i64.eqz drop", ""},
		{"get shared anyref", "", "global.atomic.get seq_cst 2 local.set 1", ""},
		{"get i31ref", "", "global.atomic.get seq_cst 7 local.set 4", ""},
		{"get immutable", "", "global.atomic.get seq_cst 6 drop", ""},
		{"get f32", "", "@global.atomic.get seq_cst 4 drop", "invalid type"},
		{"get funcref", "", "@global.atomic.get seq_cst 5 drop", "invalid type"},
		{"get unknown", "", "@global.atomic.get seq_cst 9 drop", "unknown global 9"},
		{"set i32", "", "i32.const 1 global.atomic.set seq_cst 0", ""},
		{"set shared anyref", "", "local.get 2 global.atomic.set acq_rel 2", ""},
		{"set f32", "", "f32.const 1 @global.atomic.set seq_cst 4", "invalid type"},
		{"set funcref", "", "ref.null (shared nofunc) @global.atomic.set seq_cst 5", "invalid type"},
		{"set operand of another type", "", "i64.const 1 @global.atomic.set seq_cst 0", "type mismatch"},
		{"set unshared reference", "", "local.get 5 @global.atomic.set seq_cst 2", "type mismatch"},
		{"set immutable", "", "i32.const 1 @global.atomic.set seq_cst 6", "immutable global"},
		{"set unknown", "", "i32.const 1 @global.atomic.set seq_cst 9", "unknown global 9"},
		{"xchg i64", "", "i64.const 1 global.atomic.rmw.xchg seq_cst 1 i64.eqz drop", ""},
		{"xchg shared anyref", "", "local.get 2 global.atomic.rmw.xchg seq_cst 2 local.set 1", ""},
		{"xchg f32", "", "f32.const 1 @global.atomic.rmw.xchg seq_cst 4 drop", "invalid type"},
		{"xchg operand of another type", "", "i64.const 1 @global.atomic.rmw.xchg seq_cst 0 drop", "type mismatch"},
		{"xchg immutable", "", "i32.const 1 @global.atomic.rmw.xchg seq_cst 6 drop", "immutable global"},
		{"xchg unknown", "", "i32.const 1 @global.atomic.rmw.xchg seq_cst 9 drop", "unknown global 9"},
		{"cmpxchg i32", "", "i32.const 1 i32.const 2 global.atomic.rmw.cmpxchg seq_cst 0 i32.eqz drop", ""},
		{"cmpxchg shared eqref", "", "local.get 2 local.get 2 global.atomic.rmw.cmpxchg seq_cst 3 local.set 2", ""},
		{"cmpxchg expects a supertype", "", "local.get 4 ref.null none global.atomic.rmw.cmpxchg seq_cst 7 local.set 4", ""},
		{"cmpxchg replaces with a supertype", "", "ref.null none local.get 4 @global.atomic.rmw.cmpxchg seq_cst 7 drop", "type mismatch"},
		{"cmpxchg expects what is not shared", "", "local.get 4 local.get 2 @global.atomic.rmw.cmpxchg seq_cst 3 drop", "type mismatch"},
		{"cmpxchg shared anyref", "", "local.get 1 local.get 1 @global.atomic.rmw.cmpxchg seq_cst 2 drop", "invalid type"},
		{"cmpxchg one operand", "", "i32.const 2 @global.atomic.rmw.cmpxchg seq_cst 0 drop", "type mismatch"},
		{"cmpxchg immutable", "", "i32.const 1 i32.const 2 @global.atomic.rmw.cmpxchg seq_cst 6 drop", "immutable global"},
	})
	checkShared(t, forArithmetic([]bodyTest{
		{"i32", "", "i32.const 1 global.atomic.rmw.OP seq_cst 0 i32.eqz drop", ""},
		{"i64", "", "i64.const 1 global.atomic.rmw.OP acq_rel 1 i64.eqz drop", ""},
		{"shared anyref", "", "local.get 1 @global.atomic.rmw.OP seq_cst 2 drop", "invalid type"},
		{"f32", "", "f32.const 1 @global.atomic.rmw.OP seq_cst 4 drop", "invalid type"},
		{"operand of another type", "", "i64.const 1 @global.atomic.rmw.OP seq_cst 0 drop", "type mismatch"},
		{"immutable", "", "i32.const 1 @global.atomic.rmw.OP seq_cst 6 drop", "immutable global"},
		{"unknown", "", "i32.const 1 @global.atomic.rmw.OP seq_cst 9 drop", "unknown global 9"},
	}))
}

func TestTableAtomic(t *testing.T) {
	checkShared(t, []bodyTest{
		{"get shared anyref", "", "i32.const 0 table.atomic.get seq_cst 0 local.set 1", ""},
		{"get eqref", "", "i32.const 0 table.atomic.get acq_rel 3 local.set 4", ""},
		{"get with a 64-bit address", "", "i64.const 0 table.atomic.get seq_cst 4 local.set 5", ""},
		{"get with an address of another type", "", "i32.const 0 @table.atomic.get seq_cst 4 drop", "type mismatch"},
		{"get funcref", "", "i32.const 0 @table.atomic.get seq_cst 2 drop", "invalid type"},
		{"get unknown", "", "i32.const 0 @table.atomic.get seq_cst 9 drop", "unknown table 9"},
		{"set shared eqref", "", "i32.const 0 local.get 2 table.atomic.set seq_cst 1", ""},
		{"set shared anyref", "", "i32.const 0 local.get 1 table.atomic.set seq_cst 0", ""},
		{"set operand of another type", "", "i32.const 0 local.get 1 @table.atomic.set seq_cst 1", "type mismatch"},
		{"set without address", "", "local.get 2 @table.atomic.set seq_cst 1", "type mismatch"},
		{"set funcref", "", "i32.const 0 ref.null (shared nofunc) @table.atomic.set seq_cst 2", "invalid type"},
		{"set unknown", "", "unreachable @table.atomic.set seq_cst 9", "unknown table 9"},
		{"xchg shared anyref", "", "i32.const 0 local.get 2 table.atomic.rmw.xchg seq_cst 0 local.set 1", ""},
		{"xchg operand of another type", "", "i32.const 0 local.get 4 @table.atomic.rmw.xchg seq_cst 0 drop", "type mismatch"},
		{"xchg funcref", "", "i32.const 0 ref.null (shared nofunc) @table.atomic.rmw.xchg seq_cst 2 drop", "invalid type"},
		{"xchg unknown", "", "unreachable @table.atomic.rmw.xchg seq_cst 9 drop", "unknown table 9"},
		{"cmpxchg shared eqref", "", "i32.const 0 local.get 2 local.get 2 table.atomic.rmw.cmpxchg seq_cst 1 local.set 2", ""},
		{"cmpxchg operand of another type", "", "i32.const 0 local.get 2 local.get 4 @table.atomic.rmw.cmpxchg seq_cst 1 drop", "type mismatch"},
		{"cmpxchg shared anyref", "", "unreachable @table.atomic.rmw.cmpxchg seq_cst 0 drop", "invalid type"},
		{"cmpxchg unknown", "", "unreachable @table.atomic.rmw.cmpxchg seq_cst 9 drop", "unknown table 9"},
	})
}

func TestStructAtomic(t *testing.T) {
	checkShared(t, []bodyTest{
		{"get i32", "", "local.get 0 struct.atomic.get seq_cst 2 0 i32.eqz drop", ""},
		{"get i64", "", "local.get 0 struct.atomic.get acq_rel 2 1 i64.eqz drop", ""},
		{"get shared anyref", "", "local.get 0 struct.atomic.get seq_cst 2 3 local.set 1", ""},
		{"get eqref of an unshared structure", "", "local.get 3 struct.atomic.get seq_cst 3 1 local.set 4", ""},
		{"get i8", "", "local.get 0 @struct.atomic.get seq_cst 2 2 drop", "type mismatch"},
		{"get f32", "", "local.get 0 @struct.atomic.get seq_cst 2 5 drop", "invalid type"},
		{"get funcref", "", "local.get 0 @struct.atomic.get seq_cst 2 6 drop", "invalid type"},
		{"get from another structure", "", "local.get 3 @struct.atomic.get seq_cst 2 0 drop", "type mismatch"},
		{"get unknown field", "", "local.get 0 @struct.atomic.get seq_cst 2 9 drop", "unknown field 9"},
		{"get from an array", "", "unreachable @struct.atomic.get seq_cst 4 0 drop", "type mismatch"},
		{"get of an unknown type", "", "unreachable @struct.atomic.get seq_cst 99 0 drop", "unknown type 99"},
		{"get_s i8", "", "local.get 0 struct.atomic.get_s seq_cst 2 2 i32.eqz drop", ""},
		{"get_u i8", "", "local.get 0 struct.atomic.get_u seq_cst 2 2 i32.eqz drop", ""},
		{"get_s i32", "", "local.get 0 @struct.atomic.get_s seq_cst 2 0 drop", "type mismatch"},
		{"get_u shared anyref", "", "local.get 0 @struct.atomic.get_u seq_cst 2 3 drop", "type mismatch"},
		{"set i8", "", "local.get 0 i32.const 1 struct.atomic.set seq_cst 2 2", ""},
		{"set i64", "", "local.get 0 i64.const 1 struct.atomic.set seq_cst 2 1", ""},
		{"set shared anyref", "", "local.get 0 local.get 2 struct.atomic.set seq_cst 2 3", ""},
		{"set f32", "", "local.get 0 f32.const 1 @struct.atomic.set seq_cst 2 5", "invalid type"},
		{"set operand of another type", "", "local.get 0 i32.const 1 @struct.atomic.set seq_cst 2 1", "type mismatch"},
		{"set immutable", "", "local.get 0 i32.const 1 @struct.atomic.set seq_cst 2 7", "immutable field"},
		{"set unknown field", "", "unreachable @struct.atomic.set seq_cst 2 9", "unknown field 9"},
		{"xchg i32", "", "local.get 0 i32.const 1 struct.atomic.rmw.xchg seq_cst 2 0 i32.eqz drop", ""},
		{"xchg shared anyref", "", "local.get 0 local.get 2 struct.atomic.rmw.xchg acq_rel 2 3 local.set 1", ""},
		{"xchg i8", "", "local.get 0 i32.const 1 @struct.atomic.rmw.xchg seq_cst 2 2 drop", "invalid type"},
		{"xchg operand of another type", "", "local.get 0 i64.const 1 @struct.atomic.rmw.xchg seq_cst 2 0 drop", "type mismatch"},
		{"xchg immutable", "", "unreachable @struct.atomic.rmw.xchg seq_cst 2 7 drop", "immutable field"},
		{"xchg unknown field", "", "unreachable @struct.atomic.rmw.xchg seq_cst 2 9 drop", "unknown field 9"},
		{"xchg of an unknown type", "", "unreachable @struct.atomic.rmw.xchg seq_cst 99 0 drop", "unknown type 99"},
		{"cmpxchg i64", "", "local.get 0 i64.const 1 i64.const 1 struct.atomic.rmw.cmpxchg seq_cst 2 1 i64.eqz drop", ""},
		{"cmpxchg shared eqref", "", "local.get 0 local.get 2 local.get 2 struct.atomic.rmw.cmpxchg seq_cst 2 4 local.set 2", ""},
		{"cmpxchg expects a supertype", "", "local.get 0 local.get 2 ref.null (shared none) struct.atomic.rmw.cmpxchg seq_cst 2 8 local.set 2", ""},
		{"cmpxchg replaces with a supertype", "", "local.get 0 local.get 2 local.get 2 @struct.atomic.rmw.cmpxchg seq_cst 2 8 drop", "type mismatch"},
		{"cmpxchg shared anyref", "", "unreachable @struct.atomic.rmw.cmpxchg seq_cst 2 3 drop", "invalid type"},
		{"cmpxchg i8", "", "unreachable @struct.atomic.rmw.cmpxchg seq_cst 2 2 drop", "invalid type"},
		{"cmpxchg immutable", "", "unreachable @struct.atomic.rmw.cmpxchg seq_cst 2 7 drop", "immutable field"},
	})
	checkShared(t, forArithmetic([]bodyTest{
		{"i32", "", "local.get 0 i32.const 1 struct.atomic.rmw.OP seq_cst 2 0 i32.eqz drop", ""},
		{"i64", "", "local.get 0 i64.const 1 struct.atomic.rmw.OP acq_rel 2 1 i64.eqz drop", ""},
		{"i32 of an unshared structure", "", "local.get 3 i32.const 1 struct.atomic.rmw.OP seq_cst 3 0 i32.eqz drop", ""},
		{"i8", "", "unreachable @struct.atomic.rmw.OP seq_cst 2 2 drop", "invalid type"},
		{"shared anyref", "", "unreachable @struct.atomic.rmw.OP seq_cst 2 3 drop", "invalid type"},
		{"operand of another type", "", "local.get 0 i64.const 1 @struct.atomic.rmw.OP seq_cst 2 0 drop", "type mismatch"},
		{"another structure", "", "local.get 3 i32.const 1 @struct.atomic.rmw.OP seq_cst 2 0 drop", "type mismatch"},
		{"immutable", "", "unreachable @struct.atomic.rmw.OP seq_cst 2 7 drop", "immutable field"},
	}))
}

func TestArrayAtomic(t *testing.T) {
	checkShared(t, []bodyTest{
		{"get i32", "", "local.get 6 i32.const 0 array.atomic.get seq_cst 4 i32.eqz drop", ""},
		{"get shared anyref", "", "local.get 9 i32.const 0 array.atomic.get acq_rel 7 local.set 1", ""},
		{"get eqref of an unshared array", "", "local.get 13 i32.const 0 array.atomic.get seq_cst 11 local.set 4", ""},
		{"get immutable", "", "local.get 12 i32.const 0 array.atomic.get seq_cst 10 drop", ""},
		{"get i8", "", "local.get 8 i32.const 0 @array.atomic.get seq_cst 6 drop", "type mismatch"},
		{"get f32", "", "local.get 11 i32.const 0 @array.atomic.get seq_cst 9 drop", "invalid type"},
		{"get from another array", "", "local.get 7 i32.const 0 @array.atomic.get seq_cst 4 drop", "type mismatch"},
		{"get without index", "", "local.get 6 @array.atomic.get seq_cst 4 drop", "type mismatch"},
		{"get from a structure", "", "unreachable @array.atomic.get seq_cst 2 drop", "type mismatch"},
		{"get of an unknown type", "", "unreachable @array.atomic.get seq_cst 99 drop", "unknown type 99"},
		{"get_s i8", "", "local.get 8 i32.const 0 array.atomic.get_s seq_cst 6 i32.eqz drop", ""},
		{"get_u i8", "", "local.get 8 i32.const 0 array.atomic.get_u seq_cst 6 i32.eqz drop", ""},
		{"get_s i32", "", "local.get 6 i32.const 0 @array.atomic.get_s seq_cst 4 drop", "type mismatch"},
		{"get_u i64", "", "local.get 7 i32.const 0 @array.atomic.get_u seq_cst 5 drop", "type mismatch"},
		{"set i8", "", "local.get 8 i32.const 0 i32.const 1 array.atomic.set seq_cst 6", ""},
		{"set shared anyref", "", "local.get 9 i32.const 0 local.get 1 array.atomic.set seq_cst 7", ""},
		{"set shared eqref", "", "local.get 10 i32.const 0 local.get 2 array.atomic.set seq_cst 8", ""},
		{"set f32", "", "local.get 11 i32.const 0 f32.const 1 @array.atomic.set seq_cst 9", "invalid type"},
		{"set operand of another type", "", "local.get 6 i32.const 0 i64.const 1 @array.atomic.set seq_cst 4", "type mismatch"},
		{"set immutable", "", "unreachable @array.atomic.set seq_cst 10", "immutable array"},
		{"xchg i64", "", "local.get 7 i32.const 0 i64.const 1 array.atomic.rmw.xchg seq_cst 5 i64.eqz drop", ""},
		{"xchg shared anyref", "", "local.get 9 i32.const 0 local.get 2 array.atomic.rmw.xchg seq_cst 7 local.set 1", ""},
		{"xchg i8", "", "unreachable @array.atomic.rmw.xchg seq_cst 6 drop", "invalid type"},
		{"xchg operand of another type", "", "local.get 7 i32.const 0 i32.const 1 @array.atomic.rmw.xchg seq_cst 5 drop", "type mismatch"},
		{"xchg immutable", "", "unreachable @array.atomic.rmw.xchg seq_cst 10 drop", "immutable array"},
		{"cmpxchg i32", "", "local.get 6 i32.const 0 i32.const 1 i32.const 1 array.atomic.rmw.cmpxchg seq_cst 4 i32.eqz drop", ""},
		{"cmpxchg shared eqref", "", "local.get 10 i32.const 0 local.get 2 local.get 2 array.atomic.rmw.cmpxchg seq_cst 8 local.set 2", ""},
		{"cmpxchg shared anyref", "", "unreachable @array.atomic.rmw.cmpxchg seq_cst 7 drop", "invalid type"},
		{"cmpxchg index of another type", "", "local.get 6 i64.const 0 i32.const 1 i32.const 1 @array.atomic.rmw.cmpxchg seq_cst 4 drop", "type mismatch"},
		{"cmpxchg immutable", "", "unreachable @array.atomic.rmw.cmpxchg seq_cst 10 drop", "immutable array"},
	})
	checkShared(t, forArithmetic([]bodyTest{
		{"i32", "", "local.get 6 i32.const 0 i32.const 1 array.atomic.rmw.OP seq_cst 4 i32.eqz drop", ""},
		{"i64", "", "local.get 7 i32.const 0 i64.const 1 array.atomic.rmw.OP acq_rel 5 i64.eqz drop", ""},
		{"i8", "", "unreachable @array.atomic.rmw.OP seq_cst 6 drop", "invalid type"},
		{"shared anyref", "", "unreachable @array.atomic.rmw.OP seq_cst 7 drop", "invalid type"},
		{"operand of another type", "", "local.get 6 i32.const 0 i64.const 1 @array.atomic.rmw.OP seq_cst 4 drop", "type mismatch"},
		{"immutable", "", "unreachable @array.atomic.rmw.OP seq_cst 10 drop", "immutable array"},
	}))
}

// Instructions on abstract references take shared and unshared ones.
func TestSharedReferences(t *testing.T) {
	checkBodies(t, withShared, func() *validatortest.Module { return sharedTypes().Export("f", "func 0") }, []bodyTest{
		{"ref.i31_shared", "(ref (shared i31))", "i32.const 0 ref.i31_shared local.set 0", ""},
		{"ref.i31_shared gives no i31ref", "i31ref", "i32.const 0 ref.i31_shared @local.set 0", "type mismatch"},
		{"ref.i31_shared without operand", "", "@ref.i31_shared drop", "type mismatch"},
		{"ref.i31 gives nothing shared", "(ref null (shared i31))", "i32.const 0 ref.i31 @local.set 0", "type mismatch"},
		{"i31.get_s", "(ref null (shared i31))", "local.get 0 i31.get_s drop", ""},
		{"i31.get_u of a shared eqref", "(ref null (shared eq))", "local.get 0 @i31.get_u drop", "type mismatch"},
		{"array.len", "(ref null 4) (ref null (shared array))", "local.get 0 array.len drop local.get 1 array.len drop", ""},
		{"ref.eq of shared", "(ref null (shared eq))", "local.get 0 local.get 0 ref.eq drop", ""},
		{"ref.eq of shared and unshared", "(ref null (shared eq)) eqref", "local.get 0 local.get 1 @ref.eq drop", "type mismatch"},
		{"ref.eq of unshared and shared", "(ref null (shared eq)) eqref", "local.get 1 local.get 0 @ref.eq drop", "type mismatch"},
		{"ref.eq of shared anyref", "(ref null (shared any))", "local.get 0 local.get 0 @ref.eq drop", "type mismatch"},
		{"any.convert_extern", "(ref null (shared extern)) (ref null (shared any))", "local.get 0 any.convert_extern local.set 1", ""},
		{"extern.convert_any", "(ref null (shared extern)) (ref null (shared any))", "local.get 1 extern.convert_any local.set 0", ""},
		{"conversion stays shared", "(ref null (shared extern)) anyref", "local.get 0 any.convert_extern @local.set 1", "type mismatch"},
		{"shared structure", "(ref null 2) (ref null (shared struct))", "local.get 0 local.set 1", ""},
		{"shared structure is no structref", "(ref null 2) structref", "local.get 0 @local.set 1", "type mismatch"},
		{"unshared structure is no shared structref", "(ref null 3) (ref null (shared struct))", "local.get 0 @local.set 1", "type mismatch"},
		{"shared null", "(ref null 2)", "ref.null (shared none) local.set 0", ""},
		{"unshared null", "(ref null 2)", "ref.null none @local.set 0", "type mismatch"},
		{"ref.func of an unshared function", "funcref", "ref.func 0 local.set 0", ""},
		{"cast within the shared", "(ref null (shared any)) (ref 2)", "local.get 0 ref.cast (ref 2) local.set 1", ""},
		{"cast from unshared to shared", "anyref", "local.get 0 @ref.cast (ref 2) drop", "type mismatch"},
		{"ref.eq of unreachable and shared", "(ref null (shared eq))", "unreachable local.get 0 ref.eq drop", ""},
		{"unreachable conversion is shared", "(ref (shared any))", "unreachable any.convert_extern local.set 0", ""},
		{"unreachable conversion is unshared", "(ref any)", "unreachable any.convert_extern local.set 0", ""},
		{"two unreachable conversions", "(ref (shared any))", "unreachable any.convert_extern extern.convert_any any.convert_extern local.set 0", ""},
		{"unreachable conversion is no eqref", "eqref", "unreachable any.convert_extern local.get 0 @ref.eq drop", "type mismatch"},
		{"unreachable conversion is no structure", "(ref 2)", "unreachable any.convert_extern @local.set 0", "type mismatch"},
	})
}

// sharedFunction declares a shared function type 0 and things that its function
// may refer to or not.
func sharedFunction() *validatortest.Module {
	return validatortest.NewModule().
		Type("shared (func)").Type("func").
		Type("struct").Type("array i32").                   // 2, 3
		Type("shared (struct)").Type("shared (array i32)"). // 4, 5
		Type("cont 1").                                     // 6
		Import("m", "unshared", "func 1").Import("m", "shared", "func 0").
		Table("1 (ref null (shared func))").Table("shared 1 (ref null (shared func))").
		Memory("1").Memory("1 1 shared").
		Tag(1).Tag(0).
		Global("i32", "i32.const 0").Global("shared i32", "i32.const 0").Global("mut i32", "i32.const 0").
		Export("f", "func 0").Export("g", "func 1")
}

// A shared function refers to shared things only.
func TestSharedFunctions(t *testing.T) {
	features := withShared | ops.StackSwitching
	const refused = "shared functions cannot access unshared "
	checkBodies(t, features, sharedFunction, []bodyTest{
		{"call", "", "call 1", ""},
		{"call of unshared", "", "@call 0", refused + "functions"},
		{"return_call", "", "return_call 1", ""},
		{"return_call of unshared", "", "@return_call 0", refused + "functions"},
		{"call_ref", "", "ref.null 0 call_ref 0", ""},
		{"call_ref of unshared", "", "unreachable @call_ref 1", refused + "functions"},
		{"call_indirect", "", "i32.const 0 call_indirect 1 (type 0)", ""},
		{"call_indirect of unshared", "", "i32.const 0 @call_indirect 1 (type 1)", refused + "functions"},
		{"call_indirect through unshared table", "", "i32.const 0 @call_indirect 0 (type 0)", refused + "tables"},
		{"ref.func", "(ref (shared func))", "ref.func 1 local.set 0", ""},
		{"ref.func of unshared", "", "@ref.func 0 drop", refused + "functions"},
		{"global.get", "", "global.get 1 drop", ""},
		{"global.get of unshared", "", "@global.get 0 drop", refused + "globals"},
		{"global.set of unshared", "", "i32.const 0 @global.set 2", refused + "globals"},
		{"global.atomic.get of unshared", "", "@global.atomic.get seq_cst 0 drop", refused + "globals"},
		{"table.get", "", "i32.const 0 table.get 1 drop", ""},
		{"table.get of unshared", "", "i32.const 0 @table.get 0 drop", refused + "tables"},
		{"table.size of unshared", "", "@table.size 0 drop", refused + "tables"},
		{"table.copy from unshared", "", "unreachable @table.copy 1 0", refused + "tables"},
		{"i32.load", "", "i32.const 0 i32.load 1 drop", ""},
		{"i32.load of unshared", "", "i32.const 0 @i32.load 0 drop", refused + "memories"},
		{"memory.size of unshared", "", "@memory.size 0 drop", refused + "memories"},
		{"struct.new", "", "struct.new 4 drop", ""},
		{"struct.new of unshared", "", "@struct.new 2 drop", refused + "structs"},
		{"array.new_default", "", "i32.const 0 array.new_default 5 drop", ""},
		{"array.new_default of unshared", "", "i32.const 0 @array.new_default 3 drop", refused + "arrays"},
		{"throw", "", "throw 1", ""},
		{"throw of unshared", "", "@throw 0", refused + "tags"},
		{"suspend of unshared", "", "@suspend 0", refused + "tags"},
		{"cont.new of unshared", "", "unreachable @cont.new 6 drop", refused + "continuations"},
	})
	unshared := func() *validatortest.Module {
		m := validatortest.NewModule().Type("func").Type("shared (func)")
		return m.Import("m", "shared", "func 1").Global("shared i32", "i32.const 0").Table("shared 1 (ref null (shared func))")
	}
	checkBodies(t, features, unshared, []bodyTest{
		{"unshared function refers to shared things", "", "call 0 global.get 0 table.get 0 drop", ""},
	})
}

func TestSharedDefinitions(t *testing.T) {
	module := validatortest.NewModule
	const anyRef, funcRef = "(ref null (shared any))", "(ref null (shared func))"
	checkModules(t, withShared|ops.CustomDescriptors, []moduleTest{
		{"function of shared types", module().Type("shared (func (param i32 " + anyRef + "))"), ""},
		{"function with unshared parameter", module().Type("@shared (func (param funcref))"), "shared type"},
		{"function with unshared result", module().Type("@shared (func (result funcref))"), "shared type"},
		{"structure with unshared field", module().Type("@shared (struct (field i32 anyref))"), "shared type"},
		{"array with unshared elements", module().Type("@shared (array anyref)"), "shared type"},
		{"structure with a field of an unshared type", module().Type("struct").Type("@shared (struct (field (ref 0)))"), "shared type"},
		{"unshared structure with shared field", module().Type("struct (field " + anyRef + ")"), ""},
		{"recursive", module().Type("shared (struct (field (ref null 0)))"), ""},
		{"subtype", module().Type("sub (shared (struct))").Type("sub 0 (shared (struct))"), ""},
		{"shared subtype of unshared", module().Type("sub (struct)").Type("@sub 0 (shared (struct))"), "sub type 1 does not match super type 0"},
		{"unshared subtype of shared", module().Type("sub (shared (struct))").Type("@sub 0 (struct)"), "sub type 1 does not match super type 0"},
		{"shared and unshared types differ", module().Type("shared (array i8)").Type("array i8").
			Global("(ref 0)", "i32.const 0 array.new_default 1 @(bytes)"), "type mismatch"},
		{"global", module().Global("shared "+funcRef, "ref.null (shared nofunc)"), ""},
		{"global of unshared type", module().Global("@shared funcref", "ref.null nofunc"), "type mismatch: a shared global"},
		{"table", module().Table("shared 1 " + funcRef), ""},
		{"unshared table of shared type", module().Table("1 " + funcRef), ""},
		{"table of unshared type", module().Table("@shared 1 funcref"), "type mismatch: a shared table"},
		{"ref.i31_shared in a constant expression", module().Global("(ref (shared i31))", "i32.const 0 ref.i31_shared"), ""},
		{"descriptor", module().Rec("shared (descriptor 1) (struct)", "shared (describes 0) (struct)"), ""},
		{"unshared descriptor of a shared type", module().Rec("@shared (descriptor 1) (struct)", "(describes 0) (struct)"), "type 0 and its descriptor 1"},
		{"shared descriptor of an unshared type", module().Rec("@(descriptor 1) (struct)", "shared (describes 0) (struct)"), "type 0 and its descriptor 1"},
	})
	checkModules(t, withShared|ops.StackSwitching, []moduleTest{
		{"continuation", module().Type("shared (func)").Type("shared (cont 0)"), ""},
		{"unshared continuation of a shared function", module().Type("shared (func)").Type("cont 0"), ""},
		{"shared continuation of an unshared function", module().Type("func").Type("@shared (cont 0)"), "shared type"},
	})
}

func TestSharedGated(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("struct").Type("array i32")
	}
	checkGated(t, ops.SharedEverythingThreads, base, []string{
		"@global.atomic.get seq_cst 0 drop", "@table.atomic.get seq_cst 0 drop", "@struct.atomic.get seq_cst 1 0 drop",
		"@array.atomic.rmw.xchg seq_cst 2 drop", "@ref.i31_shared drop",
	})
}
