package validator

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// The two typestates of a function validator. A validator is made once and
// assigned to one function after another:
//
//	UnassignedFuncValidator --Assign--> AssignedFuncValidator
//	AssignedFuncValidator --Finish or Abandon--> UnassignedFuncValidator
//
// The compiler refuses any other order, because neither type has the methods of
// the other. What it cannot see is a copy of a value that a transition has spent;
// every method of such a copy reports [state.ErrSpent].

// UnassignedFuncValidator is a function validator that waits for a function. It
// owns the buffers; it cannot validate. Its zero value is spent.
//
// A validator, in whichever of its two states, belongs to one goroutine at a
// time; it may be handed from one to another. Copies that are spent may be used
// from any goroutine, and get their error.
type UnassignedFuncValidator[R Resources] struct {
	_ unassigned
	handle[R]
}

// AssignedFuncValidator is a function validator that has been assigned to one
// function and validates it, either as a whole with [AssignedFuncValidator.Validate]
// or one operator at a time with [AssignedFuncValidator.DefineLocals] and
// [AssignedFuncValidator.Op]. It ends with Finish or Abandon. Its zero value is
// spent.
//
//spent:linear
type AssignedFuncValidator[R Resources] struct {
	_ assigned
	handle[R]
}

// The marks keep the compiler from converting one typestate into the other, as
// it would if they were structures of the same fields.
type (
	unassigned struct{}
	assigned   struct{}
)

// handle is what both typestates consist of: the validator, and the token that
// says whether this value may still use it.
type handle[R Resources] struct {
	token state.Token
	v     *funcValidator[R]
	// c is the checker of v, nil in the zero value. That of v can be had only once it is
	// known that there is a v; c is passed on as it is, so that Op is nothing but a call,
	// which takes 4 % less time operator by operator.
	c *checker
}

// newHandle returns the handle of v that the token makes usable.
func newHandle[R Resources](token state.Token, v *funcValidator[R]) handle[R] {
	return handle[R]{token, v, &v.checker}
}

// funcValidator is what all the handles of one validator share.
type funcValidator[R Resources] struct {
	checker   checker
	resources R
	features  ops.Features
	idle      state.Token   // the live token while nobody holds a handle
	saved     []ops.ValType // operands before an operator that is tried
	calls     []packedCall  // what packedCalls has made for this validator
	// comparable says that the resources can be compared with others.
	comparable bool
}

// The transitions that spend a handle.
const (
	byAssign state.Transition = iota
	byFinish
	byAbandon
	byIntoAllocations
	byPut
	byBuffers
)

var transitions = []string{
	byAssign: "Assign", byFinish: "Finish", byAbandon: "Abandon", byIntoAllocations: "IntoAllocations", byPut: "Put",
	byBuffers: "the validator that has the buffers",
}

// taken is the owner of buffers while a validator has them.
type taken struct{}

// New returns a function validator for the bodies of one module, with buffers of
// its own. The features decide what the bodies may use. Resources other than a
// [*module.Module] are read here, completely and once. Resources that are nil
// declare nothing, so that no function can be assigned before
// [FuncToValidate.Assign] or [Pool.Retarget] gives others.
func New[R Resources](resources R, features ops.Features) UnassignedFuncValidator[R] {
	return NewWithAllocations(resources, features, nil)
}

// NewWithAllocations is [New] with buffers that an earlier validator has left
// behind, of whatever module and whatever type of resources. The validator owns
// them until [UnassignedFuncValidator.IntoAllocations] gives them back; nil means
// new ones. When another validator has them, the one that comes back is spent.
//
//spent:param a
func NewWithAllocations[R Resources](resources R, features ops.Features, a *state.Allocations) UnassignedFuncValidator[R] {
	if a != nil && a.Owner == any(taken{}) {
		return refused[R]()
	}
	d := declarations(resources) // which may panic, and then the buffers are still there
	if u, ok := succeed[R](a); ok {
		u.v.checker.limits = &defaultLimits
		u.v.use(resources, features, d)
		return u
	}
	v := newFuncValidator(resources, features, d, a)
	return UnassignedFuncValidator[R]{handle: newHandle(v.checker.cell.Init(transitions), v)}
}

// heir returns the validator that was left with the buffers, if it is one for resources
// of the type.
func heir[R Resources](a *state.Allocations) *funcValidator[R] {
	if a == nil {
		return nil
	}
	v, _ := a.Owner.(*funcValidator[R])
	return v
}

// succeed returns the validator that was left with the buffers, as it was: one
// for resources of the same type. ok is false when there is none.
func succeed[R Resources](a *state.Allocations) (u UnassignedFuncValidator[R], ok bool) {
	v := heir[R](a)
	if v == nil {
		return u, false
	}
	a.Owner = taken{}
	v.checker.adopt(a)
	return UnassignedFuncValidator[R]{handle: newHandle(v.idle, v)}, true
}

