package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// constant checks that the operator may stand in a constant expression.
//
// Specification: 3.4.13 "Expressions", constant expressions.
func (c *checker) constant(in *ops.Instr) error {
	row := c.row
	switch {
	case row.Rule == ops.RuleEnd:
		return nil
	case !row.Const:
		return c.invalid("constant expression required: %s is not constant", row.Name)
	case row.ConstFeature&^c.features != 0:
		return c.missing(c.features.Missing(row.ConstFeature), "constant expression required: %s is not constant", row.Name)
	}
	c.need |= row.ConstFeature
	if row.Rule == ops.RuleGlobalGet {
		return c.constantGlobal(in.Index)
	}
	return nil
}

// constantGlobal checks a global.get in a constant expression: the global is
// immutable, and imported where the GC proposal does not allow others.
func (c *checker) constantGlobal(i uint32) error {
	g, err := c.global(i)
	switch {
	case err != nil:
		return err
	case g.Mutable:
		return c.invalid("constant expression required: global %d is mutable", i)
	case i < c.decls.ImportedGlobals:
		return nil
	case !c.features.Has(ops.GC):
		return c.missing(ops.GC, "unknown global %d: a constant expression refers to imported globals", i)
	}
	c.need |= ops.GC
	return nil
}

// constExpr checks a constant expression that must leave a value of type want,
// and that may refer to the first globals globals.
//
// The functions that it refers to are declared, unless the declarations are complete:
// those in the offset of a data segment count as little as those in a body.
//
// Specification: 3.5.13 "Modules", the references of the context.
func (c *checker) constExpr(e module.ConstExpr, want ops.ValType, globals int, complete bool) error {
	if isNumber(e.Bytes, want) {
		return nil
	}
	c.enter(e.Offset, ops.BlockResult(want))
	c.globals = uint32(globals)
	c.dec.Reset(e.Bytes, e.Offset, c.features)
	in := &c.alloc.Instr
	for n := 1; !c.finished(); n++ {
		if n%4096 == 0 && c.stopped() {
			return errStopped
		}
		offset := c.dec.Offset()
		if err := c.dec.Next(in); err != nil {
			return fromSyntax(err)
		}
		if err := c.apply(offset, in); err != nil {
			return err
		}
		if in.Op == ops.RefFunc && !complete {
			c.decls.DeclareFunc(in.Index)
		}
	}
	c.need |= c.dec.Need()
	return nil
}

// isNumber reports whether a well-formed expression is a single constant of the
// type want, i32 or i64: the offset of nearly every segment, of which a module
// may have a hundred thousand.
func isNumber(expr []byte, want ops.ValType) bool {
	n := len(expr)
	if n < 3 || want != ops.I32 && want != ops.I64 || ops.Op(expr[0]) != constOf[want] {
		return false
	}
	for _, b := range expr[1 : n-2] {
		if b < 0x80 {
			return false // the constant ends here and something follows
		}
	}
	return expr[n-2] < 0x80
}

// constOf is the operator that pushes a constant integer of a type.
var constOf = [...]ops.Op{ops.I32: ops.I32Const, ops.I64: ops.I64Const}
