package state_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/state"
)

var names = []string{"zero", "one", "two", "three", "four", "five", "six", "seven"}

func newCell() (*state.Cell, state.Token) {
	c := new(state.Cell)
	return c, c.Init(names)
}

func TestTokenIsUsableOnce(t *testing.T) {
	is := is.New(t)
	_, first := newCell()
	is.True(first.Live())
	is.NoErr(first.Err())
	second, err := first.Spend(3)
	is.NoErr(err)
	is.True(!first.Live())
	is.True(second.Live())
	third, err := first.Spend(4) //spent:ignore the second Spend is what is tested
	is.True(errors.Is(err, state.ErrSpent))
	is.True(!third.Live())
	is.Equal(first.Err().Error(), "handle is spent: by three") // a failed Spend changes nothing
	is.NoErr(second.Err())
}

// Each token knows what spent it for as long as eight transitions, and stays
// spent after that.
func TestTokenHistory(t *testing.T) {
	is := is.New(t)
	_, live := newCell()
	var old []state.Token
	for i := range 100 {
		next, err := live.Spend(state.Transition(i * 3 % 8))
		is.NoErr(err)
		old = append(old, live)
		live = next
		for k, token := range old {
			var s *state.SpentError
			is.True(errors.As(token.Err(), &s))
			is.True(errors.Is(s, state.ErrSpent))
			is.True(!s.Zero)
			want := ""
			if i-k < 8 {
				want = names[k*3%8]
			}
			is.Equal(s.By, want)
		}
	}
	is.True(live.Live())
	is.Equal(old[0].Err().Error(), "handle is spent: by an earlier transition")
}

// What a cell says of a generation is what the token of that generation says.
func TestCellKnowsGenerations(t *testing.T) {
	is := is.New(t)
	cell, live := newCell()
	is.True(!cell.IsLive(state.Token{}.Generation()))
	tokens := []state.Token{live}
	for i := range 20 {
		next, err := live.Spend(state.Transition(i % 8))
		is.NoErr(err)
		tokens = append(tokens, next)
		for _, token := range tokens {
			is.Equal(cell.IsLive(token.Generation()), token.Live())
			is.Equal(cell.Err(token.Generation()), token.Err())
		}
		live = next
	}
	is.True(cell.IsLive(live.Generation()))
	is.True(!cell.IsLive(tokens[0].Generation()))
}

func TestZeroToken(t *testing.T) {
	is := is.New(t)
	var zero state.Token
	is.True(!zero.Live())
	_, err := zero.Spend(0)
	for _, err := range []error{err, zero.Err()} {
		var s *state.SpentError
		is.True(errors.As(err, &s))
		is.True(s.Zero)
		is.Equal(s.Error(), "handle is spent: it is the zero value")
	}
}

// A transition that has no name is not an index out of range.
func TestTransitionWithoutName(t *testing.T) {
	is := is.New(t)
	var c state.Cell
	token := c.Init([]string{"only"})
	_, err := token.Spend(7)
	is.NoErr(err)
	is.Equal(token.Err().Error(), "handle is spent: by an earlier transition")
}

func TestTokensOfTwoCells(t *testing.T) {
	is := is.New(t)
	_, a := newCell()
	_, b := newCell()
	_, err := a.Spend(0)
	is.NoErr(err)
	is.True(!a.Live())
	is.True(b.Live())
}

// Of many goroutines that spend a token at once one wins, and the others learn of
// it while the winner goes on.
func TestTokenConcurrently(t *testing.T) {
	is := is.New(t)
	const goroutines = 8
	_, live := newCell()
	stale := live
	for range 200 {
		var wins atomic.Int32
		winner := make(chan state.Token, goroutines)
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				next, err := live.Spend(1)
				if err == nil {
					wins.Add(1)
					winner <- next
				} else if !errors.Is(err, state.ErrSpent) || live.Live() {
					t.Errorf("lost, with %v", err)
				}
				if stale.Live() && stale != live {
					t.Error("a stale token is live")
				}
			})
		}
		wg.Wait()
		is.Equal(wins.Load(), int32(1))
		live = <-winner
	}
}

func TestTokenDoesNotAllocate(t *testing.T) {
	is := is.New(t)
	_, live := newCell()
	is.Equal(testing.AllocsPerRun(100, func() {
		next, err := live.Spend(2)
		if err != nil || live.Live() {
			panic(fmt.Sprint("not spent: ", err))
		}
		live = next
	}), 0.0)
}

func BenchmarkTokenLive(b *testing.B) {
	_, live := newCell()
	for b.Loop() {
		if !live.Live() {
			b.Fatal("spent")
		}
	}
}
