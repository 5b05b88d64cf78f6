package explain_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// This file is the validation algorithm of the specification's appendix, with the
// offset of the operator that pushed it beside each operand. It shares no code
// with the validator: only the table of operators, and the types of package
// module. Where one operator breaks two rules, it finds the one that the
// validator finds, which may be another than that of the appendix.

const (
	// noOrigin is the origin of an operand that no operator pushed: one of the
	// polymorphic stack.
	noOrigin = -1
	// anySource is the source of an operand that may come from several places.
	anySource = -2
)

// operand is one entry of the operand stack.
type operand struct {
	typ    ops.ValType
	origin int // offset of the operator that pushed it
	source int // offset of the operator that pushed the value first
}

// ctrl is one entry of the control stack.
type ctrl struct {
	op          ops.Op
	offset      int
	start, end  []ops.ValType
	taken       []operand // the operands of start
	height      int
	inits       int
	unreachable bool
}

// mismatch is what the algorithm found wrong.
type mismatch struct {
	offset int
	op     ops.Op
	stack  []operand // before the operator, the lowest first
	height int       // of the innermost frame at the operator
	frames int       // on the control stack at the operator

	operand  int         // index in stack of the operand at fault; -1 if none is
	missing  bool        // there is no operand where one is wanted
	surplus  []operand   // what lies above the results where a block ends
	want     ops.ValType // of the operand; Bot where no single type is wanted
	declared bool        // types that the module declares contradict each other
	outside  bool        // of every body and constant expression
}

// errUncovered says that the algorithm does not know an operator.
var errUncovered = errors.New("operator that the algorithm does not cover")

// errOther says that the body breaks a rule that is not about types.
var errOther = errors.New("not a type mismatch")

// algorithm validates one body.
type algorithm struct {
	m      *module.Module
	types  *module.Types
	exact  bool // allocations have exact types (custom-descriptors)
	locals []ops.ValType
	inited []bool
	inits  []uint32 // locals initialised, the last one last
	vals   []operand
	ctrls  []ctrl
	at     int // offset of the current operator
	before []operand
	found  mismatch
	visit  func(*algorithm) // called before each operator; may be nil

	constant bool // the operators are those of a constant expression
}

// stopped carries the end of the algorithm out of it.
type stopped struct{ err error }

// errMismatch says that a mismatch was found.
var errMismatch = errors.New("type mismatch")

// findMismatch runs the algorithm over the function at index. The error is
// errMismatch when it found one.
func findMismatch(m *module.Module, f ops.Features, index uint32, body module.FuncBody) (mismatch, error) {
	return (&algorithm{}).run(m, f, index, body)
}

// operandsAt is the operands of the innermost block before each operator of a
// valid body, by its offset; those that cannot be reached are left out.
func operandsAt(m *module.Module, index uint32, body module.FuncBody) (map[int][]operand, error) {
	at := map[int][]operand{}
	a := &algorithm{visit: func(a *algorithm) {
		if c := a.top(); !c.unreachable {
			at[a.at] = slices.Clone(a.vals[c.height:])
		}
	}}
	_, err := a.run(m, ops.All&^ops.CustomDescriptors, index, body)
	return at, err
}

// run validates the function at index.
func (a *algorithm) run(m *module.Module, f ops.Features, index uint32, body module.FuncBody) (found mismatch, err error) {
	a.m, a.types = m, m.Types()
	defer a.caught(&found, &err)
	ft := m.FuncType(index)
	for _, p := range a.types.Params(ft) {
		a.locals, a.inited = append(a.locals, p), append(a.inited, true)
	}
	l, err := body.Locals(f)
	for err == nil && l.More() {
		var g module.LocalGroup
		if g, err = l.Next(); err == nil {
			if g.Count > 100_000 {
				return found, errOther
			}
			for range g.Count {
				a.locals = append(a.locals, a.canon(g.Type))
				a.inited = append(a.inited, g.Type.Defaultable())
			}
		}
	}
	if err != nil {
		return found, errOther
	}
	return a.start(m, f, a.types.Results(ft), body.Offset(), body.Bytes()[l.Pos():], body.Offset()+l.Pos())
}

