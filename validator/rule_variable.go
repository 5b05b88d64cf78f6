package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// local returns the type of the local at index i.
func (c *checker) local(i uint32) (ops.ValType, error) {
	t, ok := c.locals.Type(i)
	if !ok {
		return t, c.invalid("unknown local %d", i)
	}
	return t, nil
}

// ruleLocalGet: [] -> [t], where the local is initialised.
func (c *checker) ruleLocalGet(in *ops.Instr) error {
	t, err := c.local(in.Index)
	if err != nil {
		return err
	}
	if !c.locals.Initialized(in.Index, t) {
		return c.invalid("uninitialized local %d of type %v", in.Index, t)
	}
	c.push(t)
	return nil
}

// ruleLocalSet: [t] -> []
func (c *checker) ruleLocalSet(in *ops.Instr) error {
	t, err := c.local(in.Index)
	if err != nil {
		return err
	}
	if err := c.pop(t); err != nil {
		return err
	}
	c.locals.Initialize(in.Index, t)
	return nil
}

// ruleLocalTee: [t] -> [t]
func (c *checker) ruleLocalTee(in *ops.Instr) error {
	if err := c.ruleLocalSet(in); err != nil {
		return err
	}
	t, err := c.local(in.Index)
	c.push(t)
	return err
}

// global returns the type of the global at index i. A constant expression sees
// only the globals that come before it.
func (c *checker) global(i uint32) (module.GlobalType, error) {
	n := int64(len(c.decls.Globals))
	if !c.inFunc {
		n = min(n, int64(c.globals))
	}
	if int64(i) >= n {
		return module.GlobalType{}, c.invalid("unknown global %d", i)
	}
	g := c.decls.Globals[i]
	return g, c.sharedAccess(g.Shared, "globals")
}

// ruleGlobalGet: [] -> [t]
func (c *checker) ruleGlobalGet(in *ops.Instr) error {
	g, err := c.global(in.Index)
	if err != nil {
		return err
	}
	c.push(g.Type)
	return nil
}

// ruleGlobalSet: [t] -> [], where the global is mutable.
func (c *checker) ruleGlobalSet(in *ops.Instr) error {
	g, err := c.mutableGlobal(in.Index)
	if err != nil {
		return err
	}
	return c.pop(g.Type)
}

// mutableGlobal returns the type of the global at index i, which must be mutable.
func (c *checker) mutableGlobal(i uint32) (module.GlobalType, error) {
	g, err := c.global(i)
	if err == nil && !g.Mutable {
		err = c.invalid("immutable global: global %d cannot be set", i)
	}
	return g, err
}
