package state

import (
	"encoding/binary"
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// flatLocals is how many locals have their types in a flat table. Real
// functions have fewer; a hostile one declares 50,000 in three bytes, again and
// again, and must not make each of its functions pay for all of them.
const flatLocals = 1024

// ShortLocals is how many locals have an index of one byte.
const ShortLocals = 128

// NoLocal stands in the flat table for the type of a local that does not exist or
// may not be read yet. It is the type of no value.
const NoLocal ops.ValType = 1 << 31

// Locals are the parameters and declared locals of one function, and which of
// them are initialised.
//
// Specification: 3.1.6 "Contexts", locals; 3.1.5 "Local Types".
type Locals struct {
	// Short holds the number or vector type of each local whose index takes one
	// byte; 0 where there is no local, where it may not be read yet, and where it
	// has another type.
	Short [ShortLocals]uint8

	// flat holds the types of the first locals by index. An entry is NoLocal
	// while the local is not initialised and where there is none, so that one look
	// at it answers both what the type is and whether the local may be read. It is
	// empty where Short says all that there is to say.
	flat []ops.ValType

	// params are the parameters, a list that belongs to the table of types.
	params []ops.ValType
	groups []localGroup // of the declared locals
	count  uint32
	// inits lists the locals without default value that have been set, in the
	// order in which it happened; leaving a block takes its part of the list back.
	inits []uint32
	// beyond has a bit for each initialised local that is not in flat and whose
	// type has no default. Only the words up to beyondLen belong to this function.
	beyond    []uint64
	beyondLen int
}

// localGroup is a run of locals of one type; it ends before the index end.
type localGroup struct {
	end  uint32
	kind ops.ValType
}

// Reset forgets everything and declares the parameters, which are initialised.
func (l *Locals) Reset(params []ops.ValType) {
	l.groups = l.groups[:0]
	l.inits = l.inits[:0]
	l.beyondLen = 0
	if len(params) > manyParams && len(params) == len(l.params) && &params[0] == &l.params[0] {
		// Functions of one type in a row: nothing changes parameters.
		clear(l.Short[min(len(params), ShortLocals):min(l.count, ShortLocals)])
		l.flat = l.flat[:min(len(params), len(l.flat))]
	} else {
		l.resetParams(params)
	}
	l.params, l.count = params, uint32(len(params))
	if len(params) > flatLocals {
		l.initialiseBeyond(params[flatLocals:])
	}
}

// manyParams is how many parameters are quicker declared anew than recognised.
const manyParams = 16

// resetParams declares the parameters that have an entry in Short or flat.
func (l *Locals) resetParams(params []ops.ValType) {
	plain := len(params) <= ShortLocals
	l.flat, l.Short = l.flat[:0], [ShortLocals]uint8{}
	for i, p := range params[:min(len(params), ShortLocals)] {
		l.Short[i] = short(p)
		plain = plain && l.Short[i] != 0
	}
	if !plain {
		l.flat = append(l.flat, params[:min(len(params), flatLocals)]...)
	}
}

// initialiseBeyond marks the parameters that are not in flat as initialised.
func (l *Locals) initialiseBeyond(params []ops.ValType) {
	if !slices.ContainsFunc(params, func(p ops.ValType) bool { return !p.Defaultable() }) {
		return
	}
	l.growBeyond(l.count)
	for i := uint32(flatLocals); i < l.count; i++ {
		l.beyond[i/64] |= 1 << (i % 64)
	}
}

// short returns t as an entry of Short.
func short(t ops.ValType) uint8 {
	if t > ops.V128 {
		return 0
	}
	return uint8(t)
}

// Declare adds count locals of type t. The sum of all counts must fit uint32.
func (l *Locals) Declare(count uint32, t ops.ValType) {
	if count == 0 {
		return
	}
	first := l.count
	if s := short(t); s != 0 && len(l.flat) == 0 && uint64(first)+uint64(count) <= ShortLocals-wordLen {
		l.declareShort(first, first+count, s)
	} else {
		l.declareFlat(first, first+count, t)
	}
	l.count += count
	l.groups = append(l.groups, localGroup{end: l.count, kind: t})
}

// wordLen is how many entries of Short are written at once.
const wordLen = 8

// declareShort declares the locals from first to before last in Short alone: with those
// of nearly every function there is nothing to be said that it does not say.
func (l *Locals) declareShort(first, last uint32, t uint8) {
	word := uint64(t) * 0x0101010101010101
	for i := first; i < last; i += wordLen {
		binary.LittleEndian.PutUint64(l.Short[i:], word)
	}
	binary.LittleEndian.PutUint64(l.Short[last:], 0) // what was written in excess
}

// declareFlat declares the locals from first to before last in flat, and in Short those
// that belong there.
func (l *Locals) declareFlat(first, last uint32, t ops.ValType) {
	l.flatten()
	first, end := min(first, flatLocals), min(last, flatLocals)
	shown := t
	if !t.Defaultable() {
		shown = NoLocal
		if last > flatLocals {
			l.growBeyond(last)
		}
	}
	l.flat = slices.Grow(l.flat, int(end-first))[:end]
	fill(l.flat[first:], shown)
	if first < ShortLocals {
		fill(l.Short[first:min(end, ShortLocals)], short(shown))
	}
}

// flatten enters the locals in flat that are only in Short so far.
func (l *Locals) flatten() {
	if len(l.flat) > 0 {
		return
	}
	for _, t := range l.Short[:min(l.count, ShortLocals)] {
		l.flat = append(l.flat, ops.ValType(t))
	}
}

// fill sets all elements of s to v, at the speed of copying memory: a hostile
// function declares a thousand locals in three bytes.
func fill[T any](s []T, v T) {
	if len(s) == 0 {
		return
	}
	s[0] = v
	for n := 1; n < len(s); n *= 2 {
		copy(s[n:], s[:n])
	}
}

// growBeyond extends the bits of this function to count locals.
func (l *Locals) growBeyond(count uint32) {
	words := int(count/64) + 1
	l.beyond = slices.Grow(l.beyond[:l.beyondLen], words-l.beyondLen)[:words]
	clear(l.beyond[l.beyondLen:])
	l.beyondLen = words
}

// Len returns the number of locals, parameters included.
func (l *Locals) Len() uint32 { return l.count }

// At returns the type of the local at index i if that is quickly said and the
// local may be read, and NoLocal otherwise.
func (l *Locals) At(i uint32) ops.ValType {
	if i < ShortLocals && l.Short[i] != 0 {
		return ops.ValType(l.Short[i])
	}
	if int64(i) < int64(len(l.flat)) {
		return l.flat[i]
	}
	return NoLocal
}

// Type returns the declared type of the local at index i; ok is false when
// there is none.
func (l *Locals) Type(i uint32) (t ops.ValType, ok bool) {
	if i >= l.count {
		return ops.Bot, false
	}
	if i < uint32(len(l.flat)) && l.flat[i] != NoLocal {
		return l.flat[i], true
	}
	if int64(i) < int64(len(l.params)) {
		return l.params[i], true
	}
	k, _ := slices.BinarySearchFunc(l.groups, i, func(g localGroup, i uint32) int {
		if g.end <= i {
			return -1
		}
		return 1
	})
	return l.groups[k].kind, true
}

// Initialized reports whether the local at index i, whose type is t, may be read.
func (l *Locals) Initialized(i uint32, t ops.ValType) bool {
	switch {
	case i < uint32(len(l.flat)):
		return l.flat[i] != NoLocal
	case t.Defaultable():
		return true
	}
	return l.beyond[i/64]&(1<<(i%64)) != 0
}

// Initialize records that the local at index i, whose type is t, has been set.
func (l *Locals) Initialize(i uint32, t ops.ValType) {
	if l.Initialized(i, t) {
		return
	}
	if i < uint32(len(l.flat)) {
		l.flat[i] = t
	} else {
		l.beyond[i/64] |= 1 << (i % 64)
	}
	l.inits = append(l.inits, i)
}

// Inits returns how many locals without default value have been set so far: the
// mark to give to [Locals.Restore] when the block that starts here is left.
func (l *Locals) Inits() uint32 { return uint32(len(l.inits)) }

// Restore takes back the initialisations that came after the mark.
//
// Specification: 3.4.12 "Instruction Sequences": what a block initialises is
// not initialised after it.
func (l *Locals) Restore(mark uint32) {
	if mark == uint32(len(l.inits)) {
		return
	}
	for _, i := range l.inits[mark:] {
		if i < uint32(len(l.flat)) {
			l.flat[i] = NoLocal
		} else {
			l.beyond[i/64] &^= 1 << (i % 64)
		}
	}
	l.inits = l.inits[:mark]
}
