package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// How much room there is for blocks does not depend on a body that was validated
// before, and had little left when it turned out to be wrong.
func TestNestingAfterAnError(t *testing.T) {
	is := is.New(t)
	u := validator.New(validatortest.NewResources().AddType("func"), ops.Default)
	block := ops.Instr{Op: ops.Block}
	nest := func() {
		a, err := u.Assign(0, 0, 0)
		is.NoErr(err)
		is.True(a.Validate(module.NewFuncBody(0, []byte{0, 0xff, 0x0b})) != nil)
		a, err = a.Abandon().Assign(0, 0, 0)
		is.NoErr(err)
		for i := range 20_000 {
			if err := a.Op(1+2*i, &block); err != nil {
				t.Fatal(err)
			}
		}
		u = a.Abandon()
		u = validator.New(validatortest.NewResources().AddType("func"), ops.Default) // with new buffers
	}
	n := testing.AllocsPerRun(1, nest)
	t.Logf("%v allocations for 20000 blocks", n)
	is.True(n < 200)
}
