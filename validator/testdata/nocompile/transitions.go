// Package nocompile is programs that must not compile. What the compiler says
// stands at the line, after want.
package nocompile

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Assign to a validator that has a function already
func assignAssigned(a validator.AssignedFuncValidator[*module.Module]) {
	_, _ = a.Assign(1, 0, 0) // want "a.Assign undefined (type validator.AssignedFuncValidator[*module.Module] has no field or method Assign)"
}

// Take the buffers out of a validator that is at work
func buffersOfAssigned(a validator.AssignedFuncValidator[*module.Module]) {
	_ = a.IntoAllocations() // want "a.IntoAllocations undefined (type validator.AssignedFuncValidator[*module.Module] has no field or method IntoAllocations)"
}

// Validate a body without a function
func validateUnassigned(u validator.UnassignedFuncValidator[*module.Module], f validator.FuncToValidate[*module.Module]) error {
	return u.Validate(f.Body) // want "u.Validate undefined (type validator.UnassignedFuncValidator[*module.Module] has no field or method Validate)"
}

// Validate an operator without a function
func opUnassigned(u validator.UnassignedFuncValidator[*module.Module]) error {
	return u.Op(0, &ops.Instr{Op: ops.Nop}) // want "u.Op undefined (type validator.UnassignedFuncValidator[*module.Module] has no field or method Op)"
}

// Finish what was not begun
func finishUnassigned(u validator.UnassignedFuncValidator[*module.Module]) {
	_, _ = u.Finish(0) // want "u.Finish undefined (type validator.UnassignedFuncValidator[*module.Module] has no field or method Finish)"
	_ = u.Abandon()    // want "u.Abandon undefined (type validator.UnassignedFuncValidator[*module.Module] has no field or method Abandon)"
}

// Go on with the assigned form after Finish
func finishIntoItself(a validator.AssignedFuncValidator[*module.Module]) (err error) {
	a, err = a.Finish(0) // want "cannot use a.Finish(0) (value of struct type validator.UnassignedFuncValidator[*module.Module]) as validator.AssignedFuncValidator[*module.Module] value in assignment"
	return err
}

// Go on with the unassigned form after Assign
func assignIntoItself(u validator.UnassignedFuncValidator[*module.Module], f validator.FuncToValidate[*module.Module]) (err error) {
	u, err = f.Assign(u) // want "cannot use f.Assign(u) (value of struct type validator.AssignedFuncValidator[*module.Module]) as validator.UnassignedFuncValidator[*module.Module] value in assignment"
	return err
}

// Leave out the error of Finish
func finishWithoutError(a validator.AssignedFuncValidator[*module.Module]) validator.UnassignedFuncValidator[*module.Module] {
	u := a.Finish(0) // want "assignment mismatch: 1 variable but a.Finish returns 2 values"
	return u
}

// Not use the validator that Finish gave back
func finishUnused(a validator.AssignedFuncValidator[*module.Module]) error {
	next, err := a.Finish(0) // want "declared and not used: next"
	return err
}

// Not use the validator that Assign gave
func assignUnused(u validator.UnassignedFuncValidator[*module.Module]) error {
	work, err := u.Assign(0, 0, 0) // want "declared and not used: work"
	return err
}
