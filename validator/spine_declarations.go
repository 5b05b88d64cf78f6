package validator

import (
	"math"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// importSection validates the imports. One item of a compact import section may
// stand for many.
//
// Specification: 3.5.11 "Imports", 5.5.5 "Import Section".
func (s *spine) importSection() error {
	start := s.reader.Offset()
	n, err := s.reader.Count()
	if err != nil {
		return err
	}
	if err := atMost(start, "imports", uint64(n), uint64(s.limits.Imports)); err != nil {
		return err
	}
	s.builder.ReserveImports(s.reader.Backed(minImportSize))
	grouped := 0 // imports of the current compact group that are to come
	for count := uint64(1); ; count++ {
		if s.stopped(int(count)) {
			return errStopped
		}
		it, ok, err := s.reader.Import()
		if err != nil || !ok {
			return err
		}
		if err := atMost(it.Offset, "imports", count, uint64(s.limits.Imports)); err != nil {
			return err
		}
		if s.decodeOnly() {
			continue
		}
		if n := s.reader.Grouped(); n > grouped {
			n = int(min(uint64(n)+1, uint64(s.limits.Imports)-count+1, s.room(it.Kind)))
			s.builder.ReserveImports(n)
			s.builder.Reserve(it.Kind, n)
		}
		grouped = s.reader.Grouped()
		if err := s.judge(s.addImport(&it)); err != nil {
			return err
		}
	}
}

// room returns how many more things of a kind the limits allow.
func (s *spine) room(kind module.ExternKind) uint64 {
	d, l := s.decls, s.limits
	have, most := len(d.Tags), l.Tags
	switch kind {
	case module.ExternFunc:
		have, most = len(d.Funcs), l.Functions
	case module.ExternTable:
		have, most = len(d.Tables), l.Tables
	case module.ExternMemory:
		have, most = len(d.Memories), l.Memories
	case module.ExternGlobal:
		have, most = len(d.Globals), l.Globals
	}
	return uint64(max(0, int64(most)-int64(have)))
}

// minImportSize is the length of the shortest import, in bytes.
const minImportSize = 4

// addImport checks the type of an import and declares it.
//
// Specification: 3.2.17 "External Types".
func (s *spine) addImport(it *module.ImportItem) error {
	switch it.Kind {
	case module.ExternFunc:
		if err := s.funcType(it.TypeOffset, it.TypeIdx); err != nil {
			return err
		}
		s.builder.ImportFunc(it.Module, it.Name, it.TypeIdx, it.Exact)
		return s.countFuncs(it.Offset)
	case module.ExternTable:
		t, err := s.tableType(it.TypeOffset, it.Table)
		if err != nil {
			return err
		}
		s.builder.ImportTable(it.Module, it.Name, t)
		return s.countTables(it.Offset)
	case module.ExternMemory:
		if err := s.memoryType(it.TypeOffset, it.Memory); err != nil {
			return err
		}
		s.builder.ImportMemory(it.Module, it.Name, it.Memory)
		return s.countMemories(it.Offset)
	case module.ExternGlobal:
		g, err := s.globalType(it.TypeOffset, it.Global)
		if err != nil {
			return err
		}
		if err := s.sharesMutable(it.TypeOffset, g, "imported"); err != nil {
			return err
		}
		s.builder.ImportGlobal(it.Module, it.Name, g)
		return s.countGlobals(it.Offset)
	default:
		if err := s.tagType(it.TypeOffset, it.TypeIdx); err != nil {
			return err
		}
		s.builder.ImportTag(it.Module, it.Name, it.TypeIdx)
		return s.countTags(it.Offset)
	}
}

// sharesMutable checks that a global which crosses the border of the module is
// immutable, or that the mutable-global proposal allows it to be mutable.
func (s *spine) sharesMutable(offset int, g module.GlobalType, how string) error {
	if !g.Mutable {
		return nil
	}
	if !s.features.Has(ops.MutableGlobal) {
		return errorAt(Invalid, offset, ops.MutableGlobal, "mutable globals cannot be %s", how)
	}
	s.builder.Need(ops.MutableGlobal)
	return nil
}

// countFuncs checks how many functions there are, one of which was just added.
func (s *spine) countFuncs(offset int) error {
	return atMost(offset, "functions", uint64(len(s.decls.Funcs)), uint64(s.limits.Functions))
}

// countTables checks how many tables there are, one of which was just added.
func (s *spine) countTables(offset int) error {
	n := len(s.decls.Tables)
	if n > 1 {
		if !s.features.Has(ops.ReferenceTypes) {
			return errorAt(Invalid, offset, ops.ReferenceTypes, "multiple tables")
		}
		s.builder.Need(ops.ReferenceTypes)
	}
	return atMost(offset, "tables", uint64(n), uint64(s.limits.Tables))
}

// countMemories checks how many memories there are, one of which was just added.
func (s *spine) countMemories(offset int) error {
	n := len(s.decls.Memories)
	if n > 1 {
		if !s.features.Has(ops.MultiMemory) {
			return errorAt(Invalid, offset, ops.MultiMemory, "multiple memories")
		}
		s.builder.Need(ops.MultiMemory)
	}
	return atMost(offset, "memories", uint64(n), uint64(s.limits.Memories))
}

// countGlobals checks how many globals there are, one of which was just added.
func (s *spine) countGlobals(offset int) error {
	return atMost(offset, "globals", uint64(len(s.decls.Globals)), uint64(s.limits.Globals))
}

// countTags checks how many tags there are, one of which was just added.
func (s *spine) countTags(offset int) error {
	return atMost(offset, "tags", uint64(len(s.decls.Tags)), uint64(s.limits.Tags))
}

// functionSection reads the function section.
//
// Specification: 3.5.6 "Functions".
func (s *spine) functionSection() error {
	if err := s.count(s.limits.Functions, "functions"); err != nil {
		return err
	}
	s.builder.Reserve(module.ExternFunc, s.reader.Backed(1))
	return s.each(s.function)
}

// function reads one item of the function section.
func (s *spine) function() error {
	typeIdx, offset, err := s.reader.Func()
	if err != nil || s.decodeOnly() {
		return err
	}
	if err := s.funcType(offset, typeIdx); err != nil {
		return s.judge(err)
	}
	s.builder.AddFunc(typeIdx)
	return s.countFuncs(offset)
}

// table reads one item of the table section.
//
// Specification: 3.5.5 "Tables".
func (s *spine) table() error {
	it, err := s.reader.Table()
	if err != nil || s.decodeOnly() {
		return err
	}
	return s.judge(s.addTable(&it))
}

// addTable checks a table and its initial value, and declares it.
func (s *spine) addTable(it *module.TableItem) error {
	t, err := s.tableType(it.Offset, it.Type)
	if err != nil {
		return err
	}
	if it.HasInit {
		err = s.constExpr(it.Init, t.Elem)
	} else if !t.Elem.Defaultable() {
		err = invalidAt(it.Offset, "type mismatch: a table of type %v needs an initial value", t.Elem)
	}
	if err != nil {
		return err
	}
	s.builder.AddTable(t)
	return s.countTables(it.Offset)
}

// tableType checks a table type and returns it with canonical types.
//
// Specification: 3.2.16 "Table Types".
func (s *spine) tableType(offset int, t module.TableType) (module.TableType, error) {
	var err error
	if t.Elem, err = s.valType(offset, t.Elem); err != nil {
		return t, err
	}
	if t.Shared && !s.consts.sharedRef(t.Elem) {
		return t, invalidAt(offset, "type mismatch: a shared table must have shared elements, not %v", t.Elem)
	}
	// A size of 2^64-1 elements is the most that its encoding can say.
	if !t.Table64 && (t.Min > 1<<32-1 || t.HasMax && t.Max > 1<<32-1) {
		return t, invalidAt(offset, "table size must be at most 2^32-1 elements")
	}
	if err := ordered(offset, t.Limits); err != nil {
		return t, err
	}
	return t, atMost(offset, "initial elements of a table", t.Min, s.limits.TableSize)
}

// ordered checks that the limits are a range.
//
// Specification: 3.2.12 "Limits".
func ordered(offset int, l module.Limits) error {
	if l.HasMax && l.Min > l.Max {
		return invalidAt(offset, "size minimum must not be greater than maximum: %d, %d", l.Min, l.Max)
	}
	return nil
}

// memory reads one item of the memory section.
//
// Specification: 3.5.4 "Memories".
func (s *spine) memory() error {
	it, err := s.reader.Memory()
	if err != nil || s.decodeOnly() {
		return err
	}
	if err := s.memoryType(it.Offset, it.Type); err != nil {
		return s.judge(err)
	}
	s.builder.AddMemory(it.Type)
	return s.judge(s.countMemories(it.Offset))
}

// memoryType checks a memory type.
//
// Specification: 3.2.15 "Memory Types"; threads proposal; custom page sizes
// proposal.
func (s *spine) memoryType(offset int, m module.MemoryType) error {
	if m.HasPageSize && m.PageSizeLog2 != 0 && m.PageSizeLog2 != module.DefaultPageSizeLog2 {
		return invalidAt(offset, "invalid custom page size: 2^%d bytes", m.PageSizeLog2)
	}
	most, size := memorySize(m)
	if m.Min > most || m.HasMax && m.Max > most {
		return invalidAt(offset, "memory size must be at most %s", size)
	}
	if err := ordered(offset, m.Limits); err != nil {
		return err
	}
	if m.Shared && !m.HasMax {
		return invalidAt(offset, "shared memory must have maximum")
	}
	if s.limits.MemorySize == math.MaxUint64 {
		return nil // which is one byte less than a memory may have
	}
	return atMost(offset, "initial pages of memory", m.Min, s.limits.MemorySize>>m.PageSizeLog2)
}

// memorySize returns the most pages that the addresses of a memory can reach, as
// a number and as the words of an error message.
func memorySize(m module.MemoryType) (pages uint64, text string) {
	switch page := m.PageSizeLog2; {
	case m.Memory64 && page == 0:
		return 1<<64 - 1, "2^64-1 bytes"
	case m.Memory64:
		return 1 << (64 - page), "2^48 pages (16EiB)"
	case page == 0:
		return 1<<32 - 1, "2^32-1 bytes"
	default:
		return 1 << (32 - page), "65536 pages (4GiB)"
	}
}

// tag reads one item of the tag section.
//
// Specification: 3.5.2 "Tags".
func (s *spine) tag() error {
	typeIdx, offset, err := s.reader.Tag()
	if err != nil || s.decodeOnly() {
		return err
	}
	if err := s.tagType(offset, typeIdx); err != nil {
		return s.judge(err)
	}
	s.builder.AddTag(typeIdx)
	return s.countTags(offset)
}

// tagType checks the type of a tag: that of an exception has no results.
//
// Specification: 3.2.13 "Tag Types"; stack switching proposal.
func (s *spine) tagType(offset int, typeIdx uint32) error {
	if err := s.funcType(offset, typeIdx); err != nil {
		return err
	}
	if results := s.decls.Types.Results(typeIdx); len(results) > 0 {
		if !s.features.Has(ops.StackSwitching) {
			return errorAt(Invalid, offset, ops.StackSwitching, "non-empty tag result type: %s", typesText(results))
		}
		s.builder.Need(ops.StackSwitching)
	}
	return nil
}

// global reads one item of the global section.
//
// Specification: 3.5.3 "Globals".
func (s *spine) global() error {
	it, err := s.reader.Global()
	if err != nil || s.decodeOnly() {
		return err
	}
	return s.judge(s.addGlobal(&it))
}

// addGlobal checks a global and its initial value, and declares it.
func (s *spine) addGlobal(it *module.GlobalItem) error {
	g, err := s.globalType(it.Offset, it.Type)
	if err != nil {
		return err
	}
	if err := s.constExpr(it.Init, g.Type); err != nil {
		return err
	}
	s.builder.AddGlobal(g)
	return s.countGlobals(it.Offset)
}

// globalType checks a global type and returns it with its type canonical.
//
// Specification: 3.2.14 "Global Types".
func (s *spine) globalType(offset int, g module.GlobalType) (module.GlobalType, error) {
	var err error
	if g.Type, err = s.valType(offset, g.Type); err != nil {
		return g, err
	}
	if g.Shared && g.Type.IsRef() && !s.consts.sharedRef(g.Type) {
		return g, invalidAt(offset, "type mismatch: a shared global must have a shared type, not %v", g.Type)
	}
	return g, nil
}

// exportSection reads the export section.
func (s *spine) exportSection() error {
	if err := s.count(s.limits.Exports, "exports"); err != nil {
		return err
	}
	if !s.decodeOnly() {
		s.builder.ReserveExports(s.reader.Backed(minExportSize))
	}
	return s.each(s.exports)
}

// minExportSize is the length of the shortest export, in bytes.
const minExportSize = 3

// exportBatch is how many exports are added at once.
const exportBatch = 16

// exports reads the next items of the export section.
func (s *spine) exports() error {
	var items [exportBatch]module.ExportItem
	n := 0
	for ; n < len(items) && s.reader.More(); n++ {
		var err error
		if items[n], err = s.reader.Export(); err != nil {
			return err
		}
	}
	if s.decodeOnly() {
		return nil
	}
	return s.judge(s.addExports(items[:n]))
}

// addExports checks exports and adds them. The error is that of the first that is
// wrong; of an index and a name that are both wrong, it is the index.
//
// Specification: 3.5.12 "Exports".
func (s *spine) addExports(items []module.ExportItem) error {
	var list [exportBatch]module.Export
	var err error
	n := 0
	for ; n < len(items); n++ {
		if err = s.exported(&items[n]); err != nil {
			break
		}
		list[n] = items[n].Export
	}
	if added := s.builder.AddExports(list[:n]); added < n {
		it := &items[added]
		return invalidAt(it.Offset, "duplicate export name %s", quoted(it.Name))
	}
	return err
}

// exported checks that what an export names is there.
func (s *spine) exported(it *module.ExportItem) error {
	d, i := s.decls, int64(it.Index)
	switch it.Kind {
	case module.ExternFunc:
		if i >= int64(len(d.Funcs)) {
			return invalidAt(it.IndexOffset, "unknown function %d", i)
		}
		d.DeclareFunc(it.Index)
	case module.ExternTable:
		if i >= int64(len(d.Tables)) {
			return invalidAt(it.IndexOffset, "unknown table %d", i)
		}
	case module.ExternMemory:
		if i >= int64(len(d.Memories)) {
			return invalidAt(it.IndexOffset, "unknown memory %d", i)
		}
	case module.ExternGlobal:
		if i >= int64(len(d.Globals)) {
			return invalidAt(it.IndexOffset, "unknown global %d", i)
		}
		return s.sharesMutable(it.IndexOffset, d.Globals[i], "exported")
	case module.ExternTag:
		if i >= int64(len(d.Tags)) {
			return invalidAt(it.IndexOffset, "unknown tag %d", i)
		}
	}
	return nil
}

// start reads the start section.
//
// Specification: 3.5.10 "Start Function".
func (s *spine) start() error {
	index, offset, err := s.reader.Start()
	if err != nil || s.decodeOnly() {
		return err
	}
	if int64(index) >= int64(len(s.decls.Funcs)) {
		return s.judge(invalidAt(offset, "unknown function %d", index))
	}
	t, types := s.decls.Funcs[index], s.decls.Types
	if len(types.Params(t)) > 0 || len(types.Results(t)) > 0 {
		return s.judge(invalidAt(offset, "start function must not have parameters or results: its type is %s", types.Describe(t)))
	}
	s.builder.SetStart(index)
	return nil
}
