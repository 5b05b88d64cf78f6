package validator

import (
	"fmt"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// spine validates everything of a module but the function bodies: it takes the
// sections in their order, checks their items and hands them to the builder.
//
// The specification decodes a module before it validates it. So an invalid item
// does not end the work: the first is remembered, and from then on the rest is
// only decoded, in case it turns out to be malformed.
//
// Specification: 3.5 "Modules", 5.5 "Modules".
type spine struct {
	features ops.Features // effective
	limits   *Limits
	builder  module.Builder
	decls    *module.Decls
	reader   module.SectionReader
	consts   checker // for constant expressions

	// invalid is the first rule that was broken.
	invalid *Error

	// hasDataCount says that there is a data count section: what decoding itself
	// needs to know, whether or not the module is valid so far.
	hasDataCount bool

	subType module.SubType    // being read
	alloc   state.Allocations // of consts
	stop    *atomic.Bool      // set to make the validation end early
}

// reset makes s begin with another module; it reuses its buffers.
func (s *spine) reset(features ops.Features, limits *Limits, stop *atomic.Bool) {
	s.features, s.limits, s.stop = features.Effective(), limits, stop
	s.invalid, s.hasDataCount = nil, false
	s.builder.Reset()
	s.decls = s.builder.Decls()
	s.consts.limits, s.consts.need, s.consts.stop = limits, 0, stop
	s.reader.StopAt(stop)
	s.consts.retarget(s.decls, s.features, nil) // a constant expression calls nothing
	s.consts.adopt(&s.alloc)
}

// forget lets go of what belongs to the module.
func (s *spine) forget() {
	s.builder, s.decls, s.invalid = module.Builder{}, nil, nil
	s.reader.Reset(module.Section{}, noFeatures)
	s.reader.Trim()
	s.consts.release()
	s.consts.forget()
	s.subType = module.SubType{}
}

// decodeOnly reports whether a rule has been broken, so that the rest is decoded
// and not judged.
func (s *spine) decodeOnly() bool { return s.invalid != nil }

// judge takes the outcome of a rule: what is invalid is remembered, anything else
// ends the work.
func (s *spine) judge(err error) error {
	if e, ok := err.(*Error); ok && e.Kind == Invalid {
		s.invalid = e
		return nil
	}
	return err
}

// invalidAt returns the error for a rule broken by the field at the offset.
func invalidAt(offset int, format string, args ...any) error {
	return errorAt(Invalid, offset, 0, format, args...)
}

// errorAt returns an error outside a function body.
func errorAt(kind Kind, offset int, f ops.Features, format string, args ...any) error {
	return &Error{Kind: kind, Offset: offset, Func: -1, Feature: f, Message: fmt.Sprintf(format, args...)}
}

// atMost checks a number against its limit.
func atMost(offset int, what string, n uint64, limit uint64) error {
	if n <= limit {
		return nil
	}
	return tooMany(offset, what, n, limit)
}

// tooMany is the error of atMost, apart from it so that the comparison is inlined.
func tooMany(offset int, what string, n uint64, limit uint64) error {
	return errorAt(Limit, offset, 0, "%d %s exceed the limit of %d", n, what, limit)
}

// section validates one section other than the custom, code and data sections.
func (s *spine) section(sec module.Section) error {
	s.reader.Reset(sec, s.features)
	var err error
	switch sec.ID {
	case module.SectionType:
		err = s.typeSection(sec)
	case module.SectionImport:
		err = s.importSection()
	case module.SectionFunction:
		err = s.functionSection()
	case module.SectionTable:
		err = s.items(s.limits.Tables, "tables", s.table)
	case module.SectionMemory:
		err = s.items(s.limits.Memories, "memories", s.memory)
	case module.SectionTag:
		err = s.items(s.limits.Tags, "tags", s.tag)
	case module.SectionGlobal:
		err = s.items(s.limits.Globals, "globals", s.global)
	case module.SectionExport:
		err = s.exportSection()
	case module.SectionStart:
		err = s.start()
	case module.SectionElement:
		err = s.items(s.limits.ElemSegments, "element segments", s.elem)
	case module.SectionDataCount:
		err = s.dataCountSection()
	}
	if err == nil {
		err = s.reader.End()
	}
	s.builder.Need(s.reader.Need())
	return fromSyntax(err)
}

// items reads the items of a section that is a vector, each with item.
func (s *spine) items(limit uint32, what string, item func() error) error {
	if err := s.count(limit, what); err != nil {
		return err
	}
	return s.each(item)
}

// count reads how many items the section has.
func (s *spine) count(limit uint32, what string) error {
	offset := s.reader.Offset()
	n, err := s.reader.Count()
	if err != nil {
		return err
	}
	return atMost(offset, what, uint64(n), uint64(limit))
}

// stopped reports, of every 1,024th of the things that are counted from 0, whether the
// validation is to end early.
func (s *spine) stopped(k int) bool { return k%1024 == 0 && s.stop.Load() }

// each reads the items that were counted, each with item.
func (s *spine) each(item func() error) error {
	for k := 0; s.reader.More(); k++ {
		if s.stopped(k) {
			return errStopped
		}
		if err := item(); err != nil {
			return err
		}
	}
	return nil
}

// valType checks that the value type t at the offset is well-formed and returns
// its canonical form.
func (s *spine) valType(offset int, t ops.ValType) (ops.ValType, error) {
	s.consts.offset = offset
	t, err := s.consts.valType(t)
	if err != nil {
		return t, err.(*Error).outsideOp()
	}
	return t, nil
}

// funcType checks that the type index i at the offset is that of a function type.
func (s *spine) funcType(offset int, i uint32) error {
	types := s.decls.Types
	switch {
	case int64(i) >= int64(types.Len()):
		return invalidAt(offset, "unknown type %d", i)
	case types.Kind(i) != module.Func:
		return invalidAt(offset, "type mismatch: type %d is %v and not func", i, types.Kind(i))
	}
	return nil
}

// constExpr checks a constant expression that must leave a value of type want.
// It may refer to the globals declared so far.
//
// Specification: 3.4.13 "Expressions", constant expressions.
func (s *spine) constExpr(e module.ConstExpr, want ops.ValType) error {
	return s.consts.constExpr(e, want, len(s.decls.Globals), false)
}
