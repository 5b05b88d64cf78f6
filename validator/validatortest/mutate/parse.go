package mutate

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// parser takes a module apart. It knows the grammar alone, all proposals at once,
// and goes on with zeros after something that is not part of it.
//
// Specification: 5 "Binary Format".
type parser struct {
	b   []byte
	pos int
	end int // of what is being read
	bad bool
	// room is where nodes are made: a module has many.
	room []node
}

// headerSize is that of the magic number and the version.
const headerSize = 8

// parse takes a module apart. Put together, it is the same bytes.
func parse(wasm []byte) *node {
	p := &parser{b: wasm, end: len(wasm)}
	root := p.seq(aList)
	head := p.bytes(aHeader, min(headerSize, len(wasm)))
	root.kids = append(root.kids, head)
	for p.pos < p.end && len(head.bytes) == headerSize {
		start := p.pos
		s := p.section()
		if p.bad {
			p.pos, p.bad = start, false
			break
		}
		root.kids = append(root.kids, s)
	}
	if p.pos < p.end {
		root.kids = append(root.kids, p.bytes(aRest, p.end-p.pos))
	}
	return root
}

// section reads one section.
func (p *parser) section() *node {
	s := p.seq(aSection)
	id := p.bytes(aSectionID, 1)
	body := p.sized(aSize, func() []*node {
		c := p.content
		switch module.SectionID(id.bytes[0]) {
		case module.SectionCustom:
			return c(p.name, p.rest)
		case module.SectionType:
			return c(p.vec(aList, p.group))
		case module.SectionImport:
			return c(p.vec(aList, p.imported))
		case module.SectionFunction:
			return c(p.vec(aList, p.u(aTypeIdx)))
		case module.SectionTable:
			return c(p.vec(aList, p.table))
		case module.SectionMemory:
			return c(p.vec(aList, p.memoryType))
		case module.SectionTag:
			return c(p.vec(aList, p.tagType))
		case module.SectionGlobal:
			return c(p.vec(aList, p.all(anItem, p.globalType, p.expr)))
		case module.SectionExport:
			return c(p.vec(aList, p.export))
		case module.SectionStart:
			return c(p.u(aFuncIdx))
		case module.SectionElement:
			return c(p.vec(aList, p.elem))
		case module.SectionDataCount:
			return c(p.u(aCount))
		case module.SectionCode:
			return c(p.vec(aList, p.body))
		case module.SectionData:
			return c(p.vec(aList, p.data))
		}
		return c(p.rest)
	})
	s.kids = []*node{id, body}
	return s
}

// content reads fields that must be all there is.
func (p *parser) content(fields ...func() *node) []*node {
	kids := make([]*node, len(fields))
	for i, f := range fields {
		kids[i] = f()
	}
	return kids
}

// sized reads a size and so many bytes. When what content reads is not all of
// them, they are kept as they are.
func (p *parser) sized(w what, content func() []*node) *node {
	n := p.leaf(w, formSized)
	size := p.leb(n, false)
	if p.bad || size > uint64(p.end-p.pos) {
		p.bad = true
		return n
	}
	start, end := p.pos, p.end
	p.end = p.pos + int(size)
	n.kids = content()
	if p.bad || p.pos != p.end {
		p.pos, p.bad = start, false
		n.kids = []*node{p.rest()}
	}
	p.end = end
	return n
}

// leaf returns a node for what begins here.
func (p *parser) leaf(w what, f form) *node {
	if len(p.room) == 0 {
		p.room = make([]node, max(8, min(256, p.end-p.pos)))
	}
	n := &p.room[0]
	p.room = p.room[1:]
	*n = node{what: w, form: f, at: p.pos}
	return n
}

func (p *parser) seq(w what, kids ...*node) *node {
	n := p.leaf(w, formSeq)
	if len(kids) > 0 {
		n.at = kids[0].at
	}
	n.kids = kids
	return n
}

