package explain

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

// An operator does not always want one type. These stand for what it wants then;
// none of them is the type of an operand.
const (
	anyType   = ops.Bot
	anyRef    = ops.AddrType
	anyNumber = ops.TableAddrType
)

// operands is the types of the operands that an operator takes: low, the lowest
// first, then n times each, then the first tops of top.
type operands struct {
	low  []ops.ValType
	each ops.ValType
	n    int
	top  [5]ops.ValType
	tops int
}

// len returns the number of operands.
func (o *operands) len() int { return len(o.low) + o.n + o.tops }

// at returns the type of operand i, the lowest being operand 0.
func (o *operands) at(i int) ops.ValType {
	if i < len(o.low) {
		return o.low[i]
	}
	if i -= len(o.low); i < o.n {
		return o.each
	}
	return o.top[i-o.n]
}

// then returns o with operands of the types on top.
func (o operands) then(types ...ops.ValType) operands {
	o.tops += copy(o.top[o.tops:], types)
	return o
}

// list returns operands of the types.
func list(types ...ops.ValType) operands { return operands{}.then(types...) }

// body is a function body that is being validated one operator at a time.
type body interface {
	DefineLocals(offset int, count uint32, t ops.ValType) error
	Op(offset int, op *ops.Instr) error
	NumLocals() uint32
	LocalType(i uint32) (ops.ValType, error)
	OperandStackHeight() int
	OperandType(depth int) (ops.ValType, error)
	ControlStackHeight() int
	ControlFrame(depth int) (state.Frame, error)
}

// scope is what the immediates of an operator may refer to.
type scope struct {
	validator.Resources
	types *module.Types
	body

	features ops.Features
	index    uint32 // of the function
	typeIdx  uint32 // of its type
}

// typeAt reports whether there is a type of the kind at index i.
func (s *scope) typeAt(i uint32, kind module.CompositeKind) bool {
	return int64(i) < int64(s.types.Len()) && s.types.Kind(i) == kind
}

// refTo returns the nullable reference to the type at index i, which exists.
func (s *scope) refTo(i uint32) ops.ValType {
	return ops.IndexHeap(s.types.Canonical(i)).RefNull()
}

// canonical returns t, as the binary writes it, in its canonical form.
func (s *scope) canonical(t ops.ValType) (ops.ValType, bool) {
	if i, ok := t.Heap().Index(); t.IsRef() && ok {
		if int64(i) >= int64(s.types.Len()) {
			return t, false
		}
		return s.types.CanonVal(t), true
	}
	return t, t.IsValue()
}

// params returns the parameters of a block type.
func (s *scope) params(b ops.BlockType) []ops.ValType {
	if i, ok := b.Index(); ok && s.typeAt(i, module.Func) {
		return s.types.Params(i)
	}
	return nil
}

// results returns the results of a block type.
func (s *scope) results(b ops.BlockType) []ops.ValType {
	if i, ok := b.Index(); ok && s.typeAt(i, module.Func) {
		return s.types.Results(i)
	}
	if t, ok := b.Result(); ok {
		t, _ = s.canonical(t)
		return []ops.ValType{t}
	}
	return nil
}

// label returns what a branch to the label l carries.
func (s *scope) label(l uint32) ([]ops.ValType, bool) {
	if int64(l) >= int64(s.ControlStackHeight()) {
		return nil, false
	}
	f, err := s.ControlFrame(int(l))
	if err != nil {
		return nil, false
	}
	return s.labelTypes(f), true
}

// labelTypes returns what a branch to the block carries.
func (s *scope) labelTypes(f state.Frame) []ops.ValType {
	if f.Kind == state.FrameLoop {
		return s.params(f.Block)
	}
	return s.results(f.Block)
}

// labelRef returns what a branch to the label l carries below a reference, and
// that reference.
func (s *scope) labelRef(l uint32) (rest []ops.ValType, last ops.ValType, ok bool) {
	ts, ok := s.label(l)
	if !ok || len(ts) == 0 || !ts[len(ts)-1].IsRef() {
		return nil, 0, false
	}
	return ts[:len(ts)-1], ts[len(ts)-1], true
}

// function returns the parameters of a function type.
func (s *scope) function(typeIdx uint32) (operands, bool) {
	if !s.typeAt(typeIdx, module.Func) {
		return operands{}, false
	}
	return operands{low: s.types.Params(typeIdx)}, true
}

// memory returns the type of the addresses of the memory at index i.
func (s *scope) memory(i uint32) (ops.ValType, bool) {
	if int64(i) >= int64(s.NumMemories()) {
		return 0, false
	}
	return s.Memory(i).AddrType(), true
}

