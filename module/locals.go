package module

import (
	"math"

	"github.com/wasmstate/wasmstate/ops"
)

// LocalGroup declares a number of locals of one type.
type LocalGroup struct {
	Offset     int         // of the group, in bytes from the start of the module
	TypeOffset int         // of its type
	Count      uint32      // how many locals
	Type       ops.ValType // of each of them
}

// LocalsReader reads the declarations of locals at the start of a function body,
// group by group: as long as More says so. Errors are *ops.SyntaxError.
//
// Specification: 5.5.13 "Code Section", locals.
type LocalsReader struct {
	r     ops.Reader
	left  uint32
	total uint64
}

// Locals returns a reader of the locals of b, of a module that may use the
// features f. It has read how many groups there are.
func (b FuncBody) Locals(f ops.Features) (l LocalsReader, err error) {
	l.r.Reset(b.Bytes(), b.offset, f)
	l.left, err = vectorLen(&l.r)
	return l, err
}

// More reports whether there are groups to be read.
func (l *LocalsReader) More() bool { return l.left > 0 }

// Next reads the next group. It is malformed for the locals of a function to be
// 2^32 or more.
func (l *LocalsReader) Next() (g LocalGroup, err error) {
	l.left--
	g.Offset = l.r.Offset()
	if g.Count, err = l.r.U32(); err != nil {
		return g, err
	}
	g.TypeOffset = l.r.Offset()
	if g.Type, err = l.r.ValType(); err != nil {
		return g, err
	}
	if l.total += uint64(g.Count); l.total > math.MaxUint32 {
		err = syntaxError(g.Offset, "too many locals")
	}
	return g, err
}

// Pos returns how many bytes of the body were read. After the last group it is
// where the operators begin.
func (l *LocalsReader) Pos() int { return l.r.Pos() }

// Need returns the features that what was read so far needs.
func (l *LocalsReader) Need() ops.Features { return l.r.Need() }
