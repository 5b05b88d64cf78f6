package validator

import (
	"reflect"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// FuncToValidate is a function whose body has not been validated yet. It holds
// no buffers: it is paired with them when its turn comes, by [FuncToValidate.Assign]
// or [FuncToValidate.IntoValidator]. It is cheap to keep, to copy and to send to
// another goroutine, and it may be validated more than once.
type FuncToValidate[R Resources] struct {
	Resources R
	Features  ops.Features
	Index     uint32 // function index, imports counted
	TypeIdx   uint32 // index of its type
	Body      module.FuncBody

	// limits are those of the call that made f; nil means the defaults.
	limits *Limits
}

// Assign assigns u to the function. When u was made for other resources or other
// features it is made ready for those of f first; that costs as much as New for
// resources that are not a [*module.Module] or cannot be compared. It spends u
// unless it fails, as [UnassignedFuncValidator.Assign] does.
func (f FuncToValidate[R]) Assign(u UnassignedFuncValidator[R]) (AssignedFuncValidator[R], error) {
	if err := u.Err(); err != nil {
		return AssignedFuncValidator[R]{handle: u.handle}, err
	}
	u.v.retarget(f.Resources, f.Features, f.limits)
	return u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
}

// IntoValidator makes a validator from the buffers and assigns it to the
// function. The buffers belong to it until its IntoAllocations; nil means new ones.
// When they come from a validator for the same resources, this costs no more than
// Assign.
func (f FuncToValidate[R]) IntoValidator(a *state.Allocations) (AssignedFuncValidator[R], error) {
	u, ok := succeed[R](a)
	if !ok {
		u = NewWithAllocations(f.Resources, f.Features, a)
	}
	u.v.retarget(f.Resources, f.Features, f.limits)
	return u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
}

// retarget makes v validate for other resources, features and limits, and keeps
// its buffers. It does nothing when they are those it has.
func (v *funcValidator[R]) retarget(r R, f ops.Features, limits *Limits) {
	if limits == nil {
		limits = &defaultLimits
	}
	v.checker.limits = limits
	if v.features == f && sameResources(v.resources, r) {
		return
	}
	v.resources, v.features = r, f
	v.checker.retarget(declarations(r), f)
}

// sameResources reports whether a and b are known to be the same resources. Of
// pointers, which they mostly are, it is asked without allocating.
func sameResources[R Resources](a, b R) bool {
	if t := reflect.TypeOf(any(a)); t != nil && t.Kind() == reflect.Pointer {
		return any(a) == any(b)
	}
	return sameValues(a, b)
}

// sameValues is sameResources for any type, also one that cannot be compared.
func sameValues[R Resources](a, b R) bool {
	v := reflect.ValueOf(&a).Elem()
	return v.Comparable() && v.Equal(reflect.ValueOf(&b).Elem())
}
