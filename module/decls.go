package module

import "github.com/wasmstate/wasmstate/ops"

// Decls is what a module declares, as flat tables: the static context in which
// a function body is judged. Imports come first in each table. Its users must
// not change it.
//
// Specification: 3.1.6 "Contexts".
type Decls struct {
	Types    *Types        // the defined types
	Funcs    []uint32      // type index of each function
	Tables   []TableType   // type of each table
	Memories []MemoryType  // type of each memory
	Globals  []GlobalType  // type of each global
	Tags     []uint32      // type index of each tag
	Elems    []ops.ValType // element type of each element segment

	DataCount    uint32 // what the data count section says
	HasDataCount bool   // there is such a section

	// How many of each come from imports.
	ImportedFuncs, ImportedTables, ImportedMemories, ImportedGlobals, ImportedTags uint32

	refs         bitset // C.refs
	exactImports bitset // the imported functions whose type is exact
}

// FuncDeclared reports whether function i occurs in the module outside function
// bodies, so that ref.func may name it in one (C.refs).
func (d *Decls) FuncDeclared(i uint32) bool { return d.refs.has(i) }

// DeclareFunc makes FuncDeclared true for function i. An index beyond the
// functions of the module is ignored.
func (d *Decls) DeclareFunc(i uint32) {
	if int64(i) < int64(len(d.Funcs)) {
		d.refs.add(i)
	}
}

// FuncExact reports whether the type of function i is exactly its declared type
// and not a subtype of it: true of every function that the module defines, and
// of an import that says so (custom-descriptors).
func (d *Decls) FuncExact(i uint32) bool { return i >= d.ImportedFuncs || d.exactImports.has(i) }

// MemoryAddrType returns the type of the addresses of memory i, which must exist. It
// does not copy the rest of the memory's type.
func (d *Decls) MemoryAddrType(i uint32) ops.ValType { return addrType(d.Memories[i].Memory64) }

// Limits is a size range.
//
// Specification: 2.3.12 "Limits".
type Limits struct {
	Min, Max uint64 // in elements or pages; Max only if HasMax
	HasMax   bool   // there is a maximum
}

// TableType is the type of a table.
//
// Specification: 2.3.16 "Table Types".
type TableType struct {
	Elem    ops.ValType // a reference type
	Table64 bool        // memory64: addresses are i64
	Shared  bool        // shared-everything-threads
	Limits
}

// AddrType returns the type of the table's addresses: I32 or I64.
func (t TableType) AddrType() ops.ValType { return addrType(t.Table64) }

// DefaultPageSizeLog2 is the binary logarithm of the size of a page of memory
// that does not give its own.
const DefaultPageSizeLog2 = 16

// MemoryType is the type of a memory.
//
// Specification: 2.3.15 "Memory Types".
type MemoryType struct {
	Memory64     bool  // memory64: addresses are i64
	Shared       bool  // threads
	HasPageSize  bool  // custom-page-sizes: the page size is given
	PageSizeLog2 uint8 // binary logarithm of the page size in bytes; 16 unless given
	Limits
}

// AddrType returns the type of the memory's addresses: I32 or I64.
func (m MemoryType) AddrType() ops.ValType { return addrType(m.Memory64) }

// GlobalType is the type of a global.
//
// Specification: 2.3.14 "Global Types".
type GlobalType struct {
	Type    ops.ValType // of its value
	Mutable bool        // global.set may set it
	Shared  bool        // shared-everything-threads
}

func addrType(is64 bool) ops.ValType {
	if is64 {
		return ops.I64
	}
	return ops.I32
}
