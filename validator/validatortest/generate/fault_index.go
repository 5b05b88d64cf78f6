package generate

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// beyond returns an index that is not below n.
func (b *body) beyond(n int) uint32 { return uint32(n + b.below(3)) }

// indexFaults are indices in function bodies of what is not there.
//
// Specification: 3.1.6 "Contexts".
var indexFaults = []Fault{
	{Name: "unknown local", Kind: validator.Invalid, Message: "unknown local", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.LocalGet, Index: b.beyond(int(b.a.NumLocals()))}), true
	}},
	{Name: "unknown global", Kind: validator.Invalid, Message: "unknown global", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.GlobalGet, Index: b.beyond(len(b.globals))}), true
	}},
	{Name: "unknown function", Kind: validator.Invalid, Message: "unknown function", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.Call, Index: b.beyond(len(b.funcs))}), true
	}},
	{Name: "unknown label", Kind: validator.Invalid, Message: "unknown label", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.Br, Index: b.beyond(b.a.ControlStackHeight())}), true
	}},
	{Name: "unknown target of a table of branches", Kind: validator.Invalid, Message: "unknown label", code: func(b *body) (int, bool) {
		at := b.wrong(emptyOpen, constant32(1), ops.Instr{Op: ops.BrTable, Labels: []uint32{0, b.beyond(b.a.ControlStackHeight() + 1), 0}})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "unknown type of a block", Needs: ops.MultiValue, Kind: validator.Invalid, Message: "unknown type", code: func(b *body) (int, bool) {
		at := b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockIndex(b.beyond(b.types.Len()))})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "unknown type of an indirect call", Kind: validator.Invalid, Message: "unknown type", code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.tables), func(i uint32) bool {
			return b.matches(b.tables[i].Elem, ops.FuncRef) && !b.types.Shared(b.typeIdx)
		})
		if !ok || !b.value(b.tables[i].AddrType(), 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.CallIndirect, Index: b.beyond(b.types.Len()), Index2: i}), true
	}},
	{Name: "unknown type of a reference", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: "unknown type", code: func(b *body) (int, bool) {
		t := ops.IndexHeap(b.beyond(b.types.Len())).RefNull()
		return b.wrong(ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{t}}), true
	}},
	{Name: "unknown table", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: "unknown table", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.TableSize, Index: b.beyond(len(b.tables))}), true
	}},
	{Name: "unknown memory", Needs: ops.MultiMemory, Kind: validator.Invalid, Message: "unknown memory", code: func(b *body) (int, bool) {
		in := ops.Instr{Op: ops.I32Load, Mem: ops.MemArg{Memory: b.beyond(len(b.memories))}}
		return b.wrong(constant32(1), in), true
	}},
	{Name: "no memory", Kind: validator.Invalid, Message: "unknown memory 0", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.MemorySize}), len(b.memories) == 0
	}},
	{Name: "unknown tag", Needs: ops.Tags, Kind: validator.Invalid, Message: "unknown tag", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.Throw, Index: b.beyond(len(b.tags))}), true
	}},
	{Name: "unknown element segment", Needs: ops.BulkMemory, Kind: validator.Invalid, Message: "unknown elem segment", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.ElemDrop, Index: b.beyond(len(b.elems))}), true
	}},
	{Name: "unknown data segment", Needs: ops.BulkMemory, Kind: validator.Invalid, Message: "unknown data segment", code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.DataDrop, Index: b.beyond(len(b.datas))}), true
	}},
	{Name: "undeclared function reference", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: "undeclared function reference", code: func(b *body) (int, bool) {
		mentioned := b.mentioned()
		i, ok := b.some(len(b.funcs), func(i uint32) bool { return !mentioned[i] && !b.types.Shared(b.typeIdx) })
		return b.wrong(ops.Instr{Op: ops.RefFunc, Index: i}), ok
	}},
}

// mentioned returns the functions that occur in the module outside of function
// bodies.
//
// Specification: 3.1.6 "Contexts", C.refs; 3.5.13 "Modules".
func (p *program) mentioned() map[uint32]bool {
	list := map[uint32]bool{}
	note := func(expr []byte) {
		d := ops.NewDecoder(expr, 0, p.features)
		for _, in := range d.All() {
			if in.Op == ops.RefFunc {
				list[in.Index] = true
			}
		}
	}
	for _, x := range p.exports {
		if x.kind == module.ExternFunc {
			list[x.index] = true
		}
	}
	for _, g := range p.globals {
		note(g.init)
	}
	for _, t := range p.tables {
		note(t.init)
	}
	for _, e := range p.elems {
		for _, f := range e.funcs {
			list[f] = true
		}
		note(e.offset)
		for _, x := range e.exprs {
			note(x)
		}
	}
	for _, d := range p.datas {
		note(d.offset)
	}
	return list
}

