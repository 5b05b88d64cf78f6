package generate

import (
	"fmt"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// external is an import; its type stands in the index space of its kind.
type external struct {
	module, name string
	kind         module.ExternKind
	index        int
	exact        bool // custom-descriptors: of a function
}

type table struct {
	module.TableType
	init []byte // the expression of its elements; nil for null
}

type global struct {
	module.GlobalType
	init []byte // nil for an import
}

type export struct {
	name  string
	kind  module.ExternKind
	index uint32
}

// elem is an element segment; flags are the number in front of it.
type elem struct {
	flags  uint32
	table  uint32
	offset []byte
	typ    ops.ValType
	funcs  []uint32
	exprs  [][]byte
}

// data is a data segment; flags are the number in front of it.
type data struct {
	flags  uint32
	memory uint32
	offset []byte
	bytes  []byte
}

// declare makes everything but the function bodies.
func (p *program) declare() {
	p.declareTypes()
	p.declareImports()
	for range p.Funcs {
		p.funcs = append(p.funcs, pick(p.choices, p.byKind[module.Func]))
	}
	for p.room(len(p.tables), ops.ReferenceTypes) {
		p.tables = append(p.tables, p.table())
	}
	for p.room(len(p.memories), ops.MultiMemory) {
		p.memories = append(p.memories, p.memoryType())
	}
	p.declareTags()
	p.declareGlobals()
	p.declareExports()
	if p.one(3) {
		p.declareStart()
	}
	p.declareElems()
	p.declareDatas()
	p.declareCustoms()
}

// room reports whether to add another table or memory to the n there are. Without
// the proposal there can be one.
func (p *program) room(n int, several ops.Features) bool {
	switch {
	case n == 0:
		return !p.one(12)
	case !p.has(several):
		return false
	}
	return n < 5 && !p.one(3)
}

func (p *program) declareImports() {
	kinds := []module.ExternKind{module.ExternFunc, module.ExternTable, module.ExternMemory, module.ExternGlobal, module.ExternGlobal, module.ExternTag}
	name := "env"
	for n := range p.below(8) {
		if p.one(3) {
			name = p.text()
		}
		kind := pick(p.choices, kinds)
		x := external{module: name, name: fmt.Sprint(n, p.text()), kind: kind}
		if p.declareImport(&x) {
			p.imports = append(p.imports, x)
		}
	}
	p.importCallees()
	p.importedFuncs, p.importedTables, p.importedMemories = len(p.funcs), len(p.tables), len(p.memories)
	p.importedGlobals, p.importedTags = len(p.globals), len(p.tags)
	p.compact = p.has(ops.CompactImports) && p.one(2)
}

// declareImport makes the type of an import and adds it to its index space, if the
// features allow such an import.
func (p *program) declareImport(x *external) bool {
	switch x.kind {
	case module.ExternFunc:
		x.index, x.exact = len(p.funcs), p.has(ops.CustomDescriptors) && p.one(3)
		p.funcs = append(p.funcs, pick(p.choices, p.byKind[module.Func]))
	case module.ExternTable:
		if len(p.tables) > 0 && !p.has(ops.ReferenceTypes) {
			return false
		}
		x.index = len(p.tables)
		p.tables = append(p.tables, table{TableType: p.tableType()})
	case module.ExternMemory:
		if len(p.memories) > 0 && !p.has(ops.MultiMemory) {
			return false
		}
		x.index = len(p.memories)
		p.memories = append(p.memories, p.memoryType())
	case module.ExternGlobal:
		x.index = len(p.globals)
		g := p.globalType()
		g.Mutable = g.Mutable && p.has(ops.MutableGlobal)
		p.globals = append(p.globals, global{GlobalType: g})
	default:
		t, ok := p.tagType()
		x.index = len(p.tags)
		if !ok {
			return false
		}
		p.tags = append(p.tags, t)
	}
	return true
}

// text returns a short name.
func (p *program) text() string {
	return pick(p.choices, []string{"", "a", "memory", "κόσμε", "x y", "\x00", "𝄞", "name"})
}

// limits makes limits of at most most.
func (p *program) limits(most uint64) module.Limits {
	l := module.Limits{Min: uint64(p.below(4)), HasMax: p.one(2)}
	if p.one(20) {
		l.Min = most
	}
	if l.HasMax {
		l.Max = min(most, l.Min+uint64(p.below(20)))
	}
	return l
}

func (p *program) tableType() module.TableType {
	t := module.TableType{Elem: ops.FuncRef, Limits: p.limits(1000), Table64: p.has(ops.Memory64) && p.one(3)}
	if !p.has(ops.ReferenceTypes) {
		return t
	}
	t.Shared = p.has(ops.SharedEverythingThreads) && p.one(4)
	if !p.one(3) || t.Shared {
		e, ok := p.refType(t.Shared, uint32(p.types.Len()))
		if t.Shared = t.Shared && ok; ok {
			t.Elem = e
		}
	}
	return t
}

// table makes a table that the module defines.
func (p *program) table() table {
	t := table{TableType: p.tableType()}
	if !t.Elem.Defaultable() || p.has(ops.TypedRefs) && p.one(4) {
		init, ok := p.constExpr(t.Elem, p.importedGlobals)
		if ok {
			t.init = init
		} else {
			t.Elem = t.Elem.AsNull()
		}
	}
	return t
}

func (p *program) memoryType() module.MemoryType {
	m := module.MemoryType{Memory64: p.has(ops.Memory64) && p.one(3), PageSizeLog2: module.DefaultPageSizeLog2}
	if p.has(ops.CustomPageSizes) && p.one(4) {
		m.HasPageSize = true
		m.PageSizeLog2 = pick(p.choices, []uint8{0, module.DefaultPageSizeLog2})
	}
	m.Limits = p.limits(1 << 16)
	if m.Shared = p.has(ops.Threads) && p.one(3); m.Shared && !m.HasMax {
		m.HasMax, m.Max = true, m.Min
	}
	return m
}

// tagType returns a function type that a tag may have.
func (p *program) tagType() (uint32, bool) {
	if !p.has(ops.Tags) {
		return 0, false
	}
	for range 8 {
		t := pick(p.choices, p.byKind[module.Func])
		if p.has(ops.StackSwitching) || len(p.types.Results(t)) == 0 {
			return t, true
		}
	}
	return 0, true // which has neither parameters nor results
}

// declareTags makes a few tags, and one for each type that was made for one: such
// a type comes before that of a block which takes what its clause gives.
func (p *program) declareTags() {
	if !p.has(ops.Tags) {
		return
	}
	for range p.below(3) {
		if t, ok := p.tagType(); ok {
			p.tags = append(p.tags, t)
		}
	}
	for _, t := range p.byKind[module.Func] {
		results := len(p.types.Results(t))
		if len(p.tags) < 12 && (results == 0 || p.has(ops.StackSwitching)) && p.one(2) {
			p.tags = append(p.tags, t)
		}
	}
}

func (p *program) globalType() module.GlobalType {
	g := module.GlobalType{Mutable: p.one(2)}
	g.Shared = p.has(ops.SharedEverythingThreads) && p.one(3)
	g.Type = p.valType(g.Shared, uint32(p.types.Len()))
	return g
}

// declareGlobals makes globals; among them is a mutable one of each type that the
// atomic operators need.
func (p *program) declareGlobals() {
	for range 2 + p.below(8) {
		p.addGlobal(p.globalType())
	}
	if p.has(ops.SharedEverythingThreads) {
		for _, t := range []ops.ValType{ops.I32, ops.I64, ops.AnyRef, ops.EqRef} {
			if p.has(t.Needs()) {
				p.addGlobal(module.GlobalType{Type: t, Mutable: true})
			}
		}
	}
}

func (p *program) addGlobal(g module.GlobalType) {
	init, ok := p.constExpr(g.Type, len(p.globals))
	if !ok {
		g.Type, g.Shared = ops.I32, false
		init, _ = p.constExpr(g.Type, len(p.globals))
	}
	p.globals = append(p.globals, global{g, init})
}

func (p *program) declareExports() {
	counts := map[module.ExternKind]int{
		module.ExternFunc: len(p.funcs), module.ExternTable: len(p.tables), module.ExternMemory: len(p.memories),
		module.ExternGlobal: len(p.globals), module.ExternTag: len(p.tags),
	}
	for n := range p.below(10) {
		kind := module.ExternKind(p.below(len(counts)))
		if counts[kind] == 0 {
			continue
		}
		x := export{name: fmt.Sprint(p.text(), n), kind: kind, index: uint32(p.below(counts[kind]))}
		if kind == module.ExternGlobal && p.globals[x.index].Mutable && !p.has(ops.MutableGlobal) {
			continue
		}
		p.exports = append(p.exports, x)
	}
}

// declareStart names a start function, if there is one that takes and leaves
// nothing.
func (p *program) declareStart() {
	for i, t := range p.funcs {
		if len(p.types.Params(t)) == 0 && len(p.types.Results(t)) == 0 {
			p.start = i
		}
	}
}

func (p *program) declareElems() {
	for range p.below(8) {
		if e, ok := p.elem(); ok {
			p.elems = append(p.elems, e)
		}
	}
}

// The bits of the number in front of an element segment.
//
// Specification: 5.5.12 "Element Section".
const (
	elemNotActive = 1
	elemExplicit  = 2
	elemExprs     = 4
)

// elem makes a segment of one of the eight forms.
func (p *program) elem() (e elem, ok bool) {
	if p.has(ops.BulkMemory | ops.ReferenceTypes) {
		e.flags = uint32(p.below(8))
	}
	e.typ = ops.HeapFunc.Ref()
	if e.flags&elemExprs != 0 {
		e.typ = ops.FuncRef
		if e.flags&(elemNotActive|elemExplicit) != 0 {
			if t, ok := p.refType(p.one(6) && p.has(ops.SharedEverythingThreads), uint32(p.types.Len())); ok {
				e.typ = t
			}
		}
	}
	if e.flags&elemNotActive == 0 && !p.activate(&e) {
		return e, false
	}
	for range p.below(5) {
		if e.flags&elemExprs == 0 {
			e.funcs = append(e.funcs, uint32(p.below(len(p.funcs))))
		} else if x, ok := p.constExpr(e.typ, len(p.globals)); ok {
			e.exprs = append(e.exprs, x)
		}
	}
	return e, true
}

// activate finds a table for an active segment, and makes the offset.
func (p *program) activate(e *elem) bool {
	var fit []uint32
	for i, t := range p.tables {
		if p.matches(e.typ, t.Elem) && (e.flags&elemExplicit != 0 || i == 0) {
			fit = append(fit, uint32(i))
		}
	}
	if len(fit) == 0 || len(p.funcs) == 0 {
		return false
	}
	e.table = pick(p.choices, fit)
	var ok bool
	e.offset, ok = p.constExpr(p.tables[e.table].AddrType(), len(p.globals))
	return ok
}

// matches reports whether a value of type sub may stand where super is wanted.
func (p *program) matches(sub, super ops.ValType) bool {
	return p.types.Match(p.types.CanonVal(sub), p.types.CanonVal(super))
}

func (p *program) declareDatas() {
	for range p.below(5) {
		d := data{bytes: make([]byte, p.below(20))}
		for i := range d.bytes {
			d.bytes[i] = byte(p.below(256))
		}
		if p.has(ops.BulkMemory) {
			d.flags = uint32(p.below(3))
		}
		if d.flags != 1 {
			if len(p.memories) == 0 {
				continue
			}
			if d.flags == 2 {
				d.memory = uint32(p.below(len(p.memories)))
			}
			d.offset, _ = p.constExpr(p.memories[d.memory].AddrType(), len(p.globals))
		}
		p.datas = append(p.datas, d)
	}
}

// declareCustoms makes custom sections in front of a few others: names, and bytes
// that mean nothing.
func (p *program) declareCustoms() {
	p.customs = map[module.SectionID][]byte{}
	for _, id := range sectionOrder {
		if !p.one(8) {
			continue
		}
		var content enc
		content.name(p.text() + "!")
		for range p.below(8) {
			content.byte(byte(p.below(256)))
		}
		p.customs[id] = append(p.customs[id], frame(module.SectionCustom, content.b)...)
	}
	if p.one(2) {
		p.customs[sectionEnd] = append(p.customs[sectionEnd], frame(module.SectionCustom, p.names())...)
	}
}

// names returns the contents of a name section that names the module and its
// functions.
//
// Specification: 7.4.1 "Name Section".
func (p *program) names() []byte {
	var content, of, list enc
	content.name("name")
	of.name(p.text())
	content.b = slices.Concat(content.b, frame(0, of.b))
	list.uint(uint64(len(p.funcs)))
	for i := range p.funcs {
		list.uint(uint64(i))
		list.name(fmt.Sprint("f", i))
	}
	return slices.Concat(content.b, frame(1, list.b))
}
