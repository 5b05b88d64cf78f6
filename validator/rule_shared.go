package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// The instructions of the shared-everything threads proposal: atomic access to
// globals, tables, fields and elements, whether they are shared or not.
//
// Specification: shared-everything threads proposal, "Functions" and
// "Instructions".

// inSharedFunc reports whether the body being checked is that of a shared
// function, which may refer to nothing that is not shared.
func (c *checker) inSharedFunc() bool { return c.inFunc && c.types.Shared(c.typeIdx) }

// sharedAccess checks that an operator may refer to a thing that is shared or
// not; things names its kind in the plural.
func (c *checker) sharedAccess(shared bool, things string) error {
	if !shared && c.inSharedFunc() {
		return c.invalid("shared functions cannot access unshared %s", things)
	}
	return nil
}

// sharedType checks that an operator may refer to the type at index i, which
// exists.
func (c *checker) sharedType(i uint32) error {
	return c.sharedAccess(c.types.Shared(i), thingsOf[c.types.Kind(i)])
}

// thingsOf names what the values of a kind of types are, in the plural.
var thingsOf = [...]string{
	module.Func: "functions", module.Struct: "structs", module.Array: "arrays", module.Cont: "continuations",
}

// An atomic access may touch i32, i64 and, depending on what it does, references
// that match one heap type, shared or not. onlyNumbers stands for no reference.
const onlyNumbers = ops.HeapBot

// atomicType checks that the operator may touch a place of the storage type t.
func (c *checker) atomicType(t ops.ValType, refs ops.HeapType) error {
	if t == ops.I32 || t == ops.I64 || refs != onlyNumbers && c.matchMaybeShared(t, refs) {
		return nil
	}
	allowed := "i32 and i64"
	if refs != onlyNumbers {
		allowed = "i32, i64 and subtypes of " + refs.RefNull().String()
	}
	return c.invalid("invalid type: %s only allows %s but finds %v", c.row.Name, allowed, t)
}

// matchMaybeShared reports whether t matches the nullable reference to the
// abstract heap type h or to its shared form.
func (c *checker) matchMaybeShared(t ops.ValType, h ops.HeapType) bool {
	return c.types.Match(t, h.RefNull()) || c.types.Match(t, h.WithShared().RefNull())
}

// place is what a read-modify-write operator changes: its storage type, and the
// operands that say where it is.
type place struct {
	typ     ops.ValType
	address []ops.ValType
}

// globalPlace returns the place of a mutable global.
func (c *checker) globalPlace(in *ops.Instr) (place, error) {
	g, err := c.mutableGlobal(in.Index)
	return place{typ: g.Type}, err
}

// tablePlace returns the place of an element of a table.
func (c *checker) tablePlace(in *ops.Instr) (place, error) {
	t, err := c.table(in.Index)
	return place{t.Elem, []ops.ValType{t.AddrType()}}, err
}

// fieldPlace returns the place of a mutable field of a structure.
func (c *checker) fieldPlace(in *ops.Instr) (place, error) {
	f, err := c.mutableField(in.Index, in.Index2)
	if err != nil {
		return place{}, err
	}
	return place{f.Type, []ops.ValType{c.refTo(in.Index).AsNull()}}, nil
}

// elementPlace returns the place of an element of a mutable array.
func (c *checker) elementPlace(in *ops.Instr) (place, error) {
	f, err := c.mutableArray(in.Index)
	if err != nil {
		return place{}, err
	}
	return place{f.Type, []ops.ValType{c.refTo(in.Index).AsNull(), ops.I32}}, nil
}

// exchange is the rule of the read-modify-write operators with one operand
// besides the address: [address* t] -> [t].
func (c *checker) exchange(p place, refs ops.HeapType) error {
	if err := c.atomicType(p.typ, refs); err != nil {
		return err
	}
	if err := c.popEach(append(p.address, p.typ)...); err != nil {
		return err
	}
	c.push(p.typ)
	return nil
}

// atomicRMW is the rule of the arithmetic and logical operators. Like the next
// two it takes what finding the place returned.
func (c *checker) atomicRMW(p place, err error) error {
	if err != nil {
		return err
	}
	return c.exchange(p, onlyNumbers)
}

// atomicXchg: [address* t] -> [t]
func (c *checker) atomicXchg(p place, err error) error {
	if err != nil {
		return err
	}
	return c.exchange(p, ops.HeapAny)
}

// atomicCmpxchg: [address* t' t] -> [t]. What the old value is compared with may
// be any number of the type or, for a reference, anything that can be compared.
func (c *checker) atomicCmpxchg(p place, err error) error {
	if err != nil {
		return err
	}
	if err := c.atomicType(p.typ, ops.HeapEq); err != nil {
		return err
	}
	expected := p.typ
	switch {
	case !p.typ.IsRef():
	case c.types.Match(p.typ, ops.EqRef):
		expected = ops.EqRef
	default:
		expected = ops.HeapEq.WithShared().RefNull()
	}
	if err := c.popEach(append(p.address, expected, p.typ)...); err != nil {
		return err
	}
	c.push(p.typ)
	return nil
}

