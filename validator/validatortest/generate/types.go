package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// group is one recursion group, as it is written.
type group struct {
	types    []module.SubType
	explicit bool // as a recursion group, even if it has one member
}

// declareTypes makes the type section: a few function types that nearly every
// module has, random groups, and the types that some operators need to be of use.
func (p *program) declareTypes() {
	p.types = module.NewTypes()
	p.types.Allow(p.features)
	p.addFunc(nil, nil)
	p.addFunc(nil, []ops.ValType{ops.I32})
	for range 3 + p.below(8) {
		p.addRandomGroup()
	}
	if p.has(ops.GC | ops.GCTypes) {
		p.addAccessible()
	}
	p.addCallees()
	p.addClauseTypes()
	if p.has(ops.StackSwitching | ops.GCTypes | ops.TypedRefs | ops.MultiValue) {
		p.addContinuations()
	}
}

// addGroup adds a group if its types are well-formed.
func (p *program) addGroup(g group) bool {
	first := uint32(p.types.Len())
	if p.types.AddGroup(g.types) != nil {
		return false
	}
	p.groups = append(p.groups, g)
	for i, t := range g.types {
		p.byKind[t.Kind] = append(p.byKind[t.Kind], first+uint32(i))
	}
	return true
}

// add adds one type outside of any group, and returns its index.
func (p *program) add(t module.SubType) (uint32, bool) {
	index := uint32(p.types.Len())
	return index, p.addGroup(group{types: []module.SubType{t}, explicit: p.has(ops.GC) && p.one(8)})
}

func (p *program) addFunc(params, results []ops.ValType) (uint32, bool) {
	return p.add(module.SubType{Kind: module.Func, Final: true, Params: params, Results: results})
}

// addRandomGroup adds a group whose types refer to each other where the features
// allow it.
func (p *program) addRandomGroup() {
	for range 8 {
		first := uint32(p.types.Len())
		g := group{types: make([]module.SubType, 1)}
		if p.has(ops.GC) {
			g.types = make([]module.SubType, 1+p.below(3))
			g.explicit = len(g.types) > 1 || p.one(4)
		}
		bound := first // the types that may be referred to
		if p.has(ops.GC) {
			bound += uint32(len(g.types))
		}
		for i := range g.types {
			g.types[i] = p.subType(first, first+uint32(i), bound)
		}
		if p.has(ops.CustomDescriptors|ops.GC|ops.GCTypes) && p.one(3) {
			p.describe(&g, first)
		}
		if p.addGroup(g) {
			return
		}
	}
}

// describe makes the first two types of the group structures, the second of which
// describes the first.
func (p *program) describe(g *group, first uint32) {
	g.explicit = true
	for len(g.types) < 2 {
		g.types = append(g.types, module.SubType{})
	}
	shared := g.types[0].Shared
	for i := range 2 {
		g.types[i] = module.SubType{Kind: module.Struct, Final: p.one(2), Shared: shared, Fields: p.fields(shared, first)}
	}
	g.types[0].HasDescriptor, g.types[0].Descriptor = true, first+1
	g.types[1].HasDescribes, g.types[1].Describes = true, first
}

// subType makes the definition of the type at an index. It may extend a type in
// front of its group, which begins at first, and refer to those below bound.
func (p *program) subType(first, index, bound uint32) module.SubType {
	if p.has(ops.GC) && p.one(3) {
		if t, ok := p.extend(first); ok {
			return t
		}
	}
	t := module.SubType{Final: true, Kind: module.Func}
	if p.has(ops.GC) {
		t.Final = p.one(2)
	}
	if p.has(ops.GC | ops.GCTypes) {
		t.Kind = pick(p.choices, []module.CompositeKind{module.Func, module.Struct, module.Array})
	}
	t.Shared = p.has(ops.SharedEverythingThreads|ops.GC) && p.one(4)
	if funcs := p.byKind[module.Func]; p.has(ops.StackSwitching|ops.GCTypes) && p.one(4) {
		t.Kind, t.Cont = module.Cont, pick(p.choices, funcs)
		t.Shared = p.types.Shared(t.Cont)
	}
	switch t.Kind {
	case module.Func:
		t.Params, t.Results = p.valTypes(4, t.Shared, bound), p.valTypes(3, t.Shared, bound)
		if !p.has(ops.MultiValue) {
			t.Results = t.Results[:min(1, len(t.Results))]
		}
	case module.Struct:
		t.Fields = p.fields(t.Shared, bound)
	case module.Array:
		t.Fields = []module.Field{p.field(t.Shared, bound)}
	}
	return t
}

// extend makes a subtype of a type in front of the type at first that is not
// final.
func (p *program) extend(first uint32) (module.SubType, bool) {
	super := uint32(p.below(int(first)))
	if p.types.Final(super) {
		return module.SubType{}, false
	}
	t := p.written(super)
	t.Super, t.NumSupers, t.Final = super, 1, p.one(3)
	t.HasDescriptor, t.HasDescribes = false, false
	switch t.Kind {
	case module.Struct:
		if p.one(2) {
			t.Fields = append(slices.Clone(t.Fields), p.fields(t.Shared, first)...)
		}
	case module.Func:
		t.Results = slices.Clone(t.Results)
		for i, r := range t.Results {
			if r.IsRef() && p.has(ops.TypedRefs) {
				t.Results[i] = r.NonNull()
			}
		}
	}
	return t, true
}

// written returns the definition of a type as it is written.
func (p *program) written(index uint32) module.SubType {
	for _, g := range p.groups {
		if int64(index) < int64(len(g.types)) {
			return g.types[index]
		}
		index -= uint32(len(g.types))
	}
	return module.SubType{}
}

