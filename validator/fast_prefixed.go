package validator

import "github.com/wasmstate/wasmstate/ops"

// The leading bytes of the operators that have a number behind it.
const (
	firstPrefix = 0xFC
	lastPrefix  = 0xFD
)

// prefixedRow is what prefixed needs of an operator's row.
type prefixedRow struct {
	feature    ops.Features
	take, mask uint64 // the operands, as nibbles, the top lowest
	pop, push  uint8  // bits of the operands and of the result
	leave      uint8
	imm        prefixedImm
	limit      uint8 // the largest alignment, or the number of bytes that must be zero
}

// prefixedImm is the kind of immediates that an operator has.
type prefixedImm uint8

const (
	immOther  prefixedImm = iota // those that prefixed does not read
	immZeros                     // indices of the first memory, or none
	immAccess                    // a memory argument
)

// prefixedTable is the rows by prefix and number, for one type of memory.
type prefixedTable [lastPrefix - firstPrefix + 1][maxPrefixed]prefixedRow

// maxPrefixed is more than the numbers of standard operators behind a prefix.
const maxPrefixed = 256

// prefixedTables are the tables for each kind of memory.
var prefixedTables = forEachMemory(makePrefixedTable)

func makePrefixedTable(memory ops.ValType) *prefixedTable {
	t := new(prefixedTable)
	for p := range t {
		for n := range t[p] {
			if row := ops.Op((firstPrefix+p)<<16 | n).Row(); row != nil {
				t[p][n] = makePrefixedRow(row, memory)
			}
		}
	}
	return t
}

func makePrefixedRow(row *ops.Row, memory ops.ValType) (r prefixedRow) {
	params, results := row.Signature()
	switch memoryRule := row.Rule == ops.RuleMemory && memory != noMemory; {
	case row.Rule == ops.RulePlain && row.Imm.Kind == ops.ImmNone:
		r.imm = immZeros
	case memoryRule && row.Imm.Kind == ops.ImmMem:
		r.imm, r.limit = immZeros, 1
	case memoryRule && row.Imm.Kind == ops.ImmMemArg:
		r.imm, r.limit = immAccess, row.Imm.Align
	case row.Rule == ops.RuleMemoryCopy && memory != noMemory:
		r.imm, r.limit = immZeros, 2
		params = []ops.ValType{memory, memory, memory}
	}
	for _, t := range params {
		t = resolve(t, memory, ops.Bot, ops.Bot)
		if t == ops.Bot || t > ops.V128 {
			return prefixedRow{}
		}
		r.take = r.take<<nibble | uint64(t)
		r.mask = r.mask<<nibble | nibbleMask
		r.pop += nibble
	}
	if len(results) > 1 || len(results) == 1 && results[0] > ops.V128 {
		return prefixedRow{}
	}
	for _, t := range results {
		r.leave, r.push = uint8(t), nibble
	}
	r.feature = row.Feature
	return r
}

// prefixed is seldom for an operator behind a prefix byte: w is that and its first
// immediates.
func (c *checker) prefixed(w uint64, at uint, stack uint64) (uint, uint64, bool) {
	number, n := shortIndex(w)
	if n == 0 || n > 3 || number >= maxPrefixed { // behind a longer one the word has no room for an offset
		return at, stack, false
	}
	row := &c.prefixes[uint8(w)-firstPrefix][number]
	if row.imm == immOther || row.feature&^c.seen != 0 || (stack^row.take)&row.mask != 0 {
		return at, stack, false
	}
	switch w >>= 8 * (n - 1); row.imm { // the last byte of the number stands where an opcode would
	case immZeros:
		if w>>8&(1<<(8*row.limit)-1) != 0 {
			return at, stack, false
		}
		n += uint(row.limit)
	case immAccess:
		access := accessLen(w, row.limit)
		if access == 0 {
			return at, stack, false
		}
		n += access - 1
	}
	rest := stack >> (row.pop & 63)
	if row.push != 0 && rest>>fullBits != 0 {
		return at, stack, false
	}
	return at + n, rest<<(row.push&63) | uint64(row.leave), true
}
