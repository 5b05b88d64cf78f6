package validator

import (
	"sync"

	"github.com/wasmstate/wasmstate/ops"
)

// quickRow is what Op needs of an operator's row, for operators of a class that it
// serves at once.
type quickRow struct {
	class   quickClass
	control fastClass // what control is asked to do
	limit   uint8     // the largest alignment of an access
	// How many operands the operator takes and leaves, and of which types: first is
	// that of the lowest, and second lies next above it. A mask is zero where there is
	// no operand.
	pops, pushes, next    uint8
	first, second, result ops.ValType
	firstMask, secondMask ops.ValType
	_                     uint32 // 32 bytes are found by a shift
}

// quickClass groups the operators that Op serves with one piece of code. There are
// few, so that the jumps to them are predicted well.
type quickClass uint8

const (
	quickSlow   quickClass = iota // everything else
	quickTake                     // takes at most two operands and leaves at most one, of fixed types
	quickAccess                   // does so with a memory argument
	quickConst                    // takes nothing and leaves one operand
	quickLocalGet
	quickLocalSet // local.set and local.tee
	quickControl  // what control applies
)

// quickTable is the rows of the operators of one byte.
type quickTable [256]quickRow

// quickTables are the tables by the *fastTable that they come from.
var quickTables sync.Map

// quickTableOf returns the table for the operators that the hot loop serves.
func quickTableOf(fast *fastTable) []quickRow {
	if t, ok := quickTables.Load(fast); ok {
		return t.(*quickTable)[:]
	}
	table := new(quickTable)
	for i := range table {
		table[i] = makeQuickRow(fast[i])
	}
	quickTables.Store(fast, table)
	return table[:]
}

func makeQuickRow(fast fastRow) (r quickRow) {
	switch fast.class() {
	case slow:
		return r
	case fastNop, fastUnary, fastBinary:
		r.class = quickTake
	case fastI32Const, fastI64Const, fastBits:
		r.class = quickConst
	case fastLoad, fastStore:
		r.class, r.limit = quickAccess, fast.limit()
	case fastLocalGet:
		r.class = quickLocalGet
	case fastLocalSet:
		r.class, r.pops = quickLocalSet, 1
	case fastLocalTee:
		r.class = quickLocalSet
	default:
		r.class, r.control = quickControl, fast.class()
	}
	r.first, r.result = ops.ValType(fast.take()&nibbleMask), ops.ValType(fast.leave())
	if low := fast.take() >> nibble; low != 0 {
		r.first, r.second, r.secondMask = ops.ValType(low), r.first, ^ops.ValType(0)
		r.pops, r.next = r.pops+1, 1
	}
	if r.first != 0 {
		r.firstMask = ^ops.ValType(0)
		r.pops++
	}
	if r.result != 0 {
		r.pushes = 1
	}
	return r
}
