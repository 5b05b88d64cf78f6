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
	Resources R               // the declarations of its module
	Features  ops.Features    // what the body may use
	Index     uint32          // function index, imports counted
	TypeIdx   uint32          // index of its type
	Body      module.FuncBody // for Validate

	// limits are those of the call that made f; nil means the defaults.
	limits *Limits
}

// Assign assigns u to the function. When u was made for other resources or other
// features it is made ready for those of f first; that costs as much as New for
// resources that are not a [*module.Module] or cannot be compared. It spends u
// unless it fails, as [UnassignedFuncValidator.Assign] does.
//
//spent:param u
//spent:unless-error
//spent:must
func (f FuncToValidate[R]) Assign(u UnassignedFuncValidator[R]) (AssignedFuncValidator[R], error) {
	if err := u.Err(); err != nil {
		return AssignedFuncValidator[R]{handle: u.handle}, err
	}
	u.v.retarget(f.Resources, f.Features, f.limits)
	return u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
}

// IntoValidator makes a validator from the buffers and assigns it to the
// function. The buffers belong to it until its IntoAllocations, or remain the
// caller's when it fails; nil means new ones. When they come from a validator for
// the same resources, this costs no more than Assign.
//
//spent:param a
//spent:unless-error
//spent:must
func (f FuncToValidate[R]) IntoValidator(a *state.Allocations) (AssignedFuncValidator[R], error) {
	if v := heir[R](a); v != nil {
		v.retarget(f.Resources, f.Features, f.limits) // which may panic, so it comes first
	}
	u, ok := succeed[R](a)
	if !ok {
		u = NewWithAllocations(f.Resources, f.Features, a)
		if err := u.Err(); err != nil {
			return AssignedFuncValidator[R]{handle: u.handle}, err
		}
		if f.limits != nil {
			u.v.checker.limits = f.limits
		}
	}
	assigned, err := u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
	if err != nil {
		_ = u.IntoAllocations() // they are the caller's again
	}
	return assigned, err
}

// retarget makes v validate for other resources, features and limits, and keeps
// its buffers. It does nothing when they are those it has.
func (v *funcValidator[R]) retarget(r R, f ops.Features, limits *Limits) {
	if limits == nil {
		limits = &defaultLimits
	}
	v.checker.limits = limits
	if v.features == f && v.comparable && any(v.resources) == any(r) {
		return
	}
	v.use(r, f, declarations(r))
}

// use makes v validate for the resources, whose declarations are d.
func (v *funcValidator[R]) use(r R, f ops.Features, d *module.Decls) {
	v.resources, v.features = r, f
	v.comparable = comparableValue(r)
	v.checker.retarget(d, f, v.packedCalls(d))
}

// comparableValue reports whether r can be compared. Resources that cannot are
// taken for others every time. Pointers, which resources mostly are, are asked
// without allocating.
func comparableValue[R Resources](r R) bool {
	t := reflect.TypeOf(any(r))
	return t != nil && (t.Kind() == reflect.Pointer || reflect.ValueOf(any(r)).Comparable())
}
