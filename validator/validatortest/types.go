package validatortest

import "github.com/wasmstate/wasmstate/ops"

// abstract lists the abstract heap types.
var abstract = []ops.HeapType{
	ops.HeapFunc, ops.HeapExtern, ops.HeapAny, ops.HeapEq, ops.HeapI31, ops.HeapStruct, ops.HeapArray,
	ops.HeapExn, ops.HeapCont, ops.HeapNone, ops.HeapNoExtern, ops.HeapNoFunc, ops.HeapNoExn, ops.HeapNoCont,
}

// simple lists the types that are one word: the number, vector and packed
// types, and the nullable references to abstract heap types.
var simple = func() map[string]ops.ValType {
	m := map[string]ops.ValType{}
	for t := ops.I32; t <= ops.I16; t++ {
		m[t.String()] = t
	}
	for _, h := range abstract {
		m[h.RefNull().String()] = h.RefNull()
	}
	return m
}()

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
func isRefType(n node) bool { return n.head() == "ref" || simple[n.word].IsRef() }

// valType takes a value type.
func (r *reader) valType() ops.ValType {
	n := r.next("a value type")
	if t, ok := simple[n.word]; ok {
		return t
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
	for _, h := range abstract {
		if n.word == h.String() {
			return h
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
