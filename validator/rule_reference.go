package validator

import "github.com/wasmstate/wasmstate/ops"

// ruleRefNull: [] -> [(ref null ht)]
func (c *checker) ruleRefNull(in *ops.Instr) error {
	t, err := c.valType(in.Type[0])
	if err != nil {
		return err
	}
	c.push(t)
	return nil
}

// ruleRefIsNull: [(ref null ht)] -> [i32]
func (c *checker) ruleRefIsNull(*ops.Instr) error {
	if _, err := c.popRef(); err != nil {
		return err
	}
	c.push(ops.I32)
	return nil
}

// ruleRefFunc: [] -> [(ref $t)], where the function occurs outside bodies and data
// segments.
func (c *checker) ruleRefFunc(in *ops.Instr) error {
	t, err := c.funcAt(in.Index)
	if err != nil {
		return err
	}
	if c.inFunc && !c.decls.FuncDeclared(in.Index) {
		return c.invalid("undeclared function reference: function %d occurs in no global, table, element segment or export", in.Index)
	}
	c.push(c.funcRef(in.Index, t))
	return nil
}

// funcRef is the type of a reference to the function at index i, of type t. It
// is exact where the type of the function is known exactly: with custom
// descriptors, for all functions but imports whose declared type is not exact.
func (c *checker) funcRef(i, t uint32) ops.ValType {
	if c.features.Has(ops.CustomDescriptors) && c.decls.FuncExact(i) {
		return c.allocated(t)
	}
	return c.refTo(t)
}

// ruleRefAsNonNull: [(ref null ht)] -> [(ref ht)]
func (c *checker) ruleRefAsNonNull(*ops.Instr) error {
	t, err := c.popRef()
	if err != nil {
		return err
	}
	c.push(t.NonNull())
	return nil
}

// ruleBrOnNull: [t* (ref null ht)] -> [t* (ref ht)]
func (c *checker) ruleBrOnNull(in *ops.Instr) error {
	f, err := c.label(in.Index)
	if err != nil {
		return err
	}
	t, err := c.popRef()
	if err != nil {
		return err
	}
	if err := c.retype(c.labelTypes(f, &c.one)); err != nil {
		return err
	}
	c.push(t.NonNull())
	return nil
}

// ruleBrOnNonNull: [t* (ref null ht)] -> [t*], to a label [t* (ref ht)].
func (c *checker) ruleBrOnNonNull(in *ops.Instr) error {
	rest, last, err := c.labelRef(in.Index)
	if err != nil {
		return err
	}
	if err := c.pop(last.AsNull()); err != nil {
		return err
	}
	return c.retype(rest)
}

// labelRef returns the types of the label l, which must end with a reference:
// those before it, and the reference itself.
func (c *checker) labelRef(l uint32) (rest []ops.ValType, last ops.ValType, err error) {
	f, err := c.label(l)
	if err != nil {
		return nil, 0, err
	}
	ts := c.labelTypes(f, &c.one)
	if len(ts) == 0 || !ts[len(ts)-1].IsRef() {
		return nil, 0, c.invalid("type mismatch: label %d takes %s, which does not end with a reference", l, typesText(ts))
	}
	return ts[:len(ts)-1], ts[len(ts)-1], nil
}

// ruleRefEq: [(ref null eq) (ref null eq)] -> [i32], both shared or both not.
func (c *checker) ruleRefEq(*ops.Instr) error {
	a, err := c.popMaybeShared(ops.HeapEq)
	if err != nil {
		return err
	}
	b, err := c.popMaybeShared(ops.HeapEq)
	if err != nil {
		return err
	}
	if a != ops.Bot && b != ops.Bot && c.sharedRef(a) != c.sharedRef(b) {
		return c.invalid("type mismatch: ref.eq of a shared and an unshared reference: %s", typesText([]ops.ValType{b, a}))
	}
	c.push(ops.I32)
	return nil
}

// popMaybeShared takes a nullable reference to the abstract heap type h, or to
// its shared form, and returns its type; ops.Bot when that is not known.
func (c *checker) popMaybeShared(h ops.HeapType) (ops.ValType, error) {
	t, ok := c.peek(0)
	if !ok || !c.matchMaybeShared(t, h) {
		return t, c.mismatch(h.RefNull())
	}
	c.drop(1)
	if t == ops.HeapBot.Ref() || t.Heap().BotShare() {
		return ops.Bot, nil
	}
	return t, nil
}

// sharedRef reports whether the reference type t points to something shared.
func (c *checker) sharedRef(t ops.ValType) bool {
	if i, ok := t.Heap().Index(); ok {
		return c.types.Shared(i)
	}
	return t.Heap().Shared()
}

// ruleRefI31: [i32] -> [(ref i31)]
func (c *checker) ruleRefI31(*ops.Instr) error {
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	c.push(ops.HeapI31.Ref())
	return nil
}

