package mutate_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

func TestSeedsAreValid(t *testing.T) {
	for _, s := range mutate.Seeds() {
		t.Run(s.Name, func(t *testing.T) {
			_, err := validator.Validate(t.Context(), s.Wasm, validator.WithFeatures(s.Features))
			is.New(t).NoErr(err)
		})
	}
}

// The same choices make the same mutant, and the module is left as it was.
func TestMutateIsDeterministic(t *testing.T) {
	is := is.New(t)
	for _, s := range mutate.Seeds() {
		before, donor := bytes.Clone(s.Wasm), mutate.Parse(s.Wasm)
		for seed := range uint64(50) {
			a := mutate.Mutate(rand.New(rand.NewPCG(seed, 0)), s.Wasm, donor)
			b := mutate.Mutate(rand.New(rand.NewPCG(seed, 0)), s.Wasm, donor)
			is.Equal(a, b)
		}
		is.Equal(before, s.Wasm)
	}
}

// Mutants are of every kind: many are valid, many invalid, and those that are
// malformed are a minority.
func TestMutantsAreNearlyRight(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var donors []mutate.Module
	for _, s := range mutate.Seeds() {
		donors = append(donors, mutate.Parse(s.Wasm))
	}
	counts := map[validator.Kind]int{}
	const n = 5_000
	for i := range n {
		seeds := mutate.Seeds()
		s := seeds[i%len(seeds)]
		_, err := validator.Validate(context.Background(), mutate.Mutate(r, s.Wasm, donors...),
			validator.WithFeatures(s.Features), validator.WithWorkers(1))
		var e *validator.Error
		if errors.As(err, &e) {
			counts[e.Kind]++
		} else {
			counts[0]++
		}
	}
	t.Logf("of %d mutants %d are valid, %d invalid, %d malformed, %d past a limit",
		n, counts[0], counts[validator.Invalid], counts[validator.Malformed], counts[validator.Limit])
	if counts[0] < n/10 || counts[validator.Invalid] < n/4 || counts[validator.Malformed] > n/2 || counts[validator.Limit] == 0 {
		t.Error("too few of a kind")
	}
}

// A script without bytes is a script of zeros.
func TestScriptEnds(t *testing.T) {
	is := is.New(t)
	c := mutate.Script([]byte{1, 2, 3})
	is.Equal([]int{c.IntN(256), c.IntN(10), c.IntN(1000), c.IntN(5)}, []int{1, 2, 3, 0})
	_ = mutate.Mutate(mutate.Script(nil), nil)
}

// Whatever is taken apart comes out again as it was: real modules, seeds, and what
// is left of them when bytes are wrong.
func TestNothingIsLost(t *testing.T) {
	keep := mutate.Transformation{Name: "none"}
	same := func(wasm []byte) {
		t.Helper()
		if out := keep.Apply(nil, wasm).Wasm; !bytes.Equal(out, wasm) {
			t.Fatalf("% x became % x", wasm, out)
		}
	}
	for _, m := range realmodules.All() {
		if len(m.Bytes) < 1<<20 { // an operator takes some memory when it is apart
			same(m.Bytes)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, s := range mutate.Seeds() {
		same(s.Wasm)
		for range 50 {
			same(mutate.Bytes(r, s.Wasm))
			same(mutate.Mutate(r, s.Wasm))
		}
	}
}
