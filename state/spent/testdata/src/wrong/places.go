package wrong

import (
	"sync"

	"handles"
	"helper"
)

type worker struct {
	u     unassigned
	a     assigned
	inner struct{ u unassigned }
	tries int
}

func field(w *worker) {
	_ = w.u.IntoAllocations()
	_ = w.u.IntoAllocations() // want `w.u was spent by IntoAllocations`
}

func (w *worker) twice() {
	w.a, _ = w.u.Assign(0, 0, 0)
	w.tries++
	helper.Retire(w.u) // want `w.u was spent by Assign`
}

func localStruct(u unassigned) {
	var w worker
	w.u = u
	_ = w.u.IntoAllocations()
	_ = u.IntoAllocations() // want `u was spent by IntoAllocations`
}

func nestedField(w *worker) {
	_ = w.inner.u.IntoAllocations()
	_ = w.inner.u.IntoAllocations() // want `w.inner.u was spent by IntoAllocations`
}

func fieldByValue(w worker) {
	_ = w.u.IntoAllocations()
	_ = w.u.IntoAllocations() // want `w.u was spent by IntoAllocations`
}

func fieldInLoop(w *worker, bodies []handles.Body) {
	for i := range bodies {
		a, err := w.u.Assign(uint32(i), 0, 0) // want `w.u was spent by Assign`
		if err == nil {
			_ = a.Abandon()
		}
	}
}

func element(us []unassigned) {
	_ = us[0].IntoAllocations()
	_ = us[0].IntoAllocations() // want `us\[0\] was spent by IntoAllocations`
}

func pointer(p *unassigned) {
	_ = p.IntoAllocations()
	_ = (*p).IntoAllocations() // want `spent by IntoAllocations`
}

func closedTwice(w *helper.Worker) {
	w.Close()
	w.Close() // want `a handle that Close uses was spent by Close`
}

func usedAfterClose(w *helper.Worker) {
	w.Close()
	_ = w.U.IntoAllocations() // want `w.U was spent by Close`
}

var global unassigned

func globalVariable() {
	_ = global.IntoAllocations()
	_ = global.IntoAllocations() // want `global was spent by IntoAllocations`
}

func inLiteral(a assigned) {
	finish := func() { _, _ = a.Finish(0) }
	finish()
	_ = a.Abandon() // want `a was spent by the function literal`
}

func literalTwice(a assigned) {
	finish := func() { _, _ = a.Finish(0) }
	finish()
	finish() // want `spent by the function literal`
}

func literalAfterwards(a assigned, run func(func())) {
	_ = a.Abandon()
	run(func() { _ = a.Op(0, 1) }) // want `a handle that this function literal uses was spent by Abandon`
}

func insideLiteral(run func(func(assigned))) {
	run(func(a assigned) {
		_ = a.Abandon()
		_, _ = a.Finish(0) // want `a was spent by Abandon`
	})
}

func capturedTwice(u unassigned) func() {
	return func() {
		_ = u.IntoAllocations()
		_ = u.IntoAllocations() // want `u was spent by IntoAllocations`
	}
}

func deferred(a assigned) {
	defer helper.Done(a) // want `a handle that this deferred call uses was spent by Finish`
	_, _ = a.Finish(0)
}

func deferredLiteral(a assigned) {
	defer func() { _ = a.Abandon() }() // want `a handle that this deferred call uses was spent by Finish`
	_, _ = a.Finish(0)
}

func deferredTooLate(a assigned) {
	_ = a.Abandon()
	defer helper.Done(a) // want `a was spent by Abandon`
}

func goroutine(a assigned) error {
	go retire(a)
	return a.Op(0, 1) // want `a was spent by retire`
}

func goroutineLiteral(a assigned) error {
	go func() { _ = a.Abandon() }()
	return a.Op(0, 1) // want `a was spent by the function literal`
}

func goroutinesInLoop(u unassigned, fs []function) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		go work(&wg, f, u) // want `u was spent by work`
	}
	wg.Wait()
}

func work(wg *sync.WaitGroup, f function, u unassigned) {
	defer wg.Done()
	defer helper.Retire(u)
	println(f.Index)
}

func rangeOverFunc(a assigned, ops func(func(int, byte) bool)) {
	_ = a.Abandon()
	for i, op := range ops { // want `a handle that this function literal uses was spent by Abandon`
		_ = a.Op(i, op)
	}
}
