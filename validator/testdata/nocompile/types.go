package nocompile

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

// mine are resources of a user's own.
type mine struct{ *module.Module }

// Convert one state into the other
func convert(u validator.UnassignedFuncValidator[*module.Module], a validator.AssignedFuncValidator[*module.Module]) {
	_ = validator.AssignedFuncValidator[*module.Module](u)   // want "cannot convert u (variable of struct type validator.UnassignedFuncValidator[*module.Module]) to type validator.AssignedFuncValidator[*module.Module]"
	_ = validator.UnassignedFuncValidator[*module.Module](a) // want "cannot convert a (variable of struct type validator.AssignedFuncValidator[*module.Module]) to type validator.UnassignedFuncValidator[*module.Module]"
}

// Assign one state to a variable of the other
func assign(u validator.UnassignedFuncValidator[*module.Module], a validator.AssignedFuncValidator[*module.Module]) {
	u = a // want "cannot use a (variable of struct type validator.AssignedFuncValidator[*module.Module]) as validator.UnassignedFuncValidator[*module.Module] value in assignment"
	a = u // want "cannot use u (variable of struct type validator.UnassignedFuncValidator[*module.Module]) as validator.AssignedFuncValidator[*module.Module] value in assignment"
}

// Compare the two states
func compare(u validator.UnassignedFuncValidator[*module.Module], a validator.AssignedFuncValidator[*module.Module]) bool {
	return u == a // want "invalid operation: u == a (mismatched types validator.UnassignedFuncValidator[*module.Module] and validator.AssignedFuncValidator[*module.Module])"
}

// Put back a validator that is at work
func putAssigned(p *validator.Pool[*module.Module], a validator.AssignedFuncValidator[*module.Module]) error {
	return p.Put(a) // want "cannot use a (variable of struct type validator.AssignedFuncValidator[*module.Module]) as validator.UnassignedFuncValidator[*module.Module] value in argument to p.Put"
}

// Pair a function with a validator that is at work
func pairAssigned(f validator.FuncToValidate[*module.Module], a validator.AssignedFuncValidator[*module.Module]) {
	_, _ = f.Assign(a) // want "cannot use a (variable of struct type validator.AssignedFuncValidator[*module.Module]) as validator.UnassignedFuncValidator[*module.Module] value in argument to f.Assign"
}

// Pair a function with a validator for another type of resources
func pairOther(f validator.FuncToValidate[*module.Module], u validator.UnassignedFuncValidator[mine]) {
	_, _ = f.Assign(u) // want "cannot use u (variable of struct type validator.UnassignedFuncValidator[mine]) as validator.UnassignedFuncValidator[*module.Module] value in argument to f.Assign"
}

// Use a validator for another type of resources
func assignOther(u validator.UnassignedFuncValidator[*module.Module], v validator.UnassignedFuncValidator[mine]) {
	u = v                                                    // want "cannot use v (variable of struct type validator.UnassignedFuncValidator[mine]) as validator.UnassignedFuncValidator[*module.Module] value in assignment"
	_ = validator.UnassignedFuncValidator[*module.Module](v) // want "cannot convert v (variable of struct type validator.UnassignedFuncValidator[mine]) to type validator.UnassignedFuncValidator[*module.Module]"
	_ = u == v                                               // want "invalid operation: u == v (mismatched types validator.UnassignedFuncValidator[*module.Module] and validator.UnassignedFuncValidator[mine])"
}

// Put a validator into a pool for another type of resources
func putOther(p *validator.Pool[mine], u validator.UnassignedFuncValidator[*module.Module]) error {
	return p.Put(u) // want "cannot use u (variable of struct type validator.UnassignedFuncValidator[*module.Module]) as validator.UnassignedFuncValidator[mine] value in argument to p.Put"
}

// Make a pool for the resources of another
func poolOther(m *module.Module) *validator.Pool[mine] {
	return validator.NewPool(m, ops.Default) // want "cannot use validator.NewPool(m, ops.Default) (value of type *validator.Pool[*module.Module]) as *validator.Pool[mine] value in return statement"
}

// Give a function the resources of another type
func functionOther(f validator.FuncToValidate[*module.Module], m mine) {
	f.Resources = m // want "cannot use m (variable of struct type mine) as *module.Module value in assignment"
}

// Make a validator for what are no resources
func noResources() {
	_ = validator.New("a.wasm", ops.Default) // want "string does not satisfy validator.Resources (missing method DataCount)"
}

// Forge a handle, or take one apart
func forge(u validator.UnassignedFuncValidator[*module.Module], t state.Token) {
	_ = u.handle                                                       // want "u.handle undefined (cannot refer to unexported field handle)"
	_ = u.token                                                        // want "u.token undefined (cannot refer to unexported field token)"
	_ = u.v                                                            // want "u.v undefined (cannot refer to unexported field v)"
	_ = validator.UnassignedFuncValidator[*module.Module]{handle: t}   // want "cannot refer to unexported field handle in struct literal of type validator.UnassignedFuncValidator[*module.Module]"
	_ = validator.AssignedFuncValidator[*module.Module]{struct{}{}, t} // want "implicit assignment to unexported field _ in struct literal of type validator.AssignedFuncValidator[*module.Module]" // want "implicit assignment to unexported field handle in struct literal of type validator.AssignedFuncValidator[*module.Module]"
}

// Put what is not a validator
func putNothing(p *validator.Pool[*module.Module], a *state.Allocations) {
	_ = p.Put(nil)                                        // want "cannot use nil as validator.UnassignedFuncValidator[*module.Module] value in argument to p.Put"
	_ = p.Put(a)                                          // want "cannot use a (variable of type *state.Allocations) as validator.UnassignedFuncValidator[*module.Module] value in argument to p.Put"
	_ = validator.NewWithAllocations(mine{}, ops.MVP, *a) // want "cannot use *a (variable of struct type state.Allocations) as *state.Allocations value in argument to validator.NewWithAllocations"
}
