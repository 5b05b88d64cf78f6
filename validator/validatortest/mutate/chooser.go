package mutate

// Chooser makes the choices of which field is changed, and how. A *rand.Rand of
// math/rand/v2 is one, a [Script] another.
type Chooser interface {
	// IntN returns a number from 0 to n-1; n is at least 1.
	IntN(n int) int
}

// Script returns a chooser that takes its choices from the bytes, as a fuzzer
// makes them. When they are used up, it chooses 0.
func Script(b []byte) Chooser { return &script{b} }

type script struct{ rest []byte }

func (s *script) IntN(n int) int {
	v := 0
	for most := 1; most < n && len(s.rest) > 0 && most < 1<<16; most <<= 8 {
		v = v<<8 | int(s.rest[0])
		s.rest = s.rest[1:]
	}
	return v % n
}

// one returns one of the values.
func one[T any](c Chooser, values []T) T { return values[c.IntN(len(values))] }

// perm returns the numbers from 0 to n-1 in some order.
func perm(c Chooser, n int) []int {
	p := make([]int, n)
	for i := range p {
		j := c.IntN(i + 1)
		p[i] = p[j]
		p[j] = i
	}
	return p
}
