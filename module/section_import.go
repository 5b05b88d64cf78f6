package module

import "github.com/wasmstate/wasmstate/ops"

// ImportItem is one import as it is written. Which of the types means something
// follows from Kind.
type ImportItem struct {
	Module, Name string // where the import comes from
	Offset       int    // of the import; in a compact group, of its name
	TypeOffset   int    // of what follows the kind: an index or a type
	Kind         ExternKind
	Exact        bool   // custom-descriptors: the function has exactly this type
	TypeIdx      uint32 // ExternFunc, ExternTag
	Table        TableType
	Memory       MemoryType
	Global       GlobalType
}

// Encodings of imports beyond the kinds.
const (
	codeExactFunc   = 0x20
	codeImportItems = 0x7F // one module, many names with types
	codeImportNames = 0x7E // one module and type, many names
)

const errImportKind = "malformed import kind"

// importPack is a group of compact-imports of which left imports are to be read.
type importPack struct {
	left uint32
	// shared is what the imports of the group have in common; typed says that
	// this includes their type.
	shared ImportItem
	typed  bool
}

// Import reads the next import of the import section. The imports of a compact
// group are returned one by one; ok is false when there are no more, which a
// group without imports at the end of the section may bring about.
//
// Specification: 5.5.5 "Import Section"; compact-imports, "Binary Format".
func (s *SectionReader) Import() (it ImportItem, ok bool, err error) {
	for s.pack.left == 0 {
		if s.left == 0 {
			return ImportItem{}, false, nil
		}
		grouped, err := s.importHead(&it)
		if err != nil || !grouped {
			return it, true, s.frame(err)
		}
	}
	s.pack.left--
	it = s.pack.shared
	it.Offset = s.r.Offset()
	if it.Name, err = s.name(); err == nil && !s.pack.typed {
		err = s.externType(&it)
	}
	return it, true, s.frame(err)
}

// Grouped returns how many imports of the current compact group are still to be
// read, as far as the remaining bytes can back them: for so many it is safe to
// make room.
func (s *SectionReader) Grouped() int { return int(min(uint64(s.pack.left), uint64(s.r.Len()))) }

// importHead reads a single import into it, or the head of a compact group into
// s.pack.
func (s *SectionReader) importHead(it *ImportItem) (grouped bool, err error) {
	s.left--
	*it = ImportItem{Offset: s.r.Offset()}
	if it.Module, err = s.name(); err != nil {
		return false, err
	}
	if it.Name, err = s.name(); err != nil {
		return false, err
	}
	b, _ := s.r.Peek()
	if it.Name != "" || b != codeImportItems && b != codeImportNames {
		return false, s.externType(it)
	}
	if err = refuse(&s.r.Reader, s.r.Offset(), errImportKind, ops.CompactImports); err != nil {
		return false, err
	}
	s.r.Byte()
	if s.pack.typed = b == codeImportNames; s.pack.typed {
		if err = s.externType(it); err != nil {
			return false, err
		}
	}
	s.pack.shared = *it
	s.pack.left, err = s.vector()
	return true, err
}

// externType reads the kind and type of an import.
//
// Specification: 5.3.14 "External Types".
func (s *SectionReader) externType(it *ImportItem) error {
	start := s.r.Offset()
	b, err := s.r.Byte()
	if err != nil {
		return err
	}
	it.TypeOffset = s.r.Offset()
	it.Kind = ExternKind(b)
	switch b {
	case byte(ExternFunc):
		it.TypeIdx, err = s.r.U32()
	case codeExactFunc:
		it.Kind, it.Exact = ExternFunc, true
		if err = refuse(&s.r.Reader, start, errImportKind, ops.CustomDescriptors); err == nil {
			it.TypeIdx, err = s.r.U32()
		}
	case byte(ExternTable):
		it.Table, err = s.tableType()
	case byte(ExternMemory):
		it.Memory, err = s.memoryType()
	case byte(ExternGlobal):
		it.Global, err = s.globalType()
	case byte(ExternTag):
		if err = refuse(&s.r.Reader, start, errImportKind, ops.Tags); err == nil {
			it.TypeIdx, it.TypeOffset, err = s.tagType()
		}
	default:
		err = syntaxError(start, errImportKind)
	}
	return err
}
