package validator

import "github.com/wasmstate/wasmstate/ops"

// ruleDrop: [t] -> []
func (c *checker) ruleDrop(*ops.Instr) error {
	_, err := c.popAny()
	return err
}

// ruleSelect: [t t i32] -> [t], where t is a number or vector type.
func (c *checker) ruleSelect(*ops.Instr) error {
	if err := c.pop(ops.I32); err != nil {
		return err
	}
	t1, err := c.popAny()
	if err != nil {
		return err
	}
	t2, err := c.popAny()
	if err != nil {
		return err
	}
	switch {
	case t1.IsRef() || t2.IsRef():
		return c.invalid("type mismatch: select without a type requires numbers or vectors but stack has %s", typesText([]ops.ValType{t2, t1}))
	case t1 == ops.Bot:
		t1 = t2
	case t2 != ops.Bot && t1 != t2:
		return c.invalid("type mismatch: select requires two operands of one type but stack has %s", typesText([]ops.ValType{t2, t1}))
	}
	c.push(t1)
	return nil
}

// ruleSelectTyped: [t t i32] -> [t]
func (c *checker) ruleSelectTyped(in *ops.Instr) error {
	if len(in.Types) != 1 {
		return c.invalid("invalid result arity: select with %d types", len(in.Types))
	}
	t, err := c.valType(in.Types[0])
	if err != nil {
		return err
	}
	if err := c.popEach(t, t, ops.I32); err != nil {
		return err
	}
	c.push(t)
	return nil
}
