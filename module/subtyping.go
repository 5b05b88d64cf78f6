package module

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
)

// SubtypeOf reports whether type sub is type super or was declared, through any
// number of steps, to be a subtype of it. It takes constant time.
//
// Every type has a pointer to an ancestor further up; the distances are those
// of a skew-binary number, so that any ancestor is a few jumps away, at most
// twice the logarithm of MaxSubtypeDepth.
//
// Specification: 3.3.10 "Defined Types" of "Matching".
func (t *Types) SubtypeOf(sub, super uint32) bool {
	i, j := t.defs[sub].canon, t.defs[super].canon
	if i == j {
		return true
	}
	depth := t.defs[j].depth
	for {
		d := &t.defs[i]
		if d.depth <= depth {
			return i == j
		}
		if i = d.super; t.defs[d.jump].depth >= depth {
			i = d.jump
		}
	}
}

// jumpBelow returns the jump pointer of a type whose supertype is super.
func (t *Types) jumpBelow(super uint32) uint32 {
	p := &t.defs[super]
	j := &t.defs[p.jump]
	if p.depth-j.depth == j.depth-t.defs[j.jump].depth {
		return j.jump
	}
	return super
}

// Match reports whether value type sub matches value type super: whether a sub
// may stand where a super is wanted. Both must mention representatives only.
// Bot matches every type.
//
// Specification: 3.3 "Matching".
func (t *Types) Match(sub, super ops.ValType) bool {
	return sub == super || sub == ops.Bot || t.matchRef(sub, super)
}

func (t *Types) matchRef(sub, super ops.ValType) bool {
	return sub.IsRef() && super.IsRef() && (super.Nullable() || !sub.Nullable()) &&
		t.MatchHeap(sub.Heap(), super.Heap())
}

// MatchHeap reports whether heap type sub matches heap type super. Both must
// mention representatives only. HeapBot matches every heap type.
//
// Specification: 3.3.3 "Heap Types" of "Matching".
func (t *Types) MatchHeap(sub, super ops.HeapType) bool {
	if sub == super || sub.Abs() == ops.HeapBot {
		return true
	}
	i, subDefined := sub.Index()
	j, superDefined := super.Index()
	switch {
	case subDefined && superDefined:
		if super.Exact() {
			return sub.Exact() && t.defs[i].canon == t.defs[j].canon
		}
		return t.SubtypeOf(i, j)
	case subDefined:
		d := &t.defs[i]
		return super.Shared() == (d.flags&flagShared != 0) && matchAbs(abstraction[d.kind], super.Abs())
	case superDefined:
		d := &t.defs[j]
		return sub.Shared() == (d.flags&flagShared != 0) && bottoms[sub.Abs()] != 0 &&
			matchAbs(abstraction[d.kind], bottoms[sub.Abs()])
	}
	return (sub.BotShare() || sub.Shared() == super.Shared()) && matchAbs(sub.Abs(), super.Abs())
}

// abstraction is the abstract heap type right above the defined types of a kind.
var abstraction = [...]ops.HeapType{
	Func: ops.HeapFunc, Struct: ops.HeapStruct, Array: ops.HeapArray, Cont: ops.HeapCont,
}

// bottoms maps the least heap type of each hierarchy to the greatest.
var bottoms = [ops.HeapNoCont + 1]ops.HeapType{
	ops.HeapNone:     ops.HeapAny,
	ops.HeapNoFunc:   ops.HeapFunc,
	ops.HeapNoExtern: ops.HeapExtern,
	ops.HeapNoExn:    ops.HeapExn,
	ops.HeapNoCont:   ops.HeapCont,
}

// tops maps each abstract heap type to the greatest of its hierarchy.
var tops = [ops.HeapNoCont + 1]ops.HeapType{
	ops.HeapAny: ops.HeapAny, ops.HeapEq: ops.HeapAny, ops.HeapI31: ops.HeapAny,
	ops.HeapStruct: ops.HeapAny, ops.HeapArray: ops.HeapAny, ops.HeapNone: ops.HeapAny,
	ops.HeapFunc: ops.HeapFunc, ops.HeapNoFunc: ops.HeapFunc,
	ops.HeapExtern: ops.HeapExtern, ops.HeapNoExtern: ops.HeapExtern,
	ops.HeapExn: ops.HeapExn, ops.HeapNoExn: ops.HeapExn,
	ops.HeapCont: ops.HeapCont, ops.HeapNoCont: ops.HeapCont,
}

