package module

import "github.com/wasmstate/wasmstate/ops"

// GlobalItem is one global of the global section.
type GlobalItem struct {
	Offset int // in bytes from the start of the module
	Type   GlobalType
	Init   ConstExpr
}

// Global reads the next global of the global section.
//
// Specification: 5.5.9 "Global Section".
func (s *SectionReader) Global() (it GlobalItem, err error) {
	s.left--
	it.Offset = s.r.Offset()
	if it.Type, err = s.globalType(); err == nil {
		it.Init, err = s.constExpr()
	}
	return it, s.frame(err)
}

// globalType reads a global type.
//
// Specification: 5.3.11 "Global Types".
func (s *SectionReader) globalType() (t GlobalType, err error) {
	if t.Type, err = s.r.ValType(); err == nil {
		t.Mutable, t.Shared, err = s.mutability(ops.SharedEverythingThreads)
	}
	return t, err
}
