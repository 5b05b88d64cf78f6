package generate

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// planReference plans the reference, cast and branching reference instructions.
func (b *body) planReference(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleRefNull:
		t, ok := b.anyRef()
		in.Type[0] = t.AsNull()
		return nil, ok, true
	case ops.RuleRefIsNull, ops.RuleRefAsNonNull:
		t, ok := b.anyRef()
		return []ops.ValType{t}, ok, true
	case ops.RuleRefFunc:
		in.Index, ok = b.some(len(b.funcs), b.m.FuncDeclared)
		return nil, ok, true
	case ops.RuleRefEq:
		if b.one(4) && b.has(ops.SharedEverythingThreads) {
			return twice(ops.HeapEq.WithShared().RefNull()), true, true
		}
		return twice(ops.EqRef), true, true
	case ops.RuleRefI31, ops.RuleRefI31Shared:
		return []ops.ValType{ops.I32}, true, true
	case ops.RuleI31Get:
		return []ops.ValType{b.maybeShared(ops.HeapI31)}, true, true
	case ops.RuleAnyConvertExtern:
		return []ops.ValType{b.maybeShared(ops.HeapExtern)}, true, true
	case ops.RuleExternConvertAny:
		return []ops.ValType{b.maybeShared(ops.HeapAny)}, true, true
	case ops.RuleBrOnNull:
		t, ok := b.anyRef()
		return with(b.label(int(in.Index)), t.AsNull()), ok, true
	case ops.RuleBrOnNonNull:
		t, ok := b.refTarget(in)
		return with(t.rest, t.last.AsNull()), ok, true
	case ops.RuleRefTest, ops.RuleRefCast:
		t, ok := b.anyRef()
		in.Type[0] = t.NonNull()
		if row := in.Op.Row(); row.Name != row.Keyword() { // the form with null
			in.Type[0] = t.AsNull()
		}
		return []ops.ValType{b.top(t)}, ok, true
	case ops.RuleBrOnCast, ops.RuleBrOnCastFail:
		operands, ok = b.castBranch(in)
		return operands, ok, true
	}
	return b.planDescriptor(rule, in)
}

// anyRef returns a reference type that the features allow as that of a value.
func (b *body) anyRef() (ops.ValType, bool) {
	t, ok := b.refType(b.types.Shared(b.typeIdx), uint32(b.types.Len()))
	return t, ok && b.has(t.Needs())
}

// maybeShared returns the nullable reference to the heap type, or to its shared
// form.
func (b *body) maybeShared(h ops.HeapType) ops.ValType {
	if b.has(ops.SharedEverythingThreads) && b.one(4) {
		h = h.WithShared()
	}
	return h.RefNull()
}

// top returns the nullable reference to the greatest heap type that t matches.
func (b *body) top(t ops.ValType) ops.ValType {
	return b.types.Top(b.types.CanonVal(t).Heap()).RefNull()
}

// lastRef is what a label takes whose types end with a reference.
type lastRef struct {
	rest []ops.ValType
	last ops.ValType
}

// refTarget sets in.Index to a label whose types end with a reference. Where there
// is none it opens a block with such a label.
func (b *body) refTarget(in *ops.Instr) (lastRef, bool) {
	ends := func(i uint32) bool {
		list := b.label(int(i))
		return len(list) > 0 && list[len(list)-1].IsRef()
	}
	i, ok := b.some(b.a.ControlStackHeight(), ends)
	if !ok {
		t, some := b.anyRef()
		if !some || !b.open(ops.BlockResult(t)) {
			return lastRef{}, false
		}
		i = 0
	}
	in.Index = i
	list := b.label(int(i))
	n := len(list) - 1
	return lastRef{list[:n], list[n]}, true
}

// castBranch makes the types of a cast that branches: the target is a subtype of
// the source, and a label takes what the branch carries.
func (b *body) castBranch(in *ops.Instr) (operands []ops.ValType, ok bool) {
	to, ok := b.anyRef()
	if !ok || b.top(to).Heap().Abs() == ops.HeapCont {
		return nil, false
	}
	from := b.above(to)
	carried := to
	if in.Op == ops.BrOnCastFail || in.Op == ops.BrOnCastDescEqFail {
		carried = from
		if to.Nullable() {
			carried = from.NonNull()
		}
	}
	in.Type = [2]ops.ValType{from, to}
	l, _, ok := b.target([]ops.ValType{carried})
	in.Index = l
	return []ops.ValType{from}, ok
}

// above returns a supertype of t: the top of its hierarchy, its declared supertype,
// or t itself.
func (b *body) above(t ops.ValType) ops.ValType {
	switch i, concrete := t.Heap().Index(); b.below(3) {
	case 0:
		if concrete {
			if super, ok := b.types.Super(i); ok {
				return ref(super)
			}
		}
	case 1:
		return t
	}
	return b.top(t)
}

// described returns a structure type that has a descriptor type.
func (b *body) described() (i, descriptor uint32, ok bool) {
	i, ok = b.someType(module.Struct, func(i uint32) bool {
		_, ok := b.types.Descriptor(i)
		return ok
	})
	if ok {
		descriptor, _ = b.types.Descriptor(i)
	}
	return i, descriptor, ok
}

// planDescriptor plans the instructions of custom descriptors.
func (b *body) planDescriptor(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleStructNewDesc, ops.RuleStructNewDefaultDesc, ops.RuleRefGetDesc, ops.RuleRefCastDesc,
		ops.RuleBrOnCastDesc, ops.RuleBrOnCastDescFail:
	default:
		return nil, false, false
	}
	i, d, ok := b.described()
	if !ok {
		return nil, false, true
	}
	exact := ops.IndexHeap(d).WithExact().RefNull()
	in.Index = i
	switch rule {
	case ops.RuleStructNewDesc:
		return with(b.types.FieldOperands(i), exact), true, true
	case ops.RuleStructNewDefaultDesc:
		return []ops.ValType{exact}, b.types.Defaultable(i), true
	case ops.RuleRefGetDesc:
		return []ops.ValType{ref(i)}, true, true
	}
	target, descriptor := ops.IndexHeap(i), ref(d)
	if b.one(2) {
		target, descriptor = target.WithExact(), exact
	}
	if rule == ops.RuleRefCastDesc {
		in.Type[0] = target.Ref()
		if row := in.Op.Row(); row.Name != row.Keyword() {
			in.Type[0] = target.RefNull()
		}
		return []ops.ValType{b.top(target.RefNull()), descriptor}, true, true
	}
	to, from := target.Ref(), b.top(target.RefNull())
	carried := to
	if rule == ops.RuleBrOnCastDescFail {
		carried = from
	}
	in.Type = [2]ops.ValType{from, to}
	in.Index, _, ok = b.target([]ops.ValType{carried})
	return []ops.ValType{from, descriptor}, ok, true
}
