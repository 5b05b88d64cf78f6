package mutate

import (
	"bytes"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
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

// operators changes the operators of an expression. Blocks keep their ends, but
// rarely.
func (m *mutator) operators() {
	e := m.pick(func(n *node) bool { return n.what == anExpr && len(n.kids) > 0 })
	if e == nil {
		return
	}
	structured := m.rarely()
	i := m.c.IntN(len(e.kids))
	for tries := 0; tries < 4 && !structured && frames(e.kids[i]); tries++ {
		i = m.c.IntN(len(e.kids))
	}
	movable := structured || !frames(e.kids[i])
	switch choice := m.c.IntN(8); {
	case choice == 0 || !movable && choice < 5:
		e.kids = slices.Insert(e.kids, i, m.randomOperators(structured)...)
	case choice == 1:
		e.kids = slices.Replace(e.kids, i, i+1, m.randomOperators(structured)...)
	case choice == 2:
		m.opcode(e.kids[i])
	case choice == 3:
		e.kids = slices.Delete(e.kids, i, i+1)
	case choice == 4:
		e.kids = slices.Insert(e.kids, i, e.kids[i].clone())
	case choice == 5:
		if j := m.c.IntN(len(e.kids)); movable && (structured || !frames(e.kids[j])) {
			e.kids[i], e.kids[j] = e.kids[j], e.kids[i]
		}
	case choice == 6:
		m.enclose(e, i)
	default:
		m.graft(e, i, structured)
	}
}

// frames reports whether an operator begins, ends or divides a block.
func frames(n *node) bool {
	switch firstByte(n) {
	case ops.Block, ops.Loop, ops.If, ops.Else, ops.End, ops.TryTable, ops.Try, ops.LegacyCatch, ops.LegacyCatchAll, ops.Delegate:
		return true
	}
	return false
}

// randomOperators returns a new operator; a block comes with its end.
func (m *mutator) randomOperators(structured bool) []*node {
	for range 4 {
		in := RandomInstr(m.c)
		n := operator(&in)
		switch in.Op {
		case ops.Block, ops.Loop, ops.If, ops.TryTable, ops.Try:
			return []*node{n, operator(&ops.Instr{Op: ops.End})}
		}
		if structured || !frames(n) {
			return []*node{n}
		}
	}
	return nil
}

// enclose puts some operators, from place i on, into a block.
func (m *mutator) enclose(e *node, i int) {
	j := i
	for end := i + m.c.IntN(6); j < end && j < len(e.kids) && !frames(e.kids[j]); {
		j++
	}
	block := ops.Instr{Op: one(m.c, []ops.Op{ops.Block, ops.Loop, ops.If, ops.TryTable}), Block: randomBlock(m.c)}
	e.kids = slices.Insert(e.kids, j, operator(&ops.Instr{Op: ops.End}))
	e.kids = slices.Insert(e.kids, i, operator(&block))
}

// graft inserts operators of another expression at place i.
func (m *mutator) graft(e *node, i int, structured bool) {
	from := m.similar(e)
	if from == nil || len(from.kids) == 0 {
		return
	}
	k := m.c.IntN(len(from.kids))
	for _, o := range slices.Clone(from.kids[k:min(len(from.kids), k+1+m.c.IntN(6))]) {
		if structured || !frames(o) {
			e.kids = slices.Insert(e.kids, i, o.clone())
			i++
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

// list changes which elements a list has, and in which order. Functions are
// changed with their bodies, but rarely.
func (m *mutator) list() {
	n := m.pick(func(n *node) bool { return n.form == formVec && len(n.kids) > 0 })
	if n == nil {
		return
	}
	funcs, code := items(m.root, module.SectionFunction), items(m.root, module.SectionCode)
	lists := []*node{n}
	if (n == funcs || n == code) && funcs != nil && code != nil && len(funcs.kids) == len(code.kids) && !m.rarely() {
		lists = []*node{funcs, code}
	}
	i, j, more := m.c.IntN(len(n.kids)), m.c.IntN(len(n.kids)), m.c.IntN(20)
	choice := m.c.IntN(6)
	if choice == 5 && len(lists) == 1 {
		if other := m.similar(n.kids[i]); other != nil {
			n.kids = slices.Insert(n.kids, j, other.clone())
		}
		return
	}
	for _, l := range lists {
		switch choice {
		case 0:
			l.kids = slices.Delete(l.kids, i, i+1)
		case 1, 2:
			l.kids = slices.Insert(l.kids, j, l.kids[i].clone())
		case 3:
			l.kids[i], l.kids[j] = l.kids[j], l.kids[i]
		default:
			for range more {
				l.kids = append(l.kids, l.kids[i].clone())
			}
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
