package wrong

import (
	"errors"

	"handles"
	"helper"
)

func check() error { return errors.New("no") }

func oneBranch(u unassigned, quick bool) {
	if quick {
		helper.Retire(u)
	}
	_ = u.IntoAllocations() // want `u was spent by Retire`
}

func switchThenUse(a assigned, mode int) {
	switch mode {
	case 1:
		_, _ = a.Finish(0)
	case 2:
		_ = a.Abandon()
	default:
	}
	_ = a.Abandon() // want `a was spent by Finish`
}

func forgottenReturn(a assigned, body handles.Body) (unassigned, error) {
	if err := a.Validate(body); err != nil {
		_ = a.Abandon()
	}
	return a.Finish(0) // want `a was spent by Abandon`
}

func errorInBetween(a assigned, quick bool) error {
	if quick {
		_ = a.Abandon()
	}
	if err := check(); err != nil {
		return err
	}
	_ = a.Abandon() // want `a was spent by Abandon`
	return nil
}

func successBranch(u unassigned) {
	if a, err := u.Assign(0, 0, 0); err == nil {
		_ = a.Abandon()
		_ = u.IntoAllocations() // want `u was spent by Assign`
	}
}

func sameCondition(a assigned, quick bool) {
	if quick {
		_ = a.Abandon()
	}
	println("in between")
	if quick {
		_, _ = a.Finish(0) // want `a was spent by Abandon`
	} else {
		_ = a.Abandon()
	}
}

func flag(u unassigned, quick bool) {
	done := false
	if quick {
		helper.Retire(u)
		done = true
	}
	if done {
		_ = u.IntoAllocations() // want `u was spent by Retire`
	}
}

func loopWithoutRefresh(u unassigned, bodies []handles.Body) error {
	for i, body := range bodies {
		a, err := u.Assign(uint32(i), 0, 0) // want `u was spent by Assign at flow.go:\d+, in an earlier iteration; use the handle that Assign returned`
		if err != nil {
			return err
		}
		err = a.Validate(body)
		_ = a.Abandon()
		if err != nil {
			return err
		}
	}
	return nil
}

func refreshForgottenOnError(u unassigned, fs []function) unassigned {
	for _, f := range fs {
		a, err := f.Assign(u) // want `u was spent by Assign`
		if err != nil {
			continue
		}
		if err := a.Validate(f.Body); err != nil {
			_ = a.Abandon()
			continue
		}
		u, _ = a.Finish(0)
	}
	return u // want `u was spent by Assign`
}

func refreshForgottenBehindSkip(u unassigned, fs []function, skip func(function) bool) error {
	for _, f := range fs {
		if skip(f) {
			continue
		}
		a, err := f.Assign(u) // want `u was spent by Assign`
		if err != nil {
			return err
		}
		if err := a.Validate(f.Body); err != nil {
			_ = a.Abandon()
			continue
		}
		u, err = a.Finish(0)
		if err != nil {
			return err
		}
	}
	return nil
}

func conditionalInLoop(u unassigned, fs []function, want uint32) {
	for _, f := range fs {
		if f.Index == want {
			a, err := f.Assign(u) // want `u was spent by Assign`
			if err == nil {
				_ = a.Abandon()
			}
		}
	}
}

func afterTheLoop(u unassigned, n int) {
	for i := 0; i < n; i++ {
		helper.Retire(u) // want `u was spent by Retire`
	}
	_ = u.IntoAllocations() // want `u was spent by Retire`
}

func finishInLoop(a assigned, ops []byte) {
	for i, op := range ops {
		_ = a.Op(i, op) // want `a was spent by Finish`
		_, _ = a.Finish(i)
	}
}

func shadowed(u unassigned, fs []function) error {
	for _, f := range fs {
		a, err := f.Assign(u) // want `u was spent by Assign`
		if err != nil {
			return err
		}
		if err := a.Validate(f.Body); err != nil {
			return errors.Join(err, errors.New(string(rune(a.Abandon().Resources().NumFuncs()))))
		}
		u, err := a.Finish(0)
		if err != nil {
			return err
		}
		_ = u
	}
	return nil
}

func labelled(u unassigned, rows [][]function) {
rows:
	for _, row := range rows {
		for _, f := range row {
			a, err := f.Assign(u) // want `u was spent by Assign`
			if err != nil {
				continue rows
			}
			_ = a.Abandon()
			continue rows
		}
	}
}

func gotoBack(a assigned, again func() bool) {
retry:
	_, err := a.Finish(0) // want `a was spent by Finish`
	if err != nil {
		goto retry
	}
}
