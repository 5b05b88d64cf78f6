package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// plan makes immediates for the operator in of the row, which fit the module where
// that is known, and returns the types of the operands that go with them. It may
// open the block that the operator needs around it. ok is false when the module has
// nothing that the operator could refer to.
func (b *body) plan(row *ops.Row, in *ops.Instr) (operands []ops.ValType, ok bool) {
	if !b.immediates(row, in) {
		return nil, false
	}
	if row.Sig != "" {
		return b.fromSignature(row, in), true
	}
	if operands, ok, known := b.planControl(row.Rule, in); known {
		return operands, ok
	}
	if operands, ok, known := b.planReference(row.Rule, in); known {
		return operands, ok
	}
	if operands, ok, known := b.planAggregate(row.Rule, in); known {
		return operands, ok
	}
	if operands, ok, known := b.planContinuation(row.Rule, in); known {
		return operands, ok
	}
	return b.planAtomic(row.Rule, in)
}

// fromSignature returns the operands of the row's signature.
func (b *body) fromSignature(row *ops.Row, in *ops.Instr) []ops.ValType {
	params, _ := row.Signature()
	params = slices.Clone(params)
	for i, t := range params {
		switch t {
		case ops.AddrType:
			params[i] = b.memories[b.memoryOf(row.Imm.Kind, in)].AddrType()
		case ops.TableAddrType:
			params[i] = b.tables[tableOf(row.Imm.Kind, in)].AddrType()
		case ops.ElemType:
			params[i] = b.tables[in.Index].Elem
		}
	}
	return params
}

// memoryOf returns the memory that the immediates name.
func (b *body) memoryOf(kind ops.ImmKind, in *ops.Instr) uint32 {
	switch kind {
	case ops.ImmMemArg, ops.ImmMemArgLane:
		return in.Mem.Memory
	case ops.ImmDataMem:
		return in.Index2
	}
	return in.Index
}

// tableOf returns the table that the immediates name.
func tableOf(kind ops.ImmKind, in *ops.Instr) uint32 {
	if kind == ops.ImmElemTable {
		return in.Index2
	}
	return in.Index
}

// index sets *i to an index below n; ok is false when there is none.
func (b *body) index(i *uint32, n int) (ok bool) {
	*i = uint32(b.below(n))
	return n > 0
}

// immediates sets the immediates of an operator to something that exists. What is
// to have a certain type is chosen again by the plan for the rule.
func (b *body) immediates(row *ops.Row, in *ops.Instr) bool {
	switch kind := row.Imm.Kind; kind {
	case ops.ImmBlock, ops.ImmTry:
		in.Block = b.blockType()
	case ops.ImmLabel:
		return b.index(&in.Index, b.a.ControlStackHeight())
	case ops.ImmFunc:
		return b.index(&in.Index, len(b.funcs))
	case ops.ImmLocal:
		return b.index(&in.Index, int(b.a.NumLocals()))
	case ops.ImmGlobal, ops.ImmOrdGlobal:
		in.Ordering = ops.Ordering(b.below(2))
		return b.index(&in.Index, len(b.globals))
	case ops.ImmTable, ops.ImmOrdTable:
		in.Ordering = ops.Ordering(b.below(2))
		return b.index(&in.Index, len(b.tables))
	case ops.ImmTableTable:
		return b.index(&in.Index, len(b.tables)) && b.index(&in.Index2, len(b.tables))
	case ops.ImmElemTable:
		return b.index(&in.Index, len(b.elems)) && b.index(&in.Index2, len(b.tables))
	case ops.ImmElem:
		return b.index(&in.Index, len(b.elems))
	case ops.ImmMem:
		return b.index(&in.Index, len(b.memories))
	case ops.ImmMemMem:
		return b.index(&in.Index, len(b.memories)) && b.index(&in.Index2, len(b.memories))
	case ops.ImmDataMem:
		return b.index(&in.Index, len(b.datas)) && b.index(&in.Index2, len(b.memories))
	case ops.ImmData:
		return b.index(&in.Index, len(b.datas))
	case ops.ImmTag:
		return b.index(&in.Index, len(b.tags))
	case ops.ImmMemArg, ops.ImmMemArgLane:
		in.Lane = uint8(b.below(int(row.Imm.Lanes)))
		return b.memArg(row, in)
	default:
		b.constants(row, in)
	}
	return true
}

