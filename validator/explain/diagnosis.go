package explain

import "github.com/wasmstate/wasmstate/validator"

// Diagnosis is what is known about an error. It is a value without references to
// the module; which parts are there depends on the error. Its JSON encoding has
// the names in the tags, and its offsets are bytes from the start of the module.
type Diagnosis struct {
	Kind    validator.Kind `json:"kind"`    // as the error says
	Message string         `json:"message"` // as the error says, cut short if it is very long
	Offset  int            `json:"offset"`  // of the operator or field at fault

	// Section is the section that contains the offset.
	Section *Section `json:"section,omitempty"`
	// Item is the import, export, global, segment, … at fault within its section.
	Item *Item `json:"item,omitempty"`
	// Func is the function at fault, nil outside a function body.
	Func *Func `json:"func,omitempty"`

	// Op is the operator at fault, in a function body or constant expression.
	Op *Operator `json:"op,omitempty"`
	// Listing is the operators around the one at fault, which is among them.
	Listing []Operator `json:"listing,omitempty"`

	// Traced says that the operators before the one at fault were validated
	// once more, so that Want, Stack and the types of Frames are known.
	Traced bool `json:"traced"`
	// Want is the operands that the operator wants, the lowest first, each with
	// what stands in its place. It is nil where the operator has none, or where
	// what is wrong does not depend on operands.
	Want []Want `json:"want,omitempty"`
	// Stack is the operands of the innermost block before the operator at fault,
	// the topmost first, and StackHeight how many there are, with those below.
	Stack       []Operand `json:"stack,omitempty"`
	StackHeight int       `json:"stackHeight"`
	// Unreachable says that the operator at fault cannot be reached: below the
	// operands of Stack lie as many more as an operator asks for, of any type.
	Unreachable bool `json:"unreachable"`

	// Frames is the blocks around the operator, the innermost first, and the
	// function last. FrameCount is how many there are.
	Frames     []Frame `json:"frames,omitempty"`
	FrameCount int     `json:"frameCount"`
	// Target is the block that the operator ends, divides or branches to.
	Target *Frame `json:"target,omitempty"`

	// Feature is the proposals that would have allowed the construct.
	Feature *Feature `json:"feature,omitempty"`
	// Limit is the limit that the module goes past.
	Limit *Limit `json:"limit,omitempty"`
	// Bytes is the bytes around the offset, for what is malformed and for what is
	// not in code.
	Bytes *Bytes `json:"bytes,omitempty"`

	// Hints say what was probably meant, the likeliest first.
	Hints []Hint `json:"hints,omitempty"`
	// Notes are whole sentences about the diagnosis that have no other place.
	Notes []string `json:"notes,omitempty"`
}

// Section is one section of a module.
type Section struct {
	ID     uint8  `json:"id"`     // as the binary format numbers it
	Name   string `json:"name"`   // "type", "import", …; of a custom section its name
	Offset int    `json:"offset"` // of its contents
	Size   int    `json:"size"`   // of its contents, in bytes
}

// Item is one item of a section.
type Item struct {
	What   string `json:"what"`            // "import", "global", "element segment", …
	Number int    `json:"number"`          // within its section, from 0
	Index  int    `json:"index"`           // in its index space, that of types for a recursion group; -1 where it has none
	Name   string `json:"name,omitempty"`  // as names section, export or import say
	Offset int    `json:"offset"`          // where it begins
	Field  string `json:"field,omitempty"` // which part of it is at fault: "type", "initial value", …
}

// Func is the function at fault.
type Func struct {
	Index    int    `json:"index"`           // imports counted
	Name     string `json:"name,omitempty"`  // of the name section, else of an export or import
	Named    string `json:"named,omitempty"` // where Name is from: "name section", "export" or "import"
	TypeIdx  int    `json:"typeIndex"`       // -1 when it is not known
	Type     string `json:"type,omitempty"`  // "[i32 i32] -> [i64]"
	Offset   int    `json:"offset"`          // of its body
	Size     int    `json:"size"`            // of its body, in bytes
	Params   int    `json:"params"`          // how many of its locals are parameters
	Locals   int    `json:"locals"`          // how many locals it has, parameters included
	Operator int    `json:"operator"`        // number of the operator at fault, from 0; -1 without one
}

