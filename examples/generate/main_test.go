package main

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Every module is valid, and consists of many different operators.
func TestGenerate(t *testing.T) {
	is := is.New(t)
	seen := map[ops.Op]bool{}
	for seed := range uint64(30) {
		wasm, err := generate(rand.New(rand.NewPCG(seed, 0)), 6, 150)
		is.NoErr(err)
		_, err = validator.Validate(t.Context(), wasm, validator.WithFeatures(features))
		is.NoErr(err)
		_, funcs, err := validator.Spine(t.Context(), wasm, validator.WithFeatures(features))
		is.NoErr(err)
		is.Equal(len(funcs), 6)
		for _, f := range funcs {
			d := ops.NewDecoder(f.Body.Bytes()[1:], 0, features)
			n := 0
			for _, in := range d.All() {
				seen[in.Op] = true
				n++
			}
			is.NoErr(d.Err())
			is.True(n > 150)
		}
	}
	t.Logf("%d operators seen", len(seen))
	is.True(len(seen) > 300)
}

// A seed always makes the same module, and another one another.
func TestGenerateSeed(t *testing.T) {
	is := is.New(t)
	one := func(seed uint64) []byte {
		wasm, err := generate(rand.New(rand.NewPCG(seed, 0)), 3, 50)
		is.NoErr(err)
		return wasm
	}
	is.Equal(one(5), one(5))
	is.True(!bytes.Equal(one(5), one(6)))
}