// constants sets the immediates that are values, and those of the rules that
// choose their own.
func (b *body) constants(row *ops.Row, in *ops.Instr) {
	in.Ordering = ops.Ordering(b.below(2))
	switch row.Imm.Kind {
	case ops.ImmLane:
		in.Lane = uint8(b.below(int(row.Imm.Lanes)))
	case ops.ImmShuffle:
		for i := range in.Bytes {
			in.Bytes[i] = byte(b.below(32))
		}
	case ops.ImmI32:
		*in = literal(b.choices, ops.I32)
	case ops.ImmI64:
		*in = literal(b.choices, ops.I64)
	case ops.ImmF32:
		*in = literal(b.choices, ops.F32)
	case ops.ImmF64:
		*in = literal(b.choices, ops.F64)
	case ops.ImmV128:
		*in = literal(b.choices, ops.V128)
	}
}

// memArg sets the immediate of a memory access.
func (b *body) memArg(row *ops.Row, in *ops.Instr) bool {
	if !b.index(&in.Mem.Memory, len(b.memories)) {
		return false
	}
	in.Mem.Align = uint32(row.Imm.Align)
	if row.Rule != ops.RuleAtomic && b.one(2) {
		in.Mem.Align = uint32(b.below(int(row.Imm.Align) + 1))
	}
	in.Mem.Offset = b.word(32) & 0xFFFF_FFFF
	if b.memories[in.Mem.Memory].Memory64 && b.one(2) {
		in.Mem.Offset = b.word(64)
	}
	return true
}

// blockType returns the type of a block: more often than not without operands.
func (b *body) blockType() ops.BlockType {
	switch {
	case b.has(ops.MultiValue) && b.one(2):
		return ops.BlockIndex(pick(b.choices, b.byKind[module.Func]))
	case b.one(3):
		return 0
	}
	t := b.valType(b.types.Shared(b.typeIdx), uint32(b.types.Len()))
	return ops.BlockResult(t)
}

// some returns one of the indices below n that fit, if there is one.
func (b *body) some(n int, fits func(i uint32) bool) (uint32, bool) {
	first := b.below(n)
	for i := range n {
		if i := uint32((first + i) % n); fits(i) {
			return i, true
		}
	}
	return 0, false
}

// someType returns a type of the kind that fits, if there is one.
func (b *body) someType(kind module.CompositeKind, fits func(i uint32) bool) (uint32, bool) {
	list := b.byKind[kind]
	i, ok := b.some(len(list), func(i uint32) bool { return fits(list[i]) })
	if !ok {
		return 0, false
	}
	return list[i], true
}

// ref is the nullable reference to the type at index i, as operands have it.
func ref(i uint32) ops.ValType { return ops.IndexHeap(i).RefNull() }

// with returns the types of list followed by more, in memory of its own.
func with(list []ops.ValType, more ...ops.ValType) []ops.ValType { return slices.Concat(list, more) }

// twice returns t twice, followed by more.
func twice(t ops.ValType, more ...ops.ValType) []ops.ValType {
	return append([]ops.ValType{t, t}, more...)
}