// table returns the type of the table at index i.
func (s *scope) table(i uint32) (module.TableType, bool) {
	if int64(i) >= int64(s.NumTables()) {
		return module.TableType{}, false
	}
	return s.Table(i), true
}

// takes returns the operands that in takes, in the state before it. It is false
// when they are not known, because the immediates refer to what is not there.
func (s *scope) takes(in *ops.Instr) (operands, bool) {
	row := in.Op.Row()
	if row == nil {
		return operands{}, false
	}
	switch row.Rule {
	case ops.RulePlain, ops.RuleLane, ops.RuleMemory, ops.RuleAtomic, ops.RuleTable:
		return s.takesSignature(in, row)
	case ops.RuleUnreachable, ops.RuleLocalGet, ops.RuleGlobalGet, ops.RuleGlobalAtomicGet, ops.RuleElemDrop, ops.RuleDataDrop,
		ops.RuleRefNull, ops.RuleRefFunc, ops.RuleStructNewDefault, ops.RuleRethrow:
		return operands{}, true
	case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable, ops.RuleElse, ops.RuleEnd,
		ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate, ops.RuleBr, ops.RuleBrIf, ops.RuleBrTable, ops.RuleReturn:
		return s.takesControl(in, row)
	case ops.RuleCall, ops.RuleCallIndirect, ops.RuleReturnCall, ops.RuleReturnCallIndirect, ops.RuleCallRef, ops.RuleReturnCallRef,
		ops.RuleThrow, ops.RuleSuspend:
		return s.takesCall(in, row)
	case ops.RuleDrop, ops.RuleSelect, ops.RuleSelectTyped, ops.RuleLocalSet, ops.RuleLocalTee, ops.RuleGlobalSet, ops.RuleGlobalAtomicSet,
		ops.RuleTableInit, ops.RuleTableCopy, ops.RuleMemoryInit, ops.RuleMemoryCopy:
		return s.takesParametric(in, row)
	}
	if o, ok := s.takesReference(in, row); ok {
		return o, true
	}
	if o, ok := s.takesAggregate(in, row); ok {
		return o, true
	}
	if o, ok := s.takesShared(in, row); ok {
		return o, true
	}
	return s.takesContinuation(in, row)
}

// takesSignature reads the signature in the table.
func (s *scope) takesSignature(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	var at ops.ValType
	var table module.TableType
	switch row.Rule {
	case ops.RuleMemory, ops.RuleAtomic:
		index := in.Index
		if row.Imm.Kind == ops.ImmMemArg || row.Imm.Kind == ops.ImmMemArgLane {
			index = in.Mem.Memory
		}
		if at, ok = s.memory(index); !ok {
			return o, false
		}
	case ops.RuleTable:
		if table, ok = s.table(in.Index); !ok {
			return o, false
		}
	}
	for i := range row.NumParams() {
		t := row.Param(i)
		switch t {
		case ops.AddrType:
			t = at
		case ops.TableAddrType:
			t = table.AddrType()
		case ops.ElemType:
			t = table.Elem
		}
		o = o.then(t)
	}
	return o, true
}

// takesControl is takes for blocks and branches.
func (s *scope) takesControl(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	switch row.Rule {
	case ops.RuleBlock, ops.RuleLoop, ops.RuleTry, ops.RuleTryTable:
		return operands{low: s.params(in.Block)}, true
	case ops.RuleIf:
		return operands{low: s.params(in.Block)}.then(ops.I32), true
	case ops.RuleElse, ops.RuleEnd, ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
		f, err := s.ControlFrame(0)
		return operands{low: s.results(f.Block)}, err == nil
	case ops.RuleBr, ops.RuleBrIf:
		// The condition is looked at before the label.
		o.low, ok = s.label(in.Index)
		if row.Rule == ops.RuleBrIf {
			return o.then(ops.I32), true
		}
		return o, ok
	case ops.RuleBrTable:
		if l, ok := s.tableLabel(in); ok {
			o.low, _ = s.label(l)
		}
		return o.then(ops.I32), true
	}
	f, err := s.ControlFrame(s.ControlStackHeight() - 1) // return
	return operands{low: s.results(f.Block)}, err == nil
}

