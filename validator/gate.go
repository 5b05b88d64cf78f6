package validator

import "github.com/wasmstate/wasmstate/ops"

// A decoder refuses what needs a proposal that is off. An engine that has a
// decoder of its own may not; what Op and DefineLocals get from it is checked
// here: not the operators, which apply checks, but the types among their
// immediates.

// gate checks that the features allow the types in the immediates of an operator.
func (c *checker) gate(offset int, in *ops.Instr) error {
	row := in.Op.Row()
	if row == nil {
		return nil // which apply refuses
	}
	need := ops.Features(0)
	switch row.Imm.Kind {
	case ops.ImmBlock, ops.ImmTry:
		if t, ok := in.Block.Result(); ok {
			need = t.Needs()
		} else if _, ok := in.Block.Index(); ok {
			need = ops.MultiValue
		}
	case ops.ImmSelect:
		for _, t := range in.Types {
			need |= t.Needs()
		}
	case ops.ImmRefNull, ops.ImmRefType:
		need = in.Type[0].Needs()
	case ops.ImmCastBranch:
		need = in.Type[0].Needs() | in.Type[1].Needs()
	}
	if missing := c.features.Missing(need); missing != 0 {
		c.offset, c.op = offset, in.Op
		return c.opError(Malformed, missing, "malformed value type")
	}
	return nil
}

// gateLocal checks that the features allow locals of the type t.
func (c *checker) gateLocal(offset int, t ops.ValType) error {
	if missing := c.features.Missing(t.Needs()); missing != 0 {
		c.offset = offset
		e := c.plainError(Malformed, "malformed value type")
		e.Feature = missing
		return e
	}
	return nil
}
