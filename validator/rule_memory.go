package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// signature applies the signature of a row in which the address type of the
// memory is at, that of the table is tt and its element type is te.
func (c *checker) signature(row *ops.Row, at, tt, te ops.ValType) error {
	height := len(c.operands)
	for i := row.NumParams() - 1; i >= 0; i-- {
		if err := c.pop(resolve(row.Param(i), at, tt, te)); err != nil {
			params, _ := row.Signature()
			want := make([]ops.ValType, len(params))
			for k, t := range params {
				want[k] = resolve(t, at, tt, te)
			}
			return c.mismatchAt(height, want)
		}
	}
	for i := range row.NumResults() {
		c.push(resolve(row.Result(i), at, tt, te))
	}
	return nil
}

// resolve replaces the types that the immediates of an operator decide.
func resolve(t, at, tt, te ops.ValType) ops.ValType {
	switch t {
	case ops.AddrType:
		return at
	case ops.TableAddrType:
		return tt
	case ops.ElemType:
		return te
	}
	return t
}

// memory returns the type of the memory at index i.
func (c *checker) memory(i uint32) (module.MemoryType, error) {
	if int64(i) >= int64(len(c.decls.Memories)) {
		return module.MemoryType{}, c.invalid("unknown memory %d", i)
	}
	m := c.decls.Memories[i]
	return m, c.sharedAccess(m.Shared, "memories")
}

// ruleMemory is the rule of loads, stores, memory.size, memory.grow and
// memory.fill: the signature, with the address type of the memory.
//
// Specification: 3.4.5 "Memory Instructions".
func (c *checker) ruleMemory(in *ops.Instr) error {
	row := c.row
	index := in.Index
	if hasMemArg(row) {
		if in.Mem.Align > uint32(row.Imm.Align) {
			return c.invalid("alignment must not be larger than natural: 2^%d, natural is 2^%d", in.Mem.Align, row.Imm.Align)
		}
		index = in.Mem.Memory
	}
	m, err := c.memory(index)
	if err != nil {
		return err
	}
	if hasMemArg(row) && !m.Memory64 && in.Mem.Offset > 1<<32-1 {
		return c.invalid("offset out of range: %d in a memory with 32-bit addresses", in.Mem.Offset)
	}
	if err := c.lanes(in); err != nil {
		return err
	}
	return c.signature(row, m.AddrType(), ops.Bot, ops.Bot)
}

// hasMemArg reports whether the operator has a memory argument.
func hasMemArg(row *ops.Row) bool {
	return row.Imm.Kind == ops.ImmMemArg || row.Imm.Kind == ops.ImmMemArgLane
}

// ruleAtomic is the rule of atomic accesses: as that of others, and the
// alignment must be exactly the natural one (threads proposal, "Alignment").
func (c *checker) ruleAtomic(in *ops.Instr) error {
	if in.Mem.Align < uint32(c.row.Imm.Align) {
		return c.invalid("atomic alignment must be natural: 2^%d and not 2^%d", c.row.Imm.Align, in.Mem.Align)
	}
	return c.ruleMemory(in)
}

// ruleLane: the signature, and lanes that exist.
func (c *checker) ruleLane(in *ops.Instr) error {
	if err := c.lanes(in); err != nil {
		return err
	}
	return c.plain(c.row)
}

// lanes checks the lane immediates of a vector operator.
func (c *checker) lanes(in *ops.Instr) error {
	n := c.row.Imm.Lanes
	switch c.row.Imm.Kind {
	case ops.ImmLane, ops.ImmMemArgLane:
		if in.Lane >= n {
			return c.invalid("invalid lane index %d: there are %d lanes", in.Lane, n)
		}
	case ops.ImmShuffle:
		for _, l := range in.Bytes {
			if l >= n {
				return c.invalid("invalid lane index %d: there are %d lanes", l, n)
			}
		}
	}
	return nil
}

// ruleMemoryInit: [at i32 i32] -> []
func (c *checker) ruleMemoryInit(in *ops.Instr) error {
	m, err := c.memory(in.Index2)
	if err != nil {
		return err
	}
	if err := c.dataSegment(in.Index); err != nil {
		return err
	}
	return c.signature(c.row, m.AddrType(), ops.Bot, ops.Bot)
}

// ruleMemoryCopy: [at1 at2 min(at1,at2)] -> []
func (c *checker) ruleMemoryCopy(in *ops.Instr) error {
	dst, err := c.memory(in.Index)
	if err != nil {
		return err
	}
	src, err := c.memory(in.Index2)
	if err != nil {
		return err
	}
	d, s := dst.AddrType(), src.AddrType()
	return c.popEach(d, s, min(d, s))
}

func (c *checker) ruleDataDrop(in *ops.Instr) error {
	if err := c.dataSegment(in.Index); err != nil {
		return err
	}
	return c.plain(c.row)
}

// dataSegment checks that there is a data segment at index i. Only the data
// count section can say so, because the data section follows the code: without
// it the operator does not even decode (specification 5.5.17).
func (c *checker) dataSegment(i uint32) error {
	if !c.decls.HasDataCount {
		return c.malformed("data count section required")
	}
	if i >= c.decls.DataCount {
		return c.invalid("unknown data segment %d", i)
	}
	return nil
}
