package module

import (
	"math"

	"github.com/wasmstate/wasmstate/ops"
)

// TableItem is one table of the table section.
type TableItem struct {
	Offset  int // in bytes from the start of the module
	Type    TableType
	HasInit bool      // it has an initial value of its own
	Init    ConstExpr // what its elements are at first, if HasInit; otherwise null
}

// Encoding of a table with an initializer: two bytes.
const (
	codeTableInit     = 0x40
	codeTableInitZero = 0x00
)

// Table reads the next table of the table section.
//
// Specification: 5.5.7 "Table Section".
func (s *SectionReader) Table() (it TableItem, err error) {
	s.left--
	it.Offset = s.r.Offset()
	if it.HasInit, err = s.tableInit(); err == nil {
		it.Type, err = s.tableType()
	}
	if err == nil && it.HasInit {
		it.Init, err = s.constExpr()
	}
	return it, s.frame(err)
}

// tableInit reads the mark of a table with an initializer, if it is there.
func (s *SectionReader) tableInit() (bool, error) {
	const message = "malformed reference type"
	start := s.r.Offset()
	if b, _ := s.r.Peek(); b != codeTableInit {
		return false, nil
	}
	if err := refuse(&s.r.Reader, start, message, ops.TypedRefs); err != nil {
		return false, err
	}
	s.r.Byte()
	b, err := s.r.Byte()
	if err == nil && b != codeTableInitZero {
		err = syntaxError(start, message)
	}
	return true, err
}

// tableType reads a table type.
//
// Specification: 5.3.13 "Table Types".
func (s *SectionReader) tableType() (t TableType, err error) {
	if t.Elem, err = s.r.RefType(); err != nil {
		return t, err
	}
	flags, err := s.limitsFlags([8]ops.Features{1: ops.SharedEverythingThreads, 2: ops.Memory64}, 3)
	if err != nil {
		return t, err
	}
	t.Shared, t.Table64 = flags&flagLimitsShared != 0, flags&flagLimits64 != 0
	t.Limits, err = s.limits(flags)
	return t, err
}

// The bits of the flags in front of limits.
const (
	flagLimitsMax byte = 1 << iota
	flagLimitsShared
	flagLimits64
	flagLimitsPageSize
)

// limitsFlags reads the flags of limits, of which n bits are known; need is what
// each of them needs.
func (s *SectionReader) limitsFlags(need [8]ops.Features, n int) (byte, error) {
	const message = "malformed limits flags"
	start := s.r.Offset()
	flags, err := s.r.Byte()
	if err != nil {
		return 0, err
	}
	if flags>>n != 0 {
		return 0, syntaxError(start, message)
	}
	all := ops.Features(0)
	for bit := range n {
		if flags>>bit&1 != 0 {
			all |= need[bit]
		}
	}
	return flags, refuse(&s.r.Reader, start, message, all)
}

// limits reads what follows the flags.
//
// Specification: 5.3.9 "Limits".
func (s *SectionReader) limits(flags byte) (l Limits, err error) {
	if l.Min, err = s.size(); err == nil && flags&flagLimitsMax != 0 {
		l.HasMax = true
		l.Max, err = s.size()
	}
	return l, err
}

// size reads a size, which the standards before memory64 write in 32 bits.
func (s *SectionReader) size() (uint64, error) {
	start := s.r.Pos()
	v, err := s.r.U64()
	if err != nil || v <= math.MaxUint32 && s.r.Pos()-start <= 5 {
		return v, err
	}
	missing := s.r.Use(ops.Memory64)
	if missing == 0 {
		return v, nil
	}
	s.r.Seek(start)
	_, err = s.r.U32()
	if e, ok := err.(*ops.SyntaxError); ok {
		e.Feature = missing
	}
	return 0, err
}
