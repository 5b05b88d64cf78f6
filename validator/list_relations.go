package validator

import (
	"math/bits"

	"github.com/wasmstate/wasmstate/ops"
)

// listRelations remembers how pairs of long lists of the table of types relate. A
// branch table compares one list with another for each byte or two, and a module of
// 2 MB has half a million pairs of lists of a thousand types. So the lists are
// numbered, what is known of one list and 64 others, a page, takes 24 bytes, and
// the columns of a page tell how a list relates to all of it in one go.
type listRelations struct {
	numbers map[listPlace]uint32
	lists   [][]ops.ValType // by number
	known   map[relationKey]*listRelation
	columns map[uint32]*pageColumns // by page
	size    int                     // of what all columns say
	recent  *recentLists
}

// A module of 4 MB has some two thousand lists of a thousand types.
const (
	recentNumberBits = 12
	recentKnownBits  = 9
)

// recentLists is what numbers and known have said last, direct-mapped. The maps take
// as long as pushing a thousand operands; this a tenth of that.
type recentLists struct {
	numbers [1 << recentNumberBits]struct {
		place  listPlace
		number uint32
	}
	known [1 << recentKnownBits]struct {
		key   relationKey
		known *listRelation
	}
}

// listPlace tells a list of the table of types by where it lies.
type listPlace struct {
	first *ops.ValType
	n     int
}

// relationKey is a list, and a page of those that it is compared with.
type relationKey struct{ have, page uint32 }

// listRelation has a bit for each list of a page: whether the relation to it is
// known, and whether that is to match, or to be equal.
type listRelation struct{ known, matching, equal uint64 }

// pageLen is how many lists a page has.
const pageLen = 64

// What is remembered takes 13 MB at most, and only of modules that large. The memory
// of the first keepLists lists and pages is kept for another module.
const (
	maxLists   = 1 << 15
	maxKnown   = 1 << 16
	maxMatches = 3 << 18 // of eight bytes
	keepLists  = 1 << 8
)

// pair returns what is known of have and the page of want, and the number of want.
// Both are long lists of the table of types and must not change.
func (l *listRelations) pair(have, want []ops.ValType) (k *listRelation, number uint32) {
	if l.numbers == nil || len(l.lists)+2 > maxLists || len(l.known) >= maxKnown {
		*l = listRelations{
			numbers: make(map[listPlace]uint32),
			known:   make(map[relationKey]*listRelation),
			columns: make(map[uint32]*pageColumns),
			recent:  new(recentLists),
		}
	}
	number = l.number(want)
	key := relationKey{l.number(have), number / pageLen}
	e := &l.recent.known[(key.have^key.page<<4)%uint32(len(l.recent.known))]
	if e.known != nil && e.key == key {
		return e.known, number
	}
	k = l.known[key]
	if k == nil {
		k = new(listRelation)
		l.known[key] = k
	}
	e.key, e.known = key, k
	return k, number
}

// number returns the number of a list, which is the next if it has none yet.
func (l *listRelations) number(list []ops.ValType) uint32 {
	place := listPlace{&list[0], len(list)}
	// The lists lie in one array, so that their capacities say where.
	e := &l.recent.numbers[uint32(cap(list))*0x9E3779B1>>(32-recentNumberBits)]
	if e.place == place {
		return e.number
	}
	n, ok := l.numbers[place]
	if !ok {
		n = uint32(len(l.lists))
		l.numbers[place] = n
		l.lists = append(l.lists, list)
	}
	e.place, e.number = place, n
	return n
}

// get returns the relation to the list of the number, if it is known.
func (k *listRelation) get(number uint32) (r relation, ok bool) {
	bit := uint64(1) << (number % pageLen)
	switch {
	case k.known&bit == 0:
		return different, false
	case k.equal&bit != 0:
		return equal, true
	case k.matching&bit != 0:
		return matching, true
	}
	return different, true
}

// set records the relation to the list of the number.
func (k *listRelation) set(number uint32, r relation) {
	bit := uint64(1) << (number % pageLen)
	k.known |= bit
	switch r {
	case matching:
		k.matching |= bit
	case equal:
		k.equal |= bit
	}
}

