package validator_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Behind the final end no operator fits, whichever call has validated that.
func TestOperatorBehindTheEnd(t *testing.T) {
	type assigned = validator.AssignedFuncValidator[*module.Module]
	op, try := assigned.Op, assigned.TryOp
	_, funcs := spine(t, validatortest.NewModule().Type("func").Func(0, "", "").Bytes())
	for _, tt := range []struct {
		name        string
		first, last func(a assigned, offset int, in *ops.Instr) error
	}{
		{"Op and Op", op, op}, {"Op and TryOp", op, try}, {"TryOp and Op", try, op}, {"TryOp and TryOp", try, try},
	} {
		for _, behind := range []ops.Op{ops.Nop, ops.LocalGet, ops.I32Add, ops.Drop, ops.End, ops.Unreachable} {
			t.Run(tt.name+" "+behind.String(), func(t *testing.T) {
				is := is.New(t)
				a, err := funcs[0].IntoValidator(nil)
				is.NoErr(err)
				is.NoErr(a.Op(0, &ops.Instr{Op: ops.Nop}))
				is.NoErr(tt.first(a, 1, &ops.Instr{Op: ops.End}))
				err = tt.last(a, 2, &ops.Instr{Op: behind})
				is.True(err != nil && strings.Contains(err.Error(), "an operator follows the end of the function"))
				_ = a.Abandon()
			})
		}
	}
}
