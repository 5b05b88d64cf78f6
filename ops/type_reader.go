package ops

import "errors"

// Encodings of types that the decoder and the encoder share.
const (
	codeEmpty   = 0x40 // block type without result
	codeI16     = 0x77
	codeI8      = 0x78
	codeV128    = 0x7B
	codeF64     = 0x7C
	codeF32     = 0x7D
	codeI64     = 0x7E
	codeI32     = 0x7F
	codeExact   = 0x62
	codeRefNull = 0x63
	codeRef     = 0x64
	codeShared  = 0x65
	firstHeap   = 0x68
	lastHeap    = 0x75
)

// heapCodes lists the abstract heap types by their encoding, from firstHeap on,
// with the features that each needs as a type of its own.
var heapCodes = [lastHeap - firstHeap + 1]struct {
	heap HeapType
	need Features
}{
	{HeapCont, StackSwitching | GCTypes},
	{HeapExn, Exceptions},
	{HeapArray, GC | GCTypes},
	{HeapStruct, GC | GCTypes},
	{HeapI31, GC | GCTypes},
	{HeapEq, GC | GCTypes},
	{HeapAny, GC | GCTypes},
	{HeapExtern, ReferenceTypes | GCTypes},
	{HeapFunc, 0},
	{HeapNone, GC | GCTypes},
	{HeapNoExtern, GC | GCTypes},
	{HeapNoFunc, GC | GCTypes},
	{HeapNoExn, Exceptions | GCTypes},
	{HeapNoCont, StackSwitching | GCTypes},
}

// The messages about a type that is none, or none with the features at hand.
const (
	badValType  = "malformed value type"
	badRefType  = "malformed reference type"
	badHeapType = "malformed heap type"
	badStorage  = "malformed storage type"
)

// ValType reads a value type.
//
// Specification: 5.3.5 "Value Types".
func (r *Reader) ValType() (ValType, error) {
	b, ok := r.Peek()
	if !ok {
		return Bot, r.fail(r.pos, r.end)
	}
	t, need := Bot, Features(0)
	switch b {
	case codeI32:
		t = I32
	case codeI64:
		t = I64
	case codeF32:
		t, need = F32, Floats
	case codeF64:
		t, need = F64, Floats
	case codeV128:
		t, need = V128, SIMD
	default:
		return r.refType(badValType, ReferenceTypes)
	}
	if missing := r.Use(need); missing != 0 {
		return Bot, r.refuse(r.pos, badValType, missing)
	}
	r.pos++
	return t, nil
}

// RefType reads a reference type. That of functions needs no feature here: it
// is the element type that tables have always had. As the type of a value, which
// ValType reads, it needs ReferenceTypes.
//
// Specification: 5.3.4 "Reference Types".
func (r *Reader) RefType() (ValType, error) { return r.refType(badRefType, 0) }

// refType reads a reference type, which needs more in addition to its own
// features where it is the short form of a nullable function reference.
func (r *Reader) refType(message string, more Features) (ValType, error) {
	start := r.pos
	b, ok := r.Peek()
	switch {
	case !ok:
		return Bot, r.fail(start, r.end)
	case b == codeRef || b == codeRefNull:
		if missing := r.Use(TypedRefs); missing != 0 {
			return Bot, r.refuse(start, message, missing)
		}
		r.pos++
		h, err := r.HeapType()
		if err != nil {
			return Bot, err
		}
		if b == codeRef {
			return h.Ref(), nil
		}
		return h.RefNull(), nil
	case b == 0x70:
		if missing := r.Use(more); missing != 0 {
			return Bot, r.refuse(start, message, missing)
		}
	}
	h, err := r.absHeapType(message)
	if err != nil {
		return Bot, err
	}
	return h.RefNull(), nil
}

// absHeapType reads an abstract heap type, with or without its shared mark.
func (r *Reader) absHeapType(message string) (HeapType, error) {
	start := r.pos
	b, err := r.Byte()
	shared := err == nil && b == codeShared
	if shared {
		if missing := r.Use(SharedEverythingThreads); missing != 0 {
			return HeapBot, r.refuse(start, message, missing)
		}
		b, err = r.Byte()
	}
	switch {
	case err != nil:
		return HeapBot, r.fail(start, r.end)
	case b >= 0x80:
		return HeapBot, r.fail(start, tooLong)
	case b < firstHeap || b > lastHeap:
		return HeapBot, r.fail(start, message)
	}
	c := &heapCodes[b-firstHeap]
	if missing := r.Use(c.need); missing != 0 {
		return HeapBot, r.refuse(start, message, missing)
	}
	if shared {
		return c.heap.WithShared(), nil
	}
	return c.heap, nil
}

