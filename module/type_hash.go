package module

import (
	"encoding/binary"
	"hash/maphash"

	"github.com/wasmstate/wasmstate/ops"
)

// groupTable finds the recursion group that is equal to another one: same
// definitions in the same order, references into the group compared by
// position and references out of it by representative (specification 3.1.3
// "Rolling and Unrolling").
//
// It is an index over the groups that represent themselves; its keys are the
// definitions in the type table itself. A table of a few types is searched from
// end to end, without a hash.
type groupTable struct {
	index hashIndex
	key   *groupKey
	last  uint32 // the hash that find computed last
}

// linearTypes is how many types a table may have before it is hashed.
const linearTypes = 16

// find looks for a group equal to the definitions [start, end) at the end of t.
func (g *groupTable) find(t *Types, start, end uint32) (first uint32, ok bool) {
	if g.key == nil {
		for first = range start {
			if d := &t.defs[first]; d.flags&flagFirst != 0 && d.canon == first && t.equalGroups(first, start, end-start) {
				return first, true
			}
		}
		return 0, false
	}
	g.last = g.key.hash(t, start, end)
	return g.index.find(g.last, func(i uint32) bool { return t.equalGroups(i, start, end-start) })
}

// add enters the group [start, end), which find has just not found.
func (g *groupTable) add(t *Types, start, end uint32) {
	switch {
	case g.key != nil:
		g.index.add(g.last, start)
	case end > linearTypes:
		g.build(t)
	}
}

// build hashes every group of t.
func (g *groupTable) build(t *Types) {
	g.key = new(groupKey)
	for first := uint32(0); first < uint32(len(t.defs)); {
		last := first
		for t.defs[last].flags&flagLast == 0 {
			last++
		}
		if t.defs[first].canon == first {
			g.index.add(g.key.hash(t, first, last+1), first)
		}
		first = last + 1
	}
}

// release gives up what is needed only while groups are added.
func (g *groupTable) release() { *g = groupTable{} }

// relIndex returns a number for type i as a group that begins at start sees it:
// its position in the group, or the index of an earlier type.
func relIndex(i, start uint32) uint32 {
	if i >= start {
		return 1<<31 | (i - start)
	}
	return i
}

// relVal does for a storage type what relIndex does for an index.
func relVal(v ops.ValType, start uint32) uint32 {
	if v.IsRef() {
		if i, ok := v.Heap().Index(); ok && i >= start {
			return 1<<31 | uint32(withIndex(v, i-start))
		}
	}
	return uint32(v)
}

// shape is what a definition says apart from its lists of types, in words that
// are the same wherever its group lies.
func (d *def) shape(start uint32) [6]uint32 {
	s := [6]uint32{0: uint32(d.kind) | uint32(d.flags)<<8, 1: d.n1}
	switch d.kind {
	case Func:
		s[2] = d.n2
	case Cont:
		s[1] = relIndex(d.n1, start)
	}
	if d.flags&flagSuper != 0 {
		s[3] = relIndex(d.super, start)
	}
	if d.flags&flagDescriptor != 0 {
		s[4] = relIndex(d.descriptor, start)
	}
	if d.flags&flagDescribes != 0 {
		s[5] = relIndex(d.describes, start)
	}
	return s
}

// equalGroups reports whether the groups of n types that begin at a and b are
// equal.
func (t *Types) equalGroups(a, b, n uint32) bool {
	if uint64(a)+uint64(n) > uint64(b) {
		return false
	}
	for k := range n {
		x, y := &t.defs[a+k], &t.defs[b+k]
		if x.shape(a) != y.shape(b) || !t.equalLists(x, y, a, b) {
			return false
		}
	}
	return true
}

// equalLists compares the types that x and y, of equal shape, mention.
func (t *Types) equalLists(x, y *def, a, b uint32) bool {
	if x.kind == Struct || x.kind == Array {
		fx, fy := t.fields[x.n2:x.n2+x.n1], t.fields[y.n2:y.n2+y.n1]
		for i, f := range fx {
			if f.Mutable != fy[i].Mutable || relVal(f.Type, a) != relVal(fy[i].Type, b) {
				return false
			}
		}
		return true
	}
	lx, ly := t.operands(x), t.operands(y)
	for i, v := range lx {
		if relVal(v, a) != relVal(ly[i], b) {
			return false
		}
	}
	return true
}

// groupKey computes the hash of a group through a small buffer.
type groupKey struct {
	h   maphash.Hash
	n   int
	buf [256]byte
}

// hash returns the hash of the definitions [start, end) of t.
func (k *groupKey) hash(t *Types, start, end uint32) uint32 {
	k.h.Reset()
	k.n = 0
	for i := start; i < end; i++ {
		d := &t.defs[i]
		for _, w := range d.shape(start) {
			k.word(w)
		}
		if d.kind == Struct || d.kind == Array {
			for _, f := range t.fields[d.n2 : d.n2+d.n1] {
				w := relVal(f.Type, start)
				if f.Mutable {
					w ^= 1 << 30
				}
				k.word(w)
			}
			continue
		}
		for _, v := range t.operands(d) {
			k.word(relVal(v, start))
		}
	}
	k.h.Write(k.buf[:k.n])
	return uint32(k.h.Sum64())
}

// word adds w to what is hashed.
func (k *groupKey) word(w uint32) {
	if k.n == len(k.buf) {
		k.h.Write(k.buf[:])
		k.n = 0
	}
	binary.LittleEndian.PutUint32(k.buf[k.n:], w)
	k.n += 4
}
