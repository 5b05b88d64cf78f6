package wrong

import (
	"errors"
	"fmt"

	"handles"
	"helper"
)

func neverFinished(u unassigned) error {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped: the return at dropped.go:\d+ is reached without Finish or Abandon`
	if err != nil {
		return err
	}
	return a.Op(0, 1)
}

func droppedOnError(u unassigned, body handles.Body) (unassigned, error) {
	a, err := u.Assign(0, 0, 0) // want `dropped: the return at dropped.go:\d+ is reached`
	if err != nil {
		return u, err
	}
	if err := a.Validate(body); err != nil {
		return unassigned{}, err
	}
	return a.Finish(len(body))
}

func droppedInLoop(u unassigned, ops []byte) (unassigned, error) {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return u, err
	}
	for i, op := range ops {
		if err := a.Op(i, op); err != nil {
			return unassigned{}, fmt.Errorf("operator %d: %w", i, err)
		}
	}
	return a.Finish(len(ops))
}

func droppedByContinue(m module, fs []function) {
	for _, f := range fs {
		a, err := f.IntoValidator(new(handles.Allocations)) // want `the handle that IntoValidator returned is dropped`
		if err != nil {
			continue
		}
		if err := a.Validate(f.Body); err != nil {
			continue
		}
		_ = a.Abandon()
	}
}

func overwritten(u, v unassigned) {
	a, _ := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	a, _ = v.Assign(0, 0, 0)
	_ = a.Abandon()
}

func blank(u unassigned) error {
	_, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	return err
}

func onlyBorrowed(u unassigned) uint32 {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return 0
	}
	return helper.Look(a)
}

func madeElsewhere(u unassigned) error {
	a, err := helper.Begin(u, 1) // want `the handle that Begin returned is dropped`
	if err != nil {
		return err
	}
	return a.Op(0, 1)
}

func oneArm(u unassigned, keep bool) {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return
	}
	if keep {
		_ = a.Abandon()
	}
}

func wrongError(u unassigned) error {
	a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	if err != nil {
		return err
	}
	if _, err = fmt.Println(a.Index()); err != nil {
		return errors.New("lost")
	}
	_ = a.Abandon()
	return nil
}

func onlyRead(u unassigned) {
	a, _ := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	defer func() { println(a.Index()) }()
}

func intoLocalStruct(u unassigned) {
	var w worker
	w.a, _ = u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
	_ = w.a.Op(0, 1)
}

func inLiteralDropped(u unassigned, run func(func() error)) {
	run(func() error {
		a, err := u.Assign(0, 0, 0) // want `the handle that Assign returned is dropped`
		if err != nil {
			return err
		}
		return a.Op(0, 1)
	})
}

func ignoredFinish(a assigned) {
	a.Finish(0) // want `the result of a.Finish is ignored: the handle that it returns is lost`
}

func ignoredAbandon(a assigned) {
	a.Abandon() // want `the result of a.Abandon is ignored: the handle that it returns is lost`
}

func ignoredInDefer(a assigned) error {
	defer a.Abandon() // want `the result of a.Abandon is ignored`
	return a.Op(0, 1)
}

func ignoredInGo(a assigned) {
	go a.Finish(0) // want `the result of a.Finish is ignored`
}

func ignoredAssign(u unassigned) {
	u.Assign(0, 0, 0) // want `the result of u.Assign is ignored: the handle that it returns is lost`
}

func ignoredBuffers(u unassigned) {
	u.IntoAllocations() // want `the result of u.IntoAllocations is ignored`
}