// HeapType reads a heap type. A type index above [MaxTypeIndex], which no
// module can define, is read as MaxTypeIndex.
//
// Specification: 5.3.3 "Heap Types".
func (r *Reader) HeapType() (HeapType, error) {
	start := r.pos
	b, ok := r.Peek()
	switch {
	case !ok:
		return HeapBot, r.fail(start, r.end)
	case b == codeExact:
		return r.exactHeapType()
	case b&0xC0 == 0x40:
		return r.absHeapType(badHeapType)
	}
	i, err := r.S33()
	if err != nil {
		return HeapBot, err
	}
	if i < 0 {
		return HeapBot, r.fail(start, tooLong)
	}
	if missing := r.Use(TypedRefs); missing != 0 {
		return HeapBot, r.refuse(start, badHeapType, missing)
	}
	return IndexHeap(uint32(min(i, MaxTypeIndex))), nil
}

// exactHeapType reads the exact form of a type index, which is unsigned: no abstract
// heap type has an exact form (custom-descriptors, "Exact Types").
func (r *Reader) exactHeapType() (HeapType, error) {
	start := r.pos
	if missing := r.Use(CustomDescriptors); missing != 0 {
		return HeapBot, r.refuse(start, badHeapType, missing)
	}
	r.pos++
	i, err := r.U32()
	if err != nil {
		return HeapBot, err
	}
	return IndexHeap(min(i, MaxTypeIndex)).WithExact(), nil
}

// StorageType reads the type of a field: a value type or a packed one.
//
// Specification: 5.3.7 "Composite Types", storagetype.
func (r *Reader) StorageType() (ValType, error) {
	start := r.pos
	switch b, _ := r.Peek(); b {
	case codeI8, codeI16:
		if missing := r.Use(GC); missing != 0 {
			return Bot, r.refuse(start, badStorage, missing)
		}
		r.pos++
		if b == codeI8 {
			return I8, nil
		}
		return I16, nil
	}
	t, err := r.ValType()
	var s *SyntaxError
	if errors.As(err, &s) && (s.Message == badValType || s.Message == badHeapType) {
		return Bot, r.refuse(start, badStorage, s.Feature)
	}
	return t, err
}

// BlockType reads the type of a block.
//
// Specification: 5.4.2 "Control Instructions", blocktype.
func (r *Reader) BlockType() (BlockType, error) {
	start := r.pos
	b, ok := r.Peek()
	switch {
	case !ok:
		return 0, r.fail(start, r.end)
	case b == codeEmpty:
		r.pos++
		return 0, nil
	case b&0xC0 == 0x40:
		t, err := r.ValType()
		if err != nil {
			return 0, err
		}
		return BlockResult(t), nil
	}
	i, err := r.S33()
	if err != nil {
		return 0, err
	}
	if i < 0 {
		return 0, r.fail(start, tooLong)
	}
	if missing := r.Use(MultiValue); missing != 0 {
		return 0, r.refuse(start, badValType, missing)
	}
	return BlockIndex(uint32(i)), nil
}

// Needs returns the features that the value type t needs, as [Reader.ValType]
// counts them.
func (t ValType) Needs() Features {
	h := t.Heap()
	_, concrete := h.Index()
	switch {
	case t == F32 || t == F64:
		return Floats
	case t == V128:
		return SIMD
	case !t.IsRef():
		return 0
	case concrete && h.Exact():
		return TypedRefs | CustomDescriptors
	case concrete:
		return TypedRefs
	}
	need := Features(0)
	if t == FuncRef {
		need = ReferenceTypes
	}
	if !t.Nullable() {
		need |= TypedRefs
	}
	if h.Shared() {
		need |= SharedEverythingThreads
	}
	for _, c := range heapCodes {
		if c.heap == h.Abs() {
			need |= c.need
		}
	}
	return need
}
