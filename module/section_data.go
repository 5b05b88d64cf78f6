package module

import "github.com/wasmstate/wasmstate/ops"

// DataItem is the head of one data segment; its bytes follow.
type DataItem struct {
	Offset int // in bytes from the start of the module
	Mode   SegmentMode

	Memory       uint32 // Active
	MemoryOffset int    // Active: where the memory index is, or would be
	Start        ConstExpr

	BytesOffset int    // of the bytes, from the start of the module
	Size        uint32 // in bytes

	// Missing is what [SectionReader.Missing] says.
	Missing ops.Features
}

// The number in front of a data segment.
const (
	dataActive   = 0
	dataPassive  = 1
	dataExplicit = 2 // active, the memory is given
)

// dataHead reads the head of a data segment into it from content, which lies
// offset bytes from the start of the module and is the beginning of what is left
// of the section: section bytes.
//
// Specification: 5.5.14 "Data Section".
func (s *SectionReader) dataHead(content []byte, offset int, section uint32, it *DataItem) (err error) {
	s.r.Move(content, offset)
	s.section.Content, s.section.ContentOffset = content, offset
	*it = DataItem{Offset: offset}
	kind, err := s.dataKind(it)
	if err == nil {
		err = s.dataMode(it, kind)
	}
	if err == nil {
		err = s.dataSize(it, section)
	}
	it.Missing = s.missing
	return wouldHelp(err, s.missing)
}

// dataKind reads the number in front of the segment.
func (s *SectionReader) dataKind(it *DataItem) (kind uint32, err error) {
	if kind, err = s.r.U32(); err != nil || kind == dataActive {
		return kind, err
	}
	if s.firstStandard() {
		it.Memory = kind
		return dataActive, nil
	}
	if kind > dataExplicit {
		err = syntaxError(it.Offset, "malformed data segment kind")
	}
	return kind, err
}

// dataMode reads when the segment is used.
func (s *SectionReader) dataMode(it *DataItem, kind uint32) (err error) {
	it.MemoryOffset = s.r.Offset()
	if it.Memory != 0 && kind == dataActive {
		it.MemoryOffset = it.Offset // where the index is that was read already
	}
	if kind == dataExplicit {
		if it.Memory, err = s.r.U32(); err != nil {
			return err
		}
	}
	if it.Mode = Passive; kind != dataPassive {
		it.Mode = Active
		it.Start, err = s.constExpr()
	}
	return err
}

// dataSize reads the size of a data segment and checks it against the section.
func (s *SectionReader) dataSize(it *DataItem, section uint32) (err error) {
	start, pos := s.r.Offset(), uint32(s.r.Pos())
	if it.Size, err = s.r.U32(); err != nil {
		return err
	}
	it.BytesOffset = s.r.Offset()
	switch {
	case it.Size > section-pos:
		return &ops.SyntaxError{Offset: start, Message: errLength + ": the data segment is longer than its section"}
	case it.Size > section-uint32(s.r.Pos()):
		return &ops.SyntaxError{Offset: it.BytesOffset, Message: errEnd + ": the data segment is longer than its section"}
	}
	return nil
}

// shortSegment reads the head with which content begins if the segment is like nearly
// all of the hundred thousand that some compilers make: active, in the first memory, at
// a constant 32-bit offset, and with numbers of few bytes. It returns the length of
// what comes before the size, that of the whole head, and the size; zeroes for any
// other segment. It takes a quarter of the time.
func shortSegment(content []byte) (start, head int, size uint32) {
	if len(content) < 12 || content[0] != dataActive {
		return 0, 0, 0
	}
	start = 1 + shortConst(content[1:])
	if start == 1 || start > len(content) {
		return 0, 0, 0
	}
	size, n := shortU32(content[start:])
	if n == 0 {
		return 0, 0, 0
	}
	return start, start + n, size
}

// shortDataHead is dataHead where shortSegment can read the head. It returns the
// length of the head, 0 for any other segment and where something is wrong.
func shortDataHead(content []byte, offset int, section uint32, it *DataItem) int {
	start, n, size := shortSegment(content)
	if n == 0 || size > section-uint32(n) {
		return 0
	}
	*it = DataItem{}
	it.Offset, it.Mode, it.MemoryOffset = offset, Active, offset+1
	it.Start.Offset, it.Start.Bytes = offset+1, content[1:start:start]
	it.BytesOffset, it.Size = offset+n, size
	return n
}
