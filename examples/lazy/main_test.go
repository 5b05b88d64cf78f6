package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// file has two exported functions, one of them invalid, and one that is not
// exported.
func file(t *testing.T) string {
	t.Helper()
	m := validatortest.NewModule().Type("func").
		Func(0, "", "nop").Func(0, "", "drop").Func(0, "", "drop").
		Memory("1").
		Export("good", "func 0").Export("bad", "func 1").Export("memory", "memory 0").Export("again", "func 0")
	name := filepath.Join(t.TempDir(), "test.wasm")
	is.New(t).NoErr(os.WriteFile(name, m.Bytes(), 0o666))
	return name
}

func TestLazy(t *testing.T) {
	const bad = "bad traps: invalid: func 1: drop: type mismatch: instruction requires an operand but stack has [] (at offset "
	for _, c := range []struct {
		name  string
		calls []string
		want  []string // the beginning of each line
	}{
		{"one", []string{"good"}, []string{"1 calls, 1 of 3 functions validated"}},
		{"one by two names", []string{"good", "again", "good"}, []string{"3 calls, 1 of 3 functions validated"}},
		{"all", nil, []string{bad, "3 calls, 2 of 3 functions validated"}},
		{"twice", []string{"bad", "bad"}, []string{bad, bad, "2 calls, 1 of 3 functions validated"}},
		{"unknown", []string{"memory"}, []string{`memory traps: no function is exported as "memory"`, "1 calls, 0 of 3 functions validated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			var out strings.Builder
			is.NoErr(run(file(t), c.calls, &out))
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			is.Equal(len(lines), len(c.want))
			for i, line := range lines {
				is.True(strings.HasPrefix(line, c.want[i]))
			}
		})
	}
}

func TestLazyRealModule(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(run("../../testdata/algorithms.wasm", nil, &out))
	is.True(strings.Contains(out.String(), " functions validated"))
	is.True(!strings.Contains(out.String(), "traps"))
}

func TestLazyMalformed(t *testing.T) {
	is := is.New(t)
	name := filepath.Join(t.TempDir(), "test.wasm")
	is.NoErr(os.WriteFile(name, []byte("\x00asm"), 0o666))
	is.True(run(name, nil, &strings.Builder{}) != nil)
	is.True(run("no such file", nil, &strings.Builder{}) != nil)
}