// aggregateFaults are wrong uses of structures, arrays and casts.
//
// Specification: 3.4.6 "Reference Instructions", 3.4.7 "Aggregate Reference
// Instructions".
var aggregateFaults = []Fault{
	{Name: "unknown field", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "unknown field", code: func(b *body) (int, bool) {
		t, ok := b.own(module.Struct, func(uint32) bool { return true })
		return b.wrong(nullOf(t), ops.Instr{Op: ops.StructGet, Index: t, Index2: b.beyond(b.numFields(t, ok))}), ok
	}},
	{Name: "immutable field set", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "immutable field", code: func(b *body) (int, bool) {
		return b.setField(func(f module.Field) bool { return !f.Mutable })
	}},
	{Name: "packed field read without extension", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, code: func(b *body) (int, bool) {
		var in ops.Instr
		_, ok := b.field(&in, func(f module.Field) bool { return f.Type.IsPacked() })
		in.Op = ops.StructGet
		return b.wrong(nullOf(in.Index), in), ok && b.reachesType(in.Index)
	}},
	{Name: "field read with extension that is not packed", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, code: func(b *body) (int, bool) {
		var in ops.Instr
		_, ok := b.field(&in, func(f module.Field) bool { return !f.Type.IsPacked() })
		in.Op = ops.StructGetS
		return b.wrong(nullOf(in.Index), in), ok && b.reachesType(in.Index)
	}},
	{Name: "immutable array set", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "immutable array", code: func(b *body) (int, bool) {
		t, ok := b.own(module.Array, func(i uint32) bool { return !b.types.Elem(i).Mutable })
		if !ok || !b.values([]ops.ValType{ref(t), ops.I32, b.types.Elem(t).Type.Unpacked()}, 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.ArraySet, Index: t}), true
	}},
	{Name: "array of references made from data", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "array type is not numeric or vector", code: func(b *body) (int, bool) {
		t, ok := b.own(module.Array, func(i uint32) bool { return b.types.Elem(i).Type.IsRef() && b.undescribed(i) })
		return b.wrong(constant32(1), constant32(1), ops.Instr{Op: ops.ArrayNewData, Index: t}), ok && len(b.datas) > 0
	}},
	{Name: "array copied to another type", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: "array types do not match", code: func(b *body) (int, bool) {
		to, ok := b.own(module.Array, func(i uint32) bool { return b.types.Elem(i).Mutable && !b.types.Elem(i).Type.IsRef() })
		if !ok {
			return 0, false
		}
		from, ok := b.own(module.Array, func(i uint32) bool { return b.types.Elem(i).Type != b.types.Elem(to).Type })
		return b.wrong(nullOf(to), constant32(1), nullOf(from), constant32(1), constant32(1),
			ops.Instr{Op: ops.ArrayCopy, Index: to, Index2: from}), ok
	}},
	{Name: "structure with a field missing", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		t, ok := b.own(module.Struct, func(i uint32) bool { return b.types.NumFields(i) > 0 && b.undescribed(i) })
		at := b.wrong(emptyOpen, ops.Instr{Op: ops.StructNew, Index: t})
		b.wrong(endInstr)
		return at, ok
	}},
	{Name: "structure without default value", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, code: func(b *body) (int, bool) {
		t, ok := b.own(module.Struct, func(i uint32) bool { return !b.types.Defaultable(i) && b.undescribed(i) })
		return b.wrong(ops.Instr{Op: ops.StructNewDefault, Index: t}), ok
	}},
	{Name: "structure instruction on an array type", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, code: func(b *body) (int, bool) {
		t, ok := b.own(module.Array, func(i uint32) bool { return true })
		return b.wrong(ops.Instr{Op: ops.StructNewDefault, Index: t}), ok
	}},
	{Name: "cast to another hierarchy", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		null := ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.AnyRef}}
		return b.wrong(null, ops.Instr{Op: ops.RefCast, Type: [2]ops.ValType{ops.HeapFunc.Ref()}}), true
	}},
	{Name: "branch on a cast to no subtype", Needs: ops.GC | ops.GCTypes, Without: ops.CustomDescriptors, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		at := b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.AnyRef)},
			ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.EqRef}},
			ops.Instr{Op: ops.BrOnCast, Type: [2]ops.ValType{ops.EqRef, ops.AnyRef}})
		b.wrong(endInstr, ops.Instr{Op: ops.Drop})
		return at, true
	}},
	{Name: "null where none may be", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		t := ops.HeapFunc.Ref()
		return b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(t)},
			ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.FuncRef}}, endInstr), true
	}},
	{Name: "reference to a supertype", Needs: ops.GC | ops.GCTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.EqRef)},
			ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.AnyRef}}, endInstr), true
	}},
}

// nullOf pushes a null reference to the type at index i.
func nullOf(i uint32) ops.Instr {
	return ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ref(i)}}
}

// own returns a type of the kind that fits and that the function may use.
func (b *body) own(kind module.CompositeKind, fits func(i uint32) bool) (uint32, bool) {
	return b.someType(kind, func(i uint32) bool { return b.reachesType(i) && fits(i) })
}

// reachesType reports whether the function may use the type: a shared function
// those that are shared.
func (b *body) reachesType(i uint32) bool {
	return !b.types.Shared(b.typeIdx) || b.types.Shared(i)
}

func (b *body) numFields(t uint32, ok bool) int {
	if !ok {
		return 0
	}
	return int(b.types.NumFields(t))
}

// setField writes to a field that fits.
func (b *body) setField(fits func(module.Field) bool) (int, bool) {
	var in ops.Instr
	f, ok := b.field(&in, fits)
	if !ok || !b.reachesType(in.Index) || !b.values([]ops.ValType{ref(in.Index), f.Type.Unpacked()}, 1) {
		return 0, false
	}
	in.Op = ops.StructSet
	return b.wrong(in), true
}
