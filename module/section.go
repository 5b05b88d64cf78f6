package module

import "github.com/wasmstate/wasmstate/ops"

// SectionID is the number of a section in the binary format.
//
// Specification: 5.5.2 "Sections".
type SectionID uint8

const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
	SectionTag
	numSections
)

// sections describes each section: its name, its place in the order that
// section 5.5.17 "Modules" prescribes, and the proposal that brought it. Custom
// sections have no place.
var sections = [numSections]struct {
	name  string
	place uint8
	need  ops.Features
}{
	SectionCustom:    {"custom", 0, 0},
	SectionType:      {"type", 1, 0},
	SectionImport:    {"import", 2, 0},
	SectionFunction:  {"function", 3, 0},
	SectionTable:     {"table", 4, 0},
	SectionMemory:    {"memory", 5, 0},
	SectionTag:       {"tag", 6, ops.Tags},
	SectionGlobal:    {"global", 7, 0},
	SectionExport:    {"export", 8, 0},
	SectionStart:     {"start", 9, 0},
	SectionElement:   {"element", 10, 0},
	SectionDataCount: {"data count", 11, ops.BulkMemory},
	SectionCode:      {"code", 12, 0},
	SectionData:      {"data", 13, 0},
}

// String returns the name of the section, as in "data count".
func (id SectionID) String() string {
	if id >= numSections {
		return "unknown"
	}
	return sections[id].name
}

// Section is one section of the binary format as it was met. Its Content is a
// view of bytes that it does not own.
type Section struct {
	ID            SectionID
	Offset        int    // of the id, in bytes from the start of the module
	SizeOffset    int    // of the size
	ContentOffset int    // of the contents
	Size          uint32 // what the size field says, in bytes
	Content       []byte
	// Truncated says that the input ended before the section did: Content is
	// what there is of it. The module is malformed, but possibly for a reason
	// that comes earlier in Content.
	Truncated bool
}

// framingError is what is wrong with a truncated section.
func (s *Section) framingError() error {
	return &ops.SyntaxError{Offset: s.SizeOffset, Message: "length out of bounds: the " + s.ID.String() + " section is longer than the input"}
}