// forget forgets everything, and keeps the memory unless that is unusually much.
func (l *listRelations) forget() {
	if len(l.lists) > keepLists || len(l.known) > keepLists || l.size > 0 {
		*l = listRelations{}
		return
	}
	clear(l.numbers)
	clear(l.known)
	clear(l.lists)
	l.lists = l.lists[:0]
	if l.recent != nil {
		*l.recent = recentLists{}
	}
}

// pageTypes is how many different types may be compared with the lists of a page.
const pageTypes = 1 << pageTypesBits

const pageTypesBits = 4

// pageColumns are the columns of the lists of a page that are of one length: the
// types of all of them at one index. They say of some types, in a hash table without
// deletion, which of the lists have at an index a type that they match.
type pageColumns struct {
	lists uint64                 // those of the length
	types [pageTypes]ops.ValType // Bot where there is none
	match [pageTypes][]uint64    // by index
	known []uint16               // by index, of which types the match is known; nil when there were too many
}

// fewKnown is how many lists of a page another is compared with one by one before the
// page gets columns. Where it has them, comparing with all of the page takes less than
// comparing with two lists.
const fewKnown = 4

// comparePage finds out how a list relates to all lists of a page of its length, and
// records it in k. It does nothing where that is not worth the while, or where there
// are too many types.
func (c *checker) comparePage(have []ops.ValType, k *listRelation, page uint32) {
	l := &c.matches.lists
	first := int(page) * pageLen
	p := l.columns[page]
	if known := bits.OnesCount64(k.known); known == 0 || known < fewKnown && p == nil || first+pageLen > len(l.lists) {
		return
	}
	lists := l.lists[first : first+pageLen]
	if p == nil {
		if l.size >= maxMatches {
			return
		}
		p = newPageColumns(lists, len(have))
		l.columns[page] = p
	}
	if len(p.known) != len(have) {
		return
	}
	match := p.lists
	for i, t := range have {
		slot := typeSlot(t)
		if p.types[slot] != t {
			if slot = l.typeSlot(p, t); slot < 0 {
				p.known = nil // too many types: not again
				return
			}
		}
		if p.known[i]>>slot&1 == 0 {
			p.known[i] |= 1 << slot
			p.match[slot][i] = c.matchColumn(t, lists, i)
		}
		if match &= p.match[slot][i]; match == 0 {
			break
		}
	}
	for todo := p.lists &^ k.known; todo != 0; todo &= todo - 1 {
		n := uint32(bits.TrailingZeros64(todo))
		switch {
		case match>>n&1 == 0:
			k.set(n, different)
		case sameTypes(have, lists[n]):
			k.set(n, equal)
		default:
			k.set(n, matching)
		}
	}
}

// newPageColumns returns the columns of the lists of length n.
func newPageColumns(lists [][]ops.ValType, n int) *pageColumns {
	p := &pageColumns{known: make([]uint16, n)}
	for i, list := range lists {
		if len(list) == n {
			p.lists |= 1 << i
		}
	}
	return p
}

// typeSlot returns where a type is looked for first.
func typeSlot(t ops.ValType) int { return int(uint32(t) * 0x9E3779B1 >> (32 - pageTypesBits)) }

// typeSlot returns where a type is in p, to which it may be added; a number below 0
// when there is no room.
func (l *listRelations) typeSlot(p *pageColumns, t ops.ValType) int {
	for i := range pageTypes {
		switch slot := (typeSlot(t) + i) % pageTypes; p.types[slot] {
		case t:
			return slot
		case ops.Bot:
			if l.size >= maxMatches {
				return -1
			}
			l.size += len(p.known)
			p.types[slot], p.match[slot] = t, make([]uint64, len(p.known))
			return slot
		}
	}
	return -1
}

// matchColumn compares a type with that at the index of each list. Lists repeat their
// types.
func (c *checker) matchColumn(t ops.ValType, lists [][]ops.ValType, index int) (match uint64) {
	var seen [16]struct {
		want ops.ValType
		ok   bool
	}
	for i, list := range lists {
		if index >= len(list) {
			continue
		}
		want := list[index]
		e := &seen[want%ops.ValType(len(seen))]
		if e.want != want {
			e.want, e.ok = want, t == want || c.types.Match(t, want)
		}
		if e.ok {
			match |= 1 << i
		}
	}
	return match
}
