package ops

import (
	"encoding/binary"
	"math"
	"strconv"
)

// String returns in as the text format writes it, with numeric indices and
// without what follows from the operator: "i32.load offset=8", "br_table 0 1 2",
// "call_indirect 1 (type 3)".
func (in *Instr) String() string { return string(in.appendText(nil)) }

// AppendText appends the text of [Instr.String]. The error is always nil.
func (in *Instr) AppendText(b []byte) ([]byte, error) { return in.appendText(b), nil }

// MarshalText returns the text of [Instr.String]. The error is always nil.
func (in *Instr) MarshalText() ([]byte, error) { return in.appendText(nil), nil }

// appendText appends the text of in.
//
// Specification: 6.5 "Instructions".
func (in *Instr) appendText(b []byte) []byte {
	row := in.Op.Row()
	if row == nil {
		return append(b, in.Op.String()...)
	}
	t := text{append(b, row.Keyword()...)}
	t.immediate(in, row)
	return t.b
}

// text is a text being written, word by word.
type text struct{ b []byte }

// word writes s after a space.
func (t *text) word(s string) { t.b = append(append(t.b, ' '), s...) }

// nums writes numbers, each after a space.
func (t *text) nums(list ...uint32) {
	for _, v := range list {
		t.b = strconv.AppendUint(append(t.b, ' '), uint64(v), 10)
	}
}

// unlessZero writes the indices where one of them is not zero: those that the
// text format lets one leave out.
func (t *text) unlessZero(list ...uint32) {
	for _, v := range list {
		if v != 0 {
			t.nums(list...)
			return
		}
	}
}

// immediate writes the immediates of in.
func (t *text) immediate(in *Instr, row *Row) {
	switch kind := row.Imm.Kind; kind {
	case ImmNone, ImmZero:
	case ImmLabel, ImmFunc, ImmType, ImmLocal, ImmGlobal, ImmElem, ImmData, ImmTag:
		t.nums(in.Index)
	case ImmTypeType, ImmField, ImmTypeData, ImmTypeElem, ImmTypeCount, ImmTypeTag:
		t.nums(in.Index, in.Index2)
	case ImmTable, ImmMem:
		t.unlessZero(in.Index)
	case ImmTableTable, ImmMemMem:
		t.unlessZero(in.Index, in.Index2)
	case ImmElemTable, ImmDataMem:
		t.unlessZero(in.Index2)
		t.nums(in.Index)
	case ImmCallIndirect:
		t.unlessZero(in.Index2)
		t.word(BlockIndex(in.Index).String())
	case ImmBlock:
		t.block(in.Block)
	case ImmLabels:
		t.nums(in.Labels...)
	case ImmSelect:
		for _, v := range in.Types {
			t.word("(result " + v.String() + ")")
		}
	case ImmTry:
		t.block(in.Block)
		t.catches(in.Catches)
	case ImmResume, ImmResumeThrow:
		t.nums(in.Index)
		if kind == ImmResumeThrow {
			t.nums(in.Index2)
		}
		t.handlers(in.Handlers)
	case ImmRefNull:
		t.word(in.Type[0].Heap().String())
	case ImmRefType:
		t.word(longRef(in.Type[0]))
	case ImmCastBranch:
		t.nums(in.Index)
		t.word(longRef(in.Type[0]))
		t.word(longRef(in.Type[1]))
	case ImmMemArg, ImmMemArgLane:
		t.memArg(in, row)
	case ImmOrdGlobal, ImmOrdTable, ImmOrdType, ImmOrdField:
		t.ordered(in, kind)
	default:
		t.constant(in, row)
	}
}

