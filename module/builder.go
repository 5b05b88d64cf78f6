package module

import (
	"hash/maphash"
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// Builder puts a [Module] together in the order of the binary format. It checks
// no rule; whoever drives it does. It must not be copied, and not be used from
// more than one goroutine at a time.
type Builder struct {
	m        *Module
	exported hashIndex // the exports by their names, once they are many
	seed     maphash.Seed
}

// NewBuilder returns the builder of a new module.
func NewBuilder() *Builder {
	b := new(Builder)
	b.Reset()
	return b
}

// Reset makes b begin with another module.
func (b *Builder) Reset() {
	m := new(Module)
	m.first.use(m)
	*b = Builder{m: m}
}

// firstItems are where the tables of a module begin. Those of a small module need
// no more, so that it is one allocation and not a dozen.
type firstItems struct {
	sections [8]SectionRange
	types    [4]def
	lists    [16]ops.ValType
	modules  [1]string
	imports  [2]importItem
	funcs    [8]uint32
	memories [1]MemoryType
	globals  [2]GlobalType
	exports  [4]Export
	refs     [1]uint64
}

// use makes the tables of m, which are empty, begin in f, which is part of m.
func (f *firstItems) use(m *Module) {
	d := &m.decls
	d.Types = &m.types
	d.Types.defs, d.Types.lists = f.types[:0], f.lists[:0]
	d.Funcs, d.Memories, d.Globals = f.funcs[:0], f.memories[:0], f.globals[:0]
	d.refs = f.refs[:0]
	m.sections, m.importModules, m.imports, m.exports = f.sections[:0], f.modules[:0], f.imports[:0], f.exports[:0]
}

// Types returns the type table, to which the caller adds recursion groups.
func (b *Builder) Types() *Types { return &b.m.types }

// Decls returns what was declared so far.
func (b *Builder) Decls() *Decls { return &b.m.decls }

// Declared returns the module once its declarations are complete, that is, when
// the code section begins or, without one, at the end. From then on its Decls
// do not change and may be read from any goroutine, while data segments, bodies
// and custom sections are still added here.
func (b *Builder) Declared() *Module {
	b.m.types.groups.release()
	return b.m
}

// Module returns the finished module. The builder must not be used afterwards.
func (b *Builder) Module() *Module {
	m := b.Declared()
	m.need |= m.types.need
	b.m, b.exported = nil, hashIndex{}
	return m
}

// Need adds proposals to those that the module needs.
func (b *Builder) Need(f ops.Features) { b.m.need |= f }

// Reserve makes room for n more declarations of a kind. The caller vouches for
// n: it must be backed by bytes that are there.
func (b *Builder) Reserve(kind ExternKind, n int) {
	d := &b.m.decls
	switch kind {
	case ExternFunc:
		d.Funcs = slices.Grow(d.Funcs, n)
	case ExternTable:
		d.Tables = slices.Grow(d.Tables, n)
	case ExternMemory:
		d.Memories = slices.Grow(d.Memories, n)
	case ExternGlobal:
		d.Globals = slices.Grow(d.Globals, n)
	case ExternTag:
		d.Tags = slices.Grow(d.Tags, n)
	}
}

// ReserveImports makes room for n more imports, as Reserve does.
func (b *Builder) ReserveImports(n int) { b.m.imports = slices.Grow(b.m.imports, n) }

// ReserveExports makes room for n more exports, as Reserve does.
func (b *Builder) ReserveExports(n int) {
	b.m.exports = slices.Grow(b.m.exports, n)
	if len(b.m.exports)+n > linearExports {
		b.indexExports(n)
	}
}

// ReserveElems makes room for n more element segments, as Reserve does.
func (b *Builder) ReserveElems(n int) {
	b.m.decls.Elems = slices.Grow(b.m.decls.Elems, n)
	b.m.elems = slices.Grow(b.m.elems, n)
}

// addImport adds an import, of the thing at index in the index space of its kind.
func (b *Builder) addImport(module, name string, kind ExternKind, index int) {
	m := b.m
	if n := len(m.importModules); n == 0 || m.importModules[n-1] != module {
		m.importModules = append(m.importModules, module)
	}
	m.imports = append(m.imports, importItem{
		name: name, index: uint32(index), module: uint32(len(m.importModules)-1) | uint32(kind)<<moduleBits,
	})
}

// ImportFunc adds an imported function of the type at typeIdx; exact says that
// it has exactly this type (custom-descriptors).
func (b *Builder) ImportFunc(module, name string, typeIdx uint32, exact bool) {
	d := &b.m.decls
	b.addImport(module, name, ExternFunc, len(d.Funcs))
	if exact {
		d.exactImports.add(uint32(len(d.Funcs)))
	}
	d.Funcs = append(d.Funcs, typeIdx)
	d.ImportedFuncs++
}

// ImportTable adds an imported table.
func (b *Builder) ImportTable(module, name string, t TableType) {
	d := &b.m.decls
	b.addImport(module, name, ExternTable, len(d.Tables))
	d.Tables = append(d.Tables, t)
	d.ImportedTables++
}

// ImportMemory adds an imported memory.
func (b *Builder) ImportMemory(module, name string, t MemoryType) {
	d := &b.m.decls
	b.addImport(module, name, ExternMemory, len(d.Memories))
	d.Memories = append(d.Memories, t)
	d.ImportedMemories++
}

// ImportGlobal adds an imported global.
func (b *Builder) ImportGlobal(module, name string, t GlobalType) {
	d := &b.m.decls
	b.addImport(module, name, ExternGlobal, len(d.Globals))
	d.Globals = append(d.Globals, t)
	d.ImportedGlobals++
}

// ImportTag adds an imported tag of the function type at typeIdx.
func (b *Builder) ImportTag(module, name string, typeIdx uint32) {
	d := &b.m.decls
	b.addImport(module, name, ExternTag, len(d.Tags))
	d.Tags = append(d.Tags, typeIdx)
	d.ImportedTags++
}

// AddFunc adds a function of the type at typeIdx.
func (b *Builder) AddFunc(typeIdx uint32) { b.m.decls.Funcs = append(b.m.decls.Funcs, typeIdx) }

// AddTable adds a table.
func (b *Builder) AddTable(t TableType) { b.m.decls.Tables = append(b.m.decls.Tables, t) }

// AddMemory adds a memory.
func (b *Builder) AddMemory(t MemoryType) { b.m.decls.Memories = append(b.m.decls.Memories, t) }

// AddGlobal adds a global.
func (b *Builder) AddGlobal(t GlobalType) { b.m.decls.Globals = append(b.m.decls.Globals, t) }

// AddTag adds a tag of the function type at typeIdx.
func (b *Builder) AddTag(typeIdx uint32) { b.m.decls.Tags = append(b.m.decls.Tags, typeIdx) }

// linearExports is how many exports are compared one by one.
const linearExports = 8

// AddExport adds an export and reports whether its name is new; an export whose
// name is not new is left out.
func (b *Builder) AddExport(e Export) bool { return b.AddExports([]Export{e}) == 1 }

// AddExports adds the exports in front of the first whose name is not new, and
// returns how many they are. To add several at once is faster, when there are many.
func (b *Builder) AddExports(list []Export) (added int) {
	if b.exported.slots == nil && len(b.m.exports)+len(list) > linearExports {
		b.indexExports(len(list))
	}
	if b.exported.slots == nil {
		return b.addFewExports(list)
	}
	for added < len(list) {
		part := list[added:min(added+hashBatch, len(list))]
		n := b.addIndexedExports(part)
		added += n
		if n < len(part) {
			break
		}
	}
	return added
}

// addFewExports is AddExports without an index.
func (b *Builder) addFewExports(list []Export) (added int) {
	for i, e := range list {
		if slices.ContainsFunc(b.m.exports, func(x Export) bool { return x.Name == e.Name }) {
			return i
		}
		b.m.exports = append(b.m.exports, e)
	}
	return len(list)
}

// addIndexedExports is AddExports of at most hashBatch exports, with the index.
func (b *Builder) addIndexedExports(list []Export) (added int) {
	var hashes [hashBatch]uint32
	for i, e := range list {
		hashes[i] = uint32(maphash.String(b.seed, e.Name))
	}
	b.exported.reserve(len(list))
	b.exported.fetch(hashes[:len(list)])
	for i, e := range list {
		exports := b.m.exports
		if _, found := b.exported.find(hashes[i], func(i uint32) bool { return exports[i].Name == e.Name }); found {
			return i
		}
		b.exported.add(hashes[i], uint32(len(exports)))
		b.m.exports = append(exports, e)
	}
	return len(list)
}

// indexExports makes the index of the exports, with room for n more.
func (b *Builder) indexExports(n int) {
	if b.exported.slots == nil {
		b.seed = maphash.MakeSeed()
		for i, e := range b.m.exports {
			b.exported.add(uint32(maphash.String(b.seed, e.Name)), uint32(i))
		}
	}
	b.exported.reserve(n)
}

// SetStart sets the start function.
func (b *Builder) SetStart(index uint32) { b.m.start, b.m.hasStart = index, true }

// AddElem adds an element segment.
func (b *Builder) AddElem(s ElemSegment) {
	b.m.elems = append(b.m.elems, s)
	b.m.decls.Elems = append(b.m.decls.Elems, s.Type)
}

// SetDataCount sets what the data count section says.
func (b *Builder) SetDataCount(n uint32) { b.m.decls.DataCount, b.m.decls.HasDataCount = n, true }

// AddData counts one data segment.
func (b *Builder) AddData() { b.m.data++ }

// AddDataSegments counts n data segments.
func (b *Builder) AddDataSegments(n uint32) { b.m.data += int(n) }

// AddBody counts one function body of size bytes.
func (b *Builder) AddBody(size int) {
	b.m.bodies++
	b.m.codeSize += int64(size)
}

// AddCustom adds a custom section.
func (b *Builder) AddCustom(s CustomSection) {
	// In chunks, so that a million of them are never copied.
	chunks := b.m.customs
	if n := len(chunks); n == 0 || len(chunks[n-1]) == cap(chunks[n-1]) {
		chunks = append(chunks, make([]CustomSection, 0, 4<<min(2*n, 10)))
		b.m.customs = chunks
	}
	last := &chunks[len(chunks)-1]
	*last = append(*last, s)
}

// AddSection adds the place of a section. That of a custom section is known from
// AddCustom, and need not be added here.
func (b *Builder) AddSection(s SectionRange) {
	if s.ID != SectionCustom {
		b.m.sections = append(b.m.sections, s)
	}
}
