package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

func TestWideArithmetic(t *testing.T) {
	checkOperators(t, "wide-arithmetic", "")
	const four = "i64.const 1 i64.const 2 i64.const 3 i64.const 4 "
	checkCode(t, ops.MVP|ops.WideArithmetic, emptyTypes, []codeCase{
		{"add128", "", four + "i64.add128 i64.add drop", ""},
		{"sub128", "", four + "i64.sub128 i64.add drop", ""},
		{"mul_wide_s", "", four + "i64.mul_wide_s i64.add128 drop drop", ""},
		{"mul_wide_u", "", four + "i64.mul_wide_u i64.sub128 drop drop", ""},
		{"one operand too few", "", "i64.const 1 i64.const 2 i64.const 3 @i64.add128 drop drop", "type mismatch"},
		{"one result more than dropped", "", four + "i64.add128 drop @", "type mismatch"},
		{"two results and no more", "", four + "i64.add128 drop drop @drop", "type mismatch"},
		{"operand below the results", "", four + "i64.mul_wide_s drop drop drop drop", ""},
		{"lowest operand of another type", "", "f64.const 1 i64.const 2 i64.const 3 i64.const 4 @i64.sub128 drop drop", "type mismatch"},
	})
}
