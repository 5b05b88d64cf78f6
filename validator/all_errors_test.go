package validator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/testdata"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// errorsText lists errors in few words: function and first words of the message.
func errorsText(list []*validator.Error) (texts []string) {
	for _, e := range list {
		texts = append(texts, fmt.Sprintf("%v %d %.40s", e.Kind, e.Func, e.Message))
	}
	return texts
}

func TestErrorsOfOneModule(t *testing.T) {
	twoWrong := func() *validatortest.Module {
		return validatortest.NewModule().Type("func (result i32)").Type("func").
			Func(0, "", "i64.const 0").Func(1, "", "nop").Func(0, "", "local.get 3")
	}
	tests := []struct {
		name string
		wasm []byte
		want []string
	}{
		{"valid", validatortest.NewModule().Type("func").Func(0, "", "nop").Bytes(), nil},
		{"one for each body", twoWrong().Bytes(), []string{
			"invalid 0 type mismatch: instruction requires [i32", "invalid 2 unknown local 3",
		}},
		{"malformed first, invalid behind it", twoWrong().Func(1, "", "(bytes 0xff)").Bytes(), []string{
			"malformed 3 illegal opcode ff", "invalid 0 type mismatch: instruction requires [i32", "invalid 2 unknown local 3",
		}},
		{"malformed and invalid in one body", twoWrong().Func(1, "", "drop (bytes 0xff)").Bytes(), []string{
			"malformed 3 illegal opcode ff", "invalid 0 type mismatch: instruction requires [i32", "invalid 2 unknown local 3",
		}},
		{"exports, start, elements and data do not hide bodies", twoWrong().Memory("1").Table("1 funcref").
			Export("a", "func 9").Export("b", "func 1").Start(0).
			Elem("(offset i64.const 0) func 1").Elem("func 2").Data("i64.const 0", "x").Data("i32.const 0", "y").Data("f32.const 0", "z").
			Func(1, "", "ref.func 1 drop ref.func 2 drop i32.const 0 i32.const 0 i32.const 0 table.init 1").
			Func(1, "", "elem.drop 2").Bytes(), []string{
			"invalid -1 unknown function 9",
			"invalid -1 start function must not have parameters ",
			"invalid -1 type mismatch: instruction requires [i32",
			"invalid 0 type mismatch: instruction requires [i32",
			"invalid 2 unknown local 3",
			"invalid 4 unknown elem segment 2",
			"invalid -1 type mismatch: instruction requires [i32",
			"invalid -1 type mismatch: instruction requires [i32",
		}},
		{"a wrong global hides what is invalid", twoWrong().Global("i32", "i64.const 0").Func(1, "", "(bytes 0xff)").Bytes(), []string{
			"malformed 3 illegal opcode ff", "invalid -1 type mismatch: instruction requires [i32",
		}},
		{"a wrong type hides what is invalid", twoWrong().Type("func (param (ref 99))").Bytes(), []string{"invalid -1 unknown type 99"}},
		{"an element segment of an unknown type hides what is invalid", twoWrong().Elem("(ref 99)").Bytes(), []string{"invalid -1 unknown type 99"}},
		{"the end comes too early", cut(twoWrong().Func(1, "", "nop nop nop").Bytes(), 2), []string{
			"malformed -1 length out of bounds: the code section i", "invalid 0 type mismatch: instruction requires [i32", "invalid 2 unknown local 3",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			got, err := validator.Errors(context.Background(), tt.wasm, 100)
			is.NoErr(err)
			is.Equal(errorsText(got), tt.want)
		})
	}
}

// cut returns wasm without its last n bytes.
func cut(wasm []byte, n int) []byte { return wasm[:len(wasm)-n] }

func TestErrorsCapped(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Memory("1")
	for range 1000 {
		m.Func(0, "", "drop").Func(0, "3000 i32", "unreachable")
	}
	wasm := m.Data("f32.const 0", "x").Bytes()
	all, err := validator.Errors(context.Background(), wasm, 1<<30)
	is.NoErr(err)
	is.Equal(len(all), 1001)
	for _, limit := range []int{-1, 0, 1, 2, 500, 1000, 1001, 1002} {
		for _, workers := range []int{1, 3, 8} {
			got, err := validator.Errors(context.Background(), wasm, limit, validator.WithWorkers(workers))
			is.NoErr(err)
			is.Equal(got, all[:min(len(all), max(limit, 1))])
		}
	}
}

