package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// One invalid function does not keep the validator from the next.
func TestDrive(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").
		Func(0, "i32", "local.get 0 drop").
		Func(0, "", "@i32.eqz drop").
		Func(0, "", "nop")
	file := filepath.Join(t.TempDir(), "test.wasm")
	is.NoErr(os.WriteFile(file, m.Bytes(), 0o666))
	var out strings.Builder
	is.NoErr(run(file, &out))
	lines := strings.Split(out.String(), "\n")
	is.True(strings.HasPrefix(lines[0], "invalid: func 1: i32.eqz: type mismatch"))
	is.True(strings.Contains(lines[0], fmt.Sprintf("0x%x", m.Mark())))
	is.Equal(lines[1], "2 of 3 functions are valid")
}

func TestDriveRealModule(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(run("../../testdata/algorithms.wasm", &out))
	var valid, all int
	_, err := fmt.Sscanf(out.String(), "%d of %d functions are valid\n", &valid, &all)
	is.NoErr(err)
	is.True(all > 10)
	is.Equal(valid, all)
}

func TestDriveUnreadable(t *testing.T) {
	is := is.New(t)
	is.True(run("no such file", &strings.Builder{}) != nil)
}
