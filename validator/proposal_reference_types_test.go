package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What the operators check is tested in rules_table_test.go and from the
// operator table; here is what the proposal turns on.
func TestReferenceTypes(t *testing.T) {
	checkOperators(t, "reference-types", "")
	empty := validatortest.NewModule
	const illegal = "malformed: illegal opcode"
	checkOff(t, ops.ReferenceTypes, []moduleCase{
		{"ref.null", withBody("@ref.null func drop"), illegal},
		{"ref.is_null", withBody("unreachable @ref.is_null drop"), illegal},
		{"ref.func", withBody("@ref.func 0 drop").Export("f", "func 0"), illegal},
		{"select with a type", withBody("unreachable @select (result i32) drop"), illegal},
		{"parameter", empty().Type("func (param @externref)"), "malformed: malformed value type"},
		{"parameter funcref", empty().Type("func (param @funcref)"), "malformed: malformed value type"},
		{"result", empty().Type("func (result @externref)"), "malformed: malformed value type"},
		{"local", empty().Type("func").Func(0, "@funcref", ""), "malformed: malformed value type"},
		{"global", empty().Import("m", "g", "global @externref"), "malformed: malformed value type"},
		{"table of externals", hexModule("04 04 01 @6f 00 00"), "malformed: malformed reference type"},
		{"imported table of externals", hexModule("02 07 01 00 00 01 @6f 00 00"), "malformed: malformed reference type"},
		{"second table", empty().Table("1 funcref").Table("@1 funcref"), "multiple tables"},
	})
	// An element segment of expressions came with bulk-memory, one of other
	// references with this proposal.
	expectOff(t, ops.ReferenceTypes, hexModule("09 04 01 05 @6f 00"), "malformed: malformed reference type")
}
