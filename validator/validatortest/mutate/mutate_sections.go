package mutate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
)

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
