package validator

import (
	"encoding/binary"

	"github.com/wasmstate/wasmstate/ops"
)

// seldom validates the operator at the position at of the window if it is one that
// the hot loop has no room for and that can do with the packed stack: br_table, and
// those behind a prefix byte whose types are fixed, as memory.copy and most vector
// instructions. It returns the position and the stack behind it; ok is false where
// the slow path must look.
func (c *checker) seldom(win *window, at, end uint, stack uint64) (uint, uint64, bool) {
	if at >= end {
		return at, stack, false
	}
	w := binary.LittleEndian.Uint64(win[at%windowLen:])
	switch op := ops.Op(uint8(w)); {
	case op == ops.BrTable:
		// Behind end there are two words of code, and then perhaps that of another body.
		return c.seldomBrTable(win[at%windowLen:min(end, windowLen)+2*wordLen], at, stack)
	case op >= firstPrefix && op <= lastPrefix:
		return c.prefixed(w, at, stack)
	}
	return at, stack, false
}

// seldomBrTable is seldom for a br_table at the start of code whose labels take a
// byte each and carry nothing.
func (c *checker) seldomBrTable(code []byte, at uint, stack uint64) (uint, uint64, bool) {
	count, n := uint(code[1]), uint(2) // code has two words at least
	if count >= 0x80 {
		count, n = count&0x7F|uint(code[2])<<7, 3
		if code[2] >= 0x80 {
			return at, stack, false
		}
	}
	if n+count >= uint(len(code)) || stack&nibbleMask != uint64(ops.I32) {
		return at, stack, false
	}
	var largest, all uint8
	for _, l := range code[n : n+count+1] { // the default is the last
		largest, all = max(largest, l), all|l
	}
	rest := toBarrier(stack)
	if all >= 0x80 || rest == 0 || !c.carryNothing(int64(largest)+1, int64(count)+1) {
		return at, stack, false
	}
	c.top().Unreachable = true
	return at + n + count + 1, rest, true
}
