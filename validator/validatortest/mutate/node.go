package mutate

import (
	"math/bits"

	"github.com/wasmstate/wasmstate/ops"
)

// node is a field of a module, or several that belong together.
type node struct {
	what what
	form form
	// value is the number of an integer. Of what has a count or a size in front,
	// it is what is to be added to the right one.
	value uint64
	pad   int // by how many bytes the integer, count or size is longer than it need be
	// tooLong says that it was longer than it may be, and is to stay so.
	tooLong bool
	bytes   []byte  // formBytes, formName; a view, never written to
	kids    []*node // formSeq, formVec, formSized
	at      int     // offset in the module that was taken apart; -1 for what is new
}

// form is how a node is encoded.
type form uint8

const (
	formBytes form = iota // bytes
	formName              // bytes after their size
	formU                 // an unsigned integer
	formS                 // a signed integer
	formSeq               // kids
	formVec               // kids after their number
	formSized             // kids after their size
)

// what a node is. Nodes that are the same thing can take each other's place.
type what uint8

const (
	aHeader what = iota
	aRest        // bytes that are not understood
	aSection
	aSectionID
	aSize // what a section, body or name begins with
	aList
	aName
	aFlag // a byte, one of a few
	aByte // a byte, any
	aBits // floats and vectors
	aCount
	aBound   // of a table or memory
	anOffset // of a memory access
	anAlign
	aNumber // a constant
	anOperator
	anOpcode
	anExpr
	aBody
	aLocals
	aCatch
	aHandler
	aGroup
	aSubType
	aType // value, reference and storage types
	aHeapType
	aBlockType
	aField
	anImport
	anItem // of a section that has none of the above
	aData

	// Indices, by what they count.
	aTypeIdx
	aHeapIdx // a type, written as a signed integer
	aFuncIdx
	aTableIdx
	aMemoryIdx
	aGlobalIdx
	anElemIdx
	aDataIdx
	aTagIdx
	aLocalIdx
	aLabelIdx
	aFieldIdx
)

// width returns the number of bits that the integer n may have.
func (n *node) width() int {
	switch n.what {
	case aBound, anOffset:
		return 64
	case aNumber:
		return int(n.bytes[0])
	}
	return 32
}

// longest returns the number of bytes that the integer, count or size in n may
// have at most.
func (n *node) longest() int {
	if n.form == formS && n.width() == 32 && n.what != aNumber {
		return 5 // of 33 bits
	}
	return (n.width() + 6) / 7
}

// hasInt reports whether n begins with an integer, which may be longer than it need be.
func (n *node) hasInt() bool { return n.form != formBytes && n.form != formSeq }

// clone returns a copy of n and all that is in it, as something new.
func (n *node) clone() *node {
	c := *n
	c.at = -1
	if n.kids != nil {
		c.kids = make([]*node, len(n.kids))
	}
	for i, k := range n.kids {
		c.kids[i] = k.clone()
	}
	return &c
}

// walk calls f for n and all that is in it, until f returns false.
func (n *node) walk(f func(*node) bool) bool {
	if !f(n) {
		return false
	}
	for _, k := range n.kids {
		if !k.walk(f) {
			return false
		}
	}
	return true
}

// all returns the nodes in n, itself too, that satisfy the condition.
func (n *node) all(ok func(*node) bool) (list []*node) {
	n.walk(func(k *node) bool {
		if ok(k) {
			list = append(list, k)
		}
		return true
	})
	return list
}

// append appends the encoding of n. A piece is added for each field that was in
// the module taken apart.
func (n *node) append(b []byte, pieces *[]piece) []byte {
	i, start := -1, len(b)
	if n.at >= 0 && pieces != nil {
		i = len(*pieces)
		*pieces = append(*pieces, piece{from: n.at, to: start, edge: n.what == aSection || n.what == aSectionID || n.what == aRest})
	}
	switch n.form {
	case formBytes:
		b = append(b, n.bytes...)
	case formName:
		b = append(appendU(b, uint64(len(n.bytes))+n.value, n.pad), n.bytes...)
	case formU:
		b = appendU(b, n.value, n.pad)
	case formS:
		b = appendS(b, int64(n.value), n.pad)
	case formSeq:
		b = appendAll(b, n.kids, pieces)
	case formVec:
		b = appendU(b, uint64(len(n.kids))+n.value, n.pad)
		b = appendAll(b, n.kids, pieces)
	case formSized:
		b = n.appendSized(b, pieces)
	}
	if i >= 0 && (n.form == formBytes || len(b) == start) {
		(*pieces)[i].size = len(b) - start
		(*pieces)[i].empty = len(b) == start
	}
	return b
}

func appendAll(b []byte, kids []*node, pieces *[]piece) []byte {
	for _, k := range kids {
		b = k.append(b, pieces)
	}
	return b
}

// appendSized appends a size and what it is the size of.
func (n *node) appendSized(b []byte, pieces *[]piece) []byte {
	first := 0
	if pieces != nil {
		first = len(*pieces)
	}
	content := appendAll(nil, n.kids, pieces)
	b = appendU(b, uint64(len(content))+n.value, n.pad)
	if pieces != nil {
		for i := first; i < len(*pieces); i++ {
			(*pieces)[i].to += len(b)
		}
	}
	return append(b, content...)
}

// appendU appends an unsigned integer of more bytes than it need have.
func appendU(b []byte, v uint64, pad int) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	b = append(b, byte(v))
	return appendPad(b, pad, 0)
}

// appendS does for a signed integer what appendU does.
func appendS(b []byte, v int64, pad int) []byte {
	return appendPad(ops.AppendS64(b, v), pad, byte(v>>63)&0x7F)
}

func appendPad(b []byte, pad int, fill byte) []byte {
	for ; pad > 0; pad-- {
		b[len(b)-1] |= 0x80
		b = append(b, fill)
	}
	return b
}

// lenU returns the number of bytes that v takes as an unsigned integer.
func lenU(v uint64) int { return max(1, (bits.Len64(v)+6)/7) }

// lenS returns the number of bytes that v takes as a signed integer.
func lenS(v int64) int { return bits.Len64(uint64(v^v>>63))/7 + 1 }

// piece is a field of a module that was taken apart, and where it is now. The size
// is that of fields that are a string of bytes, 0 otherwise.
type piece struct {
	from, to, size int
	empty          bool
	edge           bool // of a section: what ended here may no longer be followed by it
}

// length returns the number of bytes that the integer at the start of n takes at
// least.
func (n *node) length() int {
	switch n.form {
	case formS:
		return lenS(int64(n.value))
	case formName:
		return lenU(uint64(len(n.bytes)) + n.value)
	case formVec:
		return lenU(uint64(len(n.kids)) + n.value)
	case formSized:
		return lenU(uint64(len(appendAll(nil, n.kids, nil))) + n.value)
	}
	return lenU(n.value)
}
