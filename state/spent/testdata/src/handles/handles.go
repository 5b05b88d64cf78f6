// Package handles has the shape of a library with two typestates: a validator
// that is assigned to one function after another.
package handles

import "errors"

// ErrSpent is returned by the methods of a spent handle.
var ErrSpent = errors.New("spent")

// Resources is what a function may ask of its module.
type Resources interface{ NumFuncs() uint32 }

// Module is one.
type Module struct{ funcs uint32 }

func (m *Module) NumFuncs() uint32 { return m.funcs }

// Allocations are buffers.
type Allocations struct{ stack []byte }

// Body is a function body.
type Body []byte

// UnassignedFuncValidator waits for a function.
type UnassignedFuncValidator[R Resources] struct {
	resources R
	allocs    *Allocations
	token     uint64
}

// AssignedFuncValidator validates one function.
//
//spent:linear
type AssignedFuncValidator[R Resources] struct {
	resources R
	allocs    *Allocations
	token     uint64
}

// New makes a validator.
func New[R Resources](resources R) UnassignedFuncValidator[R] {
	return UnassignedFuncValidator[R]{resources: resources, allocs: new(Allocations)}
}

// NewWithAllocations makes a validator that takes over the buffers.
//
//spent:param a
func NewWithAllocations[R Resources](resources R, a *Allocations) UnassignedFuncValidator[R] {
	return UnassignedFuncValidator[R]{resources: resources, allocs: a}
}

// Assign begins a function.
//
//spent:receiver
//spent:unless-error
//spent:must
func (u UnassignedFuncValidator[R]) Assign(index, typeIdx uint32, offset int) (AssignedFuncValidator[R], error) {
	if index >= u.resources.NumFuncs() {
		return AssignedFuncValidator[R]{}, errors.New("unknown function")
	}
	return AssignedFuncValidator[R]{u.resources, u.allocs, u.token + 1}, nil
}

// IntoAllocations gives the buffers back.
//
//spent:receiver
//spent:must
func (u UnassignedFuncValidator[R]) IntoAllocations() *Allocations { return u.allocs }

// Resources may be asked at any time.
//
//spent:safe
func (u UnassignedFuncValidator[R]) Resources() R { return u.resources }

// DefineLocals declares locals.
func (a AssignedFuncValidator[R]) DefineLocals(offset int, count uint32) error { return nil }

// Op validates one operator.
func (a AssignedFuncValidator[R]) Op(offset int, op byte) error { return nil }

// Validate validates a body.
func (a AssignedFuncValidator[R]) Validate(body Body) error { return nil }

// Index is the index of the function.
func (a AssignedFuncValidator[R]) Index() uint32 { return 0 }

// Reachable reports whether the next operator is reachable.
func (a AssignedFuncValidator[R]) Reachable() bool { return true }

// Finish ends a function.
//
//spent:receiver
//spent:must
func (a AssignedFuncValidator[R]) Finish(offset int) (UnassignedFuncValidator[R], error) {
	return UnassignedFuncValidator[R]{a.resources, a.allocs, a.token + 1}, nil
}

// Abandon gives up a function.
//
//spent:receiver
//spent:must
func (a AssignedFuncValidator[R]) Abandon() UnassignedFuncValidator[R] {
	return UnassignedFuncValidator[R]{a.resources, a.allocs, a.token + 1}
}

// FuncToValidate is a function that waits for a validator.
type FuncToValidate[R Resources] struct {
	Resources R
	Index     uint32
	Body      Body
}

// Assign begins the function with a waiting validator.
//
//spent:param u
//spent:unless-error
//spent:must
func (f FuncToValidate[R]) Assign(u UnassignedFuncValidator[R]) (AssignedFuncValidator[R], error) {
	return u.Assign(f.Index, 0, 0)
}

// IntoValidator begins the function with buffers.
//
//spent:param a
//spent:unless-error
//spent:must
func (f FuncToValidate[R]) IntoValidator(a *Allocations) (AssignedFuncValidator[R], error) {
	return NewWithAllocations(f.Resources, a).Assign(f.Index, 0, 0)
}

// Pool holds waiting validators.
type Pool[R Resources] struct {
	resources R
	free      []UnassignedFuncValidator[R]
}

// Get takes one out.
//
//spent:must
func (p *Pool[R]) Get() UnassignedFuncValidator[R] {
	if n := len(p.free); n > 0 {
		u := p.free[n-1]
		p.free = p.free[:n-1]
		return u
	}
	return New(p.resources)
}

// Put gives one back.
//
//spent:param u
func (p *Pool[R]) Put(u UnassignedFuncValidator[R]) { p.free = append(p.free, u) }

// Finisher is anything that can be finished.
type Finisher[R Resources] interface {
	//spent:receiver
	//spent:must
	Finish(offset int) (UnassignedFuncValidator[R], error)
	Index() uint32
}
