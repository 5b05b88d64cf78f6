package module

// Dylink is the contents of a dylink.0 section: what a dynamic linker needs to
// load the module.
type Dylink struct {
	HasMemInfo bool // MemInfo is there
	MemInfo    DylinkMemInfo
	Needed     []string       // modules to be loaded before this one
	Exports    []DylinkExport // the exports with flags
	Imports    []DylinkImport // the imports with flags
	Paths      []string       // where to look for the modules needed
}

// DylinkMemInfo says how much of the memory and the table the module takes.
type DylinkMemInfo struct {
	MemorySize  uint32 // in bytes
	MemoryAlign uint32 // binary logarithm of bytes
	TableSize   uint32 // in elements
	TableAlign  uint32 // binary logarithm of elements
}

// DylinkExport gives an export the flags of a symbol.
type DylinkExport struct {
	Name  string // of the export
	Flags SymbolFlags
}

// DylinkImport gives an import the flags of a symbol.
type DylinkImport struct {
	Module, Name string // of the import
	Flags        SymbolFlags
}

// The subsections of dylink.0.
const (
	dylinkMemInfo = 1 + iota
	dylinkNeeded
	dylinkExports
	dylinkImports
	dylinkPaths
)

// ReadDylink reads the contents of a dylink.0 section, which lie offset bytes
// from the start of the module. Unknown subsections are passed over. The error
// is an *ops.SyntaxError and says nothing about the module.
//
// Source: tool-conventions, "WebAssembly Dynamic Linking".
func ReadDylink(content []byte, offset int) (*Dylink, error) {
	d := new(Dylink)
	c := newCustomReader(content, offset)
	for c.more() {
		kind, s := c.sub()
		if c.err != nil {
			break
		}
		switch kind {
		case dylinkMemInfo:
			d.HasMemInfo = true
			d.MemInfo = DylinkMemInfo{MemorySize: s.u32(), MemoryAlign: s.u32(), TableSize: s.u32(), TableAlign: s.u32()}
		case dylinkNeeded:
			d.Needed = list(s, s.name)
		case dylinkExports:
			d.Exports = list(s, func() DylinkExport { return DylinkExport{Name: s.name(), Flags: SymbolFlags(s.u32())} })
		case dylinkImports:
			d.Imports = list(s, func() DylinkImport {
				return DylinkImport{Module: s.name(), Name: s.name(), Flags: SymbolFlags(s.u32())}
			})
		case dylinkPaths:
			d.Paths = list(s, s.name)
		default:
			continue
		}
		c.close(s)
	}
	return d, c.end()
}
