//spent:ignore the assignments of this file fail

package validator_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// anyFunc is a function for resources that are told by their interface only, and
// may be no resources at all.
type anyFunc = validator.FuncToValidate[validator.Resources]

// Resources that are nil declare nothing, whatever kind of nil they are.
func TestNilResources(t *testing.T) {
	t.Run("module", func(t *testing.T) { nilResources[*module.Module](t, nil) })
	t.Run("interface", func(t *testing.T) { nilResources[validator.Resources](t, nil) })
	t.Run("interface of a nil module", func(t *testing.T) {
		nilResources[validator.Resources](t, (*module.Module)(nil))
	})
	t.Run("module of nothing", func(t *testing.T) { nilResources(t, new(module.Module)) })
	t.Run("interface of a module of nothing", func(t *testing.T) {
		nilResources[validator.Resources](t, new(module.Module))
	})
	t.Run("user's pointer", func(t *testing.T) { nilResources[*userResources](t, nil) })
}

func nilResources[R validator.Resources](t *testing.T, none R) {
	is := is.New(t)
	check := func(err error) {
		t.Helper()
		var e *validator.Error
		is.True(errors.As(err, &e))
		is.Equal(e.Kind, validator.Invalid)
		is.True(strings.HasPrefix(e.Message, "unknown type 0"))
	}
	u := validator.New(none, ops.Default)
	_, err := u.Assign(0, 0, 0)
	check(err)
	_, err = validator.FuncToValidate[R]{Resources: none}.Assign(u)
	check(err)
	_, err = validator.FuncToValidate[R]{Resources: none}.IntoValidator(u.IntoAllocations())
	check(err)
	pool := validator.NewPool(none, ops.Default)
	u = pool.Get()
	_, err = u.Assign(0, 0, 0)
	check(err)
	is.NoErr(pool.Put(u))
}

// What is not there is an error that says so, and changes nothing.
func TestNilArguments(t *testing.T) {
	m, f := spentModule(t)
	t.Run("operator", func(t *testing.T) {
		is := is.New(t)
		a, err := f.Assign(validator.New(m, ops.Default))
		is.NoErr(err)
		is.Equal(a.Op(0, nil).Error(), "the operator is nil")
		is.Equal(a.TryOp(0, nil).Error(), "the operator is nil")
		is.NoErr(a.Validate(f.Body))
		_, err = a.Finish(0)
		is.NoErr(err)
	})
	t.Run("body", func(t *testing.T) {
		is := is.New(t)
		a, err := f.Assign(validator.New(m, ops.Default))
		is.NoErr(err)
		var e *validator.Error
		is.True(errors.As(a.Validate(module.FuncBody{}), &e))
		is.Equal(e.Kind, validator.Malformed)
		is.NoErr(a.Abandon().Err())
	})
	t.Run("function to validate", func(t *testing.T) {
		is := is.New(t)
		_, err := funcToValidate{}.Assign(unassignedFunc{})
		is.True(errors.Is(err, state.ErrSpent))
		_, err = anyFunc{}.IntoValidator(nil)
		is.Equal(err.Error(), "invalid: func 0: unknown type 0: the validator's resources are nil (at offset 0x0)")
	})
	t.Run("allocations", func(t *testing.T) {
		is := is.New(t)
		a, err := f.IntoValidator(nil)
		is.NoErr(err)
		is.NoErr(a.Validate(f.Body))
		u, err := a.Finish(0)
		is.NoErr(err)
		is.True(u.IntoAllocations() != nil)
	})
	t.Run("types", func(t *testing.T) {
		is := is.New(t)
		_, err := validator.New(typeless{m}, ops.Default).Assign(0, 0, 0)
		is.Equal(err.Error(), "invalid: func 0: unknown type 0: there is no such function type (at offset 0x0)")
	})
}

// typeless are resources that have no types to show.
type typeless struct{ *module.Module }

func (typeless) Types() *module.Types { return nil }
func (typeless) NumFuncs() int        { return -1 }

// Buffers serve one validator at a time: another one that is made from them is
// spent, until the first has given them back.
func TestBuffersServeOneValidator(t *testing.T) {
	m, f := spentModule(t)
	const want = "handle is spent: by the validator that has the buffers"
	for _, c := range []struct {
		name string
		make func(a *state.Allocations) error
	}{
		{"NewWithAllocations", func(a *state.Allocations) error {
			return validator.NewWithAllocations(m, ops.Default, a).Err()
		}},
		{"for other resources", func(a *state.Allocations) error {
			return validator.NewWithAllocations[validator.Resources](m, ops.Default, a).Err()
		}},
		{"IntoValidator", func(a *state.Allocations) error {
			assigned, err := f.IntoValidator(a)
			if err == nil {
				_ = assigned.Abandon().IntoAllocations()
			}
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			a := new(state.Allocations)
			first, err := f.IntoValidator(a)
			is.NoErr(err)
			err = c.make(a) //spent:ignore the buffers are in use on purpose
			is.True(errors.Is(err, state.ErrSpent))
			is.Equal(err.Error(), want)
			is.NoErr(first.Validate(f.Body))
			u, err := first.Finish(0)
			is.NoErr(err)
			is.NoErr(c.make(u.IntoAllocations()))
		})
	}
	t.Run("after a failure", func(t *testing.T) {
		is := is.New(t)
		a := new(state.Allocations)
		_, err := funcToValidate{Resources: m, TypeIdx: 9}.IntoValidator(a)
		is.True(err != nil)
		assigned, err := f.IntoValidator(a)
		is.NoErr(err)
		is.NoErr(assigned.Abandon().Err())
	})
}

// Resources that can be compared but hold nothing are asked once for each pool.
func TestNilModuleInPool(t *testing.T) {
	is := is.New(t)
	_, funcs := spine(t, validatortest.NewModule().Type("func").Func(0, "", "nop").Bytes())
	pool := validator.NewPool[*module.Module](nil, ops.Default)
	for range 2 {
		u, err := validateFunc(pool.Get(), funcs[0])
		is.NoErr(err)
		is.NoErr(pool.Put(u))
	}
}
