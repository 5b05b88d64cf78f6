package explain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What trials and fuzzing have found, each as the smallest module that shows it.

// A data segment may begin in a section and go on behind its end.
func TestExpressionBehindTheEndOfItsSection(t *testing.T) {
	explained(t, []byte("\x00asm\x01\x00\x00\x00\x0B\x04\x00\xB3\xDD\xAA\x00\x00"), ops.Default)
}

// An error may be about other bytes than those that are given.
func TestErrorOfAnotherModule(t *testing.T) {
	wasm := []byte("\x00asm\x01\x00\x00\x00\x03\x01\x00\x01\x01\x00")
	_, err := validator.Validate(t.Context(), wasm)
	var refused *validator.Error
	is.New(t).True(errors.As(err, &refused))
	for _, other := range []string{"some text that is not a module", string(wasm[:8]), ""} {
		for offset := range 12 {
			moved := *refused
			moved.Offset = offset
			_ = explain.Explain([]byte(other), &moved).Text(explain.TextOptions{})
		}
	}
}

// What one operator pushed with others above it is not on top behind the operator, and
// nothing is proposed there.
func TestHintsBehindSeveralResults(t *testing.T) {
	is := is.New(t)
	m := func(body string) *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("func (result i32 f64)").Type("func (param i64 f64)").
			Type("func (result i64)").Type("func (result i32 i64)").
			Import("m", "a", "func 1").Import("m", "b", "func 2").Import("m", "c", "func 4").Func(0, "", body).Func(3, "", "call 2")
	}
	for _, h := range diagnose(t, m("call 0 call 1")).Hints {
		is.True(!strings.Contains(h.Text, "behind"))
	}
	for _, h := range diagnose(t, m("")).Hints {
		is.True(!strings.Contains(h.Text, "behind"))
	}
}

// An operator that takes other operands is no sibling.
func TestSiblingTakesTheSame(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").Memory("1").
		Func(0, "", "i32.const 0 i64.const 0 i64.atomic.rmw.add i32.eqz drop"))
	for _, h := range d.Hints {
		is.True(!strings.Contains(h.Replace, "i32.atomic"))
	}
}

// A type that operands do not share, or that nobody can write, is not proposed.
func TestTypesThatCannotBeProposed(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func").Func(0, "", "f32.const 0 ref.null func i32.const 0 select drop"))
	for _, h := range d.Hints {
		is.Equal(h.Replace, "")
	}
	d = diagnose(t, validatortest.NewModule().Type("func").Func(0, "", "block unreachable select end"))
	for _, h := range d.Hints {
		is.True(!strings.Contains(h.Text+h.Replace, "bot)"))
	}
}