// Operator is one operator of the listing.
type Operator struct {
	Offset int    `json:"offset"` // of its opcode
	Text   string `json:"text"`   // as the text format writes it
	// Depth is how many blocks are open around it; that of an end or else is the
	// depth of the operator that opened the block.
	Depth int `json:"depth"`
	// Note is the name of what an index refers to, "$malloc", if it has one.
	Note string `json:"note,omitempty"`
	// Fault marks the operator at fault.
	Fault bool `json:"fault,omitempty"`
	// Unread says that the bytes here are no operator; Text is what they are.
	Unread bool `json:"unread,omitempty"`
}

// Origin is the operator that put an operand on the stack.
type Origin struct {
	Offset int    `json:"offset"`         // of the operator
	Text   string `json:"text"`           // of the operator, as in a listing
	Note   string `json:"note,omitempty"` // the name of what it refers to, as in a listing
	// Role says how it did where it is not a plain result: "parameter of block",
	// "result of block", "left by branch", "" otherwise.
	Role string `json:"role,omitempty"`
	// Block is where the block begins whose parameter or result the operand is;
	// -1 for others.
	Block int `json:"block"`
}

// Operand is one operand on the stack before the operator at fault.
type Operand struct {
	Depth int    `json:"depth"` // 0 is the top
	Type  string `json:"type"`  // as the text format writes it; "bot" when it is not known
	// Origin is the operator that pushed it; nil when that is not known.
	Origin *Origin `json:"origin,omitempty"`
	// Source is the operator that first pushed the value, if that is another one.
	Source *Origin `json:"source,omitempty"`
}

// Want is one operand that the operator wants, with what it finds.
type Want struct {
	Depth int    `json:"depth"` // 0 is the top
	Want  string `json:"want"`  // a type, "any type", "reference" or "number|vector"; "" for what is too much
	// Verdict is one of the constants Fits, Wrong, Missing, Extra and Unknown.
	Verdict string `json:"verdict"`
	// Found is what stands there; nil when there is nothing, or when it is not
	// known, because the code is unreachable.
	Found *Operand `json:"found,omitempty"`
}

// What there is to say about an operand that an operator wants.
const (
	Fits    = "fits"
	Wrong   = "wrong"   // of another type
	Missing = "missing" // the stack of the block has no more operands
	Extra   = "extra"   // there, and not wanted: the end of a block
	Unknown = "unknown" // from the polymorphic stack of unreachable code
)

// Frame is one block around the operator at fault.
type Frame struct {
	Label   int    `json:"label"`             // as a branch counts: 0 is the innermost
	Kind    string `json:"kind"`              // "func", "block", "loop", "if", "else", …
	Type    string `json:"type,omitempty"`    // "[i32] -> [i64]"
	Takes   string `json:"takes,omitempty"`   // what a branch to it carries: "[i64]"
	Leaves  string `json:"leaves,omitempty"`  // what it must have on its stack at its end
	Offset  int    `json:"offset"`            // of the operator that opened it; of the body for the function
	Divided int    `json:"divided,omitempty"` // of its else or last catch; 0 without one
	Text    string `json:"text,omitempty"`    // of the operator that opened it
	Height  int    `json:"height"`            // of the operand stack below it
	// Unreachable says that the rest of it cannot be reached.
	Unreachable bool `json:"unreachable,omitempty"`
}

// Feature is proposals that are off and would have allowed a construct.
type Feature struct {
	Names []string `json:"names"` // of the proposals
	// Enable is the text for [ops.ParseFeatures], and for the flag -features of
	// commands, of the features that were on and these.
	Enable string `json:"enable"`
}

// Limit is a limit that a module goes past.
type Limit struct {
	Field string `json:"field"` // of [validator.Limits]
	What  string `json:"what"`  // what it bounds
	Value uint64 `json:"value"` // what it is set to; for Operands, with what the code so far adds
	// Found is what the module asks for; 0 when that is not known.
	Found uint64 `json:"found,omitempty"`
	// Raise is how a Go program raises it.
	Raise string `json:"raise"`
}

// Bytes is bytes of the module around an offset.
type Bytes struct {
	Offset  int    `json:"offset"`  // of the first one
	Hex     string `json:"hex"`     // in hexadecimal, separated by spaces
	Mark    int    `json:"mark"`    // which of them the error is about, from 0
	Reading string `json:"reading"` // what they are, or should be
}

// Hint is what was probably meant.
type Hint struct {
	Kind string `json:"kind"` // one of the constants that begin with Hint
	Text string `json:"text"` // a sentence
	// Offset is the operator or place that the hint is about; -1 without one.
	Offset int `json:"offset"`
	// Replace is the text that may take the place of the operator at Offset, and
	// Insert the text that may go in front of it. Both may be empty.
	Replace string `json:"replace,omitempty"`
	Insert  string `json:"insert,omitempty"`
}
