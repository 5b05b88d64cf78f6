package validator

import (
	"fmt"
	"math"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// checker applies the typing rules to one function body or constant expression
// at a time. It is not generic: the resources have become flat tables before it
// sees them, so that no rule calls a type parameter's methods.
//
// What the hot loop and Op use all the time comes first: instructions reach 128 bytes
// with a shorter encoding, which is 1 % of the time of whole bodies.
//
// Specification: 3.4 "Instructions" and 7.5 "Validation Algorithm".
type checker struct {
	decls    *module.Decls
	types    *module.Types
	limits   *Limits
	fast     *fastTable
	prefixes *prefixedTable // for the first memory
	// quick is the table of Op: empty before the first operator, after the final end and
	// after an error.
	quick []quickRow

	// The state of the body, in buffers that outlive it.
	operands []ops.ValType
	frames   []state.Frame
	locals   *state.Locals
	cell     state.Cell // of the handles of the validator; Op looks at it each time
	alloc    *state.Allocations
	segments segments // of the operands
	// untrimmed is how many bytes of code were validated since the buffers were trimmed.
	untrimmed int

	dec ops.Decoder

	// The operator being checked.
	offset int // module offset of its first byte
	op     ops.Op
	row    *ops.Row

	start    int    // module offset of the body's first byte
	index    uint32 // function index
	typeIdx  uint32
	inFunc   bool // false in a constant expression
	begun    bool // an operator has been seen
	strict   bool // the hot loop must not reach the end of the body
	returns  []ops.ValType
	features ops.Features // effective
	need     ops.Features // what everything validated so far needs
	seen     ops.Features // what the body has been found to need so far
	// seenFast is the table for the features in seen; nil before the first function.
	seenFast *fastTable
	// stop, when it is not nil, is set to make the validation of a body end early.
	stop *atomic.Bool

	matches matchCache
	pad     *window // for the last bytes of code, which have too few behind them

	// What is asked of the declarations again and again.
	memory0 ops.ValType  // address type of memory 0, noMemory if there is none
	table0  bool         // table 0 is of funcref, with 32-bit addresses
	calls   []packedCall // by type index
	// globals is how many globals a constant expression may refer to.
	globals uint32
	// err is the first error; after it nothing else is checked.
	err error
	// one holds the single type of a block whose type is a value type.
	one [1]ops.ValType
}

// retarget points c at other declarations, of whose types the packed calls are given,
// and features. The buffers stay.
func (c *checker) retarget(d *module.Decls, f ops.Features, calls []packedCall) {
	c.decls, c.types = d, d.Types
	c.features, c.need = f.Effective(), 0 // what was needed elsewhere may be off here
	c.matches.forget()
	c.memory0, c.table0, c.seenFast = noMemory, false, nil
	c.calls = calls
	if len(d.Memories) > 0 {
		c.memory0 = d.MemoryAddrType(0)
	}
	c.prefixes = prefixedTables[memoryKind(c.memory0)]()
	if len(d.Tables) > 0 {
		c.table0 = d.Tables[0].Elem == ops.FuncRef && !d.Tables[0].Table64
	}
}

// noMemory stands for the address type of a memory that does not exist. No
// operand has it.
const noMemory = ^ops.ValType(0)

// adopt takes the buffers of a.
func (c *checker) adopt(a *state.Allocations) {
	c.alloc = a
	c.locals = &a.Locals
	c.operands = a.Operands[:0]
	c.frames = a.Frames[:0]
}

// noFeatures is the empty set. To complete a set takes longer than to decode most
// operators, so it is done once.
var noFeatures = ops.Features(0).Effective()

// forget lets go of the declarations.
func (c *checker) forget() {
	c.decls, c.types, c.calls, c.limits, c.returns, c.row, c.stop, c.err = nil, nil, nil, nil, nil, nil, nil, nil
	c.quick = nil
	c.segments = segments{}
	c.dec.Reset(nil, 0, noFeatures)
	c.matches.forget()
}

// release puts the buffers back where they came from, trimmed.
func (c *checker) release() {
	if c.alloc == nil {
		return
	}
	c.alloc.Operands, c.alloc.Frames = c.operands, c.frames
	c.alloc.Trim()
	c.operands, c.frames = c.alloc.Operands, c.alloc.Frames
}

// enterFunc prepares the validation of the function at index, of the function
// type at typeIdx, whose body starts at the module offset.
func (c *checker) enterFunc(index, typeIdx uint32, offset int) {
	c.enter(offset, ops.BlockIndex(typeIdx))
	c.index, c.typeIdx, c.inFunc = index, typeIdx, true
	c.see(c.need)
	c.returns = c.types.Results(typeIdx)
	c.locals.Reset(c.types.Params(typeIdx))
}

// enter prepares the validation of an expression that leaves what block says.
func (c *checker) enter(offset int, block ops.BlockType) {
	c.operands, c.segments.n, c.segments.low = c.operands[:0], 0, 0
	c.frames = append(c.frames[:0], state.Frame{})
	c.frames[0].Kind, c.frames[0].Block = state.FrameFunc, block
	c.start, c.offset = offset, offset
	c.inFunc, c.begun = false, false
	// A pointer is dear to write while garbage is collected.
	if c.err != nil {
		c.err = nil
	}
	if c.quick != nil {
		c.quick = nil
	}
}

// defineLocals adds count declared locals of type t, a type as the binary
// writes it, declared at the module offset.
//
// Specification: 3.5.7 "Locals", 5.5.13 "Code Section".
func (c *checker) defineLocals(offset int, count uint32, t ops.ValType) *Error {
	c.offset = offset
	total := uint64(c.locals.Len()) + uint64(count)
	// The grammar bounds the locals that are declared; parameters count for the limit.
	if declared := total - uint64(len(c.types.Params(c.typeIdx))); declared > math.MaxUint32 {
		return c.plainError(Malformed, "too many locals: %d", declared)
	}
	if total > uint64(c.limits.Locals) {
		return c.plainError(Limit, "too many locals: %d exceed the limit of %d", total, c.limits.Locals)
	}
	t, err := c.valType(t)
	if err != nil {
		return err.(*Error).outsideOp()
	}
	c.locals.Declare(count, t)
	return nil
}

// valType checks that the value type t, as the binary writes it, is well-formed
// and returns its canonical form.
//
// Specification: 3.2 "Types".
func (c *checker) valType(t ops.ValType) (ops.ValType, error) {
	if !t.IsValue() { // which no decoder yields
		return t, c.invalid("unknown type %v", t)
	}
	if i, ok := t.Heap().Index(); t.IsRef() && ok {
		if int64(i) >= int64(c.types.Len()) {
			return t, c.invalid("unknown type %d", i)
		}
		if t.Heap().Exact() && c.types.Kind(i) == module.Func && !c.features.Has(ops.CustomDescriptors) {
			return t, c.invalid("unknown type %d", i)
		}
		return c.types.CanonVal(t), nil
	}
	return t, nil
}

// stopped reports whether the validation is to end early.
func (c *checker) stopped() bool { return c.stop != nil && c.stop.Load() }

// finished reports whether the body's final end has been seen.
func (c *checker) finished() bool { return len(c.frames) == 0 }

// invalid returns the error that says which rule the current operator breaks.
// The format begins with the words of the specification's test suite.
func (c *checker) invalid(format string, args ...any) error {
	return c.opError(Invalid, 0, format, args...)
}

// malformed returns the error for an operator that stands where the grammar has
// no place for it.
func (c *checker) malformed(format string, args ...any) error {
	return c.opError(Malformed, 0, format, args...)
}

// missing returns the error for a construct that the feature f would allow.
func (c *checker) missing(f ops.Features, format string, args ...any) error {
	return c.opError(Invalid, f, format, args...)
}

// opError builds an error about the current operator, which f, if not 0, would allow.
func (c *checker) opError(kind Kind, f ops.Features, format string, args ...any) error {
	e := c.plainError(kind, format, args...)
	e.Op, e.InOp, e.Feature = c.op, true, f
	return e
}

// plainError builds an error at the current offset that is not about an operator.
func (c *checker) plainError(kind Kind, format string, args ...any) *Error {
	e := &Error{Kind: kind, Offset: c.offset, Func: -1, Message: fmt.Sprintf(format, args...)}
	if c.inFunc {
		e.Func = int(c.index)
	}
	return e
}
