package module

// ExportItem is one export as it is written.
type ExportItem struct {
	Export
	Offset      int // of the export, in bytes from the start of the module
	IndexOffset int // of its index
}

// Export reads the next export of the export section.
//
// Specification: 5.5.10 "Export Section".
func (s *SectionReader) Export() (it ExportItem, err error) {
	s.left--
	it.Offset = s.r.Offset()
	if it.Name, err = s.name(); err == nil {
		err = s.externIndex(&it)
	}
	return it, s.frame(err)
}

// externIndex reads the kind and the index of an export.
func (s *SectionReader) externIndex(it *ExportItem) error {
	const message = "malformed export kind"
	start := s.r.Offset()
	b, err := s.r.Byte()
	if err != nil {
		return err
	}
	it.Kind = ExternKind(b)
	if it.Kind > ExternTag {
		return syntaxError(start, message)
	}
	if it.Kind == ExternTag {
		if err = refuse(&s.r.Reader, start, message, sections[SectionTag].need); err != nil {
			return err
		}
	}
	it.IndexOffset = s.r.Offset()
	it.Index, err = s.r.U32()
	return err
}