// constant writes the immediates that are plain values.
func (t *text) constant(in *Instr, row *Row) {
	switch row.Imm.Kind {
	case ImmI32:
		t.word(strconv.FormatInt(int64(int32(in.Value)), 10))
	case ImmI64:
		t.word(strconv.FormatInt(int64(in.Value), 10))
	case ImmF32:
		t.word(floatText(float64(math.Float32frombits(uint32(in.Value))), 32, in.Value&(1<<23-1), 1<<22, in.Value>>31 != 0))
	case ImmF64:
		t.word(floatText(math.Float64frombits(in.Value), 64, in.Value&(1<<52-1), 1<<51, in.Value>>63 != 0))
	case ImmLane:
		t.nums(uint32(in.Lane))
	case ImmShuffle:
		for _, lane := range in.Bytes {
			t.nums(uint32(lane))
		}
	case ImmV128:
		t.word("i32x4")
		for i := 0; i < len(in.Bytes); i += 4 {
			t.word("0x" + leadingZeros(binary.LittleEndian.Uint32(in.Bytes[i:])))
		}
	}
}

// leadingZeros returns v in eight hexadecimal digits.
func leadingZeros(v uint32) string { return strconv.FormatUint(1<<32|uint64(v), 16)[1:] }

// floatText returns v as the text format writes it. A NaN that is not canonical
// is written with its payload.
func floatText(v float64, bits int, payload, canonical uint64, negative bool) string {
	var s string
	switch {
	case math.IsNaN(v) && payload == canonical:
		s = "nan"
	case math.IsNaN(v):
		s = "nan:0x" + strconv.FormatUint(payload, 16)
	case math.IsInf(v, 0):
		s = "inf"
	default:
		return strconv.FormatFloat(v, 'g', -1, bits)
	}
	if negative {
		s = "-" + s
	}
	return s
}

// block writes a block type.
func (t *text) block(bt BlockType) {
	if s := bt.String(); s != "" {
		t.word(s)
	}
}

// catchNames are the keywords of the clauses of a try_table.
var catchNames = [...]string{"(catch", "(catch_ref", "(catch_all", "(catch_all_ref"}

// catches writes the clauses of a try_table.
func (t *text) catches(list []Catch) {
	for _, c := range list {
		t.word(catchNames[c.Kind%4])
		if c.Kind == CatchTag || c.Kind == CatchRef {
			t.nums(c.Tag)
		}
		t.nums(c.Label)
		t.b = append(t.b, ')')
	}
}

// handlers writes the clauses of a resume.
func (t *text) handlers(list []Handler) {
	for _, h := range list {
		t.word("(on")
		t.nums(h.Tag)
		if h.Switch {
			t.word("switch")
		} else {
			t.nums(h.Label)
		}
		t.b = append(t.b, ')')
	}
}

// longRef returns a reference type in the form with parentheses, which an
// immediate that names a heap type reads best in.
func longRef(t ValType) string {
	if t.Nullable() {
		return "(ref null " + t.Heap().String() + ")"
	}
	return "(ref " + t.Heap().String() + ")"
}

// memArg writes a memarg; an offset of zero and the natural alignment are left
// out.
func (t *text) memArg(in *Instr, row *Row) {
	t.unlessZero(in.Mem.Memory)
	if in.Mem.Offset != 0 {
		t.word("offset=" + strconv.FormatUint(in.Mem.Offset, 10))
	}
	if a := in.Mem.Align; a != uint32(row.Imm.Align) {
		if a < 64 {
			t.word("align=" + strconv.FormatUint(1<<a, 10))
		} else {
			t.word("align=2**" + strconv.FormatUint(uint64(a), 10))
		}
	}
	if row.Imm.Kind == ImmMemArgLane {
		t.nums(uint32(in.Lane))
	}
}

// orderingNames are the keywords of the memory orderings.
var orderingNames = [...]string{SeqCst: "seq_cst", AcqRel: "acq_rel"}

// String returns "seq_cst" or "acq_rel".
func (o Ordering) String() string {
	if int(o) < len(orderingNames) {
		return orderingNames[o]
	}
	return "?"
}

// ordered writes an ordering and the indices after it.
func (t *text) ordered(in *Instr, kind ImmKind) {
	t.word(in.Ordering.String())
	switch kind {
	case ImmOrdTable:
		t.unlessZero(in.Index)
	case ImmOrdField:
		t.nums(in.Index, in.Index2)
	default:
		t.nums(in.Index)
	}
}
