package wrong

import (
	"fmt"

	"handles"
	"helper"
)

type (
	module     = *handles.Module
	unassigned = handles.UnassignedFuncValidator[module]
	assigned   = handles.AssignedFuncValidator[module]
	function   = handles.FuncToValidate[module]
	pool       = handles.Pool[module]
)

func assignTwice(u unassigned) error {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	_ = a.Abandon()
	b, err := u.Assign(1, 0, 0) // want `u was spent by Assign at sequence.go:\d+; use the handle that Assign returned`
	if err != nil {
		return err
	}
	_ = b.Abandon()
	return nil
}

func finishTwice(a assigned) {
	_, _ = a.Finish(0)
	_, _ = a.Finish(0) // want `a was spent by Finish at sequence.go:\d+; use the handle that Finish returned`
}

func validateAfterFinish(a assigned, body handles.Body) error {
	_, err := a.Finish(0)
	if err != nil {
		return err
	}
	return a.Validate(body) // want `a was spent by Finish`
}

func opAfterAbandon(a assigned) error {
	u := a.Abandon()
	defer helper.Retire(u)
	return a.Op(0, 1) // want `a was spent by Abandon`
}

func askAfterFinish(a assigned) (unassigned, uint32) {
	u, _ := a.Finish(0)
	return u, a.Index() // want `a was spent by Finish`
}

func throughCopy(u unassigned) *handles.Allocations {
	kept := u
	a, _ := u.Assign(0, 0, 0)
	_ = a.Abandon()
	return kept.IntoAllocations() // want `kept was spent by Assign`
}

func copyAfterwards(u unassigned) {
	_ = u.IntoAllocations()
	v := u
	_ = v.IntoAllocations() // want `v was spent by IntoAllocations at sequence.go:\d+; use the handle that IntoAllocations returned`
}

func throughArgument(f function, u unassigned) {
	a, _ := f.Assign(u)
	_ = a.Abandon()
	_ = u.IntoAllocations() // want `u was spent by Assign`
}

func usedAfterPut(p *pool, u unassigned) {
	p.Put(u)
	a, err := u.Assign(0, 0, 0) // want `u was spent by Put`
	if err == nil {
		_ = a.Abandon()
	}
}

func putTwice(p *pool) {
	u := p.Get()
	p.Put(u)
	p.Put(u) // want `u was spent by Put at sequence.go:\d+; it must not be used again`
}

func putSpent(p *pool, a assigned, u unassigned) {
	_ = u.IntoAllocations()
	p.Put(u) // want `u was spent by IntoAllocations`
	p.Put(a.Abandon())
}

func returnsSpent(u unassigned) (unassigned, error) {
	a, err := u.Assign(0, 0, 0)
	if err != nil {
		return u, err
	}
	if _, err := a.Finish(0); err != nil {
		return u, err // want `u was spent by Assign`
	}
	return u, nil // want `u was spent by Assign`
}

func sendsSpent(ch chan unassigned, u unassigned) {
	_ = u.IntoAllocations()
	ch <- u // want `spent by IntoAllocations`
}

func spentPassedOn(a assigned) {
	_ = a.Abandon()
	fmt.Println(helper.Look(a)) // want `a was spent by Abandon`
}

func buffersTaken(m module, allocs *handles.Allocations) {
	u := handles.NewWithAllocations(m, allocs)
	v := handles.NewWithAllocations(m, allocs) // want `allocs was spent by NewWithAllocations`
	_, _ = u, v
}

func generic[R handles.Resources](a handles.AssignedFuncValidator[R]) {
	_ = a.Abandon()
	_, _ = a.Finish(0) // want `a was spent by Abandon`
}

func methodValue(a assigned) {
	finish := a.Finish
	_, _ = finish(1)
	_, _ = finish(2) // want `the receiver of finish was spent by Finish`
}

func methodExpression(a assigned) {
	_ = assigned.Abandon(a)
	_ = assigned.Abandon(a) // want `a was spent by Abandon`
}

func throughInterface(f handles.Finisher[module]) {
	_, _ = f.Finish(1)
	_, _ = f.Finish(2) // want `f was spent by Finish`
}

func convertedToInterface(a assigned) {
	var f handles.Finisher[module] = a
	_, _ = f.Finish(1)
	_ = a.Abandon() // want `a was spent by Finish`
}

func retired(u unassigned) {
	helper.Retire(u)
	_ = u.IntoAllocations() // want `u was spent by Retire`
}

func doneElsewhere(a assigned) {
	u := helper.Done(a)
	_ = a.Abandon() // want `a was spent by Done at sequence.go:\d+; use the handle that Done returned`
	helper.Retire(u)
}

func doneDeep(a assigned) {
	u := helper.Deep(a)
	_ = a.Abandon() // want `a was spent by Deep`
	helper.Retire(u)
}

func begunElsewhere(u unassigned) error {
	a, err := helper.Begin(u, 1)
	if err != nil {
		return err
	}
	_ = a.Abandon()
	_ = u.IntoAllocations() // want `u was spent by Begin`
	return nil
}

func localHelper(a assigned) {
	retire(a)
	_ = a.Abandon() // want `a was spent by retire`
}

func retire(a assigned) { helper.Retire(a.Abandon()) }

func ignoringTheError(u unassigned) {
	a, _ := u.Assign(0, 0, 0)
	b, _ := u.Assign(1, 0, 0) // want `u was spent by Assign`
	_, _ = a.Abandon(), b.Abandon()
}
