package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

// body is a function body in the making.
type body struct {
	*program
	a        validator.AssignedFuncValidator[*module.Module]
	typeIdx  uint32
	nth      int // among the bodies
	code     []byte
	rows     []*ops.Row
	pileRows []*ops.Row      // those of operators that work with what is there; none unless operands pile up
	set      map[uint32]bool // the locals that some operator sets
	unseen   int             // where the operators of a fault begin; -1 without any
}

// The most that a body grows to; operators that make operands make more of them.
const (
	maxOperands = 40 // in one block
	maxBlocks   = 12
	maxBody     = 20_000 // bytes
)

// make makes the locals, the operators and the final end.
func (b *body) make() {
	b.set = map[uint32]bool{}
	b.defineLocals()
	for row := range ops.Rows() {
		if b.has(row.Feature) && row.Rule != ops.RuleEnd && row.Rule != ops.RuleElse {
			b.rows = append(b.rows, row)
		}
	}
	b.choosePile()
	place := -1 // where the fault comes
	if b.fault != nil && b.fault.nth == b.nth {
		place = b.below(b.Operators)
	}
	for n := 0; n < b.Operators && len(b.code) < maxBody; n++ {
		if place >= 0 && n >= place && b.a.Reachable() && b.fault.inject(b) {
			place = -1
		}
		b.step()
	}
	for b.a.ControlStackHeight() > 0 {
		b.end()
	}
}

// step makes one operator and what it needs, or ends a block, or takes operands
// away that nobody wants.
func (b *body) step() {
	blocks, operands := b.a.ControlStackHeight(), b.a.OperandStackHeight()-b.floor()
	switch {
	case blocks > 1 && (b.one(10) || blocks > maxBlocks || !b.a.Reachable() && b.one(2)):
		b.end()
	case operands > maxOperands:
		b.dropTo(b.floor() + b.below(operands))
	case b.one(12):
		b.divide()
	case len(b.pileRows) > 0 && !b.one(4):
		b.pile()
	default:
		b.operator(pick(b.choices, b.rows))
	}
}

// try appends the operator if it fits.
func (b *body) try(in ops.Instr) bool {
	if b.a.TryOp(len(b.code), &in) != nil {
		return false
	}
	if in.Op == ops.LocalSet || in.Op == ops.LocalTee {
		b.set[in.Index] = true
	}
	b.code = ops.AppendInstr(b.code, &in)
	return true
}

// raw appends an operator that the validator does not see.
func (b *body) raw(in ops.Instr) { b.code = ops.AppendInstr(b.code, &in) }

// defineLocals declares a few locals, in groups.
func (b *body) defineLocals() {
	type local struct {
		count uint32
		t     ops.ValType
	}
	var groups []local
	for range b.below(6) {
		t := b.valType(b.types.Shared(b.typeIdx), uint32(b.types.Len()))
		count := uint32(b.below(3))
		if b.a.DefineLocals(0, count, b.types.CanonVal(t)) == nil {
			groups = append(groups, local{count, t})
		}
	}
	b.code = ops.AppendU32(nil, uint32(len(groups)))
	for _, g := range groups {
		b.code = ops.AppendValType(ops.AppendU32(b.code, g.count), g.t)
	}
}

// frame returns the innermost block, or one further out.
func (b *body) frame(depth int) state.Frame {
	f, err := b.a.ControlFrame(depth)
	if err != nil {
		panic(err) // the depths asked for are below the number of blocks
	}
	return f
}

// floor is the number of operands below those of the innermost block.
func (b *body) floor() int { return int(b.frame(0).Height) }

// signature returns the operands and results of a block type.
func (b *body) signature(t ops.BlockType) (params, results []ops.ValType) {
	if r, ok := t.Result(); ok {
		return nil, []ops.ValType{b.types.CanonVal(r)}
	}
	if i, ok := t.Index(); ok {
		return b.types.Params(i), b.types.Results(i)
	}
	return nil, nil
}

// label returns the types that a branch to the label at a depth carries.
func (b *body) label(depth int) []ops.ValType {
	f := b.frame(depth)
	params, results := b.signature(f.Block)
	if f.Kind == state.FrameLoop {
		return params
	}
	return results
}

// dropTo takes operands away until there are n; in unreachable code there may be
// fewer.
func (b *body) dropTo(n int) {
	for b.a.OperandStackHeight() > n && b.try(ops.Instr{Op: ops.Drop}) {
	}
}

// settle leaves operands of the types in the innermost block and no others. It
// gives up where one of them cannot be made.
func (b *body) settle(types []ops.ValType) {
	b.dropTo(b.floor())
	if b.a.Reachable() || b.one(2) {
		b.values(types, 2)
	}
}

// end ends the innermost block, with an else first where it has to have one.
func (b *body) end() {
	end := ops.Instr{Op: ops.End}
	if b.try(end) {
		return
	}
	f := b.frame(0)
	_, results := b.signature(f.Block)
	b.settle(results)
	if b.try(end) {
		return
	}
	if f.Kind == state.FrameIf && b.try(ops.Instr{Op: ops.Else}) {
		b.settle(results)
		if b.try(end) {
			return
		}
	}
	b.finish(f.Kind)
}

// finish ends a block whose results cannot be made.
func (b *body) finish(kind state.FrameKind) {
	b.try(ops.Instr{Op: ops.Unreachable})
	if b.try(ops.Instr{Op: ops.End}) || kind != state.FrameIf {
		return
	}
	b.try(ops.Instr{Op: ops.Else})
	b.try(ops.Instr{Op: ops.Unreachable})
	b.try(ops.Instr{Op: ops.End})
}