// caught takes in the end of the algorithm.
func (a *algorithm) caught(found *mismatch, err *error) {
	switch s := recover().(type) {
	case nil:
	case stopped:
		*found, *err = a.found, s.err
	default:
		panic(s)
	}
}

// start validates operators that begin at offset and leave results. They belong
// to what begins at the outer offset.
func (a *algorithm) start(m *module.Module, f ops.Features, results []ops.ValType, outer int, code []byte, offset int) (found mismatch, err error) {
	defer a.caught(&found, &err)
	a.m, a.types, a.exact = m, m.Types(), f.Has(ops.CustomDescriptors)
	a.pushCtrl(ops.Block, nil, nil, results)
	a.ctrls[0].offset = outer
	d := ops.NewDecoder(code, offset, f)
	var in ops.Instr
	for len(a.ctrls) > 0 {
		a.at = d.Offset()
		if d.Next(&in) != nil {
			return found, errOther
		}
		a.before = append(a.before[:0], a.vals...)
		a.found.frames, a.found.height = len(a.ctrls), a.top().height
		a.found.op, a.found.offset = in.Op, a.at
		if a.visit != nil {
			a.visit(a)
		}
		a.step(&in)
	}
	return found, nil
}

// stop ends the algorithm.
func (a *algorithm) stop(err error) { panic(stopped{err}) }

// mismatch ends the algorithm with a mismatch.
func (a *algorithm) mismatch(operand int, want ops.ValType, missing bool) {
	a.found.stack = slices.Clone(a.before)
	a.found.operand, a.found.want, a.found.missing = operand, want, missing
	a.stop(errMismatch)
}

// contradict ends the algorithm with types that contradict each other without
// an operand that is wrong.
func (a *algorithm) contradict() {
	a.found.declared = true
	a.mismatch(-1, ops.Bot, false)
}

// require ends the algorithm with an error that is not about types unless ok.
func (a *algorithm) require(ok bool) {
	if !ok {
		a.stop(errOther)
	}
}

// top is the innermost frame.
func (a *algorithm) top() *ctrl { return &a.ctrls[len(a.ctrls)-1] }

func (a *algorithm) push(t ops.ValType) { a.vals = append(a.vals, operand{t, a.at, a.at}) }

func (a *algorithm) pushAll(ts []ops.ValType) {
	for _, t := range ts {
		a.push(t)
	}
}

// pushBack pushes operands that the operator has popped and leaves as they are,
// or ones of other types.
func (a *algorithm) pushBack(popped []operand, ts []ops.ValType) {
	for i, t := range ts {
		source := popped[i].source
		if source == noOrigin {
			source = anySource
		}
		a.vals = append(a.vals, operand{t, a.at, source})
	}
}

// pushJoined pushes what several places may have pushed.
func (a *algorithm) pushJoined(ts []ops.ValType) {
	for _, t := range ts {
		a.vals = append(a.vals, operand{t, a.at, anySource})
	}
}

// popAny is pop_val without a type: want is only for the report.
func (a *algorithm) popAny(want ops.ValType) operand {
	c := a.top()
	if len(a.vals) == c.height {
		if c.unreachable {
			return operand{ops.Bot, noOrigin, noOrigin}
		}
		a.mismatch(-1, want, true)
	}
	v := a.vals[len(a.vals)-1]
	a.vals = a.vals[:len(a.vals)-1]
	return v
}

// pop is pop_val.
func (a *algorithm) pop(want ops.ValType) operand {
	v := a.popAny(want)
	if !a.types.Match(v.typ, want) {
		a.mismatch(len(a.vals), want, false)
	}
	return v
}

