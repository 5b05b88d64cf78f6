package module

import (
	"errors"
	"sync/atomic"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
)

// SectionReader decodes the contents of one section, one item at a time. It
// knows the grammar and no rule: what it returns is well-formed and may be
// invalid.
//
// The sections that are vectors are read so: Count, then as long as More says
// so the method for the item of that section, then End. The start and data
// count sections are read by their own method and End.
//
// Every error is a *ops.SyntaxError, or [ops.ErrStopped] after StopAt; after one, the
// reader must not be used further. The zero value is ready for Reset and may be Reset
// again and again, which reuses its buffers. Not safe for concurrent use.
//
// Specification: 5.5 "Modules".
type SectionReader struct {
	r       ops.Decoder
	instr   ops.Instr // of the constant expressions
	section Section
	left    uint32 // items not yet read
	text    string // the whole contents, of which names are parts
	missing ops.Features
	stop    *atomic.Bool

	group typeGroupState
	elems elemState
	pack  importPack
}

// Reset makes s read section, of a module that may use the features f.
func (s *SectionReader) Reset(section Section, f ops.Features) {
	s.r.Reset(section.Content, section.ContentOffset, f)
	s.r.StopAt(s.stop)
	s.section = section
	s.left, s.text, s.missing = 0, "", 0
	s.group = typeGroupState{offsets: s.group.offsets[:0], vals: s.group.vals[:0], fields: s.group.fields[:0]}
	s.elems, s.pack = elemState{}, importPack{}
}

// maxKept is how many elements of each of its buffers a trimmed reader keeps, of at most
// 24 bytes each.
const maxKept = 1 << 14

// Trim lets go of the buffers that one unusual section has blown up, and keeps the rest.
// It is called between sections.
func (s *SectionReader) Trim() {
	in := &s.instr
	if max(cap(s.group.vals), cap(s.group.fields), cap(s.group.offsets)) > maxKept {
		s.group = typeGroupState{}
	}
	if max(cap(in.Labels), cap(in.Types), cap(in.Catches), cap(in.Handlers)) > maxKept {
		*in = ops.Instr{}
	}
}

// StopAt makes the reading of a long expression or type end early, with
// [ops.ErrStopped], soon after stop has been set. It outlasts Reset; nil ends it.
func (s *SectionReader) StopAt(stop *atomic.Bool) {
	s.stop = stop
	s.r.StopAt(stop)
}

// Need returns the features that what was read so far needs.
func (s *SectionReader) Need() ops.Features { return s.r.Need() }

// Offset returns where the next byte lies, in bytes from the start of the module.
func (s *SectionReader) Offset() int { return s.r.Offset() }

// Len returns the number of bytes not yet read.
func (s *SectionReader) Len() int { return s.r.Len() }

// Count reads the number of items of the section. It is at most the number of
// bytes that the section has, and may be more than the items that are there.
func (s *SectionReader) Count() (uint32, error) {
	n, err := s.vector()
	s.left = n
	return n, s.frame(err)
}

// Backed returns how many of the items not yet read the remaining bytes could
// hold if each took size bytes: for how many it is safe to make room.
func (s *SectionReader) Backed(size int) int {
	return int(min(uint64(s.left), uint64(s.r.Len()/size)))
}

// More reports whether there are items to be read.
func (s *SectionReader) More() bool { return s.left > 0 || s.pack.left > 0 }

// End checks that the section ends here.
func (s *SectionReader) End() error {
	if s.r.Len() > 0 {
		return wouldHelp(syntaxError(s.r.Offset(), "section size mismatch"), s.missing)
	}
	if s.section.Truncated {
		return s.section.framingError()
	}
	return nil
}

// vector reads the length of a vector. The length may exceed what is left by
// the bytes of the length itself: then the suite wants the error to come from
// the elements.
func (s *SectionReader) vector() (uint32, error) { return vectorLen(&s.r.Reader) }

// vectorLen reads the length of a vector, as vector does.
func vectorLen(r *ops.Reader) (uint32, error) {
	start, room := r.Offset(), r.Len()
	n, err := r.U32()
	if err == nil && uint64(n) > uint64(room) {
		err = syntaxError(start, errLength)
	}
	return n, err
}

// name reads a name (specification 5.2.4 "Names").
func (s *SectionReader) name() (string, error) {
	start, size, err := nameRange(&s.r.Reader)
	if err != nil || size == 0 {
		return "", err
	}
	if s.text == "" {
		s.text = string(s.section.Content)
	}
	start -= s.section.ContentOffset
	return s.text[start : start+size], nil
}

// nameRange reads a name and returns the place of its bytes in the module.
func nameRange(r *ops.Reader) (start, size int, err error) {
	field := r.Offset()
	n, err := vectorLen(r)
	if err != nil {
		return 0, 0, err
	}
	start = r.Offset()
	b, err := r.Bytes(int(n))
	if err == nil && !utf8.Valid(b) {
		err = syntaxError(field, errUTF8)
	}
	return start, len(b), err
}

// frame returns err, or, when the bytes ran out because the input ended before
// the section did, the error that says so.
func (s *SectionReader) frame(err error) error {
	if err == nil {
		return nil // and nothing more, so that it is inlined
	}
	return s.framed(err)
}

func (s *SectionReader) framed(err error) error {
	if s.section.Truncated && ranOut(err) {
		return s.section.framingError()
	}
	return wouldHelp(err, s.missing)
}

// firstStandard reports whether the number in front of a segment, which is not 0,
// means what it did in the first standard: the index of a table or memory. With
// [ops.BulkMemory] it is the kind of the segment, and needs the proposal; read in
// the old way it does not.
func (s *SectionReader) firstStandard() bool {
	if s.missing |= s.r.Features().Missing(ops.BulkMemory); s.missing != 0 {
		return true
	}
	s.r.Use(ops.BulkMemory)
	return false
}

// Missing is [ops.BulkMemory] once a segment was read that only this proposal
// gives its meaning, while the proposal is off: it was read as one of the first
// standard, and so are those after it.
func (s *SectionReader) Missing() ops.Features { return s.missing }

// The messages that may mean no more than that there are too few bytes.
const (
	errEnd    = "unexpected end of section or function"
	errLength = "length out of bounds"
)

const errUTF8 = "malformed UTF-8 encoding"

// ranOut reports whether err would possibly not have come up with more bytes.
func ranOut(err error) bool {
	var e *ops.SyntaxError
	return errors.As(err, &e) && (e.Message == errEnd || e.Message == errLength)
}

// syntaxError returns the error about what lies at offset.
func syntaxError(offset int, message string) error {
	return &ops.SyntaxError{Offset: offset, Message: message}
}

// wouldHelp makes err, if it is one, say that the missing proposal, if one is,
// would have allowed the bytes: what comes after a segment that was read without
// the proposal is read in the wrong place, so whatever is wrong with it follows
// from that.
func wouldHelp(err error, missing ops.Features) error {
	if e, ok := err.(*ops.SyntaxError); ok && missing != 0 {
		e.Feature = missing
	}
	return err
}

// refuse returns an error for bytes at offset that need features which are off,
// and nil if they are on.
func refuse(r *ops.Reader, offset int, message string, need ops.Features) error {
	if missing := r.Use(need); missing != 0 {
		return &ops.SyntaxError{Offset: offset, Message: message, Feature: missing}
	}
	return nil
}
