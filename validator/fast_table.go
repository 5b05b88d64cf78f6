package validator

import "github.com/wasmstate/wasmstate/ops"

// fastClass groups the one-byte operators that the hot loop serves with one
// piece of code. The class slow stands for everything else.
type fastClass uint8

const (
	slow       fastClass = iota
	fastUnary            // [a] -> [r]
	fastBinary           // [b a] -> [r], a on top
	fastLoad             // [at] -> [r] with a memory argument
	fastStore            // [at a] -> [] with a memory argument
	fastConst            // [] -> [r] with a LEB128 constant of at most limit bytes
	fastBits             // [] -> [r] with a constant of limit bytes
	fastLocalGet
	fastLocalSet
	fastLocalTee
	fastGlobalGet
	fastGlobalSet
	fastDrop
	fastSelect
	fastNop
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

// fastRow is what the hot loop needs of an operator's row: eight bytes, so that
// the table of all one-byte operators stays in the first-level cache.
type fastRow struct {
	class fastClass
	a, b  uint8 // types of the top operand and of the one below
	r     uint8 // type of the result
	limit uint8 // largest alignment of an access, or length of a constant
	_     [3]uint8
}

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

// The hot loop does not look at features, so there is a table for each choice
// among those that gate a one-byte operator of a fast class: an operator that
// is off is slow, and there it is refused. In a set without floats nothing is
// fast, because even a block may have a floating-point type.
const fastFeatures = ops.Floats | ops.SignExtension

var (
	fastNone    [256]fastRow
	fastOld     = makeFastTable(ops.Floats)
	fastCurrent = makeFastTable(ops.Floats | ops.SignExtension)
)

// fastTable returns the table for an effective set of features.
func fastTable(f ops.Features) *[256]fastRow {
	switch f & fastFeatures {
	case fastFeatures:
		return &fastCurrent
	case ops.Floats:
		return &fastOld
	}
	return &fastNone
}

// makeFastTable derives the rows of the one-byte operators from the operator
// table.
func makeFastTable(f ops.Features) (table [256]fastRow) {
	for i := range table {
		row := ops.Op(i).Row()
		if row != nil && row.Feature&^f == 0 {
			table[i] = makeFastRow(row)
		}
	}
	return table
}

func makeFastRow(row *ops.Row) fastRow {
	params, results := row.Signature()
	shape := [2]int{len(params), len(results)}
	r := fastRow{class: fastRules[row.Rule]}
	if len(params) > 0 {
		r.a = uint8(params[len(params)-1])
	}
	if len(params) > 1 {
		r.b = uint8(params[len(params)-2])
	}
	if len(results) > 0 {
		r.r = uint8(results[0])
	}
	switch {
	case row.Rule == ops.RulePlain && row.Imm.Kind == ops.ImmNone && shape == [2]int{0, 0}:
		r.class = fastNop
	case row.Rule == ops.RulePlain && row.Imm.Kind == ops.ImmNone && shape == [2]int{1, 1}:
		r.class = fastUnary
	case row.Rule == ops.RulePlain && row.Imm.Kind == ops.ImmNone && shape == [2]int{2, 1}:
		r.class = fastBinary
	case row.Rule == ops.RuleMemory && row.Imm.Kind == ops.ImmMemArg && shape == [2]int{1, 1}:
		r.class, r.limit = fastLoad, row.Imm.Align
	case row.Rule == ops.RuleMemory && row.Imm.Kind == ops.ImmMemArg && shape == [2]int{2, 0}:
		r.class, r.limit = fastStore, row.Imm.Align
	case row.Imm.Kind == ops.ImmI32:
		r.class, r.limit = fastConst, 5
	case row.Imm.Kind == ops.ImmI64:
		r.class, r.limit = fastConst, 10
	case row.Imm.Kind == ops.ImmF32:
		r.class, r.limit = fastBits, 4
	case row.Imm.Kind == ops.ImmF64:
		r.class, r.limit = fastBits, 8
	}
	return r
}
