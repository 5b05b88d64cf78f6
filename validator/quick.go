package validator

import (
	"math"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// serve is Op of the handle whose token has the generation; c is nil in the zero value.
// It applies an operator that somebody else has decoded at once, if it is one of the
// common kind and as expected, and leaves any other to the rules. It is the short cut
// of Op, as the hot loop is that of a whole body.
//
// What counts is how much is done before it is known what to do, and how often the
// jump to it is predicted wrongly. So there are few classes, which are told apart by
// comparisons (a table of jumps takes a tenth longer), and one of them serves operators
// with fixed types without asking how many operands they have.
func (c *checker) serve(offset int, in *ops.Instr, generation uint64) error {
	if c == nil || !c.cell.IsLive(generation) {
		return c.spent(generation)
	}
	if in == nil || int64(in.Op) >= int64(len(c.quick)) {
		return c.operator(offset, in)
	}
	row := &c.quick[in.Op]
	operands := c.operands
	n := len(operands)
	switch row.class {
	case quickAccess:
		if in.Mem.Align > uint32(row.limit) || in.Mem.Memory != 0 || in.Mem.Offset > math.MaxUint32 {
			break
		}
		fallthrough

	case quickTake:
		// Where there are fewer operands than two, the same place is looked at twice, or
		// one above the stack, and disregarded.
		height, stack := n-int(row.pops), operands[:cap(operands)]
		if height < c.base() || height >= len(stack) {
			break
		}
		first, second := stack[height], stack[height+int(row.next)]
		if (first^row.first)&row.firstMask|(second^row.second)&row.secondMask != 0 {
			break
		}
		stack[height] = row.result
		c.operands = c.operands[:height+int(row.pushes)]
		if height < c.segments.low {
			c.segments.low = height
		}
		return nil

	case quickConst:
		if n == cap(operands) {
			break
		}
		operands[:n+1][n] = row.result
		c.operands = c.operands[:n+1]
		return nil

	case quickLocalGet:
		t := c.locals.At(in.Index)
		if t == state.NoLocal || n == cap(operands) {
			break
		}
		operands[:n+1][n] = t
		c.operands = c.operands[:n+1]
		return nil

	case quickLocalSet:
		if n <= c.base() || operands[n-1] != c.locals.At(in.Index) {
			break
		}
		c.cut(n - int(row.pops))
		return nil

	case quickControl:
		if c.control(offset, in, row.control) {
			return nil
		}
	}
	return c.operator(offset, in)
}

// spent is serve for a handle that is spent.
func (c *checker) spent(generation uint64) error {
	if c == nil {
		return state.Token{}.Err()
	}
	return c.cell.Err(generation)
}

// base returns the height of the operand stack below the innermost block.
func (c *checker) base() int { return int(c.frames[len(c.frames)-1].Height) }

// control applies a control instruction, a call, or what else is not so frequent, if
// it is as expected; otherwise it returns false and has changed nothing.
func (c *checker) control(offset int, in *ops.Instr, class fastClass) bool {
	top := &c.frames[len(c.frames)-1]
	n, base := len(c.operands), int(top.Height)
	switch class {
	case fastDrop:
		if n <= base {
			return false
		}
		c.cut(n - 1)
		return true

	case fastSelect:
		operands := c.operands
		if n-3 < base || operands[n-1] != ops.I32 || operands[n-2] != operands[n-3] || operands[n-2] > ops.V128 {
			return false
		}
		c.cut(n - 2)
		return true

	case fastBlock, fastLoop:
		kind := state.FrameBlock
		if class == fastLoop {
			kind = state.FrameLoop
		}
		return c.quickBlock(kind, in.Block, offset)

	case fastIf:
		if n <= base || c.operands[n-1] != ops.I32 || !c.quickBlock(state.FrameIf, in.Block, offset) {
			return false
		}
		c.cut(n - 1)
		c.frames[len(c.frames)-1].Height--
		return true

	case fastElse:
		if top.Kind != state.FrameIf || !c.quickLeave(top) {
			return false
		}
		c.cut(base)
		top.Kind, top.Unreachable = state.FrameElse, false
		return true

	case fastEnd:
		if len(c.frames) < 2 || !c.quickLeave(top) || top.Kind == state.FrameIf && top.Block != 0 {
			return false
		}
		c.frames = c.frames[:len(c.frames)-1]
		return true

	case fastBrIf:
		if n <= base || c.operands[n-1] != ops.I32 || !c.quickLabel(in.Index, n-1) {
			return false
		}
		c.cut(n - 1)
		return true

	case fastBr:
		if !c.quickLabel(in.Index, n) {
			return false
		}
		c.unreachable()
		return true

	case fastReturn:
		if len(c.returns) > 1 || len(c.returns) == 1 && (n <= base || c.operands[n-1] != c.returns[0]) {
			return false
		}
		c.unreachable()
		return true

	case fastUnreachable:
		c.unreachable()
		return true

	case fastCall:
		return int64(in.Index) < int64(len(c.decls.Funcs)) && c.quickCall(c.decls.Funcs[in.Index], n)

	case fastCallIndirect:
		return in.Index2 == 0 && c.table0 && n > base && c.operands[n-1] == ops.I32 &&
			int64(in.Index) < int64(c.types.Len()) && c.types.Kind(in.Index) == module.Func && c.quickCall(in.Index, n-1)

	case fastGlobalGet:
		if int64(in.Index) >= int64(len(c.decls.Globals)) {
			return false
		}
		c.operands = append(c.operands, c.decls.Globals[in.Index].Type)
		return true

	case fastGlobalSet:
		if int64(in.Index) >= int64(len(c.decls.Globals)) || n <= base {
			return false
		}
		if g := &c.decls.Globals[in.Index]; !g.Mutable || c.operands[n-1] != g.Type {
			return false
		}
		c.cut(n - 1)
		return true
	}
	return false
}

// quickBlock enters a block without parameters and with at most one result, a
// number: other types may be off, and where floats are, nothing is served.
func (c *checker) quickBlock(kind state.FrameKind, b ops.BlockType, offset int) bool {
	n := len(c.frames)
	if t, ok := b.Result(); b != 0 && (!ok || t == ops.Bot || t > ops.F64) || n >= min(cap(c.frames), c.limits.Nesting) {
		return false
	}
	c.frames = c.frames[:n+1]
	f := &c.frames[n]
	*f = state.Frame{} // field by field, as in module.Parser.body
	f.Kind, f.Block, f.Height = kind, b, uint32(len(c.operands))
	f.Inits, f.Start = c.locals.Inits(), uint32(offset-c.start)
	return true
}

// quickLeave reports whether the innermost block has just its result, at most one,
// and has initialised no local.
func (c *checker) quickLeave(f *state.Frame) bool {
	n, base := len(c.operands), int(f.Height)
	if f.Inits != c.locals.Inits() {
		return false
	}
	if f.Block == 0 {
		return n == base
	}
	t, ok := f.Block.Result()
	return ok && n == base+1 && c.operands[base] == t
}

// quickLabel reports whether a branch to the label finds what it carries, at most
// one operand, on top of a stack of the height n.
func (c *checker) quickLabel(l uint32, n int) bool {
	frames := c.frames
	if int64(l) >= int64(len(frames)) {
		return false
	}
	f := &frames[len(frames)-1-int(l)]
	if f.Block == 0 {
		return true
	}
	t, ok := f.Block.Result()
	return ok && (f.Kind == state.FrameLoop || n > int(frames[len(frames)-1].Height) && c.operands[n-1] == t)
}

// quickCall applies the function type at typeIdx to the operands below the height
// n, if they are of just the types of its parameters, and there is at most one
// result.
func (c *checker) quickCall(typeIdx uint32, n int) bool {
	params, results := c.types.Params(typeIdx), c.types.Results(typeIdx)
	low := n - len(params)
	if len(results) > 1 || len(params) >= longList || low < int(c.frames[len(c.frames)-1].Height) {
		return false
	}
	for i, t := range params {
		if c.operands[low+i] != t {
			return false
		}
	}
	c.cut(low)
	c.operands = append(c.operands, results...)
	return true
}
