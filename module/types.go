package module

import "github.com/wasmstate/wasmstate/ops"

// CompositeKind is the kind of a composite type.
//
// Specification: 2.3.9 "Composite Types".
type CompositeKind uint8

const (
	Func CompositeKind = iota
	Struct
	Array
	Cont // stack-switching
)

// String returns "func", "struct", "array" or "cont".
func (k CompositeKind) String() string {
	return [...]string{"func", "struct", "array", "cont"}[k&3]
}

// Field is the type of a field of a structure or of the elements of an array.
//
// Specification: 2.3.9 "Composite Types", fieldtype.
type Field struct {
	Type    ops.ValType // a storage type: may be I8 or I16
	Mutable bool        // struct.set or array.set may set it
}

// SubType is one type definition as it is written, its indices those of the
// binary format. Which of the later fields mean something follows from Kind.
//
// Specification: 2.3.10 "Recursive Types", subtype.
type SubType struct {
	Kind   CompositeKind
	Final  bool // nothing can be a subtype of it
	Shared bool // shared-everything-threads

	// Super is the first declared supertype, of NumSupers. The grammar allows
	// any number and validation at most one.
	Super     uint32
	NumSupers uint32

	// Descriptor and Describes are the clauses of custom-descriptors.
	Descriptor    uint32
	Describes     uint32
	HasDescriptor bool
	HasDescribes  bool

	Params  []ops.ValType // Func
	Results []ops.ValType // Func
	Fields  []Field       // Struct: all of them; Array: exactly one
	Cont    uint32        // Cont: the index of its function type
}

// Types is the table of the defined types of one module. Equal types have one
// representative in it, and the types it hands out mention representatives
// only: two value types taken from it are equal exactly when the ValTypes are.
//
// The zero value is an empty table. Once no more groups are added, it is safe
// for concurrent use. A method that takes a type index panics when the index is
// not below Len.
//
// Specification: 3.1.2 "Defined Types" and 3.1.6 "Contexts", C.types.
type Types struct {
	defs   []def
	lists  []ops.ValType // parameters and results; unpacked fields
	fields []Field
	need   ops.Features
	off    ops.Features // what definitions must not need
	groups groupTable
	group  newGroup // the group now being added
}

// def is the definition of one type. The lists it refers to lie in the arenas
// of its table. Every index in it is that of a representative.
type def struct {
	canon uint32 // the representative
	list  uint32 // where its types begin in Types.lists
	n1    uint32 // Func: parameters; Struct, Array: fields; Cont: the function type
	n2    uint32 // Func: results; Struct, Array: where its fields begin in Types.fields
	super uint32
	jump  uint32 // an ancestor further up, see [Types.SubtypeOf]

	descriptor uint32
	describes  uint32

	depth uint8 // number of supertypes above it
	kind  CompositeKind
	flags defFlags
}

type defFlags uint16

const (
	flagFinal defFlags = 1 << iota
	flagShared
	flagSuper
	flagDescriptor
	flagDescribes
	flagDefaultable
	flagFirst // of its recursion group
	flagLast  // of its recursion group
)

// NewTypes returns an empty table.
func NewTypes() *Types { return new(Types) }

// Len returns the number of types defined so far.
func (t *Types) Len() int { return len(t.defs) }

// Grow makes room for n more types. The caller vouches for n: it must be backed
// by bytes that are there.
func (t *Types) Grow(n int) {
	if free := cap(t.defs) - len(t.defs); free < n {
		t.defs = append(make([]def, 0, len(t.defs)+n), t.defs...)
	}
}

// Allow makes the table refuse definitions that need what is not in f. A table
// that was not told allows everything.
func (t *Types) Allow(f ops.Features) { t.off = ^f.Effective() }

// Need returns what the definitions so far need beyond what their encoding
// needs: [ops.GC] for a type that mentions its own recursion group, and
// [ops.MultiValue] for a function type with several results.
func (t *Types) Need() ops.Features { return t.need }

// Canonical returns the representative of type i: the smallest index whose type
// is equal to it.
func (t *Types) Canonical(i uint32) uint32 { return t.defs[i].canon }

// CanonVal returns v with its type index, if it has one, replaced by the
// representative. The index must be below Len.
func (t *Types) CanonVal(v ops.ValType) ops.ValType {
	if i, ok := v.Heap().Index(); ok && v.IsRef() {
		return withIndex(v, t.defs[i].canon)
	}
	return v
}

// CanonHeap does for a heap type what CanonVal does for a value type.
func (t *Types) CanonHeap(h ops.HeapType) ops.HeapType {
	if i, ok := h.Index(); ok {
		return withIndex(h.Ref(), t.defs[i].canon).Heap()
	}
	return h
}

// withIndex returns v, a reference to a defined type, referring to type i.
func withIndex(v ops.ValType, i uint32) ops.ValType {
	h := ops.IndexHeap(i)
	if v.Heap().Exact() {
		h = h.WithExact()
	}
	if v.Nullable() {
		return h.RefNull()
	}
	return h.Ref()
}

// Kind returns the kind of type i.
func (t *Types) Kind(i uint32) CompositeKind { return t.defs[i].kind }

// Params returns the parameters of function type i. The caller must not change
// them.
func (t *Types) Params(i uint32) []ops.ValType {
	d := &t.defs[i]
	return t.lists[d.list : d.list+d.n1]
}

// Results returns the results of function type i. The caller must not change
// them.
func (t *Types) Results(i uint32) []ops.ValType {
	d := &t.defs[i]
	return t.lists[d.list+d.n1 : d.list+d.n1+d.n2]
}

// NumFields returns the number of fields of structure type i.
func (t *Types) NumFields(i uint32) uint32 { return t.defs[i].n1 }

// Field returns field n of structure type i.
func (t *Types) Field(i, n uint32) Field {
	d := &t.defs[i]
	return t.fields[d.n2 : d.n2+d.n1][n]
}

// FieldOperands returns the unpacked types of the fields of structure type i:
// the operands of struct.new. The caller must not change them.
func (t *Types) FieldOperands(i uint32) []ops.ValType {
	d := &t.defs[i]
	return t.lists[d.list : d.list+d.n1]
}

// Defaultable reports whether every field of structure or array type i has a
// default value.
func (t *Types) Defaultable(i uint32) bool { return t.defs[i].flags&flagDefaultable != 0 }

// Elem returns the type of the elements of array type i.
func (t *Types) Elem(i uint32) Field { return t.fields[t.defs[i].n2] }

// Cont returns the index of the function type of continuation type i.
func (t *Types) Cont(i uint32) uint32 { return t.defs[i].n1 }

// Shared reports whether type i is shared.
func (t *Types) Shared(i uint32) bool { return t.defs[i].flags&flagShared != 0 }

// Final reports whether type i may not have subtypes.
func (t *Types) Final(i uint32) bool { return t.defs[i].flags&flagFinal != 0 }

// Super returns the declared supertype of type i.
func (t *Types) Super(i uint32) (index uint32, ok bool) {
	d := &t.defs[i]
	return d.super, d.flags&flagSuper != 0
}

// Descriptor returns the descriptor type of type i (custom-descriptors).
func (t *Types) Descriptor(i uint32) (index uint32, ok bool) {
	d := &t.defs[i]
	return d.descriptor, d.flags&flagDescriptor != 0
}

// Describes returns the type that type i describes (custom-descriptors).
func (t *Types) Describes(i uint32) (index uint32, ok bool) {
	d := &t.defs[i]
	return d.describes, d.flags&flagDescribes != 0
}
