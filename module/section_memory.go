package module

import "github.com/wasmstate/wasmstate/ops"

// MemoryItem is one memory of the memory section.
type MemoryItem struct {
	Offset int // in bytes from the start of the module
	Type   MemoryType
}

// Memory reads the next memory of the memory section.
//
// Specification: 5.5.8 "Memory Section".
func (s *SectionReader) Memory() (it MemoryItem, err error) {
	s.left--
	it.Offset = s.r.Offset()
	it.Type, err = s.memoryType()
	return it, s.frame(err)
}

// maxPageSizeLog2 is the largest exponent of a page size that decodes.
const maxPageSizeLog2 = 64

// memoryType reads a memory type.
//
// Specification: 5.3.12 "Memory Types"; custom-page-sizes, "Binary Format".
func (s *SectionReader) memoryType() (t MemoryType, err error) {
	t.PageSizeLog2 = DefaultPageSizeLog2
	flags, err := s.limitsFlags([8]ops.Features{1: ops.Threads, 2: ops.Memory64, 3: ops.CustomPageSizes}, 4)
	if err != nil {
		return t, err
	}
	t.Shared, t.Memory64 = flags&flagLimitsShared != 0, flags&flagLimits64 != 0
	t.HasPageSize = flags&flagLimitsPageSize != 0
	if t.Limits, err = s.limits(flags); err != nil || !t.HasPageSize {
		return t, err
	}
	start := s.r.Offset()
	log2, err := s.r.U32()
	if err == nil && log2 > maxPageSizeLog2 {
		err = syntaxError(start, "invalid custom page size")
	}
	t.PageSizeLog2 = uint8(min(log2, maxPageSizeLog2))
	return t, err
}
