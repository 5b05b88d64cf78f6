package validator

import "github.com/wasmstate/wasmstate/module"

// typeSection validates the recursion groups of the type section.
//
// Specification: 3.2.11 "Recursive Types", 5.5.4 "Type Section".
func (s *spine) typeSection(sec module.Section) error {
	if err := atMost(sec.SizeOffset, "bytes of types", uint64(sec.Size), uint64(s.limits.TypeSection)); err != nil {
		return err
	}
	offset := s.reader.Offset()
	n, err := s.reader.Count()
	if err != nil {
		return err
	}
	if err := atMost(offset, "types", uint64(n), uint64(s.limits.Types)); err != nil {
		return err
	}
	types := s.decls.Types
	types.Allow(s.features)
	types.Grow(s.reader.Backed(minTypeSize))
	count := uint64(0)
	for k := 0; s.reader.More(); k++ {
		if s.stopped(k) {
			return errStopped
		}
		head, err := s.reader.TypeGroup()
		if err != nil {
			return err
		}
		count += uint64(head.Count)
		if err := atMost(head.Offset, "types", count, uint64(s.limits.Types)); err != nil {
			return err
		}
		if err := s.typeGroup(head); err != nil {
			return err
		}
	}
	return nil
}

// minTypeSize is the length of the shortest type definition, in bytes.
const minTypeSize = 3

// typeGroup reads one recursion group and adds its types.
func (s *spine) typeGroup(head module.TypeGroup) error {
	types := s.decls.Types
	if !s.decodeOnly() {
		types.BeginGroup(head.Count)
	}
	for k := 1; s.reader.MoreSubTypes(); k++ {
		if s.stopped(k) {
			return errStopped
		}
		offset, err := s.reader.SubType(&s.subType)
		if err != nil {
			return err
		}
		if err := s.typeLimits(offset, &s.subType); err != nil {
			return err
		}
		if s.decodeOnly() {
			continue
		}
		if err := s.judge(s.typeError(types.Define(&s.subType))); err != nil {
			return err
		}
	}
	if s.decodeOnly() {
		return nil
	}
	return s.judge(s.typeError(types.EndGroup()))
}

// typeLimits checks the sizes of the type definition at the offset.
func (s *spine) typeLimits(offset int, t *module.SubType) error {
	if err := atMost(offset, "parameters", uint64(len(t.Params)), uint64(s.limits.Params)); err != nil {
		return err
	}
	if err := atMost(offset, "results", uint64(len(t.Results)), uint64(s.limits.Results)); err != nil {
		return err
	}
	return atMost(offset, "fields", uint64(len(t.Fields)), uint64(s.limits.StructFields))
}

// typeError turns an error of the type table into that of the definition at
// fault in the current group.
func (s *spine) typeError(err error) error {
	e, ok := err.(*module.TypeError)
	if !ok {
		return err
	}
	kind := Invalid
	if e.Limit {
		kind = Limit
	}
	return errorAt(kind, s.reader.SubTypeOffset(e.Index), e.Feature, "%s", e.Message)
}
