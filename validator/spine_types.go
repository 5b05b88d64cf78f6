package validator

import (
	"errors"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// typeGroup collects the definitions of one recursion group, in buffers that the
// next group uses again.
type typeGroup struct {
	defs   []module.SubType
	vals   []ops.ValType
	fields []module.Field
	count  uint32 // types of all groups so far
}

// typeSection validates the recursion groups of the type section.
//
// Specification: 3.2.8 "Recursive Types", 5.5.4 "Type Section".
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
	s.decls.Types.Grow(s.reader.Backed(minTypeSize))
	for s.reader.More() {
		if err := s.typeGroup(); err != nil {
			return err
		}
	}
	return nil
}

// minTypeSize is the length of the shortest type definition, in bytes.
const minTypeSize = 3

func (s *spine) typeGroup() error {
	head, err := s.reader.TypeGroup()
	if err != nil {
		return err
	}
	s.group.count += head.Count
	if err := atMost(head.Offset, "types", uint64(s.group.count), uint64(s.limits.Types)); err != nil {
		return err
	}
	s.group.defs, s.group.vals, s.group.fields = s.group.defs[:0], s.group.vals[:0], s.group.fields[:0]
	for s.reader.MoreSubTypes() {
		if err := s.subType(); err != nil {
			return err
		}
	}
	if s.decodeOnly() {
		return nil
	}
	return s.judge(s.addGroup(head))
}

// subType reads one definition and keeps it for its group.
func (s *spine) subType() error {
	var t module.SubType
	offset, err := s.reader.SubType(&t)
	if err != nil {
		return err
	}
	if err := s.typeLimits(offset, &t); err != nil {
		return err
	}
	// The reader uses its lists again; those of the group must outlive it.
	g := &s.group
	t.Params, g.vals = keep(g.vals, t.Params)
	t.Results, g.vals = keep(g.vals, t.Results)
	t.Fields, g.fields = keep(g.fields, t.Fields)
	g.defs = append(g.defs, t)
	return nil
}

// keep appends list to arena and returns the copy and the arena.
func keep[T any](arena, list []T) (kept, grown []T) {
	n := len(arena)
	arena = append(arena, list...)
	return arena[n:len(arena):len(arena)], arena
}

func (s *spine) typeLimits(offset int, t *module.SubType) error {
	if err := atMost(offset, "parameters", uint64(len(t.Params)), uint64(s.limits.Params)); err != nil {
		return err
	}
	if err := atMost(offset, "results", uint64(len(t.Results)), uint64(s.limits.Results)); err != nil {
		return err
	}
	return atMost(offset, "fields", uint64(len(t.Fields)), uint64(s.limits.StructFields))
}

// addGroup adds the collected group to the types.
func (s *spine) addGroup(head module.TypeGroup) error {
	if !s.features.Has(ops.MultiValue) {
		for k, t := range s.group.defs {
			if len(t.Results) > 1 {
				return errorAt(Invalid, s.reader.SubTypeOffset(k), ops.MultiValue, "invalid result arity: %d results", len(t.Results))
			}
		}
	}
	err := s.decls.Types.AddGroup(s.group.defs)
	var e *module.TypeError
	if !errors.As(err, &e) {
		return err
	}
	offset, kind := head.Offset, Invalid
	if e.Index < len(s.group.defs) {
		offset = s.reader.SubTypeOffset(e.Index)
	}
	if e.Limit {
		kind = Limit
	}
	return errorAt(kind, offset, 0, "%s", e.Message)
}
