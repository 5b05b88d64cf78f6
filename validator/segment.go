package validator

import (
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// A hostile module pushes, compares or takes a thousand operands with each
// operator of two bytes. So the checker remembers where a long list of the table
// of types lies on the operand stack: whether it is the list wanted is then a
// question of identity, and whether it matches another a matter of remembering,
// however long it is.

// longList is the length from which on a list is worth remembering.
const longList = 64

// segment is a part of the operand stack that holds a long list of the table of
// types: the last one that was pushed there or found to be there.
type segment struct {
	list []ops.ValType
	at   int // index of its first operand
	// low is how low the stack has been since. What lies below it is as it was; what
	// lies above may have been written anew.
	low int
}

// onStack returns the list that the segment holds, if that is just the operands
// from index at to the top.
func (c *checker) onStack(at int) (list []ops.ValType, ok bool) {
	s, height := &c.segment, len(c.operands)
	if s.at != at || len(s.list) != height-at {
		return nil, false
	}
	if s.low < height {
		anew := max(s.low, at)
		if !sameTypes(c.operands[anew:], s.list[anew-at:]) {
			return nil, false
		}
		s.low = height
	}
	return s.list, true
}

// relation is how a list of types relates to a list wanted of the same length.
type relation uint8

const (
	different relation = iota
	matching           // each type matches its counterpart, but they are not all equal
	equal
)

// compareTop compares operands, which lie on top of the stack, with the types that
// are wanted. A long list that is wanted must be one of the table of types.
func (c *checker) compareTop(have, want []ops.ValType) relation {
	if len(want) < longList {
		return c.comparePairs(have, want)
	}
	at := len(c.operands) - len(have)
	if list, ok := c.onStack(at); ok {
		return c.compareLists(list, want)
	}
	if sameTypes(have, want) {
		c.segment = segment{list: want, at: at, low: len(c.operands)}
		return equal
	}
	if c.matches.has(have, want) {
		return matching
	}
	r := c.comparePairs(have, want)
	if r == matching {
		c.matches.put(have, want)
	}
	return r
}

// compareLists compares two lists of the table of types, of the same length.
func (c *checker) compareLists(have, want []ops.ValType) relation {
	switch {
	case len(want) < longList:
		return c.comparePairs(have, want)
	case sameList(have, want):
		return equal
	}
	known, number := c.matches.lists.pair(have, want)
	c.matches.used = true
	if r, ok := known.get(number); ok {
		return r
	}
	if c.comparePage(have, known, number/pageLen); known.known>>(number%pageLen)&1 != 0 {
		r, _ := known.get(number)
		return r
	}
	r := equal
	if !sameTypes(have, want) {
		r = c.comparePairs(have, want)
	}
	known.set(number, r)
	return r
}

// matchLists reports whether a sequence of values of the types have may stand
// where one of the types want is expected (specification 3.3.6 "Result Types").
func (c *checker) matchLists(have, want []ops.ValType) bool {
	return len(have) == len(want) && c.compareLists(have, want) != different
}

// comparePairs compares lists type by type. Lists repeat themselves, so a pair that
// is remembered is not asked about again.
func (c *checker) comparePairs(have, want []ops.ValType) relation {
	r := equal
	for i, w := range want {
		h := have[i]
		if h == w {
			continue
		}
		r = matching
		p := typePair{h, w}
		e := c.matches.slot(p)
		if *e == p {
			continue
		}
		if !c.types.Match(h, w) {
			return different
		}
		*e, c.matches.used = p, true
	}
	return r
}

// sameList reports whether two lists of the same length are the same part of the
// table of types.
func sameList(a, b []ops.ValType) bool { return len(a) == 0 || &a[0] == &b[0] }

// compareChunk and smallChunk are how many types sameTypes compares in one go.
const (
	compareChunk = 256
	smallChunk   = longList
)

// sameTypes reports whether two lists of the same length are equal. Comparing
// arrays instead of elements lets the compiler use its memory comparison, which
// takes 60 ns for a thousand types instead of 400.
func sameTypes(a, b []ops.ValType) bool {
	n := len(a)
	if n < smallChunk {
		return slices.Equal(a, b)
	}
	if a[n-1] != b[n-1] {
		return false // lists of hostile modules like to differ there
	}
	i := 0
	for ; i <= n-compareChunk; i += compareChunk {
		if *(*[compareChunk]ops.ValType)(a[i:]) != *(*[compareChunk]ops.ValType)(b[i:]) {
			return false
		}
	}
	for ; i < n; i += smallChunk {
		k := min(i, n-smallChunk) // the last chunk may overlap the one before
		if *(*[smallChunk]ops.ValType)(a[k:]) != *(*[smallChunk]ops.ValType)(b[k:]) {
			return false
		}
	}
	return true
}
