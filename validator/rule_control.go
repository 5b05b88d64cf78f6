package validator

import (
	"math"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// blockType checks a block type and returns it in canonical form.
//
// Specification: 3.2.8 "Block Types".
func (c *checker) blockType(b ops.BlockType) (ops.BlockType, error) {
	if t, ok := b.Result(); ok {
		t, err := c.valType(t)
		return ops.BlockResult(t), err
	}
	if i, ok := b.Index(); ok {
		if _, err := c.funcType(i); err != nil {
			return b, err
		}
	}
	return b, nil
}

// funcType checks that the type index i is that of a function type and returns i.
func (c *checker) funcType(i uint32) (uint32, error) {
	if err := c.kindAt(i, module.Func); err != nil {
		return 0, err
	}
	return i, nil
}

// kindAt checks that there is a type at index i and that it is of the kind.
func (c *checker) kindAt(i uint32, kind module.CompositeKind) error {
	if int64(i) >= int64(c.types.Len()) {
		return c.invalid("unknown type %d", i)
	}
	if k := c.types.Kind(i); k != kind {
		return c.invalid("type mismatch: type %d is %v and not %v", i, k, kind)
	}
	return c.sharedType(i)
}

// params returns the parameter types of a block.
func (c *checker) params(b ops.BlockType) []ops.ValType {
	if i, ok := b.Index(); ok {
		return c.types.Params(i)
	}
	return nil
}

// results returns the result types of a block. The list of a single result lives
// in one, which the next call may overwrite.
func (c *checker) results(b ops.BlockType, one *[1]ops.ValType) []ops.ValType {
	if i, ok := b.Index(); ok {
		return c.types.Results(i)
	}
	if t, ok := b.Result(); ok {
		one[0] = t
		return one[:]
	}
	return nil
}

// labelTypes returns the types that a branch to the frame carries: the
// parameters of a loop, the results of any other block.
func (c *checker) labelTypes(f *state.Frame, one *[1]ops.ValType) []ops.ValType {
	if f.Kind == state.FrameLoop {
		return c.params(f.Block)
	}
	return c.results(f.Block, one)
}

// label returns the frame that a branch to the label l leaves.
func (c *checker) label(l uint32) (*state.Frame, error) {
	if int64(l) >= int64(len(c.frames)) {
		return nil, c.invalid("unknown label %d", l)
	}
	return &c.frames[len(c.frames)-1-int(l)], nil
}

// pushFrame enters a block whose parameters are on the stack.
func (c *checker) pushFrame(kind state.FrameKind, b ops.BlockType) error {
	if len(c.frames) >= c.limits.Nesting {
		return c.opError(Limit, 0, "blocks nested more than %d deep", c.limits.Nesting)
	}
	if len(c.frames) == cap(c.frames) {
		c.growFrames()
	}
	c.frames = append(c.frames, state.Frame{
		Kind:   kind,
		Block:  b,
		Height: uint32(len(c.operands) - len(c.params(b))),
		Inits:  c.locals.Inits(),
		Start:  uint32(c.offset - c.start),
	})
	return nil
}

// growFrames makes room for more frames. Those of a hostile module are most of the
// memory that it takes: so they move seldom, and there is no more room than for the
// blocks that the rest of the body can hold, of two bytes each. What is not used yet
// is not written to: until then it takes no memory.
func (c *checker) growFrames() {
	more := 3*len(c.frames) + 16
	if rest := c.dec.Len(); rest > 0 {
		more = min(more, rest/2+1)
	}
	c.frames = append(make([]state.Frame, 0, len(c.frames)+more), c.frames...)
}

// popFrame leaves the innermost block: its results, and nothing else, must be on
// the stack, and they stay there.
func (c *checker) popFrame() error {
	f := c.top()
	results := c.results(f.Block, &c.one)
	if err := c.noMore(results); err != nil {
		return err
	}
	if err := c.retype(results); err != nil {
		return err
	}
	c.locals.Restore(f.Inits)
	c.frames = c.frames[:len(c.frames)-1]
	return nil
}

// popResults takes the results of the innermost block, which must be all that is
// on its stack.
func (c *checker) popResults() error {
	results := c.results(c.top().Block, &c.one)
	if err := c.noMore(results); err != nil {
		return err
	}
	return c.popAll(results)
}

// noMore checks that the innermost block has no more operands than its results.
func (c *checker) noMore(results []ops.ValType) error {
	extra := len(c.operands) - int(c.top().Height) - len(results)
	if extra <= 0 {
		return nil
	}
	return c.invalid("type mismatch: block requires %s but stack has %s: %s too many",
		typesText(results), c.stackText(len(results)+extra), quantity(extra, "operand"))
}

// restart empties the operand stack of the innermost frame and makes it reachable
// again: the start of an else or a catch.
func (c *checker) restart(kind state.FrameKind) *state.Frame {
	f := c.top()
	c.locals.Restore(f.Inits)
	c.cut(int(f.Height))
	f.Kind, f.Unreachable = kind, false
	return f
}

// enterBlock is the rule of block, loop and the tries: [t1*] -> [t2*].
func (c *checker) enterBlock(kind state.FrameKind, block ops.BlockType) error {
	b, err := c.blockType(block)
	if err != nil {
		return err
	}
	if err := c.retype(c.params(b)); err != nil {
		return err
	}
	return c.pushFrame(kind, b)
}

func (c *checker) ruleUnreachable(*ops.Instr) error {
	c.unreachable()
	return nil
}

func (c *checker) ruleBlock(in *ops.Instr) error { return c.enterBlock(state.FrameBlock, in.Block) }
func (c *checker) ruleLoop(in *ops.Instr) error  { return c.enterBlock(state.FrameLoop, in.Block) }
func (c *checker) ruleTry(in *ops.Instr) error   { return c.enterBlock(state.FrameTry, in.Block) }

// ruleIf: [t1* i32] -> [t2*]
func (c *checker) ruleIf(in *ops.Instr) error {
	b, err := c.blockType(in.Block)
	if err != nil {
		return err
	}
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	if err := c.retype(c.params(b)); err != nil {
		return err
	}
	return c.pushFrame(state.FrameIf, b)
}

func (c *checker) ruleElse(*ops.Instr) error {
	if c.top().Kind != state.FrameIf {
		return c.malformed("%s", ops.Misplaced(c.op))
	}
	if err := c.popResults(); err != nil {
		return err
	}
	params := c.params(c.top().Block)
	if err := c.room(int(c.top().Height), params); err != nil {
		return err // before locals are taken back, which TryOp could not undo
	}
	c.restart(state.FrameElse)
	return c.pushAll(params)
}

func (c *checker) ruleEnd(*ops.Instr) error {
	if c.top().Kind == state.FrameIf {
		// An if without else has an empty else, which leaves its parameters.
		b := c.top().Block
		params, results := c.params(b), c.results(b, &c.one)
		if !c.matchLists(params, results) {
			return c.invalid("type mismatch: if without else takes %s and must leave %s", typesText(params), typesText(results))
		}
	}
	if err := c.popFrame(); err != nil {
		return err
	}
	if c.finished() {
		c.cut(0)
		c.quick = nil
	}
	return nil
}

// ruleBr: [t1* t*] -> [t2*]
func (c *checker) ruleBr(in *ops.Instr) error {
	f, err := c.label(in.Index)
	if err != nil {
		return err
	}
	if err := c.popAll(c.labelTypes(f, &c.one)); err != nil {
		return err
	}
	c.unreachable()
	return nil
}

// ruleBrIf: [t* i32] -> [t*]
func (c *checker) ruleBrIf(in *ops.Instr) error {
	f, err := c.label(in.Index)
	if err != nil {
		return err
	}
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	return c.retype(c.labelTypes(f, &c.one))
}

// ruleBrTable: [t1* t* i32] -> [t2*]
func (c *checker) ruleBrTable(in *ops.Instr) error {
	if len(in.Labels) == 0 {
		return c.malformed("unexpected end of section or function: br_table without a default label")
	}
	last := in.Labels[len(in.Labels)-1]
	f, err := c.label(last)
	if err != nil {
		return err
	}
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	// In nearly every table of a compiler the labels carry nothing. If those of few are
	// far apart, it costs too much to ask all frames up to the farthest.
	frames := int64(slices.Max(in.Labels)) + 1
	if frames > 2*int64(len(in.Labels)) || int64(c.carryNothing(frames)) < frames {
		if err := c.matchLabels(in.Labels, len(c.labelTypes(f, &c.one))); err != nil {
			return err
		}
	}
	c.unreachable()
	return nil
}

// carryNothing returns how many of the innermost frames, up to limit, have labels that
// carry no operand, up to the first that does.
func (c *checker) carryNothing(limit int64) uint {
	n := uint(min(limit, int64(len(c.frames))))
	for i := range n {
		if labelNibble(&c.frames[uint(len(c.frames))-1-i]) != 0 {
			return i
		}
	}
	return n
}

// matchLabels checks that all labels carry as many operands as the last, the default,
// and that those on the stack match each.
func (c *checker) matchLabels(labels []uint32, arity int) error {
	last := labels[len(labels)-1]
	// A table repeats its labels, and labels repeat their types: what has been
	// checked in this table is not checked again.
	var seen labelCache
	for _, l := range labels {
		if seen.hasLabel(l) {
			continue
		}
		f, err := c.label(l)
		if err != nil {
			return err
		}
		ts := c.labelTypes(f, &c.one)
		if len(ts) != arity {
			return c.invalid("type mismatch: label %d of br_table carries %s, the default label %d carries %d", l, quantity(len(ts), "operand"), last, arity)
		}
		if arity == 0 || seen.hasTypes(f) {
			continue
		}
		if err := c.matchTop(ts); err != nil {
			return err
		}
	}
	return nil
}

// labelCache remembers labels and type lists that one br_table has checked.
// Both caches are direct-mapped: small, without allocation, and at worst
// forgetful. A label that takes one byte is never forgotten.
type labelCache struct {
	labels [128]uint32 // label+1
	types  [128]uint32 // type index and whether it is that of a loop, +1
}

// hasLabel reports whether the label was seen, and remembers it. The largest
// number there is would look like an empty entry; no function has that label.
func (s *labelCache) hasLabel(l uint32) bool {
	return l != math.MaxUint32 && remember(&s.labels, l)
}

// hasTypes reports whether the types of a label were seen as those of another,
// and remembers them. Only those that a type index gives have an identity.
func (s *labelCache) hasTypes(f *state.Frame) bool {
	i, ok := f.Block.Index()
	if !ok || i > ops.MaxTypeIndex {
		return false
	}
	i <<= 1
	if f.Kind == state.FrameLoop {
		i++
	}
	return remember(&s.types, i)
}

// remember reports whether the cache has the key, and puts it there.
func remember(cache *[128]uint32, key uint32) bool {
	e := &cache[key%uint32(len(cache))]
	had := *e == key+1
	*e = key + 1
	return had
}

// ruleReturn: [t1* t*] -> [t2*]
func (c *checker) ruleReturn(*ops.Instr) error {
	if err := c.popAll(c.results(c.frames[0].Block, &c.one)); err != nil {
		return err
	}
	c.unreachable()
	return nil
}
