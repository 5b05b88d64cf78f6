package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The types of the operators are tested from the operator table, and where else
// vectors occur in rules_vector_test.go; here is what the proposals turn on.
func TestSIMD(t *testing.T) {
	checkOperators(t, "simd", "")
	empty := validatortest.NewModule
	const noType = "malformed: malformed value type"
	checkOff(t, ops.SIMD, []moduleCase{
		{"parameter", empty().Type("func (param @v128)"), noType},
		{"result", empty().Type("func (result i32)").Type("func (result @v128)"), noType},
		{"local", empty().Type("func").Func(0, "i32 @v128", ""), noType},
		{"imported global", empty().Import("m", "g", "global @v128"), noType},
		{"constant", withBody("@v128.const i64x2 0 0 drop"), "malformed: illegal opcode"},
		{"splat", withBody("i32.const 0 @i8x16.splat drop"), "malformed: illegal opcode"},
	})
}

func TestRelaxedSIMDOperators(t *testing.T) { checkOperators(t, "relaxed-simd", "simd") }
