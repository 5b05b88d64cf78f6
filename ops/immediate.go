package ops

import "slices"

// multiMemoryFlag in a memarg says that a memory index follows.
const multiMemoryFlag = 1 << 6

// immediate reads the immediates of the operator that row describes into in.
//
// Specification: 5.4 "Instructions".
func (d *Decoder) immediate(in *Instr, row *Row) (err error) {
	switch kind := row.Imm.Kind; kind {
	case ImmNone:
	case ImmLabel, ImmFunc, ImmType, ImmLocal, ImmGlobal, ImmTable, ImmElem, ImmData, ImmTag:
		in.Index, err = d.U32()
	case ImmTypeType, ImmField, ImmTypeData, ImmTypeElem, ImmTypeCount, ImmTypeTag:
		err = d.indices(in)
	case ImmCallIndirect:
		err = d.callIndirect(in)
	case ImmTableTable:
		err = d.pair(in, d.tableIndex, d.tableIndex)
	case ImmElemTable:
		err = d.pair(in, d.U32, d.tableIndex)
	case ImmMem:
		in.Index, err = d.memoryIndex()
	case ImmMemMem:
		err = d.pair(in, d.memoryIndex, d.memoryIndex)
	case ImmDataMem:
		err = d.pair(in, d.U32, d.memoryIndex)
	case ImmBlock:
		in.Block, err = d.BlockType()
	case ImmLabels:
		err = d.labels(in)
	case ImmSelect:
		err = d.types(in)
	case ImmTry:
		err = d.try(in)
	case ImmResume, ImmResumeThrow:
		err = d.resume(in, kind)
	case ImmRefNull, ImmRefType:
		err = d.refImmediate(in, row.toNull)
	case ImmCastBranch:
		err = d.castBranch(in)
	case ImmMemArg, ImmMemArgLane:
		err = d.memArg(in, kind)
	case ImmOrdGlobal, ImmOrdTable, ImmOrdType, ImmOrdField:
		err = d.ordered(in, kind)
	default:
		err = d.constant(in, kind)
	}
	return err
}

// constant reads the immediates that are plain values.
func (d *Decoder) constant(in *Instr, kind ImmKind) (err error) {
	var v int64
	var f uint32
	var b []byte
	switch kind {
	case ImmI32, ImmI64:
		bits := 64
		if kind == ImmI32 {
			bits = 32
		}
		v, err = d.signed(bits)
		in.Value = uint64(v)
	case ImmF32:
		f, err = d.F32()
		in.Value = uint64(f)
	case ImmF64:
		in.Value, err = d.F64()
	case ImmLane:
		in.Lane, err = d.Byte()
	case ImmV128, ImmShuffle:
		b, err = d.Bytes(len(in.Bytes))
		copy(in.Bytes[:], b)
	case ImmZero:
		err = d.zero(0)
	}
	return err
}

// indices reads Index and Index2.
func (d *Decoder) indices(in *Instr) error { return d.pair(in, d.U32, d.U32) }

// pair reads Index and Index2, each in its way.
func (d *Decoder) pair(in *Instr, first, second func() (uint32, error)) (err error) {
	if in.Index, err = first(); err == nil {
		in.Index2, err = second()
	}
	return err
}

// zero reads a byte that must be zero; allow is what would allow another.
func (d *Decoder) zero(allow Features) error {
	b, err := d.Byte()
	if err == nil && b != 0 {
		err = d.refuse(d.pos-1, "zero byte expected", allow)
	}
	return err
}

// reserved reads an index that was once a byte that must be zero. Written as
// anything longer it needs overlong, and other than zero it needs many.
func (d *Decoder) reserved(overlong, many Features) (uint32, error) {
	start := d.pos
	if b, ok := d.Peek(); ok && b == 0 {
		d.pos++
		return 0, nil
	}
	if d.features&(overlong|many) == 0 {
		if b, _ := d.Peek(); b < 0x80 {
			return 0, d.zero(many)
		}
		return 0, d.zero(overlong)
	}
	i, err := d.U32()
	if err != nil {
		return 0, err
	}
	need := Features(0)
	if d.pos-start > 1 {
		need = overlong
	}
	if i != 0 {
		need |= many
	}
	if missing := d.Use(need); missing != 0 {
		return 0, d.refuse(start, "zero byte expected", missing)
	}
	return i, nil
}

// memoryIndex reads the memory of an operator without memarg.
func (d *Decoder) memoryIndex() (uint32, error) { return d.reserved(MultiMemory, MultiMemory) }

// tableIndex reads the table of table.init and table.copy.
func (d *Decoder) tableIndex() (uint32, error) { return d.reserved(ReferenceTypes, ReferenceTypes) }

// callIndirect reads the type and the table of an indirect call.
func (d *Decoder) callIndirect(in *Instr) (err error) {
	if in.Index, err = d.U32(); err == nil {
		in.Index2, err = d.reserved(CallIndirectOverlong, ReferenceTypes)
	}
	return err
}

// labels reads the targets of a br_table.
func (d *Decoder) labels(in *Instr) error {
	n, err := d.Count()
	if err != nil {
		return err
	}
	in.Labels = slices.Grow(in.Labels[:0], n+1)[:min(n+1, d.Len())]
	short := 0 // how many labels of one byte there are in front, as in nearly all tables
	for i, b := range d.data[d.pos:][:len(in.Labels)] {
		if b >= 0x80 {
			break
		}
		in.Labels[i], short = uint32(b), i+1
	}
	d.pos += short
	in.Labels = in.Labels[:short]
	for range n + 1 - short {
		l, err := d.U32()
		if err != nil {
			return err
		}
		in.Labels = append(in.Labels, l)
	}
	return nil
}

