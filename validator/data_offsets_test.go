package validator_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// While the parser is at the data segments, other goroutines may be at the bodies in
// front of them. What is wrong with both is the same as with one goroutine.
func TestDataSegmentsBehindBodies(t *testing.T) {
	long := strings.Repeat("nop ", 40<<10)
	limits := validator.WithLimits(validator.Limits{ArrayOperands: 100})
	undeclared := validatortest.NewModule().Type("func").Memory("1").
		Func(0, "", long).Func(0, "", long).Func(0, "", "").Func(0, "", "ref.func 2 drop")
	malformed := validatortest.NewModule().Type("func").Type("array i32").Memory("1").
		Func(0, "", long).Func(0, "", long).Func(0, "", "(bytes 0xff)")
	invalid := validatortest.NewModule().Type("func").Type("array i32").Memory("1").
		Func(0, "", long).Func(0, "", long).Func(0, "", "drop")
	valid := validatortest.NewModule().Type("func").Type("array i32").Memory("1").
		Func(0, "", long).Func(0, "", long)
	for _, c := range []struct {
		name string
		m    *validatortest.Module
		data []byte // the section
		want string
	}{
		{"a function is mentioned in an offset only", undeclared, []byte{1, 0, 0xd2, 2, 0x0b, 0}, "invalid: func 3: ref.func: undeclared function reference"},
		{"past a limit behind a malformed body", malformed, []byte{1, 0, 0xfb, 8, 1, 101, 0x0b, 0}, "malformed: func 2: illegal opcode ff"},
		{"past a limit behind an invalid body", invalid, []byte{1, 0, 0xfb, 8, 1, 101, 0x0b, 0}, "invalid: func 2: drop: type mismatch"},
		{"past a limit", valid, []byte{1, 0, 0xfb, 8, 1, 101, 0x0b, 0}, "limit: array.new_fixed:"},
		{"of another type", valid, []byte{1, 0, 0xd2, 0, 0x0b, 0}, "invalid: end: type mismatch"},
	} {
		for _, workers := range []int{1, 2, 4} {
			t.Run(fmt.Sprintf("%s/%d workers", c.name, workers), func(t *testing.T) {
				wasm := c.m.Bytes()
				wasm = append(append(wasm[:len(wasm):len(wasm)], byte(module.SectionData), byte(len(c.data))), c.data...)
				for range 20 {
					_, err := validator.Validate(context.Background(), wasm, limits, validator.WithWorkers(workers))
					is.New(t).True(err != nil)
					if !strings.HasPrefix(err.Error(), c.want) {
						t.Fatalf("%v, want %s", err, c.want)
					}
				}
			})
		}
	}
}
