package wrong

import (
	"io"

	"handles"
	"helper"
)

func mapElement(free map[string]unassigned) {
	_ = free["a"].IntoAllocations()
	_ = free["a"].IntoAllocations() // want `free\["a"\] was spent by IntoAllocations`
}

func structCopy(w *worker) {
	old := *w
	_ = w.u.IntoAllocations()
	_ = old.u.IntoAllocations() // want `old.u was spent by IntoAllocations`
}

type embedded struct {
	unassigned
}

func promoted(e embedded) {
	_ = e.IntoAllocations()
	_ = e.IntoAllocations() // want `e was spent by IntoAllocations`
}

func recursion(u unassigned, depth int) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return
	}
	if depth > 0 {
		recursion(u, depth-1) // want `u was spent by Assign`
	}
	_ = a.Abandon()
}

func handedOverAsInterface(a assigned, use func(interface{ Op(int, byte) error })) {
	_ = a.Abandon()
	use(a) // want `a was spent by Abandon`
}

func asserted(x any) {
	a := x.(assigned)
	_ = a.Abandon()
	b := x.(assigned)
	_ = b.Abandon() // want `b was spent by Abandon`
}

func sameInBothVariables(u unassigned, other bool, v unassigned) {
	w := u
	if other {
		w = v
	}
	helper.Retire(w)
	_ = w.IntoAllocations() // want `w was spent by Retire`
}

func overwrittenWithZero(u unassigned) {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return
	}
	_ = a.Op(0, 1)
	a = assigned{}
	_ = a
}

func selectLoop(a assigned, ops <-chan byte, stop <-chan bool) error {
	for {
		select {
		case op := <-ops:
			if err := a.Op(0, op); err != nil { // want `a was spent by Finish`
				return err
			}
		case <-stop:
			_, _ = a.Finish(0) // want `a was spent by Finish`
		}
	}
}

func deferredPutOfCopy(p *pool, f function) error {
	u := p.Get()
	defer p.Put(u) // want `a handle that this deferred call uses was spent by Assign`
	a, err := f.Assign(u)
	if err != nil {
		return err
	}
	u, err = a.Finish(0)
	return err
}

func readAll(r io.Reader, u unassigned) (unassigned, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return u, err
	}
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return u, err
	}
	if err := a.Validate(handles.Body(body)); err != nil {
		return u, err // want `u was spent by Assign`
	}
	return a.Finish(len(body))
}
