package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// at is the place of an item among those that the module defines.
func at(section module.SectionID, item int, p part) place { return place{site: site{section, item, p}} }

// more reports whether the module may define another table or memory besides the n
// there are.
func (p *program) more(n int, several ops.Features) bool { return n == 0 || p.has(several) }

// addMemory adds a memory that is wrong.
func addMemory(p *program, m module.MemoryType) (place, bool) {
	ok := p.more(len(p.memories), ops.MultiMemory)
	m.PageSizeLog2 = module.DefaultPageSizeLog2
	p.memories = append(p.memories, m)
	return at(module.SectionMemory, len(p.memories)-p.importedMemories-1, whole), ok
}

// addTable adds a table that is wrong.
func addTable(p *program, t module.TableType) (place, bool) {
	ok := p.more(len(p.tables), ops.ReferenceTypes)
	p.tables = append(p.tables, table{TableType: t})
	return at(module.SectionTable, len(p.tables)-p.importedTables-1, whole), ok
}

// addInit adds a global of type i32 with a wrong initial value; the error is behind
// bytes into it.
func addInit(p *program, behind int, list ...ops.Instr) place {
	var init []byte
	for _, in := range list {
		init = ops.AppendInstr(init, &in)
	}
	p.globals = append(p.globals, global{GlobalType: module.GlobalType{Type: ops.I32}, init: append(init, byte(ops.End))})
	x := at(module.SectionGlobal, len(p.globals)-p.importedGlobals-1, expr)
	x.behind = behind
	return x
}

// addTypes adds types that are wrong, each in a group of its own; the error is in
// the last one.
func addTypes(p *program, list ...module.SubType) place {
	n := 0
	for _, g := range p.groups {
		n += len(g.types)
	}
	for _, t := range list {
		p.groups = append(p.groups, group{types: []module.SubType{t}})
	}
	return at(module.SectionType, n+len(list)-1, whole)
}

// addExport adds an export.
func addExport(p *program, x export) { p.exports = append(p.exports, x) }

// unknownExport exports what is not there, n things of its kind being there.
func unknownExport(p *program, kind module.ExternKind, n int) (place, bool) {
	addExport(p, export{"unknown", kind, uint32(n + p.below(3))})
	return at(module.SectionExport, len(p.exports)-1, index), true
}

// types returns how many types the type section defines.
func (p *program) numTypes() uint32 { return uint32(p.types.Len()) }

func structOf(fields ...ops.ValType) module.SubType {
	t := module.SubType{Kind: module.Struct}
	for _, f := range fields {
		t.Fields = append(t.Fields, module.Field{Type: f})
	}
	return t
}