// ruleI31Get: [(ref null i31)] -> [i32]
func (c *checker) ruleI31Get(*ops.Instr) error {
	if _, err := c.popMaybeShared(ops.HeapI31); err != nil {
		return err
	}
	c.push(ops.I32)
	return nil
}

// ruleAnyConvertExtern: [(ref null1? extern)] -> [(ref null1? any)]
func (c *checker) ruleAnyConvertExtern(*ops.Instr) error {
	return c.convert(ops.HeapExtern, ops.HeapAny)
}

// ruleExternConvertAny: [(ref null1? any)] -> [(ref null1? extern)]
func (c *checker) ruleExternConvertAny(*ops.Instr) error {
	return c.convert(ops.HeapAny, ops.HeapExtern)
}

// convert takes a reference below from and leaves one to the heap type to, as
// nullable and as shared as it was.
func (c *checker) convert(from, to ops.HeapType) error {
	t, err := c.popMaybeShared(from)
	if err != nil {
		return err
	}
	if t == ops.Bot {
		c.push(to.WithBotShare().Ref())
		return nil
	}
	if c.sharedRef(t) {
		to = to.WithShared()
	}
	if t.Nullable() {
		c.push(to.RefNull())
	} else {
		c.push(to.Ref())
	}
	return nil
}

// castTarget checks the target of a cast and takes the operand, which may be
// any reference of the target's hierarchy.
//
// Specification: 3.4.6 "Reference Instructions", ref.test and ref.cast.
func (c *checker) castTarget(target ops.ValType) (ops.ValType, error) {
	t, err := c.valType(target)
	if err != nil {
		return t, err
	}
	top := c.types.Top(t.Heap())
	if err := c.castable(top); err != nil {
		return t, err
	}
	return t, c.pop(top.RefNull())
}

// castable refuses casts to continuations (stack switching proposal).
func (c *checker) castable(top ops.HeapType) error {
	if top.Abs() == ops.HeapCont {
		return c.invalid("invalid cast: continuations cannot be cast")
	}
	return nil
}

// ruleRefTest: [(ref null ht')] -> [i32]
func (c *checker) ruleRefTest(in *ops.Instr) error {
	if _, err := c.castTarget(in.Type[0]); err != nil {
		return err
	}
	c.push(ops.I32)
	return nil
}

// ruleRefCast: [(ref null ht')] -> [(ref null? ht)]
func (c *checker) ruleRefCast(in *ops.Instr) error {
	t, err := c.castTarget(in.Type[0])
	if err != nil {
		return err
	}
	c.push(t)
	return nil
}

// castBranch checks the source and target types of a branch on a cast.
func (c *checker) castBranch(in *ops.Instr) (from, to ops.ValType, err error) {
	if from, err = c.valType(in.Type[0]); err != nil {
		return 0, 0, err
	}
	if to, err = c.valType(in.Type[1]); err != nil {
		return 0, 0, err
	}
	top := c.types.Top(to.Heap())
	if err := c.castable(top); err != nil {
		return 0, 0, err
	}
	if c.types.Match(to, from) {
		return from, to, nil
	}
	// With custom descriptors it is enough that both are of one hierarchy.
	switch {
	case c.types.Top(from.Heap()) != top:
		return 0, 0, c.invalid("type mismatch: cannot cast from %v to %v", from, to)
	case !c.features.Has(ops.CustomDescriptors):
		return 0, 0, c.missing(ops.CustomDescriptors, "type mismatch: cannot cast from %v to %v", from, to)
	}
	c.need |= ops.CustomDescriptors
	return from, to, nil
}

// difference is the type of what is left of from when the cast to the type to
// failed: without null if the target includes it (specification 3.1.1, diff).
func difference(from, to ops.ValType) ops.ValType {
	if to.Nullable() {
		return from.NonNull()
	}
	return from
}

// branchOnCast takes a reference of type from; branches with taken, and leaves
// left when it does not.
func (c *checker) branchOnCast(l uint32, from, taken, left ops.ValType) error {
	rest, last, err := c.labelRef(l)
	if err != nil {
		return err
	}
	if !c.types.Match(taken, last) {
		return c.invalid("type mismatch: the branch carries %v but label %d takes %v", taken, l, last)
	}
	if err := c.pop(from); err != nil {
		return err
	}
	if err := c.retype(rest); err != nil {
		return err
	}
	c.push(left)
	return nil
}

// ruleBrOnCast: [t* rt1] -> [t* rt1\rt2], to a label [t* rt2].
func (c *checker) ruleBrOnCast(in *ops.Instr) error {
	from, to, err := c.castBranch(in)
	if err != nil {
		return err
	}
	return c.branchOnCast(in.Index, from, to, difference(from, to))
}

// ruleBrOnCastFail: [t* rt1] -> [t* rt2], to a label [t* rt1\rt2].
func (c *checker) ruleBrOnCastFail(in *ops.Instr) error {
	from, to, err := c.castBranch(in)
	if err != nil {
		return err
	}
	return c.branchOnCast(in.Index, from, difference(from, to), to)
}