// planControl plans the parametric, control and variable instructions, and those
// on tables and memories that have two indices.
func (b *body) planControl(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleUnreachable:
		return nil, b.one(3), true
	case ops.RuleBlock, ops.RuleLoop, ops.RuleTry:
		operands, _ = b.signature(in.Block)
		return operands, true, true
	case ops.RuleIf:
		operands, _ = b.signature(in.Block)
		return with(operands, ops.I32), true, true
	case ops.RuleBr:
		return b.label(int(in.Index)), b.one(2), true
	case ops.RuleBrIf:
		return with(b.label(int(in.Index)), ops.I32), true, true
	case ops.RuleBrTable:
		return b.branchTable(in), true, true
	case ops.RuleReturn:
		return b.types.Results(b.typeIdx), b.one(2), true
	case ops.RuleDrop:
		return []ops.ValType{b.valType(false, uint32(b.types.Len()))}, true, true
	case ops.RuleSelect:
		t := pick(b.choices, []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64, ops.V128})
		return twice(t, ops.I32), b.has(t.Needs()), true
	case ops.RuleSelectTyped:
		t := b.valType(false, uint32(b.types.Len()))
		in.Types = []ops.ValType{t}
		return twice(t, ops.I32), true, true
	case ops.RuleLocalGet:
		return nil, true, true
	case ops.RuleLocalSet, ops.RuleLocalTee:
		t, _ := b.a.LocalType(in.Index)
		return []ops.ValType{t}, true, true
	case ops.RuleGlobalGet:
		return nil, true, true
	case ops.RuleGlobalSet:
		in.Index, ok = b.someGlobal(func(g module.GlobalType) bool { return g.Mutable })
		if !ok {
			return nil, false, true
		}
		return []ops.ValType{b.globals[in.Index].Type}, true, true
	case ops.RuleTableCopy:
		d, s := b.tables[in.Index], b.tables[in.Index2]
		return []ops.ValType{d.AddrType(), s.AddrType(), min(d.AddrType(), s.AddrType())}, b.matches(s.Elem, d.Elem), true
	case ops.RuleMemoryCopy:
		d, s := b.memories[in.Index].AddrType(), b.memories[in.Index2].AddrType()
		return []ops.ValType{d, s, min(d, s)}, true, true
	}
	operands, ok, known = b.planCall(rule, in)
	if !known {
		operands, ok, known = b.planException(rule, in)
	}
	return operands, ok, known
}

// branchTable makes the targets of a br_table, which all take the same types.
func (b *body) branchTable(in *ops.Instr) []ops.ValType {
	n := b.a.ControlStackHeight()
	last := b.below(n)
	want := b.label(last)
	for range b.below(5) {
		if l := b.below(n); slices.Equal(b.label(l), want) {
			in.Labels = append(in.Labels, uint32(l))
		}
	}
	in.Labels = append(in.Labels, uint32(last))
	return with(want, ops.I32)
}

func (b *body) someGlobal(fits func(g module.GlobalType) bool) (uint32, bool) {
	return b.some(len(b.globals), func(i uint32) bool { return fits(b.globals[i].GlobalType) })
}

// planCall plans calls.
func (b *body) planCall(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	any := func(uint32) bool { return true }
	// A tail call leaves what the function has to return.
	tail := func(t uint32) bool {
		return slices.EqualFunc(b.types.Results(t), b.types.Results(b.typeIdx), b.matches)
	}
	fits := any
	switch rule {
	case ops.RuleReturnCall, ops.RuleReturnCallIndirect, ops.RuleReturnCallRef:
		fits = tail
	}
	var t uint32
	switch rule {
	case ops.RuleCall, ops.RuleReturnCall:
		in.Index, ok = b.some(len(b.funcs), func(i uint32) bool { return fits(b.funcs[i]) })
		if ok {
			operands = b.types.Params(b.funcs[in.Index])
		}
		return operands, ok, true
	case ops.RuleCallIndirect, ops.RuleReturnCallIndirect:
		t, ok = b.someType(module.Func, fits)
		i, found := b.some(len(b.tables), func(i uint32) bool { return b.matches(b.tables[i].Elem, ops.FuncRef) })
		if !ok || !found {
			return nil, false, true
		}
		in.Index, in.Index2 = t, i
		return with(b.types.Params(t), b.tables[i].AddrType()), true, true
	case ops.RuleCallRef, ops.RuleReturnCallRef:
		if t, ok = b.someType(module.Func, fits); !ok {
			return nil, false, true
		}
		in.Index = t
		return with(b.types.Params(t), ref(t)), true, true
	}
	return nil, false, false
}