// declarationFaults are wrong types, tables, memories, tags, globals, exports and
// start functions.
//
// Specification: 3.2 "Types", 3.5 "Modules".
var declarationFaults = []Fault{
	{Name: "memory with a maximum below its minimum", Kind: validator.Invalid, Message: "size minimum must not be greater than maximum", declare: func(p *program) (place, bool) {
		return addMemory(p, module.MemoryType{Limits: module.Limits{Min: 2, Max: 1, HasMax: true}})
	}},
	{Name: "memory beyond its addresses", Kind: validator.Invalid, Message: "memory size must be at most", declare: func(p *program) (place, bool) {
		return addMemory(p, module.MemoryType{Limits: module.Limits{Min: 65537}})
	}},
	{Name: "memory with a maximum beyond its addresses", Kind: validator.Invalid, Message: "memory size must be at most", declare: func(p *program) (place, bool) {
		return addMemory(p, module.MemoryType{Limits: module.Limits{Min: 1, Max: 65537, HasMax: true}})
	}},
	{Name: "64-bit memory beyond its addresses", Needs: ops.Memory64, Kind: validator.Invalid, Message: "memory size must be at most", declare: func(p *program) (place, bool) {
		return addMemory(p, module.MemoryType{Memory64: true, Limits: module.Limits{Min: 1<<48 + 1}})
	}},
	{Name: "shared memory without maximum", Needs: ops.Threads, Kind: validator.Invalid, Message: "shared memory must have maximum", declare: func(p *program) (place, bool) {
		return addMemory(p, module.MemoryType{Shared: true, Limits: module.Limits{Min: 1}})
	}},
	{Name: "second memory", Without: ops.MultiMemory, Kind: validator.Invalid, Message: "multiple memories", declare: func(p *program) (place, bool) {
		x, _ := addMemory(p, module.MemoryType{})
		return x, len(p.memories) == 2
	}},
	{Name: "table with a maximum below its minimum", Kind: validator.Invalid, Message: "size minimum must not be greater than maximum", declare: func(p *program) (place, bool) {
		return addTable(p, module.TableType{Elem: ops.FuncRef, Limits: module.Limits{Min: 2, Max: 1, HasMax: true}})
	}},
	{Name: "table beyond its addresses", Needs: ops.Memory64, Kind: validator.Invalid, Message: "table size", declare: func(p *program) (place, bool) {
		return addTable(p, module.TableType{Elem: ops.FuncRef, Limits: module.Limits{Min: 1 << 32}})
	}},
	{Name: "table of references that cannot be null without initial value", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		return addTable(p, module.TableType{Elem: ops.HeapFunc.Ref()})
	}},
	{Name: "table of an unknown type", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: "unknown type", declare: func(p *program) (place, bool) {
		return addTable(p, module.TableType{Elem: ops.IndexHeap(p.numTypes()).RefNull()})
	}},
	{Name: "tag with a result", Needs: ops.Tags, Without: ops.StackSwitching, Kind: validator.Invalid, Message: "non-empty tag result type", declare: func(p *program) (place, bool) {
		p.tags = append(p.tags, 1) // [] -> [i32]
		return at(module.SectionTag, len(p.tags)-p.importedTags-1, index), true
	}},
	{Name: "tag of an unknown type", Needs: ops.Tags, Kind: validator.Invalid, Message: "unknown type", declare: func(p *program) (place, bool) {
		p.tags = append(p.tags, p.numTypes())
		return at(module.SectionTag, len(p.tags)-p.importedTags-1, index), true
	}},
	{Name: "initial value that is not constant", Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		return addInit(p, 2, constant32(1), ops.Instr{Op: ops.I32Ctz}), true
	}},
	{Name: "initial value that calls", Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		return addInit(p, 0, ops.Instr{Op: ops.Call}), true
	}},
	{Name: "initial value with an addition", Without: ops.ExtendedConst, Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		return addInit(p, 4, constant32(1), constant32(1), ops.Instr{Op: ops.I32Add}), true
	}},
	{Name: "initial value of another type", Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		return addInit(p, 2, constant64(1)), true
	}},
	{Name: "initial value missing", Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		return addInit(p, 0), true
	}},
	{Name: "two initial values", Kind: validator.Invalid, Message: mismatch, declare: func(p *program) (place, bool) {
		return addInit(p, 4, constant32(1), constant32(1)), true
	}},
	{Name: "initial value of a mutable global", Kind: validator.Invalid, Message: "constant expression required", declare: func(p *program) (place, bool) {
		i := slices.IndexFunc(p.globals, func(g global) bool { return g.Mutable && g.Type == ops.I32 })
		return addInit(p, 0, ops.Instr{Op: ops.GlobalGet, Index: uint32(max(i, 0))}), i >= 0 && (i < p.importedGlobals || p.has(ops.GC))
	}},
	{Name: "initial value of the global itself", Kind: validator.Invalid, Message: "unknown global", declare: func(p *program) (place, bool) {
		return addInit(p, 0, ops.Instr{Op: ops.GlobalGet, Index: uint32(len(p.globals))}), true
	}},
	{Name: "initial value of a global of the module", Without: ops.GC, Kind: validator.Invalid, Message: "unknown global", declare: func(p *program) (place, bool) {
		p.globals = append(p.globals, global{GlobalType: module.GlobalType{Type: ops.I32}, init: []byte{byte(ops.I32Const), 0, byte(ops.End)}})
		return addInit(p, 0, ops.Instr{Op: ops.GlobalGet, Index: uint32(len(p.globals) - 1)}), true
	}},
	{Name: "two exports of one name", Kind: validator.Invalid, Message: "duplicate export name", declare: func(p *program) (place, bool) {
		x := export{"twice", module.ExternFunc, 0}
		addExport(p, x)
		if p.one(2) {
			addExport(p, export{"between", module.ExternFunc, 0})
		}
		addExport(p, x)
		return at(module.SectionExport, len(p.exports)-1, whole), true
	}},
	{Name: "export of an unknown function", Kind: validator.Invalid, Message: "unknown function", declare: func(p *program) (place, bool) {
		return unknownExport(p, module.ExternFunc, len(p.funcs))
	}},
	{Name: "export of an unknown table", Kind: validator.Invalid, Message: "unknown table", declare: func(p *program) (place, bool) {
		return unknownExport(p, module.ExternTable, len(p.tables))
	}},
	{Name: "export of an unknown memory", Kind: validator.Invalid, Message: "unknown memory", declare: func(p *program) (place, bool) {
		return unknownExport(p, module.ExternMemory, len(p.memories))
	}},
	{Name: "export of an unknown global", Kind: validator.Invalid, Message: "unknown global", declare: func(p *program) (place, bool) {
		return unknownExport(p, module.ExternGlobal, len(p.globals))
	}},
	{Name: "export of an unknown tag", Needs: ops.Tags, Kind: validator.Invalid, Message: "unknown tag", declare: func(p *program) (place, bool) {
		return unknownExport(p, module.ExternTag, len(p.tags))
	}},
	{Name: "start function with a result", Kind: validator.Invalid, Message: "start function", declare: func(p *program) (place, bool) {
		p.start = slices.IndexFunc(p.funcs, func(t uint32) bool { return len(p.types.Results(t))+len(p.types.Params(t)) > 0 })
		return at(module.SectionStart, 0, whole), p.start >= 0
	}},
	{Name: "unknown start function", Kind: validator.Invalid, Message: "unknown function", declare: func(p *program) (place, bool) {
		p.start = len(p.funcs)
		return at(module.SectionStart, 0, whole), true
	}},
	{Name: "function of an unknown type", Kind: validator.Invalid, Message: "unknown type", declare: func(p *program) (place, bool) {
		p.funcs[len(p.funcs)-1] = p.numTypes()
		return at(module.SectionFunction, len(p.funcs)-p.importedFuncs-1, whole), true
	}},
	{Name: "import of an unknown type", Kind: validator.Invalid, Message: "unknown type", declare: func(p *program) (place, bool) {
		for i, x := range p.imports {
			if x.kind == module.ExternFunc {
				p.funcs[x.index] = p.numTypes()
				return at(module.SectionImport, i, index), true
			}
		}
		return nowhere, false
	}},
	{Name: "type that refers to an unknown one", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: "unknown type", declare: func(p *program) (place, bool) {
		t := module.SubType{Final: true, Params: []ops.ValType{ops.IndexHeap(p.numTypes() + 1).RefNull()}}
		return addTypes(p, t), true
	}},
	{Name: "subtype of a final type", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(), structOf()
		super.Final, sub.NumSupers, sub.Super = true, 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "subtype that does not match", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(ops.I32), structOf(ops.I64)
		sub.NumSupers, sub.Super = 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "subtype with a field missing", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(ops.I32, ops.I32), structOf(ops.I32)
		sub.NumSupers, sub.Super = 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "subtype of another kind", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(ops.I32), module.SubType{Kind: module.Array, Fields: []module.Field{{Type: ops.I32}}}
		sub.NumSupers, sub.Super = 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "subtype that makes a field immutable", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(ops.I32), structOf(ops.I32)
		super.Fields[0].Mutable = true
		sub.NumSupers, sub.Super = 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "mutable field of a narrower type", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super, sub := structOf(ops.AnyRef), structOf(ops.EqRef)
		super.Fields[0].Mutable, sub.Fields[0].Mutable = true, true
		sub.NumSupers, sub.Super = 1, p.numTypes()
		return addTypes(p, super, sub), true
	}},
	{Name: "function type with narrower parameters", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "sub type", declare: func(p *program) (place, bool) {
		super := module.SubType{Params: []ops.ValType{ops.AnyRef}}
		sub := module.SubType{Params: []ops.ValType{ops.EqRef}, NumSupers: 1, Super: p.numTypes()}
		return addTypes(p, super, sub), true
	}},
	{Name: "descriptor that does not describe", Needs: ops.CustomDescriptors | ops.GC | ops.GCTypes, Kind: validator.Invalid, declare: func(p *program) (place, bool) {
		described, descriptor := structOf(), structOf()
		described.HasDescriptor, described.Descriptor = true, p.numTypes()+1
		p.groups = append(p.groups, group{types: []module.SubType{described, descriptor}, explicit: true})
		return nowhere, true
	}},
	{Name: "shared type of a type that is not", Needs: ops.SharedEverythingThreads | ops.GC | ops.GCTypes, Kind: validator.Invalid, declare: func(p *program) (place, bool) {
		t := structOf(ops.AnyRef)
		t.Shared = true
		return addTypes(p, t), true
	}},
	{Name: "continuation of no function", Needs: ops.StackSwitching | ops.GC | ops.GCTypes, Kind: validator.Invalid, declare: func(p *program) (place, bool) {
		return addTypes(p, structOf(), module.SubType{Kind: module.Cont, Final: true, Cont: p.numTypes()}), true
	}},
}
