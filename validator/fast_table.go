package validator

import (
	"sync"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// fastRow is what the hot loop needs of an operator's row, for operators of a class
// that it serves: [fastFields] in one word, so that one load brings all of it. That
// takes 1 to 3 % less time than loading them one by one.
type fastRow uint64

func (r fastRow) mask() uint8            { return uint8(r) }
func (r fastRow) take() uint8            { return uint8(r >> 8) }
func (r fastRow) limit() uint8           { return uint8(r >> 16) }
func (r fastRow) frame() state.FrameKind { return state.FrameKind(uint8(r >> 24)) }
func (r fastRow) class() fastClass       { return fastClass(uint8(r >> 32)) }
func (r fastRow) pop() uint64            { return uint64(r>>48) & 63 }
func (r fastRow) change() uint64         { return uint64(r >> 56) }

// leave returns the type of the operator's result, 0 if it has none.
func (r fastRow) leave() uint8 { return r.take()>>r.pop()&nibbleMask ^ uint8(r.change()) }

// fastFields are the fields of a fastRow.
type fastFields struct {
	// take is the types of the topmost operands, as nibbles, the top lowest, and mask
	// says which of them the operator takes.
	mask, take uint8
	// limit is the largest alignment of an access, or the length of a constant
	// that has a fixed one.
	limit uint8
	// frame is the kind of the frame that the operator pushes.
	frame state.FrameKind
	class fastClass
	// The operator drops pop bits from the word. The nibble that is then lowest, that of
	// an operand taken, becomes that of the result when the bits of change are flipped.
	// Of a constant, change is the nibble itself; without a result it is 0.
	pop, change uint8
}

// notServed are those of an operator that the hot loop does not serve: it takes an
// operand that there never is.
var notServed = fastFields{class: slow, mask: nibbleMask, take: unknownNibble}

// row returns the fields in one word.
func (f fastFields) row() fastRow {
	return fastRow(f.mask) | fastRow(f.take)<<8 | fastRow(f.limit)<<16 | fastRow(f.frame)<<24 |
		fastRow(f.class)<<32 | fastRow(f.pop)<<48 | fastRow(f.change)<<56
}

// The hot loop tells the most frequent operators apart by their opcodes. Those from
// firstNumeric on are told by their rows alone, and so are those from firstAccess to
// lastAccess, with a memory argument: where an operator is of another kind, or not
// allowed, its row is notServed.
const (
	firstAccess  = ops.I32Load
	lastAccess   = ops.I64Store32
	firstNumeric = ops.I32Eqz
)

// fastClass is the kind of an operator that the hot loop serves. The table of Op is made
// from it; the hot loop itself tells most kinds apart by the opcode.
type fastClass uint8

const (
	slow       fastClass = iota // everything else
	fastNop                     // [] -> []
	fastUnary                   // [a] -> [r]
	fastBinary                  // [b a] -> [r]
	fastLoad                    // [at] -> [r] with a memory argument
	fastStore                   // [at a] -> [] with a memory argument
	fastI32Const
	fastI64Const
	fastBits // [] -> [r] with a constant of fixed length
	fastLocalGet
	fastLocalSet
	fastLocalTee
	fastGlobalGet
	fastGlobalSet
	fastDrop
	fastSelect
	fastBlock
	fastLoop
	fastIf
	fastElse
	fastEnd
	fastBr
	fastBrIf
	fastReturn
	fastUnreachable
	fastCall
	fastCallIndirect
)

// fastRules gives the class of the operators that have a rule of their own.
var fastRules = map[ops.Rule]fastClass{
	ops.RuleLocalGet: fastLocalGet, ops.RuleLocalSet: fastLocalSet, ops.RuleLocalTee: fastLocalTee,
	ops.RuleGlobalGet: fastGlobalGet, ops.RuleGlobalSet: fastGlobalSet,
	ops.RuleDrop: fastDrop, ops.RuleSelect: fastSelect,
	ops.RuleBlock: fastBlock, ops.RuleLoop: fastLoop, ops.RuleIf: fastIf, ops.RuleElse: fastElse,
	ops.RuleEnd: fastEnd, ops.RuleBr: fastBr, ops.RuleBrIf: fastBrIf,
	ops.RuleReturn: fastReturn, ops.RuleUnreachable: fastUnreachable,
	ops.RuleCall: fastCall, ops.RuleCallIndirect: fastCallIndirect,
}

// fastTable is the rows of the operators of one byte.
type fastTable [256]fastRow

// The hot loop looks neither at features nor at the type of the memory: there is
// a table for each combination that matters. An operator whose feature is off is
// slow, and refused there; so is an access without a memory. In a set without
// floats nothing is fast, because even a block may have a floating-point type.
var (
	fastNone   = new(fastTable)
	fastTables = [2][memoryKinds]func() *fastTable{
		fastTablesFor(ops.Floats), fastTablesFor(ops.Floats | ops.SignExtension),
	}
)

// fastTablesFor makes the tables for each kind of memory.
func fastTablesFor(f ops.Features) [memoryKinds]func() *fastTable {
	return forEachMemory(func(memory ops.ValType) *fastTable { return makeFastTable(f, memory) })
}

// chooseFastTable returns the table for an effective set of features and the
// address type of the first memory.
func chooseFastTable(f ops.Features, memory ops.ValType) *fastTable {
	if f&ops.Floats == 0 {
		return fastNone
	}
	extended := 0
	if f&ops.SignExtension != 0 {
		extended = 1
	}
	return fastTables[extended][memoryKind(memory)]()
}

// memoryKinds is how many kinds of first memories there are: none, and one of 32-bit
// or of 64-bit addresses.
const memoryKinds = 3

// memoryKind returns the number of the kind whose address type is given.
func memoryKind(memory ops.ValType) int {
	switch memory {
	case ops.I32:
		return 1
	case ops.I64:
		return 2
	}
	return 0
}

// forEachMemory returns functions that make, when they are first called, a table for
// the address type of each kind of memory.
func forEachMemory[T any](make func(memory ops.ValType) *T) (tables [memoryKinds]func() *T) {
	for _, memory := range [...]ops.ValType{noMemory, ops.I32, ops.I64} {
		tables[memoryKind(memory)] = sync.OnceValue(func() *T { return make(memory) })
	}
	return tables
}

// makeFastTable derives the rows of the one-byte operators from the operator
// table.
func makeFastTable(features ops.Features, memory ops.ValType) *fastTable {
	table := new(fastTable)
	for i := range table {
		f := notServed
		if row := ops.Op(i).Row(); row != nil && row.Feature&^features == 0 {
			f = makeFastFields(row, memory)
		}
		table[i] = f.row()
	}
	return table
}

func makeFastFields(row *ops.Row, memory ops.ValType) fastFields {
	const one, two = nibbleMask, nibbleMask<<nibble | nibbleMask
	f := fastFields{class: fastRules[row.Rule]}
	params, results := row.NumParams(), row.NumResults()
	for i := range params {
		f.take = f.take<<nibble | uint8(resolve(row.Param(i), memory, ops.Bot, ops.Bot))
	}
	access := row.Rule == ops.RuleMemory && row.Imm.Kind == ops.ImmMemArg && memory != noMemory
	plain := row.Rule == ops.RulePlain && row.Imm.Kind == ops.ImmNone
	switch {
	case f.class == fastLoop:
		f.frame = state.FrameLoop
	case f.class == fastBlock:
		f.frame = state.FrameBlock
	case plain && params == 0 && results == 0:
		f.class = fastNop
	case plain && params == 1 && results == 1:
		f.class, f.mask = fastUnary, one
	case plain && params == 2 && results == 1:
		f.class, f.mask, f.pop = fastBinary, two, nibble
	case access && params == 1 && results == 1:
		f.class, f.mask, f.limit = fastLoad, one, row.Imm.Align
	case access && params == 2 && results == 0:
		f.class, f.mask, f.pop, f.limit = fastStore, two, 2*nibble, row.Imm.Align
	case row.Imm.Kind == ops.ImmI32:
		f.class = fastI32Const
	case row.Imm.Kind == ops.ImmI64:
		f.class = fastI64Const
	case row.Imm.Kind == ops.ImmF32:
		f.class, f.limit = fastBits, 4
	case row.Imm.Kind == ops.ImmF64:
		f.class, f.limit = fastBits, 8
	case f.class == slow:
		return notServed
	}
	if results > 0 {
		f.change = f.take>>f.pop&nibbleMask ^ uint8(row.Result(0))
	}
	return f
}
