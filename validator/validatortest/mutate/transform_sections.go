package mutate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// items returns the list in the first section of the id, or nil if there is none
// or it could not be taken apart.
func items(root *node, id module.SectionID) *node {
	for _, s := range root.kids {
		if s.what != aSection || s.kids[0].bytes[0] != byte(id) {
			continue
		}
		if list := s.kids[1].kids; len(list) > 0 && list[0].form == formVec {
			return list[0]
		}
		return nil
	}
	return nil
}

// understood reports whether all of the module but custom sections could be taken
// apart, with no section there twice.
func understood(root *node) bool {
	ids := map[byte]bool{}
	for _, s := range root.kids {
		if s.what == aHeader {
			continue
		}
		if s.what != aSection {
			return false
		}
		id := s.kids[0].bytes[0]
		if id == byte(module.SectionCustom) {
			continue
		}
		if ids[id] || len(s.all(func(n *node) bool { return n.what == aRest })) > 0 {
			return false
		}
		ids[id] = true
	}
	return true
}

// fit shortens the integer at the start of n to what it may be.
func (n *node) fit() {
	if n.hasInt() && n.pad > 0 && !n.tooLong {
		n.pad = max(0, min(n.pad, n.longest()-n.length()))
	}
}

// renumber gives every index of its kind, but those in the section left out, the
// number that f returns.
func renumber(root *node, w what, except module.SectionID, f func(uint64) uint64) {
	for _, s := range root.kids {
		if s.what != aSection || s.kids[0].bytes[0] == byte(except) {
			continue
		}
		s.walk(func(n *node) bool {
			if n.what == w || w == aTypeIdx && n.what == aHeapIdx {
				n.value = f(n.value)
			}
			return true
		})
	}
}

// addCustoms adds custom sections.
func addCustoms(c Chooser, root *node) {
	for more := 1 + c.IntN(3); more > 0; more-- {
		last := len(root.kids)
		for last > 1 && root.kids[last-1].what == aRest {
			last--
		}
		content := []byte(one(c, []string{"\x00", "\x01x", "\x04name", "\x04name\x01\x80", "\x19metadata.code.branch_hint\xFF", "\x07linking\x02"}))
		for size := c.IntN(5); size > 0; size-- {
			content = append(content, byte(c.IntN(256)))
		}
		if head := root.kids[0]; len(head.bytes) == headerSize {
			root.kids = slices.Insert(root.kids, 1+c.IntN(last), section(byte(module.SectionCustom), content))
		}
	}
}

// lengthen makes integers, counts and sizes longer than they need be.
func lengthen(c Chooser, root *node) {
	every := 1 + c.IntN(4)
	list := root.all(func(n *node) bool { return n.hasInt() && c.IntN(every) == 0 })
	for _, n := range slices.Backward(list) { // what is within a size first
		n.pad = max(n.pad, n.longest()-n.length())
	}
}

// longForms writes in full what has a short form: segments of the first table or
// memory, accesses of the first memory, and reference types.
func longForms(c Chooser, root *node) {
	root.walk(func(n *node) bool {
		if c.IntN(2) == 0 {
			return true
		}
		switch {
		case n.what == aType && len(n.kids) == 1 && n.kids[0].bytes[0] >= 0x68 && n.kids[0].bytes[0] <= 0x75:
			n.kids = []*node{flag(codeRefNull), {what: aHeapType, form: formSeq, kids: n.kids, at: -1}}
		case n.what == anOperator && len(n.kids) > 2 && n.kids[1].what == anAlign && n.kids[1].value < multiMemory:
			n.kids[1].value |= multiMemory
			n.kids = slices.Insert(n.kids, 2, &node{what: aMemoryIdx, form: formU, at: -1})
		}
		return true
	})
	for _, id := range []module.SectionID{module.SectionElement, module.SectionData} {
		if list := items(root, id); list != nil {
			for _, s := range list.kids {
				longSegment(s, id)
			}
		}
	}
}

func flag(b byte) *node { return &node{what: aFlag, bytes: []byte{b}, at: -1} }

// longSegment writes the table or memory of an active segment, and the kind or type
// of its elements.
func longSegment(s *node, id module.SectionID) {
	switch kind := s.kids[0]; {
	case id == module.SectionData && kind.value == 0:
		kind.value = 2
		s.kids = slices.Insert(s.kids, 1, &node{what: aMemoryIdx, form: formU, at: -1})
	case id == module.SectionElement && kind.value&3 == 0:
		t := flag(0)
		if kind.value == 4 {
			t.bytes[0] = 0x70
			t = &node{what: aType, form: formSeq, kids: []*node{t}, at: -1}
		}
		kind.value |= 2
		s.kids = slices.Insert(s.kids, 2, t)
		s.kids = slices.Insert(s.kids, 1, &node{what: aTableIdx, form: formU, at: -1})
	}
}

// groupTypes writes single types as groups of one, and types without supertypes
// as final ones.
func groupTypes(c Chooser, root *node) {
	types := items(root, module.SectionType)
	if types == nil {
		return
	}
	empty := func() *node { return &node{what: aList, form: formVec, at: -1} }
	for _, g := range types.kids {
		if len(g.kids) == 1 && c.IntN(2) == 0 {
			list := empty()
			list.kids = g.kids
			g.kids = []*node{flag(codeRec), list}
		}
		for _, s := range subTypes(g) {
			if first := s.kids[0].bytes[0]; first != codeSub && first != codeSubFinal && c.IntN(2) == 0 {
				s.kids = slices.Insert(s.kids, 0, flag(codeSubFinal), empty())
			}
		}
	}
}

// subTypes returns the definitions of a group.
func subTypes(group *node) []*node {
	if len(group.kids) == 2 {
		return group.kids[1].kids
	}
	return group.kids
}

// countTypes returns the number of definitions in a type section.
func countTypes(types *node) (n int) {
	for _, g := range types.kids {
		n += len(subTypes(g))
	}
	return n
}

// duplicateTypes defines every group once more, behind the others, and uses now
// the one and now the other.
func duplicateTypes(c Chooser, root *node) {
	types := items(root, module.SectionType)
	if types == nil || !understood(root) {
		return
	}
	n := uint64(countTypes(types))
	first := uint64(0)
	for _, g := range slices.Clone(types.kids) {
		end := first + uint64(len(subTypes(g)))
		again := g.clone()
		again.walk(func(k *node) bool {
			if (k.what == aTypeIdx || k.what == aHeapIdx) && k.value >= first && k.value < end {
				k.value += n
			}
			return true
		})
		types.kids = append(types.kids, again)
		first = end
	}
	renumber(root, aTypeIdx, module.SectionType, func(i uint64) uint64 {
		if i < n && c.IntN(2) == 0 || i > ops.MaxTypeIndex-n { // not what is negative, either
			return i
		}
		return i + n
	})
}
