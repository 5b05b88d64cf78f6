package ops

import "encoding/binary"

// AppendInstr appends the encoding of in to b, with the shortest integers. It
// is the inverse of [Decoder.Next]. An operator that has no row is appended as
// its opcode alone.
//
// Specification: 5.4 "Instructions".
func AppendInstr(b []byte, in *Instr) []byte {
	b = appendOp(b, in.Op)
	row := in.Op.Row()
	if row == nil {
		return b
	}
	switch kind := row.Imm.Kind; kind {
	case ImmNone:
	case ImmLabel, ImmFunc, ImmType, ImmLocal, ImmGlobal, ImmTable, ImmElem, ImmMem, ImmData, ImmTag:
		b = AppendU32(b, in.Index)
	case ImmCallIndirect, ImmTypeType, ImmField, ImmTypeData, ImmTypeElem, ImmTypeCount,
		ImmTableTable, ImmElemTable, ImmMemMem, ImmDataMem, ImmTypeTag:
		b = appendIndices(b, in)
	case ImmBlock:
		b = AppendBlockType(b, in.Block)
	case ImmLabels:
		b = appendLabels(b, in.Labels)
	case ImmSelect:
		b = AppendU32(b, uint32(len(in.Types)))
		for _, t := range in.Types {
			b = AppendValType(b, t)
		}
	case ImmTry:
		b = appendCatches(AppendBlockType(b, in.Block), in.Catches)
	case ImmResume:
		b = appendHandlers(AppendU32(b, in.Index), in.Handlers)
	case ImmResumeThrow:
		b = appendHandlers(appendIndices(b, in), in.Handlers)
	case ImmRefNull, ImmRefType:
		b = AppendHeapType(b, in.Type[0].Heap())
	case ImmCastBranch:
		b = appendCastBranch(b, in)
	case ImmMemArg:
		b = appendMemArg(b, in.Mem)
	case ImmMemArgLane:
		b = append(appendMemArg(b, in.Mem), in.Lane)
	case ImmOrdGlobal, ImmOrdTable, ImmOrdType, ImmOrdField:
		b = appendOrdered(b, in, kind)
	default:
		b = appendConstant(b, in, kind)
	}
	return b
}

// appendOp appends an opcode.
func appendOp(b []byte, op Op) []byte {
	if op < 1<<16 {
		return append(b, byte(op))
	}
	return AppendU32(append(b, byte(op>>16)), uint32(op)&0xFFFF)
}

// appendConstant appends the immediates that are plain values.
func appendConstant(b []byte, in *Instr, kind ImmKind) []byte {
	switch kind {
	case ImmI32:
		return AppendS64(b, int64(int32(in.Value)))
	case ImmI64:
		return AppendS64(b, int64(in.Value))
	case ImmF32:
		return binary.LittleEndian.AppendUint32(b, uint32(in.Value))
	case ImmF64:
		return binary.LittleEndian.AppendUint64(b, in.Value)
	case ImmLane:
		return append(b, in.Lane)
	case ImmV128, ImmShuffle:
		return append(b, in.Bytes[:]...)
	case ImmZero:
		return append(b, 0)
	}
	return b
}

// appendIndices appends Index and Index2.
func appendIndices(b []byte, in *Instr) []byte {
	return AppendU32(AppendU32(b, in.Index), in.Index2)
}

// appendLabels appends the targets of a br_table, the last of which is the
// default and not counted.
func appendLabels(b []byte, labels []uint32) []byte {
	b = AppendU32(b, uint32(max(len(labels), 1)-1))
	for _, l := range labels {
		b = AppendU32(b, l)
	}
	return b
}

// appendCatches appends the clauses of a try_table.
func appendCatches(b []byte, catches []Catch) []byte {
	b = AppendU32(b, uint32(len(catches)))
	for _, c := range catches {
		b = append(b, byte(c.Kind))
		if c.Kind == CatchTag || c.Kind == CatchRef {
			b = AppendU32(b, c.Tag)
		}
		b = AppendU32(b, c.Label)
	}
	return b
}

// appendHandlers appends the clauses of a resume.
func appendHandlers(b []byte, handlers []Handler) []byte {
	b = AppendU32(b, uint32(len(handlers)))
	for _, h := range handlers {
		if h.Switch {
			b = AppendU32(append(b, 1), h.Tag)
		} else {
			b = AppendU32(AppendU32(append(b, 0), h.Tag), h.Label)
		}
	}
	return b
}

// appendCastBranch appends the immediates of br_on_cast and its kin.
func appendCastBranch(b []byte, in *Instr) []byte {
	var flags byte
	for i, t := range in.Type {
		if t.Nullable() {
			flags |= 1 << i
		}
	}
	b = AppendU32(append(b, flags), in.Index)
	for _, t := range in.Type {
		b = AppendHeapType(b, t.Heap())
	}
	return b
}

// appendMemArg appends a memarg.
func appendMemArg(b []byte, m MemArg) []byte {
	if m.Memory != 0 {
		b = AppendU32(AppendU32(b, m.Align|multiMemoryFlag), m.Memory)
	} else {
		b = AppendU32(b, m.Align)
	}
	return binary.AppendUvarint(b, m.Offset)
}

// appendOrdered appends an ordering and the indices after it.
func appendOrdered(b []byte, in *Instr, kind ImmKind) []byte {
	b = append(b, byte(in.Ordering))
	if kind == ImmOrdField {
		return appendIndices(b, in)
	}
	return AppendU32(b, in.Index)
}

// AppendU32 appends v as an unsigned LEB128 integer.
func AppendU32(b []byte, v uint32) []byte { return binary.AppendUvarint(b, uint64(v)) }

// AppendS64 appends v as a signed LEB128 integer. The encoding does not depend
// on the number of bits that a reader expects.
func AppendS64(b []byte, v int64) []byte {
	for v < -0x40 || v >= 0x40 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v)&0x7F)
}

// AppendValType appends the encoding of a value or storage type, the short one
// where there are two.
func AppendValType(b []byte, t ValType) []byte {
	switch t {
	case I32:
		return append(b, codeI32)
	case I64:
		return append(b, codeI64)
	case F32:
		return append(b, codeF32)
	case F64:
		return append(b, codeF64)
	case V128:
		return append(b, codeV128)
	case I8:
		return append(b, codeI8)
	case I16:
		return append(b, codeI16)
	}
	_, concrete := t.Heap().Index()
	switch {
	case !t.Nullable():
		b = append(b, codeRef)
	case concrete:
		b = append(b, codeRefNull)
	}
	return AppendHeapType(b, t.Heap())
}

// AppendHeapType appends the encoding of a heap type.
func AppendHeapType(b []byte, h HeapType) []byte {
	if i, ok := h.Index(); ok {
		if h.Exact() {
			return AppendU32(append(b, codeExact), i)
		}
		return AppendS64(b, int64(i))
	}
	if h.Shared() {
		b = append(b, codeShared)
	}
	for i := range heapCodes {
		if heapCodes[i].heap == h.Abs() {
			return append(b, byte(firstHeap+i))
		}
	}
	return b
}

// AppendBlockType appends the encoding of a block type.
func AppendBlockType(b []byte, t BlockType) []byte {
	if v, ok := t.Result(); ok {
		return AppendValType(b, v)
	}
	if i, ok := t.Index(); ok {
		return AppendS64(b, int64(i))
	}
	return append(b, codeEmpty)
}