// popAll is pop_vals.
func (a *algorithm) popAll(want []ops.ValType) []operand {
	popped := make([]operand, len(want))
	for i := len(want) - 1; i >= 0; i-- {
		popped[i] = a.pop(want[i])
	}
	return popped
}

// popRef is pop_ref: the heap type of a bottom operand is bottom.
func (a *algorithm) popRef() operand {
	v := a.popAny(ops.Bot)
	if v.typ == ops.Bot {
		v.typ = ops.HeapBot.Ref()
	}
	if !v.typ.IsRef() {
		a.mismatch(len(a.vals), ops.Bot, false)
	}
	return v
}

func (a *algorithm) pushCtrl(op ops.Op, taken []operand, start, end []ops.ValType) {
	a.ctrls = append(a.ctrls, ctrl{op: op, offset: a.at, start: start, end: end, taken: taken,
		height: len(a.vals), inits: len(a.inits)})
	a.pushBack(taken, start)
}

func (a *algorithm) popCtrl() ctrl {
	c := *a.top()
	a.popAll(c.end)
	if len(a.vals) != c.height {
		a.found.surplus = slices.Clone(a.vals[c.height:])
		a.mismatch(-1, ops.Bot, false)
	}
	for _, l := range a.inits[c.inits:] {
		a.inited[l] = false
	}
	a.inits = a.inits[:c.inits]
	a.ctrls = a.ctrls[:len(a.ctrls)-1]
	return c
}

func (a *algorithm) unreachable() {
	c := a.top()
	a.vals = a.vals[:c.height]
	c.unreachable = true
}

// label is the types that a branch to a label takes.
func (a *algorithm) label(l uint32) []ops.ValType {
	a.require(uint64(l) < uint64(len(a.ctrls)))
	c := &a.ctrls[len(a.ctrls)-1-int(l)]
	if c.op == ops.Loop {
		return c.start
	}
	return c.end
}

// canon is t with the representative of its type.
func (a *algorithm) canon(t ops.ValType) ops.ValType {
	if i, ok := t.Heap().Index(); ok && t.IsRef() {
		a.require(i < uint32(a.types.Len()))
	}
	return a.types.CanonVal(t)
}

// typ is type index i, which must be of the kind.
func (a *algorithm) typ(i uint32, kind module.CompositeKind) uint32 {
	a.require(i < uint32(a.types.Len()))
	if a.types.Kind(i) != kind {
		a.contradict()
	}
	return i
}

// ref is the heap type of type i.
func (a *algorithm) ref(i uint32) ops.HeapType { return a.types.CanonHeap(ops.IndexHeap(i)) }

// made is the type of a reference to something just made of type i.
func (a *algorithm) made(i uint32) ops.ValType {
	if a.exact {
		return a.ref(i).WithExact().Ref()
	}
	return a.ref(i).Ref()
}

// block is the parameters and results of a block type.
func (a *algorithm) block(b ops.BlockType) (params, results []ops.ValType) {
	if t, ok := b.Result(); ok {
		return nil, []ops.ValType{a.canon(t)}
	}
	if i, ok := b.Index(); ok {
		a.typ(i, module.Func)
		return a.types.Params(i), a.types.Results(i)
	}
	return nil, nil
}

func (a *algorithm) memory(i uint32) ops.ValType {
	a.require(int64(i) < int64(a.m.NumMemories()))
	return a.m.Memory(i).AddrType()
}

func (a *algorithm) table(i uint32) module.TableType {
	a.require(int64(i) < int64(a.m.NumTables()))
	return a.m.Table(i)
}

func (a *algorithm) elem(i uint32) ops.ValType {
	a.require(int64(i) < int64(a.m.NumElems()))
	return a.m.Elem(i)
}

func (a *algorithm) data(i uint32) {
	n, ok := a.m.DataCount()
	a.require(ok && i < n)
}

