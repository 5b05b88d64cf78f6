package ops

import "strconv"

// ValType is a value type, or one of the two packed storage types I8 and I16
// that appear only as fields of structures and arrays.
//
// It is a comparable scalar: for types taken from one frozen type table (see
// module.Types), in which equal recursion groups share one index, two value
// types are equal exactly when their ValTypes are. The zero value is [Bot].
//
// Specification: 2.3.6 "Value Types".
type ValType uint32

// The layout of a ValType. Number types are the small integers below; a
// reference type has refBit set and carries its heap type in the low bits.
const (
	heapMask    = 1<<24 - 1 // a type index, or an AbsHeapType
	concreteBit = 1 << 24   // the low bits are a type index
	exactBit    = 1 << 25   // (exact $t), custom-descriptors
	sharedBit   = 1 << 26   // (shared t), shared-everything-threads
	nullableBit = 1 << 27
	refBit      = 1 << 28
	botShareBit = 1 << 29 // (bot-share t), shared-everything-threads
)

// MaxTypeIndex is the largest type index that a ValType can hold. It lies far
// above the number of types that any limit allows.
const MaxTypeIndex = heapMask

const (
	// Bot is the bottom type: what an instruction finds when it takes an
	// operand from the polymorphic stack of unreachable code. It matches every
	// value type (specification 3.1.1 "Types", bot).
	Bot ValType = iota
	I32
	I64
	F32
	F64
	V128
	I8  // packed: storage of a field, never an operand
	I16 // packed
)

// The nullable references to abstract heap types, which have one-byte encodings.
const (
	FuncRef       = refBit | nullableBit | ValType(HeapFunc)
	ExternRef     = refBit | nullableBit | ValType(HeapExtern)
	AnyRef        = refBit | nullableBit | ValType(HeapAny)
	EqRef         = refBit | nullableBit | ValType(HeapEq)
	I31Ref        = refBit | nullableBit | ValType(HeapI31)
	StructRef     = refBit | nullableBit | ValType(HeapStruct)
	ArrayRef      = refBit | nullableBit | ValType(HeapArray)
	ExnRef        = refBit | nullableBit | ValType(HeapExn)
	ContRef       = refBit | nullableBit | ValType(HeapCont)
	NullRef       = refBit | nullableBit | ValType(HeapNone)
	NullFuncRef   = refBit | nullableBit | ValType(HeapNoFunc)
	NullExternRef = refBit | nullableBit | ValType(HeapNoExtern)
	NullExnRef    = refBit | nullableBit | ValType(HeapNoExn)
	NullContRef   = refBit | nullableBit | ValType(HeapNoCont)
)

// HeapType classifies what a reference points to: an abstract heap type or the
// index of a defined type, possibly shared, possibly exact.
//
// Specification: 2.3.4 "Heap Types".
type HeapType uint32

// The abstract heap types. HeapBot is the bottom of all of them: the heap type
// of a reference taken from the polymorphic stack.
const (
	HeapBot HeapType = iota
	HeapFunc
	HeapExtern
	HeapAny
	HeapEq
	HeapI31
	HeapStruct
	HeapArray
	HeapExn
	HeapCont
	HeapNone
	HeapNoFunc
	HeapNoExtern
	HeapNoExn
	HeapNoCont
	numAbsHeap
)

var absHeapNames = [numAbsHeap]string{
	HeapBot: "bot", HeapFunc: "func", HeapExtern: "extern", HeapAny: "any", HeapEq: "eq",
	HeapI31: "i31", HeapStruct: "struct", HeapArray: "array", HeapExn: "exn", HeapCont: "cont",
	HeapNone: "none", HeapNoFunc: "nofunc", HeapNoExtern: "noextern", HeapNoExn: "noexn",
	HeapNoCont: "nocont",
}

// IndexHeap is the heap type of the defined type at index. The index must not
// be above [MaxTypeIndex].
func IndexHeap(index uint32) HeapType { return HeapType(index&heapMask | concreteBit) }

// Index returns the type index of a concrete heap type; ok is false for an
// abstract one.
func (h HeapType) Index() (index uint32, ok bool) {
	return uint32(h) & heapMask, h&concreteBit != 0
}

// Abs returns h without its marks: one of the constants
// HeapFunc, HeapExtern, … or a plain type index.
func (h HeapType) Abs() HeapType { return h &^ (sharedBit | exactBit | botShareBit) }

// Shared reports whether h is marked shared. A concrete heap type is never
// marked: its definition says whether it is shared.
func (h HeapType) Shared() bool { return h&sharedBit != 0 }

