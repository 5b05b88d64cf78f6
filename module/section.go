package module

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

// sections describes each section: its name, and its place in the order that
// section 5.5.16 "Modules" prescribes. Custom sections have no place.
var sections = [numSections]struct {
	name  string
	place uint8
}{
	SectionCustom:    {"custom", 0},
	SectionType:      {"type", 1},
	SectionImport:    {"import", 2},
	SectionFunction:  {"function", 3},
	SectionTable:     {"table", 4},
	SectionMemory:    {"memory", 5},
	SectionTag:       {"tag", 6},
	SectionGlobal:    {"global", 7},
	SectionExport:    {"export", 8},
	SectionStart:     {"start", 9},
	SectionElement:   {"element", 10},
	SectionDataCount: {"data count", 11},
	SectionCode:      {"code", 12},
	SectionData:      {"data", 13},
}

// String returns the name of the section, as in "data count".
func (id SectionID) String() string {
	if id >= numSections {
		return "unknown"
	}
	return sections[id].name
}
