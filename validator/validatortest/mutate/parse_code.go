package mutate

import "github.com/wasmstate/wasmstate/ops"

// body reads a function body.
//
// Specification: 5.5.13 "Code Section".
func (p *parser) body() *node {
	return p.sized(aBody, func() []*node {
		return p.content(p.vec(aList, p.all(aLocals, p.u(aCount), p.valType)), p.expr)
	})
}

// expr reads operators up to the end that belongs to none of them.
//
// Specification: 5.4.10 "Expressions".
func (p *parser) expr() *node {
	e := p.seq(anExpr)
	for depth := 1; depth > 0 && !p.bad; {
		operator, row := p.operator()
		e.kids = append(e.kids, operator)
		if row == nil {
			p.bad = true
			return e
		}
		switch row.Rule {
		case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable:
			depth++
		case ops.RuleEnd, ops.RuleDelegate:
			depth--
		}
	}
	return e
}

// operator reads one operator; the row is nil if there is none.
func (p *parser) operator() (*node, *ops.Row) {
	n := p.seq(anOperator)
	code, op := p.opcode()
	n.kids = append(n.kids, code)
	row := op.Row()
	if row != nil {
		n.kids = append(n.kids, p.immediates(row.Imm.Kind)...)
	}
	return n, row
}

// indices are the immediates of operators that have nothing but indices.
var indices = map[ops.ImmKind][]what{
	ops.ImmLabel: {aLabelIdx}, ops.ImmFunc: {aFuncIdx}, ops.ImmCallIndirect: {aTypeIdx, aTableIdx},
	ops.ImmType: {aTypeIdx}, ops.ImmTypeType: {aTypeIdx, aTypeIdx}, ops.ImmField: {aTypeIdx, aFieldIdx},
	ops.ImmTypeData: {aTypeIdx, aDataIdx}, ops.ImmTypeElem: {aTypeIdx, anElemIdx}, ops.ImmTypeCount: {aTypeIdx, aCount},
	ops.ImmLocal: {aLocalIdx}, ops.ImmGlobal: {aGlobalIdx}, ops.ImmTable: {aTableIdx}, ops.ImmTableTable: {aTableIdx, aTableIdx},
	ops.ImmElemTable: {anElemIdx, aTableIdx}, ops.ImmElem: {anElemIdx}, ops.ImmMem: {aMemoryIdx},
	ops.ImmMemMem: {aMemoryIdx, aMemoryIdx}, ops.ImmDataMem: {aDataIdx, aMemoryIdx}, ops.ImmData: {aDataIdx},
	ops.ImmTag: {aTagIdx}, ops.ImmTypeTag: {aTypeIdx, aTagIdx},
	ops.ImmOrdGlobal: {aCount, aGlobalIdx}, ops.ImmOrdTable: {aCount, aTableIdx}, ops.ImmOrdField: {aCount, aTypeIdx, aFieldIdx},
	ops.ImmOrdType: {aCount, aTypeIdx},
}

// immediates reads what follows the opcode.
//
// Specification: 5.4 "Instructions".
func (p *parser) immediates(kind ops.ImmKind) (list []*node) {
	if indices, ok := indices[kind]; ok {
		for _, w := range indices {
			list = append(list, p.u(w)())
		}
		return list
	}
	switch kind {
	case ops.ImmBlock:
		return p.content(p.blockType)
	case ops.ImmLabels:
		return p.content(p.vec(aList, p.u(aLabelIdx)), p.u(aLabelIdx))
	case ops.ImmSelect:
		return p.content(p.vec(aList, p.valType))
	case ops.ImmTry:
		return p.content(p.blockType, p.vec(aList, p.catch))
	case ops.ImmResume:
		return p.content(p.u(aTypeIdx), p.vec(aList, p.handler))
	case ops.ImmResumeThrow:
		return p.content(p.u(aTypeIdx), p.u(aTagIdx), p.vec(aList, p.handler))
	case ops.ImmRefNull, ops.ImmRefType:
		return p.content(p.heapType)
	case ops.ImmCastBranch:
		return p.content(p.flag, p.u(aLabelIdx), p.heapType, p.heapType)
	case ops.ImmMemArg:
		return p.memArg()
	case ops.ImmMemArgLane:
		return append(p.memArg(), p.bytes(aByte, 1))
	case ops.ImmI32:
		return p.content(p.number(32))
	case ops.ImmI64:
		return p.content(p.number(64))
	}
	if n := constantSizes[kind]; n > 0 {
		return []*node{p.bytes(aBits, n)}
	}
	return nil
}

// constantSizes are the sizes of immediates that are so many bytes.
var constantSizes = map[ops.ImmKind]int{
	ops.ImmLane: 1, ops.ImmZero: 1, ops.ImmF32: 4, ops.ImmF64: 8, ops.ImmV128: 16, ops.ImmShuffle: 16,
}

// memArg reads the alignment, memory and offset of a memory access.
func (p *parser) memArg() []*node {
	align := p.u(anAlign)()
	if align.value&multiMemory != 0 {
		return []*node{align, p.u(aMemoryIdx)(), p.u(anOffset)()}
	}
	return []*node{align, p.u(anOffset)()}
}

// multiMemory in an alignment says that the index of a memory follows.
const multiMemory = 1 << 6

// catch reads a clause of a try_table.
func (p *parser) catch() *node {
	n := p.all(aCatch, p.flag)()
	switch ops.CatchKind(n.kids[0].bytes[0]) {
	case ops.CatchTag, ops.CatchRef:
		n.kids = append(n.kids, p.u(aTagIdx)())
	}
	n.kids = append(n.kids, p.u(aLabelIdx)())
	return n
}

// handler reads a clause of a resume.
func (p *parser) handler() *node {
	n := p.all(aHandler, p.flag, p.u(aTagIdx))()
	if n.kids[0].bytes[0] == 0 {
		n.kids = append(n.kids, p.u(aLabelIdx)())
	}
	return n
}
