//spent:ignore stale handles are what this file tests

package validator_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// unassignedMethods are all uses of an unassigned validator, each with the error
// that it reports.
var unassignedMethods = []struct {
	name string
	call func(u unassignedFunc) error
}{
	{"Err", func(u unassignedFunc) error { return u.Err() }},
	{"Assign", func(u unassignedFunc) error {
		a, err := u.Assign(0, 0, 0)
		return errors.Join(err, mustBeSpent(a.Err()))
	}},
	{"IntoAllocations", func(u unassignedFunc) error {
		if u.IntoAllocations() != nil {
			return errors.New("a spent validator gave buffers away")
		}
		return u.Err()
	}},
	{"FuncToValidate.Assign", func(u unassignedFunc) error {
		m := &module.Module{}
		a, err := funcToValidate{Resources: m}.Assign(u)
		return errors.Join(err, mustBeSpent(a.Err()))
	}},
	{"Pool.Put", func(u unassignedFunc) error {
		return validator.NewPool[*module.Module](nil, 0).Put(u)
	}},
}

// assignedMethods are all uses of an assigned validator, each with the error that
// it reports.
var assignedMethods = []struct {
	name string
	call func(a assignedFunc) error
}{
	{"Err", func(a assignedFunc) error { return a.Err() }},
	{"DefineLocals", func(a assignedFunc) error { return a.DefineLocals(0, 1, ops.I32) }},
	{"Op", func(a assignedFunc) error { return a.Op(0, &ops.Instr{Op: ops.Nop}) }},
	{"TryOp", func(a assignedFunc) error { return a.TryOp(0, &ops.Instr{Op: ops.Nop}) }},
	{"Validate", func(a assignedFunc) error { return a.Validate(module.NewFuncBody(0, []byte{0, 0x0b})) }},
	{"Finish", func(a assignedFunc) error {
		u, err := a.Finish(0)
		return errors.Join(err, mustBeSpent(u.Err()))
	}},
	{"Abandon", func(a assignedFunc) error { return a.Abandon().Err() }},
	{"LocalType", func(a assignedFunc) error {
		t, err := a.LocalType(0)
		return errors.Join(err, mustBe(t, ops.Bot))
	}},
	{"OperandType", func(a assignedFunc) error {
		t, err := a.OperandType(0)
		return errors.Join(err, mustBe(t, ops.Bot))
	}},
	{"ControlFrame", func(a assignedFunc) error {
		f, err := a.ControlFrame(0)
		return errors.Join(err, mustBe(f, state.Frame{}))
	}},
	// Those without an error give the zero value, and Err tells.
	{"Index", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.Index(), 0)) }},
	{"Features", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.Features(), 0)) }},
	{"Resources", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.Resources(), nil)) }},
	{"NumLocals", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.NumLocals(), 0)) }},
	{"OperandStackHeight", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.OperandStackHeight(), 0)) }},
	{"ControlStackHeight", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.ControlStackHeight(), 0)) }},
	{"Reachable", func(a assignedFunc) error { return errors.Join(a.Err(), mustBe(a.Reachable(), false)) }},
}

// errTold is what the checks of values report; no spent handle does.
var errTold = errors.New("a spent handle told something")

func mustBe[T comparable](got, want T) error {
	if got != want {
		return fmt.Errorf("%w: %v", errTold, got)
	}
	return nil
}

// mustBeSpent takes the state of a handle that came from a spent one.
func mustBeSpent(err error) error {
	if !errors.Is(err, state.ErrSpent) {
		return fmt.Errorf("%w: a handle that works", errTold)
	}
	return nil
}

// checkSpent fails unless err says that the transition spent the handle; an empty
// one stands for the zero value.
func checkSpent(t *testing.T, err error, by string) {
	t.Helper()
	is := is.New(t)
	is.True(err != nil)
	is.True(!errors.Is(err, errTold))
	is.True(errors.Is(err, state.ErrSpent))
	var s *state.SpentError
	is.True(errors.As(err, &s))
	is.Equal(s.By, by)
	is.Equal(s.Zero, by == "")
}

