package state

import "github.com/wasmstate/wasmstate/ops"

// Allocations are the buffers that validating a function needs: the operand
// stack, the control stack, the locals, and the operator being decoded. They
// are made to be used for one function after another, of any module, so that
// validating a function allocates nothing once they are warm.
//
// The zero value is ready. The contents mean nothing between functions.
// Allocations must not be used by two validators at the same time.
type Allocations struct {
	// Operands is the operand stack, the top last.
	Operands []ops.ValType
	// Frames is the control stack, the innermost block last.
	Frames []Frame
	Locals Locals
	Instr  ops.Instr

	// Owner is what the validator that gave the buffers back has left with them
	// for its successor, so that making that one allocates nothing either. It
	// keeps the resources of the former alive; nil is always right.
	Owner any
}

// A function that needs far more than others leaves large buffers behind. Trim gives
// what is larger than these back to the garbage collector: about 2.9 MB in all stays.
const (
	keepOperands = 1 << 16 // 256 KiB
	keepFrames   = 1 << 14 // 384 KiB
	keepLocals   = 1 << 14 // groups and initialisations, 64 KiB to 128 KiB each
	keepList     = 1 << 16 // branch targets and types, 256 KiB each; clauses, 768 KiB each
)

// Trim lets go of the buffers that one unusual function has blown up, and keeps
// the rest. A validator calls it between functions, but not after each: the next may
// be unusual in the same way.
func (a *Allocations) Trim() {
	a.Operands = trim(a.Operands, keepOperands)
	a.Frames = trim(a.Frames, keepFrames)
	a.Locals.groups = trim(a.Locals.groups, keepLocals)
	a.Locals.inits = trim(a.Locals.inits, keepLocals)
	a.Locals.beyond = trim(a.Locals.beyond, keepLocals)
	a.Instr.Labels = trim(a.Instr.Labels, keepList)
	a.Instr.Types = trim(a.Instr.Types, keepList)
	a.Instr.Catches = trim(a.Instr.Catches, keepList)
	a.Instr.Handlers = trim(a.Instr.Handlers, keepList)
}

// trim returns s emptied, or nil when its capacity is above keep elements.
func trim[T any](s []T, keep int) []T {
	if cap(s) > keep {
		return nil
	}
	return s[:0]
}