// simple is an operator whose types stand in its signature.
func (a *algorithm) simple(in *ops.Instr, row *ops.Row) {
	var at, tt, te ops.ValType
	switch row.Imm.Kind {
	case ops.ImmMemArg, ops.ImmMemArgLane:
		at = a.memory(in.Mem.Memory)
		a.require(in.Mem.Align <= uint32(row.Imm.Align))
	case ops.ImmMem:
		at = a.memory(in.Index)
	case ops.ImmTable:
		t := a.table(in.Index)
		tt, te = t.AddrType(), t.Elem
	case ops.ImmLane:
		a.require(in.Lane < row.Imm.Lanes)
	}
	if row.Imm.Kind == ops.ImmMemArgLane {
		a.require(in.Lane < row.Imm.Lanes)
	}
	resolve := func(types []ops.ValType) []ops.ValType {
		types = slices.Clone(types)
		for i, t := range types {
			switch t {
			case ops.AddrType:
				types[i] = at
			case ops.TableAddrType:
				types[i] = tt
			case ops.ElemType:
				types[i] = te
			}
		}
		return types
	}
	params, results := row.Signature()
	a.popAll(resolve(params))
	a.pushAll(resolve(results))
}

// step is one operator.
func (a *algorithm) step(in *ops.Instr) {
	row := in.Op.Row()
	switch row.Rule {
	case ops.RulePlain, ops.RuleMemory, ops.RuleAtomic, ops.RuleTable, ops.RuleLane:
		a.simple(in, row)
	default:
		if !a.control(in) && !a.variable(in) && !a.bulk(in) && !a.reference(in) && !a.aggregate(in) && !a.descriptor(in) {
			a.stop(fmt.Errorf("%w: %v", errUncovered, in.Op))
		}
	}
}

// control is the control and parametric instructions.
func (a *algorithm) control(in *ops.Instr) bool {
	switch in.Op {
	case ops.Unreachable:
		a.unreachable()
	case ops.Block, ops.Loop:
		params, results := a.block(in.Block)
		a.pushCtrl(in.Op, a.popAll(params), params, results)
	case ops.If:
		params, results := a.block(in.Block)
		a.pop(ops.I32)
		a.pushCtrl(in.Op, a.popAll(params), params, results)
	case ops.Else:
		a.require(a.top().op == ops.If)
		c := a.popCtrl()
		a.pushCtrl(ops.Else, c.taken, c.start, c.end)
	case ops.End:
		a.end()
	case ops.TryTable:
		params, results := a.block(in.Block)
		taken := a.popAll(params)
		a.catches(in.Catches)
		a.pushCtrl(in.Op, taken, params, results)
	case ops.Br:
		a.popAll(a.label(in.Index))
		a.unreachable()
	case ops.BrIf:
		a.pop(ops.I32)
		types := a.label(in.Index)
		a.pushBack(a.popAll(types), types)
	case ops.BrTable:
		a.brTable(in.Labels)
	case ops.Return:
		a.popAll(a.ctrls[0].end)
		a.unreachable()
	case ops.Drop:
		a.popAny(ops.Bot)
	case ops.Select:
		a.sel()
	case ops.SelectT:
		a.require(len(in.Types) == 1)
		t := a.canon(in.Types[0])
		a.popAll([]ops.ValType{t, t, ops.I32})
		a.pushJoined([]ops.ValType{t})
	case ops.Throw:
		a.require(int64(in.Index) < int64(a.m.NumTags()))
		a.popAll(a.types.Params(a.m.Tag(in.Index)))
		a.unreachable()
	case ops.ThrowRef:
		a.pop(ops.ExnRef)
		a.unreachable()
	default:
		return a.call(in)
	}
	return true
}

// end is the end of a block. An if without else must leave what it takes.
func (a *algorithm) end() {
	c := a.popCtrl()
	if c.op == ops.If && !slices.Equal(c.start, c.end) {
		fits := len(c.start) == len(c.end)
		for i := 0; fits && i < len(c.start); i++ {
			fits = a.types.Match(c.start[i], c.end[i])
		}
		if !fits {
			a.contradict()
		}
	}
	a.pushJoined(c.end)
}

