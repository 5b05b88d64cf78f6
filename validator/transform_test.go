package validator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/testdata/trials/judge"
	mutation "github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// What must not matter does not matter: to small modules of every kind and to their
// mutants, and to real modules.
func TestTransformationsKeepTheVerdict(t *testing.T) {
	for _, tr := range mutation.Transformations() {
		t.Run(tr.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, uint64(len(tr.Name))))
			for _, s := range mutation.Seeds() {
				for i := range 40 {
					wasm, f := s.Wasm, ops.All
					if i%2 == 1 {
						f = s.Features
					}
					if i > 4 {
						wasm = mutation.Mutate(r, wasm)
					}
					if _, diff := judge.Transformation(tr, r, wasm, f); diff != "" {
						t.Errorf("%s: %s", s.Name, diff)
					}
				}
			}
			for _, m := range realmodules.All() {
				if len(m.Bytes) > 1<<20 { // each takes a second
					continue
				}
				changed, diff := judge.Transformation(tr, r, m.Bytes, ops.Default)
				if diff != "" {
					t.Errorf("%s: %.300s", m.Name, diff)
				}
				if len(changed) == 0 {
					t.Errorf("%s: nothing is left of it", m.Name)
				}
			}
		})
	}
}

// Every transformation changes some module.
func TestTransformationsChangeSomething(t *testing.T) {
	for _, tr := range mutation.Transformations() {
		changed := 0
		r := rand.New(rand.NewPCG(12, 0))
		for _, s := range mutation.Seeds() {
			for range 10 {
				if string(tr.Apply(r, s.Wasm).Wasm) != string(s.Wasm) {
					changed++
				}
			}
		}
		if changed == 0 {
			t.Errorf("%s: no module changed", tr.Name)
		}
	}
}
