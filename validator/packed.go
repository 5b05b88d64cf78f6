package validator

import (
	"math/bits"

	"github.com/wasmstate/wasmstate/ops"
)

// The hot loop keeps the top of the operand stack in one machine word, a nibble
// an operand, the top lowest: pushing is a shift, popping another, and one
// comparison tells the types of several operands. Number and vector types are
// their own nibbles. A barrier stands below the operands of each block, so that
// nothing can be taken from beneath it. What is not in the word, because it is
// too deep or has another type, is a nibble of zero, which no operator wants: the
// hot loop leaves it to the slow path.
const (
	nibble     = 4 // bits
	nibbleMask = 1<<nibble - 1
	barrier    = nibbleMask
)

// unknownNibble is a nibble that no operand has.
const unknownNibble = nibbleMask - 1

// wordOperands is how many operands a word holds at most.
const wordOperands = 64 / nibble

// packBits is how much of the word packing fills at most; the rest is room for
// what the hot loop pushes.
const packBits = 10 * nibble

// fullBits shifts a word so that what is left says whether there is no room for
// another nibble.
const fullBits = 64 - nibble

// pack moves the top of the operand stack into a word. It returns the word and
// the index of the first frame whose barrier is in it.
func (c *checker) pack() (word uint64, first int) {
	n, f := len(c.operands), len(c.frames)-1
	for shift := 0; shift < packBits; shift += nibble {
		if n == int(c.frames[f].Height) {
			word |= barrier << shift
			if f--; f < 0 {
				break
			}
			continue
		}
		t := c.operands[n-1]
		if t == ops.Bot || t > ops.V128 {
			break
		}
		word |= uint64(t) << shift
		n--
	}
	c.cut(n)
	return word, f + 1
}

// halfBits is how much of a word stays in it when it is full.
const halfBits = wordOperands / 2 * nibble

// unpack moves the operands of a word from the bit low on back to the stack, and gives
// the frames from first on, whose barriers are among them, their heights. It returns
// the index of the first frame whose barrier stays in the word.
func (c *checker) unpack(word uint64, first, low int) int {
	for shift := bits.Len64(word) &^ (nibble - 1); shift >= low; shift -= nibble {
		switch t := word >> shift & nibbleMask; t {
		case 0:
		case barrier:
			c.frames[first].Height = uint32(len(c.operands))
			first++
		default:
			c.operands = append(c.operands, ops.ValType(t))
		}
	}
	return first
}

// toBarrier drops the operands above the topmost barrier of the packed stack: those
// of a block whose rest cannot be reached. It returns 0 when there is no barrier.
func toBarrier(stack uint64) uint64 {
	const low = 0x1111111111111111
	b := stack & (stack >> 1) & (stack >> 2) & (stack >> 3) & low
	if b == 0 {
		return 0
	}
	return stack >> (bits.TrailingZeros64(b) & 63)
}
