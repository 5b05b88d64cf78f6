package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// The instructions of the custom descriptors proposal. A structure type may
// name a descriptor type; a value of it then carries a descriptor of that type.
//
// Specification: custom descriptors proposal, "Allocation With Descriptors",
// "Exact Types" and "New Instructions".

// allocated is the type of a reference to what has just been allocated as a
// value of the type at index i: with custom descriptors it is exact.
func (c *checker) allocated(i uint32) ops.ValType {
	if c.features&ops.CustomDescriptors != 0 {
		return c.exactTo(i)
	}
	return c.refTo(i)
}

// exactTo returns the non-nullable exact reference to the type at index i, which
// exists.
func (c *checker) exactTo(i uint32) ops.ValType {
	return ops.IndexHeap(c.types.Canonical(i)).WithExact().Ref()
}

// allocatableWith returns the descriptor type of the structure type i, without
// which that type cannot be allocated.
func (c *checker) allocatableWith(i uint32) (descriptor uint32, err error) {
	if err := c.kindAt(i, module.Struct); err != nil {
		return 0, err
	}
	descriptor, ok := c.types.Descriptor(i)
	if !ok {
		return 0, c.invalid("type without descriptor requires non-descriptor allocation: type %d", i)
	}
	return descriptor, nil
}

// ruleStructNewDesc: [t* (ref null (exact $d))] -> [(ref (exact $t))]
func (c *checker) ruleStructNewDesc(in *ops.Instr) error {
	descriptor, err := c.allocatableWith(in.Index)
	if err != nil {
		return err
	}
	if err := c.pop(c.exactTo(descriptor).AsNull()); err != nil {
		return err
	}
	if err := c.popAll(c.types.FieldOperands(in.Index)); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// ruleStructNewDefaultDesc: [(ref null (exact $d))] -> [(ref (exact $t))]
func (c *checker) ruleStructNewDefaultDesc(in *ops.Instr) error {
	descriptor, err := c.allocatableWith(in.Index)
	if err != nil {
		return err
	}
	if err := c.defaultable(in.Index); err != nil {
		return err
	}
	if err := c.pop(c.exactTo(descriptor).AsNull()); err != nil {
		return err
	}
	c.push(c.allocated(in.Index))
	return nil
}

// ruleRefGetDesc: [(ref null (exact? $t))] -> [(ref (exact? $d))], exact when
// the operand is.
func (c *checker) ruleRefGetDesc(in *ops.Instr) error {
	if int64(in.Index) >= int64(c.types.Len()) {
		return c.invalid("unknown type %d", in.Index)
	}
	descriptor, ok := c.types.Descriptor(in.Index)
	if !ok {
		return c.invalid("type without descriptor %d", in.Index)
	}
	want, result := c.exactTo(in.Index), c.exactTo(descriptor)
	if t, ok := c.peek(0); !ok || !c.types.Match(t, want.AsNull()) {
		want, result = c.refTo(in.Index), c.refTo(descriptor)
	}
	if err := c.pop(want.AsNull()); err != nil {
		return err
	}
	c.push(result)
	return nil
}

// popCastDescriptor takes the descriptor operand of a cast to a target type, as
// the binary writes it and known to be well-formed. It is exact when the target
// is.
func (c *checker) popCastDescriptor(target ops.ValType) error {
	h := target.Heap()
	if i, ok := h.Index(); ok {
		if descriptor, ok := c.types.Descriptor(i); ok {
			want := c.refTo(descriptor)
			if h.Exact() {
				want = c.exactTo(descriptor)
			}
			return c.pop(want.AsNull())
		}
	}
	return c.invalid("type %v does not have a descriptor", h)
}

// ruleRefCastDesc: [(ref null ht) (ref null (exact? $d))] -> [(ref null? (exact? $t))]
func (c *checker) ruleRefCastDesc(in *ops.Instr) error {
	if _, err := c.valType(in.Type[0]); err != nil {
		return err
	}
	if err := c.popCastDescriptor(in.Type[0]); err != nil {
		return err
	}
	t, err := c.castTarget(in.Type[0])
	if err != nil {
		return err
	}
	c.push(t)
	return nil
}

// ruleBrOnCastDesc: [t* rt1 (ref null (exact? $d))] -> [t* rt1\rt2], to a label
// [t* rt2].
func (c *checker) ruleBrOnCastDesc(in *ops.Instr) error {
	from, to, err := c.castBranch(in)
	if err != nil {
		return err
	}
	if err := c.popCastDescriptor(in.Type[1]); err != nil {
		return err
	}
	return c.branchOnCast(in.Index, from, to, difference(from, to))
}

// ruleBrOnCastDescFail: [t* rt1 (ref null (exact? $d))] -> [t* rt2], to a label
// [t* rt1\rt2].
func (c *checker) ruleBrOnCastDescFail(in *ops.Instr) error {
	from, to, err := c.castBranch(in)
	if err != nil {
		return err
	}
	if err := c.popCastDescriptor(in.Type[1]); err != nil {
		return err
	}
	return c.branchOnCast(in.Index, from, difference(from, to), to)
}