func (p *program) fields(shared bool, bound uint32) []module.Field {
	list := make([]module.Field, p.below(4))
	for i := range list {
		list[i] = p.field(shared, bound)
	}
	return list
}

func (p *program) field(shared bool, bound uint32) module.Field {
	t := p.valType(shared, bound)
	if p.one(4) {
		t = pick(p.choices, []ops.ValType{ops.I8, ops.I16})
	}
	return module.Field{Type: t, Mutable: !p.one(3)}
}

func (p *program) valTypes(most int, shared bool, bound uint32) []ops.ValType {
	list := make([]ops.ValType, p.below(most+1))
	for i := range list {
		list[i] = p.valType(shared, bound)
	}
	return list
}

// valType returns a value type that refers to types below bound, and is shared if
// that is asked for.
func (p *program) valType(shared bool, bound uint32) ops.ValType {
	if p.below(16) < 7 {
		if t, ok := p.refType(shared, bound); ok && p.has(t.Needs()) {
			return t
		}
	}
	for range 4 {
		t := pick(p.choices, []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64, ops.V128})
		if p.has(t.Needs()) {
			return t
		}
	}
	return ops.I32
}

// heaps are the abstract heap types.
var heaps = []ops.HeapType{
	ops.HeapFunc, ops.HeapExtern, ops.HeapAny, ops.HeapEq, ops.HeapI31, ops.HeapStruct,
	ops.HeapArray, ops.HeapExn, ops.HeapCont, ops.HeapNone, ops.HeapNoFunc, ops.HeapNoExtern,
	ops.HeapNoExn, ops.HeapNoCont,
}

// refType returns a reference type that refers to types below bound. It may need
// ReferenceTypes where it stands for a value, and nothing else that is off.
func (p *program) refType(shared bool, bound uint32) (ops.ValType, bool) {
	for range 8 {
		h := pick(p.choices, heaps)
		if bound > 0 && p.one(2) {
			h = ops.IndexHeap(uint32(p.below(int(bound))))
			if p.one(6) && p.has(ops.CustomDescriptors) {
				h = h.WithExact()
			}
		} else if shared || p.has(ops.SharedEverythingThreads) && p.one(6) {
			h = h.WithShared()
		}
		t := h.RefNull()
		if p.one(3) {
			t = h.Ref()
		}
		i, concrete := h.Index()
		if p.features.Missing(t.Needs())&^ops.ReferenceTypes != 0 || shared && concrete && !p.sharedType(i) {
			continue
		}
		return t, true
	}
	return ops.FuncRef, !shared
}

// sharedType reports whether the type at an index, which may be to come, is known
// to be shared.
func (p *program) sharedType(i uint32) bool {
	return int64(i) < int64(p.types.Len()) && p.types.Shared(i)
}

// addAccessible adds structures and arrays with a field of each kind that some
// operator needs, so that none of them depends on luck.
func (p *program) addAccessible() {
	elems := []ops.ValType{ops.I8, ops.I16, ops.I32, ops.I64, ops.AnyRef, ops.EqRef, ops.FuncRef}
	elems = slices.DeleteFunc(elems, func(t ops.ValType) bool { return !p.has(t.Needs()) })
	fields := make([]module.Field, len(elems))
	for i, t := range elems {
		fields[i] = module.Field{Type: t, Mutable: true}
	}
	p.add(module.SubType{Kind: module.Struct, Final: true, Fields: fields})
	for range 3 {
		p.add(module.SubType{Kind: module.Array, Final: true, Fields: fields[p.below(len(fields)):][:1]})
	}
}

// exceptionRef is what a catch clause gives.
var exceptionRef = ops.HeapExn.Ref()

// addClauseTypes adds function types for tags, and for each of them the types of
// blocks to whose labels a catch clause can branch.
func (p *program) addClauseTypes() {
	if !p.has(ops.Exceptions|ops.MultiValue) && !p.has(ops.LegacyExceptions|ops.MultiValue) {
		return
	}
	for range 1 + p.below(2) {
		params := p.valTypes(2, false, uint32(p.types.Len()))
		p.addFunc(params, nil)
		p.addFunc(nil, params)
		if p.has(exceptionRef.Needs()) {
			p.addFunc(nil, append(slices.Clone(params), exceptionRef))
		}
	}
}

// addContinuations adds types with which each operator of stack switching can be
// used: those of a tag from sent to back, of a continuation that ends with done,
// and of the blocks that handle it.
func (p *program) addContinuations() {
	bound := uint32(p.types.Len())
	sent, back, done := p.valTypes(1, false, bound), p.valTypes(1, false, bound), p.valTypes(1, false, bound)
	bind := p.valTypes(2, false, bound)

	p.addFunc(sent, back) // the tag
	rest := p.addCont(back, done)
	p.addCont(append(slices.Clone(bind), back...), done)
	p.addFunc(nil, append(slices.Clone(sent), rest))

	// A tag to switch with, and continuations that give way to each other.
	p.addFunc(nil, done)
	target := p.addCont(back, done)
	p.addCont(append(slices.Clone(sent), target), done)
}

// addCont adds a function type and the continuation type for it, and returns the
// reference to that.
func (p *program) addCont(params, results []ops.ValType) ops.ValType {
	f, ok := p.addFunc(params, results)
	if !ok {
		return ops.ContRef
	}
	c, ok := p.add(module.SubType{Kind: module.Cont, Final: true, Cont: f})
	if !ok {
		return ops.ContRef
	}
	return ops.IndexHeap(c).RefNull()
}