// tableLabel returns the label of a br_table whose types its operands do not fit,
// or the default label.
func (s *scope) tableLabel(in *ops.Instr) (l uint32, ok bool) {
	if len(in.Labels) == 0 {
		return 0, false
	}
	seen := map[uint32]bool{}
	for _, l := range in.Labels {
		if seen[l] || len(seen) >= maxLabels {
			continue
		}
		seen[l] = true
		ts, ok := s.label(l)
		if !ok {
			return 0, false
		}
		if !s.fitAt(1, operands{low: ts}) {
			return l, true
		}
	}
	return in.Labels[len(in.Labels)-1], true
}

// maxLabels is how many different labels of a br_table are looked at.
const maxLabels = 64

// takesCall is takes for what has the operands of a function type.
func (s *scope) takesCall(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	switch row.Rule {
	case ops.RuleCall, ops.RuleReturnCall:
		if int64(in.Index) >= int64(s.NumFuncs()) {
			return o, false
		}
		return s.function(s.FuncType(in.Index))
	case ops.RuleThrow, ops.RuleSuspend:
		if int64(in.Index) >= int64(s.NumTags()) {
			return o, false
		}
		return s.function(s.Tag(in.Index))
	case ops.RuleCallIndirect, ops.RuleReturnCallIndirect:
		t, found := s.table(in.Index2)
		o, ok = s.function(in.Index)
		return o.then(t.AddrType()), ok && found
	}
	if o, ok = s.function(in.Index); ok { // call_ref
		o = o.then(s.refTo(in.Index))
	}
	return o, ok
}

// takesParametric is takes for variables, and for tables and memories in pairs.
func (s *scope) takesParametric(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	switch row.Rule {
	case ops.RuleDrop:
		return list(anyType), true
	case ops.RuleSelect:
		return s.takesSelect(), true
	case ops.RuleSelectTyped:
		if len(in.Types) != 1 {
			return o, false
		}
		t, ok := s.canonical(in.Types[0])
		return list(t, t, ops.I32), ok
	case ops.RuleLocalSet, ops.RuleLocalTee:
		t, err := s.LocalType(in.Index)
		return list(t), err == nil
	case ops.RuleGlobalSet, ops.RuleGlobalAtomicSet:
		if int64(in.Index) >= int64(s.NumGlobals()) {
			return o, false
		}
		return list(s.Global(in.Index).Type), true
	case ops.RuleTableInit:
		t, ok := s.table(in.Index2)
		return list(t.AddrType(), ops.I32, ops.I32), ok
	case ops.RuleMemoryInit:
		at, ok := s.memory(in.Index2)
		return list(at, ops.I32, ops.I32), ok
	case ops.RuleTableCopy:
		d, ok1 := s.table(in.Index)
		t, ok2 := s.table(in.Index2)
		return list(d.AddrType(), t.AddrType(), min(d.AddrType(), t.AddrType())), ok1 && ok2
	}
	d, ok1 := s.memory(in.Index) // memory.copy
	m, ok2 := s.memory(in.Index2)
	return list(d, m, min(d, m)), ok1 && ok2
}

// takesSelect is takes for a select without a type: its two operands are of the
// same type, for which the upper one decides.
func (s *scope) takesSelect() operands {
	t, err := s.operand(1)
	if err == nil && t == ops.Bot {
		t, err = s.operand(2)
	}
	if err != nil || t == ops.Bot || t.IsRef() {
		t = anyNumber
	}
	return list(t, t, ops.I32)
}

// operand returns the type of the operand at depth in the innermost block.
func (s *scope) operand(depth int) (ops.ValType, error) {
	f, err := s.ControlFrame(0)
	if err == nil && !f.Unreachable && depth >= s.OperandStackHeight()-int(f.Height) {
		return 0, errNoOperand
	}
	if err != nil {
		return 0, err
	}
	return s.OperandType(depth)
}

