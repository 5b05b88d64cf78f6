package ops

import "strings"

// Op identifies an operator by its encoding: the opcode byte for the operators
// of one byte, prefix<<16 | number for those behind a prefix byte
// (0xFC_0008 is memory.init).
type Op uint32

// Row describes one operator. The rows of the table are the only place that
// does: decoder, encoder, disassembler, rules, features and tests read them.
// [Op.Row] finds one, [Rows] lists all. They are safe for concurrent use.
type Row struct {
	Op Op
	// Name is the instruction's name in the text format. Where one instruction
	// has two encodings, which its text tells apart by an immediate, the name of
	// the second is followed by that immediate: "select t", "ref.test null".
	Name string
	// Sig is the signature, operands left of the arrow, results right of it:
	// "i32 i32 -> i32". It may name types that the immediates decide: "at", the
	// address type of the memory, and "tt" and "te", the address and element
	// type of the table. It is empty where the Rule computes the types.
	Sig  string
	Imm  Imm
	Rule Rule
	// Feature is what must be on for the operator to exist: the proposal that
	// brought it, Floats if it works on floating-point numbers, and GCTypes if it works
	// on references that those take away. 0 is the MVP.
	// Test its bits against [Features.Effective], or with [Features.Missing].
	Feature Features
	// Const says that the operator may stand in a constant expression, provided
	// that ConstFeature is on (specification 3.4.13 "Expressions").
	Const        bool
	ConstFeature Features

	sig    signature
	toNull bool // the heap type of the immediate is that of a nullable reference
}

// Keyword returns the name without an immediate: what the text format writes
// first.
func (r *Row) Keyword() string {
	keyword, _, _ := strings.Cut(r.Name, " ")
	return keyword
}

// ToNull reports whether the heap type among the immediates is that of a nullable
// reference: of [ImmRefNull] always, of [ImmRefType] for half of the operators.
func (r *Row) ToNull() bool { return r.toNull }

// Imm is the shape of an operator's immediates in the binary format.
type Imm struct {
	Kind ImmKind
	// Align is the binary logarithm of a memory operator's natural alignment.
	Align uint8
	// Lanes is the number of lanes that a lane immediate selects from.
	Lanes uint8
}

// namesData reports whether one of the immediates is a data segment.
func (i Imm) namesData() bool {
	return i.Kind == ImmData || i.Kind == ImmDataMem || i.Kind == ImmTypeData
}

// ImmKind enumerates the shapes of immediates; the comments give the fields of
// [Instr] that each fills, in the order of the bytes.
type ImmKind uint8

const (
	ImmNone         ImmKind = iota
	ImmBlock                // Block
	ImmLabel                // Index: label
	ImmLabels               // Labels: br_table's targets, the default last
	ImmFunc                 // Index: function
	ImmCallIndirect         // Index: type, Index2: table
	ImmType                 // Index: type
	ImmTypeType             // Index: type, Index2: type
	ImmField                // Index: type, Index2: field
	ImmTypeData             // Index: type, Index2: data segment
	ImmTypeElem             // Index: type, Index2: element segment
	ImmTypeCount            // Index: type, Index2: number of operands
	ImmLocal                // Index: local
	ImmGlobal               // Index: global
	ImmTable                // Index: table
	ImmTableTable           // Index: destination table, Index2: source table
	ImmElemTable            // Index: element segment, Index2: table
	ImmElem                 // Index: element segment
	ImmMem                  // Index: memory
	ImmMemMem               // Index: destination memory, Index2: source memory
	ImmDataMem              // Index: data segment, Index2: memory
	ImmData                 // Index: data segment
	ImmMemArg               // Mem
	ImmMemArgLane           // Mem, Lane
	ImmLane                 // Lane
	ImmShuffle              // Bytes: 16 lanes
	ImmV128                 // Bytes
	ImmI32                  // Value, sign-extended
	ImmI64                  // Value
	ImmF32                  // Value: the bits
	ImmF64                  // Value: the bits
	ImmSelect               // Types
	ImmRefNull              // Type[0]: nullable reference to the heap type
	ImmRefType              // Type[0]; whether it is nullable is part of the opcode
	ImmCastBranch           // Index: label, Type[0]: source, Type[1]: target
	ImmTry                  // Block, Catches
	ImmTag                  // Index: tag
	ImmResume               // Index: continuation type, Handlers
	ImmResumeThrow          // Index: continuation type, Index2: tag, Handlers
	ImmTypeTag              // Index: continuation type, Index2: tag
	ImmZero                 // one byte that must be zero (atomic.fence)
	ImmOrdGlobal            // Ordering, Index: global
	ImmOrdTable             // Ordering, Index: table
	ImmOrdField             // Ordering, Index: type, Index2: field
	ImmOrdType              // Ordering, Index: type

	numImmKinds
)