// spentModule is a module whose function 0 has operands, locals and blocks.
func spentModule(t *testing.T) (m *module.Module, f funcToValidate) {
	t.Helper()
	m, funcs := spine(t, validatortest.NewModule().Type("func (param i32)").
		Func(0, "i64", "local.get 0 drop block end").Bytes())
	return m, funcs[0]
}

func TestSpentUnassigned(t *testing.T) {
	m, f := spentModule(t)
	for _, c := range []struct {
		by   string
		make func(u unassignedFunc) unassignedFunc // the spent handle
	}{
		{"", func(unassignedFunc) unassignedFunc { return unassignedFunc{} }},
		{"Assign", func(u unassignedFunc) unassignedFunc { _, _ = f.Assign(u); return u }},
		{"IntoAllocations", func(u unassignedFunc) unassignedFunc { u.IntoAllocations(); return u }},
		{"Put", func(u unassignedFunc) unassignedFunc { _ = validator.NewPool(m, 0).Put(u); return u }},
		{"Finish", func(u unassignedFunc) unassignedFunc {
			a, _ := f.Assign(u)
			_, _ = a.Finish(0)
			u, _ = a.Finish(0) // the second gives back what is as spent as a
			return u
		}},
		{"Abandon", func(u unassignedFunc) unassignedFunc {
			a, _ := f.Assign(u)
			a.Abandon()
			return a.Abandon()
		}},
	} {
		for _, method := range unassignedMethods {
			t.Run(c.by+"/"+method.name, func(t *testing.T) {
				u := c.make(validator.New(m, ops.Default))
				checkSpent(t, method.call(u), c.by)
			})
		}
	}
}

func TestSpentAssigned(t *testing.T) {
	m, f := spentModule(t)
	for _, c := range []struct {
		by   string
		make func(a assignedFunc) assignedFunc // the spent handle
	}{
		{"", func(assignedFunc) assignedFunc { return assignedFunc{} }},
		{"Finish", func(a assignedFunc) assignedFunc { _, _ = a.Finish(0); return a }},
		{"Abandon", func(a assignedFunc) assignedFunc { a.Abandon(); return a }},
		{"Finish", func(a assignedFunc) assignedFunc {
			// The validator has been assigned again.
			u, _ := a.Finish(0)
			_, _ = f.Assign(u)
			return a
		}},
		{"Assign", func(a assignedFunc) assignedFunc {
			u := a.Abandon()
			_, _ = u.Assign(0, 0, 0)
			a, _ = u.Assign(0, 0, 0) // the second gives a handle as spent as u
			return a
		}},
	} {
		for _, method := range assignedMethods {
			t.Run(c.by+"/"+method.name, func(t *testing.T) {
				is := is.New(t)
				a, err := f.Assign(validator.New(m, ops.Default))
				is.NoErr(err)
				is.NoErr(a.Op(0, &ops.Instr{Op: ops.LocalGet}))
				a = c.make(a)
				checkSpent(t, method.call(a), c.by)
			})
		}
	}
}

// Stale copies, from other goroutines too, do not disturb the validator that is
// at work, whatever method they are used with.
func TestSpentWhileTheLiveOneWorks(t *testing.T) {
	is := is.New(t)
	m, funcs := spine(t, realModule(t, "algorithms"))
	u := validator.New(m, ops.Default)
	stale := u
	a, err := funcs[0].Assign(u)
	is.NoErr(err)
	staleAssigned := a
	u, err = validateFunc(a.Abandon(), funcs[0])
	is.NoErr(err)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	misuse := func(call func() error) {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := call(); !errors.Is(err, state.ErrSpent) || errors.Is(err, errTold) {
					t.Errorf("got %v, want ErrSpent", err)
					return
				}
			}
		})
	}
	for _, method := range unassignedMethods {
		misuse(func() error { return method.call(stale) })
	}
	for _, method := range assignedMethods {
		misuse(func() error { return method.call(staleAssigned) })
	}
	var e engine
	for range 5 {
		for _, f := range funcs {
			u, err = validateFunc(u, f)
			is.NoErr(err)
			is.NoErr(e.validate(f, true))
		}
	}
	close(stop)
	wg.Wait()
}