// matchAbs is matching between abstract heap types, sharing apart.
func matchAbs(sub, super ops.HeapType) bool {
	if sub == super {
		return true
	}
	top := bottoms[sub]
	if top != 0 {
		return tops[super] == top
	}
	switch super {
	case ops.HeapAny:
		return tops[sub] == ops.HeapAny
	case ops.HeapEq:
		return sub == ops.HeapI31 || sub == ops.HeapStruct || sub == ops.HeapArray
	}
	return false
}

// Top returns the greatest heap type that h matches: any, func, extern, exn or
// cont, shared if h is. For HeapBot it is HeapBot.
func (t *Types) Top(h ops.HeapType) ops.HeapType {
	i, ok := h.Index()
	if !ok {
		top := tops[h.Abs()]
		if h.Shared() {
			top = top.WithShared()
		}
		return top
	}
	d := &t.defs[i]
	top := tops[abstraction[d.kind]]
	if d.flags&flagShared != 0 {
		top = top.WithShared()
	}
	return top
}

// ValShared reports whether values of type v may be shared between threads:
// numbers and vectors always, references when their heap type says so.
func (t *Types) ValShared(v ops.ValType) bool {
	if !v.IsRef() {
		return true
	}
	if i, ok := v.Heap().Index(); ok {
		return t.Shared(i)
	}
	return v.Heap().Shared() || v.Heap().Abs() == ops.HeapBot
}

// matchClauses checks the custom-descriptors clauses of d against those of its
// declared supertype, whose index is written.
func (t *Types) matchClauses(d, super *def, written uint32) error {
	if d.flags&flagDescribes != super.flags&flagDescribes {
		return fmt.Errorf("sub type %d does not match super type %d: only one of them describes a type", d.canon, written)
	}
	if d.flags&flagDescribes != 0 && !t.declaredBelow(d.describes, super.describes) {
		return fmt.Errorf("described type %d does not match %d", d.describes, super.describes)
	}
	if super.flags&flagDescriptor == 0 {
		return nil
	}
	if d.flags&flagDescriptor == 0 {
		return fmt.Errorf("sub type %d does not match super type %d: it has no descriptor", d.canon, written)
	}
	if !t.declaredBelow(d.descriptor, super.descriptor) {
		return fmt.Errorf("descriptor type %d does not match %d", d.descriptor, super.descriptor)
	}
	return nil
}

// declaredBelow is SubtypeOf for a type that may not have been placed yet: one
// that lies further on in the group now being checked.
func (t *Types) declaredBelow(sub, super uint32) bool {
	for steps := 0; sub != super && steps <= MaxSubtypeDepth; steps++ {
		d := &t.defs[sub]
		if d.flags&flagSuper == 0 {
			return false
		}
		sub = d.super
	}
	return sub == super
}

// matchComposite reports whether the composite type of d matches that of its
// declared supertype.
//
// Specification: 3.3.8 "Composite Types" of "Matching".
func (t *Types) matchComposite(d, super *def) bool {
	if d.kind != super.kind || d.flags&flagShared != super.flags&flagShared {
		return false
	}
	switch d.kind {
	case Func:
		return d.n1 == super.n1 && d.n2 == super.n2 &&
			t.matchLists(super.list, d.list, d.n1) &&
			t.matchLists(d.list+d.n1, super.list+super.n1, d.n2)
	case Cont:
		return t.declaredBelow(d.n1, super.n1)
	}
	if d.n1 < super.n1 {
		return false
	}
	fields := t.fields[d.n2:]
	for i, f := range t.fields[super.n2 : super.n2+super.n1] {
		if !t.matchField(fields[i], f) {
			return false
		}
	}
	return true
}

// matchLists compares the n types that begin at sub and super in the arena.
func (t *Types) matchLists(sub, super, n uint32) bool {
	for k := range n {
		if !t.matchUnplaced(t.lists[sub+k], t.lists[super+k]) {
			return false
		}
	}
	return true
}

// matchField is matching of field types: covariant when immutable, otherwise
// equal.
func (t *Types) matchField(sub, super Field) bool {
	if sub.Mutable != super.Mutable {
		return false
	}
	return sub.Type == super.Type || !sub.Mutable && t.matchUnplaced(sub.Type, super.Type)
}

// matchUnplaced is Match for types that may mention a type of the group now
// being checked, whose place below its supertype is not yet known.
func (t *Types) matchUnplaced(sub, super ops.ValType) bool {
	if sub == super {
		return true
	}
	if sub.IsRef() && super.IsRef() {
		i, subDefined := sub.Heap().Index()
		j, superDefined := super.Heap().Index()
		switch {
		case !subDefined || !superDefined:
		case sub.Nullable() && !super.Nullable():
			return false
		case super.Heap().Exact():
			return sub.Heap() == super.Heap()
		default:
			return t.declaredBelow(i, j)
		}
	}
	return t.Match(sub, super)
}
