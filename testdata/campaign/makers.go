package main

import (
	"fmt"
	"math/bits"
	"math/rand/v2"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// maker makes modules.
type maker struct {
	random   *rand.Rand
	seed     uint64
	features ops.Features
	faults   faults
	base     []byte // what the next modules are mutated from
	left     int    // how many of them
}

func newMaker(seed uint64, f ops.Features) *maker {
	return &maker{random: rand.New(rand.NewPCG(seed, 1)), seed: seed << 32, features: f, faults: faultsWith(f)}
}

// mixed are two proposals against modules of which, if they have both, V8 has a rule
// of its own.
const mixed = ops.Exceptions | ops.LegacyExceptions

// generated returns the next generated module for a judge.
func (m *maker) generated() ([]byte, error) {
	f := m.some()
	if f&mixed == mixed {
		f &^= []ops.Features{ops.Exceptions, ops.LegacyExceptions}[m.random.IntN(2)]
	}
	return m.module(f)
}

// module returns the next generated module that is made of these features.
func (m *maker) module(f ops.Features) ([]byte, error) {
	m.seed++
	c := generate.Config{Features: f, Funcs: 1 + m.random.IntN(4), Operators: 5 + m.random.IntN(40)}
	wasm, err := generate.Module(m.seed, c)
	if err != nil {
		return nil, fmt.Errorf("seed %d, features %v: %w", m.seed, f, err)
	}
	return wasm, nil
}

// faulty returns the next module with one fault, each in turn.
func (m *maker) faulty() ([]byte, error) {
	for {
		m.seed++
		f := m.faults.list[m.seed%uint64(len(m.faults.list))]
		features := m.features
		switch {
		case features&mixed != mixed:
		case f.Needs&ops.LegacyExceptions == 0:
			features &^= ops.LegacyExceptions
		default:
			features &^= ops.Exceptions
		}
		wasm, _, ok, err := generate.Faulty(m.seed, generate.Config{Features: features, Funcs: 2, Operators: 20}, f)
		if err != nil {
			return nil, fmt.Errorf("seed %d, fault %q: %w", m.seed, f.Name, err)
		}
		if ok {
			m.faults.modules[f.Name]++
			return wasm, nil
		}
	}
}

// some returns features that a generated module can be made of: half of the time
// all, and otherwise a part of them, so that none is in every module.
func (m *maker) some() ops.Features {
	f := m.features
	if m.random.IntN(2) == 0 {
		return f
	}
	for rest := uint64(m.features &^ ops.MVP); rest != 0; rest &= rest - 1 {
		if bit := ops.Features(1) << bits.TrailingZeros64(rest); m.random.IntN(3) == 0 {
			f &^= bit
		}
	}
	return f
}

// mutants is how many modules are mutated from one that was generated.
const mutants = 10

// mutated returns the next mutated module.
func (m *maker) mutated() ([]byte, error) {
	if m.left == 0 {
		base, err := m.generated()
		if err != nil {
			return nil, err
		}
		m.base, m.left = base, mutants
	}
	m.left--
	wasm := mutate.Mutate(m.random, m.base)
	for m.random.IntN(4) == 0 {
		wasm = mutate.Mutate(m.random, wasm)
	}
	return wasm, nil
}
