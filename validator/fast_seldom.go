package validator

import (
	"encoding/binary"

	"github.com/wasmstate/wasmstate/ops"
)

// seldom validates the operator at the position at of the window if it is one that the
// hot loop has no room for and that can do with the packed stack: br_table, and those
// behind a prefix byte whose types are fixed, as memory.copy and most vector
// instructions. A br_table may be longer than the window: code is all there is from
// the start of the window on. It returns the position and the stack behind the
// operator; ok is false where the slow path must look.
func (c *checker) seldom(win *window, code []byte, at, end uint, stack uint64) (uint, uint64, bool) {
	if at >= end {
		return at, stack, false
	}
	w := binary.LittleEndian.Uint64(win[at%windowLen:])
	switch op := ops.Op(uint8(w)); {
	case op == ops.BrTable:
		size, ok := c.seldomBrTable(code[at:], stack)
		rest := toBarrier(stack)
		if !ok || rest == 0 {
			return at, stack, false
		}
		c.top().Unreachable = true
		return at + size, rest, true
	case op >= firstPrefix && op <= lastPrefix:
		return c.prefixed(w, at, stack)
	}
	return at, stack, false
}

// seldomBrTable returns the length of the br_table at the start of code if its labels
// take at most two bytes each and carry nothing, and their count at most four.
func (c *checker) seldomBrTable(code []byte, stack uint64) (size uint, ok bool) {
	count, n := binary.Uvarint(code[1:min(len(code), 5)])
	if n <= 0 || stack&nibbleMask != uint64(ops.I32) {
		return 0, false
	}
	labels := int64(count) + 1 // the default is the last
	size, ok = labelsBelow(code[1+n:], uint(labels), c.carryNothing(2*labels))
	return 1 + uint(n) + size, ok
}

// labelsBelow reports whether code begins with count labels of at most two bytes that
// are all below limit, and returns their length in bytes.
func labelsBelow(code []byte, count, limit uint) (size uint, ok bool) {
	// To add this to eight labels of a byte sets the highest bit of each that is not
	// below limit: the tables of a Go program have forty labels on average, and take a
	// twenty-fifth of the time of all its code one by one.
	over := everyByte * uint64(0x80-min(limit, 0x80))
	for count > 0 && size+wordLen <= uint(len(code)) {
		n := min(count, wordLen)
		w := binary.LittleEndian.Uint64(code[size:]) << (8 * (wordLen - n))
		if (w|(w+over))&(everyByte<<7) != 0 {
			break
		}
		size, count = size+n, count-n
	}
	for ; count > 0 && size+2 <= uint(len(code)); count-- {
		l := uint(code[size])
		size++
		if l >= 0x80 {
			l = l&0x7F | uint(code[size])<<7 // if that is not the last byte, beyond any limit
			size++
		}
		if l >= min(limit, 0x80<<7) {
			return 0, false
		}
	}
	return size, count == 0
}

// everyByte has the lowest bit of each byte.
const everyByte = 0x0101_0101_0101_0101