// newFuncValidator makes a validator for the resources, whose declarations are d, with
// the buffers a or, when a is nil, new ones. Its cell is not initialised.
func newFuncValidator[R Resources](resources R, features ops.Features, d *module.Decls, a *state.Allocations) *funcValidator[R] {
	if a == nil {
		a = new(state.Allocations)
	}
	v := new(funcValidator[R])
	v.checker.limits = &defaultLimits
	v.use(resources, features, d)
	a.Owner = taken{}
	v.checker.adopt(a)
	return v
}

// refused returns the handle for buffers that another validator has: a spent one,
// that says so.
func refused[R Resources]() UnassignedFuncValidator[R] {
	v := new(funcValidator[R])
	token := v.checker.cell.Init(transitions)
	_, _ = token.Spend(byBuffers)
	return UnassignedFuncValidator[R]{handle: newHandle(token, v)} //spent:ignore it is to be spent
}

// Err returns nil while h is usable, and otherwise the error that every method
// reports: a [*state.SpentError], which wraps [state.ErrSpent] and says which
// transition has spent h. It takes constant time and is safe for concurrent use.
//
//spent:safe
func (h handle[R]) Err() error { return h.token.Err() }

// Assign assigns the validator to the function at index (imports counted), whose
// type is at typeIdx and whose body starts at the module offset. It spends u
// unless it fails: typeIdx must be the index of a function type.
//
// It takes constant time but for the number of parameters.
//
//spent:receiver
//spent:unless-error
//spent:must
func (u UnassignedFuncValidator[R]) Assign(index, typeIdx uint32, offset int) (AssignedFuncValidator[R], error) {
	if err := u.Err(); err != nil {
		return AssignedFuncValidator[R]{handle: u.handle}, err
	}
	c := &u.v.checker
	if int64(typeIdx) >= int64(c.types.Len()) || c.types.Kind(typeIdx) != module.Func {
		why := "there is no such function type"
		if isNil(u.v.resources) {
			why = "the validator's resources are nil"
		}
		return AssignedFuncValidator[R]{}, &Error{
			Kind: Invalid, Offset: offset, Func: int(index),
			Message: fmt.Sprintf("unknown type %d: %s", typeIdx, why),
		}
	}
	token, err := u.token.Spend(byAssign)
	if err != nil {
		return AssignedFuncValidator[R]{handle: u.handle}, err
	}
	c.enterFunc(index, typeIdx, offset)
	return AssignedFuncValidator[R]{handle: newHandle(token, u.v)}, nil
}

// IntoAllocations takes the buffers out of the validator, for another one. It
// spends u, and with it the validator. The buffers keep its resources alive until
// they are used again or let go of, so that the next validator for the same
// resources need not read them again. It returns nil when u was spent already.
//
//spent:receiver
//spent:must
func (u UnassignedFuncValidator[R]) IntoAllocations() *state.Allocations {
	token, err := u.token.Spend(byIntoAllocations)
	if err != nil {
		return nil
	}
	c := &u.v.checker
	a := c.alloc
	c.alloc, c.locals, c.operands, c.frames = nil, nil, nil, nil
	u.v.idle, a.Owner = token, u.v
	return a
}

// Finish ends the validation of the function. The body must have been validated
// to its final end; offset is where it ends, in bytes from the start of the
// module, for the error if it has not. The error is that one, or the first that
// a method has returned for this function. The unassigned form comes back in any
// case.
//
//spent:receiver
//spent:must
func (a AssignedFuncValidator[R]) Finish(offset int) (UnassignedFuncValidator[R], error) {
	token, err := a.token.Spend(byFinish)
	if err != nil {
		return UnassignedFuncValidator[R]{handle: a.handle}, err
	}
	c := &a.v.checker
	err = c.err
	if err == nil && !c.finished() {
		c.offset = offset
		err = c.plainError(Malformed, "unexpected end of section or function: %s open", quantity(len(c.frames), "block"))
	}
	c.leave(offset - c.start)
	return UnassignedFuncValidator[R]{handle: newHandle(token, a.v)}, err
}

// Abandon ends the work on the function without an answer: after an error, or
// because it is no longer wanted. When a was spent already, so is the value that
// comes back.
//
//spent:receiver
//spent:must
func (a AssignedFuncValidator[R]) Abandon() UnassignedFuncValidator[R] {
	token, err := a.token.Spend(byAbandon)
	if err != nil {
		return UnassignedFuncValidator[R]{handle: a.handle}
	}
	c := &a.v.checker
	c.leave(c.offset - c.start)
	return UnassignedFuncValidator[R]{handle: newHandle(token, a.v)}
}

// trimEvery is after how many bytes of code the buffers are trimmed. A hostile module
// needs a stack of a million operands in each of its functions, of 2 kB, again and
// again: making it anew each time would take 100 times as long as the rest.
const trimEvery = 256 << 10

// leave ends the work on a function of so many bytes and makes its buffers those of
// the next. Fewer bytes than there were keep large buffers for longer: of a function
// that is abandoned between operators, those since the last that the rules have seen
// do not count.
func (c *checker) leave(size int) {
	if c.untrimmed += min(max(size, 1), trimEvery); c.untrimmed >= trimEvery {
		c.untrimmed = 0
		c.release()
		return
	}
	c.alloc.Operands, c.alloc.Frames = c.operands[:0], c.frames[:0]
}
