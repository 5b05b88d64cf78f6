package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// expect compares our verdicts with those that the generator expects, over all
// proposals: what it makes is valid, and of a module with a fault it knows what is
// to be said.
func (c campaign) expect() (*result, error) {
	start := time.Now()
	r := &result{
		judge: "what the generator expects", seed: c.seed, features: ops.All,
		coverage: coverage{}, faults: newFaults(generate.Faults()),
		sources: []*tally{{source: generatedModules}, {source: faultyModules}},
	}
	err := c.expectValid(r, r.sources[0])
	if err == nil {
		err = c.expectFaulty(r, r.sources[1])
	}
	r.took = time.Since(start)
	return r, err
}

// expectValid generates modules without a fault.
func (c campaign) expectValid(r *result, t *tally) error {
	for m := newMaker(c.seed, r.features); t.modules < c.generated && !c.ended(); {
		f := m.some()
		wasm, err := m.module(f)
		if err != nil {
			return err
		}
		r.coverage.add(wasm)
		t.expect(wasm, f, nil)
	}
	return nil
}

// expectFaulty generates modules with one fault, each fault in turn.
func (c campaign) expectFaulty(r *result, t *tally) error {
	n := uint64(len(r.faults.list))
	for seed := c.seed << 32; t.modules < c.faulty && !c.ended(); seed++ {
		fault, set := r.faults.list[seed%n], expectedSets[seed/n%uint64(len(expectedSets))]
		if set.Missing(fault.Needs) != 0 {
			continue
		}
		wasm, want, ok, err := generate.Faulty(seed, generate.Config{Features: set, Funcs: 2, Operators: 20}, fault)
		if err != nil {
			return fmt.Errorf("seed %d, fault %q: %w", seed, fault.Name, err)
		}
		if ok {
			r.faults.modules[fault.Name]++
			t.expect(wasm, set&^fault.Without, &want)
		}
	}
	return nil
}

// expect counts a module of which want is to be said; nil says that it is valid.
func (t *tally) expect(wasm []byte, f ops.Features, want *generate.Expected) {
	t.modules++
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
	switch {
	case want == nil && err == nil:
		t.valid++
	case want != nil && meets(err, want):
		t.invalid++
	default:
		t.note(unexpected(wasm, err, f, want))
	}
}

// unexpected returns the disagreement about a module of which err was said and not
// what is expected.
func unexpected(wasm []byte, err error, f ops.Features, want *generate.Expected) *disagreement {
	d := &disagreement{ours: verdict{valid: err == nil}, theirs: verdict{valid: want == nil}, modules: 1, wasm: wasm, features: f}
	if err != nil {
		d.ours.message = err.Error()
	}
	if want != nil {
		d.theirs.message = fmt.Sprintf("%v: %s… at %#x, for want of %v", want.Kind, want.Message, want.Offset, want.Feature)
	}
	return d
}

// meets reports whether an error says what is expected.
func meets(err error, want *generate.Expected) bool {
	var e *validator.Error
	return errors.As(err, &e) && e.Kind == want.Kind && strings.HasPrefix(e.Message, want.Message) &&
		(want.Offset < 0 || e.Offset == want.Offset) && (want.Feature == 0 || e.Feature&want.Feature != 0)
}

// expectedSets are the features that modules with a fault are made with.
var expectedSets = []ops.Features{ops.All, ops.Default, ops.Wasm3, ops.Wasm2, ops.Default | ops.LegacyExceptions}