// WithShared returns h marked shared.
func (h HeapType) WithShared() HeapType { return h | sharedBit }

// BotShare reports whether h stands for both the shared and the unshared heap
// type: what a conversion of an operand from the polymorphic stack leaves.
func (h HeapType) BotShare() bool { return h&botShareBit != 0 }

// WithBotShare returns the abstract heap type h, not marked shared, as what may
// stand for its shared form too.
func (h HeapType) WithBotShare() HeapType { return h | botShareBit }

// Exact reports whether h is an exact concrete heap type.
func (h HeapType) Exact() bool { return h&exactBit != 0 }

// WithExact returns h, which must be concrete, marked exact.
func (h HeapType) WithExact() HeapType { return h | exactBit }

// WithoutExact returns h with its exact mark removed.
func (h HeapType) WithoutExact() HeapType { return h &^ exactBit }

// Ref returns the non-nullable reference type to h.
func (h HeapType) Ref() ValType { return ValType(h) | refBit }

// RefNull returns the nullable reference type to h.
func (h HeapType) RefNull() ValType { return ValType(h) | refBit | nullableBit }

// String returns h as the text format writes it: "func", "3", "(exact 3)",
// "(shared any)".
func (h HeapType) String() string {
	var s string
	if i, ok := h.Index(); ok {
		s = strconv.FormatUint(uint64(i), 10)
	} else if a := h.Abs(); a < numAbsHeap {
		s = absHeapNames[a]
	} else {
		s = "?"
	}
	if h.Exact() {
		s = "(exact " + s + ")"
	}
	if h.Shared() {
		s = "(shared " + s + ")"
	}
	return s
}

// IsRef reports whether t is a reference type.
func (t ValType) IsRef() bool { return t&refBit != 0 }

// IsNum reports whether t is a number type: I32, I64, F32 or F64.
func (t ValType) IsNum() bool { return t >= I32 && t <= F64 }

// IsValue reports whether t is a type that can be written and that a value can
// have: a number or vector type, or a reference to a defined type, whether or not
// there is one at its index, or to an abstract one.
func (t ValType) IsValue() bool {
	if !t.IsRef() {
		return t >= I32 && t <= V128
	}
	h := t.Heap()
	if _, ok := h.Index(); ok {
		return h&^(heapMask|concreteBit|exactBit) == 0
	}
	abstract := h &^ sharedBit
	return abstract > HeapBot && abstract < numAbsHeap
}

// IsPacked reports whether t is one of the packed storage types I8 and I16.
func (t ValType) IsPacked() bool { return t == I8 || t == I16 }

// Unpacked returns the value type that a field of storage type t holds on the
// operand stack: I32 for the packed types, t itself otherwise.
func (t ValType) Unpacked() ValType {
	if t.IsPacked() {
		return I32
	}
	return t
}

// Nullable reports whether t is a nullable reference type.
func (t ValType) Nullable() bool { return t&nullableBit != 0 }

// NonNull returns the reference type t without null; other types unchanged.
func (t ValType) NonNull() ValType { return t &^ nullableBit }

// AsNull returns the reference type t with null; other types unchanged.
func (t ValType) AsNull() ValType {
	if t.IsRef() {
		return t | nullableBit
	}
	return t
}

// Heap returns the heap type of a reference type.
func (t ValType) Heap() HeapType { return HeapType(t &^ (refBit | nullableBit)) }

// Defaultable reports whether t has a default value: every type but the
// non-nullable references (specification 3.5.7 "Locals").
func (t ValType) Defaultable() bool { return t&(refBit|nullableBit) != refBit }

// String returns t as the text format writes it: "i32", "funcref",
// "(ref null 3)".
func (t ValType) String() string {
	switch t {
	case Bot:
		return "bot"
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case V128:
		return "v128"
	case I8:
		return "i8"
	case I16:
		return "i16"
	case AddrType:
		return "at"
	case TableAddrType:
		return "tt"
	case ElemType:
		return "te"
	case NullRef:
		return "nullref"
	case NullFuncRef:
		return "nullfuncref"
	case NullExternRef:
		return "nullexternref"
	case NullExnRef:
		return "nullexnref"
	case NullContRef:
		return "nullcontref"
	}
	if !t.IsRef() {
		return "?"
	}
	h := t.Heap()
	switch {
	case !t.Nullable():
		return "(ref " + h.String() + ")"
	case h > HeapBot && h < numAbsHeap:
		return h.String() + "ref"
	}
	return "(ref null " + h.String() + ")"
}
