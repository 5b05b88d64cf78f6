package ops

import (
	"encoding/binary"
	"math"
)

// endMessage is what the specification's suite says where bytes run out inside
// a section or a function body.
const endMessage = "unexpected end of section or function"

// Reader reads the primitive elements of the binary format from a byte slice:
// bytes, integers, counts and types. It knows which features are on, refuses
// what needs one that is off, and remembers what was needed.
//
// Every error is a [*SyntaxError] whose offset is that of the first byte of the
// element that was read; after one, the reader stands at that byte. The zero
// value reads nothing; [Reader.Reset] makes it ready. A Reader must not be used
// by two goroutines at a time.
//
// Specification: 5.2 "Values" and 5.3 "Types".
type Reader struct {
	data     []byte
	pos      int
	base     int      // offset of data[0] in the module
	features Features // effective
	need     Features
	end      string // message where the bytes run out
}

// NewReader returns a reader of data, whose first byte lies offset bytes from
// the start of the module, for a module that may use the features f.
func NewReader(data []byte, offset int, f Features) *Reader {
	r := new(Reader)
	r.Reset(data, offset, f)
	return r
}

// Reset makes r read other bytes, as [NewReader] does.
func (r *Reader) Reset(data []byte, offset int, f Features) {
	r.data, r.pos, r.base = data, 0, offset
	r.features, r.need, r.end = f.Effective(), 0, endMessage
}

// SetEnd sets the message of the error where the bytes run out, which is
// "unexpected end of section or function" after a Reset.
func (r *Reader) SetEnd(message string) { r.end = message }

// Pos returns the number of bytes read.
func (r *Reader) Pos() int { return r.pos }

// Offset returns where the next byte lies, in bytes from the start of the module.
func (r *Reader) Offset() int { return r.base + r.pos }

// Len returns the number of bytes not yet read.
func (r *Reader) Len() int { return len(r.data) - r.pos }

// Features returns the effective set of features that r allows.
func (r *Reader) Features() Features { return r.features }

// Need returns the features that the bytes read so far need, apart from those
// that only validation can know. Once a read has failed it says nothing.
func (r *Reader) Need() Features { return r.need }

// Use notes that what was read needs f, and returns the members of f that are
// off, as [Features.Missing] does.
func (r *Reader) Use(f Features) (missing Features) {
	r.need |= f
	if f&^r.features == 0 {
		return 0
	}
	return r.features.Missing(f)
}

// fail returns an error about the byte at pos and puts the reader there.
func (r *Reader) fail(pos int, message string) error {
	return r.refuse(pos, message, 0)
}

// refuse is fail for bytes that the features would have allowed.
func (r *Reader) refuse(pos int, message string, features Features) error {
	r.pos = pos
	return &SyntaxError{Offset: r.base + pos, Message: message, Feature: features}
}

// Peek returns the next byte without reading it; ok is false at the end.
func (r *Reader) Peek() (b byte, ok bool) {
	if r.pos < len(r.data) {
		return r.data[r.pos], true
	}
	return 0, false
}

// Byte reads one byte.
func (r *Reader) Byte() (byte, error) {
	if r.pos >= len(r.data) {
		return 0, r.fail(r.pos, r.end)
	}
	r.pos++
	return r.data[r.pos-1], nil
}

// Bytes reads n bytes. The caller must not change them.
func (r *Reader) Bytes(n int) ([]byte, error) {
	if n < 0 || n > r.Len() {
		return nil, r.fail(r.pos, r.end)
	}
	r.pos += n
	return r.data[r.pos-n : r.pos : r.pos], nil
}

// Count reads the length of a vector. Every element takes at least one byte, so
// a length above the number of remaining bytes is an error, and a caller may
// make room for as many elements.
func (r *Reader) Count() (int, error) {
	start := r.pos
	n, err := r.U32()
	if err != nil {
		return 0, err
	}
	if uint64(n) > uint64(r.Len()) {
		return 0, r.fail(start, "length out of bounds")
	}
	return int(n), nil
}

// U32 reads an unsigned 32-bit integer in LEB128.
func (r *Reader) U32() (uint32, error) {
	if p := r.pos; p+1 < len(r.data) { // nearly all are of one byte or two
		first, second := r.data[p], r.data[p+1]
		if first < 0x80 {
			r.pos = p + 1
			return uint32(first), nil
		}
		if second < 0x80 {
			r.pos = p + 2
			return uint32(first)&0x7F | uint32(second)<<7, nil
		}
	}
	v, err := r.unsigned(32)
	return uint32(v), err
}

// U64 reads an unsigned 64-bit integer in LEB128.
func (r *Reader) U64() (uint64, error) { return r.unsigned(64) }

// S32 reads a signed 32-bit integer in LEB128.
func (r *Reader) S32() (int32, error) {
	v, err := r.signed(32)
	return int32(v), err
}

// S33 reads a signed 33-bit integer in LEB128.
func (r *Reader) S33() (int64, error) { return r.signed(33) }

// S64 reads a signed 64-bit integer in LEB128.
func (r *Reader) S64() (int64, error) { return r.signed(64) }

// F32 reads the bits of a 32-bit floating-point number.
func (r *Reader) F32() (uint32, error) {
	b, err := r.Bytes(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// F64 reads the bits of a 64-bit floating-point number.
func (r *Reader) F64() (uint64, error) {
	b, err := r.Bytes(8)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

const (
	tooLong  = "integer representation too long"
	tooLarge = "integer too large"
)

// unsigned reads a LEB128 integer of the given number of bits.
//
// Specification: 5.2.2 "Integers".
func (r *Reader) unsigned(bits int) (v uint64, err error) {
	for i, shift := r.pos, 0; ; i, shift = i+1, shift+7 {
		switch {
		case shift >= bits:
			return 0, r.fail(r.pos, tooLong)
		case i >= len(r.data):
			return 0, r.fail(r.pos, r.end)
		}
		b := uint64(r.data[i])
		if left := bits - shift; left < 7 && b&0x7F >= 1<<left {
			return 0, r.fail(r.pos, tooLarge)
		}
		v |= b & 0x7F << shift
		if b < 0x80 {
			r.pos = i + 1
			return v, nil
		}
	}
}

// signed reads a LEB128 integer in two's complement of the given number of bits.
func (r *Reader) signed(bits int) (v int64, err error) {
	for i, shift := r.pos, 0; ; i, shift = i+1, shift+7 {
		switch {
		case shift >= bits:
			return 0, r.fail(r.pos, tooLong)
		case i >= len(r.data):
			return 0, r.fail(r.pos, r.end)
		}
		b := r.data[i]
		if left := bits - shift; left < 7 {
			// What does not fit must repeat the sign.
			if rest := b & 0x7F >> (left - 1); rest != 0 && rest != 0x7F>>(left-1) {
				return 0, r.fail(r.pos, tooLarge)
			}
		}
		v |= int64(b&0x7F) << shift
		if b < 0x80 {
			if shift+7 < 64 {
				v = v << (57 - shift) >> (57 - shift)
			}
			r.pos = i + 1
			return v, nil
		}
	}
}

// fitsU32 reports whether v, read from n bytes, would have been a 32-bit integer.
func fitsU32(v uint64, n int) bool { return v <= math.MaxUint32 && n <= 5 }
