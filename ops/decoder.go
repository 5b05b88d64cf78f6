package ops

import (
	"encoding/binary"
	"iter"
)

// Decoder decodes the operators of an expression, one at a time. It follows the
// grammar of single operators only: how they nest is up to its caller, or to
// [SkipExpr]. An operator whose feature is off is as unknown as one that nobody
// ever defined, except that the error names the feature.
//
// Decoding allocates nothing beyond the slices of the [Instr], which are used
// again. The zero value has nothing to decode; Reset makes it ready. A Decoder
// must not be used by two goroutines at a time.
//
// Specification: 5.4 "Instructions".
type Decoder struct {
	Reader
	endExpr string // message where an operator is missing
	err     error  // that ended All
}

// NewDecoder returns a decoder of code, whose first byte lies offset bytes from
// the start of the module, for a module that may use the features f.
func NewDecoder(code []byte, offset int, f Features) *Decoder {
	d := new(Decoder)
	d.Reset(code, offset, f)
	return d
}

// Reset makes d decode other bytes, as [NewDecoder] does.
func (d *Decoder) Reset(code []byte, offset int, f Features) {
	d.Reader.Reset(code, offset, f)
	d.endExpr, d.err = endMessage, nil
}

// SetEndOfExpr sets the message of the error where the bytes run out between
// two operators, before the end of the expression. After a Reset it is
// "unexpected end of section or function".
func (d *Decoder) SetEndOfExpr(message string) { d.endExpr = message }

// The kinds of leading bytes that are no whole opcode.
const (
	kindIllegal ImmKind = numImmKinds + iota
	kindPrefix
)

// leading says what follows each leading byte, and what it needs.
var leading [256]struct {
	kind ImmKind
	need Features
}

// fillLeading makes leading from the table.
func fillLeading() {
	for b := range leading {
		leading[b].kind = kindIllegal
		if r := index[0][b]; r != nil {
			leading[b].kind, leading[b].need = r.Imm.Kind, r.Feature
		} else if b >= firstPrefix && b <= lastPrefix {
			leading[b].kind = kindPrefix
		}
	}
}

// Next decodes one operator into in. The error is a [*SyntaxError]; its offset
// is that of the operator where the opcode is at fault, otherwise that of the
// immediate. After an error d stands at the operator, and in means nothing.
//
// The operators and immediates that most code consists of are decoded here;
// everything else, and every error, is left to slow.
func (d *Decoder) Next(in *Instr) error {
	p := d.pos
	if uint(p) >= uint(len(d.data)) {
		return d.fail(p, d.endExpr)
	}
	code := d.data[p:]
	lead := &leading[code[0]]
	if lead.need&^d.features != 0 {
		return d.slow(in)
	}
	d.need |= lead.need
	in.Op = Op(code[0])
	switch lead.kind {
	case ImmNone:
		d.pos = p + 1
		return nil
	case ImmLocal, ImmGlobal, ImmFunc, ImmLabel, ImmType, ImmTable, ImmTag:
		if len(code) > 1 && code[1] < 0x80 {
			in.Index = uint32(code[1])
			d.pos = p + 2
			return nil
		}
		if v, n := short(code, 1); n != 0 {
			in.Index = v
			d.pos = p + n
			return nil
		}
	case ImmI32, ImmI64:
		if len(code) > 1 && code[1] < 0x80 {
			in.Value = uint64(int64(int8(code[1]<<1) >> 1))
			d.pos = p + 2
			return nil
		}
		if v, n := short(code, 1); n != 0 {
			unused := 71 - 7*n // bits of the word above those read
			in.Value = uint64(int64(v) << unused >> unused)
			d.pos = p + n
			return nil
		}
	case ImmMemArg:
		if len(code) > 2 && code[1] < multiMemoryFlag {
			in.Mem = MemArg{Align: uint32(code[1]), Offset: uint64(code[2])}
			d.pos = p + 3
			if code[2] < 0x80 {
				return nil
			}
			if v, n := short(code, 2); n != 0 {
				in.Mem.Offset = uint64(v)
				d.pos = p + n
				return nil
			}
			d.pos = p
		}
	case ImmBlock:
		if len(code) > 1 && code[1] == codeEmpty {
			in.Block = 0
			d.pos = p + 2
			return nil
		}
	case ImmF64:
		if len(code) > 8 {
			in.Value = binary.LittleEndian.Uint64(code[1:])
			d.pos = p + 9
			return nil
		}
	}
	return d.slow(in)
}

// short reads an integer of two to four bytes that begins at code[at]. It
// returns where it ends, 0 when it has another length or the bytes run out.
func short(code []byte, at int) (v uint32, end int) {
	v = 0
	for i, shift := at, 0; i < at+4 && i < len(code); i, shift = i+1, shift+7 {
		v |= uint32(code[i]&0x7F) << shift
		if code[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// slow decodes any operator, and explains the bytes that are none.
func (d *Decoder) slow(in *Instr) error {
	start := d.pos
	row, err := d.opcode()
	if err != nil {
		d.pos = start
		return err
	}
	in.Op = row.Op
	if err := d.immediate(in, row); err != nil {
		d.pos = start
		s := err.(*SyntaxError)
		s.Op, s.InOp = row.Op, true
		return s
	}
	return nil
}

// opcode reads an opcode and returns its row.
func (d *Decoder) opcode() (*Row, error) {
	start := d.pos
	b, err := d.Byte()
	if err != nil {
		return nil, err
	}
	op := Op(b)
	if leading[b].kind == kindPrefix {
		n, err := d.U32()
		if err != nil {
			return nil, err
		}
		op = Op(b)<<16 | Op(min(n, 0xFFFF))
	}
	row := op.Row()
	if row == nil {
		return nil, d.fail(start, "illegal opcode "+op.code())
	}
	if missing := d.Use(row.Feature); missing != 0 {
		err := d.refuse(start, "illegal opcode "+op.code()+": "+row.Name, missing).(*SyntaxError)
		err.Op, err.InOp = op, true
		return nil, err
	}
	return row, nil
}

// All returns an iterator over the operators of d and their offsets in the
// module. It ends where the bytes end or at the first error, which [Decoder.Err]
// then returns. The Instr is the same every time: its fields hold until the next
// step, and the body of the loop must not keep it or its slices.
func (d *Decoder) All() iter.Seq2[int, *Instr] {
	return func(yield func(int, *Instr) bool) {
		var in Instr
		for d.Len() > 0 {
			offset := d.Offset()
			if d.err = d.Next(&in); d.err != nil || !yield(offset, &in) {
				return
			}
		}
	}
}

// Err returns the error that ended the last [Decoder.All], nil where the bytes
// ended it.
func (d *Decoder) Err() error { return d.err }
