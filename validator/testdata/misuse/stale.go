package misuse

import (
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Assign one validator to two functions
func assignTwice(u unassigned, f, g function) error {
	first, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(first)
	second, err := g.Assign(u) // want vet "u was spent by Assign at stale.go:10; use the handle that Assign returned"
	if err != nil {
		return err // want run "handle is spent: by Assign"
	}
	return finish(second)
}

// Forget in a loop that Finish gives the validator back
func assignInLoop(u unassigned, f, g function) error {
	for _, f := range []function{f, g} {
		a, err := f.Assign(u) // want vet "u was spent by Assign at stale.go:25, in an earlier iteration; use the handle that Assign returned"
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

// Assign after Put
func assignAfterPut(u unassigned, f, g function) error {
	pool := validator.NewPool(f.Resources, f.Features)
	if err := pool.Put(u); err != nil {
		return err
	}
	a, err := f.Assign(u) // want vet "u was spent by Put at stale.go:40; it must not be used again"
	if err != nil {
		return err // want run "handle is spent: by Put"
	}
	return finish(a)
}

// Assign after IntoAllocations
func assignAfterIntoAllocations(u unassigned, f, g function) error {
	buffers := u.IntoAllocations()
	a, err := f.Assign(u) // want vet "u was spent by IntoAllocations at stale.go:52; it must not be used again"
	if err != nil {
		return err // want run "handle is spent: by IntoAllocations"
	}
	buffers.Trim()
	return finish(a)
}

// Put a validator back twice
func putTwice(u unassigned, f, g function) error {
	pool := validator.NewPool(f.Resources, f.Features)
	if err := pool.Put(u); err != nil {
		return err
	}
	return pool.Put(u) // want vet "u was spent by Put at stale.go:64; it must not be used again"
	// want run "handle is spent: by Put"
}

// Put back the old form of a validator that is at work
func putAssignedAway(u unassigned, f, g function) error {
	pool := validator.NewPool(f.Resources, f.Features)
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	return pool.Put(u) // want vet "u was spent by Assign at stale.go:74; use the handle that Assign returned"
	// want run "handle is spent: by Assign"
}

// Finish twice
func finishTwice(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = a.Validate(f.Body)
	if _, err := a.Finish(0); err != nil {
		return err
	}
	_, err = a.Finish(0) // want vet "a was spent by Finish at stale.go:90; use the handle that Finish returned"
	return err           // want run "handle is spent: by Finish"
}

// Finish after Abandon
func finishAfterAbandon(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	if err := a.Validate(f.Body); err == nil {
		_ = a.Abandon()
	}
	_, err = a.Finish(0) // want vet "a was spent by Abandon at stale.go:104; use the handle that Abandon returned"
	return err           // want run "handle is spent: by Abandon"
}

// Validate an operator after Finish
func opAfterFinish(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = a.Validate(f.Body)
	if u, err = a.Finish(0); err != nil {
		return err
	}
	a2, err := g.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a2)
	return a.Op(0, &ops.Instr{Op: ops.Nop}) // want vet "a was spent by Finish at stale.go:117; use the handle that Finish returned"
	// want run "handle is spent: by Finish"
}

// Ask a question after Finish
func questionAfterFinish(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = a.Validate(f.Body)
	if _, err := a.Finish(0); err != nil {
		return err
	}
	_, err = a.OperandType(0) // want vet "a was spent by Finish at stale.go:136; use the handle that Finish returned"
	return err                // want run "handle is spent: by Finish"
}
