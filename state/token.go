package state

import (
	"errors"
	"sync/atomic"
)

// ErrSpent is what every use of a spent handle reports. The error that comes
// back wraps it and is a [*SpentError], which says what spent the handle.
var ErrSpent = errors.New("handle is spent")

// SpentError reports the use of a handle that a transition had spent.
type SpentError struct {
	// By names the transition that spent the handle. It is empty for the zero
	// value of a handle, which is spent from the start, and when more than
	// eight transitions have happened since.
	By string
	// Zero says that the handle was the zero value.
	Zero bool
}

// Error says which transition spent the handle.
func (e *SpentError) Error() string {
	switch {
	case e.Zero:
		return ErrSpent.Error() + ": it is the zero value"
	case e.By == "":
		return ErrSpent.Error() + ": by an earlier transition"
	}
	return ErrSpent.Error() + ": by " + e.By
}

// Unwrap returns [ErrSpent].
func (e *SpentError) Unwrap() error { return ErrSpent }

// Transition numbers a way in which a handle is spent: an index into the names
// that were given to [Cell.Init], below 8.
type Transition uint8

// A Cell is the one thing that all handles of a resource share: it knows which
// of them is the live one. A resource that is used through handles embeds a
// Cell, prepared with [Cell.Init], and gives each handle a [Token].
//
// A Cell must not be copied. Its methods and those of its tokens are safe for
// concurrent use: of several goroutines that spend the same token, one wins.
type Cell struct {
	// word packs the generation of the live token above the last transitions,
	// the newest in the lowest bits. One atomic word answers both questions
	// that a stale token asks, am I live and what spent me, without a lock and
	// without touching anything that the live handle uses.
	word  atomic.Uint64
	names []string
}

const (
	transitionBits = 3
	transitionMask = 1<<transitionBits - 1
	historyLen     = 8
	historyBits    = historyLen * transitionBits
	historyMask    = 1<<historyBits - 1

	// maxGeneration is the last generation, after which the first comes again. A token
	// that is kept while a trillion others are spent, which takes hours of nothing else,
	// is taken for the live one until the next is.
	maxGeneration = 1<<(64-historyBits) - 1
)

// Init prepares c and returns its first live token. The names are those of the
// transitions that spend a token, at most 8; the slice is kept. Init must be
// called once, before any other use.
func (c *Cell) Init(names []string) Token {
	c.names = names
	c.word.Store(1 << historyBits)
	return Token{cell: c, generation: 1}
}

// IsLive is [Token.Live] of the token of c with the generation, for code that asks so
// often that a token, which refers to its cell, is one word too many.
func (c *Cell) IsLive(generation uint64) bool { return c.word.Load()>>historyBits == generation }

// Err is [Token.Err] of the token of c with the generation.
func (c *Cell) Err(generation uint64) error { return Token{c, generation}.Err() }

// A Token makes the value that holds it usable once: exactly one token of a
// [Cell] is live, and spending it makes the next one. Copies of a token are the
// same token; when one is spent, all are. The zero Token is spent.
type Token struct {
	cell       *Cell
	generation uint64
}

// Live reports whether t has not been spent. It is one atomic load.
//
//spent:safe
func (t Token) Live() bool {
	return t.cell != nil && t.cell.IsLive(t.generation)
}

// Generation tells t from the other tokens of its cell. That of the zero Token is 0.
//
//spent:safe
func (t Token) Generation() uint64 { return t.generation }

// Err returns nil while t is live, and a [*SpentError] after that, in constant
// time.
//
//spent:safe
func (t Token) Err() error {
	if t.Live() {
		return nil
	}
	return t.spent()
}

// Spend ends the life of t by the transition and returns the token that is now
// live. When t is spent already it returns a [*SpentError] and changes nothing.
//
//spent:receiver
//spent:unless-error
//spent:must
func (t Token) Spend(by Transition) (Token, error) {
	if t.cell == nil {
		return Token{}, t.spent()
	}
	old := t.cell.word.Load()
	history := (old<<transitionBits | uint64(by)&transitionMask) & historyMask
	next := t.generation + 1
	if next > maxGeneration {
		next = 1
	}
	if old>>historyBits != t.generation || !t.cell.word.CompareAndSwap(old, next<<historyBits|history) {
		return t, t.spent()
	}
	return Token{cell: t.cell, generation: next}, nil
}

// spent builds the error for a token that is not live.
func (t Token) spent() error {
	if t.cell == nil {
		return &SpentError{Zero: true}
	}
	word := t.cell.word.Load()
	age := (word>>historyBits + maxGeneration - t.generation) % maxGeneration
	if age == 0 || age > historyLen {
		return &SpentError{}
	}
	by := word >> ((age - 1) * transitionBits) & transitionMask
	if int(by) >= len(t.cell.names) {
		return &SpentError{}
	}
	return &SpentError{By: t.cell.names[by]}
}
