package state

import "github.com/wasmstate/wasmstate/ops"

// FrameKind is the kind of construct that opened a control frame.
type FrameKind uint8

const (
	FrameFunc  FrameKind = iota // the function body itself, or a constant expression
	FrameBlock                  // block
	FrameLoop                   // loop
	FrameIf                     // if, before its else
	FrameElse                   // if, after its else
	FrameTryTable
	FrameTry      // legacy try, before its first catch
	FrameCatch    // legacy try, in a catch
	FrameCatchAll // legacy try, in its catch_all
)

// frameOps lists the operator that opens, or last divides, each kind of block.
var frameOps = [...]ops.Op{
	FrameBlock: ops.Block, FrameLoop: ops.Loop, FrameIf: ops.If, FrameElse: ops.Else,
	FrameTryTable: ops.TryTable, FrameTry: ops.Try, FrameCatch: ops.LegacyCatch, FrameCatchAll: ops.LegacyCatchAll,
}

// Op returns the operator that opened the block, or that last divided it: an
// else, a catch or a catch_all. It means nothing for [FrameFunc].
func (k FrameKind) Op() ops.Op { return frameOps[k] }

// String returns the name of the construct: that of its operator, or "func".
func (k FrameKind) String() string {
	if k == FrameFunc {
		return "func"
	}
	return k.Op().String()
}

// Frame is one entry of the control stack: a block that has been entered and
// not left. A million nested blocks are a million frames, so it is kept small.
//
// Specification: 7.5 "Validation Algorithm", ctrl_frame.
type Frame struct {
	// Block is the type of the block; for a function body the index of its type.
	Block ops.BlockType
	// Height is the number of operands below those of the block.
	Height uint32
	// Inits is the number of locals that had been initialised on entry.
	Inits uint32
	// Start is where the opening operator lies, in bytes from the start of the
	// function body.
	Start uint32
	Kind  FrameKind
	// Unreachable says that the rest of the block cannot be reached: its operand
	// stack is polymorphic.
	Unreachable bool
}
