package mutate

import (
	"slices"
	"sync"

	"github.com/wasmstate/wasmstate/ops"
)

// operator returns a new operator.
func operator(in *ops.Instr) *node {
	p := &parser{b: ops.AppendInstr(nil, in)}
	p.end = len(p.b)
	n, _ := p.operator()
	return n.clone()
}

// firstByte returns the first byte of an operator: all of the opcode where there
// is no prefix.
func firstByte(n *node) ops.Op { return ops.Op(n.kids[0].kids[0].bytes[0]) }

// opcode returns a new opcode.
func opcode(op ops.Op) *node { return operator(&ops.Instr{Op: op}).kids[0] }

// allRows and rowsOf list the operators: all of them, and those that have
// immediates of one shape.
var (
	allRows    = sync.OnceValue(func() []*ops.Row { return slices.Collect(ops.Rows()) })
	rowsByKind = sync.OnceValue(func() map[ops.ImmKind][]*ops.Row {
		m := map[ops.ImmKind][]*ops.Row{}
		for _, r := range allRows() {
			m[r.Imm.Kind] = append(m[r.Imm.Kind], r)
		}
		return m
	})
)

func rowsOf(kind ops.ImmKind) []*ops.Row { return rowsByKind()[kind] }

// frequent are the operators of which most code consists.
var frequent = []ops.Op{
	ops.Block, ops.Loop, ops.If, ops.Else, ops.End, ops.Br, ops.BrIf, ops.BrTable, ops.Return, ops.Unreachable, ops.Drop,
	ops.Select, ops.LocalGet, ops.LocalSet, ops.LocalTee, ops.GlobalGet, ops.GlobalSet, ops.I32Const, ops.I64Const,
	ops.Call, ops.CallIndirect, ops.RefNull, ops.RefFunc, ops.TryTable, ops.Throw,
}

// RandomInstr returns an operator, of any proposal, with immediates that are small
// enough to be right often.
func RandomInstr(c Chooser) ops.Instr {
	op := one(c, allRows()).Op
	if c.IntN(2) == 0 {
		op = one(c, frequent)
	}
	in := ops.Instr{
		Op: op, Index: smallIndex(c), Index2: smallIndex(c), Block: randomBlock(c), Value: one(c, edges), Lane: uint8(c.IntN(20)),
		Mem:  ops.MemArg{Align: uint32(c.IntN(5)), Offset: one(c, edges)},
		Type: [2]ops.ValType{randomType(c), randomType(c)}, Labels: []uint32{smallIndex(c)}, Ordering: ops.Ordering(c.IntN(2)),
	}
	if c.IntN(3) > 0 {
		in.Mem = ops.MemArg{Align: uint32(op.Row().Imm.Align), Memory: uint32(c.IntN(8) / 7)}
	}
	for more := c.IntN(3); more > 0; more-- {
		in.Labels = append(in.Labels, smallIndex(c))
		in.Types = append(in.Types, randomType(c))
		in.Catches = append(in.Catches, ops.Catch{Kind: ops.CatchKind(c.IntN(4)), Tag: smallIndex(c), Label: smallIndex(c)})
		in.Handlers = append(in.Handlers, ops.Handler{Switch: c.IntN(2) == 0, Tag: smallIndex(c), Label: smallIndex(c)})
	}
	return in
}

// smallIndex returns an index that is most often 0.
func smallIndex(c Chooser) uint32 { return uint32(max(0, c.IntN(8)-4)) + uint32(c.IntN(2)*c.IntN(12)) }

var someTypes = []ops.ValType{
	ops.I32, ops.I64, ops.F32, ops.F64, ops.V128, ops.FuncRef, ops.ExternRef, ops.AnyRef, ops.EqRef, ops.I31Ref, ops.StructRef,
	ops.ArrayRef, ops.ExnRef, ops.NullRef, ops.NullFuncRef, ops.HeapFunc.Ref(), ops.HeapI31.Ref(), ops.HeapAny.WithShared().RefNull(),
}

func randomType(c Chooser) ops.ValType {
	switch c.IntN(4) {
	case 0:
		return ops.IndexHeap(smallIndex(c)).RefNull()
	case 1:
		return ops.IndexHeap(smallIndex(c)).Ref()
	}
	return one(c, someTypes)
}

func randomBlock(c Chooser) ops.BlockType {
	switch c.IntN(3) {
	case 0:
		return ops.BlockIndex(smallIndex(c))
	case 1:
		return ops.BlockResult(randomType(c))
	}
	return 0
}
