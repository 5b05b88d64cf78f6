package validatortest

import (
	"math"
	"strconv"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// opEnd ends every expression.
const opEnd = 0x0b

// Asm returns the encoding of the operators that text writes, without a final
// end.
func Asm(text string) []byte {
	b, _ := AsmMark(text)
	return b
}

// AsmMark returns the encoding of the operators that text writes, and where in
// it the operator begins that the sign @ stands in front of; -1 without one.
func AsmMark(text string) (b []byte, mark int) {
	c := encode(text, func(r *reader) { r.instrs() })
	return c.b, c.mark
}

// Body returns the encoding of a function's locals and operators, with the
// final end, and where in it the mark is; -1 without one.
func Body(locals, text string) (b []byte, mark int) {
	c := encode(locals, (*reader).locals)
	c.join(NewModule().expr(text))
	return c.b, c.mark
}

// Instrs returns the operators that text writes, decoded.
func Instrs(text string) []ops.Instr {
	r := read(text, &code{mark: -1})
	var list []ops.Instr
	for r.more() {
		in, _ := r.instr()
		list = append(list, in)
	}
	return list
}

// instrs writes all operators that are left. It reports whether one of them
// needs the data count section.
//
// Specification: 5.5.15 "Data Count Section".
func (r *reader) instrs() (needCount bool) {
	for r.more() {
		if s, ok := r.acceptList("bytes"); ok {
			for s.more() {
				r.out.byte(byte(s.uint(8)))
			}
			continue
		}
		in, kind := r.instr()
		r.out.b = ops.AppendInstr(r.out.b, &in)
		switch kind {
		case ops.ImmData, ops.ImmDataMem, ops.ImmTypeData:
			needCount = true
		}
	}
	return needCount
}

// instr takes one operator with its immediates.
func (r *reader) instr() (ops.Instr, ops.ImmKind) {
	row := r.row()
	in := ops.Instr{Op: row.Op}
	r.immediates(&in, row.Imm.Kind, row.Imm.Align)
	return in, row.Imm.Kind
}

// row takes the name of an operator. Where an immediate that follows tells two
// encodings apart, it looks at that too.
func (r *reader) row() *ops.Row {
	name := r.next("an operator").String()
	full := name
	switch next := r.peek(); {
	case name == "select" && next.head() == "result":
		full = "select t"
	case isRefType(next) && r.sub([]node{next}).valType().Nullable():
		full = name + " null"
	}
	op, ok := ops.Lookup(full)
	if !ok {
		op, ok = ops.Lookup(name)
	}
	if !ok {
		r.fail(name, "unknown operator")
	}
	return op.Row()
}

// immediates takes the immediates of an operator of the kind given.
func (r *reader) immediates(in *ops.Instr, kind ops.ImmKind, align uint8) {
	switch kind {
	case ops.ImmNone, ops.ImmZero:
	case ops.ImmBlock:
		in.Block = r.blockType()
	case ops.ImmTry:
		in.Block = r.blockType()
		r.catches(in)
	case ops.ImmLabel, ops.ImmFunc, ops.ImmType, ops.ImmLocal, ops.ImmGlobal, ops.ImmElem, ops.ImmData, ops.ImmTag:
		in.Index = r.u32()
	case ops.ImmTypeType, ops.ImmField, ops.ImmTypeData, ops.ImmTypeElem, ops.ImmTypeCount, ops.ImmTypeTag:
		in.Index, in.Index2 = r.u32(), r.u32()
	case ops.ImmLabels:
		in.Labels = []uint32{r.u32()}
		for r.isNumber() {
			in.Labels = append(in.Labels, r.u32())
		}
	case ops.ImmCallIndirect:
		in.Index2 = r.optional()
		s, ok := r.acceptList("type")
		if !ok {
			r.fail(r.peek().String(), "want (type n)")
		}
		in.Index = s.u32()
		s.end()
	case ops.ImmTable, ops.ImmMem:
		in.Index = r.optional()
	case ops.ImmTableTable, ops.ImmMemMem:
		if r.isNumber() {
			in.Index, in.Index2 = r.u32(), r.u32()
		}
	case ops.ImmElemTable, ops.ImmDataMem:
		r.segment(in)
	case ops.ImmMemArg:
		in.Mem = r.memArg(align, r.optional())
	case ops.ImmMemArgLane:
		r.memArgLane(in, align)
	case ops.ImmSelect:
		for s, ok := r.acceptList("result"); ok; s, ok = r.acceptList("result") {
			for s.more() {
				in.Types = append(in.Types, s.valType())
			}
		}
	case ops.ImmResume, ops.ImmResumeThrow:
		in.Index = r.u32()
		if kind == ops.ImmResumeThrow {
			in.Index2 = r.u32()
		}
		r.handlers(in)
	default:
		if !r.constant(in, kind) && !r.reference(in, kind) && !r.ordered(in, kind) {
			r.fail(r.text, "immediates of kind %d", kind)
		}
	}
}

// optional takes an index that is 0 when it is left out.
func (r *reader) optional() uint32 {
	if r.isNumber() {
		return r.u32()
	}
	return 0
}

// segment takes an optional table or memory and a segment.
func (r *reader) segment(in *ops.Instr) {
	in.Index = r.u32()
	if r.isNumber() {
		in.Index, in.Index2 = r.u32(), in.Index
	}
}

// memArg takes offset= and align=. The alignment is natural unless written.
func (r *reader) memArg(natural uint8, memory uint32) ops.MemArg {
	arg := ops.MemArg{Memory: memory, Align: uint32(natural)}
	for r.more() {
		key, value, ok := strings.Cut(r.peek().word, "=")
		if !ok {
			break
		}
		n := r.next("a number")
		v := r.parseUint(value, n.word, 64)
		switch {
		case key == "offset":
			arg.Offset = v
		case key == "align" && v != 0 && v&(v-1) == 0:
			for arg.Align = 0; v > 1; v >>= 1 {
				arg.Align++
			}
		default:
			r.fail(n.word, "want offset=, or align= with a power of two")
		}
	}
	return arg
}

// memArgLane takes a memory argument and a lane; of two numbers in a row, the
// first is the memory.
func (r *reader) memArgLane(in *ops.Instr, natural uint8) {
	memory, lane, haveLane := uint32(0), uint64(0), false
	if r.isNumber() {
		lane, haveLane = r.uint(32), true
	}
	in.Mem = r.memArg(natural, memory)
	if r.isNumber() {
		if haveLane {
			in.Mem.Memory = uint32(lane)
		}
		lane, haveLane = r.uint(8), true
	}
	if !haveLane || lane > math.MaxUint8 {
		r.fail(r.peek().String(), "want a lane")
	}
	in.Lane = uint8(lane)
}

// catches takes the clauses of a try_table.
func (r *reader) catches(in *ops.Instr) {
	names := []string{"catch", "catch_ref", "catch_all", "catch_all_ref"}
	for i := 0; i < len(names); i++ {
		s, ok := r.acceptList(names[i])
		if !ok {
			continue
		}
		c := ops.Catch{Kind: ops.CatchKind(i)}
		if c.Kind == ops.CatchTag || c.Kind == ops.CatchRef {
			c.Tag = s.u32()
		}
		c.Label = s.u32()
		s.end()
		in.Catches = append(in.Catches, c)
		i = -1
	}
}

// handlers takes the clauses of a resume.
func (r *reader) handlers(in *ops.Instr) {
	for s, ok := r.acceptList("on"); ok; s, ok = r.acceptList("on") {
		h := ops.Handler{Tag: s.u32()}
		if h.Switch = s.accept("switch"); !h.Switch {
			h.Label = s.u32()
		}
		s.end()
		in.Handlers = append(in.Handlers, h)
	}
}

// reference takes the immediates that write reference types.
func (r *reader) reference(in *ops.Instr, kind ops.ImmKind) bool {
	switch kind {
	case ops.ImmRefNull:
		in.Type[0] = r.heapType().RefNull()
	case ops.ImmRefType:
		in.Type[0] = r.valType()
	case ops.ImmCastBranch:
		in.Index = r.u32()
		in.Type[0], in.Type[1] = r.valType(), r.valType()
	default:
		return false
	}
	return true
}

// ordered takes the immediates of the atomic operators of shared-everything
// threads.
func (r *reader) ordered(in *ops.Instr, kind ops.ImmKind) bool {
	switch kind {
	case ops.ImmOrdGlobal, ops.ImmOrdTable, ops.ImmOrdType:
		in.Ordering = r.ordering()
		in.Index = r.optional()
	case ops.ImmOrdField:
		in.Ordering = r.ordering()
		in.Index, in.Index2 = r.u32(), r.u32()
	default:
		return false
	}
	return true
}

// ordering takes seq_cst or acq_rel.
func (r *reader) ordering() ops.Ordering {
	switch n := r.next("an ordering"); n.word {
	case "seq_cst":
		return ops.SeqCst
	case "acq_rel":
		return ops.AcqRel
	default:
		r.fail(n.String(), "want seq_cst or acq_rel")
		return 0
	}
}

// constant takes the immediates that are numbers: constants and lanes.
func (r *reader) constant(in *ops.Instr, kind ops.ImmKind) bool {
	switch kind {
	case ops.ImmI32:
		in.Value = uint64(r.int(32))
	case ops.ImmI64:
		in.Value = uint64(r.int(64))
	case ops.ImmF32:
		in.Value = r.float(32)
	case ops.ImmF64:
		in.Value = r.float(64)
	case ops.ImmLane:
		in.Lane = uint8(r.uint(8))
	case ops.ImmShuffle:
		for i := range in.Bytes {
			in.Bytes[i] = uint8(r.uint(8))
		}
	case ops.ImmV128:
		r.vectorConstant(in)
	default:
		return false
	}
	return true
}

// vectorConstant takes "i32x4 1 2 3 4" and the like.
func (r *reader) vectorConstant(in *ops.Instr) {
	shape := r.next("a shape").word
	for _, s := range []struct {
		name string
		bits int
	}{{"i8x16", 8}, {"i16x8", 16}, {"i32x4", 32}, {"i64x2", 64}, {"f32x4", 32}, {"f64x2", 64}} {
		if s.name != shape {
			continue
		}
		for at := 0; at < len(in.Bytes); at += s.bits / 8 {
			v := uint64(0)
			if shape[0] == 'f' {
				v = r.float(s.bits)
			} else {
				v = uint64(r.int(s.bits))
			}
			for i := range s.bits / 8 {
				in.Bytes[at+i] = byte(v >> (8 * i))
			}
		}
		return
	}
	r.fail(shape, "want a shape such as i32x4")
}

// nan returns the bits of the NaN that n is: the canonical one, or with the payload that
// stands behind a colon.
func (r *reader) nan(n node, payload string, size int) uint64 {
	fraction, exponent := 23, uint64(0xff)
	if size == 64 {
		fraction, exponent = 52, 0x7ff
	}
	bits := exponent<<fraction | 1<<(fraction-1)
	if digits, ok := strings.CutPrefix(payload, ":"); ok {
		bits = exponent<<fraction | r.parseUint(digits, n.word, fraction)
	} else if payload != "" {
		r.fail(n.String(), "want a float")
	}
	if n.word[0] == '-' {
		bits |= 1 << (size - 1)
	}
	return bits
}

// float takes a float of 32 or 64 bits and returns its bits.
func (r *reader) float(size int) uint64 {
	n := r.next("a number")
	w := strings.ReplaceAll(n.word, "_", "")
	if payload, ok := strings.CutPrefix(strings.TrimLeft(w, "+-"), "nan"); ok {
		return r.nan(n, payload, size)
	}
	v, err := strconv.ParseFloat(w, size)
	if err != nil {
		r.fail(n.String(), "want a float")
	}
	if size == 32 {
		return uint64(math.Float32bits(float32(v)))
	}
	return math.Float64bits(v)
}
