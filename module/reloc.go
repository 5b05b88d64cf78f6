package module

// Relocs is the contents of one reloc.* section: what a static linker has to
// patch in another section.
type Relocs struct {
	Section uint32  // position of the section among all sections, from 0
	Entries []Reloc // in the order of the section
}

// Reloc is one place to be patched.
type Reloc struct {
	Type   RelocType
	Offset uint32 // in bytes from the start of the contents of the section
	Index  uint32 // of a symbol; of a type for RelocTypeIndexLEB
	Addend int64  // what to add to the value of the symbol
}

// RelocType says what is written to the place, and how; the values are the
// encoding.
type RelocType uint8

const (
	RelocFunctionIndexLEB RelocType = iota
	RelocTableIndexSLEB
	RelocTableIndexI32
	RelocMemoryAddrLEB
	RelocMemoryAddrSLEB
	RelocMemoryAddrI32
	RelocTypeIndexLEB
	RelocGlobalIndexLEB
	RelocFunctionOffsetI32
	RelocSectionOffsetI32
	RelocTagIndexLEB
	RelocMemoryAddrRelSLEB
	RelocTableIndexRelSLEB
	RelocGlobalIndexI32
	RelocMemoryAddrLEB64
	RelocMemoryAddrSLEB64
	RelocMemoryAddrI64
	RelocMemoryAddrRelSLEB64
	RelocTableIndexSLEB64
	RelocTableIndexI64
	RelocTableNumberLEB
	RelocMemoryAddrTLSSLEB
	RelocFunctionOffsetI64
	RelocMemoryAddrLocRelI32
	RelocTableIndexRelSLEB64
	RelocMemoryAddrTLSSLEB64
	RelocFunctionIndexI32
	numRelocTypes
)

// relocAddend lists the types that come with an addend, and its bits.
var relocAddend = [numRelocTypes]uint8{
	RelocMemoryAddrLEB: 32, RelocMemoryAddrSLEB: 32, RelocMemoryAddrI32: 32,
	RelocFunctionOffsetI32: 32, RelocSectionOffsetI32: 32, RelocMemoryAddrRelSLEB: 32,
	RelocMemoryAddrTLSSLEB: 32, RelocMemoryAddrLocRelI32: 32,
	RelocMemoryAddrLEB64: 64, RelocMemoryAddrSLEB64: 64, RelocMemoryAddrI64: 64,
	RelocMemoryAddrRelSLEB64: 64, RelocMemoryAddrTLSSLEB64: 64, RelocFunctionOffsetI64: 64,
}

// ReadRelocs reads the contents of a reloc.* section, which lie offset bytes
// from the start of the module. The error is an *ops.SyntaxError and says
// nothing about the module.
//
// Source: tool-conventions, "WebAssembly Object File Linking".
func ReadRelocs(content []byte, offset int) (*Relocs, error) {
	c := newCustomReader(content, offset)
	r := &Relocs{Section: c.u32()}
	r.Entries = list(c, func() Reloc {
		at := c.r.Offset()
		e := Reloc{Type: RelocType(c.byte()), Offset: c.u32(), Index: c.u32()}
		if e.Type >= numRelocTypes {
			c.fail(at, "malformed relocation type")
			return e
		}
		switch relocAddend[e.Type] {
		case 32:
			e.Addend = int64(c.s32())
		case 64:
			e.Addend = c.s64()
		}
		return e
	})
	return r, c.end()
}