// takesReference is takes for the operators on references.
func (s *scope) takesReference(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	switch row.Rule {
	case ops.RuleRefIsNull, ops.RuleRefAsNonNull:
		return list(anyRef), true
	case ops.RuleRefEq:
		return list(ops.EqRef, ops.EqRef), true
	case ops.RuleBrOnNull:
		o.low, _ = s.label(in.Index)
		return o.then(anyRef), true
	case ops.RuleBrOnNonNull:
		rest, last, ok := s.labelRef(in.Index)
		return operands{low: rest}.then(last.AsNull()), ok
	case ops.RuleBrOnCast, ops.RuleBrOnCastFail, ops.RuleBrOnCastDesc, ops.RuleBrOnCastDescFail:
		rest, _, ok := s.labelRef(in.Index)
		from, known := s.canonical(in.Type[0])
		o = operands{low: rest}.then(from)
		if row.Rule == ops.RuleBrOnCastDesc || row.Rule == ops.RuleBrOnCastDescFail {
			d, found := s.castDescriptor(in.Type[1])
			return o.then(d), ok && known && found
		}
		return o, ok && known
	case ops.RuleRefTest, ops.RuleRefCast, ops.RuleRefCastDesc:
		t, ok := s.canonical(in.Type[0])
		if !ok || !t.IsRef() {
			return o, false
		}
		o = list(s.types.Top(t.Heap()).RefNull())
		if row.Rule == ops.RuleRefCastDesc {
			d, found := s.castDescriptor(in.Type[0])
			return o.then(d), found
		}
		return o, true
	case ops.RuleRefI31, ops.RuleRefI31Shared:
		return list(ops.I32), true
	case ops.RuleI31Get:
		return list(ops.I31Ref), true
	case ops.RuleAnyConvertExtern:
		return list(ops.ExternRef), true
	case ops.RuleExternConvertAny:
		return list(ops.AnyRef), true
	case ops.RuleThrowRef:
		return list(ops.ExnRef), true
	case ops.RuleRefGetDesc:
		if !s.typeAt(in.Index, module.Struct) {
			return o, false
		}
		return list(s.refTo(in.Index)), true
	}
	return o, false
}

// castDescriptor returns the type of the descriptor operand of a cast.
func (s *scope) castDescriptor(target ops.ValType) (ops.ValType, bool) {
	h := target.Heap()
	i, ok := h.Index()
	if !ok || int64(i) >= int64(s.types.Len()) {
		return 0, false
	}
	d, ok := s.types.Descriptor(i)
	if !ok {
		return 0, false
	}
	if h.Exact() {
		return s.exactTo(d), true
	}
	return s.refTo(d), true
}

// exactTo returns the nullable exact reference to the type at index i.
func (s *scope) exactTo(i uint32) ops.ValType {
	return ops.IndexHeap(s.types.Canonical(i)).WithExact().RefNull()
}

// takesAggregate is takes for structures and arrays.
func (s *scope) takesAggregate(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	i := in.Index
	switch row.Rule {
	case ops.RuleStructNew, ops.RuleStructNewDesc, ops.RuleStructNewDefaultDesc:
		if !s.typeAt(i, module.Struct) {
			return o, false
		}
		if row.Rule != ops.RuleStructNewDefaultDesc {
			o.low = s.types.FieldOperands(i)
		}
		if row.Rule != ops.RuleStructNew {
			d, ok := s.types.Descriptor(i)
			if !ok {
				return o, false
			}
			o = o.then(s.exactTo(d))
		}
		return o, true
	case ops.RuleStructGet, ops.RuleStructGetPacked, ops.RuleStructAtomicGet, ops.RuleStructAtomicGetPacked,
		ops.RuleStructSet, ops.RuleStructAtomicSet:
		if !s.typeAt(i, module.Struct) || in.Index2 >= s.types.NumFields(i) {
			return o, false
		}
		o = list(s.refTo(i))
		if row.Rule == ops.RuleStructSet || row.Rule == ops.RuleStructAtomicSet {
			o = o.then(s.types.Field(i, in.Index2).Type.Unpacked())
		}
		return o, true
	case ops.RuleArrayLen:
		return list(ops.ArrayRef), true
	}
	if !s.typeAt(i, module.Array) {
		return o, false
	}
	ref, elem := s.refTo(i), s.types.Elem(i).Type.Unpacked()
	switch row.Rule {
	case ops.RuleArrayNew:
		return list(elem, ops.I32), true
	case ops.RuleArrayNewDefault:
		return list(ops.I32), true
	case ops.RuleArrayNewFixed:
		return operands{each: elem, n: int(min(in.Index2, 1<<30))}, true
	case ops.RuleArrayNewData, ops.RuleArrayNewElem:
		return list(ops.I32, ops.I32), true
	case ops.RuleArrayGet, ops.RuleArrayGetPacked, ops.RuleArrayAtomicGet, ops.RuleArrayAtomicGetPacked:
		return list(ref, ops.I32), true
	case ops.RuleArraySet, ops.RuleArrayAtomicSet:
		return list(ref, ops.I32, elem), true
	case ops.RuleArrayFill:
		return list(ref, ops.I32, elem, ops.I32), true
	case ops.RuleArrayCopy:
		if !s.typeAt(in.Index2, module.Array) {
			return o, false
		}
		return list(ref, ops.I32, s.refTo(in.Index2), ops.I32, ops.I32), true
	case ops.RuleArrayInitData, ops.RuleArrayInitElem:
		return list(ref, ops.I32, ops.I32, ops.I32), true
	}
	return o, false
}

