package module

import (
	"strconv"

	"github.com/wasmstate/wasmstate/ops"
)

// TypeGroup is the head of a recursion group; its definitions follow.
type TypeGroup struct {
	Offset   int    // in bytes from the start of the module
	Count    uint32 // number of definitions
	Explicit bool   // written as a recursion group, not as a single definition
}

// typeGroupState is what a SectionReader remembers about the current group.
type typeGroupState struct {
	left    uint32
	start   int
	offsets []uint32 // of the definitions read, from start
	vals    []ops.ValType
	fields  []Field
}

// Encodings of type definitions.
const (
	codeFunc       = 0x60
	codeStruct     = 0x5F
	codeArray      = 0x5E
	codeCont       = 0x5D
	codeSub        = 0x50
	codeSubFinal   = 0x4F
	codeRec        = 0x4E
	codeDescriptor = 0x4D
	codeDescribes  = 0x4C
	codeShared     = 0x65
)

const errDefinition = "malformed definition type"

// TypeGroup reads the head of the next recursion group of the type section. All
// of its definitions must be read, by SubType, before the next head.
//
// Specification: 5.3.8 "Recursive Types".
func (s *SectionReader) TypeGroup() (TypeGroup, error) {
	s.left--
	g := TypeGroup{Offset: s.r.Offset(), Count: 1}
	var err error
	if b, _ := s.r.Peek(); b == codeRec {
		g.Explicit = true
		if err = refuse(&s.r.Reader, g.Offset, errDefinition, ops.GC); err == nil {
			s.r.Byte()
			g.Count, err = s.vector()
		}
	}
	s.group.left, s.group.start, s.group.offsets = g.Count, g.Offset, s.group.offsets[:0]
	return g, s.frame(err)
}

// SubType reads the next definition of the current recursion group into t and
// returns its offset. The lists of t are valid until the next call.
//
// Specification: 5.3.8 "Recursive Types", subtype.
func (s *SectionReader) SubType(t *SubType) (offset int, err error) {
	offset = s.r.Offset()
	s.group.left--
	s.group.offsets = append(s.group.offsets, uint32(offset-s.group.start))
	s.group.vals, s.group.fields = s.group.vals[:0], s.group.fields[:0]
	*t = SubType{Final: true}
	if err = s.supers(t); err == nil {
		if err = s.clauses(t); err == nil {
			err = s.composite(t)
		}
	}
	return offset, s.frame(err)
}

// MoreSubTypes reports whether there are definitions to be read in the current
// recursion group.
func (s *SectionReader) MoreSubTypes() bool { return s.group.left > 0 }

// SubTypeOffset returns the offset of definition k of the current recursion
// group, which must have been read.
func (s *SectionReader) SubTypeOffset(k int) int {
	return s.group.start + int(s.group.offsets[k])
}

// supers reads the declaration of supertypes, if there is one.
func (s *SectionReader) supers(t *SubType) error {
	b, _ := s.r.Peek()
	if b != codeSub && b != codeSubFinal {
		return nil
	}
	if err := refuse(&s.r.Reader, s.r.Offset(), errDefinition, ops.GC); err != nil {
		return err
	}
	s.r.Byte()
	t.Final = b == codeSubFinal
	n, err := s.vector()
	for i := range n {
		var super uint32
		if super, err = s.r.U32(); err != nil {
			break
		}
		if i == 0 {
			t.Super = super
		}
	}
	t.NumSupers = n
	return err
}

// clauses reads the marks in front of a composite type: shared, and those of
// custom-descriptors, in their order.
func (s *SectionReader) clauses(t *SubType) (err error) {
	if t.Shared, err = s.mark(codeShared, ops.SharedEverythingThreads); err != nil {
		return err
	}
	if t.HasDescribes, err = s.mark(codeDescribes, ops.CustomDescriptors); err == nil && t.HasDescribes {
		t.Describes, err = s.r.U32()
	}
	if err != nil {
		return err
	}
	if t.HasDescriptor, err = s.mark(codeDescriptor, ops.CustomDescriptors); err == nil && t.HasDescriptor {
		t.Descriptor, err = s.r.U32()
	}
	return err
}

// mark reads the byte code if it is the next one.
func (s *SectionReader) mark(code byte, need ops.Features) (bool, error) {
	if b, ok := s.r.Peek(); !ok || b != code {
		return false, nil
	}
	if err := refuse(&s.r.Reader, s.r.Offset(), errDefinition, need); err != nil {
		return false, err
	}
	s.r.Byte()
	return true, nil
}

// composite reads a composite type.
//
// Specification: 5.3.7 "Composite Types".
func (s *SectionReader) composite(t *SubType) (err error) {
	start := s.r.Offset()
	b, err := s.r.Byte()
	if err != nil {
		return err
	}
	switch b {
	case codeFunc:
		t.Kind = Func
		if t.Params, err = s.resultType(); err == nil {
			t.Results, err = s.resultType()
		}
		return err
	case codeStruct, codeArray:
		if err = refuse(&s.r.Reader, start, errDefinition, ops.GC|ops.GCTypes); err != nil {
			return err
		}
		n := uint32(1)
		if t.Kind = Array; b == codeStruct {
			t.Kind = Struct
			n, err = s.vector()
		}
		if err == nil {
			t.Fields, err = s.fieldTypes(n)
		}
		return err
	case codeCont:
		if err = refuse(&s.r.Reader, start, errDefinition, ops.StackSwitching|ops.GCTypes); err != nil {
			return err
		}
		t.Kind = Cont
		index, err := s.r.S33()
		if err == nil && index < 0 {
			err = syntaxError(start+1, errDefinition+": negative type index")
		}
		t.Cont = uint32(index)
		return err
	}
	if b >= 0x80 {
		return syntaxError(start, "integer representation too long")
	}
	return syntaxError(start, errDefinition+": 0x"+strconv.FormatUint(uint64(b), 16))
}

// resultType reads a list of value types.
func (s *SectionReader) resultType() ([]ops.ValType, error) {
	n, err := s.vector()
	first := len(s.group.vals)
	for ; err == nil && n > 0; n-- {
		if n%skipCheck == 0 && s.r.Stopped() {
			return nil, ops.ErrStopped
		}
		var v ops.ValType
		if v, err = s.r.ValType(); err == nil {
			s.group.vals = append(s.group.vals, v)
		}
	}
	return s.group.vals[first:], err
}

// fieldTypes reads n field types.
//
// Specification: 5.3.7 "Composite Types", fieldtype.
func (s *SectionReader) fieldTypes(n uint32) (_ []Field, err error) {
	for ; err == nil && n > 0; n-- {
		if n%skipCheck == 0 && s.r.Stopped() {
			return nil, ops.ErrStopped
		}
		var f Field
		if f.Type, err = s.r.StorageType(); err != nil {
			break
		}
		if f.Mutable, _, err = s.mutability(0); err == nil {
			s.group.fields = append(s.group.fields, f)
		}
	}
	return s.group.fields, err
}

// mutability reads a mutability; its second bit means shared where the features
// in sharing are on.
//
// Specification: 5.3.11 "Global Types", mut.
func (s *SectionReader) mutability(sharing ops.Features) (mutable, shared bool, err error) {
	start := s.r.Offset()
	b, err := s.r.Byte()
	switch {
	case err != nil:
	case b > 3 || b > 1 && sharing == 0:
		err = syntaxError(start, "malformed mutability")
	case b > 1:
		err = refuse(&s.r.Reader, start, "malformed mutability", sharing)
	}
	return b&1 != 0, b&2 != 0, err
}
