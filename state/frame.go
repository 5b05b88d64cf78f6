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

var frameNames = [...]string{"func", "block", "loop", "if", "else", "try_table", "try", "catch", "catch_all"}

// String returns the name of the construct.
func (k FrameKind) String() string {
	if int(k) < len(frameNames) {
		return frameNames[k]
	}
	return "unknown"
}

// Frame is one entry of the control stack: a block that has been entered and
// not left. A million nested blocks are a million frames, so it is kept small.
//
// Specification: appendix A.3 "Validation Algorithm", ctrl_frame.
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
