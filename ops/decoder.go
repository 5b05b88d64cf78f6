package ops

import (
	"errors"
	"iter"
	"math"
	"sync/atomic"
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
	noData  bool   // operators that name a data segment are malformed
	stop    *atomic.Bool
	err     error // that ended All
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
	d.endExpr, d.noData, d.stop, d.err = endMessage, false, nil, nil
}

// StopAt makes [SkipExpr] end early, with [ErrStopped], soon after stop has been
// set, until the next Reset.
func (d *Decoder) StopAt(stop *atomic.Bool) { d.stop = stop }

// Stopped reports whether what was given to StopAt has been set.
func (d *Decoder) Stopped() bool { return d.stop != nil && d.stop.Load() }

// ErrStopped says that an expression was not decoded to its end because that was
// no longer wanted.
var ErrStopped = errors.New("decoding stopped")

// RefuseData makes operators that name a data segment malformed, until the next
// Reset: it is for the code of a module without a data count section
// (specification 5.5.17 "Modules").
func (d *Decoder) RefuseData() { d.noData = true }

// SetEndOfExpr sets the message of the error where the bytes run out between
// two operators, before the end of the expression. After a Reset it is
// "unexpected end of section or function".
func (d *Decoder) SetEndOfExpr(message string) { d.endExpr = message }

// shape says what follows a leading byte, as far as Next reads it itself.
type shape uint8

const (
	shapeOther shape = iota
	shapeNone
	shapeIndex
	shapeInteger
	shapeMemArg
	shapeBlock
)

// leading has the shape of what follows each leading byte.
var leading [256]shape

// shapes are those of immediates.
var shapes = [numImmKinds]shape{
	ImmNone: shapeNone, ImmBlock: shapeBlock, ImmMemArg: shapeMemArg, ImmI32: shapeInteger, ImmI64: shapeInteger,
	ImmLocal: shapeIndex, ImmGlobal: shapeIndex, ImmFunc: shapeIndex, ImmLabel: shapeIndex,
	ImmType: shapeIndex, ImmTable: shapeIndex, ImmTag: shapeIndex,
}

// fillLeading makes leading from the table. What needs a feature is not read by Next.
func fillLeading() {
	for b := range leading {
		leading[b] = shapeOther
		if r := index[0][b]; r != nil && r.Feature == 0 {
			leading[b] = shapes[r.Imm.Kind]
		}
	}
}

// Next decodes one operator into in. The error is a [*SyntaxError]; its offset
// is that of the operator where nothing has its opcode, otherwise that of the
// immediate, or of the number behind a prefix that is no number. After an error d
// stands at the operator, and in means nothing.
//
// The operators that most code consists of are decoded here, where their immediates
// are integers of one byte or two; the others, and every error, are left to longer.
func (d *Decoder) Next(in *Instr) error {
	code, p := d.data, d.pos
	if uint(p) >= uint(len(code)) {
		return d.fail(p, d.endExpr)
	}
	b := code[p]
	kind := leading[b]
	p++
	in.Op = Op(b)
	if kind == shapeIndex {
		if uint(p) < uint(len(code)) && code[p] < 0x80 {
			in.Index = uint32(code[p])
			d.pos = p + 1
			return nil
		}
		if v, end := pair(code, p); end != 0 {
			in.Index = v
			d.pos = end
			return nil
		}
		return d.longer(in, kind)
	}
	if kind == shapeNone {
		d.pos = p
		return nil
	}
	if kind == shapeInteger {
		if uint(p) < uint(len(code)) && code[p] < 0x80 {
			in.Value = uint64(int64(int8(code[p]<<1) >> 1))
			d.pos = p + 1
			return nil
		}
		if v, end := pair(code, p); end != 0 {
			in.Value = uint64(int64(int16(v<<2) >> 2))
			d.pos = end
			return nil
		}
		return d.longer(in, kind)
	}
	if kind == shapeMemArg {
		if uint(p) < uint(len(code)) && code[p] < multiMemoryFlag {
			if q := p + 1; uint(q) < uint(len(code)) && code[q] < 0x80 {
				in.Mem = MemArg{Align: uint32(code[p]), Offset: uint64(code[q])}
				d.pos = q + 1
				return nil
			}
			if v, end := pair(code, p+1); end != 0 {
				in.Mem = MemArg{Align: uint32(code[p]), Offset: uint64(v)}
				d.pos = end
				return nil
			}
		}
		return d.longer(in, kind)
	}
	if kind == shapeBlock && uint(p) < uint(len(code)) && code[p] == codeEmpty {
		in.Block = 0
		d.pos = p + 1
		return nil
	}
	return d.longer(in, kind)
}

// longer is Next for the operators that are left, of the shape kind. The integers of
// some compilers' addresses have five bytes.
func (d *Decoder) longer(in *Instr, kind shape) error {
	code, p := d.data, d.pos+1
	switch kind {
	case shapeIndex:
		if v, end := short(code, p); end != 0 && v <= math.MaxUint32 {
			in.Index = uint32(v)
			d.pos = end
			return nil
		}
	case shapeInteger:
		if v, end := short(code, p); end != 0 {
			unused := 64 - 7*(end-p) // bits of the word above those read
			i := int64(v) << unused >> unused
			if in.Op == I64Const || i == int64(int32(i)) {
				in.Value = uint64(i)
				d.pos = end
				return nil
			}
		}
	case shapeMemArg:
		if v, end := short(code, p+1); end != 0 && v <= math.MaxUint32 && code[p] < multiMemoryFlag { // else pair was not asked
			in.Mem = MemArg{Align: uint32(code[p]), Offset: v}
			d.pos = end
			return nil
		}
	case shapeOther:
		row := index[0][code[d.pos]]
		if row != nil && row.Imm.Kind == ImmNone && row.Feature&^d.features == 0 {
			d.need |= row.Feature
			d.pos = p
			return nil
		}
	}
	return d.slow(in)
}

// pair reads an integer of two bytes that begins at code[at], the first of which is
// known not to be the last. It returns where it ends, 0 when it is longer. It is
// inlined, which is 2 % of the time of operator by operator.
func pair(code []byte, at int) (v uint32, end int) {
	if q := at + 1; uint(at) < uint(len(code)) && uint(q) < uint(len(code)) && code[q] < 0x80 {
		return uint32(code[at]&0x7F) | uint32(code[q])<<7, q + 1
	}
	return 0, 0
}

// short reads an integer of three to five bytes that begins at code[at], of which pair
// has found that it is longer than two. Five bytes have three bits more than an integer
// of 32 bits. It returns where it ends, 0 when it is longer or the end is near.
func short(code []byte, at int) (v uint64, end int) {
	if uint(at) >= uint(len(code)) || len(code)-at < 5 {
		return 0, 0
	}
	w := code[at : at+5]
	v = uint64(w[0]&0x7F) | uint64(w[1]&0x7F)<<7
	switch {
	case w[2] < 0x80:
		return v | uint64(w[2])<<14, at + 3
	case w[3] < 0x80:
		return v | uint64(w[2]&0x7F)<<14 | uint64(w[3])<<21, at + 4
	case w[4] < 0x80:
		return v | uint64(w[2]&0x7F)<<14 | uint64(w[3]&0x7F)<<21 | uint64(w[4])<<28, at + 5
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
	if err = d.immediate(in, row); err == nil && d.noData && row.Imm.namesData() {
		err = d.fail(start, "data count section required")
	}
	if err != nil {
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
	if b >= firstPrefix && b <= lastPrefix {
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
