package misuse

import (
	"errors"
	"sync"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

// Assign the zero value
func zeroUnassigned(_ unassigned, f, g function) error {
	var u unassigned
	a, err := f.Assign(u)
	if err != nil {
		return err // want run "handle is spent: it is the zero value"
	}
	return finish(a)
}

// Validate with the zero value
func zeroAssigned(u unassigned, f, g function) error {
	var a assigned
	return a.Validate(f.Body) // want run "handle is spent: it is the zero value"
}

// Take a validator out of a pool without resources
func zeroPool(u unassigned, f, g function) error {
	var pool validator.Pool[*module.Module]
	a, err := pool.Get().Assign(0, 0, 0)
	if err != nil {
		return err // want run "handle is spent: it is the zero value"
	}
	return finish(a)
}

// Keep a copy under another key of a map
func otherKey(u unassigned, f, g function) error {
	idle := map[string]unassigned{"f": u, "g": u}
	for name, f := range map[string]function{"f": f, "g": g} {
		a, err := f.Assign(idle[name])
		if err != nil {
			return err // want run "handle is spent: by Assign"
		}
		_ = a.Validate(f.Body)
		if _, err := a.Finish(0); err != nil {
			return err
		}
	}
	return nil
}

// Keep a copy of what was sent through a channel
func throughChannel(u unassigned, f, g function) error {
	idle := make(chan unassigned, 1)
	idle <- u
	if err := validator.NewPool(f.Resources, f.Features).Put(<-idle); err != nil {
		return err
	}
	a, err := g.Assign(u)
	if err != nil {
		return err // want run "handle is spent: by Put"
	}
	return finish(a)
}

// Assign one validator from two goroutines at once
func atOnce(u unassigned, f, g function) error {
	work, errs := make(chan assigned, 2), make(chan error, 2)
	var wg sync.WaitGroup
	for _, f := range []function{f, g} {
		wg.Go(func() {
			a, err := u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
			work <- a
			errs <- err
		})
	}
	wg.Wait()
	return errors.Join(<-errs, <-errs) // want run "handle is spent: by Assign"
}

// buffers keeps what a validator left.
type buffers struct{ all []*state.Allocations }

// Make two validators from buffers that a list has twice
func buffersThroughField(u unassigned, f, g function) error {
	a := new(state.Allocations)
	b := buffers{[]*state.Allocations{a, a}}
	for i, f := range []function{f, g} {
		a, err := f.IntoValidator(b.all[i])
		if err != nil {
			return err // want run "handle is spent: by the validator that has the buffers"
		}
		defer finish(a)
	}
	return nil
}

// Declare locals after an operator
func localsAfterOp(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	_ = a.Op(0, &ops.Instr{Op: ops.Nop})
	return a.DefineLocals(0, 1, ops.I32) // want run "validator used out of order: DefineLocals after Op"
}

// Validate a whole body after an operator
func validateAfterOp(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	_ = a.Op(0, &ops.Instr{Op: ops.Nop})
	return a.Validate(f.Body) // want run "validator used out of order: Validate after DefineLocals or Op"
}

// Validate an operator after the final end
func opAfterEnd(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	_ = a.Validate(f.Body)
	return a.Op(99, &ops.Instr{Op: ops.Nop}) // want run "malformed: func 0: section size mismatch: an operator follows the end of the function (at offset 0x63)"
}

// Finish before the final end
func finishEarly(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_, err = a.Finish(99)
	return err // want run "malformed: func 0: unexpected end of section or function: 1 block open (at offset 0x63)"
}

// Validate a nil operator
func nilOperator(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	return a.Op(0, nil) // want run "the operator is nil"
}

// Assign with nil resources
func nilResources(u unassigned, f, g function) error {
	a, err := function{}.IntoValidator(nil)
	if err != nil {
		return err // want run "invalid: func 0: unknown type 0: the validator's resources are nil (at offset 0x0)"
	}
	return finish(a)
}
