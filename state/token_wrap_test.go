package state

import (
	"errors"
	"testing"

	"github.com/matryer/is"
)

// TestGenerationsWrap begins in front of the last generation: through the public API,
// it would take hours to get there. It is the one test in the package itself.
func TestGenerationsWrap(t *testing.T) {
	is := is.New(t)
	c := new(Cell)
	token := c.Init([]string{"A", "B"})
	token.generation = maxGeneration - 2
	c.word.Store(token.generation << historyBits)
	var spent []Token
	for i := range 6 {
		is.True(token.Live())
		is.NoErr(token.Err())
		next, err := token.Spend(Transition(i % 2))
		is.NoErr(err)
		spent, token = append(spent, token), next
		for k, old := range spent {
			is.True(!old.Live())
			var e *SpentError
			is.True(errors.As(old.Err(), &e))
			is.Equal(*e, SpentError{By: string(rune('A' + k%2))}) // each knows what spent it
			_, err := old.Spend(0)
			is.True(errors.Is(err, ErrSpent))
		}
		is.True(!c.IsLive(0)) // which is that of the zero value
	}
	is.Equal(token.Generation(), uint64(4)) // after three of the old generations and three new ones
}
