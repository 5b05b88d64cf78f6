package module

import "github.com/wasmstate/wasmstate/ops"

// The methods of this file are what a function body may ask of its module. A
// method that takes an index panics when it is not below the matching Num
// method.

// Types returns the defined types. The caller must not add to them.
func (m *Module) Types() *Types { return m.decls.Types }

// NumFuncs returns the number of functions, imports included.
func (m *Module) NumFuncs() int { return len(m.decls.Funcs) }

// FuncType returns the type index of function i.
func (m *Module) FuncType(i uint32) uint32 { return m.decls.Funcs[i] }

// FuncExact is [Decls.FuncExact].
func (m *Module) FuncExact(i uint32) bool { return m.decls.FuncExact(i) }

// FuncDeclared is [Decls.FuncDeclared].
func (m *Module) FuncDeclared(i uint32) bool { return m.decls.FuncDeclared(i) }

// NumTables returns the number of tables, imports included.
func (m *Module) NumTables() int { return len(m.decls.Tables) }

// Table returns the type of table i.
func (m *Module) Table(i uint32) TableType { return m.decls.Tables[i] }

// NumMemories returns the number of memories, imports included.
func (m *Module) NumMemories() int { return len(m.decls.Memories) }

// Memory returns the type of memory i.
func (m *Module) Memory(i uint32) MemoryType { return m.decls.Memories[i] }

// NumGlobals returns the number of globals, imports included.
func (m *Module) NumGlobals() int { return len(m.decls.Globals) }

// Global returns the type of global i.
func (m *Module) Global(i uint32) GlobalType { return m.decls.Globals[i] }

// NumTags returns the number of tags, imports included.
func (m *Module) NumTags() int { return len(m.decls.Tags) }

// Tag returns the type index of tag i.
func (m *Module) Tag(i uint32) uint32 { return m.decls.Tags[i] }

// NumElems returns the number of element segments.
func (m *Module) NumElems() int { return len(m.decls.Elems) }

// Elem returns the element type of element segment i.
func (m *Module) Elem(i uint32) ops.ValType { return m.decls.Elems[i] }

// DataCount returns what the data count section says; ok is false if there is
// none.
func (m *Module) DataCount() (count uint32, ok bool) {
	return m.decls.DataCount, m.decls.HasDataCount
}
