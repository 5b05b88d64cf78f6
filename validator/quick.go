package validator

import (
	"math"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// quick applies an operator that somebody else has decoded, if it is one of the
// common kind and as expected; otherwise it returns false and has changed
// nothing. It is the short cut of Op, as the hot loop is that of a whole body:
// four of five operators take a third of the time.
func (c *checker) quick(in *ops.Instr) bool {
	if in.Op > math.MaxUint8 || len(c.frames) == 0 {
		return false
	}
	row := &c.fast[uint8(in.Op)]
	n, base := len(c.operands), int(c.frames[len(c.frames)-1].Height)
	switch row.class {
	case fastLocalGet:
		t := c.locals.At(in.Index)
		if t != state.NoLocal {
			c.operands = append(c.operands, t)
		}
		return t != state.NoLocal

	case fastLocalSet, fastLocalTee:
		if n <= base || c.operands[n-1] != c.locals.At(in.Index) {
			return false
		}
		if row.class == fastLocalSet {
			c.cut(n - 1)
		}
		return true

	case fastI32Const, fastI64Const, fastBits:
		c.operands = append(c.operands, ops.ValType(row.leave))
		return true

	case fastLoad, fastStore:
		if in.Mem.Align > uint32(row.limit) || in.Mem.Memory != 0 || in.Mem.Offset > math.MaxUint32 {
			return false
		}
		return c.quickTake(row)

	case fastUnary, fastBinary:
		return c.quickTake(row)
	}
	return false
}

// quickTake takes the operands of the row and leaves its result.
func (c *checker) quickTake(row *fastRow) bool {
	n, base := len(c.operands), int(c.frames[len(c.frames)-1].Height)
	a, b := ops.ValType(row.take&nibbleMask), ops.ValType(row.take>>nibble)
	if b == ops.Bot {
		if n <= base || c.operands[n-1] != a {
			return false
		}
		n--
	} else {
		if n-1 <= base || c.operands[n-1] != a || c.operands[n-2] != b {
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
