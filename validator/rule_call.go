package validator

import "github.com/wasmstate/wasmstate/ops"

// call applies a function type: [t1*] -> [t2*].
func (c *checker) call(typeIdx uint32) error {
	params, results := c.types.Params(typeIdx), c.types.Results(typeIdx)
	if len(params) >= longList && len(params) == len(results) && c.compareLists(params, results) == equal {
		return c.retype(results) // they are there already
	}
	if err := c.popAll(params); err != nil {
		return err
	}
	return c.pushAll(results)
}

// tailCall applies a function type and returns: [t3* t1*] -> [t4*], where the
// results must match those of the function.
func (c *checker) tailCall(typeIdx uint32) error {
	if err := c.popAll(c.types.Params(typeIdx)); err != nil {
		return err
	}
	if err := c.matchResults(c.types.Results(typeIdx)); err != nil {
		return err
	}
	c.unreachable()
	return nil
}

// matchResults checks that what a tail call leaves matches what the function
// being validated must return.
func (c *checker) matchResults(have []ops.ValType) error {
	want := c.results(c.frames[0].Block, &c.one)
	if !c.matchLists(have, want) {
		return c.invalid("type mismatch: tail call returns %s but the function returns %s", typesText(have), typesText(want))
	}
	return nil
}

// funcAt returns the type index of the function at index i.
func (c *checker) funcAt(i uint32) (uint32, error) {
	if int64(i) >= int64(len(c.decls.Funcs)) {
		return 0, c.invalid("unknown function %d", i)
	}
	t := c.decls.Funcs[i]
	return t, c.sharedType(t)
}

func (c *checker) ruleCall(in *ops.Instr) error {
	t, err := c.funcAt(in.Index)
	if err != nil {
		return err
	}
	return c.call(t)
}

func (c *checker) ruleReturnCall(in *ops.Instr) error {
	t, err := c.funcAt(in.Index)
	if err != nil {
		return err
	}
	return c.tailCall(t)
}

// indirect checks the operands that an indirect call has besides those of the
// function: [t1* at] -> [t2*], and a table of functions.
func (c *checker) indirect(in *ops.Instr) error {
	table, err := c.table(in.Index2)
	if err != nil {
		return err
	}
	if !c.matchMaybeShared(table.Elem, ops.HeapFunc) {
		return c.invalid("type mismatch: table %d has elements of type %v and not of a function type", in.Index2, table.Elem)
	}
	if _, err := c.funcType(in.Index); err != nil {
		return err
	}
	return c.pop(table.AddrType())
}

func (c *checker) ruleCallIndirect(in *ops.Instr) error {
	if err := c.indirect(in); err != nil {
		return err
	}
	return c.call(in.Index)
}

func (c *checker) ruleReturnCallIndirect(in *ops.Instr) error {
	if err := c.indirect(in); err != nil {
		return err
	}
	return c.tailCall(in.Index)
}

// ruleCallRef: [t1* (ref null $t)] -> [t2*]
func (c *checker) ruleCallRef(in *ops.Instr) error {
	if err := c.popFuncRef(in.Index); err != nil {
		return err
	}
	return c.call(in.Index)
}

// ruleReturnCallRef: [t3* t1* (ref null $t)] -> [t4*]
func (c *checker) ruleReturnCallRef(in *ops.Instr) error {
	if err := c.popFuncRef(in.Index); err != nil {
		return err
	}
	return c.tailCall(in.Index)
}

// popFuncRef takes a nullable reference to the function type at index i.
func (c *checker) popFuncRef(i uint32) error {
	if _, err := c.funcType(i); err != nil {
		return err
	}
	return c.popTypeRef(i)
}

// popTypeRef takes a nullable reference to the type at index i, which exists.
func (c *checker) popTypeRef(i uint32) error { return c.pop(c.refTo(i).AsNull()) }

// refTo returns the non-nullable reference to the type at index i, which exists.
func (c *checker) refTo(i uint32) ops.ValType {
	return ops.IndexHeap(c.types.Canonical(i)).Ref()
}
