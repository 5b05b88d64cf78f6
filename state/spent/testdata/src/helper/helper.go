// Package helper has functions over handles, without a directive of its own.
package helper

import (
	"fmt"

	"handles"
)

// Unassigned is a shorter name.
type Unassigned = handles.UnassignedFuncValidator[*handles.Module]

// Assigned is a shorter name.
type Assigned = handles.AssignedFuncValidator[*handles.Module]

// Done spends its argument.
func Done(a Assigned) Unassigned {
	u, err := a.Finish(0)
	if err != nil {
		fmt.Println(err)
	}
	return u
}

// Begin spends its argument unless it fails.
func Begin(u Unassigned, index uint32) (Assigned, error) {
	a, err := u.Assign(index, 0, 0)
	if err != nil {
		return Assigned{}, fmt.Errorf("function %d: %w", index, err)
	}
	return a, nil
}

// Retire spends its argument, whatever its type argument.
func Retire[R handles.Resources](u handles.UnassignedFuncValidator[R]) { _ = u.IntoAllocations() }

// Deep spends its argument through another function.
func Deep(a Assigned) Unassigned { return Done(a) }

// Look only looks.
func Look(a Assigned) uint32 { return a.Index() }

// MaybeDone spends its argument on a condition.
func MaybeDone(a Assigned, really bool) bool {
	if really {
		_ = a.Abandon()
	}
	return really
}

// Worker keeps its validator in a field.
type Worker struct {
	U Unassigned
	A Assigned
}

// Close spends what is in the field.
func (w *Worker) Close() { _ = w.U.IntoAllocations() }

// Reset makes a new one.
func (w *Worker) Reset(m *handles.Module) { w.U = handles.New(m) }

// Run spends the field and fills it again.
func (w *Worker) Run(body handles.Body) error {
	a, err := w.U.Assign(0, 0, 0)
	if err != nil {
		return err
	}
	if err := a.Validate(body); err != nil {
		w.U = a.Abandon()
		return err
	}
	w.U, err = a.Finish(len(body))
	return err
}

// Idle is kept for later.
var Idle Unassigned
