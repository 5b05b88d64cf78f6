package validator

import "github.com/wasmstate/wasmstate/ops"

// How the hot loop reads immediates: from the word that holds the operator and what
// follows it.

// shortIndex reads the index of at most three bytes that follows the operator in
// the word w, and returns the length of both; 0 if it is longer.
func shortIndex(w uint64) (i uint32, n uint) {
	switch {
	case w&0x8000 == 0:
		return uint32(w>>8) & 0x7F, 2
	case w&0x800000 == 0:
		return uint32(w>>8)&0x7F | uint32(w>>9)&0x3F80, 3
	case w&0x80000000 == 0:
		return uint32(w>>8)&0x7F | uint32(w>>9)&0x3F80 | uint32(w>>10)&0x1FC000, 4
	}
	return 0, 0
}

// shortBlock returns the block type that the byte b encodes: none, or one
// number. The encodings count down from i32 as the constants count up.
func shortBlock(b uint8) (ops.BlockType, bool) {
	if b == 0x40 {
		return 0, true
	}
	return ops.BlockResult(ops.ValType(0x80 - b)), b >= 0x7C && b <= 0x7F
}

// accessLen returns the length of a load or store in the word w whose memory
// argument is short: an alignment of at most limit and an offset of at most four
// bytes. It is 0 for any other.
func accessLen(w uint64, limit uint8) uint {
	switch {
	case uint8(w>>8) > limit:
		return 0
	case w&0x800000 == 0:
		return 3
	case w&0x80000000 == 0:
		return 4
	case w&0x8000000000 == 0:
		return 5
	case w&0x800000000000 == 0:
		return 6
	}
	return 0
}

// longI64Len returns the length of an i64.const whose eighth byte is not its last,
// given what follows that; 0 if it is not an integer of 64 bits.
func longI64Len(rest []byte) uint {
	switch {
	case rest[0] < 0x80:
		return 9
	case rest[1] < 0x80:
		return 10
	case rest[2] == 0x00 || rest[2] == 0x7F:
		return 11 // the last byte has one bit of the constant and copies of it
	}
	return 0
}
