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

func write(t *testing.T, m *validatortest.Module) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.wasm")
	is.New(t).NoErr(os.WriteFile(file, m.Bytes(), 0o666))
	return file
}

func TestParallel(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").Func(0, "", "nop nop").Func(0, "i32", "").Export("f", "func 0")
	var out strings.Builder
	is.NoErr(run(write(t, m), 3, &out))
	is.Equal(out.String(), "1 exports, 2 functions, compiled to 32 bytes\n")
}

func TestParallelRealModule(t *testing.T) {
	for _, workers := range []int{1, 2, 8} {
		is := is.New(t)
		var out strings.Builder
		is.NoErr(run("../../testdata/gotool.wasm", workers, &out))
		is.True(strings.Contains(out.String(), " functions, compiled"))
	}
}

// The error is that of the first function that is not valid, whoever finds it.
func TestParallelFirstError(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func")
	for range 50 {
		m.Func(0, "", strings.Repeat("nop ", 1000))
	}
	m.Func(0, "", strings.Repeat("nop ", 20_000)+"drop").Func(0, "", "drop").Func(0, "", "drop")
	file := write(t, m)
	for range 20 {
		err := run(file, 4, &strings.Builder{})
		var e *validator.Error
		is.True(errors.As(err, &e))
		is.Equal(e.Func, 50)
	}
}

func TestParallelUnreadable(t *testing.T) {
	is := is.New(t)
	is.True(run("no such file", 1, &strings.Builder{}) != nil)
}
