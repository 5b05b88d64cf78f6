package generate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// Every module with a fault gets the verdict that the specification has for it.
func TestFaulty(t *testing.T) {
	for _, f := range generate.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			made := 0
			for seed := range uint64(max(6, *seeds/4)) {
				for _, set := range []ops.Features{ops.All, ops.Wasm3, ops.Wasm2, ops.Default | ops.LegacyExceptions} {
					if f.Needs != 0 && set.Missing(f.Needs) != 0 {
						continue
					}
					wasm, want, ok, err := generate.Faulty(seed, generate.Config{Features: set, Funcs: 2, Operators: 20}, f)
					if err != nil {
						t.Fatalf("seed %d, features %v: %v", seed, set, err)
					}
					if ok {
						made++
						judge(t, wasm, set&^f.Without, want)
					}
				}
			}
			if made == 0 {
				t.Error("no module has a place for it")
			}
			t.Logf("%d modules", made)
		})
	}
}

// judge validates a module with a fault.
func judge(t *testing.T, wasm []byte, f ops.Features, want generate.Expected) {
	t.Helper()
	_, err := validator.Validate(t.Context(), wasm, validator.WithFeatures(f))
	var e *validator.Error
	if !errors.As(err, &e) {
		t.Errorf("valid, want %v %q", want.Kind, want.Message)
		return
	}
	if e.Kind != want.Kind || !strings.HasPrefix(e.Message, want.Message) {
		t.Errorf("%v %q, want %v %q", e.Kind, e.Message, want.Kind, want.Message)
	}
	if want.Offset >= 0 && e.Offset != want.Offset {
		t.Errorf("offset %#x, want %#x: %v", e.Offset, want.Offset, err)
	}
	if want.Feature != 0 && e.Feature&want.Feature == 0 {
		t.Errorf("feature %v, want %v: %v", e.Feature, want.Feature, err)
	}
}
