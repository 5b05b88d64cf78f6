package validatortest

import (
	"encoding/binary"

	"github.com/wasmstate/wasmstate/ops"
)

// abstract lists the abstract heap types with their encoding, and the names of
// the nullable references to them.
//
// Specification: 5.3.3 "Heap Types", 5.3.4 "Reference Types".
var abstract = []struct {
	name, ref string
	heap      ops.HeapType
	code      byte
}{
	{"func", "funcref", ops.HeapFunc, 0x70},
	{"extern", "externref", ops.HeapExtern, 0x6f},
	{"any", "anyref", ops.HeapAny, 0x6e},
	{"eq", "eqref", ops.HeapEq, 0x6d},
	{"i31", "i31ref", ops.HeapI31, 0x6c},
	{"struct", "structref", ops.HeapStruct, 0x6b},
	{"array", "arrayref", ops.HeapArray, 0x6a},
	{"exn", "exnref", ops.HeapExn, 0x69},
	{"cont", "contref", ops.HeapCont, 0x68},
	{"none", "nullref", ops.HeapNone, 0x71},
	{"noextern", "nullexternref", ops.HeapNoExtern, 0x72},
	{"nofunc", "nullfuncref", ops.HeapNoFunc, 0x73},
	{"noexn", "nullexnref", ops.HeapNoExn, 0x74},
	{"nocont", "nullcontref", ops.HeapNoCont, 0x75},
}

// numbers lists the number, vector and packed types with their encoding.
//
// Specification: 5.3.1 "Number Types", 5.3.2 "Vector Types".
var numbers = []struct {
	name string
	typ  ops.ValType
	code byte
}{
	{"i32", ops.I32, 0x7f}, {"i64", ops.I64, 0x7e}, {"f32", ops.F32, 0x7d}, {"f64", ops.F64, 0x7c},
	{"v128", ops.V128, 0x7b}, {"i8", ops.I8, 0x78}, {"i16", ops.I16, 0x77},
}

// ValType returns the value type that text writes: "i32", "funcref",
// "(ref null 3)", "(ref (exact 2))".
func ValType(text string) ops.ValType {
	r := read(text, &code{mark: -1})
	t := r.valType()
	r.end()
	return t
}

// HeapType returns the heap type that text writes: "func", "3", "(exact 3)",
// "(shared any)".
func HeapType(text string) ops.HeapType {
	r := read(text, &code{mark: -1})
	h := r.heapType()
	r.end()
	return h
}

// isRefType reports whether n writes a reference type.
func isRefType(n node) bool {
	if n.head() == "ref" {
		return true
	}
	for _, a := range abstract {
		if n.word == a.ref {
			return true
		}
	}
	return false
}

// valType takes a value type.
func (r *reader) valType() ops.ValType {
	n := r.next("a value type")
	for _, t := range numbers {
		if n.word == t.name {
			return t.typ
		}
	}
	for _, a := range abstract {
		if n.word == a.ref {
			return a.heap.RefNull()
		}
	}
	if n.head() != "ref" {
		r.fail(n.String(), "want a value type")
	}
	s := r.sub(n.list[1:])
	null := s.accept("null")
	h := s.heapType()
	s.end()
	if null {
		return h.RefNull()
	}
	return h.Ref()
}

// heapType takes a heap type.
func (r *reader) heapType() ops.HeapType {
	if r.isNumber() {
		i := r.u32()
		if i > ops.MaxTypeIndex {
			r.fail(r.text, "a type index above %d", ops.MaxTypeIndex)
		}
		return ops.IndexHeap(i)
	}
	n := r.next("a heap type")
	for _, a := range abstract {
		if n.word == a.name {
			return a.heap
		}
	}
	s := r.sub(n.list)
	switch {
	case s.accept("exact"):
		return s.only().WithExact()
	case s.accept("shared"):
		return s.only().WithShared()
	}
	r.fail(n.String(), "want a heap type")
	return 0
}

// only takes a heap type after which nothing may follow.
func (r *reader) only() ops.HeapType {
	h := r.heapType()
	r.end()
	return h
}

// blockType takes a block type.
func (r *reader) blockType() ops.BlockType {
	if s, ok := r.acceptList("result"); ok {
		t := s.valType()
		s.end()
		return ops.BlockResult(t)
	}
	if s, ok := r.acceptList("type"); ok {
		i := s.u32()
		s.end()
		return ops.BlockIndex(i)
	}
	return 0
}

// appendValType appends the encoding of t.
func appendValType(b []byte, t ops.ValType) []byte {
	for _, n := range numbers {
		if t == n.typ {
			return append(b, n.code)
		}
	}
	for _, a := range abstract {
		if t == a.heap.RefNull() {
			return append(b, a.code)
		}
	}
	if t.Nullable() {
		return appendHeapType(append(b, 0x63), t.Heap())
	}
	return appendHeapType(append(b, 0x64), t.Heap())
}

// appendHeapType appends the encoding of h.
func appendHeapType(b []byte, h ops.HeapType) []byte {
	if h.Shared() {
		b = append(b, 0x65)
	}
	i, concrete := h.Index()
	if !concrete {
		for _, a := range abstract {
			if h.Abs() == a.heap {
				return append(b, a.code)
			}
		}
	}
	if h.Exact() {
		return binary.AppendUvarint(append(b, 0x62), uint64(i))
	}
	return appendSleb(b, int64(i))
}

// appendSleb appends v as a signed LEB128 integer.
//
// Specification: 5.2.2 "Integers".
func appendSleb(b []byte, v int64) []byte {
	for v < -64 || v >= 64 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v)&0x7f)
}
