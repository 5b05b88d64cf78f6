package validator

import (
	"math"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// quick applies an operator that somebody else has decoded, if it is one of the
// common kind and as expected; otherwise it returns false and has changed
// nothing. It is the short cut of Op, as the hot loop is that of a whole body:
// nearly all operators of real code take a third of the time.
func (c *checker) quick(offset int, in *ops.Instr) bool {
	if in.Op > math.MaxUint8 || c.quickTable == nil || len(c.frames) == 0 {
		return false
	}
	row := &c.quickTable[uint8(in.Op)]
	operands := c.operands
	n, base := len(operands), int(c.frames[len(c.frames)-1].Height)
	switch row.class {
	case slow:
		return false

	case fastLocalGet:
		t := c.locals.At(in.Index)
		if t == state.NoLocal {
			return false
		}
		c.operands = append(operands, t)
		return true

	case fastLocalSet:
		if n <= base || operands[n-1] != c.locals.At(in.Index) {
			return false
		}
		c.cut(n - 1)
		return true

	case fastLocalTee:
		return n > base && operands[n-1] == c.locals.At(in.Index)

	case fastI32Const, fastI64Const, fastBits:
		c.operands = append(operands, ops.ValType(row.leave))
		return true

	case fastLoad, fastStore:
		if in.Mem.Align > uint32(row.limit) || in.Mem.Memory != 0 || in.Mem.Offset > math.MaxUint32 {
			return false
		}
		return c.quickTake(row)

	case fastUnary, fastBinary:
		return c.quickTake(row)

	case fastNop:
		return true

	case fastDrop:
		if n <= base {
			return false
		}
		c.cut(n - 1)
		return true

	case fastSelect:
		if n-3 < base || operands[n-1] != ops.I32 || operands[n-2] != operands[n-3] || operands[n-2] > ops.V128 {
			return false
		}
		c.cut(n - 2)
		return true
	}
	return c.quickControl(offset, in, row.class)
}

// quickTake takes the operands of the row and leaves its result.
func (c *checker) quickTake(row *fastRow) bool {
	operands := c.operands
	n, base := len(operands), int(c.frames[len(c.frames)-1].Height)
	a, b := ops.ValType(row.take&nibbleMask), ops.ValType(row.take>>nibble)
	if b == ops.Bot {
		if n <= base || operands[n-1] != a {
			return false
		}
		n--
	} else {
		if n-1 <= base || operands[n-1] != a || operands[n-2] != b {
			return false
		}
		n -= 2
	}
	c.cut(n)
	if row.leave != 0 {
		c.operands = append(c.operands, ops.ValType(row.leave))
	}
	return true
}

// quickControl is quick for the control instructions, the calls, and those on
// globals.
func (c *checker) quickControl(offset int, in *ops.Instr, class fastClass) bool {
	top := &c.frames[len(c.frames)-1]
	n, base := len(c.operands), int(top.Height)
	switch class {
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
// number or vector.
func (c *checker) quickBlock(kind state.FrameKind, b ops.BlockType, offset int) bool {
	if t, ok := b.Result(); b != 0 && (!ok || t == ops.Bot || t > ops.V128) || len(c.frames) >= min(cap(c.frames), c.limits.Nesting) {
		return false
	}
	c.frames = append(c.frames, state.Frame{
		Kind: kind, Block: b, Height: uint32(len(c.operands)), Inits: c.locals.Inits(), Start: uint32(offset - c.start),
	})
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
