package module

// The sections whose items are single indices.

// Func reads the type index of the next function of the function section.
//
// Specification: 5.5.6 "Function Section".
func (s *SectionReader) Func() (typeIdx uint32, offset int, err error) {
	s.left--
	offset = s.r.Offset()
	typeIdx, err = s.r.U32()
	return typeIdx, offset, s.frame(err)
}

// Tag reads the type index of the next tag of the tag section; offset is that of
// the tag.
//
// Specification: 5.5.16 "Tag Section".
func (s *SectionReader) Tag() (typeIdx uint32, offset int, err error) {
	s.left--
	typeIdx, offset, err = s.tagType()
	return typeIdx, offset, s.frame(err)
}

// tagType reads a tag type.
//
// Specification: 5.3.10 "Tag Types".
func (s *SectionReader) tagType() (typeIdx uint32, offset int, err error) {
	start := s.r.Offset()
	b, err := s.r.Byte()
	if err == nil && b != 0 {
		err = syntaxError(start, "zero byte expected: malformed tag attribute")
	}
	if err != nil {
		return 0, 0, err
	}
	offset = s.r.Offset()
	typeIdx, err = s.r.U32()
	return typeIdx, offset, err
}

// Start reads the function index of the start section.
//
// Specification: 5.5.11 "Start Section".
func (s *SectionReader) Start() (index uint32, offset int, err error) {
	offset = s.r.Offset()
	index, err = s.r.U32()
	return index, offset, s.frame(err)
}

// DataCount reads the number of data segments of the data count section.
//
// Specification: 5.5.15 "Data Count Section".
func (s *SectionReader) DataCount() (n uint32, offset int, err error) { return s.Start() }
