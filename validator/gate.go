package validator

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
)

// A decoder refuses what needs a proposal that is off, and what no encoding has. An
// engine that has a decoder of its own may not; what Op and DefineLocals get from it is
// checked here: not the operators, which apply checks, but their immediates.

// gate checks that the immediates of an operator are some that can be written, and that
// the features allow the types among them.
func (c *checker) gate(offset int, in *ops.Instr) error {
	row := in.Op.Row()
	if row == nil {
		return nil // which apply refuses
	}
	if what := unwritable(row, in); what != "" {
		c.offset, c.op = offset, in.Op
		return c.opError(Malformed, 0, "%s", what)
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

// unwritable returns what is wrong with immediates that no encoding of the operator
// has: "" where the rule would find it, or nothing is wrong.
func unwritable(row *ops.Row, in *ops.Instr) string {
	switch row.Imm.Kind {
	case ops.ImmRefNull, ops.ImmRefType:
		if !in.Type[0].IsRef() || in.Type[0].Nullable() != row.ToNull() {
			return fmt.Sprintf("malformed heap type: %s of %v", row.Name, in.Type[0])
		}
	case ops.ImmCastBranch:
		for _, t := range in.Type {
			if !t.IsRef() {
				return fmt.Sprintf("malformed heap type: %s of %v", row.Name, t)
			}
		}
	case ops.ImmOrdGlobal, ops.ImmOrdTable, ops.ImmOrdField, ops.ImmOrdType:
		if in.Ordering > ops.AcqRel {
			return fmt.Sprintf("malformed memory ordering: %d", in.Ordering)
		}
	case ops.ImmTry:
		for _, catch := range in.Catches {
			if catch.Kind > ops.CatchAllRef {
				return fmt.Sprintf("malformed catch clause of kind %d", catch.Kind)
			}
		}
	}
	return ""
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
