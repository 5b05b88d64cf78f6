package validator_test

import (
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// rowCase is one body for one row of the operator table: with an empty want the
// body goes through the operator and is valid; otherwise it fails at the
// operator, which the mark stands in front of, as expect says.
//
// A word <T> of the code pushes a value of the type T, a word =T takes one away
// and wants it to be of that type: T is one of the names in rowLocals. A number
// in brackets in front of everything is the type of the function, which is
// otherwise 0.
type rowCase struct {
	row  string
	code string
	want string
}

// rowLocals names the locals that the words of a rowCase push and pop. A name
// with $ is the nullable reference to a defined type, one with ! a reference
// that is not null.
var rowLocals = []struct{ name, typ string }{
	{"i32", "i32"}, {"i64", "i64"}, {"f32", "f32"}, {"f64", "f64"}, {"v128", "v128"},
	{"funcref", "funcref"}, {"externref", "externref"}, {"anyref", "anyref"}, {"eqref", "eqref"},
	{"exnref", "exnref"}, {"i31ref", "i31ref"}, {"structref", "structref"}, {"arrayref", "arrayref"},
	{"$2", "(ref null 2)"}, {"$5", "(ref null 5)"}, {"$6", "(ref null 6)"}, {"$7", "(ref null 7)"}, {"$8", "(ref null 8)"},
	{"$9", "(ref null 9)"}, {"$10", "(ref null 10)"}, {"$11", "(ref null 11)"}, {"$13", "(ref null 13)"},
	{"$15", "(ref null 15)"}, {"$17", "(ref null 17)"}, {"$19", "(ref null 19)"}, {"$23", "(ref null 23)"},
	{"$24", "(ref null 24)"}, {"$25", "(ref null 25)"}, {"$26", "(ref null 26)"}, {"$27", "(ref null 27)"},
	{"$28", "(ref null 28)"}, {"$29", "(ref null 29)"}, {"$30", "(ref null 30)"},
	{"shared-any", sharedAny}, {"shared-eq", sharedEq}, {"shared-i31", "(ref null (shared i31))"},
	{"!func", "(ref func)"}, {"!any", "(ref any)"}, {"!extern", "(ref extern)"}, {"!i31", "(ref i31)"}, {"!shared-i31", "(ref (shared i31))"},
	{"!2", "(ref 2)"}, {"!5", "(ref 5)"}, {"!6", "(ref 6)"}, {"!7", "(ref 7)"}, {"!8", "(ref 8)"}, {"!10", "(ref 10)"}, {"!11", "(ref 11)"},
	{"!13", "(ref 13)"}, {"!17", "(ref 17)"}, {"!23", "(ref (exact 23))"}, {"!24", "(ref 24)"},
	{"$24exact", "(ref null (exact 24))"},
}

const (
	sharedAny  = "(ref null (shared any))"
	sharedEq   = "(ref null (shared eq))"
	sharedFunc = "(ref null (shared func))"
)

// rowModule declares what the bodies of rowCases refer to.
func rowModule() *validatortest.Module {
	m := validatortest.NewModule().
		Type("func").
		Type("func (result i32)").
		Type("func (param i32) (result i64)").
		Type("func (param i64 f32) (result f64 i32)").
		Type("func (param i32)").
		Type("struct (field (mut i32) i64 (mut i8) (mut anyref))"). // 5
		Type("array (mut i32)").
		Type("array (mut i8)").
		Type("array (mut funcref)").
		Type("array i64").
		Type("sub (struct (field i32))"). // 10
		Type("sub 10 (struct (field i32 i64))").
		Type("struct (field (ref 10))").
		Type("cont 2").
		Type("func (param f64 i32) (result i64)").
		Type("cont 14"). // 15
		Type("func (param i64) (result i64)").
		Type("cont 16").
		Type("func (param f32 (ref null 17)) (result i64)").
		Type("cont 18").
		Type("func (result i64)"). // 20
		Type("func (param f64)").
		Type("func (result i32 (ref 17))").
		Rec("(descriptor 24) (struct (field i32))", "(describes 23) (struct (field i64))"). // 23, 24
		Type("shared (struct (field (mut i32) (mut i64) (mut i8) (mut " + sharedAny + ") (mut " + sharedEq + ") (mut f32) i32))").
		Type("shared (array (mut i32))"). // 26
		Type("shared (array (mut i8))").
		Type("shared (array (mut " + sharedAny + "))").
		Type("shared (array (mut " + sharedEq + "))").
		Type("shared (array i32)").   // 30
		Type("array (mut (ref 10))"). // 31
		Type("func (result f64 exnref)")
	for _, f := range []string{"func 0", "func 1", "func 2", "func 3", "func 4"} {
		m.Import("m", f, f)
	}
	return m.
		Table("1 funcref").Table("i64 1 funcref").Table("1 externref").
		Table("1 "+sharedAny).Table("1 "+sharedEq).Table("1 "+sharedFunc).
		Memory("1 2").Memory("i64 1").
		Tag(2).Tag(21).Tag(20).Tag(0).
		Global("i32", "i32.const 0").Global("mut i64", "i64.const 0").
		Global("shared mut i32", "i32.const 0").
		Global("shared mut "+sharedAny, "ref.null (shared none)").
		Global("shared mut "+sharedEq, "ref.null (shared none)").
		Global("shared mut f32", "f32.const 0").
		Global("shared i32", "i32.const 0").
		Export("f", "func 2").
		Elem("funcref (ref.null func)").Elem("externref (ref.null extern)").
		Data("", "x")
}

// rowCases has at least one valid and one invalid body for each row with a typing
// rule of its own, by the proposal that brought the row. The rows whose rule is a
// signature are in testdata/signatures.txt.
var rowCases = map[string][]rowCase{
	"mvp": {
		{"unreachable", "unreachable i32.add drop", ""},
		{"block", "block end", ""},
		{"block", "<i32> block (type 2) drop <i64> end =i64", ""},
		{"block", "block (result i32) <i32> br 0 end =i32", ""},
		{"block", "@block (type 4) end", "type mismatch"},
		{"block", "<i64> @block (type 4) end", "type mismatch"},
		{"block", "@block (type 99) end", "unknown type 99"},
		{"loop", "loop (result i32) br 0 end =i32", ""},
		{"loop", "<i32> loop (type 4) br 0 end", ""},
		{"loop", "@loop (type 4) end", "type mismatch"},
		{"loop", "@loop (type 99) end", "unknown type 99"},
		{"if", "<i32> if end", ""},
		{"if", "<i32> if (result i64) <i64> else <i64> end =i64", ""},
		{"if", "@if end", "type mismatch"},
		{"if", "<i64> @if end", "type mismatch"},
		{"if", "<i32> @if (type 4) end", "type mismatch"},
		{"else", "<i32> if (result i64) <i64> else <i64> end =i64", ""},
		{"else", "<i32> if (result i64) @else <i64> end drop", "type mismatch"},
		{"else", "<i32> if (result i64) <i32> @else <i64> end drop", "type mismatch"},
		{"else", "block @else end", "malformed: END opcode expected"},
		{"end", "block (result i32) <i32> end =i32", ""},
		{"end", "block (result i32) @end drop", "type mismatch"},
		{"end", "block <i32> @end", "type mismatch"},
		{"end", "<i32> if (result i32) <i32> @end drop", "type mismatch"},
		{"br", "block (result i32) <i32> br 0 end =i32", ""},
		{"br", "br 0 i32.add drop", ""},
		{"br", "block (result i32) @br 0 end drop", "type mismatch"},
		{"br", "block (result i32) <i64> @br 0 end drop", "type mismatch"},
		{"br", "@br 9", "unknown label"},
		{"br_if", "block (result i32) <i32> <i32> br_if 0 end =i32", ""},
		{"br_if", "<i32> br_if 0", ""},
		{"br_if", "@br_if 0", "type mismatch"},
		{"br_if", "block (result i32) <i32> @br_if 0 end drop", "type mismatch"},
		{"br_if", "<i32> @br_if 9", "unknown label"},
		{"br_table", "block (result i32) <i32> <i32> br_table 0 0 end =i32", ""},
		{"br_table", "<i32> br_table 0 0 0 i32.add drop", ""},
		{"br_table", "<i64> @br_table 0 0", "type mismatch"},
		{"br_table", "block (result i32) <i32> @br_table 0 0 end drop", "type mismatch"},
		{"br_table", "<i32> @br_table 9 0", "unknown label"},
		{"return", "[1] <i32> return", ""},
		{"return", "[1] block <i32> return end <i32>", ""},
		{"return", "return i32.add drop", ""},
		{"return", "[1] @return", "type mismatch"},
		{"return", "[1] <i64> @return", "type mismatch"},
		{"call", "<i32> call 2 =i64", ""},
		{"call", "<i64> <f32> call 3 =i32 =f64", ""},
		{"call", "@call 2 drop", "type mismatch"},
		{"call", "<i64> @call 2 drop", "type mismatch"},
		{"call", "@call 99", "unknown function 99"},
		{"call_indirect", "<i32> <i32> call_indirect 0 (type 2) =i64", ""},
		{"call_indirect", "<i32> <i64> call_indirect 1 (type 2) =i64", ""},
		{"call_indirect", "<i32> <i64> @call_indirect 0 (type 2) drop", "type mismatch"},
		{"call_indirect", "<i32> @call_indirect 0 (type 2) drop", "type mismatch"},
		{"call_indirect", "<i32> <i32> @call_indirect 2 (type 2) drop", "type mismatch"},
		{"call_indirect", "<i32> @call_indirect 0 (type 99)", "unknown type 99"},
		{"call_indirect", "<i32> @call_indirect 99 (type 0)", "unknown table 99"},
		{"drop", "<i32> drop", ""},
		{"drop", "<funcref> drop", ""},
		{"drop", "@drop", "type mismatch"},
		{"drop", "<i32> block @drop end drop", "type mismatch"},
		{"select", "<i64> <i64> <i32> select =i64", ""},
		{"select", "<i64> <f32> <i32> @select drop", "type mismatch"},
		{"select", "<i64> <i64> <i64> @select drop", "type mismatch"},
		{"select", "<funcref> <funcref> <i32> @select drop", "type mismatch"},
		{"select", "<i64> <i32> @select drop", "type mismatch"},
		{"local.get", "local.get 1 =i64", ""},
		{"local.get", "@local.get 999 drop", "unknown local 999"},
		{"local.set", "i64.const 0 local.set 1", ""},
		{"local.set", "i32.const 0 @local.set 1", "type mismatch"},
		{"local.set", "@local.set 1", "type mismatch"},
		{"local.set", "i32.const 0 @local.set 999", "unknown local 999"},
		{"local.tee", "i64.const 0 local.tee 1 =i64", ""},
		{"local.tee", "i32.const 0 @local.tee 1 drop", "type mismatch"},
		{"local.tee", "@local.tee 1 drop", "type mismatch"},
		{"local.tee", "i32.const 0 @local.tee 999 drop", "unknown local 999"},
		{"global.get", "global.get 0 =i32 global.get 1 =i64", ""},
		{"global.get", "@global.get 99 drop", "unknown global 99"},
		{"global.set", "<i64> global.set 1", ""},
		{"global.set", "<i32> @global.set 1", "type mismatch"},
		{"global.set", "<i32> @global.set 0", "immutable global"},
		{"global.set", "<i32> @global.set 99", "unknown global 99"},
	},
	"reference-types": {
		{"select t", "<funcref> <funcref> <i32> select (result funcref) =funcref", ""},
		{"select t", "<i64> <i64> <i32> select (result i64) =i64", ""},
		{"select t", "<i64> <i64> <i32> @select (result funcref) drop", "type mismatch"},
		{"select t", "<i64> <i32> @select (result i64) drop", "type mismatch"},
		{"ref.null", "ref.null func =funcref", ""},
		{"ref.null", "ref.null 5 =$5", ""},
		{"ref.null", "@ref.null 99 drop", "unknown type 99"},
		{"ref.is_null", "<funcref> ref.is_null =i32", ""},
		{"ref.is_null", "<i32> @ref.is_null drop", "type mismatch"},
		{"ref.is_null", "@ref.is_null drop", "type mismatch"},
		{"ref.func", "ref.func 2 =!2", ""},
		{"ref.func", "@ref.func 99 drop", "unknown function 99"},
		{"ref.func", "@ref.func 0 drop", "undeclared function reference"},
	},
	"bulk-memory": {
		{"table.init", "<i32> <i32> <i32> table.init 0 0", ""},
		{"table.init", "<i64> <i32> <i32> table.init 1 0", ""},
		{"table.init", "<i32> <i32> <i32> @table.init 1 0", "type mismatch"},
		{"table.init", "<i32> <i64> <i32> @table.init 0 0", "type mismatch"},
		{"table.init", "<i32> <i32> <i64> @table.init 0 0", "type mismatch"},
		{"table.init", "<i32> <i32> @table.init 0 0", "type mismatch"},
		{"table.init", "<i32> <i32> <i32> table.init 0 0 @drop", "type mismatch"},
		{"table.init", "<i32> <i32> <i32> @table.init 2 0", "type mismatch"},
		{"table.init", "<i32> <i32> <i32> @table.init 0 9", "unknown elem segment 9"},
		{"table.init", "<i32> <i32> <i32> @table.init 9 0", "unknown table 9"},
		{"table.copy", "<i32> <i32> <i32> table.copy 0 0", ""},
		{"table.copy", "<i64> <i32> <i32> table.copy 1 0", ""},
		{"table.copy", "<i64> <i64> <i64> table.copy 1 1", ""},
		{"table.copy", "<i32> <i32> <i32> @table.copy 1 0", "type mismatch"},
		{"table.copy", "<i64> <i64> <i32> @table.copy 1 0", "type mismatch"},
		{"table.copy", "<i64> <i32> <i64> @table.copy 1 0", "type mismatch"},
		{"table.copy", "<i32> <i32> <i32> @table.copy 2 0", "type mismatch"},
		{"table.copy", "<i32> <i32> <i32> @table.copy 0 9", "unknown table 9"},
		{"table.copy", "<i32> <i32> <i32> @table.copy 9 0", "unknown table 9"},
		{"elem.drop", "elem.drop 1", ""},
		{"elem.drop", "@elem.drop 9", "unknown elem segment 9"},
		{"elem.drop", "elem.drop 1 @drop", "type mismatch"},
		{"memory.init", "<i32> <i32> <i32> memory.init 0 0", ""},
		{"memory.init", "<i64> <i32> <i32> memory.init 1 0", ""},
		{"memory.init", "<i32> <i32> <i32> @memory.init 1 0", "type mismatch"},
		{"memory.init", "<i32> <i64> <i32> @memory.init 0 0", "type mismatch"},
		{"memory.init", "<i32> <i32> <i64> @memory.init 0 0", "type mismatch"},
		{"memory.init", "<i32> <i32> @memory.init 0 0", "type mismatch"},
		{"memory.init", "<i32> <i32> <i32> memory.init 0 0 @drop", "type mismatch"},
		{"memory.init", "<i32> <i32> <i32> @memory.init 0 9", "unknown data segment 9"},
		{"memory.init", "<i32> <i32> <i32> @memory.init 9 0", "unknown memory 9"},
		{"data.drop", "data.drop 0", ""},
		{"data.drop", "@data.drop 9", "unknown data segment 9"},
		{"data.drop", "data.drop 0 @drop", "type mismatch"},
	},
	"bulk-memory-opt": {
		{"memory.copy", "<i32> <i32> <i32> memory.copy 0 0", ""},
		{"memory.copy", "<i64> <i32> <i32> memory.copy 1 0", ""},
		{"memory.copy", "<i64> <i64> <i64> memory.copy 1 1", ""},
		{"memory.copy", "<i32> <i32> <i32> @memory.copy 1 0", "type mismatch"},
		{"memory.copy", "<i64> <i64> <i32> @memory.copy 1 0", "type mismatch"},
		{"memory.copy", "<i64> <i32> <i64> @memory.copy 1 0", "type mismatch"},
		{"memory.copy", "<i32> <i32> @memory.copy 0 0", "type mismatch"},
		{"memory.copy", "<i32> <i32> <i32> @memory.copy 0 9", "unknown memory 9"},
		{"memory.copy", "<i32> <i32> <i32> @memory.copy 9 0", "unknown memory 9"},
	},
	"tail-call": {
		{"return_call", "[20] <i32> return_call 2", ""},
		{"return_call", "[20] @return_call 2", "type mismatch"},
		{"return_call", "[1] <i32> @return_call 2", "type mismatch"},
		{"return_call", "@return_call 99", "unknown function 99"},
		{"return_call_indirect", "[20] <i32> <i32> return_call_indirect 0 (type 2)", ""},
		{"return_call_indirect", "[20] <i32> <i64> return_call_indirect 1 (type 2)", ""},
		{"return_call_indirect", "[20] <i32> @return_call_indirect 0 (type 2)", "type mismatch"},
		{"return_call_indirect", "[1] <i32> <i32> @return_call_indirect 0 (type 2)", "type mismatch"},
		{"return_call_indirect", "[20] <i32> <i32> @return_call_indirect 2 (type 2)", "type mismatch"},
		{"return_call_indirect", "<i32> @return_call_indirect 0 (type 99)", "unknown type 99"},
		{"return_call_indirect", "<i32> @return_call_indirect 99 (type 0)", "unknown table 99"},
	},
	"exceptions,legacy-exceptions,stack-switching": {
		{"throw", "<f64> throw 1", ""},
		{"throw", "<f64> throw 1 i32.add drop", ""},
		{"throw", "@throw 1", "type mismatch"},
		{"throw", "<i32> @throw 1", "type mismatch"},
		{"throw", "@throw 99", "unknown tag 99"},
	},
	"exceptions": {
		{"throw_ref", "<exnref> throw_ref", ""},
		{"throw_ref", "<exnref> throw_ref i32.add drop", ""},
		{"throw_ref", "@throw_ref", "type mismatch"},
		{"throw_ref", "<funcref> @throw_ref", "type mismatch"},
		{"try_table", "try_table end", ""},
		{"try_table", "<i32> try_table (type 2) drop <i64> end =i64", ""},
		{"try_table", "block (result f64) try_table (catch 1 0) end unreachable end =f64", ""},
		{"try_table", "block (type 32) try_table (catch_ref 1 0) end unreachable end =exnref =f64", ""},
		{"try_table", "try_table (catch_all 0) end", ""},
		{"try_table", "block (result exnref) try_table (catch_all_ref 0) end unreachable end =exnref", ""},
		{"try_table", "@try_table (type 4) end", "type mismatch"},
		{"try_table", "@try_table (catch 1 0) end", "type mismatch"},
		{"try_table", "@try_table (catch_all_ref 0) end", "type mismatch"},
		{"try_table", "@try_table (catch 99 0) end", "unknown tag 99"},
		{"try_table", "@try_table (catch_all 9) end", "unknown label"},
		{"try_table", "@try_table (type 99) end", "unknown type 99"},
	},
	"legacy-exceptions": {
		{"try", "try end", ""},
		{"try", "<i32> try (type 2) drop <i64> end =i64", ""},
		{"try", "@try (type 4) end", "type mismatch"},
		{"try", "@try (type 99) end", "unknown type 99"},
		{"catch", "try catch 1 =f64 end", ""},
		{"catch", "try catch 1 drop catch 3 end", ""},
		{"catch", "try (result i32) @catch 3 <i32> end drop", "type mismatch"},
		{"catch", "try @catch 99 end", "unknown tag 99"},
		{"catch", "block @catch 3 end", "malformed: illegal opcode"},
		{"catch_all", "try catch_all end", ""},
		{"catch_all", "try (result i32) <i32> catch_all <i32> end =i32", ""},
		{"catch_all", "try (result i32) @catch_all <i32> end drop", "type mismatch"},
		{"catch_all", "try catch_all @catch_all end", "malformed: illegal opcode"},
		{"rethrow", "try catch_all rethrow 0 end", ""},
		{"rethrow", "try catch_all rethrow 0 i32.add drop end", ""},
		{"rethrow", "try @rethrow 0 catch_all end", "invalid rethrow label"},
		{"rethrow", "try catch_all @rethrow 9 end", "unknown label"},
		{"delegate", "try delegate 0", ""},
		{"delegate", "try (result i32) <i32> delegate 0 =i32", ""},
		{"delegate", "try (result i32) @delegate 0 drop", "type mismatch"},
		{"delegate", "try @delegate 9", "unknown label"},
		{"delegate", "block @delegate 0", "malformed: illegal opcode"},
	},
	"function-references": {
		{"call_ref", "<i32> <$2> call_ref 2 =i64", ""},
		{"call_ref", "<i32> <funcref> @call_ref 2 drop", "type mismatch"},
		{"call_ref", "<$2> @call_ref 2 drop", "type mismatch"},
		{"call_ref", "unreachable @call_ref 99", "unknown type 99"},
		{"call_ref", "unreachable @call_ref 5", "type mismatch"},
		{"return_call_ref", "[20] <i32> <$2> return_call_ref 2", ""},
		{"return_call_ref", "[20] <i32> <funcref> @return_call_ref 2", "type mismatch"},
		{"return_call_ref", "[1] <i32> <$2> @return_call_ref 2", "type mismatch"},
		{"return_call_ref", "[20] <$2> @return_call_ref 2", "type mismatch"},
		{"return_call_ref", "unreachable @return_call_ref 99", "unknown type 99"},
		{"ref.as_non_null", "<funcref> ref.as_non_null =!func", ""},
		{"ref.as_non_null", "<i32> @ref.as_non_null drop", "type mismatch"},
		{"ref.as_non_null", "@ref.as_non_null drop", "type mismatch"},
		{"br_on_null", "<funcref> br_on_null 0 =!func", ""},
		{"br_on_null", "block (result i32) <i32> <funcref> br_on_null 0 drop end =i32", ""},
		{"br_on_null", "<i32> @br_on_null 0 drop", "type mismatch"},
		{"br_on_null", "block (result i32) <funcref> @br_on_null 0 drop <i32> end drop", "type mismatch"},
		{"br_on_null", "<funcref> @br_on_null 9 drop", "unknown label"},
		{"br_on_non_null", "block (result (ref func)) <funcref> br_on_non_null 0 unreachable end =!func", ""},
		{"br_on_non_null", "<funcref> @br_on_non_null 0", "type mismatch"},
		{"br_on_non_null", "block (result (ref func)) <i32> @br_on_non_null 0 unreachable end drop", "type mismatch"},
		{"br_on_non_null", "<funcref> @br_on_non_null 9", "unknown label"},
	},
	"gc": {
		{"struct.new", "<i32> <i64> <i32> <anyref> struct.new 5 =!5", ""},
		{"struct.new", "<i32> <i64> <i32> <funcref> @struct.new 5 drop", "type mismatch"},
		{"struct.new", "<i64> <i32> <anyref> @struct.new 5 drop", "type mismatch"},
		{"struct.new", "unreachable @struct.new 99 drop", "unknown type 99"},
		{"struct.new", "unreachable @struct.new 6 drop", "type mismatch"},
		{"struct.new_default", "struct.new_default 5 =!5", ""},
		{"struct.new_default", "@struct.new_default 12 drop", "type mismatch"},
		{"struct.new_default", "@struct.new_default 6 drop", "type mismatch"},
		{"struct.new_default", "@struct.new_default 99 drop", "unknown type 99"},
		{"struct.get", "<$5> struct.get 5 0 =i32 <$5> struct.get 5 1 =i64", ""},
		{"struct.get", "<$5> @struct.get 5 2 drop", "type mismatch"},
		{"struct.get", "<$10> @struct.get 5 1 drop", "type mismatch"},
		{"struct.get", "<$5> @struct.get 5 9 drop", "unknown field 9"},
		{"struct.get_s", "<$5> struct.get_s 5 2 =i32", ""},
		{"struct.get_s", "<$5> @struct.get_s 5 1 drop", "type mismatch"},
		{"struct.get_s", "<$10> @struct.get_s 5 2 drop", "type mismatch"},
		{"struct.get_u", "<$5> struct.get_u 5 2 =i32", ""},
		{"struct.get_u", "<$5> @struct.get_u 5 1 drop", "type mismatch"},
		{"struct.get_u", "<$10> @struct.get_u 5 2 drop", "type mismatch"},
		{"struct.set", "<$5> <i32> struct.set 5 0 <$5> <i32> struct.set 5 2", ""},
		{"struct.set", "<$5> <i64> @struct.set 5 0", "type mismatch"},
		{"struct.set", "<$5> <i64> @struct.set 5 1", "immutable field"},
		{"struct.set", "<i32> @struct.set 5 0", "type mismatch"},
		{"struct.set", "<$5> <i32> @struct.set 5 9", "unknown field 9"},
		{"array.new", "<i32> <i32> array.new 6 =!6", ""},
		{"array.new", "<funcref> <i32> array.new 8 =!8", ""},
		{"array.new", "<i64> <i32> @array.new 6 drop", "type mismatch"},
		{"array.new", "<i32> <i64> @array.new 6 drop", "type mismatch"},
		{"array.new", "<i32> @array.new 6 drop", "type mismatch"},
		{"array.new_default", "<i32> array.new_default 6 =!6", ""},
		{"array.new_default", "<i32> @array.new_default 31 drop", "type mismatch"},
		{"array.new_default", "<i64> @array.new_default 6 drop", "type mismatch"},
		{"array.new_default", "<i32> @array.new_default 5 drop", "type mismatch"},
		{"array.new_fixed", "<i32> <i32> array.new_fixed 6 2 =!6", ""},
		{"array.new_fixed", "array.new_fixed 6 0 =!6", ""},
		{"array.new_fixed", "<i32> @array.new_fixed 6 2 drop", "type mismatch"},
		{"array.new_fixed", "<i64> @array.new_fixed 6 1 drop", "type mismatch"},
		{"array.new_fixed", "@array.new_fixed 5 0 drop", "type mismatch"},
		{"array.new_data", "<i32> <i32> array.new_data 7 0 =!7", ""},
		{"array.new_data", "<i32> <i64> @array.new_data 7 0 drop", "type mismatch"},
		{"array.new_data", "<i32> <i32> @array.new_data 8 0 drop", "array type is not numeric or vector"},
		{"array.new_data", "<i32> <i32> @array.new_data 7 9 drop", "unknown data segment 9"},
		{"array.new_elem", "<i32> <i32> array.new_elem 8 0 =!8", ""},
		{"array.new_elem", "<i32> <i64> @array.new_elem 8 0 drop", "type mismatch"},
		{"array.new_elem", "<i32> <i32> @array.new_elem 8 1 drop", "type mismatch"},
		{"array.new_elem", "<i32> <i32> @array.new_elem 8 9 drop", "unknown elem segment 9"},
		{"array.get", "<$6> <i32> array.get 6 =i32 <$9> <i32> array.get 9 =i64", ""},
		{"array.get", "<$7> <i32> @array.get 7 drop", "type mismatch"},
		{"array.get", "<$6> <i64> @array.get 6 drop", "type mismatch"},
		{"array.get", "<$7> <i32> @array.get 6 drop", "type mismatch"},
		{"array.get", "unreachable @array.get 5 drop", "type mismatch"},
		{"array.get_s", "<$7> <i32> array.get_s 7 =i32", ""},
		{"array.get_s", "<$6> <i32> @array.get_s 6 drop", "type mismatch"},
		{"array.get_s", "<$7> <i64> @array.get_s 7 drop", "type mismatch"},
		{"array.get_u", "<$7> <i32> array.get_u 7 =i32", ""},
		{"array.get_u", "<$6> <i32> @array.get_u 6 drop", "type mismatch"},
		{"array.get_u", "<$7> <i64> @array.get_u 7 drop", "type mismatch"},
		{"array.set", "<$6> <i32> <i32> array.set 6 <$7> <i32> <i32> array.set 7", ""},
		{"array.set", "<$6> <i32> <i64> @array.set 6", "type mismatch"},
		{"array.set", "<$6> <i64> <i32> @array.set 6", "type mismatch"},
		{"array.set", "<$9> <i32> <i64> @array.set 9", "immutable array"},
		{"array.len", "<arrayref> array.len =i32", ""},
		{"array.len", "<structref> @array.len drop", "type mismatch"},
		{"array.len", "@array.len drop", "type mismatch"},
		{"array.fill", "<$6> <i32> <i32> <i32> array.fill 6", ""},
		{"array.fill", "<$6> <i32> <i64> <i32> @array.fill 6", "type mismatch"},
		{"array.fill", "<$6> <i32> <i32> <i64> @array.fill 6", "type mismatch"},
		{"array.fill", "<$9> <i32> <i64> <i32> @array.fill 9", "immutable array"},
		{"array.copy", "<$6> <i32> <$6> <i32> <i32> array.copy 6 6", ""},
		{"array.copy", "<$6> <i32> <$7> <i32> <i32> @array.copy 6 7", "array types do not match"},
		{"array.copy", "<$6> <i32> <i32> <i32> @array.copy 6 6", "type mismatch"},
		{"array.copy", "<$9> <i32> <$9> <i32> <i32> @array.copy 9 9", "immutable array"},
		{"array.init_data", "<$7> <i32> <i32> <i32> array.init_data 7 0", ""},
		{"array.init_data", "<$7> <i32> <i64> <i32> @array.init_data 7 0", "type mismatch"},
		{"array.init_data", "<$8> <i32> <i32> <i32> @array.init_data 8 0", "array type is not numeric or vector"},
		{"array.init_data", "<$7> <i32> <i32> <i32> @array.init_data 7 9", "unknown data segment 9"},
		{"array.init_data", "<$9> <i32> <i32> <i32> @array.init_data 9 0", "immutable array"},
		{"array.init_elem", "<$8> <i32> <i32> <i32> array.init_elem 8 0", ""},
		{"array.init_elem", "<$8> <i32> <i32> <i64> @array.init_elem 8 0", "type mismatch"},
		{"array.init_elem", "<$8> <i32> <i32> <i32> @array.init_elem 8 1", "type mismatch"},
		{"array.init_elem", "<$8> <i32> <i32> <i32> @array.init_elem 8 9", "unknown elem segment 9"},
		{"ref.eq", "<eqref> <i31ref> ref.eq =i32", ""},
		{"ref.eq", "<eqref> <anyref> @ref.eq drop", "type mismatch"},
		{"ref.eq", "<anyref> <eqref> @ref.eq drop", "type mismatch"},
		{"ref.eq", "<eqref> @ref.eq drop", "type mismatch"},
		{"ref.test", "<anyref> ref.test (ref 5) =i32", ""},
		{"ref.test", "<funcref> @ref.test (ref 5) drop", "type mismatch"},
		{"ref.test", "@ref.test (ref 5) drop", "type mismatch"},
		{"ref.test null", "<anyref> ref.test (ref null 5) =i32", ""},
		{"ref.test null", "<funcref> @ref.test (ref null 5) drop", "type mismatch"},
		{"ref.test null", "@ref.test (ref null 99) drop", "unknown type 99"},
		{"ref.cast", "<anyref> ref.cast (ref 5) =!5", ""},
		{"ref.cast", "<funcref> @ref.cast (ref 5) drop", "type mismatch"},
		{"ref.cast null", "<anyref> ref.cast (ref null 5) =$5", ""},
		{"ref.cast null", "<anyref> ref.cast (ref null 5) @=!5", "type mismatch"},
		{"ref.cast null", "<funcref> @ref.cast (ref null 5) drop", "type mismatch"},
		{"br_on_cast", "block (result (ref 5)) <anyref> br_on_cast 0 anyref (ref 5) =anyref unreachable end =!5", ""},
		{"br_on_cast", "block (result (ref 5)) <funcref> @br_on_cast 0 anyref (ref 5) unreachable end drop", "type mismatch"},
		{"br_on_cast", "block <anyref> @br_on_cast 0 anyref (ref 5) drop end", "type mismatch"},
		{"br_on_cast", "<structref> @br_on_cast 0 structref anyref drop", "type mismatch"},
		{"br_on_cast_fail", "block (result anyref) <anyref> br_on_cast_fail 0 anyref (ref 5) =!5 unreachable end =anyref", ""},
		{"br_on_cast_fail", "block (result anyref) <funcref> @br_on_cast_fail 0 anyref (ref 5) end drop", "type mismatch"},
		{"br_on_cast_fail", "block (result (ref 5)) <anyref> @br_on_cast_fail 0 anyref (ref 5) end drop", "type mismatch"},
		{"any.convert_extern", "<externref> any.convert_extern =anyref", ""},
		{"any.convert_extern", "<externref> ref.as_non_null any.convert_extern =!any", ""},
		{"any.convert_extern", "<anyref> @any.convert_extern drop", "type mismatch"},
		{"extern.convert_any", "<anyref> extern.convert_any =externref", ""},
		{"extern.convert_any", "<anyref> ref.as_non_null extern.convert_any =!extern", ""},
		{"extern.convert_any", "<externref> @extern.convert_any drop", "type mismatch"},
		{"ref.i31", "<i32> ref.i31 =!i31", ""},
		{"ref.i31", "<i64> @ref.i31 drop", "type mismatch"},
		{"i31.get_s", "<i31ref> i31.get_s =i32", ""},
		{"i31.get_s", "<eqref> @i31.get_s drop", "type mismatch"},
		{"i31.get_u", "<i31ref> i31.get_u =i32", ""},
		{"i31.get_u", "<eqref> @i31.get_u drop", "type mismatch"},
	},
	"stack-switching": {
		{"cont.new", "<$2> cont.new 13 =!13", ""},
		{"cont.new", "<funcref> @cont.new 13 drop", "type mismatch"},
		{"cont.new", "<$2> @cont.new 2 drop", "non-continuation type 2"},
		{"cont.bind", "<f64> <$15> cont.bind 15 13 =!13", ""},
		{"cont.bind", "<$15> @cont.bind 15 13 drop", "type mismatch"},
		{"cont.bind", "<f64> <$13> @cont.bind 15 13 drop", "type mismatch"},
		{"suspend", "<i32> suspend 0 =i64", ""},
		{"suspend", "<i64> @suspend 0 drop", "type mismatch"},
		{"suspend", "@suspend 99", "unknown tag 99"},
		{"resume", "<i32> <$13> resume 13 =i64", ""},
		{"resume", "block (type 22) <i32> <$13> resume 13 (on 0 0) drop return end unreachable", ""},
		{"resume", "<i32> <$15> @resume 13 drop", "type mismatch"},
		{"resume", "<$13> @resume 13 drop", "type mismatch"},
		{"resume", "<i32> <$13> @resume 13 (on 0 0) drop", "type mismatch"},
		{"resume", "unreachable @resume 2 drop", "non-continuation type 2"},
		{"resume_throw", "<f64> <$13> resume_throw 13 1 =i64", ""},
		{"resume_throw", "<i32> <$13> @resume_throw 13 1 drop", "type mismatch"},
		{"resume_throw", "<f64> <$13> @resume_throw 13 99 drop", "unknown tag 99"},
		{"resume_throw_ref", "<exnref> <$13> resume_throw_ref 13 =i64", ""},
		{"resume_throw_ref", "<i32> <$13> @resume_throw_ref 13 drop", "type mismatch"},
		{"resume_throw_ref", "<exnref> @resume_throw_ref 13 drop", "type mismatch"},
		{"switch", "<f32> <$19> switch 19 2 =i64", ""},
		{"switch", "<i32> <$19> @switch 19 2 drop", "type mismatch"},
		{"switch", "<f32> <$19> @switch 19 99 drop", "unknown tag 99"},
		{"switch", "unreachable @switch 2 2 drop", "non-continuation type 2"},
	},
	"custom-descriptors": {
		{"struct.new_desc", "<i32> <$24exact> struct.new_desc 23 =!23", ""},
		{"struct.new_desc", "<i32> <anyref> @struct.new_desc 23 drop", "type mismatch"},
		{"struct.new_desc", "<$24exact> @struct.new_desc 23 drop", "type mismatch"},
		{"struct.new_desc", "unreachable @struct.new_desc 5 drop", "type without descriptor"},
		{"struct.new_default_desc", "<$24exact> struct.new_default_desc 23 =!23", ""},
		{"struct.new_default_desc", "<anyref> @struct.new_default_desc 23 drop", "type mismatch"},
		{"struct.new_default_desc", "unreachable @struct.new_default_desc 5 drop", "type without descriptor"},
		{"ref.get_desc", "<$23> ref.get_desc 23 =!24", ""},
		{"ref.get_desc", "<anyref> @ref.get_desc 23 drop", "type mismatch"},
		{"ref.get_desc", "<$5> @ref.get_desc 5 drop", "type without descriptor"},
		{"ref.cast_desc_eq", "<anyref> <$24exact> ref.cast_desc_eq (ref (exact 23)) =!23", ""},
		{"ref.cast_desc_eq", "<anyref> <anyref> @ref.cast_desc_eq (ref 23) drop", "type mismatch"},
		{"ref.cast_desc_eq", "<funcref> <$24> @ref.cast_desc_eq (ref 23) drop", "type mismatch"},
		{"ref.cast_desc_eq null", "<anyref> <$24> ref.cast_desc_eq (ref null 23) =$23", ""},
		{"ref.cast_desc_eq null", "<anyref> <$24exact> ref.cast_desc_eq (ref null (exact 23)) @=!23", "type mismatch"},
		{"ref.cast_desc_eq null", "<anyref> <anyref> @ref.cast_desc_eq (ref null 23) drop", "type mismatch"},
		{"br_on_cast_desc_eq", "block (result (ref 23)) <anyref> <$24> br_on_cast_desc_eq 0 anyref (ref 23) =anyref unreachable end =$23", ""},
		{"br_on_cast_desc_eq", "block (result (ref 23)) <anyref> <anyref> @br_on_cast_desc_eq 0 anyref (ref 23) unreachable end drop", "type mismatch"},
		{"br_on_cast_desc_eq", "block (result (ref 5)) <anyref> <$24> @br_on_cast_desc_eq 0 anyref (ref 23) unreachable end drop", "type mismatch"},
		{"br_on_cast_desc_eq_fail", "block (result anyref) <anyref> <$24> br_on_cast_desc_eq_fail 0 anyref (ref 23) =$23 unreachable end =anyref", ""},
		{"br_on_cast_desc_eq_fail", "block (result anyref) <anyref> <anyref> @br_on_cast_desc_eq_fail 0 anyref (ref 23) end drop", "type mismatch"},
		{"br_on_cast_desc_eq_fail", "block (result (ref 23)) <anyref> <$24> @br_on_cast_desc_eq_fail 0 anyref (ref 23) end drop", "type mismatch"},
	},
	"shared-everything-threads": append([]rowCase{
		{"global.atomic.get", "global.atomic.get seq_cst 2 =i32 global.atomic.get acq_rel 3 =shared-any", ""},
		{"global.atomic.get", "@global.atomic.get seq_cst 5 drop", "invalid type"},
		{"global.atomic.get", "@global.atomic.get seq_cst 99 drop", "unknown global 99"},
		{"global.atomic.set", "<i32> global.atomic.set seq_cst 2", ""},
		{"global.atomic.set", "<i64> @global.atomic.set seq_cst 2", "type mismatch"},
		{"global.atomic.set", "<i32> @global.atomic.set seq_cst 6", "immutable global"},
		{"global.atomic.rmw.xchg", "<shared-any> global.atomic.rmw.xchg seq_cst 3 =shared-any", ""},
		{"global.atomic.rmw.xchg", "<i64> @global.atomic.rmw.xchg seq_cst 2 drop", "type mismatch"},
		{"global.atomic.rmw.xchg", "<f32> @global.atomic.rmw.xchg seq_cst 5 drop", "invalid type"},
		{"global.atomic.rmw.cmpxchg", "<shared-eq> <shared-eq> global.atomic.rmw.cmpxchg seq_cst 4 =shared-eq", ""},
		{"global.atomic.rmw.cmpxchg", "<i32> @global.atomic.rmw.cmpxchg seq_cst 2 drop", "type mismatch"},
		{"global.atomic.rmw.cmpxchg", "<shared-any> <shared-any> @global.atomic.rmw.cmpxchg seq_cst 3 drop", "invalid type"},
		{"table.atomic.get", "<i32> table.atomic.get seq_cst 3 =shared-any", ""},
		{"table.atomic.get", "<i64> @table.atomic.get seq_cst 3 drop", "type mismatch"},
		{"table.atomic.get", "<i32> @table.atomic.get seq_cst 5 drop", "invalid type"},
		{"table.atomic.get", "<i32> @table.atomic.get seq_cst 99 drop", "unknown table 99"},
		{"table.atomic.set", "<i32> <shared-any> table.atomic.set seq_cst 3", ""},
		{"table.atomic.set", "<i32> <anyref> @table.atomic.set seq_cst 3", "type mismatch"},
		{"table.atomic.set", "unreachable @table.atomic.set seq_cst 5", "invalid type"},
		{"table.atomic.rmw.xchg", "<i32> <shared-any> table.atomic.rmw.xchg seq_cst 3 =shared-any", ""},
		{"table.atomic.rmw.xchg", "<i32> <anyref> @table.atomic.rmw.xchg seq_cst 3 drop", "type mismatch"},
		{"table.atomic.rmw.xchg", "unreachable @table.atomic.rmw.xchg seq_cst 5 drop", "invalid type"},
		{"table.atomic.rmw.cmpxchg", "<i32> <shared-eq> <shared-eq> table.atomic.rmw.cmpxchg seq_cst 4 =shared-eq", ""},
		{"table.atomic.rmw.cmpxchg", "<i32> <shared-eq> @table.atomic.rmw.cmpxchg seq_cst 4 drop", "type mismatch"},
		{"table.atomic.rmw.cmpxchg", "unreachable @table.atomic.rmw.cmpxchg seq_cst 3 drop", "invalid type"},
		{"struct.atomic.get", "<$25> struct.atomic.get seq_cst 25 1 =i64", ""},
		{"struct.atomic.get", "<$25> @struct.atomic.get seq_cst 25 2 drop", "type mismatch"},
		{"struct.atomic.get", "<$25> @struct.atomic.get seq_cst 25 5 drop", "invalid type"},
		{"struct.atomic.get", "<$25> @struct.atomic.get seq_cst 25 9 drop", "unknown field 9"},
		{"struct.atomic.get_s", "<$25> struct.atomic.get_s seq_cst 25 2 =i32", ""},
		{"struct.atomic.get_s", "<$25> @struct.atomic.get_s seq_cst 25 0 drop", "type mismatch"},
		{"struct.atomic.get_u", "<$25> struct.atomic.get_u seq_cst 25 2 =i32", ""},
		{"struct.atomic.get_u", "<$25> @struct.atomic.get_u seq_cst 25 0 drop", "type mismatch"},
		{"struct.atomic.set", "<$25> <i32> struct.atomic.set seq_cst 25 2", ""},
		{"struct.atomic.set", "<$25> <i32> @struct.atomic.set seq_cst 25 1", "type mismatch"},
		{"struct.atomic.set", "<$25> <i32> @struct.atomic.set seq_cst 25 6", "immutable field"},
		{"struct.atomic.rmw.xchg", "<$25> <shared-any> struct.atomic.rmw.xchg seq_cst 25 3 =shared-any", ""},
		{"struct.atomic.rmw.xchg", "<$25> <i64> @struct.atomic.rmw.xchg seq_cst 25 0 drop", "type mismatch"},
		{"struct.atomic.rmw.xchg", "<$25> <i32> @struct.atomic.rmw.xchg seq_cst 25 2 drop", "invalid type"},
		{"struct.atomic.rmw.cmpxchg", "<$25> <shared-eq> <shared-eq> struct.atomic.rmw.cmpxchg seq_cst 25 4 =shared-eq", ""},
		{"struct.atomic.rmw.cmpxchg", "<$25> <shared-eq> @struct.atomic.rmw.cmpxchg seq_cst 25 4 drop", "type mismatch"},
		{"struct.atomic.rmw.cmpxchg", "unreachable @struct.atomic.rmw.cmpxchg seq_cst 25 3 drop", "invalid type"},
		{"array.atomic.get", "<$26> <i32> array.atomic.get seq_cst 26 =i32", ""},
		{"array.atomic.get", "<$27> <i32> @array.atomic.get seq_cst 27 drop", "type mismatch"},
		{"array.atomic.get", "<$26> @array.atomic.get seq_cst 26 drop", "type mismatch"},
		{"array.atomic.get_s", "<$27> <i32> array.atomic.get_s seq_cst 27 =i32", ""},
		{"array.atomic.get_s", "<$26> <i32> @array.atomic.get_s seq_cst 26 drop", "type mismatch"},
		{"array.atomic.get_u", "<$27> <i32> array.atomic.get_u seq_cst 27 =i32", ""},
		{"array.atomic.get_u", "<$26> <i32> @array.atomic.get_u seq_cst 26 drop", "type mismatch"},
		{"array.atomic.set", "<$27> <i32> <i32> array.atomic.set seq_cst 27", ""},
		{"array.atomic.set", "<$26> <i32> <i64> @array.atomic.set seq_cst 26", "type mismatch"},
		{"array.atomic.set", "<$30> <i32> <i32> @array.atomic.set seq_cst 30", "immutable array"},
		{"array.atomic.rmw.xchg", "<$28> <i32> <shared-any> array.atomic.rmw.xchg seq_cst 28 =shared-any", ""},
		{"array.atomic.rmw.xchg", "<$26> <i32> <i64> @array.atomic.rmw.xchg seq_cst 26 drop", "type mismatch"},
		{"array.atomic.rmw.xchg", "unreachable @array.atomic.rmw.xchg seq_cst 27 drop", "invalid type"},
		{"array.atomic.rmw.cmpxchg", "<$29> <i32> <shared-eq> <shared-eq> array.atomic.rmw.cmpxchg seq_cst 29 =shared-eq", ""},
		{"array.atomic.rmw.cmpxchg", "<$29> <i32> <shared-eq> @array.atomic.rmw.cmpxchg seq_cst 29 drop", "type mismatch"},
		{"array.atomic.rmw.cmpxchg", "unreachable @array.atomic.rmw.cmpxchg seq_cst 28 drop", "invalid type"},
		{"ref.i31_shared", "<i32> ref.i31_shared =!shared-i31", ""},
		{"ref.i31_shared", "<i64> @ref.i31_shared drop", "type mismatch"},
	}, sharedArithmetic(
		rowCase{"global.atomic.rmw.OP", "<i32> global.atomic.rmw.OP seq_cst 2 =i32", ""},
		rowCase{"global.atomic.rmw.OP", "<i64> @global.atomic.rmw.OP seq_cst 2 drop", "type mismatch"},
		rowCase{"global.atomic.rmw.OP", "<shared-any> @global.atomic.rmw.OP seq_cst 3 drop", "invalid type"},
		rowCase{"struct.atomic.rmw.OP", "<$25> <i64> struct.atomic.rmw.OP seq_cst 25 1 =i64", ""},
		rowCase{"struct.atomic.rmw.OP", "<$25> <i32> @struct.atomic.rmw.OP seq_cst 25 1 drop", "type mismatch"},
		rowCase{"struct.atomic.rmw.OP", "<$25> <shared-any> @struct.atomic.rmw.OP seq_cst 25 3 drop", "invalid type"},
		rowCase{"array.atomic.rmw.OP", "<$26> <i32> <i32> array.atomic.rmw.OP seq_cst 26 =i32", ""},
		rowCase{"array.atomic.rmw.OP", "<$26> <i32> <i64> @array.atomic.rmw.OP seq_cst 26 drop", "type mismatch"},
		rowCase{"array.atomic.rmw.OP", "unreachable @array.atomic.rmw.OP seq_cst 28 drop", "invalid type"},
	)...),
}

// sharedArithmetic writes each case once for each of the operations on numbers,
// in place of OP.
func sharedArithmetic(cases ...rowCase) (all []rowCase) {
	for _, op := range arithmetic {
		r := strings.NewReplacer("OP", op)
		for _, c := range cases {
			all = append(all, rowCase{r.Replace(c.row), r.Replace(c.code), c.want})
		}
	}
	return all
}
