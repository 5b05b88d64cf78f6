package validator

import "github.com/wasmstate/wasmstate/ops"

// Lists of types are worth remembering when they match without being equal: a
// hostile module compares the same thousand types in every operator of two bytes,
// and comparing memory is a hundred times quicker than asking about each pair. No
// list longer than maxRemembered is kept: the longest that an operator takes is
// that of a structure with as many fields as the limit allows.
const maxRemembered = 10_000

// matchCache remembers how pairs of long lists relate. It is at worst forgetful.
// What it holds is good for one table of types.
type matchCache struct {
	// pairs are those of which the first matches the second; direct-mapped.
	pairs [16]matchPair
	// related are pairs of lists of the table of types, and next is the place of the
	// one that is to be forgotten first.
	related [8]relatedLists
	next    uint8
}

// relatedLists is a pair of lists of the table of types, which are told by where
// they lie.
type relatedLists struct {
	have, want []ops.ValType
	relation   relation
}

// lists returns how two lists of the same length relate, if that is remembered.
func (m *matchCache) lists(have, want []ops.ValType) (r relation, ok bool) {
	for i := range m.related {
		e := &m.related[i]
		if len(e.have) == len(have) && &e.have[0] == &have[0] && &e.want[0] == &want[0] {
			return e.relation, true
		}
	}
	return different, false
}

// putLists remembers how two lists relate. They must not change.
func (m *matchCache) putLists(have, want []ops.ValType, r relation) {
	m.related[m.next%uint8(len(m.related))] = relatedLists{have, want, r}
	m.next++
}

// matchPair is a pair of lists. The one that is wanted is a list of the table of
// types, which is told by where it lies, or as many times the type each; the
// other is a copy of operands.
type matchPair struct {
	have, want []ops.ValType
	each       ops.ValType
}

// has reports whether the pair is remembered.
func (m *matchCache) has(have, want []ops.ValType) bool {
	e := &m.pairs[slot(have, want[0], want[len(want)/2], want[len(want)-1])]
	return len(e.have) == len(have) && len(e.want) == len(want) && &e.want[0] == &want[0] && sameTypes(e.have, have)
}

// put remembers the pair, of two lists of the same length. The second must not
// change.
func (m *matchCache) put(have, want []ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m.pairs[slot(have, want[0], want[len(want)/2], want[len(want)-1])]
	e.have = append(e.have[:0], have...)
	e.want, e.each = want, ops.Bot
}

// hasEach reports whether it is remembered that all of a list match one type.
func (m *matchCache) hasEach(have []ops.ValType, each ops.ValType) bool {
	e := &m.pairs[slot(have, each, each, each)]
	return e.each == each && len(e.have) == len(have) && sameTypes(e.have, have)
}

// putEach remembers that all of a list match one type, which is not ops.Bot.
func (m *matchCache) putEach(have []ops.ValType, each ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m.pairs[slot(have, each, each, each)]
	e.have = append(e.have[:0], have...)
	e.want, e.each = nil, each
}

// forget empties the cache and keeps its memory.
func (m *matchCache) forget() {
	for i := range m.pairs {
		m.pairs[i] = matchPair{have: m.pairs[i].have[:0]}
	}
	clear(m.related[:])
}

// slot chooses the place of a pair of long lists by their lengths and some of
// their types.
func slot(have []ops.ValType, first, middle, last ops.ValType) uint32 {
	n := len(have)
	h := uint32(n)
	for _, t := range [...]ops.ValType{have[0], have[n/2], have[n-1], first, middle, last} {
		h = (h ^ uint32(t)) * 0x9E3779B1
	}
	return h >> 28
}
