package validator_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	mutation "github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// serial validates a module with one worker.
func serial(wasm []byte, f ops.Features) (*module.Module, error) {
	return validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
}

// sameUnder applies a transformation to a module and returns what comes of it, and
// a description of what should have stayed the same about the verdict, or "".
func sameUnder(t mutation.Transformation, c mutation.Chooser, wasm []byte, f ops.Features) ([]byte, string) {
	if f.Missing(t.Needs) != 0 {
		return wasm, ""
	}
	changed := t.Apply(c, wasm)
	before, beforeErr := serial(wasm, f)
	after, afterErr := serial(changed.Wasm, f)
	var b, a *validator.Error
	errors.As(beforeErr, &b)
	errors.As(afterErr, &a)
	diff := ""
	switch {
	case b == nil && a == nil:
		// What is written in another way needs what its form needs, and no more.
		if more := after.RequiredFeatures() &^ before.RequiredFeatures() &^ t.Needs.Effective(); more != 0 {
			diff = fmt.Sprintf("needs %v, and before %v", after.RequiredFeatures(), before.RequiredFeatures())
		}
	case a != nil && a.Kind == validator.Limit || b != nil && b.Kind == validator.Limit:
		// The module has become larger, or was too large already.
	case b == nil:
		diff = fmt.Sprintf("was valid, and is %v", a)
	case t.Keeps == mutation.Valid:
	case a == nil:
		diff = fmt.Sprintf("is valid, and was %v", b)
	case a.Kind != b.Kind:
		diff = fmt.Sprintf("is %v, and was %v", a, b)
	case t.Keeps == mutation.Message:
		diff = sameError(b, a, a.Offset)
	case t.Keeps == mutation.Error:
		at, ok := changed.Offset(b.Offset)
		if !ok {
			at = a.Offset
		}
		diff = sameError(b, a, at)
	}
	if diff != "" {
		diff = fmt.Sprintf("%s: %s\nfeatures %v\nbefore % x\nafter  % x", t.Name, diff, f, wasm, changed.Wasm)
	}
	return changed.Wasm, diff
}

// sameError says what differs between the errors of a module before and after a
// transformation that has moved the place of the error.
func sameError(before, after *validator.Error, moved int) string {
	b, a := plain(before), plain(after)
	if b.Offset = moved; a != b {
		return fmt.Sprintf("got  %+v\nwant %+v", a, b)
	}
	return ""
}

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
					if _, diff := sameUnder(tr, r, wasm, f); diff != "" {
						t.Errorf("%s: %s", s.Name, diff)
					}
				}
			}
			for _, m := range realmodules.All() {
				if len(m.Bytes) > 1<<20 { // each takes a second
					continue
				}
				changed, diff := sameUnder(tr, r, m.Bytes, ops.Default)
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
