package validator

import "github.com/wasmstate/wasmstate/ops"

// Lists of types from longList on are worth remembering when they match without
// being equal: a hostile module compares the same thousand types in every
// operator of two bytes, and comparing memory is a hundred times quicker than
// asking about each pair. No list longer than maxRemembered is kept.
const (
	longList      = 64
	maxRemembered = 1 << 12
)

// matchCache remembers pairs of long lists of which the first matches the
// second. It is direct-mapped and at worst forgetful. What it holds is good for
// one table of types.
type matchCache [16]struct{ have, want []ops.ValType }

// has reports whether the pair is remembered.
func (m *matchCache) has(have, want []ops.ValType) bool {
	e := &m[slot(have, want)]
	return len(e.have) == len(have) && sameTypes(e.have, have) && sameTypes(e.want, want)
}

// put remembers the pair, of two lists of the same length.
func (m *matchCache) put(have, want []ops.ValType) {
	if len(have) > maxRemembered {
		return
	}
	e := &m[slot(have, want)]
	e.have = append(e.have[:0], have...)
	e.want = append(e.want[:0], want...)
}

// forget empties the cache and keeps its memory.
func (m *matchCache) forget() {
	for i := range m {
		m[i].have, m[i].want = m[i].have[:0], m[i].want[:0]
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
