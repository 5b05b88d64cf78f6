package generate_test

import (
	"bytes"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// Whoever drives the validator, the module is valid.
func TestModuleIsValidForEveryDriver(t *testing.T) {
	for seed := range uint64(*seeds) {
		is := is.New(t)
		wasm, err := generate.Module(seed, generate.Config{Features: ops.All})
		is.NoErr(err)
		with := validator.WithFeatures(ops.All)

		_, err = validator.Validate(t.Context(), wasm, with, validator.WithWorkers(4))
		is.NoErr(err)
		_, err = validator.ValidateReader(t.Context(), iotest.HalfReader(bytes.NewReader(wasm)), with)
		is.NoErr(err)
		_, err = validator.ValidateReaderAt(t.Context(), bytes.NewReader(wasm), int64(len(wasm)), with)
		is.NoErr(err)
		m, funcs, err := validator.Spine(t.Context(), wasm, with)
		is.NoErr(err)
		u := validator.New(m, ops.All)
		for _, f := range funcs {
			a, err := f.Assign(u)
			is.NoErr(err)
			is.NoErr(stepwise(a, f.Body))
			u, err = a.Finish(f.Body.Offset() + f.Body.Size())
			is.NoErr(err)
		}
	}
}

// stepwise validates a body operator by operator.
func stepwise(a validator.AssignedFuncValidator[*module.Module], body module.FuncBody) error {
	locals, err := body.Locals(ops.All)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil {
			err = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	if err != nil {
		return err
	}
	d := ops.NewDecoder(body.Bytes()[locals.Pos():], body.Offset()+locals.Pos(), ops.All)
	for offset, in := range d.All() {
		if err := a.Op(offset, in); err != nil {
			return err
		}
	}
	return d.Err()
}

// Whatever a fuzzer has for the choices, a valid module comes of it.
func FuzzFromBytes(f *testing.F) {
	f.Add([]byte(nil), uint64(ops.Default))
	f.Add([]byte("a module is made of these"), uint64(ops.All))
	f.Add(bytes.Repeat([]byte{3, 250, 17, 5, 99, 128, 64, 7, 11}, 200), uint64(ops.Wasm3))
	f.Fuzz(func(t *testing.T, data []byte, set uint64) {
		features := ops.Features(set) & ops.All
		wasm, err := generate.FromBytes(data, generate.Config{Features: features, Funcs: 2, Operators: 30})
		if err != nil {
			t.Fatal(err)
		}
		if features == 0 {
			features = ops.Default
		}
		if _, err := validator.Validate(t.Context(), wasm, validator.WithFeatures(features)); err != nil {
			t.Fatal(err)
		}
	})
}