func TestErrorsLimit(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Func(0, "", "drop").Func(0, "10 i32", "nop").Func(0, "", "nop nop nop nop nop nop nop nop nop nop drop")
	got, err := validator.Errors(context.Background(), m.Bytes(), 10, validator.WithLimits(validator.Limits{Locals: 9, BodySize: 12}))
	is.NoErr(err)
	is.Equal(errorsText(got), []string{
		"limit -1 13 bytes of a function body exceed the l",
	}) // a section past a limit ends the work
	got, err = validator.Errors(context.Background(), m.Bytes(), 10, validator.WithLimits(validator.Limits{Locals: 9}))
	is.NoErr(err)
	is.Equal(errorsText(got), []string{
		"invalid 0 type mismatch: instruction requires an o", "limit 1 too many locals: 10 exceed the limit of ", "invalid 2 type mismatch: instruction requires an o",
	})
}

func TestErrorsContextEnded(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	cancel(cause)
	got, err := validator.Errors(ctx, validatortest.NewModule().Type("func").Func(0, "", "drop").Bytes(), 10)
	is.Equal(got, nil)
	is.Equal(err, cause)
}

// TestErrorsOfMutants checks what the documentation promises, on modules with
// bytes written over: the first error is that of Validate, the others are in
// order and the same for any number of workers, and where the spine is valid
// every body has the error that it has alone.
func TestErrorsOfMutants(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"algorithms.wasm", "shapes.wasm"} {
		base, err := testdata.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, uint64(len(base))))
		several, alone := 0, 0
		for range 1500 {
			wasm := bytes.Clone(base)
			for range 1 + r.IntN(8) {
				wasm[8+r.IntN(len(wasm)-8)] = byte(r.IntN(256))
			}
			is := is.New(t)
			_, verdict := validator.Validate(ctx, wasm)
			got, err := validator.Errors(ctx, wasm, 1000, validator.WithWorkers(1))
			is.NoErr(err)
			is.Equal(len(got) == 0, verdict == nil)
			if verdict == nil {
				continue
			}
			if len(got) > 1 {
				several++
			}
			is.Equal(error(got[0]), verdict)
			is.True(slices.IsSortedFunc(got[1:], func(a, b *validator.Error) int { return a.Offset - b.Offset }))
			again, err := validator.Errors(ctx, wasm, 1000, validator.WithWorkers(1+r.IntN(6)))
			is.NoErr(err)
			is.Equal(again, got)

			_, funcs, err := validator.Spine(ctx, wasm)
			if err != nil {
				continue
			}
			alone++
			want := 0
			for _, f := range funcs {
				a, err := f.IntoValidator(nil)
				is.NoErr(err)
				err = a.Validate(f.Body)
				_ = a.Abandon()
				if err == nil {
					continue
				}
				want++
				is.True(slices.ContainsFunc(got, func(e *validator.Error) bool { return *e == *err.(*validator.Error) }))
			}
			is.Equal(len(got), want)
		}
		if several < 20 || alone < 20 {
			t.Errorf("%s: only %d mutants with several errors, %d with a valid spine", name, several, alone)
		}
	}
}

// TestErrorsLimitOfData checks that errors of data, which come last, take no place
// from those of bodies.
func TestErrorsLimitOfData(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Export("a", "func 7").Func(0, "", "drop").Func(0, "", "nop").Func(0, "", "i32.eqz drop")
	for range 10 {
		m.Data("i32.const 0", "x") // and no memory
	}
	list, err := validator.Errors(context.Background(), m.Bytes(), 4)
	is.NoErr(err)
	var funcs []int
	for _, e := range list {
		funcs = append(funcs, e.Func)
	}
	is.Equal(funcs, []int{-1, 0, 2, -1})
}