// catches checks the clauses of a try_table against their labels.
func (a *algorithm) catches(catches []ops.Catch) {
	for _, c := range catches {
		var have []ops.ValType
		if c.Kind == ops.CatchTag || c.Kind == ops.CatchRef {
			a.require(int64(c.Tag) < int64(a.m.NumTags()))
			have = append(have, a.types.Params(a.m.Tag(c.Tag))...)
		}
		if c.Kind == ops.CatchRef || c.Kind == ops.CatchAllRef {
			have = append(have, ops.HeapExn.Ref())
		}
		a.fit(have, a.label(c.Label))
	}
}

// fit requires that one list of types matches another.
func (a *algorithm) fit(have, want []ops.ValType) {
	if len(have) != len(want) {
		a.contradict()
	}
	for i := range have {
		if !a.types.Match(have[i], want[i]) {
			a.contradict()
		}
	}
}

func (a *algorithm) brTable(labels []uint32) {
	a.pop(ops.I32)
	last := labels[len(labels)-1]
	arity := len(a.label(last))
	for _, l := range labels[:len(labels)-1] {
		types := a.label(l)
		if len(types) != arity {
			a.contradict()
		}
		a.vals = append(a.vals, a.popAll(types)...)
	}
	a.popAll(a.label(last))
	a.unreachable()
}

// sel is select without a type.
func (a *algorithm) sel() {
	a.pop(ops.I32)
	first := a.popAny(ops.Bot)
	i := len(a.vals)
	if first.typ.IsRef() {
		a.mismatch(i, ops.Bot, false)
	}
	second := a.popAny(first.typ)
	if second.typ.IsRef() || first.typ != second.typ && first.typ != ops.Bot && second.typ != ops.Bot {
		a.mismatch(len(a.vals), first.typ, false)
	}
	if first.typ == ops.Bot {
		first = second
	}
	a.pushJoined([]ops.ValType{first.typ})
}

// call is the calls.
func (a *algorithm) call(in *ops.Instr) bool {
	var ft uint32
	var callee []ops.ValType // what is popped above the arguments
	switch in.Op {
	case ops.Call, ops.ReturnCall:
		a.require(int64(in.Index) < int64(a.m.NumFuncs()))
		ft = a.m.FuncType(in.Index)
	case ops.CallIndirect, ops.ReturnCallIndirect:
		t := a.table(in.Index2)
		if !a.types.Match(t.Elem, ops.FuncRef) {
			a.contradict()
		}
		ft = a.typ(in.Index, module.Func)
		callee = []ops.ValType{t.AddrType()}
	case ops.CallRef, ops.ReturnCallRef:
		ft = a.typ(in.Index, module.Func)
		callee = []ops.ValType{a.ref(in.Index).RefNull()}
	default:
		return false
	}
	switch in.Op {
	case ops.ReturnCall, ops.ReturnCallIndirect, ops.ReturnCallRef:
		a.popAll(callee)
		a.popAll(a.types.Params(ft))
		a.fit(a.types.Results(ft), a.ctrls[0].end)
		a.unreachable()
	default:
		a.popAll(callee)
		a.popAll(a.types.Params(ft))
		a.pushAll(a.types.Results(ft))
	}
	return true
}

// variable is the variable instructions.
func (a *algorithm) variable(in *ops.Instr) bool {
	switch in.Op {
	case ops.LocalGet:
		t := a.local(in.Index)
		a.require(a.inited[in.Index])
		a.push(t)
	case ops.LocalSet, ops.LocalTee:
		t := a.local(in.Index)
		v := a.pop(t)
		if !a.inited[in.Index] {
			a.inited[in.Index] = true
			a.inits = append(a.inits, in.Index)
		}
		if in.Op == ops.LocalTee {
			a.pushBack([]operand{v}, []ops.ValType{t})
		}
	case ops.GlobalGet, ops.GlobalSet:
		a.require(int64(in.Index) < int64(a.m.NumGlobals()))
		g := a.m.Global(in.Index)
		if in.Op == ops.GlobalGet {
			a.push(g.Type)
			break
		}
		a.require(g.Mutable)
		a.pop(g.Type)
	default:
		return false
	}
	return true
}

