package explain

import (
	"errors"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Explain returns what is known about err, an error about the module wasm that
// was validated with the options opts. It never returns nil for an error that is
// not nil, and does not panic, whatever the bytes. It is safe for concurrent use.
//
// Of the options, WithProgress and WithWorkers do not matter.
func Explain(wasm []byte, err *validator.Error, opts ...validator.Option) *Diagnosis {
	if err == nil {
		return nil
	}
	x := &explainer{wasm: wasm, err: err, opts: opts}
	x.d = &Diagnosis{
		Kind: err.Kind, Message: clean(err.Message, maxMessage), Offset: err.Offset,
	}
	x.explain()
	return x.d
}

// The largest lists and texts of a diagnosis.
const (
	maxMessage = 500 // bytes of the message
	maxText    = 400 // bytes of the text of an operator
	maxName    = 300 // bytes of the name of what is at fault
	maxNote    = 60  // bytes of a name behind an operator
	maxType    = 120 // bytes of a type that is described
	maxTypes   = 12  // types or immediates of a list in a text
	maxStack   = 16  // operands of the stack
	maxWant    = 16  // operands that an operator wants
	maxFrames  = 16  // blocks
	around     = 10  // operators before and after the one at fault
	maxHints   = 5
)

// errNoOperand says that the innermost block has no operand at a depth.
var errNoOperand = errors.New("no operand")

// explainer makes one diagnosis.
type explainer struct {
	wasm []byte
	err  *validator.Error
	opts []validator.Option
	d    *Diagnosis

	known  *ops.Features
	decls  *module.Module // nil when the declarations are not known
	looked bool           // decls were looked for on behalf of an item
	named  *names

	// What was read so far while an item is looked for: types, and imports of
	// each kind.
	types   int
	imports [module.ExternTag + 1]int
}

// explain fills the diagnosis.
func (x *explainer) explain() {
	offset := x.err.Offset
	if offset < 0 || offset > len(x.wasm) {
		x.note("The error is about a longer module than this one.")
		return
	}
	sec, inSection := containing(x.wasm, offset, tooShort(x.err))
	if inSection {
		x.d.Section = x.describeSection(sec)
	}
	x.explainFeature()
	x.explainLimit()
	switch {
	case x.err.Func >= 0:
		x.explainBody()
	case inSection:
		x.explainItem(sec)
		x.noteSupertype()
	}
	if x.err.Kind == validator.Malformed || x.d.Listing == nil {
		x.d.Bytes = x.bytesAround(offset)
	}
	x.explainFormat(sec)
	x.hintAlways()
	if n := len(x.d.Hints); n > maxHints {
		x.d.Hints = x.d.Hints[:maxHints]
	}
}

// note adds a sentence.
func (x *explainer) note(text string) { x.d.Notes = append(x.d.Notes, text) }

// hinted reports whether there is a hint of the kind.
func (x *explainer) hinted(kind string) bool {
	for _, h := range x.d.Hints {
		if h.Kind == kind {
			return true
		}
	}
	return false
}

// hint adds a hint, unless there is one of its kind at that place.
func (x *explainer) hint(h Hint) {
	for _, other := range x.d.Hints {
		if other.Kind == h.Kind && other.Offset == h.Offset {
			return
		}
	}
	x.d.Hints = append(x.d.Hints, h)
}
