package generate_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

var seeds = flag.Int("seeds", 24, "how many modules of each feature set to make")

// sets are feature sets that differ in what can be made.
var sets = []string{
	"mvp", "wasm1", "wasm2", "wasm3", "lime1", "default", "all", "wasm2,threads", "wasm1,reference-types",
	"wasm2,function-references", "wasm3,-floats", "wasm3,-gc-types", "wasm2,legacy-exceptions", "wasm3,stack-switching",
	"all,-shared-everything-threads", "all,-custom-descriptors", "wasm3,-function-references", "wasm2,gc", "wasm2,exceptions",
}

func TestModuleIsValid(t *testing.T) {
	for _, set := range sets {
		t.Run(set, func(t *testing.T) {
			is := is.New(t)
			f, err := ops.ParseFeatures(set)
			is.NoErr(err)
			for seed := range uint64(*seeds) {
				wasm, err := generate.Module(seed, generate.Config{Features: f})
				is.NoErr(err)
				_, err = validator.Validate(t.Context(), wasm, validator.WithFeatures(f))
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
			}
		})
	}
}

// Proposals can be on and off in every combination.
func TestModuleOfAnyFeatures(t *testing.T) {
	is := is.New(t)
	r := rand.New(rand.NewPCG(1, 1))
	for seed := range uint64(10 * *seeds) {
		f := ops.Features(r.Uint64()) & ops.All
		wasm, err := generate.Module(seed, generate.Config{Features: f, Funcs: 2})
		if err != nil {
			t.Fatalf("seed %d, features %v: %v", seed, f, err)
		}
		_, err = validator.Validate(t.Context(), wasm, validator.WithFeatures(f))
		is.NoErr(err)
	}
}

// Every row of the operator table appears.
func TestModuleUsesEveryOperator(t *testing.T) {
	is := is.New(t)
	seen := map[ops.Op]int{}
	size := 0
	for seed := range uint64(100) {
		wasm, err := generate.Module(seed, generate.Config{Features: ops.All, Operators: 60})
		is.NoErr(err)
		size += len(wasm)
		_, funcs, err := validator.Spine(t.Context(), wasm, validator.WithFeatures(ops.All))
		is.NoErr(err)
		for _, f := range funcs {
			operators(t, f.Body.Bytes(), seen)
		}
	}
	for row := range ops.Rows() {
		if seen[row.Op] == 0 {
			t.Errorf("%s appears nowhere", row.Name)
		}
	}
	t.Logf("%d operators, %d bytes", len(seen), size)
}

// operators counts the operators of a body.
func operators(t *testing.T, code []byte, seen map[ops.Op]int) {
	locals, err := module.NewFuncBody(0, code).Locals(ops.All)
	for err == nil && locals.More() {
		_, err = locals.Next()
	}
	if err != nil {
		t.Fatal(err)
	}
	d := ops.NewDecoder(code[locals.Pos():], 0, ops.All)
	for _, in := range d.All() {
		seen[in.Op]++
	}
	if d.Err() != nil {
		t.Fatal(d.Err())
	}
}

// A seed always makes the same module, and another one another.
func TestModuleSeed(t *testing.T) {
	is := is.New(t)
	one := func(seed uint64) []byte {
		wasm, err := generate.Module(seed, generate.Config{Features: ops.All})
		is.NoErr(err)
		return wasm
	}
	is.Equal(one(5), one(5))
	is.True(!bytes.Equal(one(5), one(6)))
}