// planException plans the operators of exceptions, standard and legacy.
func (b *body) planException(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleThrow:
		in.Index, ok = b.exceptionTag()
		if !ok {
			return nil, false, true
		}
		return b.types.Params(b.tags[in.Index]), b.one(2), true
	case ops.RuleThrowRef:
		return []ops.ValType{ops.ExnRef}, b.one(2), true
	case ops.RuleTryTable:
		for range b.below(4) {
			b.addCatch(in)
		}
		operands, _ = b.signature(in.Block)
		return operands, true, true
	case ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate, ops.RuleRethrow:
		return nil, b.planLegacy(rule, in), true
	}
	return nil, false, false
}

// exceptionTag returns a tag of an exception: its type has no results.
func (b *body) exceptionTag() (uint32, bool) {
	return b.some(len(b.tags), func(i uint32) bool { return len(b.types.Results(b.tags[i])) == 0 })
}

// addCatch adds a clause to a try_table, and opens a block that takes what it gives
// where there is none.
func (b *body) addCatch(in *ops.Instr) {
	c := ops.Catch{Kind: ops.CatchKind(b.below(4))}
	var given []ops.ValType
	if c.Kind == ops.CatchTag || c.Kind == ops.CatchRef {
		tag, ok := b.exceptionTag()
		if !ok {
			return
		}
		c.Tag, given = tag, b.types.Params(b.tags[tag])
	}
	if c.Kind == ops.CatchRef || c.Kind == ops.CatchAllRef {
		given = with(given, exceptionRef)
	}
	l, opened, ok := b.target(given)
	if !ok {
		return
	}
	for i := range in.Catches {
		in.Catches[i].Label += opened
	}
	c.Label = l
	in.Catches = append(in.Catches, c)
}

// target finds a label that takes the types given, or opens a block with such a
// label; opened is the number of blocks that did.
func (b *body) target(given []ops.ValType) (l, opened uint32, ok bool) {
	fits := func(want []ops.ValType) bool { return slices.EqualFunc(given, want, b.matches) }
	l, ok = b.some(b.a.ControlStackHeight(), func(i uint32) bool { return fits(b.label(int(i))) })
	if ok {
		return l, 0, true
	}
	if len(given) == 1 && b.open(ops.BlockResult(given[0])) {
		return 0, 1, true
	}
	t, ok := b.someType(module.Func, func(t uint32) bool { return len(b.types.Params(t)) == 0 && fits(b.types.Results(t)) })
	if ok && b.open(ops.BlockIndex(t)) {
		return 0, 1, true
	}
	return 0, 0, false
}

// open opens a block without operands.
func (b *body) open(t ops.BlockType) bool { return b.try(ops.Instr{Op: ops.Block, Block: t}) }

// planLegacy brings about the state in which an operator of the legacy exceptions
// may stand.
func (b *body) planLegacy(rule ops.Rule, in *ops.Instr) bool {
	kind := b.frame(0).Kind
	switch rule {
	case ops.RuleRethrow:
		caught := func(i uint32) bool {
			k := b.frame(int(i)).Kind
			return k == state.FrameCatch || k == state.FrameCatchAll
		}
		var ok bool
		if in.Index, ok = b.some(b.a.ControlStackHeight(), caught); ok {
			return true
		}
		return b.try(ops.Instr{Op: ops.Try}) && b.try(ops.Instr{Op: ops.LegacyCatchAll})
	case ops.RuleDelegate:
		if kind != state.FrameTry && !b.try(ops.Instr{Op: ops.Try}) {
			return false
		}
		in.Index = uint32(b.below(b.a.ControlStackHeight() - 1))
	case ops.RuleCatch:
		var ok bool
		if in.Index, ok = b.exceptionTag(); !ok || kind != state.FrameTry && kind != state.FrameCatch && !b.try(ops.Instr{Op: ops.Try}) {
			return false
		}
	case ops.RuleCatchAll:
		if kind != state.FrameTry && kind != state.FrameCatch && !b.try(ops.Instr{Op: ops.Try}) {
			return false
		}
	}
	_, results := b.signature(b.frame(0).Block)
	b.settle(results)
	return true
}