// Rule names the typing rule of an operator. The validator has one function for
// each; RulePlain is the common one, which reads the row's signature and needs
// nothing else.
type Rule uint8

const (
	RulePlain  Rule = iota // the signature, nothing else
	RuleMemory             // a memory access or memory.size/grow/fill: the signature, "at" from the memory
	RuleAtomic             // the same, and the alignment must be exactly natural
	RuleTable              // the signature, "tt" and "te" from the table
	RuleLane               // the signature; the lane immediates must be below Lanes

	// 3.4.1 Parametric and 3.4.2 control instructions.
	RuleUnreachable
	RuleBlock
	RuleLoop
	RuleIf
	RuleElse
	RuleEnd
	RuleBr
	RuleBrIf
	RuleBrTable
	RuleReturn
	RuleCall
	RuleCallIndirect
	RuleReturnCall
	RuleReturnCallIndirect
	RuleDrop
	RuleSelect
	RuleSelectTyped

	// 3.4.3 Variable instructions.
	RuleLocalGet
	RuleLocalSet
	RuleLocalTee
	RuleGlobalGet
	RuleGlobalSet

	// 3.4.4, 3.4.5 Table and memory instructions with two indices.
	RuleTableInit
	RuleTableCopy
	RuleElemDrop
	RuleMemoryInit
	RuleMemoryCopy
	RuleDataDrop

	// 3.4.6, 3.4.8, 3.4.9 Reference, scalar and external reference instructions.
	RuleRefNull
	RuleRefIsNull
	RuleRefFunc
	RuleRefEq
	RuleRefAsNonNull
	RuleBrOnNull
	RuleBrOnNonNull
	RuleCallRef
	RuleReturnCallRef
	RuleRefI31
	RuleI31Get
	RuleRefTest
	RuleRefCast
	RuleBrOnCast
	RuleBrOnCastFail
	RuleAnyConvertExtern
	RuleExternConvertAny

	// 3.4.7 Aggregate reference instructions.
	RuleStructNew
	RuleStructNewDefault
	RuleStructGet
	RuleStructGetPacked
	RuleStructSet
	RuleArrayNew
	RuleArrayNewDefault
	RuleArrayNewFixed
	RuleArrayNewData
	RuleArrayNewElem
	RuleArrayGet
	RuleArrayGetPacked
	RuleArraySet
	RuleArrayLen
	RuleArrayFill
	RuleArrayCopy
	RuleArrayInitData
	RuleArrayInitElem

	// Exceptions, standard and legacy.
	RuleThrow
	RuleThrowRef
	RuleTryTable
	RuleTry
	RuleCatch
	RuleCatchAll
	RuleRethrow
	RuleDelegate

	// Stack switching.
	RuleContNew
	RuleContBind
	RuleSuspend
	RuleResume
	RuleResumeThrow
	RuleResumeThrowRef
	RuleSwitch

	// Custom descriptors.
	RuleStructNewDesc
	RuleStructNewDefaultDesc
	RuleRefGetDesc
	RuleRefCastDesc
	RuleBrOnCastDesc
	RuleBrOnCastDescFail

	// Shared-everything threads: atomic access to globals, tables, fields and
	// elements, and references to shared i31.
	RuleGlobalAtomicGet
	RuleGlobalAtomicSet
	RuleGlobalAtomicRMW
	RuleGlobalAtomicXchg
	RuleGlobalAtomicCmpxchg
	RuleTableAtomicGet
	RuleTableAtomicSet
	RuleTableAtomicXchg
	RuleTableAtomicCmpxchg
	RuleStructAtomicGet
	RuleStructAtomicGetPacked
	RuleStructAtomicSet
	RuleStructAtomicRMW
	RuleStructAtomicXchg
	RuleStructAtomicCmpxchg
	RuleArrayAtomicGet
	RuleArrayAtomicGetPacked
	RuleArrayAtomicSet
	RuleArrayAtomicRMW
	RuleArrayAtomicXchg
	RuleArrayAtomicCmpxchg
	RuleRefI31Shared

	// NumRules is the number of rules.
	NumRules
)
