package module

import (
	"cmp"
	"slices"
	"sync"

	"github.com/wasmstate/wasmstate/ops"
)

// Module is the declarations of one module, frozen: everything but the bytes of
// its function bodies, constant expressions and segments. It is immutable and
// safe for concurrent use. A [Builder] makes one. Slices that its methods
// return must not be changed.
//
// Specification: 2.5 "Modules".
type Module struct {
	types    Types
	decls    Decls
	imports  []importItem
	exports  []Export
	start    uint32
	hasStart bool
	elems    []ElemSegment
	data     int
	customs  [][]CustomSection
	sections []SectionRange // custom sections apart
	first    firstItems
	need     ops.Features
	codeSize int64
	bodies   int

	importModules []string // the names of the modules, as often as they change

	derived sync.Map // see Derived
}

// importItem is an import in little space: there may be a million, of a byte
// each.
type importItem struct {
	name   string
	index  uint32
	module uint32 // in Module.importModules; the kind in the highest bits
}

// moduleBits is how many bits of importItem.module the module takes.
const moduleBits = 29

// Decls returns the tables of the module, which the caller must not change.
func (m *Module) Decls() *Decls { return &m.decls }

// ExternKind is the kind of an import or export; the values are its encoding.
//
// Specification: 5.5.5 "Import Section", 5.5.10 "Export Section".
type ExternKind uint8

const (
	ExternFunc ExternKind = iota
	ExternTable
	ExternMemory
	ExternGlobal
	ExternTag
)

// String returns "function", "table", "memory", "global" or "tag".
func (k ExternKind) String() string {
	if k > ExternTag {
		return "unknown"
	}
	return [...]string{"function", "table", "memory", "global", "tag"}[k]
}

// Import is one import.
type Import struct {
	Module, Name string // where it comes from
	Kind         ExternKind
	Index        uint32 // in the index space of its kind
}

// Export is one export.
type Export struct {
	Name  string // no other export has it
	Kind  ExternKind
	Index uint32 // in the index space of its kind
}

// NumImports returns the number of imports.
func (m *Module) NumImports() int { return len(m.imports) }

// Import returns import i, in the order of the import section.
func (m *Module) Import(i int) Import {
	it := m.imports[i]
	return Import{
		Module: m.importModules[it.module&(1<<moduleBits-1)], Name: it.name,
		Kind: ExternKind(it.module >> moduleBits), Index: it.index,
	}
}

// Imports returns the imports in the order of the import section, as a new
// slice.
func (m *Module) Imports() []Import {
	list := make([]Import, len(m.imports))
	for i := range list {
		list[i] = m.Import(i)
	}
	return list
}

// Exports returns the exports in the order of the export section.
func (m *Module) Exports() []Export { return m.exports }

// Start returns the index of the start function; ok is false if there is none.
func (m *Module) Start() (index uint32, ok bool) { return m.start, m.hasStart }

// SegmentMode says when a segment is used.
//
// Specification: 2.5.9 "Element Segments", 2.5.8 "Data Segments".
type SegmentMode uint8

const (
	Active      SegmentMode = iota // at instantiation
	Passive                        // by an instruction
	Declarative                    // never: it declares references (elements only)
)

// String returns "active", "passive" or "declarative".
func (s SegmentMode) String() string {
	if s > Declarative {
		return "unknown"
	}
	return [...]string{"active", "passive", "declarative"}[s]
}

// ElemSegment is one element segment, its elements apart.
type ElemSegment struct {
	Mode  SegmentMode
	Table uint32      // Active
	Type  ops.ValType // of its elements
	Count uint32      // number of elements
}

// ElemSegments returns the element segments.
func (m *Module) ElemSegments() []ElemSegment { return m.elems }

// NumData returns the number of data segments. A module has no table of them,
// because nothing refers to what they say: some compilers make a hundred
// thousand. A [SectionReader] or [Parser] reads them from the bytes.
func (m *Module) NumData() int { return m.data }

// CustomSection is the place of one custom section.
//
// Specification: 5.5.3 "Custom Section".
type CustomSection struct {
	Name   string // what says how to read it
	Offset int    // of what follows the name, in bytes from the start of the module
	Size   int    // of what follows the name, in bytes

	head uint32 // size of the name with its length, in bytes
}

// CustomSections returns the custom sections in the order of the module, as a
// new slice.
func (m *Module) CustomSections() []CustomSection { return slices.Concat(m.customs...) }

// SectionRange is the place of one section's contents.
type SectionRange struct {
	ID     SectionID
	Offset int // of its contents, in bytes from the start of the module
	Size   int // of its contents, in bytes
}

// Sections returns all sections, custom ones too, in the order of the module, as
// a new slice.
func (m *Module) Sections() []SectionRange {
	customs := m.CustomSections()
	all := make([]SectionRange, 0, len(m.sections)+len(customs))
	all = append(all, m.sections...)
	for _, c := range customs {
		all = append(all, SectionRange{ID: SectionCustom, Offset: c.Offset - int(c.head), Size: c.Size + int(c.head)})
	}
	slices.SortFunc(all, func(a, b SectionRange) int { return cmp.Compare(a.Offset, b.Offset) })
	return all
}

// NumBodies returns the number of functions that the module defines.
func (m *Module) NumBodies() int { return m.bodies }

// CodeSize returns the size of all function bodies, in bytes.
func (m *Module) CodeSize() int64 { return m.codeSize }

// RequiredFeatures returns the proposals that the module needs: the smallest set
// with which it validates.
func (m *Module) RequiredFeatures() ops.Features { return m.need.Minimal() }
