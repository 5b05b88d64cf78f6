package validator_test

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// relaxed lists the operators of relaxed SIMD, all on vectors, with the number of
// their operands.
var relaxed = map[string]int{
	"i8x16.relaxed_swizzle":               2,
	"i32x4.relaxed_trunc_f32x4_s":         1,
	"i32x4.relaxed_trunc_f32x4_u":         1,
	"i32x4.relaxed_trunc_f64x2_s_zero":    1,
	"i32x4.relaxed_trunc_f64x2_u_zero":    1,
	"f32x4.relaxed_madd":                  3,
	"f32x4.relaxed_nmadd":                 3,
	"f64x2.relaxed_madd":                  3,
	"f64x2.relaxed_nmadd":                 3,
	"i8x16.relaxed_laneselect":            3,
	"i16x8.relaxed_laneselect":            3,
	"i32x4.relaxed_laneselect":            3,
	"i64x2.relaxed_laneselect":            3,
	"f32x4.relaxed_min":                   2,
	"f32x4.relaxed_max":                   2,
	"f64x2.relaxed_min":                   2,
	"f64x2.relaxed_max":                   2,
	"i16x8.relaxed_q15mulr_s":             2,
	"i16x8.relaxed_dot_i8x16_i7x16_s":     2,
	"i32x4.relaxed_dot_i8x16_i7x16_add_s": 3,
}

func TestRelaxedSIMDOperands(t *testing.T) {
	base := func() *validatortest.Module { return validatortest.NewModule().Type("func") }
	suite := bodySuite{ops.Wasm3, base, 0}
	for op, operands := range relaxed {
		t.Run(op, func(t *testing.T) {
			const vector = "local.get 0 "
			tests := []bodyTest{
				{"vectors", "v128", strings.Repeat(vector, operands) + op + " local.set 0", ""},
				{"unreachable", "v128", "unreachable " + op + " local.set 0", ""},
				{"result of another type", "v128", strings.Repeat(vector, operands) + op + " @i32.eqz drop", "type mismatch"},
				{"unreachable, result of another type", "", "unreachable " + op + " @f32.neg drop", "type mismatch"},
				{"operand missing", "v128", strings.Repeat(vector, operands-1) + "@" + op + " drop", "type mismatch"},
				{"unreachable with number", "", "unreachable f64.const 0 @" + op + " drop", "type mismatch"},
			}
			for i := range operands {
				code := strings.Repeat(vector, i) + "f32.const 0 " + strings.Repeat(vector, operands-i-1) + "@" + op + " drop"
				tests = append(tests, bodyTest{"number among the operands", "v128", code, "type mismatch"})
			}
			suite.check(t, tests)
		})
		checkFeature(t, ops.Wasm3, "relaxed-simd", gatedBodies(base, "unreachable @"+op+" drop"))
	}
}
