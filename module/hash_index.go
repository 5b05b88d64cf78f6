package module

// hashIndex finds small numbers by a hash of what they stand for. It is an
// open-addressed table of eight bytes a slot: a million entries take 16 MB and
// one cache miss each, about a third of what a map of strings does. The hashes
// must be seeded, so that nobody can prepare entries that collide.
type hashIndex struct {
	slots []hashSlot // a power of two, or none
	used  int
}

// hashSlot is one entry; that of an empty one is 0.
type hashSlot struct{ hash, entry uint32 }

// minHashSlots is the size of the smallest table.
const minHashSlots = 64

// find returns the entry with this hash that is equal to what is looked for.
func (x *hashIndex) find(hash uint32, equal func(i uint32) bool) (i uint32, ok bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(x.slots) - 1)
	for at := hash & mask; x.slots[at].entry != 0; at = (at + 1) & mask {
		if s := x.slots[at]; s.hash == hash && equal(s.entry-1) {
			return s.entry - 1, true
		}
	}
	return 0, false
}

// add enters i, which find has not found. It must be below 1<<32 - 1.
func (x *hashIndex) add(hash, i uint32) {
	x.reserve(1)
	x.insert(hashSlot{hash: hash, entry: i + 1})
	x.used++
}

// reserve makes room for n more entries, of which three quarters of the slots
// may be used.
func (x *hashIndex) reserve(n int) {
	size := max(len(x.slots), minHashSlots)
	for uint64(x.used+n)*4 > uint64(size)*3 {
		size *= 2
	}
	if size == len(x.slots) {
		return
	}
	old := x.slots
	x.slots = make([]hashSlot, size)
	for _, s := range old {
		if s.entry != 0 {
			x.insert(s)
		}
	}
}

// insert puts s into the first free slot from its own on; there must be one.
func (x *hashIndex) insert(s hashSlot) {
	mask := uint32(len(x.slots) - 1)
	at := s.hash & mask
	for x.slots[at].entry != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = s
}
