package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// table returns the type of the table at index i.
func (c *checker) table(i uint32) (module.TableType, error) {
	if int64(i) >= int64(len(c.decls.Tables)) {
		return module.TableType{}, c.invalid("unknown table %d", i)
	}
	t := c.decls.Tables[i]
	return t, c.sharedAccess(t.Shared, "tables")
}

// elemSegment returns the type of the element segment at index i.
func (c *checker) elemSegment(i uint32) (ops.ValType, error) {
	if int64(i) >= int64(len(c.decls.Elems)) {
		return ops.Bot, c.invalid("unknown elem segment %d", i)
	}
	return c.decls.Elems[i], nil
}

// ruleTable is the rule of the operators on one table: the signature, with the
// address and element type of the table.
//
// Specification: 3.4.4 "Table Instructions".
func (c *checker) ruleTable(in *ops.Instr) error {
	t, err := c.table(in.Index)
	if err != nil {
		return err
	}
	return c.signature(c.row, ops.Bot, t.AddrType(), t.Elem)
}

// ruleTableInit: [at i32 i32] -> []
func (c *checker) ruleTableInit(in *ops.Instr) error {
	t, err := c.table(in.Index2)
	if err != nil {
		return err
	}
	elem, err := c.elemSegment(in.Index)
	if err != nil {
		return err
	}
	if !c.types.Match(elem, t.Elem) {
		return c.invalid("type mismatch: element segment %d has type %v, table %d has type %v", in.Index, elem, in.Index2, t.Elem)
	}
	return c.signature(c.row, ops.Bot, t.AddrType(), t.Elem)
}

// ruleTableCopy: [at1 at2 min(at1,at2)] -> []
func (c *checker) ruleTableCopy(in *ops.Instr) error {
	dst, err := c.table(in.Index)
	if err != nil {
		return err
	}
	src, err := c.table(in.Index2)
	if err != nil {
		return err
	}
	if !c.types.Match(src.Elem, dst.Elem) {
		return c.invalid("type mismatch: table %d has type %v, table %d has type %v", in.Index2, src.Elem, in.Index, dst.Elem)
	}
	d, s := dst.AddrType(), src.AddrType()
	return c.popEach(d, s, min(d, s))
}

func (c *checker) ruleElemDrop(in *ops.Instr) error {
	if _, err := c.elemSegment(in.Index); err != nil {
		return err
	}
	return c.plain(c.row)
}
