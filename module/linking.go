package module

// Linking is the contents of a linking section: what a static linker needs to
// know about an object file.
type Linking struct {
	Segments  []LinkingSegment // one for each data segment
	InitFuncs []InitFunc       // functions to be called at the start
	Comdats   []Comdat         // groups of symbols
	Symbols   []Symbol         // the symbol table
}

// LinkingSegment describes one data segment.
type LinkingSegment struct {
	Name  string // of the segment
	Align uint32 // binary logarithm of bytes
	Flags uint32 // bit 0: strings, bit 1: thread-local, bit 2: retain
}

// InitFunc is a function to be called at the start.
type InitFunc struct {
	Priority uint32 // lower ones are called first
	Symbol   uint32 // index of the function's symbol
}

// Comdat is a group of symbols of which a linker keeps one copy.
type Comdat struct {
	Name    string         // of the group
	Flags   uint32         // none are defined
	Members []ComdatMember // what belongs to it
}

// ComdatMember is one member of a Comdat.
type ComdatMember struct {
	Kind  uint8  // 0 data, 1 function, 2 global, 3 event, 4 table, 5 section
	Index uint32 // in the index space of the kind
}

// SymbolKind is the kind of a symbol; the values are its encoding.
type SymbolKind uint8

const (
	SymbolFunc SymbolKind = iota
	SymbolData
	SymbolGlobal
	SymbolSection
	SymbolTag
	SymbolTable
	numSymbolKinds
)

// SymbolFlags is the flags of a symbol.
type SymbolFlags uint32

const (
	SymbolWeak         SymbolFlags = 1 << 0
	SymbolLocal        SymbolFlags = 1 << 1
	SymbolHidden       SymbolFlags = 1 << 2
	SymbolUndefined    SymbolFlags = 1 << 4
	SymbolExported     SymbolFlags = 1 << 5
	SymbolExplicitName SymbolFlags = 1 << 6
	SymbolNoStrip      SymbolFlags = 1 << 7
	SymbolTLS          SymbolFlags = 1 << 8
	SymbolAbsolute     SymbolFlags = 1 << 9
)

// Symbol is one symbol.
type Symbol struct {
	Kind   SymbolKind
	Flags  SymbolFlags
	Name   string // "" where the symbol takes the name of an import
	Index  uint32 // of the function, segment, global, section, tag or table
	Offset uint64 // in bytes within the segment (SymbolData)
	Size   uint64 // in bytes (SymbolData)
}

// The version of the linking section and its subsections.
const (
	linkingVersion  = 2
	linkingSegments = 5
	linkingInit     = 6
	linkingComdat   = 7
	linkingSymbols  = 8
)

// ReadLinking reads the contents of a linking section, which lie offset bytes
// from the start of the module. Unknown subsections are passed over. The error
// is an *ops.SyntaxError and says nothing about the module.
//
// Source: tool-conventions, "WebAssembly Object File Linking".
func ReadLinking(content []byte, offset int) (*Linking, error) {
	l := new(Linking)
	c := newCustomReader(content, offset)
	if c.u32() != linkingVersion {
		c.fail(offset, "unknown linking section version")
	}
	for c.more() {
		kind, s := c.sub()
		if c.err != nil {
			break
		}
		switch kind {
		case linkingSegments:
			l.Segments = list(s, func() LinkingSegment {
				return LinkingSegment{Name: s.name(), Align: s.u32(), Flags: s.u32()}
			})
		case linkingInit:
			l.InitFuncs = list(s, func() InitFunc { return InitFunc{Priority: s.u32(), Symbol: s.u32()} })
		case linkingComdat:
			l.Comdats = list(s, s.comdat)
		case linkingSymbols:
			l.Symbols = list(s, s.symbol)
		default:
			continue
		}
		c.close(s)
	}
	return l, c.end()
}

// comdat reads a group of symbols.
func (c *customReader) comdat() Comdat {
	d := Comdat{Name: c.name(), Flags: c.u32()}
	d.Members = list(c, func() ComdatMember {
		at := c.r.Offset()
		m := ComdatMember{Kind: c.byte(), Index: c.u32()}
		if m.Kind > 5 {
			c.fail(at, "malformed comdat symbol kind")
		}
		return m
	})
	return d
}

// symbol reads a symbol.
func (c *customReader) symbol() Symbol {
	at := c.r.Offset()
	s := Symbol{Kind: SymbolKind(c.byte()), Flags: SymbolFlags(c.u32())}
	defined := s.Flags&SymbolUndefined == 0
	switch s.Kind {
	case SymbolFunc, SymbolGlobal, SymbolTag, SymbolTable:
		s.Index = c.u32()
		if defined || s.Flags&SymbolExplicitName != 0 {
			s.Name = c.name()
		}
	case SymbolData:
		s.Name = c.name()
		if defined {
			s.Index, s.Offset, s.Size = c.u32(), c.u64(), c.u64()
		}
	case SymbolSection:
		s.Index = c.u32()
	default:
		c.fail(at, "malformed symbol kind")
	}
	return s
}
