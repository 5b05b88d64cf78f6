package validator

import "github.com/wasmstate/wasmstate/ops"

// Lists of types are worth remembering when they match without being equal: a
// hostile module compares the same thousand types in every operator of two bytes,
// and comparing memory is a hundred times quicker than asking about each pair. No
// list longer than maxRemembered is kept: the longest that an operator takes is
// that of a structure with as many fields as the limit allows.
const maxRemembered = 10_000

// matchCache remembers what matches. It is at worst forgetful. What it holds is good
// for one table of types.
type matchCache struct {
	// types are pairs of types of which the first matches the second; direct-mapped.
	types [256]typePair
	// lists says how pairs of long lists of the table of types relate.
	lists listRelations
	// pairs are pairs of long lists of which the first matches the second;
	// direct-mapped.
	pairs [16]matchPair
	// stretches says how lists relate that lie among others on the operand stack;
	// direct-mapped, and there when it is first asked.
	stretches []stretchRelation
	used      bool
}

// numStretches is how many relations of stretches are remembered, in 12 kB.
const numStretches = 1 << stretchBits

const stretchBits = 8

// stretchRelation is how a part of a list of the table of types relates to one of
// another, or to as many times one type.
type stretchRelation struct {
	have, want *ops.ValType // where the lists lie
	n          int          // some rules leave the last type of a list away
	each       ops.ValType
	relation   relation
	known      bool
}

// stretch returns what is known of a list of the table of types and another, or one
// type when want is empty. What is not known yet the caller may record there.
func (m *matchCache) stretch(have, want []ops.ValType, each ops.ValType) *stretchRelation {
	if m.stretches == nil {
		m.stretches = make([]stretchRelation, numStretches)
	}
	m.used = true
	// The lists lie in one array, so that their capacities say where.
	hash := (uint32(cap(have))*0x9E3779B1 ^ uint32(cap(want)) ^ uint32(each)) * 0x85EBCA6B
	e := &m.stretches[hash>>(32-stretchBits)]
	key := stretchRelation{have: &have[0], n: len(have), each: each}
	if len(want) > 0 {
		key.want = &want[0]
	}
	if e.have != key.have || e.want != key.want || e.n != key.n || e.each != key.each {
		*e = key
	}
	return e
}

// typePair is a pair of types.
type typePair struct{ have, want ops.ValType }

// slot returns the place of the pair.
func (m *matchCache) slot(p typePair) *typePair {
	return &m.types[(uint32(p.have)*0x9E3779B1^uint32(p.want)*0x85EBCA6B)>>24]
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
	e := &m.pairs[pairSlot(have, want[0], want[len(want)/2], want[len(want)-1])]
	return len(e.have) == len(have) && len(e.want) == len(want) && &e.want[0] == &want[0] && sameTypes(e.have, have)
}

// put remembers the pair, of two lists of the same length. The second must not
// change.
func (m *matchCache) put(have, want []ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m.pairs[pairSlot(have, want[0], want[len(want)/2], want[len(want)-1])]
	e.have = append(e.have[:0], have...)
	e.want, e.each = want, ops.Bot
	m.used = true
}

// hasEach reports whether it is remembered that all of a list match one type.
func (m *matchCache) hasEach(have []ops.ValType, each ops.ValType) bool {
	e := &m.pairs[pairSlot(have, each, each, each)]
	return e.each == each && len(e.have) == len(have) && sameTypes(e.have, have)
}

// putEach remembers that all of a list match one type, which is not ops.Bot.
func (m *matchCache) putEach(have []ops.ValType, each ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m.pairs[pairSlot(have, each, each, each)]
	e.have = append(e.have[:0], have...)
	e.want, e.each = nil, each
	m.used = true
}

// forget empties the cache and keeps its memory, unless that is unusually much.
func (m *matchCache) forget() {
	if !m.used {
		return
	}
	clear(m.types[:])
	clear(m.stretches)
	m.lists.forget()
	for i := range m.pairs {
		m.pairs[i] = matchPair{have: m.pairs[i].have[:0]}
	}
	m.used = false
}

// pairSlot chooses the place of a pair of long lists by their lengths and some of
// their types.
func pairSlot(have []ops.ValType, first, middle, last ops.ValType) uint32 {
	n := len(have)
	h := uint32(n)
	for _, t := range [...]ops.ValType{have[0], have[n/2], have[n-1], first, middle, last} {
		h = (h ^ uint32(t)) * 0x9E3779B1
	}
	return h >> 28
}
