package module

// hashIndex finds small numbers by a hash of what they stand for. It is an
// open-addressed table of eight bytes a slot: a million entries take 16 MB and
// one cache miss each, about a third of what a map of strings does. The hashes
// must be seeded, so that nobody can prepare entries that collide.
type hashIndex struct {
	slots   []hashSlot // a power of two, or none
	used    int
	fetched uint32 // what fetch has read, so that the compiler lets it read
}

// hashSlot is one entry; that of an empty one is 0.
type hashSlot struct{ hash, entry uint32 }

// minHashSlots is the size of the smallest table.
const minHashSlots = 64

// hashBatch is how many hashes are worth fetching at once: about as many as a
// processor can wait for.
const hashBatch = 16

// fetch brings the slots of the hashes near, for find and add. A large table lies in
// memory, and one find after the other waits for it; fetch waits once for all. It
// halves the time of a million exports.
func (x *hashIndex) fetch(hashes []uint32) {
	mask, read := uint32(len(x.slots)-1), uint32(0)
	for _, hash := range hashes {
		read |= x.slots[hash&mask].entry
	}
	x.fetched = read
}

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
