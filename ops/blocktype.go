package ops

import "strconv"

// BlockType is the type of a block: nothing, one result, or the function type
// at a type index. The zero value is the empty block type.
//
// Specification: 5.4.2 "Control Instructions", blocktype.
type BlockType uint64

const (
	blockValue = 1 << 32
	blockIndex = 2 << 32
)

// BlockResult is the type of a block without parameters that leaves one t.
func BlockResult(t ValType) BlockType { return blockValue | BlockType(t) }

// BlockIndex is the type of a block that has the function type at index.
func BlockIndex(index uint32) BlockType { return blockIndex | BlockType(index) }

// Result returns the result type of a block type written as a value type.
func (b BlockType) Result() (t ValType, ok bool) { return ValType(b), b>>32 == 1 }

// Index returns the type index of a block type written as one.
func (b BlockType) Index() (index uint32, ok bool) { return uint32(b), b>>32 == 2 }

// String returns b as the text format writes it: "", "(result i32)",
// "(type 3)".
func (b BlockType) String() string {
	if t, ok := b.Result(); ok {
		return "(result " + t.String() + ")"
	}
	if i, ok := b.Index(); ok {
		return "(type " + strconv.FormatUint(uint64(i), 10) + ")"
	}
	return ""
}
