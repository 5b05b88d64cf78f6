package validator

import "math"

// Limits bound what a module may ask for. Going past one is an [Error] of kind
// [Limit], neither malformed nor invalid: the module may be fine, and this
// validator does not say.
//
// A field that is zero means its default. The defaults are the limits on which
// all web engines agreed (JavaScript API specification, "Implementation-defined
// Limits"); those that the specification does not name say so, and why they are
// there. Together they bound what a validator may hold in memory; how long it may
// work is bounded by the context that it gets.
type Limits struct {
	// ModuleSize is the bytes of a module: everything else is bounded by it first.
	// No byte beyond it is looked at.
	ModuleSize int64
	// Memory is the bytes that validating a module may take. It is not in the
	// specification, and lowers ModuleSize: what a byte of a module makes one worker
	// hold is bounded, so that a module of a thirtieth of Memory, 16 MiB of it apart,
	// needs no more. Each further worker may hold as much as the largest function
	// makes it hold. By default only ModuleSize bounds it.
	Memory int64

	// How many of each a module may have, imports included. Each becomes an entry
	// of a table that lives as long as the module.
	Types     uint32 // defined types, and recursion groups
	Functions uint32 // functions
	Globals   uint32 // globals
	Tags      uint32 // tags
	Tables    uint32 // tables
	Memories  uint32 // memories
	// TypeSection is the bytes of the type section. It is not in the
	// specification: a stream needs the section in one piece, and a byte of it
	// becomes several of the table of types.
	TypeSection int
	Imports     uint32 // imports of all kinds
	Exports     uint32 // exports, whose names must all differ
	// ElemSegments is the element segments. It is not in the specification: each
	// takes a few bytes of the module and an entry of a table.
	ElemSegments uint32
	ElemEntries  uint32 // elements of one element segment
	DataSegments uint32 // data segments
	// CustomSections is the custom sections. It is not in the specification: each
	// takes three bytes of the module or more, and an entry of a table.
	CustomSections uint32

	// TableSize is the minimum of a table's size, in elements. By default only
	// the rules bound it: the size is a matter of instantiation, and the
	// specification's test suite has valid modules beyond what engines provide.
	TableSize uint64
	// MemorySize is the minimum of a memory's size, in bytes; by default it is
	// bounded as TableSize is.
	MemorySize uint64

	// The size of one type. Operators, blocks and branches that name a type cost
	// as much as the type is large. How deep types nest in their supertypes is
	// bounded by [module.MaxSubtypeDepth].
	Params       uint32 // parameters of a function or block
	Results      uint32 // results of a function or block
	StructFields uint32 // fields of a structure

	BodySize      int    // bytes of a function body, local declarations included
	Locals        uint32 // locals of a function, parameters included: four bytes declare any number
	ArrayOperands uint32 // operands of array.new_fixed
	// Operands is the height of the operand stack inside one function, beyond one
	// operand for each byte of its code so far. It is not in the specification:
	// calls that leave a thousand results each let a few bytes push millions.
	Operands int
	// Nesting is how deep blocks nest, the function included. It is not in the
	// specification; a body of the largest size cannot go deeper than the default.
	Nesting int
}

// defaultLimits is what validators point to when no limits are given.
var defaultLimits = Limits{
	ModuleSize: 1 << 30,
	Memory:     math.MaxInt64,

	Types:          1_000_000,
	TypeSection:    1 << 28,
	Functions:      1_000_000,
	Imports:        1_000_000,
	Exports:        1_000_000,
	Globals:        1_000_000,
	Tags:           1_000_000,
	Tables:         100_000,
	Memories:       100,
	ElemSegments:   10_000_000,
	ElemEntries:    10_000_000,
	DataSegments:   100_000,
	CustomSections: 1_000_000,
	TableSize:      math.MaxUint64,
	MemorySize:     math.MaxUint64,

	Params:       1_000,
	Results:      1_000,
	StructFields: 10_000,

	BodySize:      7_654_321,
	Locals:        50_000,
	ArrayOperands: 10_000,
	Operands:      1 << 20,
	Nesting:       1 << 22,
}

// What validating a module may take: so many bytes for each of its own, and others
// whatever its size. The modules that come near are those of testdata/hostile.
const (
	memoryPerByte = 30
	baseMemory    = 16 << 20
)

// DefaultLimits returns the limits that hold when no others are given.
func DefaultLimits() Limits { return defaultLimits }

// withDefaults returns l with its zero fields replaced by their defaults.
func (l Limits) withDefaults() Limits {
	d := defaultLimits
	memory := or(l.Memory, d.Memory)
	return Limits{
		ModuleSize:     min(or(l.ModuleSize, d.ModuleSize), max(0, (memory-baseMemory)/memoryPerByte), math.MaxInt),
		Memory:         memory,
		Types:          or(l.Types, d.Types),
		TypeSection:    or(l.TypeSection, d.TypeSection),
		Functions:      or(l.Functions, d.Functions),
		Imports:        or(l.Imports, d.Imports),
		Exports:        or(l.Exports, d.Exports),
		Globals:        or(l.Globals, d.Globals),
		Tags:           or(l.Tags, d.Tags),
		Tables:         or(l.Tables, d.Tables),
		Memories:       or(l.Memories, d.Memories),
		ElemSegments:   or(l.ElemSegments, d.ElemSegments),
		ElemEntries:    or(l.ElemEntries, d.ElemEntries),
		DataSegments:   or(l.DataSegments, d.DataSegments),
		CustomSections: or(l.CustomSections, d.CustomSections),
		TableSize:      or(l.TableSize, d.TableSize),
		MemorySize:     or(l.MemorySize, d.MemorySize),
		Params:         or(l.Params, d.Params),
		Results:        or(l.Results, d.Results),
		StructFields:   or(l.StructFields, d.StructFields),
		BodySize:       or(l.BodySize, d.BodySize),
		Locals:         or(l.Locals, d.Locals),
		ArrayOperands:  or(l.ArrayOperands, d.ArrayOperands),
		// Heights are kept in 32 bits.
		Operands: min(or(l.Operands, d.Operands), math.MaxInt32),
		Nesting:  min(or(l.Nesting, d.Nesting), math.MaxInt32),
	}
}

// or returns v, or d when v is zero or less.
func or[T int | int64 | uint32 | uint64](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}