func (a *algorithm) local(i uint32) ops.ValType {
	a.require(int64(i) < int64(len(a.locals)))
	return a.locals[i]
}

// bulk is the instructions that name two tables, memories or segments.
func (a *algorithm) bulk(in *ops.Instr) bool {
	switch in.Op {
	case ops.TableInit:
		t := a.table(in.Index2)
		if !a.types.Match(a.elem(in.Index), t.Elem) {
			a.contradict()
		}
		a.popAll([]ops.ValType{t.AddrType(), ops.I32, ops.I32})
	case ops.TableCopy:
		to, from := a.table(in.Index), a.table(in.Index2)
		if !a.types.Match(from.Elem, to.Elem) {
			a.contradict()
		}
		a.copied(to.AddrType(), from.AddrType())
	case ops.ElemDrop:
		a.elem(in.Index)
	case ops.MemoryInit:
		a.data(in.Index)
		a.popAll([]ops.ValType{a.memory(in.Index2), ops.I32, ops.I32})
	case ops.MemoryCopy:
		a.copied(a.memory(in.Index), a.memory(in.Index2))
	case ops.DataDrop:
		a.data(in.Index)
	default:
		return false
	}
	return true
}

// copied pops the operands of a copy: the length has the smaller address type.
func (a *algorithm) copied(to, from ops.ValType) {
	n := ops.I64
	if to == ops.I32 || from == ops.I32 {
		n = ops.I32
	}
	a.popAll([]ops.ValType{to, from, n})
}

// reference is the reference instructions.
func (a *algorithm) reference(in *ops.Instr) bool {
	switch in.Op {
	case ops.RefNull:
		a.push(a.canon(in.Type[0]))
	case ops.RefFunc:
		a.require(int64(in.Index) < int64(a.m.NumFuncs()) && (a.constant || a.m.FuncDeclared(in.Index)))
		h := a.ref(a.m.FuncType(in.Index))
		if a.exact && a.m.FuncExact(in.Index) {
			h = h.WithExact()
		}
		a.push(h.Ref())
	case ops.RefIsNull:
		a.popRef()
		a.push(ops.I32)
	case ops.RefAsNonNull:
		a.pushJoined([]ops.ValType{a.popRef().typ.NonNull()})
	case ops.RefEq:
		a.popAll([]ops.ValType{ops.EqRef, ops.EqRef})
		a.push(ops.I32)
	case ops.BrOnNull:
		r := a.popRef()
		types := a.label(in.Index)
		a.pushBack(a.popAll(types), types)
		a.pushJoined([]ops.ValType{r.typ.NonNull()})
	case ops.BrOnNonNull:
		types := a.label(in.Index)
		last := len(types) - 1
		if last < 0 || !types[last].IsRef() {
			a.contradict()
		}
		a.pop(types[last].AsNull())
		a.pushBack(a.popAll(types[:last]), types[:last])
	case ops.RefTest, ops.RefTestNull, ops.RefCast, ops.RefCastNull:
		t := a.canon(in.Type[0])
		a.pop(a.types.Top(t.Heap()).RefNull())
		if in.Op == ops.RefTest || in.Op == ops.RefTestNull {
			t = ops.I32
		}
		a.pushJoined([]ops.ValType{t})
	case ops.BrOnCast, ops.BrOnCastFail:
		a.brOnCast(in)
	case ops.AnyConvertExtern:
		a.convert(ops.ExternRef, ops.HeapAny)
	case ops.ExternConvertAny:
		a.convert(ops.AnyRef, ops.HeapExtern)
	case ops.RefI31:
		a.pop(ops.I32)
		a.push(ops.HeapI31.Ref())
	case ops.I31GetS, ops.I31GetU:
		a.pop(ops.I31Ref)
		a.push(ops.I32)
	default:
		return false
	}
	return true
}

