package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What the operators check is tested in rules_memory_test.go and
// rules_table_test.go; here is what the proposal turns on.
func TestBulkMemory(t *testing.T) {
	const illegal = "malformed: illegal opcode"
	whole := func(code string) *validatortest.Module {
		return withBody(code).Memory("1").Table("1 funcref").Data("i32.const 0", "a").Elem("(offset i32.const 0) func 0")
	}
	checkOff(t, ops.BulkMemory, []moduleCase{
		{"table.init", whole("unreachable @table.init 0"), illegal},
		{"elem.drop", whole("@elem.drop 0"), illegal},
		{"table.copy", whole("unreachable @table.copy"), illegal},
		// Without the proposal, the kind is the index of a table or memory, and an
		// offset follows.
		{"passive elements", hexModule("09 04 01 01 00 00 @"), "malformed: unexpected end"},
		{"passive data", hexModule("0b 03 01 01 00 @"), "malformed: unexpected end"},
		{"data count section", hexModule("@0c 01 00"), "malformed: malformed section id"},
	})
	expectOff(t, ops.BulkMemory, noCount("unreachable @memory.init 0"), illegal)
	expectOff(t, ops.BulkMemory, noCount("@data.drop 0"), illegal)
	for _, code := range []string{"memory.init 0", "data.drop 0", "table.init 0", "elem.drop 0", "table.copy"} {
		t.Run(code, func(t *testing.T) {
			m := whole("unreachable " + code)
			expect(t, ops.BulkMemory, m, "")
			checkRequired(t, code, m.Bytes(), ops.BulkMemory)
		})
	}
}

// bulk-memory-opt is memory.copy and memory.fill, and bulk-memory brings it.
func TestBulkMemoryOpt(t *testing.T) {
	checkOperators(t, "bulk-memory-opt", "")
	const three = "i32.const 0 i32.const 0 i32.const 0 "
	one := func() *validatortest.Module { return validatortest.NewModule().Type("func").Memory("1") }
	cases := []codeCase{
		{"copy", "", three + "memory.copy", ""},
		{"fill", "", three + "memory.fill", ""},
		{"copy of another type", "", "i32.const 0 i32.const 0 i64.const 0 @memory.copy", "type mismatch"},
		{"fill of another type", "", "i32.const 0 i64.const 0 i32.const 0 @memory.fill", "type mismatch"},
		{"copy of an unknown memory", "", three + "(bytes 0xfc 10 0) @(bytes 1)", "malformed: zero byte expected"},
		{"fill of an unknown memory", "", three + "(bytes 0xfc 11) @(bytes 1)", "malformed: zero byte expected"},
	}
	checkCode(t, ops.BulkMemoryOpt, one, cases)
	checkCode(t, ops.BulkMemory, one, cases)
	expect(t, ops.BulkMemoryOpt, withBody(three+"@memory.copy"), "unknown memory 0")
	for _, code := range []string{"unreachable @memory.init 0", "@data.drop 0", "@table.init 0", "@elem.drop 0", "@table.copy"} {
		t.Run(code, func(t *testing.T) {
			e := expect(t, ops.BulkMemoryOpt, noCount(code), "malformed: illegal opcode")
			is.New(t).Equal(e.Feature, ops.BulkMemory)
		})
	}
	m, err := validator.Validate(t.Context(), one().Func(0, "", three+"memory.copy").Bytes(), validator.WithFeatures(ops.BulkMemory))
	is := is.New(t)
	is.NoErr(err)
	is.Equal(m.RequiredFeatures(), ops.BulkMemoryOpt) // no more than it needs
}

// noCount returns a module with one function, and without the data count section
// that the code may need.
func noCount(code string) *validatortest.Module {
	return emptyTypes().FuncType(0).Body(validatortest.Body("", code))
}
