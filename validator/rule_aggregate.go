package validator

import (
	"math"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// The aggregate instructions: structures and arrays.
//
// Specification: 3.4.7 "Aggregate Reference Instructions".

// allocatable checks that the type i is of the kind and may be allocated
// without a descriptor.
func (c *checker) allocatable(i uint32, kind module.CompositeKind) error {
	if err := c.kindAt(i, kind); err != nil {
		return err
	}
	if _, ok := c.types.Descriptor(i); ok {
		return c.invalid("type with descriptor requires descriptor allocation: type %d", i)
	}
	return nil
}

// ruleStructNew: [t*] -> [(ref $t)]
func (c *checker) ruleStructNew(in *ops.Instr) error {
	if err := c.allocatable(in.Index, module.Struct); err != nil {
		return err
	}
	if err := c.popAll(c.types.FieldOperands(in.Index)); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// ruleStructNewDefault: [] -> [(ref $t)]
func (c *checker) ruleStructNewDefault(in *ops.Instr) error {
	if err := c.allocatable(in.Index, module.Struct); err != nil {
		return err
	}
	if err := c.defaultable(in.Index); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// defaultable checks that every field of the type i has a default value.
func (c *checker) defaultable(i uint32) error {
	if !c.types.Defaultable(i) {
		return c.invalid("type mismatch: type %d has a field without default value", i)
	}
	return nil
}

// field returns the field n of the structure type i.
func (c *checker) field(i, n uint32) (module.Field, error) {
	if err := c.kindAt(i, module.Struct); err != nil {
		return module.Field{}, err
	}
	if int64(n) >= int64(c.types.NumFields(i)) {
		return module.Field{}, c.invalid("unknown field %d of type %d", n, i)
	}
	return c.types.Field(i, n), nil
}

// mutableField returns the field n of the structure type i, which must be mutable.
func (c *checker) mutableField(i, n uint32) (module.Field, error) {
	f, err := c.field(i, n)
	if err == nil && !f.Mutable {
		err = c.invalid("immutable field: field %d of type %d", n, i)
	}
	return f, err
}

// array returns the element of the array type i.
func (c *checker) array(i uint32) (module.Field, error) {
	if err := c.kindAt(i, module.Array); err != nil {
		return module.Field{}, err
	}
	return c.types.Elem(i), nil
}

// mutableArray returns the element of the array type i, which must be mutable.
func (c *checker) mutableArray(i uint32) (module.Field, error) {
	f, err := c.array(i)
	if err == nil && !f.Mutable {
		err = c.invalid("immutable array: type %d", i)
	}
	return f, err
}

// readable checks that the accessor fits the storage type: a packed one is read
// with an extension to i32, any other without.
func (c *checker) readable(f module.Field, packed bool) error {
	switch {
	case packed && !f.Type.IsPacked():
		return c.invalid("type mismatch: a field of type %v is not packed and is read without extension", f.Type)
	case !packed && f.Type.IsPacked():
		return c.invalid("type mismatch: a field of type %v is packed and is read with sign or zero extension", f.Type)
	}
	return nil
}

func (c *checker) ruleStructGet(in *ops.Instr) error       { return c.structGet(in, false) }
func (c *checker) ruleStructGetPacked(in *ops.Instr) error { return c.structGet(in, true) }

// structGet: [(ref null $t)] -> [t]
func (c *checker) structGet(in *ops.Instr, packed bool) error {
	f, err := c.field(in.Index, in.Index2)
	if err != nil {
		return err
	}
	if err := c.readable(f, packed); err != nil {
		return err
	}
	if err := c.popTypeRef(in.Index); err != nil {
		return err
	}
	c.push(f.Type.Unpacked())
	return nil
}

// ruleStructSet: [(ref null $t) t] -> []
func (c *checker) ruleStructSet(in *ops.Instr) error {
	f, err := c.mutableField(in.Index, in.Index2)
	if err != nil {
		return err
	}
	if err := c.pop(f.Type.Unpacked()); err != nil {
		return err
	}
	return c.popTypeRef(in.Index)
}

// ruleArrayNew: [t i32] -> [(ref $t)]
func (c *checker) ruleArrayNew(in *ops.Instr) error {
	f, err := c.newArray(in.Index)
	if err != nil {
		return err
	}
	if err := c.popEach(f.Type.Unpacked(), ops.I32); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// newArray returns the element of the array type i, which may be allocated.
func (c *checker) newArray(i uint32) (module.Field, error) {
	if err := c.allocatable(i, module.Array); err != nil {
		return module.Field{}, err
	}
	return c.types.Elem(i), nil
}

// ruleArrayNewDefault: [i32] -> [(ref $t)]
func (c *checker) ruleArrayNewDefault(in *ops.Instr) error {
	if _, err := c.newArray(in.Index); err != nil {
		return err
	}
	if err := c.defaultable(in.Index); err != nil {
		return err
	}
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// ruleArrayNewFixed: [t^n] -> [(ref $t)]
func (c *checker) ruleArrayNewFixed(in *ops.Instr) error {
	f, err := c.newArray(in.Index)
	if err != nil {
		return err
	}
	if in.Index2 > c.limits.ArrayOperands {
		return c.opError(Limit, 0, "array.new_fixed of %d elements exceeds the limit of %d", in.Index2, c.limits.ArrayOperands)
	}
	if err := c.popRepeated(f.Type.Unpacked(), int(min(in.Index2, math.MaxInt32))); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// popRepeated takes n operands that must all match the type want.
func (c *checker) popRepeated(want ops.ValType, n int) error {
	f := c.top()
	have := c.operands[f.Height:]
	if len(have) < n && !f.Unreachable {
		return c.invalid("type mismatch: instruction requires %s of type %v but stack has %s", quantity(n, "operand"), want, c.stackText(n))
	}
	have = have[max(0, len(have)-n):]
	if len(have) > 0 && !c.matchRepeated(have, want) {
		return c.invalid("type mismatch: instruction requires %s of type %v but stack has %s", quantity(n, "operand"), want, c.stackText(n))
	}
	c.drop(n)
	return nil
}

// matchRepeated reports whether each of the operands on top of the stack matches the
// type want.
func (c *checker) matchRepeated(have []ops.ValType, want ops.ValType) bool {
	if len(have) < longList {
		return c.matchEach(have, want)
	}
	var buffer [maxStretches]stretch
	if list := c.stretches(buffer[:0], len(c.operands)-len(have)); len(list) > 0 {
		return c.matchStretches(list, want)
	}
	if c.matches.hasEach(have, want) {
		return true
	}
	ok := c.matchEach(have, want)
	if ok {
		c.matches.putEach(have, want)
	}
	return ok
}

// matchStretches is matchRepeated for operands in stretches.
func (c *checker) matchStretches(list []stretch, want ops.ValType) bool {
	for _, p := range list {
		ok := false
		if p.listed {
			ok = c.matchListed(p.have, want)
		} else {
			ok = c.matchEach(p.have, want)
		}
		if !ok {
			return false
		}
	}
	return true
}

// matchListed is matchEach for a part of a list of the table of types.
func (c *checker) matchListed(have []ops.ValType, want ops.ValType) bool {
	known := c.matches.stretch(have, nil, want)
	if !known.known {
		r := different
		if len(have) >= longList && c.matches.hasEach(have, want) {
			r = matching
		} else if c.matchEach(have, want) {
			r = matching
			if len(have) >= longList {
				c.matches.putEach(have, want)
			}
		}
		known.relation, known.known = r, true
	}
	return known.relation == matching
}

// matchEach reports whether each of the types matches the type want. Where all are
// the same, which comparing the list with itself, shifted by one, tells at the speed
// of memory, one question is enough.
func (c *checker) matchEach(have []ops.ValType, want ops.ValType) bool {
	if sameTypes(have[:len(have)-1], have[1:]) {
		return c.types.Match(have[0], want)
	}
	var last, before ops.ValType // which have matched: lists often go back and forth
	for _, t := range have {
		if t == last || t == before {
			continue
		}
		if !c.types.Match(t, want) {
			return false
		}
		last, before = t, last
	}
	return true
}

// ruleArrayNewData: [i32 i32] -> [(ref $t)]
func (c *checker) ruleArrayNewData(in *ops.Instr) error {
	f, err := c.newArray(in.Index)
	if err != nil {
		return err
	}
	if err := c.numericData(f, in.Index2); err != nil {
		return err
	}
	return c.newFromSegment(in.Index)
}

// newFromSegment: [i32 i32] -> [(ref $t)]
func (c *checker) newFromSegment(i uint32) error {
	if err := c.popEach(ops.I32, ops.I32); err != nil {
		return err
	}
	c.push(c.allocated(i))
	return nil
}

// numericData checks that the data segment exists and that elements can be made
// of its bytes.
func (c *checker) numericData(f module.Field, segment uint32) error {
	if f.Type.IsRef() {
		return c.invalid("array type is not numeric or vector: its elements are %v", f.Type)
	}
	return c.dataSegment(segment)
}

// elemInto checks that the element segment exists and that its elements fit.
func (c *checker) elemInto(f module.Field, segment uint32) error {
	t, err := c.elemSegment(segment)
	if err != nil {
		return err
	}
	if !c.types.Match(t, f.Type) {
		return c.invalid("type mismatch: element segment %d has type %v, the array %v", segment, t, f.Type)
	}
	return nil
}

// ruleArrayNewElem: [i32 i32] -> [(ref $t)]
func (c *checker) ruleArrayNewElem(in *ops.Instr) error {
	f, err := c.newArray(in.Index)
	if err != nil {
		return err
	}
	if err := c.elemInto(f, in.Index2); err != nil {
		return err
	}
	return c.newFromSegment(in.Index)
}

func (c *checker) ruleArrayGet(in *ops.Instr) error       { return c.arrayGet(in, false) }
func (c *checker) ruleArrayGetPacked(in *ops.Instr) error { return c.arrayGet(in, true) }

// arrayGet: [(ref null $t) i32] -> [t]
func (c *checker) arrayGet(in *ops.Instr, packed bool) error {
	f, err := c.array(in.Index)
	if err != nil {
		return err
	}
	if err := c.readable(f, packed); err != nil {
		return err
	}
	if err := c.popEach(c.refTo(in.Index).AsNull(), ops.I32); err != nil {
		return err
	}
	c.push(f.Type.Unpacked())
	return nil
}

// ruleArraySet: [(ref null $t) i32 t] -> []
func (c *checker) ruleArraySet(in *ops.Instr) error {
	f, err := c.mutableArray(in.Index)
	if err != nil {
		return err
	}
	return c.popEach(c.refTo(in.Index).AsNull(), ops.I32, f.Type.Unpacked())
}

// ruleArrayLen: [(ref null array)] -> [i32]
func (c *checker) ruleArrayLen(*ops.Instr) error {
	if _, err := c.popMaybeShared(ops.HeapArray); err != nil {
		return err
	}
	c.push(ops.I32)
	return nil
}

// ruleArrayFill: [(ref null $t) i32 t i32] -> []
func (c *checker) ruleArrayFill(in *ops.Instr) error {
	f, err := c.mutableArray(in.Index)
	if err != nil {
		return err
	}
	return c.popEach(c.refTo(in.Index).AsNull(), ops.I32, f.Type.Unpacked(), ops.I32)
}

// ruleArrayCopy: [(ref null $t1) i32 (ref null $t2) i32 i32] -> []
func (c *checker) ruleArrayCopy(in *ops.Instr) error {
	dst, err := c.mutableArray(in.Index)
	if err != nil {
		return err
	}
	src, err := c.array(in.Index2)
	if err != nil {
		return err
	}
	packed := dst.Type.IsPacked() || src.Type.IsPacked()
	if dst.Type != src.Type && (packed || !c.types.Match(src.Type, dst.Type)) {
		return c.invalid("array types do not match: elements of type %v cannot be copied to %v", src.Type, dst.Type)
	}
	return c.popEach(c.refTo(in.Index).AsNull(), ops.I32, c.refTo(in.Index2).AsNull(), ops.I32, ops.I32)
}

// ruleArrayInitData: [(ref null $t) i32 i32 i32] -> []
func (c *checker) ruleArrayInitData(in *ops.Instr) error {
	f, err := c.mutableArray(in.Index)
	if err != nil {
		return err
	}
	if err := c.numericData(f, in.Index2); err != nil {
		return err
	}
	return c.popArrayInit(in.Index)
}

// popArrayInit: [(ref null $t) i32 i32 i32] -> []
func (c *checker) popArrayInit(i uint32) error {
	return c.popEach(c.refTo(i).AsNull(), ops.I32, ops.I32, ops.I32)
}

// ruleArrayInitElem: [(ref null $t) i32 i32 i32] -> []
func (c *checker) ruleArrayInitElem(in *ops.Instr) error {
	f, err := c.mutableArray(in.Index)
	if err != nil {
		return err
	}
	if err := c.elemInto(f, in.Index2); err != nil {
		return err
	}
	return c.popArrayInit(in.Index)
}