func (c *checker) ruleGlobalAtomicRMW(in *ops.Instr) error  { return c.atomicRMW(c.globalPlace(in)) }
func (c *checker) ruleGlobalAtomicXchg(in *ops.Instr) error { return c.atomicXchg(c.globalPlace(in)) }
func (c *checker) ruleGlobalAtomicCmpxchg(in *ops.Instr) error {
	return c.atomicCmpxchg(c.globalPlace(in))
}
func (c *checker) ruleTableAtomicXchg(in *ops.Instr) error { return c.atomicXchg(c.tablePlace(in)) }
func (c *checker) ruleTableAtomicCmpxchg(in *ops.Instr) error {
	return c.atomicCmpxchg(c.tablePlace(in))
}
func (c *checker) ruleStructAtomicRMW(in *ops.Instr) error  { return c.atomicRMW(c.fieldPlace(in)) }
func (c *checker) ruleStructAtomicXchg(in *ops.Instr) error { return c.atomicXchg(c.fieldPlace(in)) }
func (c *checker) ruleStructAtomicCmpxchg(in *ops.Instr) error {
	return c.atomicCmpxchg(c.fieldPlace(in))
}
func (c *checker) ruleArrayAtomicRMW(in *ops.Instr) error  { return c.atomicRMW(c.elementPlace(in)) }
func (c *checker) ruleArrayAtomicXchg(in *ops.Instr) error { return c.atomicXchg(c.elementPlace(in)) }
func (c *checker) ruleArrayAtomicCmpxchg(in *ops.Instr) error {
	return c.atomicCmpxchg(c.elementPlace(in))
}

// ruleGlobalAtomicGet: as global.get, for the types that allow atomic access.
func (c *checker) ruleGlobalAtomicGet(in *ops.Instr) error {
	if err := c.ruleGlobalGet(in); err != nil {
		return err
	}
	return c.atomicType(c.decls.Globals[in.Index].Type, ops.HeapAny)
}

// ruleGlobalAtomicSet: as global.set, for the types that allow atomic access.
func (c *checker) ruleGlobalAtomicSet(in *ops.Instr) error {
	if err := c.ruleGlobalSet(in); err != nil {
		return err
	}
	return c.atomicType(c.decls.Globals[in.Index].Type, ops.HeapAny)
}

// ruleTableAtomicGet: [at] -> [t]
func (c *checker) ruleTableAtomicGet(in *ops.Instr) error {
	p, err := c.tablePlace(in)
	if err != nil {
		return err
	}
	if err := c.popEach(p.address...); err != nil {
		return err
	}
	c.push(p.typ)
	return c.atomicType(p.typ, ops.HeapAny)
}

// ruleTableAtomicSet: [at t] -> []
func (c *checker) ruleTableAtomicSet(in *ops.Instr) error {
	p, err := c.tablePlace(in)
	if err != nil {
		return err
	}
	if err := c.popEach(append(p.address, p.typ)...); err != nil {
		return err
	}
	return c.atomicType(p.typ, ops.HeapAny)
}

// ruleStructAtomicGet: as struct.get, for the types that allow atomic access.
func (c *checker) ruleStructAtomicGet(in *ops.Instr) error {
	if err := c.ruleStructGet(in); err != nil {
		return err
	}
	return c.atomicType(c.types.Field(in.Index, in.Index2).Type, ops.HeapAny)
}

// ruleStructAtomicGetPacked: as struct.get_s.
func (c *checker) ruleStructAtomicGetPacked(in *ops.Instr) error { return c.ruleStructGetPacked(in) }

// ruleStructAtomicSet: as struct.set, for the types that allow atomic access and
// for the packed ones.
func (c *checker) ruleStructAtomicSet(in *ops.Instr) error {
	if err := c.ruleStructSet(in); err != nil {
		return err
	}
	return c.atomicType(c.types.Field(in.Index, in.Index2).Type.Unpacked(), ops.HeapAny)
}

// ruleArrayAtomicGet: as array.get, for the types that allow atomic access.
func (c *checker) ruleArrayAtomicGet(in *ops.Instr) error {
	if err := c.ruleArrayGet(in); err != nil {
		return err
	}
	return c.atomicType(c.types.Elem(in.Index).Type, ops.HeapAny)
}

// ruleArrayAtomicGetPacked: as array.get_s.
func (c *checker) ruleArrayAtomicGetPacked(in *ops.Instr) error { return c.ruleArrayGetPacked(in) }

// ruleArrayAtomicSet: as array.set, for the types that allow atomic access and
// for the packed ones.
func (c *checker) ruleArrayAtomicSet(in *ops.Instr) error {
	if err := c.ruleArraySet(in); err != nil {
		return err
	}
	return c.atomicType(c.types.Elem(in.Index).Type.Unpacked(), ops.HeapAny)
}

// ruleRefI31Shared: [i32] -> [(ref (shared i31))]
func (c *checker) ruleRefI31Shared(*ops.Instr) error {
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	c.push(ops.HeapI31.WithShared().Ref())
	return nil
}