// convert is a conversion between the external and the internal references.
func (a *algorithm) convert(from ops.ValType, to ops.HeapType) {
	v := a.pop(from)
	if v.typ.Nullable() {
		a.push(to.RefNull())
	} else {
		a.push(to.Ref())
	}
}

// without is the type t1 without the values of t2, as far as a type can say.
func without(t1, t2 ops.ValType) ops.ValType {
	if t2.Nullable() {
		return t1.NonNull()
	}
	return t1
}

func (a *algorithm) brOnCast(in *ops.Instr) {
	from, to := a.canon(in.Type[0]), a.canon(in.Type[1])
	types := a.label(in.Index)
	described := in.Op == ops.BrOnCastDescEq || in.Op == ops.BrOnCastDescEqFail
	related := a.types.Match(to, from)
	if a.exact {
		related = a.types.Top(to.Heap()) == a.types.Top(from.Heap())
	}
	if !related {
		a.contradict()
	}
	sent, kept := to, without(from, to)
	if in.Op == ops.BrOnCastFail || in.Op == ops.BrOnCastDescEqFail {
		sent, kept = kept, sent
	}
	last := len(types) - 1
	if last < 0 || !a.types.Match(sent, types[last]) {
		a.contradict()
	}
	if described {
		a.pop(a.descriptorOf(to))
	}
	a.pop(from)
	a.pushBack(a.popAll(types[:last]), types[:last])
	a.pushJoined([]ops.ValType{kept})
}

// aggregate is the instructions on structures and arrays.
func (a *algorithm) aggregate(in *ops.Instr) bool {
	switch in.Op {
	case ops.StructNew, ops.StructNewDefault, ops.StructGet, ops.StructGetS, ops.StructGetU, ops.StructSet:
		a.structure(in)
	case ops.ArrayLen:
		a.pop(ops.ArrayRef)
		a.push(ops.I32)
	case ops.ArrayNew, ops.ArrayNewDefault, ops.ArrayNewFixed, ops.ArrayNewData, ops.ArrayNewElem:
		a.newArray(in)
	case ops.ArrayGet, ops.ArrayGetS, ops.ArrayGetU, ops.ArraySet, ops.ArrayFill, ops.ArrayCopy, ops.ArrayInitData, ops.ArrayInitElem:
		a.array(in)
	default:
		return false
	}
	return true
}

func (a *algorithm) structure(in *ops.Instr) {
	i := a.typ(in.Index, module.Struct)
	switch in.Op {
	case ops.StructNew, ops.StructNewDefault:
		_, described := a.types.Descriptor(i)
		a.require(!described)
		if in.Op == ops.StructNewDefault {
			a.require(a.types.Defaultable(i))
		} else {
			a.popAll(a.types.FieldOperands(i))
		}
		a.push(a.made(i))
		return
	}
	a.require(in.Index2 < a.types.NumFields(i))
	field := a.types.Field(i, in.Index2)
	if in.Op == ops.StructSet {
		a.require(field.Mutable)
		a.popAll([]ops.ValType{a.ref(i).RefNull(), field.Type.Unpacked()})
		return
	}
	a.require(field.Type.IsPacked() == (in.Op != ops.StructGet))
	a.pop(a.ref(i).RefNull())
	a.push(field.Type.Unpacked())
}

