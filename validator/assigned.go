package validator

import (
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// errUsage is the first word of errors about how a validator is driven, as
// opposed to what it validates.
var errUsage = errors.New("validator used out of order")

// errNilInstr is the answer to an operator that is not there. The validator is as
// if it had not been asked.
var errNilInstr = errors.New("the operator is nil")

// checker returns the live checker of a, or the error that every method of a
// returns from now on.
func (a AssignedFuncValidator[R]) checker() (*checker, error) {
	if !a.token.Live() {
		return nil, a.Err()
	}
	c := &a.v.checker
	return c, c.err
}

// DefineLocals declares count locals of type t, as one group of the body's local
// declarations does, at the module offset. It comes before the first Op. The
// groups of a body are read by [module.FuncBody.Locals].
//
// Specification: 5.5.13 "Code Section", locals.
func (a AssignedFuncValidator[R]) DefineLocals(offset int, count uint32, t ops.ValType) error {
	c, err := a.checker()
	if err != nil {
		return err
	}
	if c.begun {
		return fmt.Errorf("%w: DefineLocals after Op", errUsage)
	}
	if c.err = c.gateLocal(offset, t); c.err != nil {
		return c.err
	}
	if err := c.defineLocals(offset, count, t); err != nil {
		c.err = err
	}
	return c.err
}

// Op validates one operator, whose first byte is at the module offset. After an
// error the validator only repeats it; Finish and Abandon give it back.
//
// The operator is read, never kept or changed. Which of its fields mean something
// says the row of op.Op in the operator table. An [ops.Decoder] of the bytes behind
// the locals yields the operators of a body, the final end included, with their
// offsets.
func (a AssignedFuncValidator[R]) Op(offset int, op *ops.Instr) error {
	return a.c.serve(offset, op, a.token.Generation())
}

// operator is Op for the operators that it does not serve at once, the first among
// them.
func (c *checker) operator(offset int, op *ops.Instr) error {
	if c.err != nil {
		return c.err
	}
	if op == nil {
		return errNilInstr
	}
	if c.quick == nil {
		c.begun = true
		c.see(c.features) // nobody asks what a single function needs
		c.quick = quickTableOf(c.fast)
	}
	if c.finished() {
		c.offset = offset
		c.err = c.plainError(Malformed, "section size mismatch: an operator follows the end of the function")
	} else if c.err = c.gate(offset, op); c.err == nil {
		c.err = c.apply(offset, op)
	}
	if c.err != nil {
		c.quick = nil
	}
	return c.err
}

// TryOp is [AssignedFuncValidator.Op] for a program that makes operators and wants
// to know which fit: when the operator is wrong, the error says why, and the
// validator is as if it had not been asked.
func (a AssignedFuncValidator[R]) TryOp(offset int, op *ops.Instr) error {
	c, err := a.checker()
	if err != nil {
		return err
	}
	if op == nil {
		return errNilInstr
	}
	if c.finished() {
		c.offset = offset
		return c.plainError(Malformed, "section size mismatch: an operator follows the end of the function")
	}
	if err := c.gate(offset, op); err != nil {
		return err
	}
	before := a.v.save()
	if err := c.apply(offset, op); err != nil {
		a.v.restore(before)
		return err
	}
	c.begun = true
	return nil
}

// moment is what an operator may change before its rule turns out to be broken,
// the operands apart, which [funcValidator.save] keeps in a buffer.
type moment struct {
	height, frames int
	top            state.Frame
}

// save notes the state before an operator that may be wrong. No operator takes
// more operands than the limits allow a list of types to have, so that no more of
// them need be kept.
func (v *funcValidator[R]) save() moment {
	c := &v.checker
	most := 64 + uint64(max(c.limits.Params, c.limits.Results, c.limits.StructFields, c.limits.ArrayOperands))
	n := int(min(most, uint64(len(c.operands))))
	v.saved = append(v.saved[:0], c.operands[len(c.operands)-n:]...)
	return moment{len(c.operands), len(c.frames), *c.top()}
}

// restore goes back to a moment that was saved.
func (v *funcValidator[R]) restore(m moment) {
	c := &v.checker
	c.operands = c.operands[:m.height]
	copy(c.operands[m.height-len(v.saved):], v.saved)
	c.segments.n = 0
	c.frames = c.frames[:m.frames]
	*c.top() = m.top
}

// Validate validates a whole body: its local declarations, its operators and the
// final end. It is used instead of DefineLocals and Op, and only Finish or
// Abandon come after it.
//
// Where the body breaks a rule and its rest is malformed, the error is about the
// latter: a module that does not decode is not invalid but malformed.
func (a AssignedFuncValidator[R]) Validate(body module.FuncBody) error {
	c, err := a.checker()
	if err != nil {
		return err
	}
	if c.begun || c.locals.Len() != uint32(len(c.types.Params(c.typeIdx))) {
		return fmt.Errorf("%w: Validate after DefineLocals or Op", errUsage)
	}
	c.begun = true
	c.start = body.Offset()
	if c.err = c.body(&body); c.err == nil {
		c.offset = body.Offset() + body.Size() // for Abandon: the hot loop does not say how far it has come
	} else {
		c.dec.Reset(nil, 0, noFeatures) // what is left of this body says nothing of the next
	}
	return c.err
}

// The questions that an engine asks between operators. Those with one answer
// give a zero value when a is spent, which Err tells; the others an error.

// Index returns the index of the function, imports counted.
func (a AssignedFuncValidator[R]) Index() uint32 {
	if !a.token.Live() {
		return 0
	}
	return a.v.checker.index
}

// Features returns the features that the validator was made with.
func (a AssignedFuncValidator[R]) Features() ops.Features {
	if !a.token.Live() {
		return 0
	}
	return a.v.features
}

// Resources returns the resources that the validator was made for.
func (a AssignedFuncValidator[R]) Resources() (r R) {
	if a.token.Live() {
		r = a.v.resources
	}
	return r
}

// NumLocals returns the number of locals declared so far, parameters included.
func (a AssignedFuncValidator[R]) NumLocals() uint32 {
	if !a.token.Live() {
		return 0
	}
	return a.v.checker.locals.Len()
}

// LocalType returns the type of the local at index i.
func (a AssignedFuncValidator[R]) LocalType(i uint32) (ops.ValType, error) {
	if !a.token.Live() {
		return ops.Bot, a.Err()
	}
	t, ok := a.v.checker.locals.Type(i)
	if !ok {
		return ops.Bot, fmt.Errorf("unknown local %d", i)
	}
	return t, nil
}

// OperandStackHeight returns the number of operands on the stack, those of the
// enclosing blocks included.
func (a AssignedFuncValidator[R]) OperandStackHeight() int {
	if !a.token.Live() {
		return 0
	}
	return len(a.v.checker.operands)
}

// OperandType returns the type of the operand at depth below the top of the
// stack; depth 0 is the top. On the polymorphic stack of unreachable code the
// operands below those of the block are of type [ops.Bot].
func (a AssignedFuncValidator[R]) OperandType(depth int) (ops.ValType, error) {
	if !a.token.Live() {
		return ops.Bot, a.Err()
	}
	c := &a.v.checker
	i := len(c.operands) - 1 - depth
	if depth < 0 || i < 0 && (c.finished() || !c.top().Unreachable) {
		return ops.Bot, fmt.Errorf("no operand at depth %d", depth)
	}
	if !c.finished() && c.top().Unreachable && i < int(c.top().Height) {
		return ops.Bot, nil
	}
	return c.operands[i], nil
}

// ControlStackHeight returns the number of blocks that are open, the function
// itself included; 0 after its final end.
func (a AssignedFuncValidator[R]) ControlStackHeight() int {
	if !a.token.Live() {
		return 0
	}
	return len(a.v.checker.frames)
}

// ControlFrame returns the open block at depth, as a branch counts: depth 0 is
// the innermost.
func (a AssignedFuncValidator[R]) ControlFrame(depth int) (state.Frame, error) {
	if !a.token.Live() {
		return state.Frame{}, a.Err()
	}
	frames := a.v.checker.frames
	if depth < 0 || depth >= len(frames) {
		return state.Frame{}, fmt.Errorf("no control frame at depth %d", depth)
	}
	return frames[len(frames)-1-depth], nil
}

// Reachable reports whether the next operator can be reached: whether the
// operand stack is not polymorphic.
func (a AssignedFuncValidator[R]) Reachable() bool {
	if !a.token.Live() {
		return false
	}
	c := &a.v.checker
	return !c.finished() && !c.top().Unreachable
}
