package generate

import (
	"encoding/binary"
	"maps"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// sectionOrder lists the sections in the order of a module.
//
// Specification: 5.5.17 "Modules".
var sectionOrder = []module.SectionID{
	module.SectionType, module.SectionImport, module.SectionFunction, module.SectionTable,
	module.SectionMemory, module.SectionTag, module.SectionGlobal, module.SectionExport,
	module.SectionStart, module.SectionElement, module.SectionDataCount, module.SectionCode,
	module.SectionData,
}

// sectionEnd stands for the place behind all sections.
const sectionEnd module.SectionID = 0xFF

// site is a place in a module whose offset an error may name.
type site struct {
	section module.SectionID
	item    int // which of the section; -1 for the section itself
	part    part
}

// part is a part of an item.
type part uint8

const (
	whole   part = iota // where the item begins
	index               // the index that it consists of or ends with, or its type
	expr                // its constant expression, or the bytes of a function body
	element             // the first element of a segment
)

// enc is a piece of a module that is being written.
type enc struct {
	b     []byte
	sites map[site]int
}

func (e *enc) byte(b byte)       { e.b = append(e.b, b) }
func (e *enc) uint(v uint64)     { e.b = binary.AppendUvarint(e.b, v) }
func (e *enc) bytes(b []byte)    { e.b = append(e.b, b...) }
func (e *enc) name(s string)     { e.uint(uint64(len(s))); e.b = append(e.b, s...) }
func (e *enc) u32(v uint32)      { e.uint(uint64(v)) }
func (e *enc) typ(t ops.ValType) { e.b = ops.AppendValType(e.b, t) }

// here notes that the site is at what is written next.
func (e *enc) here(section module.SectionID, item int, p part) {
	if e.sites == nil {
		e.sites = map[site]int{}
	}
	e.sites[site{section, item, p}] = len(e.b)
}

// frame returns a section or subsection of the contents given.
func frame(id module.SectionID, content []byte) []byte {
	return append(binary.AppendUvarint([]byte{byte(id)}, uint64(len(content))), content...)
}

// encode returns the bytes of the module, and keeps where its parts are.
func (p *program) encode() []byte {
	out := enc{b: []byte("\x00asm\x01\x00\x00\x00"), sites: map[site]int{}}
	for _, id := range sectionOrder {
		out.bytes(p.customs[id])
		n, write := p.section(id)
		if n == 0 && id != p.emptySection {
			continue
		}
		var content enc
		if id != module.SectionStart && id != module.SectionDataCount {
			content.uint(uint64(n))
		}
		write(&content)
		out.here(id, -1, whole)
		out.byte(byte(id))
		out.uint(uint64(len(content.b)))
		for s, at := range maps.All(content.sites) {
			out.sites[s] = len(out.b) + at
		}
		out.bytes(content.b)
	}
	out.bytes(p.customs[sectionEnd])
	p.sites = out.sites
	return out.b
}

// section returns how many items a section has, and what writes them. A section
// without items is left out.
func (p *program) section(id module.SectionID) (n int, write func(*enc)) {
	switch id {
	case module.SectionType:
		return len(p.groups), p.writeTypes
	case module.SectionImport:
		return p.importItems(), p.writeImports
	case module.SectionFunction:
		return len(p.funcs) - p.importedFuncs, p.writeFuncs
	case module.SectionTable:
		return len(p.tables) - p.importedTables, p.writeTables
	case module.SectionMemory:
		return len(p.memories) - p.importedMemories, p.writeMemories
	case module.SectionTag:
		return len(p.tags) - p.importedTags, p.writeTags
	case module.SectionGlobal:
		return len(p.globals) - p.importedGlobals, p.writeGlobals
	case module.SectionExport:
		return len(p.exports), p.writeExports
	case module.SectionStart:
		return min(p.start+1, 1), func(e *enc) { e.here(id, 0, whole); e.u32(uint32(p.start)) }
	case module.SectionElement:
		return len(p.elems), p.writeElems
	case module.SectionDataCount:
		count := 0
		if p.has(ops.BulkMemory) {
			count = 1
		}
		return count, func(e *enc) { e.here(id, 0, whole); e.uint(uint64(len(p.datas) + p.dataCountOff)) }
	case module.SectionCode:
		return len(p.bodies), p.writeBodies
	default:
		return len(p.datas), p.writeDatas
	}
}

func (p *program) writeTypes(e *enc) {
	n := 0
	for _, g := range p.groups {
		if g.explicit || len(g.types) != 1 {
			e.byte(0x4e)
			e.uint(uint64(len(g.types)))
		}
		for i := range g.types {
			e.here(module.SectionType, n, whole)
			n++
			e.subType(&g.types[i])
		}
	}
}

// subType writes a type definition.
//
// Specification: 5.3.8 "Recursive Types".
func (e *enc) subType(t *module.SubType) {
	if !t.Final || t.NumSupers > 0 {
		e.byte(0x50)
		if t.Final {
			e.b[len(e.b)-1] = 0x4f
		}
		e.u32(t.NumSupers)
		for range t.NumSupers {
			e.u32(t.Super)
		}
	}
	if t.Shared {
		e.byte(0x65)
	}
	if t.HasDescribes {
		e.byte(0x4c)
		e.u32(t.Describes)
	}
	if t.HasDescriptor {
		e.byte(0x4d)
		e.u32(t.Descriptor)
	}
	switch t.Kind {
	case module.Func:
		e.byte(0x60)
		e.types(t.Params)
		e.types(t.Results)
	case module.Struct:
		e.byte(0x5f)
		e.uint(uint64(len(t.Fields)))
		e.fields(t.Fields)
	case module.Array:
		e.byte(0x5e)
		e.fields(t.Fields)
	case module.Cont:
		e.byte(0x5d)
		e.bytes(ops.AppendS64(nil, int64(t.Cont)))
	}
}

func (e *enc) types(list []ops.ValType) {
	e.uint(uint64(len(list)))
	for _, t := range list {
		e.typ(t)
	}
}

func (e *enc) fields(list []module.Field) {
	for _, f := range list {
		e.typ(f.Type)
		e.byte(bit(f.Mutable, 1))
	}
}

// bit returns b if it is set, and 0 otherwise.
func bit(set bool, b byte) byte {
	if set {
		return b
	}
	return 0
}

// compactRuns divides the imports into runs that are written as one item: with
// compact imports those from one module, otherwise each alone.
func (p *program) compactRuns() (runs [][]external) {
	for i, x := range p.imports {
		if i > 0 && p.compact && p.imports[i-1].module == x.module {
			runs[len(runs)-1] = append(runs[len(runs)-1], x)
		} else {
			runs = append(runs, []external{x})
		}
	}
	return runs
}

func (p *program) importItems() int { return len(p.compactRuns()) }

// writeImports writes the imports.
//
// Specification: 5.5.5 "Import Section"; compact-imports.
func (p *program) writeImports(e *enc) {
	n := 0
	for _, run := range p.compactRuns() {
		if e.here(module.SectionImport, n, whole); len(run) == 1 {
			e.name(run[0].module)
			e.name(run[0].name)
			p.writeExternType(e, n, run[0])
			n++
			continue
		}
		e.name(run[0].module)
		e.name("")
		e.byte(0x7f)
		e.uint(uint64(len(run)))
		for _, x := range run {
			e.here(module.SectionImport, n, whole)
			e.name(x.name)
			p.writeExternType(e, n, x)
			n++
		}
	}
}

func (p *program) writeExternType(e *enc, n int, x external) {
	e.byte(byte(x.kind) | bit(x.exact, 0x20))
	e.here(module.SectionImport, n, index)
	switch x.kind {
	case module.ExternFunc:
		e.u32(p.funcs[x.index])
	case module.ExternTable:
		e.tableType(p.tables[x.index].TableType)
	case module.ExternMemory:
		e.memoryType(p.memories[x.index])
	case module.ExternGlobal:
		e.globalType(p.globals[x.index].GlobalType)
	default:
		e.byte(0)
		e.u32(p.tags[x.index])
	}
}

func (e *enc) tableType(t module.TableType) {
	e.typ(t.Elem)
	e.byte(bit(t.HasMax, 1) | bit(t.Shared, 2) | bit(t.Table64, 4))
	e.limits(t.Limits)
}

func (e *enc) memoryType(m module.MemoryType) {
	e.byte(bit(m.HasMax, 1) | bit(m.Shared, 2) | bit(m.Memory64, 4) | bit(m.HasPageSize, 8))
	e.limits(m.Limits)
	if m.HasPageSize {
		e.uint(uint64(m.PageSizeLog2))
	}
}

func (e *enc) limits(l module.Limits) {
	if e.uint(l.Min); l.HasMax {
		e.uint(l.Max)
	}
}

func (e *enc) globalType(g module.GlobalType) {
	e.typ(g.Type)
	e.byte(bit(g.Mutable, 1) | bit(g.Shared, 2))
}

func (p *program) writeFuncs(e *enc) {
	for i, t := range p.funcs[p.importedFuncs:] {
		e.here(module.SectionFunction, i, whole)
		e.u32(t)
	}
}

func (p *program) writeTables(e *enc) {
	for i, t := range p.tables[p.importedTables:] {
		e.here(module.SectionTable, i, whole)
		if t.init != nil {
			e.byte(0x40)
			e.byte(0)
		}
		e.tableType(t.TableType)
		e.here(module.SectionTable, i, expr)
		e.bytes(t.init)
	}
}

func (p *program) writeMemories(e *enc) {
	for i, m := range p.memories[p.importedMemories:] {
		e.here(module.SectionMemory, i, whole)
		e.memoryType(m)
	}
}

func (p *program) writeTags(e *enc) {
	for i, t := range p.tags[p.importedTags:] {
		e.byte(0)
		e.here(module.SectionTag, i, index)
		e.u32(t)
	}
}

func (p *program) writeGlobals(e *enc) {
	for i, g := range p.globals[p.importedGlobals:] {
		e.here(module.SectionGlobal, i, whole)
		e.globalType(g.GlobalType)
		e.here(module.SectionGlobal, i, expr)
		e.bytes(g.init)
	}
}

func (p *program) writeExports(e *enc) {
	for i, x := range p.exports {
		e.here(module.SectionExport, i, whole)
		e.name(x.name)
		e.byte(byte(x.kind))
		e.here(module.SectionExport, i, index)
		e.u32(x.index)
	}
}

// writeElems writes the element segments.
//
// Specification: 5.5.12 "Element Section".
func (p *program) writeElems(e *enc) {
	for i, s := range p.elems {
		e.here(module.SectionElement, i, whole)
		e.u32(s.flags)
		if s.flags&elemNotActive == 0 {
			e.here(module.SectionElement, i, index)
			if s.flags&elemExplicit != 0 {
				e.u32(s.table)
			}
			e.here(module.SectionElement, i, expr)
			e.bytes(s.offset)
		}
		if s.flags&(elemNotActive|elemExplicit) != 0 {
			if s.flags&elemExprs != 0 {
				e.typ(s.typ)
			} else {
				e.byte(0)
			}
		}
		e.uint(uint64(len(s.funcs) + len(s.exprs)))
		e.here(module.SectionElement, i, element)
		for _, f := range s.funcs {
			e.u32(f)
		}
		for _, x := range s.exprs {
			e.bytes(x)
		}
	}
}

func (p *program) writeBodies(e *enc) {
	for i, b := range p.bodies {
		e.here(module.SectionCode, i, whole)
		e.uint(uint64(len(b)))
		e.here(module.SectionCode, i, expr)
		e.bytes(b)
	}
}

func (p *program) writeDatas(e *enc) {
	for i, d := range p.datas {
		e.here(module.SectionData, i, whole)
		e.u32(d.flags)
		if d.flags != 1 {
			e.here(module.SectionData, i, index)
			if d.flags == 2 {
				e.u32(d.memory)
			}
			e.here(module.SectionData, i, expr)
			e.bytes(d.offset)
		}
		e.uint(uint64(len(d.bytes)))
		e.bytes(d.bytes)
	}
}
