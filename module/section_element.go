package module

import "github.com/wasmstate/wasmstate/ops"

// ElemItem is the head of one element segment; its elements follow.
type ElemItem struct {
	Offset int // in bytes from the start of the module
	Mode   SegmentMode

	Table       uint32 // Active
	TableOffset int    // Active: where the table index is, or would be
	Start       ConstExpr

	Type       ops.ValType // of the elements
	TypeOffset int         // where the type is, or would be
	Exprs      bool        // the elements are expressions, not function indices
	Count      uint32      // number of elements
}

// elemState is what a SectionReader remembers about the current segment.
type elemState struct{ left uint32 }

// The bits of the number in front of an element segment.
const (
	elemNotActive = 1 << iota
	elemExplicit  // of an active segment: the table is given; otherwise: declarative
	elemExprs
)

// Elem reads the head of the next segment of the element section. All of its
// elements must be read, by ElemFunc or ElemExpr, before the next head.
//
// Specification: 5.5.12 "Element Section".
func (s *SectionReader) Elem() (it ElemItem, err error) {
	s.left--
	it.Offset = s.r.Offset()
	flags, err := s.r.U32()
	if err == nil && flags != 0 && s.firstStandard() {
		it.Table, flags = flags, 0
	}
	if err == nil && flags > elemNotActive|elemExplicit|elemExprs {
		err = syntaxError(it.Offset, "malformed elements segment kind")
	}
	if err == nil {
		err = s.elemMode(&it, flags)
	}
	if err == nil {
		it.Exprs = flags&elemExprs != 0
		err = s.elemType(&it, flags&(elemNotActive|elemExplicit) != 0)
	}
	if err == nil {
		it.Count, err = s.vector()
		s.elems.left = it.Count
	}
	return it, s.frame(err)
}

// elemMode reads when the segment is used.
func (s *SectionReader) elemMode(it *ElemItem, flags uint32) (err error) {
	it.TableOffset = s.r.Offset()
	if it.Table != 0 && flags == 0 {
		it.TableOffset = it.Offset // where the index is that was read already
	}
	switch {
	case flags&elemNotActive == 0:
		if flags&elemExplicit != 0 {
			if it.Table, err = s.r.U32(); err != nil {
				return err
			}
		}
		it.Start, err = s.constExpr()
	case flags&elemExplicit != 0:
		it.Mode = Declarative
	default:
		it.Mode = Passive
	}
	return err
}

// elemType reads the type of the elements, where it is given.
func (s *SectionReader) elemType(it *ElemItem, given bool) (err error) {
	it.TypeOffset = s.r.Offset()
	switch {
	case it.Exprs && given:
		it.Type, err = s.r.RefType()
	case it.Exprs:
		it.Type = ops.FuncRef
	default:
		it.Type = ops.HeapFunc.Ref()
		if given {
			var kind byte
			if kind, err = s.r.Byte(); err == nil && kind != 0 {
				err = syntaxError(it.TypeOffset, "malformed element kind")
			}
		}
	}
	return err
}

// MoreElems reports whether the current segment has elements to be read.
func (s *SectionReader) MoreElems() bool { return s.elems.left > 0 }

// ElemFunc reads the next element of a segment of function indices.
func (s *SectionReader) ElemFunc() (index uint32, offset int, err error) {
	s.elems.left--
	offset = s.r.Offset()
	index, err = s.r.U32()
	return index, offset, s.frame(err)
}

// ElemExpr reads the next element of a segment of expressions.
func (s *SectionReader) ElemExpr() (ConstExpr, error) {
	s.elems.left--
	e, err := s.constExpr()
	return e, s.frame(err)
}