// all returns a reader of several fields that belong together.
func (p *parser) all(w what, fields ...func() *node) func() *node {
	return func() *node {
		n := p.seq(w)
		n.kids = p.content(fields...)
		return n
	}
}

// vec returns a reader of a list.
func (p *parser) vec(w what, item func() *node) func() *node {
	return func() *node {
		n := p.leaf(w, formVec)
		count := p.leb(n, false)
		if count > uint64(p.end-p.pos) {
			p.bad = true
		}
		for i := uint64(0); i < count && !p.bad; i++ {
			n.kids = append(n.kids, item())
		}
		return n
	}
}

// bytes reads n bytes.
func (p *parser) bytes(w what, n int) *node {
	k := p.leaf(w, formBytes)
	if n > p.end-p.pos {
		p.bad = true
		k.bytes = make([]byte, n)
		return k
	}
	k.bytes = p.b[p.pos : p.pos+n : p.pos+n]
	p.pos += n
	return k
}

func (p *parser) rest() *node { return p.bytes(aRest, p.end-p.pos) }
func (p *parser) flag() *node { return p.bytes(aFlag, 1) }

// peek returns the next byte, without reading it.
func (p *parser) peek() byte {
	if p.pos < p.end {
		return p.b[p.pos]
	}
	return 0
}

// name reads bytes after their size.
func (p *parser) name() *node {
	n := p.leaf(aName, formName)
	size := p.leb(n, false)
	if size > uint64(p.end-p.pos) {
		p.bad = true
		return n
	}
	n.bytes = p.b[p.pos : p.pos+int(size) : p.pos+int(size)]
	p.pos += int(size)
	return n
}

// u returns a reader of an unsigned integer.
func (p *parser) u(w what) func() *node {
	return func() *node {
		n := p.leaf(w, formU)
		n.value = p.leb(n, false)
		return n
	}
}

// s returns a reader of a signed integer.
func (p *parser) s(w what) func() *node {
	return func() *node {
		n := p.leaf(w, formS)
		n.value = p.leb(n, true)
		return n
	}
}

// number returns a reader of a constant of so many bits.
func (p *parser) number(bits byte) func() *node {
	return func() *node {
		n := p.leaf(aNumber, formS)
		n.bytes = []byte{bits}
		n.value = p.leb(n, true)
		return n
	}
}

// leb reads the integer at the start of n, and by how many bytes it is longer than
// it need be. One that would not come out again as it was is bad.
//
// Specification: 5.2.2 "Integers".
func (p *parser) leb(n *node, signed bool) (v uint64) {
	start := p.pos
	for shift := 0; ; shift += 7 {
		if p.pos >= p.end || shift > 63 {
			p.bad = true
			return 0
		}
		b := p.b[p.pos]
		p.pos++
		v |= uint64(b&0x7F) << shift
		if b >= 0x80 {
			continue
		}
		if signed && shift < 57 {
			v = uint64(int64(v<<(57-shift)) >> (57 - shift))
		}
		break
	}
	size := p.pos - start
	var again [16]byte
	var out []byte
	if signed {
		n.pad = size - lenS(int64(v))
		out = appendS(again[:0], int64(v), n.pad)
	} else {
		n.pad = size - lenU(v)
		out = appendU(again[:0], v, n.pad)
	}
	if n.pad < 0 || string(out) != string(p.b[start:p.pos]) {
		p.bad = true
	}
	n.tooLong = size > n.longest()
	return v
}

// opcode reads an operator's opcode, its number behind a prefix included.
func (p *parser) opcode() (*node, ops.Op) {
	n := p.seq(anOpcode)
	first := p.bytes(anOpcode, 1)
	n.kids = append(n.kids, first)
	op := ops.Op(first.bytes[0])
	if op.Row() != nil || op < 0xFB {
		return n, op
	}
	number := p.u(anOpcode)()
	n.kids = append(n.kids, number)
	if number.value > 0xFFFF {
		p.bad = true
		return n, 0
	}
	return n, op<<16 | ops.Op(number.value)
}
