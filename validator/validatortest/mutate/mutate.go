package mutate

import (
	"bytes"
	"slices"
)

// Module is a module that was taken apart. It is immutable and safe for concurrent
// use.
type Module struct{ root *node }

// Parse takes a module apart, which may be anything, and must not be changed
// any more.
func Parse(wasm []byte) Module { return Module{parse(wasm)} }

// Mutate returns wasm with one to four changes of fields: of operators, immediates,
// types, indices, names, items, sections and their order, counts, sizes and the
// lengths of integers. Sizes and counts are right but where they are what was
// changed. One module in sixteen gets changes of single bytes on top, as [Bytes]
// makes them.
//
// Fields may be taken from the donors.
func Mutate(c Chooser, wasm []byte, donors ...Module) []byte {
	m := &mutator{c: c, root: parse(wasm), donors: donors}
	for changes := 1 + c.IntN(4); changes > 0; changes-- {
		m.change()
	}
	out := m.root.append(make([]byte, 0, len(wasm)+64), nil)
	if m.rarely() && m.c.IntN(2) == 1 {
		return Bytes(c, out)
	}
	return out
}

// Bytes returns wasm with one to three bytes behind the header changed, inserted,
// removed or cut off, wherever they are.
func Bytes(c Chooser, wasm []byte) []byte {
	b := bytes.Clone(wasm)
	for changes := 1 + c.IntN(3); changes > 0 && len(b) > headerSize; changes-- {
		i := headerSize + c.IntN(len(b)-headerSize)
		switch c.IntN(8) {
		case 0:
			b[i] = byte(c.IntN(256))
		case 1:
			b[i] ^= 1 << c.IntN(8)
		case 2:
			b[i]++
		case 3:
			b[i]--
		case 4:
			b = slices.Insert(b, i, byte(c.IntN(256)))
		case 5:
			b = slices.Delete(b, i, min(len(b), i+1+c.IntN(4)))
		case 6:
			b = slices.Insert(b, i, bytes.Clone(b[i:min(len(b), i+1+c.IntN(8))])...)
		case 7:
			b = b[:i]
		}
	}
	return b
}

// mutator changes one module.
type mutator struct {
	c      Chooser
	root   *node
	donors []Module
}

// rarely is true one time in eight: for changes of which most make the module
// malformed, so that the others can be met at all.
func (m *mutator) rarely() bool { return m.c.IntN(8) == 7 }

// change makes one change.
func (m *mutator) change() {
	switch m.c.IntN(16) {
	case 0, 1, 2, 3:
		m.leaf()
	case 4, 5, 6:
		m.replace()
	case 7, 8, 9, 10:
		m.operators()
	case 11, 12, 13:
		m.list()
	case 14:
		m.lengths()
	default:
		if m.c.IntN(3) == 2 {
			m.sections()
		} else {
			m.operators()
		}
	}
}

// pick returns one of the nodes of the module that satisfy the condition, or nil.
func (m *mutator) pick(ok func(*node) bool) *node { return m.pickIn(m.root, ok) }

func (m *mutator) pickIn(root *node, ok func(*node) bool) *node {
	if list := root.all(ok); len(list) > 0 {
		return one(m.c, list)
	}
	return nil
}

// edges are the numbers at which something may go wrong.
var edges = []uint64{
	0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1000, 1001, 16383, 16384, 50000, 50001, 65536, 65537,
	100_000, 1_000_000, 1_000_001, 1<<20 - 1, 1 << 20, 1<<28 - 1, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1 << 48, 1<<63 - 1, 1 << 63, 1<<64 - 1,
}

// leaf changes an integer, a flag or bytes.
func (m *mutator) leaf() {
	anywhere := m.rarely()
	n := m.pick(func(n *node) bool {
		framing := n.what == aHeader || n.what == aSectionID || n.what == anOpcode
		framing = framing || n.what == aFlag && n.bytes[0] >= 0x40 && n.bytes[0] < 0x68
		return n.form <= formS && (anywhere || !framing)
	})
	if n == nil {
		return
	}
	switch n.form {
	case formU, formS:
		switch m.c.IntN(4) {
		case 0:
			n.value++
		case 1:
			n.value--
		case 2:
			n.value = uint64(m.c.IntN(8))
		default:
			n.value = one(m.c, edges)
		}
		if n.form == formU && n.width() == 32 {
			n.value &= 1<<32 - 1
		}
	default:
		m.bytes(n)
	}
}

// typeCodes are the types of one byte.
const typeCodes = "\x7F\x7E\x7D\x7C\x7B\x70\x6F\x6E\x6D\x6C\x6B\x6A\x69\x71\x72\x73\x74"

// bytes changes bytes.
func (m *mutator) bytes(n *node) {
	n.bytes = slices.Clone(n.bytes)
	if len(n.bytes) == 0 {
		n.bytes = []byte{byte(m.c.IntN(256))}
		return
	}
	i := m.c.IntN(len(n.bytes))
	switch b := n.bytes[i]; {
	case m.rarely():
		n.bytes[i] = byte(m.c.IntN(256))
	case n.what == aFlag && b >= 0x68:
		n.bytes[i] = one(m.c, []byte(typeCodes))
	case n.what == aFlag && b < 0x40:
		n.bytes[i] ^= 1
	case n.what == aFlag:
		n.bytes[i] = one(m.c, []byte{codeRef, codeRefNull, codeSub, codeSubFinal, codeFunc, codeStruct, codeArray, codeEmpty})
	case n.form == formName && m.c.IntN(2) == 0:
		n.bytes = append(n.bytes, 'a'+byte(m.c.IntN(26)))
	case n.form == formName:
		n.bytes = n.bytes[:i]
	default:
		n.bytes[i] = byte(m.c.IntN(8))
	}
}

// replace puts a copy of one field in the place of another that is the same thing.
func (m *mutator) replace() {
	n := m.pick(func(n *node) bool {
		return n.what >= anOperator && n.what != aBody && n.what != anOpcode || n.what == aBound || n.what == anAlign
	})
	if n == nil {
		return
	}
	if other := m.similar(n); other != nil {
		*n = *other.clone()
	}
}

// similar returns a node that can stand for n, from the module or a donor.
func (m *mutator) similar(n *node) *node {
	from := m.root
	if k := m.c.IntN(len(m.donors) + 1); k > 0 {
		from = m.donors[k-1].root
	}
	return m.pickIn(from, func(k *node) bool { return k.what == n.what && k != n })
}