// takesShared is takes for the atomic operators on globals, tables, fields and
// elements, reading and writing of fields and elements apart.
func (s *scope) takesShared(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	var t ops.ValType
	switch row.Rule {
	case ops.RuleGlobalAtomicRMW, ops.RuleGlobalAtomicXchg, ops.RuleGlobalAtomicCmpxchg:
		if int64(in.Index) >= int64(s.NumGlobals()) {
			return o, false
		}
		t = s.Global(in.Index).Type
	case ops.RuleTableAtomicGet, ops.RuleTableAtomicSet, ops.RuleTableAtomicXchg, ops.RuleTableAtomicCmpxchg:
		table, ok := s.table(in.Index)
		if !ok {
			return o, false
		}
		o, t = list(table.AddrType()), table.Elem
	case ops.RuleStructAtomicRMW, ops.RuleStructAtomicXchg, ops.RuleStructAtomicCmpxchg:
		if !s.typeAt(in.Index, module.Struct) || in.Index2 >= s.types.NumFields(in.Index) {
			return o, false
		}
		o, t = list(s.refTo(in.Index)), s.types.Field(in.Index, in.Index2).Type
	case ops.RuleArrayAtomicRMW, ops.RuleArrayAtomicXchg, ops.RuleArrayAtomicCmpxchg:
		if !s.typeAt(in.Index, module.Array) {
			return o, false
		}
		o, t = list(s.refTo(in.Index), ops.I32), s.types.Elem(in.Index).Type
	default:
		return o, false
	}
	switch row.Rule {
	case ops.RuleTableAtomicGet:
		return o, true
	case ops.RuleGlobalAtomicCmpxchg, ops.RuleTableAtomicCmpxchg, ops.RuleStructAtomicCmpxchg, ops.RuleArrayAtomicCmpxchg:
		expected := t
		if t.IsRef() {
			expected = ops.EqRef
			if !s.types.Match(t, ops.EqRef) {
				expected = ops.HeapEq.WithShared().RefNull()
			}
		}
		return o.then(expected, t), true
	}
	return o.then(t), true
}

// takesContinuation is takes for stack switching.
func (s *scope) takesContinuation(in *ops.Instr, row *ops.Row) (o operands, ok bool) {
	if !s.typeAt(in.Index, module.Cont) {
		return o, false
	}
	ref, ft := s.refTo(in.Index), s.types.Cont(in.Index)
	params := s.types.Params(ft)
	switch row.Rule {
	case ops.RuleContNew:
		return list(s.refTo(ft)), true
	case ops.RuleContBind:
		if !s.typeAt(in.Index2, module.Cont) {
			return o, false
		}
		rest := s.types.Params(s.types.Cont(in.Index2))
		if len(rest) > len(params) {
			return o, false
		}
		return operands{low: params[:len(params)-len(rest)]}.then(ref), true
	case ops.RuleResume:
		return operands{low: params}.then(ref), true
	case ops.RuleResumeThrow:
		if int64(in.Index2) >= int64(s.NumTags()) {
			return o, false
		}
		o, ok = s.function(s.Tag(in.Index2))
		return o.then(ref), ok
	case ops.RuleResumeThrowRef:
		return list(ops.ExnRef, ref), true
	case ops.RuleSwitch:
		if len(params) == 0 {
			return o, false
		}
		return operands{low: params[:len(params)-1]}.then(ref), true
	}
	return o, false
}

// fits reports whether an operand of type have may stand where want is wanted.
func (s *scope) fits(have, want ops.ValType) bool {
	switch {
	case have == ops.Bot || want == anyType:
		return true
	case want == anyRef:
		return have.IsRef()
	case want == anyNumber:
		return !have.IsRef()
	}
	if s.types.Match(have, want) {
		return true
	}
	// Some operators take the shared form of an abstract reference, too.
	switch want {
	case ops.EqRef, ops.I31Ref, ops.ArrayRef, ops.ExternRef, ops.AnyRef:
		return s.types.Match(have, want.Heap().WithShared().RefNull())
	}
	return false
}

// fitAt reports whether the operands on the stack, from the one at depth on
// downwards, are those wanted.
func (s *scope) fitAt(depth int, want operands) bool {
	n := want.len()
	for i := range n {
		t, err := s.operand(depth + i)
		if err != nil || !s.fits(t, want.at(n-1-i)) {
			return false
		}
	}
	return true
}
