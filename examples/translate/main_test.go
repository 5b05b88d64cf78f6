package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// write puts a module into a file.
func write(t *testing.T, m *validatortest.Module) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.wasm")
	if err := os.WriteFile(file, m.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTranslate(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().
		Type("func (param i32) (result i32)").
		Func(0, "2 i64", "local.get 0 local.get 0 i32.add").
		Func(0, "", "local.get 0 return drop nop")
	m.Func(0, "", "unreachable")
	var out strings.Builder
	is.NoErr(run(write(t, m), &out))
	// Two operators and an end after each of return and unreachable: the end
	// comes in unreachable code too.
	is.Equal(out.String(), "3 functions, 11 operators, 4 without code, at most 5 registers\n")
}

func TestTranslateRealModule(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(run("../../testdata/gotool.wasm", &out))
	is.True(strings.Contains(out.String(), " functions, ")) // the summary
}

func TestTranslateInvalid(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").
		Func(0, "", "i32.const 1 drop").
		Func(0, "", "i64.const 1 @i32.eqz drop")
	err := run(write(t, m), &strings.Builder{})
	var e *validator.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Func, 1)
	is.Equal(e.Offset, m.Mark())
}
