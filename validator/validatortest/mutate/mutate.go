package mutate

import (
	"bytes"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Mutate returns wasm with one to four changes of fields: of operators, immediates,
// types, indices, names, items, sections and their order, counts, sizes and the
// lengths of integers. Sizes and counts are right but where they are what was
// changed. One module in eight gets changes of single bytes on top, as [Bytes]
// makes them.
//
// Fields may be taken from the donors.
func Mutate(c Chooser, wasm []byte, donors ...[]byte) []byte {
	m := &mutator{c: c, root: parse(wasm)}
	for _, d := range donors {
		m.donors = append(m.donors, parse(d))
	}
	for changes := 1 + c.IntN(4); changes > 0; changes-- {
		m.change()
	}
	out := m.root.append(make([]byte, 0, len(wasm)+64), nil)
	if c.IntN(8) == 7 {
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
	donors []*node
}

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
		m.sections()
	default:
		m.lengths()
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
	n := m.pick(func(n *node) bool { return len(n.kids) == 0 && n.form != formVec && n.form != formSeq })
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

// bytes changes bytes: of types, to those that mean something.
func (m *mutator) bytes(n *node) {
	if len(n.bytes) == 0 {
		n.bytes = []byte{byte(m.c.IntN(256))}
		return
	}
	i := m.c.IntN(len(n.bytes))
	switch choice := m.c.IntN(4); {
	case choice == 0:
		n.bytes[i] ^= 1 << m.c.IntN(8)
	case choice == 1 && n.what == aFlag:
		n.bytes[i] = byte(0x40 + m.c.IntN(0x40)) // types
	case choice == 1:
		n.bytes[i] = byte(m.c.IntN(256))
	case choice == 2 && n.form == formName:
		n.bytes = append(n.bytes, n.bytes[i])
	case choice == 3 && n.form == formName:
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
		from = m.donors[k-1]
	}
	return m.pickIn(from, func(k *node) bool { return k.what == n.what && k != n })
}

// operators changes the operators of an expression.
func (m *mutator) operators() {
	e := m.pick(func(n *node) bool { return n.what == anExpr && len(n.kids) > 0 })
	if e == nil {
		return
	}
	i := m.c.IntN(len(e.kids))
	switch m.c.IntN(8) {
	case 0:
		e.kids = slices.Insert(e.kids, i, randomOperator(m.c))
	case 1:
		e.kids[i] = randomOperator(m.c)
	case 2:
		m.opcode(e.kids[i])
	case 3:
		e.kids = slices.Delete(e.kids, i, i+1)
	case 4:
		e.kids = slices.Insert(e.kids, i, e.kids[i].clone())
	case 5:
		j := m.c.IntN(len(e.kids))
		e.kids[i], e.kids[j] = e.kids[j], e.kids[i]
	case 6:
		j := min(len(e.kids), i+m.c.IntN(6))
		block := operator(&ops.Instr{Op: one(m.c, []ops.Op{ops.Block, ops.Loop, ops.If, ops.TryTable})})
		e.kids = slices.Insert(e.kids, j, operator(&ops.Instr{Op: ops.End}))
		e.kids = slices.Insert(e.kids, i, block)
	default:
		if from := m.similar(e); from != nil && len(from.kids) > 0 {
			k := m.c.IntN(len(from.kids))
			for _, o := range from.kids[k:min(len(from.kids), k+1+m.c.IntN(6))] {
				e.kids = slices.Insert(e.kids, i, o.clone())
				i++
			}
		}
	}
}

// opcode gives an operator the opcode of another that has immediates of the same
// shape.
func (m *mutator) opcode(n *node) {
	p := &parser{b: n.append(nil, nil)}
	p.end = len(p.b)
	if _, row := p.operator(); row != nil {
		n.kids[0] = opcode(one(m.c, rowsOf(row.Imm.Kind)).Op)
	}
}

// list changes which elements a list has, and in which order.
func (m *mutator) list() {
	n := m.pick(func(n *node) bool { return n.form == formVec && len(n.kids) > 0 })
	if n == nil {
		return
	}
	i := m.c.IntN(len(n.kids))
	switch m.c.IntN(5) {
	case 0:
		n.kids = slices.Delete(n.kids, i, i+1)
	case 1:
		n.kids = slices.Insert(n.kids, i, n.kids[i].clone())
	case 2:
		j := m.c.IntN(len(n.kids))
		n.kids[i], n.kids[j] = n.kids[j], n.kids[i]
	case 3:
		if other := m.similar(n.kids[i]); other != nil {
			n.kids = slices.Insert(n.kids, i, other.clone())
		}
	default:
		for more := m.c.IntN(20); more > 0; more-- {
			n.kids = append(n.kids, n.kids[i].clone())
		}
	}
}

// sections changes which sections there are, and in which order.
func (m *mutator) sections() {
	kids := m.root.kids
	if len(kids) < 2 {
		m.root.kids = append(kids, randomSection(m.c))
		return
	}
	i, j := 1+m.c.IntN(len(kids)-1), 1+m.c.IntN(len(kids)-1)
	switch m.c.IntN(6) {
	case 0:
		m.root.kids = slices.Delete(kids, i, i+1)
	case 1:
		kids[i], kids[j] = kids[j], kids[i]
	case 2:
		m.root.kids = slices.Insert(kids, i, kids[j].clone())
	case 3:
		m.root.kids = slices.Insert(kids, i, randomSection(m.c))
	case 4:
		if s := m.similar(kids[i]); s != nil {
			kids[i] = s.clone()
		}
	default:
		m.root.kids = kids[:i]
	}
}

// lengths makes an integer longer than it need be, or a size or count wrong.
func (m *mutator) lengths() {
	n := m.pick((*node).hasInt)
	if n == nil {
		return
	}
	counts := n.form == formName || n.form == formVec || n.form == formSized
	switch m.c.IntN(3) {
	case 0:
		n.pad = m.c.IntN(11)
	case 1:
		n.pad = n.longest() - n.length() // never less than 0 but for numbers that are wrong anyway
		n.pad = max(n.pad, 0)
	default:
		if counts {
			n.value = uint64(int64(m.c.IntN(5) - 2))
		}
	}
}

// randomSection returns a section of a few bytes.
func randomSection(c Chooser) *node {
	content := make([]byte, c.IntN(8))
	for i := range content {
		content[i] = byte(c.IntN(256))
	}
	id := byte(c.IntN(int(module.SectionTag) + 2))
	return section(id, content)
}

// section returns a new section that is not taken apart.
func section(id byte, content []byte) *node {
	return &node{what: aSection, form: formSeq, at: -1, kids: []*node{
		{what: aSectionID, bytes: []byte{id}, at: -1},
		{what: aSize, form: formSized, at: -1, kids: []*node{{what: aRest, bytes: content, at: -1}}},
	}}
}