// Of many copies that are assigned at once, one is.
func TestSpentRace(t *testing.T) {
	is := is.New(t)
	m, f := spentModule(t)
	for range 100 {
		u := validator.New(m, ops.Default)
		won := make(chan assignedFunc, 4)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				a, err := u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
				if err == nil {
					won <- a
				} else if !errors.Is(err, state.ErrSpent) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		is.Equal(len(won), 1)
		a := <-won
		is.NoErr(a.Validate(f.Body))
	}
}

// An Assign that fails leaves the unassigned validator as it was.
func TestFailedAssign(t *testing.T) {
	m, f := spentModule(t)
	two, _ := spine(t, validatortest.NewModule().Type("struct").Bytes())
	for _, c := range []struct {
		name    string
		m       *module.Module
		typeIdx uint32
	}{
		{"unknown type", m, 1},
		{"far beyond", m, 1<<32 - 1},
		{"not a function type", two, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			u := validator.New(c.m, ops.Default)
			_, err := u.Assign(7, c.typeIdx, 99)
			var e *validator.Error
			is.True(errors.As(err, &e))
			is.Equal(e.Kind, validator.Invalid)
			is.Equal(e.Func, 7)
			is.Equal(e.Offset, 99)
			is.NoErr(u.Err())
			_, err = funcToValidate{Resources: c.m, TypeIdx: c.typeIdx}.Assign(u)
			is.True(errors.As(err, &e))
			is.NoErr(u.Err())
			_, err = validateFunc(u, f)
			is.NoErr(err)
		})
	}
}

// Finish gives the unassigned form back whatever the error, and it works.
func TestFinishGivesTheValidatorBack(t *testing.T) {
	m, f := spentModule(t)
	for _, c := range []struct {
		name string
		work func(a assignedFunc) error
		want string
	}{
		{"nothing done", func(assignedFunc) error { return nil },
			"malformed: func 0: unexpected end of section or function: 1 block open (at offset 0x7b)"},
		{"wrong operator", func(a assignedFunc) error { return a.Op(5, &ops.Instr{Op: ops.Drop}) },
			"invalid: func 0: drop: type mismatch: instruction requires an operand but stack has [] (at offset 0x5)"},
		{"wrong body", func(a assignedFunc) error { return a.Validate(module.NewFuncBody(9, []byte{0, 0x1a, 0x0b})) },
			"invalid: func 0: drop: type mismatch: instruction requires an operand but stack has [] (at offset 0xa)"},
		{"too many locals", func(a assignedFunc) error { return a.DefineLocals(3, 1<<31, ops.I32) },
			"limit: func 0: too many locals: 2147483649 exceed the limit of 50000 (at offset 0x3)"},
		{"valid", func(a assignedFunc) error { return a.Validate(f.Body) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			a, err := validator.New(m, ops.Default).Assign(0, 0, 0)
			is.NoErr(err)
			worked := c.work(a)
			if worked != nil {
				// The first error is repeated, and nothing else is looked at.
				is.Equal(a.Op(1, &ops.Instr{Op: ops.Nop}), worked)
				is.Equal(a.TryOp(1, &ops.Instr{Op: ops.Nop}), worked)
			}
			u, err := a.Finish(123)
			is.NoErr(u.Err())
			if c.want == "" {
				is.NoErr(err)
			} else {
				is.True(err != nil)
				is.Equal(err.Error(), c.want)
			}
			_, err = validateFunc(u, f)
			is.NoErr(err)
		})
	}
}
