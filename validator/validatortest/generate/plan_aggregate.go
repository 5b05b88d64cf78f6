package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// planAggregate plans the instructions on structures and arrays.
func (b *body) planAggregate(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	plain := func(f module.Field) bool { return !f.Type.IsPacked() }
	packed := func(f module.Field) bool { return f.Type.IsPacked() }
	mutable := func(f module.Field) bool { return f.Mutable }
	switch rule {
	case ops.RuleStructNew:
		in.Index, ok = b.someType(module.Struct, b.undescribed)
		return b.fieldOperands(in.Index, ok), ok, true
	case ops.RuleStructNewDefault:
		in.Index, ok = b.someType(module.Struct, func(i uint32) bool { return b.undescribed(i) && b.types.Defaultable(i) })
		return nil, ok, true
	case ops.RuleStructGet:
		return b.fieldAccess(in, plain, false)
	case ops.RuleStructGetPacked:
		return b.fieldAccess(in, packed, false)
	case ops.RuleStructSet:
		return b.fieldAccess(in, mutable, true)
	case ops.RuleArrayGet:
		return b.arrayAccess(in, plain, ops.I32)
	case ops.RuleArrayGetPacked:
		return b.arrayAccess(in, packed, ops.I32)
	case ops.RuleArraySet:
		return b.arrayAccess(in, mutable, ops.I32, ops.ElemType)
	case ops.RuleArrayFill:
		return b.arrayAccess(in, mutable, ops.I32, ops.ElemType, ops.I32)
	case ops.RuleArrayLen:
		return []ops.ValType{b.maybeShared(ops.HeapArray)}, true, true
	case ops.RuleArrayCopy:
		operands, ok = b.arrayCopy(in)
		return operands, ok, true
	case ops.RuleArrayInitData:
		numeric := func(f module.Field) bool { return f.Mutable && !f.Type.IsRef() }
		operands, ok, _ = b.arrayAccess(in, numeric, ops.I32, ops.I32, ops.I32)
		return operands, b.index(&in.Index2, len(b.datas)) && ok, true
	case ops.RuleArrayInitElem:
		operands, ok, _ = b.arrayAccess(in, b.fromElem(in, true), ops.I32, ops.I32, ops.I32)
		return operands, ok, true
	}
	return b.planNewArray(rule, in)
}

// undescribed reports whether a type has no descriptor, and can be allocated
// without one.
func (b *body) undescribed(i uint32) bool {
	_, ok := b.types.Descriptor(i)
	return !ok
}

func (b *body) fieldOperands(i uint32, ok bool) []ops.ValType {
	if !ok {
		return nil
	}
	return b.types.FieldOperands(i)
}

// field sets the immediates to a field of a structure that fits.
func (b *body) field(in *ops.Instr, fits func(module.Field) bool) (module.Field, bool) {
	var list []uint32 // the fields of the type that fit
	i, ok := b.someType(module.Struct, func(i uint32) bool {
		list = list[:0]
		for n := range b.types.NumFields(i) {
			if fits(b.types.Field(i, n)) {
				list = append(list, n)
			}
		}
		return len(list) > 0
	})
	if !ok {
		return module.Field{}, false
	}
	in.Index, in.Index2 = i, pick(b.choices, list)
	return b.types.Field(in.Index, in.Index2), true
}

// fieldAccess plans an access to a field that fits.
func (b *body) fieldAccess(in *ops.Instr, fits func(module.Field) bool, set bool) (operands []ops.ValType, ok, known bool) {
	f, ok := b.field(in, fits)
	operands = []ops.ValType{ref(in.Index)}
	if set {
		operands = append(operands, f.Type.Unpacked())
	}
	return operands, ok, true
}

// array sets in.Index to an array type whose elements fit.
func (b *body) array(in *ops.Instr, fits func(module.Field) bool) (module.Field, bool) {
	i, ok := b.someType(module.Array, func(i uint32) bool { return fits(b.types.Elem(i)) })
	if !ok {
		return module.Field{}, false
	}
	in.Index = i
	return b.types.Elem(i), true
}

// arrayAccess plans an access to an array whose elements fit. The operands come
// after the reference; ops.ElemType stands for that of the elements.
func (b *body) arrayAccess(in *ops.Instr, fits func(module.Field) bool, operands ...ops.ValType) (_ []ops.ValType, ok, known bool) {
	f, ok := b.array(in, fits)
	for i, t := range operands {
		if t == ops.ElemType {
			operands[i] = f.Type.Unpacked()
		}
	}
	return slices.Concat([]ops.ValType{ref(in.Index)}, operands), ok, true
}

// fromElem returns a test whether elements can come from some element segment,
// which it then sets in.Index2 to.
func (b *body) fromElem(in *ops.Instr, mutable bool) func(module.Field) bool {
	return func(f module.Field) (ok bool) {
		if mutable && !f.Mutable || !f.Type.IsRef() {
			return false
		}
		in.Index2, ok = b.some(len(b.elems), func(i uint32) bool { return b.matches(b.elems[i].typ, f.Type) })
		return ok
	}
}

// arrayCopy plans array.copy.
func (b *body) arrayCopy(in *ops.Instr) ([]ops.ValType, bool) {
	dst, ok := b.array(in, func(f module.Field) bool { return f.Mutable })
	if !ok {
		return nil, false
	}
	in.Index2, ok = b.someType(module.Array, func(i uint32) bool {
		src := b.types.Elem(i).Type
		return src == dst.Type || src.IsRef() && dst.Type.IsRef() && b.types.Match(src, dst.Type)
	})
	return []ops.ValType{ref(in.Index), ops.I32, ref(in.Index2), ops.I32, ops.I32}, ok
}

// planNewArray plans the allocation of arrays.
func (b *body) planNewArray(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleArrayNew:
		f, ok := b.array(in, func(module.Field) bool { return true })
		return []ops.ValType{f.Type.Unpacked(), ops.I32}, ok, true
	case ops.RuleArrayNewDefault:
		in.Index, ok = b.someType(module.Array, b.types.Defaultable)
		return []ops.ValType{ops.I32}, ok, true
	case ops.RuleArrayNewFixed:
		f, ok := b.array(in, func(module.Field) bool { return true })
		in.Index2 = uint32(b.below(4))
		return slices.Repeat([]ops.ValType{f.Type.Unpacked()}, int(in.Index2)), ok, true
	case ops.RuleArrayNewData:
		_, ok = b.array(in, func(f module.Field) bool { return !f.Type.IsRef() })
		return twice(ops.I32), b.index(&in.Index2, len(b.datas)) && ok, true
	case ops.RuleArrayNewElem:
		_, ok = b.array(in, b.fromElem(in, false))
		return twice(ops.I32), ok, true
	}
	return nil, false, false
}
