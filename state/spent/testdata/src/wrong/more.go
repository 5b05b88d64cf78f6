package wrong

import (
	"io"
	"iter"

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

func goroutineThatTries(u unassigned) {
	go func() {
		a, err := u.Assign(0, 0, 0)
		if err != nil {
			return
		}
		_ = a.Abandon()
	}()
	_ = u.IntoAllocations() // want `u was spent by the function literal`
}

func goroutineWithArgument(u unassigned) {
	go func(u unassigned) {
		if a, err := u.Assign(0, 0, 0); err == nil {
			_ = a.Abandon()
		}
	}(u)
	_ = u.IntoAllocations() // want `u was spent by the function literal`
}

func goroutinesThatTry(u unassigned, fs []function) {
	for _, f := range fs {
		go func() { // want `a handle that the function literal uses was spent by the function literal`
			a, err := f.Assign(u)
			if err != nil {
				println(err.Error())
				return
			}
			_ = a.Abandon()
		}()
	}
}

func step(u unassigned, f function) unassigned {
	a, err := f.Assign(u)
	if err != nil {
		return u
	}
	return a.Abandon()
}

func stepTwice(u unassigned, f function) unassigned {
	step(u, f)
	return step(u, f) // want `u was spent by step`
}

func compositeLiteral(u unassigned) {
	w := &worker{u: u}
	_ = w.u.IntoAllocations()
	_ = u.IntoAllocations() // want `u was spent by IntoAllocations`
}

func array(u, v unassigned) {
	us := [2]unassigned{u, v}
	_ = us[1].IntoAllocations()
	_ = us[1].IntoAllocations() // want `us\[1\] was spent by IntoAllocations`
}

func addressOf(u unassigned) {
	p := &u
	_ = p.IntoAllocations()
	_ = u.IntoAllocations() // want `u was spent by IntoAllocations`
}

func calledAtOnce(u unassigned) {
	func() { _ = u.IntoAllocations() }()
	_ = u.IntoAllocations() // want `u was spent by the function literal`
}

func breaksOut(u unassigned, fs []function) {
	for _, f := range fs {
		a, err := f.Assign(u) // want `the handle that Assign returned is dropped`
		if err != nil {
			break
		}
		if a.Validate(f.Body) != nil {
			break
		}
		u = a.Abandon()
	}
}

func discarded(u unassigned) {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	_, _ = a, err
}

func errorVariableReused(u unassigned, body handles.Body) error {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return err
	}
	err = a.Validate(body)
	if err != nil {
		return err
	}
	_, err = a.Finish(0)
	return err
}

func namedError(u unassigned, body handles.Body) (err error) {
	defer func() { println(err) }()
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return err
	}
	if err = a.Validate(body); err != nil {
		return err
	}
	_, err = a.Finish(0)
	return err
}

func finishedThenAbandonedOnError(a assigned) (u unassigned) {
	u, err := a.Finish(0)
	if err != nil {
		return a.Abandon() // want `a was spent by Finish`
	}
	return u
}

func overIterator(u unassigned, fs iter.Seq[function]) error {
	for f := range fs {
		a, err := f.Assign(u) // want `u was spent by Assign at more.go:\d+, in an earlier iteration`
		if err != nil {
			return err
		}
		_ = a.Abandon()
	}
	return nil
}

func overIteratorOnError(u unassigned, fs iter.Seq[function]) {
	for f := range fs {
		a, err := f.Assign(u) // want `u was spent by Assign at more.go:\d+, in an earlier iteration`
		if err != nil {
			continue
		}
		if err := a.Validate(f.Body); err != nil {
			_ = a.Abandon()
			continue
		}
		u, _ = a.Finish(0)
	}
}
