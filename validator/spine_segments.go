package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// elem reads one segment of the element section.
//
// Specification: 3.5.9 "Element Segments".
func (s *spine) elem() error {
	it, err := s.reader.Elem()
	if err != nil {
		return err
	}
	if err := atMost(it.Offset, "elements", uint64(it.Count), uint64(s.limits.ElemEntries)); err != nil {
		return err
	}
	if !s.decodeOnly() {
		if err := s.judgeSegment(s.reader.Missing(), s.elemHead(&it)); err != nil {
			return err
		}
	}
	for k := 0; s.reader.MoreElems(); k++ {
		if s.stopped(k) {
			return errStopped
		}
		if err := s.element(&it); err != nil {
			return err
		}
	}
	if !s.decodeOnly() {
		s.builder.AddElem(module.ElemSegment{Mode: it.Mode, Table: it.Table, Type: it.Type, Count: it.Count})
	}
	return nil
}

// elemHead checks what stands in front of the elements, and makes the type of
// the segment canonical.
func (s *spine) elemHead(it *module.ElemItem) error {
	var err error
	if it.Mode == module.Active {
		if int64(it.Table) >= int64(len(s.decls.Tables)) {
			return invalidAt(it.TableOffset, "unknown table %d", it.Table)
		}
		if err := s.constExpr(it.Start, s.decls.Tables[it.Table].AddrType()); err != nil {
			return err
		}
	}
	if it.Type, err = s.valType(it.TypeOffset, it.Type); err != nil {
		return err
	}
	if it.Mode != module.Active {
		return nil
	}
	if t := s.decls.Tables[it.Table].Elem; !s.decls.Types.Match(it.Type, t) {
		return invalidAt(it.TypeOffset, "type mismatch: a segment of type %v does not fit table %d of type %v", it.Type, it.Table, t)
	}
	return nil
}

// element reads one element of a segment.
func (s *spine) element(it *module.ElemItem) error {
	if it.Exprs {
		e, err := s.reader.ElemExpr()
		if err != nil || s.decodeOnly() {
			return err
		}
		return s.judgeSegment(s.reader.Missing(), s.constExpr(e, it.Type))
	}
	index, offset, err := s.reader.ElemFunc()
	if err != nil || s.decodeOnly() {
		return err
	}
	if int64(index) >= int64(len(s.decls.Funcs)) {
		return s.judgeSegment(s.reader.Missing(), invalidAt(offset, "unknown function %d", index))
	}
	s.decls.DeclareFunc(index)
	return nil
}

// dataCountSection reads the data count section.
//
// Specification: 5.5.15 "Data Count Section".
func (s *spine) dataCountSection() error {
	n, offset, err := s.reader.DataCount()
	if err != nil {
		return err
	}
	if err := atMost(offset, "data segments", uint64(n), uint64(s.limits.DataSegments)); err != nil {
		return err
	}
	s.hasDataCount = true
	s.builder.SetDataCount(n)
	return nil
}

// passSegments passes over data segments in which nothing is to be checked, and returns
// their length.
func (s *spine) passSegments(p *module.Parser, data []byte) int {
	if len(s.decls.Memories) == 0 || s.decls.MemoryAddrType(0) != ops.I32 {
		return 0
	}
	segments, n := p.PassSegments(data)
	s.builder.AddDataSegments(segments)
	return n
}

// data checks the head of one data segment.
//
// Specification: 3.5.8 "Data Segments".
func (s *spine) data(it *module.DataItem) error {
	if s.decodeOnly() {
		return nil
	}
	if it.Mode == module.Active {
		if int64(it.Memory) >= int64(len(s.decls.Memories)) {
			return s.judgeSegment(it.Missing, invalidAt(it.MemoryOffset, "unknown memory %d", it.Memory))
		}
		// The declarations are complete: bodies are validated meanwhile, and read them.
		if err := s.consts.constExpr(it.Start, s.decls.MemoryAddrType(it.Memory), len(s.decls.Globals), true); err != nil {
			return s.judgeSegment(it.Missing, err)
		}
	}
	s.builder.AddData()
	return nil
}

// judgeSegment is judge for an item of the element and data sections, in which
// segments are misread where the missing proposal, if one is, is off.
func (s *spine) judgeSegment(missing ops.Features, err error) error {
	if e, ok := err.(*Error); ok && missing != 0 {
		e.Feature = missing
	}
	return s.judge(err)
}