// types reads the types of a select.
func (d *Decoder) types(in *Instr) error {
	n, err := d.Count()
	if err != nil {
		return err
	}
	in.Types = slices.Grow(in.Types[:0], n)
	for range n {
		t, err := d.ValType()
		if err != nil {
			return err
		}
		in.Types = append(in.Types, t)
	}
	return nil
}

// try reads the block type and the clauses of a try_table.
func (d *Decoder) try(in *Instr) (err error) {
	if in.Block, err = d.BlockType(); err != nil {
		return err
	}
	n, err := d.Count()
	if err != nil {
		return err
	}
	in.Catches = in.Catches[:0]
	for range n {
		c, err := d.catch()
		if err != nil {
			return err
		}
		in.Catches = append(in.Catches, c)
	}
	return nil
}

// catch reads one clause of a try_table.
func (d *Decoder) catch() (c Catch, err error) {
	kind, err := d.Byte()
	if err != nil {
		return c, err
	}
	c.Kind = CatchKind(kind)
	switch c.Kind {
	case CatchTag, CatchRef:
		if c.Tag, err = d.U32(); err != nil {
			return c, err
		}
	case CatchAll, CatchAllRef:
	default:
		return c, d.fail(d.pos-1, "malformed catch clause")
	}
	c.Label, err = d.U32()
	return c, err
}

// resume reads the type, the tag where there is one, and the handlers of a
// resume.
func (d *Decoder) resume(in *Instr, kind ImmKind) (err error) {
	if in.Index, err = d.U32(); err != nil {
		return err
	}
	if kind == ImmResumeThrow {
		if in.Index2, err = d.U32(); err != nil {
			return err
		}
	}
	n, err := d.Count()
	if err != nil {
		return err
	}
	in.Handlers = in.Handlers[:0]
	for range n {
		h, err := d.handler()
		if err != nil {
			return err
		}
		in.Handlers = append(in.Handlers, h)
	}
	return nil
}

// handler reads one clause of a resume.
func (d *Decoder) handler() (h Handler, err error) {
	kind, err := d.Byte()
	if err != nil {
		return h, err
	}
	if kind > 1 {
		return h, d.fail(d.pos-1, "malformed on clause")
	}
	h.Switch = kind == 1
	if h.Tag, err = d.U32(); err != nil || h.Switch {
		return h, err
	}
	h.Label, err = d.U32()
	return h, err
}

// refImmediate reads a heap type as a reference that may be null or not.
func (d *Decoder) refImmediate(in *Instr, null bool) error {
	h, err := d.HeapType()
	if err != nil {
		return err
	}
	in.Type[0] = h.Ref()
	if null {
		in.Type[0] = h.RefNull()
	}
	return nil
}

// castBranch reads the immediates of br_on_cast and its kin.
func (d *Decoder) castBranch(in *Instr) error {
	flags, err := d.Byte()
	if err != nil {
		return err
	}
	if flags > 3 {
		return d.fail(d.pos-1, "malformed br_on_cast flags")
	}
	if in.Index, err = d.U32(); err != nil {
		return err
	}
	for i := range in.Type {
		h, err := d.HeapType()
		if err != nil {
			return err
		}
		in.Type[i] = h.Ref()
		if flags>>i&1 != 0 {
			in.Type[i] = h.RefNull()
		}
	}
	return nil
}

// ordered reads an ordering and the indices after it.
func (d *Decoder) ordered(in *Instr, kind ImmKind) (err error) {
	if in.Ordering, err = d.ordering(); err != nil {
		return err
	}
	if kind == ImmOrdField {
		return d.indices(in)
	}
	in.Index, err = d.U32()
	return err
}

// ordering reads a memory ordering.
func (d *Decoder) ordering() (Ordering, error) {
	start := d.pos
	o, err := d.U32()
	if err == nil && o > uint32(AcqRel) {
		err = d.fail(start, "malformed memory ordering")
	}
	return Ordering(o), err
}

// memArg reads the alignment, memory and offset of a memory access, and the
// lane where there is one.
//
// Specification: 5.4.5 "Memory Instructions", memarg.
func (d *Decoder) memArg(in *Instr, kind ImmKind) (err error) {
	if err = d.memFlags(&in.Mem); err != nil {
		return err
	}
	if in.Mem.Offset, err = d.memOffset(); err != nil {
		return err
	}
	if kind == ImmMemArgLane {
		in.Lane, err = d.Byte()
	}
	return err
}

// memFlags reads the alignment and the memory.
func (d *Decoder) memFlags(m *MemArg) error {
	start := d.pos
	flags, err := d.U32()
	if err != nil {
		return err
	}
	m.Align, m.Memory = flags&^multiMemoryFlag, 0
	if m.Align >= multiMemoryFlag {
		return d.fail(start, "malformed memop flags")
	}
	if flags&multiMemoryFlag == 0 {
		return nil
	}
	if missing := d.Use(MultiMemory); missing != 0 {
		return d.refuse(start, "malformed memop flags", missing)
	}
	m.Memory, err = d.U32()
	return err
}

// memOffset reads an offset, which only 64-bit memories can write in more bits
// than 32.
func (d *Decoder) memOffset() (uint64, error) {
	start := d.pos
	v, err := d.U64()
	if err != nil || fitsU32(v, d.pos-start) {
		return v, err
	}
	missing := d.Use(Memory64)
	if missing == 0 {
		return v, nil
	}
	d.pos = start
	_, err = d.U32()
	err.(*SyntaxError).Feature = missing
	return 0, err
}
