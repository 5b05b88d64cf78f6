package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

const mismatch = "type mismatch"

func constant32(v uint64) ops.Instr { return ops.Instr{Op: ops.I32Const, Value: v} }
func constant64(v uint64) ops.Instr { return ops.Instr{Op: ops.I64Const, Value: v} }

var (
	endInstr  = ops.Instr{Op: ops.End}
	emptyOpen = ops.Instr{Op: ops.Block}
)

// other returns a literal of another type than t.
func (b *body) other(t ops.ValType) ops.Instr {
	if t == ops.I64 {
		return constant32(1)
	}
	return constant64(1)
}

// numeric returns a row of an operator that takes one or two numbers.
func (b *body) numeric() *ops.Row {
	for {
		row := pick(b.choices, b.rows)
		if params, _ := row.Signature(); row.Rule == ops.RulePlain && len(params) > 0 {
			return row
		}
	}
}

// operatorFaults are wrong operands, results and labels.
//
// Specification: 3.4 "Instructions".
var operatorFaults = []Fault{
	{Name: "operand of another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		row := b.numeric()
		params, _ := row.Signature()
		n := len(params) - 1
		ok := b.values(params[:n], 1)
		return b.wrong(b.other(params[n]), ops.Instr{Op: row.Op}), ok
	}},
	{Name: "operand missing", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		// The operands of the enclosing block are out of reach.
		if !b.try(emptyOpen) {
			return 0, false
		}
		at := b.wrong(ops.Instr{Op: b.numeric().Op})
		return at, b.try(endInstr)
	}},
	{Name: "operand left at the end of a block", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		if !b.try(emptyOpen) {
			return 0, false
		}
		b.wrong(constant32(1))
		at := len(b.code)
		return at, b.try(endInstr)
	}},
	{Name: "result of another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		return b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.I32)}, constant64(1), endInstr), true
	}},
	{Name: "branch with an operand of another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		at := b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.I32)}, constant64(1), ops.Instr{Op: ops.Br})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "conditional branch without condition", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		at := b.wrong(emptyOpen, ops.Instr{Op: ops.BrIf})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "targets of different arity", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		at := b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.I32)}, emptyOpen, constant32(1), constant32(1),
			ops.Instr{Op: ops.BrTable, Labels: []uint32{0, 1}})
		b.wrong(endInstr, endInstr)
		return at, true
	}},
	{Name: "if with a result but no else", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		return b.wrong(constant32(1), ops.Instr{Op: ops.If, Block: ops.BlockResult(ops.I32)}, constant32(1), endInstr), true
	}},
	{Name: "return of another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		results := b.types.Results(b.typeIdx)
		if len(results) == 0 || !b.values(results[:len(results)-1], 1) {
			return 0, false
		}
		return b.wrong(b.other(results[len(results)-1]), ops.Instr{Op: ops.Return}), true
	}},
	{Name: "local set to another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		n := b.a.NumLocals()
		if n == 0 {
			return 0, false
		}
		i := uint32(b.below(int(n)))
		t, _ := b.a.LocalType(i)
		return b.wrong(b.other(t), ops.Instr{Op: ops.LocalSet, Index: i}), true
	}},
	{Name: "local without a value", Needs: ops.TypedRefs, Kind: validator.Invalid, Message: "uninitialized local", code: func(b *body) (int, bool) {
		params := len(b.types.Params(b.typeIdx))
		i, ok := b.some(int(b.a.NumLocals()), func(i uint32) bool {
			t, _ := b.a.LocalType(i)
			return int(i) >= params && !t.Defaultable() && !b.set[i]
		})
		return b.wrong(ops.Instr{Op: ops.LocalGet, Index: i}), ok
	}},
	{Name: "immutable global set", Kind: validator.Invalid, Message: "immutable global", code: func(b *body) (int, bool) {
		i, ok := b.someGlobal(func(g module.GlobalType) bool { return !g.Mutable && (!b.types.Shared(b.typeIdx) || g.Shared) })
		if !ok || !b.value(b.globals[i].Type, 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.GlobalSet, Index: i}), true
	}},
	{Name: "call with an operand missing", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.funcs), func(i uint32) bool { return len(b.types.Params(b.funcs[i])) > 0 && !b.types.Shared(b.typeIdx) })
		at := b.wrong(emptyOpen, ops.Instr{Op: ops.Call, Index: i})
		b.wrong(endInstr)
		return at, ok
	}},
	{Name: "tail call with other results", Needs: ops.TailCall, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.funcs), func(i uint32) bool {
			return len(b.types.Results(b.funcs[i])) != len(b.types.Results(b.typeIdx)) && !b.types.Shared(b.typeIdx)
		})
		if !ok || !b.values(b.types.Params(b.funcs[i]), 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.ReturnCall, Index: i}), true
	}},
	{Name: "indirect call through a table of other references", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.tables), func(i uint32) bool {
			return b.top(b.tables[i].Elem).Heap().Abs() != ops.HeapFunc && !b.types.Shared(b.typeIdx)
		})
		if !ok || !b.value(b.tables[i].AddrType(), 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.CallIndirect, Index: 0, Index2: i}), true
	}},
	{Name: "select of references without a type", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		null := ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{ops.FuncRef}}
		return b.wrong(null, null, constant32(1), ops.Instr{Op: ops.Select}), true
	}},
	{Name: "select of two types", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		return b.wrong(constant32(1), constant64(1), constant32(1), ops.Instr{Op: ops.Select}), true
	}},
	{Name: "select with a list of types", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: "invalid result arity", code: func(b *body) (int, bool) {
		list := slices.Repeat([]ops.ValType{ops.I32}, 2*b.below(2))
		return b.wrong(constant32(1), constant32(1), constant32(1), ops.Instr{Op: ops.SelectT, Types: list}), true
	}},
	{Name: "test for null of a number", Needs: ops.ReferenceTypes, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		return b.wrong(constant32(1), ops.Instr{Op: ops.RefIsNull}), true
	}},
	{Name: "alignment larger than natural", Kind: validator.Invalid, Message: "alignment must not be larger than natural", code: func(b *body) (int, bool) {
		return b.access(ops.I32Load, func(m *ops.MemArg) { m.Align = 3 + uint32(b.below(4)) })
	}},
	{Name: "atomic alignment not natural", Needs: ops.Threads, Kind: validator.Invalid, Message: "atomic alignment must be natural", code: func(b *body) (int, bool) {
		return b.access(ops.I32AtomicLoad, func(m *ops.MemArg) { m.Align = uint32(b.below(2)) })
	}},
	{Name: "offset beyond a 32-bit memory", Needs: ops.Memory64, Kind: validator.Invalid, Message: "offset out of range", code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.memories), func(i uint32) bool { return !b.memories[i].Memory64 && b.reaches(i) })
		if !ok || !b.value(ops.I32, 1) {
			return 0, false
		}
		return b.wrong(ops.Instr{Op: ops.I32Load, Mem: ops.MemArg{Memory: i, Offset: 1 << 32}}), true
	}},
	{Name: "address of another type", Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		i, ok := b.some(len(b.memories), b.reaches)
		if !ok {
			return 0, false
		}
		return b.wrong(b.other(b.memories[i].AddrType()), ops.Instr{Op: ops.I32Load, Mem: ops.MemArg{Memory: i}}), true
	}},
	{Name: "lane that a vector does not have", Needs: ops.SIMD, Kind: validator.Invalid, Message: "invalid lane index", code: func(b *body) (int, bool) {
		ok := b.value(ops.V128, 1)
		return b.wrong(ops.Instr{Op: ops.I8x16ExtractLaneS, Lane: uint8(16 + b.below(200))}), ok
	}},
	{Name: "shuffle of a lane that is not there", Needs: ops.SIMD, Kind: validator.Invalid, Message: "invalid lane index", code: func(b *body) (int, bool) {
		in := ops.Instr{Op: ops.I8x16Shuffle}
		in.Bytes[b.below(16)] = uint8(32 + b.below(200))
		return b.wrong(literal(b.choices, ops.V128), literal(b.choices, ops.V128), in), true
	}},
	{Name: "catch to a label of another type", Needs: ops.Exceptions, Kind: validator.Invalid, Message: mismatch, code: func(b *body) (int, bool) {
		at := b.wrong(ops.Instr{Op: ops.Block, Block: ops.BlockResult(ops.I32)},
			ops.Instr{Op: ops.TryTable, Catches: []ops.Catch{{Kind: ops.CatchAll}}})
		b.wrong(endInstr, constant32(1), endInstr)
		return at, true
	}},
	{Name: "rethrow outside of a catch", Needs: ops.LegacyExceptions, Kind: validator.Invalid, Message: "invalid rethrow label", code: func(b *body) (int, bool) {
		at := b.wrong(emptyOpen, ops.Instr{Op: ops.Rethrow})
		b.wrong(endInstr)
		return at, true
	}},
}

// access writes an access to a memory that is there, with an immediate that is
// wrong.
func (b *body) access(op ops.Op, change func(m *ops.MemArg)) (int, bool) {
	i, ok := b.some(len(b.memories), b.reaches)
	if !ok || !b.value(b.memories[i].AddrType(), 1) {
		return 0, false
	}
	in := ops.Instr{Op: op, Mem: ops.MemArg{Memory: i}}
	change(&in.Mem)
	return b.wrong(in), true
}

// reaches reports whether the function may use the memory: a shared function those
// that are shared.
func (b *body) reaches(memory uint32) bool {
	return !b.types.Shared(b.typeIdx) || b.memories[memory].Shared
}
