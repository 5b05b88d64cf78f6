package validator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Plain data segments are passed over together, but only where there is nothing about
// them to be judged. The last segment is long, so that those before it are looked at.
func TestPlainSegments(t *testing.T) {
	const at, long = "i32.const 0", "abcdefghijkl"
	m := validatortest.NewModule
	plain := func(m *validatortest.Module) *validatortest.Module { return m.Data(at, "abc").Data(at, "") }
	refused := invalidAfter(2, "type mismatch")
	for _, c := range []struct {
		name   string
		module *validatortest.Module
		want   refusal
	}{
		{"32-bit memory", plain(m().Memory("1")).Data(at, long), refusal{}},
		{"32-bit memory, then a 64-bit one", plain(m().Memory("1").Memory("i64 1")).Data("(memory 1) i64.const 0", long), refusal{}},
		{"imported memory", plain(m().Import("m", "m", "memory 1")).Data("", long), refusal{}},
		{"64-bit memory", m().Memory("i64 1").Data("@"+at, "abc").Data("i64.const 0", long), refused},
		{"64-bit memory, second segment", m().Memory("i64 1").Data("i64.const 0", "abc").Data("@"+at, long).Data("i64.const 0", long), refused},
		{"64-bit memory, then a 32-bit one", plain(m().Memory("i64 1").Memory("1").Data("(memory 1) i32.const 0", "abc").Data("@"+at, long)), refused},
		{"no memory", m().Type("func").Data("@"+at, "abc").Data("", long), invalidAfter(0, "unknown memory 0")},
		{"behind a plain one", plain(m().Memory("1")).Data("@i64.const 0", long).Data(at, long), refused},
		{"behind an invalid body", plain(m().Type("func").Memory("1").Func(0, "", "@drop")).Data("i64.const 0", long), refusal{kind: validator.Invalid, message: "type mismatch"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if wasm := c.module.Bytes(); c.want.message == "" {
				_, err := validator.Validate(t.Context(), wasm, validator.WithFeatures(ops.Wasm3))
				is.New(t).NoErr(err)
			} else {
				checkRefused(t, ops.Wasm3, c.module, c.want)
			}
			agree(t, c.name, rand.New(rand.NewPCG(1, 2)), c.module.Bytes(), ops.Wasm3)
		})
	}
}

// The segments that are passed over count.
func TestPlainSegmentsCount(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Memory("1")
	for range 20 {
		m.Data("i32.const 0", "abc")
	}
	declared, err := validator.Validate(t.Context(), m.Bytes())
	is.NoErr(err)
	is.Equal(declared.NumData(), 20)
	limits := validator.DefaultLimits()
	limits.DataSegments = 19
	_, err = validator.Validate(t.Context(), m.Bytes(), validator.WithLimits(limits))
	is.True(err != nil)
}