func (a *algorithm) newArray(in *ops.Instr) {
	i := a.typ(in.Index, module.Array)
	elem := a.types.Elem(i).Type
	switch in.Op {
	case ops.ArrayNew:
		a.popAll([]ops.ValType{elem.Unpacked(), ops.I32})
	case ops.ArrayNewDefault:
		a.require(elem.Defaultable())
		a.pop(ops.I32)
	case ops.ArrayNewFixed:
		a.require(in.Index2 <= 10_000)
		for range in.Index2 {
			a.pop(elem.Unpacked())
		}
	case ops.ArrayNewData:
		a.require(!elem.IsRef())
		a.data(in.Index2)
		a.popAll([]ops.ValType{ops.I32, ops.I32})
	case ops.ArrayNewElem:
		if !a.types.Match(a.elem(in.Index2), elem) {
			a.contradict()
		}
		a.popAll([]ops.ValType{ops.I32, ops.I32})
	}
	a.push(a.made(i))
}

func (a *algorithm) array(in *ops.Instr) {
	i := a.typ(in.Index, module.Array)
	elem := a.types.Elem(i)
	ref, t := a.ref(i).RefNull(), elem.Type.Unpacked()
	switch in.Op {
	case ops.ArrayGet, ops.ArrayGetS, ops.ArrayGetU:
		a.require(elem.Type.IsPacked() == (in.Op != ops.ArrayGet))
		a.popAll([]ops.ValType{ref, ops.I32})
		a.push(t)
		return
	}
	a.require(elem.Mutable)
	switch in.Op {
	case ops.ArraySet:
		a.popAll([]ops.ValType{ref, ops.I32, t})
	case ops.ArrayFill:
		a.popAll([]ops.ValType{ref, ops.I32, t, ops.I32})
	case ops.ArrayCopy:
		j := a.typ(in.Index2, module.Array)
		from := a.types.Elem(j).Type
		a.require(from == elem.Type || !from.IsPacked() && !elem.Type.IsPacked() && a.types.Match(from, elem.Type))
		a.popAll([]ops.ValType{ref, ops.I32, a.ref(j).RefNull(), ops.I32, ops.I32})
	case ops.ArrayInitData:
		a.require(!elem.Type.IsRef())
		a.data(in.Index2)
		a.popAll([]ops.ValType{ref, ops.I32, ops.I32, ops.I32})
	case ops.ArrayInitElem:
		if !a.types.Match(a.elem(in.Index2), elem.Type) {
			a.contradict()
		}
		a.popAll([]ops.ValType{ref, ops.I32, ops.I32, ops.I32})
	}
}

// descriptor is the instructions of the custom-descriptors proposal.
func (a *algorithm) descriptor(in *ops.Instr) bool {
	switch in.Op {
	case ops.StructNewDesc, ops.StructNewDefaultDesc:
		i := a.typ(in.Index, module.Struct)
		a.pop(a.described(i).WithExact().RefNull())
		if in.Op == ops.StructNewDefaultDesc {
			a.require(a.types.Defaultable(i))
		} else {
			a.popAll(a.types.FieldOperands(i))
		}
		a.push(a.made(i))
	case ops.RefGetDesc:
		i := a.typ(in.Index, module.Struct)
		h := a.described(i)
		v := a.pop(a.ref(i).RefNull())
		if a.types.Match(v.typ, a.ref(i).WithExact().RefNull()) {
			h = h.WithExact()
		}
		a.push(h.Ref())
	case ops.RefCastDescEq, ops.RefCastDescEqNull:
		t := a.canon(in.Type[0])
		a.pop(a.descriptorOf(t))
		a.pop(a.types.Top(t.Heap()).RefNull())
		a.push(t)
	case ops.BrOnCastDescEq, ops.BrOnCastDescEqFail:
		a.brOnCast(in)
	default:
		return false
	}
	return true
}

// described is the descriptor of type i.
func (a *algorithm) described(i uint32) ops.HeapType {
	d, ok := a.types.Descriptor(i)
	a.require(ok)
	return a.ref(d)
}

// descriptorOf is the descriptor that a cast to t takes: exact if t is.
func (a *algorithm) descriptorOf(t ops.ValType) ops.ValType {
	i, ok := t.Heap().Index()
	a.require(ok)
	h := a.described(i)
	if t.Heap().Exact() {
		h = h.WithExact()
	}
	return h.RefNull()
}
