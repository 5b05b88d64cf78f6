package ops

// Instr is one decoded operator with its immediates. Which fields mean
// something follows from the row's [ImmKind]; the others hold what an earlier
// decoding left there. An Instr is meant to be reused: decoding into the same
// one again reuses its slices and allocates nothing.
//
// Specification: 5.4 "Instructions".
type Instr struct {
	Op Op

	// Index is the first index among the immediates, or the only one.
	Index uint32
	// Index2 is the second index.
	Index2 uint32

	Block    BlockType
	Mem      MemArg
	Value    uint64 // a constant: the sign-extended integer or the bits of the float
	Lane     uint8  // lane of a vector
	Ordering Ordering
	Type     [2]ValType // the reference types of a cast
	Bytes    [16]byte   // v128.const and the lanes of i8x16.shuffle

	Labels   []uint32  // br_table: the targets, the default last
	Types    []ValType // select with types
	Catches  []Catch   // try_table
	Handlers []Handler // resume
}

// MemArg is the immediate of a memory access.
//
// Specification: 5.4.5 "Memory Instructions", memarg.
type MemArg struct {
	Align  uint32 // binary logarithm of the alignment in bytes
	Memory uint32 // memory index
	Offset uint64 // bytes
}

// Catch is one clause of a try_table.
type Catch struct {
	Kind  CatchKind
	Tag   uint32 // of CatchTag and CatchRef
	Label uint32 // where the exception goes
}

// CatchKind is the kind of a catch clause; the values are its encoding.
type CatchKind uint8

const (
	CatchTag    CatchKind = iota // catch: the tag's parameters
	CatchRef                     // catch_ref: the tag's parameters and the exception
	CatchAll                     // catch_all: nothing
	CatchAllRef                  // catch_all_ref: the exception
)

// Handler is one clause of a resume: what happens when the continuation
// suspends with Tag.
type Handler struct {
	Switch bool // (on $tag switch); Label means nothing
	Tag    uint32
	Label  uint32 // where the suspension goes
}

// Ordering is the memory ordering of a shared-everything access; the values are
// its encoding.
type Ordering uint8

const (
	SeqCst Ordering = iota // sequentially consistent
	AcqRel                 // acquire on reading, release on writing
)
