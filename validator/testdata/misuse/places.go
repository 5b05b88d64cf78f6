package misuse

import (
	"sync"

	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

// finish validates the body of a nop and finishes.
func finish(a assigned) error {
	_, err := a.Finish(0)
	return err
}

// worker keeps a validator in a field.
type worker struct{ u unassigned }

// Assign from a field and not update it
func staleField(u unassigned, f, g function) error {
	w := &worker{u}
	a, err := f.Assign(w.u)
	if err != nil {
		return err
	}
	_ = a.Abandon()
	b, err := g.Assign(w.u) // want vet "w.u was spent by Assign at places.go:22; use the handle that Assign returned"
	if err != nil {
		return err // want run "handle is spent: by Assign"
	}
	return finish(b)
}

// Use in a function literal what was spent outside
func staleInClosure(u unassigned, f, g function) error {
	assign := func(f function) error {
		a, err := f.Assign(u)
		if err == nil {
			_ = a.Abandon()
		}
		return err
	}
	if err := assign(f); err != nil {
		return err
	}
	return assign(g) // want vet "a handle that the function literal uses was spent by the function literal at places.go:43; it must not be used again"
	// want run "handle is spent: by Assign"
}

// Defer the Put of a validator that is assigned in the meantime
func staleInDefer(u unassigned, f, g function) (err error) {
	pool := validator.NewPool(f.Resources, f.Features)
	defer func() { err = pool.Put(u) }() // want vet "a handle that this deferred call uses was spent by Assign at places.go:54; use the handle that Assign returned"
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = a.Abandon()
	return nil // want run "handle is spent: by Assign"
}

// Give a goroutine a validator and go on using it
func staleInGoroutine(u unassigned, f, g function) error {
	var wg sync.WaitGroup
	pool := validator.NewPool(f.Resources, f.Features)
	if err := pool.Put(u); err != nil {
		return err
	}
	var failed error
	wg.Add(1)
	go func() { // want vet "a handle that the function literal uses was spent by Put at places.go:66; it must not be used again"
		defer wg.Done()
		failed = pool.Put(u)
	}()
	wg.Wait()
	return failed // want run "handle is spent: by Put"
}

// Use a handle that a helper has spent
func spentByHelper(u unassigned, f, g function) error {
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	_ = finish(a)
	return a.DefineLocals(0, 1, 0) // want vet "a was spent by finish at places.go:85; it must not be used again"
	// want run "handle is spent: by Finish"
}

// Send a stale handle to another goroutine
func sendStale(u unassigned, f, g function) error {
	idle := make(chan unassigned, 1)
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	defer finish(a)
	idle <- u             // want vet "the handle that is sent was spent by Assign at places.go:93; use the handle that Assign returned"
	return (<-idle).Err() // want run "handle is spent: by Assign"
}

// Return a stale handle
func returnStale(u unassigned, f, g function) error {
	again := func() (unassigned, error) {
		a, err := f.Assign(u)
		if err != nil {
			return u, err
		}
		return u, finish(a) // want vet "u was spent by Assign at places.go:105; use the handle that Assign returned"
	}
	u, _ = again()
	return u.Err() // want run "handle is spent: by Assign"
}

// Spend through one pointer and use through another
func throughPointer(u unassigned, f, g function) error {
	p, q := &u, &u
	if err := validator.NewPool(f.Resources, f.Features).Put(*p); err != nil {
		return err
	}
	a, err := g.Assign(*q) // want vet "*q was spent by Put at places.go:118; it must not be used again"
	if err != nil {
		return err // want run "handle is spent: by Put"
	}
	return finish(a)
}

// Make two validators from the same buffers
func buffersTwice(u unassigned, f, g function) error {
	buffers := new(state.Allocations)
	first := validator.NewWithAllocations(f.Resources, f.Features, buffers)
	second := validator.NewWithAllocations(f.Resources, f.Features, buffers) // want vet "buffers was spent by NewWithAllocations at places.go:131; use the handle that NewWithAllocations returned"
	if err := first.Err(); err != nil {
		return err
	}
	return second.Err() // want run "handle is spent: by the validator that has the buffers"
}