// divide goes on with the next part of the innermost block, if it can have one: an
// else, or a catch of a legacy try.
func (b *body) divide() {
	f := b.frame(0)
	_, results := b.signature(f.Block)
	var next []ops.Instr
	switch f.Kind {
	case state.FrameIf:
		next = []ops.Instr{{Op: ops.Else}}
	case state.FrameTry, state.FrameCatch:
		next = []ops.Instr{{Op: ops.LegacyCatchAll}, {Op: ops.LegacyCatch, Index: uint32(b.below(len(b.tags)))}}
	default:
		return
	}
	b.settle(results)
	b.try(pick(b.choices, next))
}

// operator makes an operator of the row, the operands it takes first.
func (b *body) operator(row *ops.Row) {
	height := b.a.OperandStackHeight()
	for range 3 {
		in := ops.Instr{Op: row.Op}
		operands, ok := b.plan(row, &in)
		if !ok {
			return
		}
		if b.one(6) && b.try(in) {
			return // with what was there
		}
		reached := b.a.Reachable()
		if b.values(operands, 2) && b.try(in) {
			return
		}
		if reached {
			b.dropTo(max(height, b.floor()))
		}
	}
}

// values makes operands of the types, the first one lowest.
func (b *body) values(types []ops.ValType, depth int) bool {
	// The list may be that of the validator's own tables, which stay as they are.
	for _, t := range types {
		if !b.value(t, depth) {
			return false
		}
	}
	return true
}

// value makes an operand of type t, from others no deeper than depth.
func (b *body) value(t ops.ValType, depth int) bool {
	if t == ops.Bot {
		t = ops.I32
	}
	if depth > 0 && b.one(3) && (b.fromLocal(t) || b.fromGlobal(t)) {
		return true
	}
	if !t.IsRef() {
		return b.number(t, depth)
	}
	if t.Nullable() && (depth <= 0 || b.one(3)) {
		return b.null(t)
	}
	height := b.a.OperandStackHeight()
	for range 6 {
		if depth > 0 && b.reference(t, depth) {
			return true
		}
		b.dropTo(max(height, b.floor()))
	}
	if t.Nullable() {
		return b.null(t)
	}
	if b.fromLocal(t) || b.fromGlobal(t) || b.reference(t, 1) {
		return true
	}
	// There may be no value of the type, but the type of an operator that fails.
	return b.null(t.AsNull()) && (b.try(ops.Instr{Op: ops.RefAsNonNull}) ||
		b.try(ops.Instr{Op: ops.RefCast, Type: [2]ops.ValType{t}}))
}

func (b *body) null(t ops.ValType) bool {
	return b.try(ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{t.AsNull()}})
}

// fromLocal reads a local of type t, if there is one that has a value.
func (b *body) fromLocal(t ops.ValType) bool {
	n := int(b.a.NumLocals())
	first := b.below(n)
	for i := range n {
		i := uint32((first + i) % n)
		if have, err := b.a.LocalType(i); err == nil && b.matches(have, t) && b.try(ops.Instr{Op: ops.LocalGet, Index: i}) {
			return true
		}
	}
	return false
}

// fromGlobal reads a global of type t, if there is one.
func (b *body) fromGlobal(t ops.ValType) bool {
	n := len(b.globals)
	first := b.below(n)
	for i := range n {
		i := (first + i) % n
		if b.matches(b.globals[i].Type, t) && b.try(ops.Instr{Op: ops.GlobalGet, Index: uint32(i)}) {
			return true
		}
	}
	return false
}

// number makes a number or vector: a constant, or what an operator makes of
// others.
func (b *body) number(t ops.ValType, depth int) bool {
	if depth > 0 && b.one(3) {
		for range 20 {
			row := pick(b.choices, b.rows)
			params, results := row.Signature()
			if row.Rule != ops.RulePlain || row.Const || !slices.Equal(results, []ops.ValType{t}) {
				continue
			}
			in := ops.Instr{Op: row.Op}
			return b.values(params, depth-1) && b.try(in)
		}
	}
	return b.try(literal(b.choices, t))
}

// reference tries one way of making a reference of type t that is not null.
func (b *body) reference(t ops.ValType, depth int) bool {
	switch b.below(4) {
	case 0:
		if n := len(b.funcs); n > 0 {
			i := uint32(b.below(n))
			return b.matches(ops.IndexHeap(b.funcs[i]).Ref(), t) && b.m.Decls().FuncDeclared(i) && b.try(ops.Instr{Op: ops.RefFunc, Index: i})
		}
	case 1:
		if c, ok := t.Heap().Index(); ok && b.types.Kind(c) == module.Cont {
			return b.value(ops.IndexHeap(b.types.Cont(c)).RefNull(), depth-1) && b.try(ops.Instr{Op: ops.ContNew, Index: c})
		}
	}
	if t.Needs()&b.features&ops.GC == 0 && !isConcrete(t) {
		return false
	}
	// What makes one in a constant expression also does here.
	c := constant{program: b.program, globals: b.importedGlobals}
	if !c.value(t.NonNull(), depth-1) && !c.value(t.NonNull(), depth) {
		return false
	}
	return b.replay(c.code)
}

// isConcrete reports whether t refers to a defined type.
func isConcrete(t ops.ValType) bool {
	_, ok := t.Heap().Index()
	return ok && t.IsRef()
}

// replay appends the operators of a constant expression one by one, as far as they
// fit.
func (b *body) replay(code []byte) bool {
	d := ops.NewDecoder(code, 0, b.features)
	for _, in := range d.All() {
		if !b.try(*in) {
			return false
		}
	}
	return d.Err() == nil
}
