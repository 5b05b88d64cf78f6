package validator

import (
	"sync"

	"github.com/wasmstate/wasmstate/ops"
)

// fastRow is what the hot loop needs of the row of a one-byte operator.
//
// A simple operator takes at most two operands and leaves at most one, and its
// row says all about it: its types, or that they are those of a local, and its
// length. The hot loop serves all simple operators, which are four of five in
// real code, with the same instructions and no branch that depends on which one
// it is. The other operators have a class.
type fastRow struct {
	class fastClass
	size  uint8 // length in bytes when its immediates are shortest
	pops  uint8
	push  uint8
	align uint8 // largest alignment that an access may have; 255 for no access

	// a is the type of the top operand and b that of the one below. aMask and
	// bMask are all ones where there is such an operand and its type matters.
	a, aMask, b, bMask ops.ValType
	// r is the type of the result.
	r ops.ValType
	// get and set are all ones for an operator whose result, or whose operand,
	// has the type of the local in its immediate.
	get, set ops.ValType
	// long has the continuation bit of the first immediate that has one, as it
	// lies in the word that begins with the operator.
	long uint64
}

// fastClass says how the hot loop treats an operator.
type fastClass uint8

const (
	simple       fastClass = iota // its immediates, if any, have a fixed length
	simpleLocal                   // simple, with a local index
	simpleI32                     // simple, with a constant of at most 5 bytes
	simpleI64                     // simple, with a constant of at most 10 bytes
	simpleAccess                  // simple, with a memory argument
	lastSimple   = simpleAccess
)

const (
	slow fastClass = lastSimple + 1 + iota // left to the rules
	fastSelect
	fastGlobalGet
	fastGlobalSet
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
	ops.RuleSelect: fastSelect, ops.RuleGlobalGet: fastGlobalGet, ops.RuleGlobalSet: fastGlobalSet,
	ops.RuleBlock: fastBlock, ops.RuleLoop: fastLoop, ops.RuleIf: fastIf, ops.RuleElse: fastElse,
	ops.RuleEnd: fastEnd, ops.RuleBr: fastBr, ops.RuleBrIf: fastBrIf,
	ops.RuleReturn: fastReturn, ops.RuleUnreachable: fastUnreachable,
	ops.RuleCall: fastCall, ops.RuleCallIndirect: fastCallIndirect,
}

// fastTable is the rows of all one-byte operators.
type fastTable [256]fastRow

// The hot loop looks neither at features nor at the type of the memory: there is
// a table for each combination that matters. An operator whose feature is off is
// slow, and refused there; so is an access without a memory. In a set without
// floats nothing is fast, because even a block may have a floating-point type.
var (
	fastNone   = sync.OnceValue(func() *fastTable { return makeFastTable(0, noMemory) })
	fastTables = [2][3]func() *fastTable{
		fastTablesFor(ops.Floats), fastTablesFor(ops.Floats | ops.SignExtension),
	}
)

// fastTablesFor makes the tables without memory, and with one of 32-bit and of
// 64-bit addresses.
func fastTablesFor(f ops.Features) (tables [3]func() *fastTable) {
	for i, memory := range [...]ops.ValType{noMemory, ops.I32, ops.I64} {
		tables[i] = sync.OnceValue(func() *fastTable { return makeFastTable(f, memory) })
	}
	return tables
}

// chooseFastTable returns the table for an effective set of features and the
// address type of the first memory.
func chooseFastTable(f ops.Features, memory ops.ValType) *fastTable {
	if f&ops.Floats == 0 {
		return fastNone()
	}
	extended, kind := 0, 0
	if f&ops.SignExtension != 0 {
		extended = 1
	}
	switch memory {
	case ops.I32:
		kind = 1
	case ops.I64:
		kind = 2
	}
	return fastTables[extended][kind]()
}

// makeFastTable derives the rows of the one-byte operators from the operator
// table.
func makeFastTable(f ops.Features, memory ops.ValType) *fastTable {
	table := new(fastTable)
	for i := range table {
		row := ops.Op(i).Row()
		table[i] = fastRow{class: slow, align: 255}
		if row == nil || f&ops.Floats == 0 || row.Feature&^f != 0 {
			continue
		}
		if class, ok := fastRules[row.Rule]; ok {
			table[i].class = class
		} else if isSimple(row, memory) {
			table[i].fill(row, memory)
		}
	}
	return table
}

// isSimple reports whether an operator is simple.
func isSimple(row *ops.Row, memory ops.ValType) bool {
	switch row.Rule {
	case ops.RuleLocalGet, ops.RuleLocalSet, ops.RuleLocalTee, ops.RuleDrop:
		return true
	case ops.RuleMemory:
		return row.Imm.Kind == ops.ImmMemArg && memory != noMemory
	case ops.RulePlain:
		return row.NumParams() <= 2 && row.NumResults() <= 1
	}
	return false
}

// fill makes r the row of a simple operator.
func (r *fastRow) fill(row *ops.Row, memory ops.ValType) {
	const all = ^ops.ValType(0)
	r.class, r.size = simple, 1
	r.pops, r.push = uint8(row.NumParams()), uint8(row.NumResults())
	if n := row.NumParams(); n > 0 {
		r.a, r.aMask = resolve(row.Param(n-1), memory, ops.Bot, ops.Bot), all
		if n > 1 {
			r.b, r.bMask = resolve(row.Param(n-2), memory, ops.Bot, ops.Bot), all
		}
	}
	if r.push > 0 {
		r.r = row.Result(0)
	}
	switch row.Imm.Kind {
	case ops.ImmMemArg:
		r.class, r.size, r.long, r.align = simpleAccess, 3, 0x80<<16, row.Imm.Align
	case ops.ImmI32:
		r.class, r.size, r.long = simpleI32, 2, 0x80<<8
	case ops.ImmI64:
		r.class, r.size, r.long = simpleI64, 2, 0x80<<8
	case ops.ImmF32:
		r.size = 5
	case ops.ImmF64:
		r.size = 9
	case ops.ImmLocal:
		r.class, r.size, r.long = simpleLocal, 2, 0x80<<8
	}
	switch row.Rule {
	case ops.RuleLocalGet:
		r.push, r.get = 1, all
	case ops.RuleLocalSet:
		r.pops, r.set, r.aMask = 1, all, all
	case ops.RuleLocalTee:
		r.pops, r.push, r.set, r.get, r.aMask = 1, 1, all, all, all
	case ops.RuleDrop:
		r.pops = 1
	}
}
