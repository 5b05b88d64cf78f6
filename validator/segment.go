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

// segments are the parts of the operand stack that hold long lists of the table of
// types: those that were pushed there or found to be there last. They do not overlap,
// and the first lies lowest.
type segments struct {
	list [maxSegments]segment
	n    int
	// low is how low the stack has been since. What lies below it is as it was; what
	// lies above may have been written anew.
	low int
}

// maxSegments is how many segments are remembered: a structure of 10,000 fields
// takes ten lists of as many results as a function may have, and hostile code puts
// others between them.
const maxSegments = 24

// segment is a list of the table of types on the operand stack.
type segment struct {
	list []ops.ValType
	at   int // index of its first operand
}

func (s *segment) end() int { return s.at + len(s.list) }

// onStack says that the operands from index at to the top are now a list of the table
// of types.
func (c *checker) onStack(list []ops.ValType, at int) {
	c.settle(at)
	s := &c.segments
	if s.n == maxSegments {
		s.n = copy(s.list[:], s.list[maxSegments/2:])
	}
	s.list[s.n] = segment{list, at}
	s.n++
	s.low = len(c.operands)
}

// settle forgets the segments that reach above the height, or are no longer there.
func (c *checker) settle(height int) {
	s := &c.segments
	for ; s.n > 0; s.n-- {
		t := &s.list[s.n-1]
		switch end := t.end(); {
		case end > height || t.at >= s.low:
		case end <= s.low, sameTypes(c.operands[s.low:end], t.list[s.low-t.at:]):
			s.low = len(c.operands)
			return
		}
	}
	s.low = len(c.operands)
}

// listAt returns the list of the table of types that just the operands from index at to
// the top are, or nil.
func (c *checker) listAt(at int) []ops.ValType {
	c.settle(len(c.operands))
	if s := &c.segments; s.n > 0 && s.list[s.n-1].at == at && s.list[s.n-1].end() == len(c.operands) {
		return s.list[s.n-1].list
	}
	return nil
}

// stretch is a part of the operand stack.
type stretch struct {
	have   []ops.ValType
	at     int
	listed bool // it is a list of the table of types
}

// maxStretches is how many stretches there are of so many segments and the gaps beside them.
const maxStretches = 2*maxSegments + 1

// stretches cuts the operands from index at to the top into lists of the table of types
// and what is between them, and appends them to list. It returns nothing unless
// nearly all of them belong to such lists.
func (c *checker) stretches(list []stretch, at int) []stretch {
	c.settle(len(c.operands))
	height, missing, begin := len(c.operands), len(c.operands)-at, at
	for i := range c.segments.list[:c.segments.n] {
		s := &c.segments.list[i]
		if s.end() <= begin {
			continue
		}
		if s.at > begin {
			list = append(list, stretch{c.operands[begin:s.at], begin, false})
			begin = s.at
		}
		have := s.list[begin-s.at:]
		list = append(list, stretch{have, begin, true})
		begin += len(have)
		missing -= len(have)
	}
	if missing > (height-at)/mostlyListed {
		return nil
	}
	if begin < height {
		list = append(list, stretch{c.operands[begin:], begin, false})
	}
	return list
}

// mostlyListed is of how many operands one may belong to no list.
const mostlyListed = 8

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
	if list := c.listAt(at); list != nil {
		return c.compareLists(list, want)
	}
	var buffer [maxStretches]stretch
	if list := c.stretches(buffer[:0], at); list != nil {
		return c.compareStretches(list, want)
	}
	if sameTypes(have, want) {
		c.onStack(want, at)
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

// compareStretches is compareTop for operands in stretches.
func (c *checker) compareStretches(list []stretch, want []ops.ValType) relation {
	r := equal
	for _, p := range list {
		w := want[p.at-list[0].at:][:len(p.have)]
		var piece relation
		if p.listed {
			piece = c.compareListed(p.have, w)
		} else {
			piece = c.compareUnlisted(p.have, w)
		}
		switch piece {
		case different:
			return different
		case matching:
			r = matching
		}
	}
	return r
}

// compareUnlisted compares operands that are no list with types wanted.
func (c *checker) compareUnlisted(have, want []ops.ValType) relation {
	if sameTypes(have, want) {
		return equal
	}
	return c.comparePairs(have, want)
}

// compareListed compares parts of lists of the table of types. What is forgotten can be
// found again quickly: equal lists are compared as memory, others remembered twice.
func (c *checker) compareListed(have, want []ops.ValType) relation {
	if sameList(have, want) {
		return equal
	}
	known := c.matches.stretch(have, want, ops.Bot)
	if !known.known {
		r := equal
		if !sameTypes(have, want) {
			r = c.compareLists(have, want)
		}
		known.relation, known.known = r, true
	}
	return known.relation
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
