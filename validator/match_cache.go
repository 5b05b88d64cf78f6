package validator

import "github.com/wasmstate/wasmstate/ops"

// Lists of types from longList on are worth remembering when they match without
// being equal: a hostile module compares the same thousand types in every
// operator of two bytes, and comparing memory is a hundred times quicker than
// asking about each pair. No list longer than maxRemembered is kept: the longest
// that an operator takes is that of a structure with as many fields as the limit
// allows.
const (
	longList      = 64
	maxRemembered = 10_000
)

// matchCache remembers pairs of long lists of which the first matches the
// second. It is direct-mapped and at worst forgetful. What it holds is good for
// one table of types.
type matchCache [16]matchPair

// matchPair is a pair of lists. The one that is wanted is a list of the table of
// types, which is told by where it lies; the other is a copy of operands.
type matchPair struct{ have, want []ops.ValType }

// has reports whether the pair is remembered.
func (m *matchCache) has(have, want []ops.ValType) bool {
	e := &m[slot(have, want)]
	return len(e.have) == len(have) && len(e.want) == len(want) && &e.want[0] == &want[0] && sameTypes(e.have, have)
}

// put remembers the pair, of two lists of the same length. The second must not
// change.
func (m *matchCache) put(have, want []ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m[slot(have, want)]
	e.have = append(e.have[:0], have...)
	e.want = want
}

// forget empties the cache and keeps its memory.
func (m *matchCache) forget() {
	for i := range m {
		m[i] = matchPair{have: m[i].have[:0]}
	}
}

// slot chooses the place of a pair of long lists by their lengths and ends.
func slot(have, want []ops.ValType) uint32 {
	n := len(have)
	h := uint32(n)
	for _, t := range [...]ops.ValType{have[0], have[n/2], have[n-1], want[0], want[n/2], want[n-1]} {
		h = (h ^ uint32(t)) * 0x9E3779B1
	}
	return h >> 28
}
