package validator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// benchModule is a module that the benchmarks validate, with its spine validated
// already.
type benchModule struct {
	wasm      []byte
	features  ops.Features
	module    *module.Module
	funcs     []validator.FuncToValidate[*module.Module]
	code      int64 // bytes of function bodies
	operators int
}

// benchResources is a user's own type: what it says is read through its methods.
type benchResources struct{ *module.Module }

// BenchmarkModules validates modules that compilers made, each with every driver.
// MB/s is that of the function bodies, also for a driver that reads the rest of
// the module too; ns/operator is the time divided by their operators.
func BenchmarkModules(b *testing.B) {
	for _, m := range realmodules.All() {
		b.Run(m.Name, func(b *testing.B) { benchmarkModule(b, m.Bytes, ops.Default) })
	}
	for _, m := range realmodules.Manifest() {
		b.Run(m.Name, func(b *testing.B) {
			features, err := ops.ParseFeatures(m.Features)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkModule(b, realmodules.NPM(b, m.Name), features)
		})
	}
}

// benchDrivers are the ways to validate a module, or a part of the work.
var benchDrivers = []struct {
	name  string
	setup func(m *benchModule) (round func() error)
}{
	{"decode", decodeDriver},
	{"reused", reusedDriver},
	{"fresh", freshDriver},
	{"operators", operatorsDriver},
	{"resources", resourcesDriver},
	{"spine", spineDriver},
	{"validate-1", func(m *benchModule) func() error { return validateDriver(m, 1) }},
	{"validate-all", func(m *benchModule) func() error { return validateDriver(m, 0) }},
	{"stream-1", func(m *benchModule) func() error { return streamDriver(m, 1) }},
	{"stream-all", func(m *benchModule) func() error { return streamDriver(m, 0) }},
}

func benchmarkModule(b *testing.B, wasm []byte, features ops.Features) {
	m := newBenchModule(b, wasm, features)
	for _, d := range benchDrivers {
		b.Run(d.name, func(b *testing.B) {
			round := d.setup(m)
			if err := round(); err != nil { // the buffers grow in the first round
				b.Fatal(err)
			}
			b.SetBytes(m.code)
			b.ReportAllocs()
			for b.Loop() {
				if err := round(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(m.operators), "ns/operator")
		})
	}
}

func newBenchModule(b *testing.B, wasm []byte, features ops.Features) *benchModule {
	b.Helper()
	m := &benchModule{wasm: wasm, features: features}
	var err error
	m.module, m.funcs, err = validator.Spine(context.Background(), wasm, validator.WithFeatures(features))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range m.funcs {
		m.code += int64(f.Body.Size())
	}
	err = m.decode(func(int, *ops.Instr) error { m.operators++; return nil })
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// decode decodes all bodies and calls f with each operator.
func (m *benchModule) decode(f func(offset int, in *ops.Instr) error) error {
	var d ops.Decoder
	var in ops.Instr
	for _, fn := range m.funcs {
		if err := decodeLocals(&d, fn.Body, m.features, nil); err != nil {
			return err
		}
		for d.Len() > 0 {
			offset := d.Offset()
			if err := d.Next(&in); err != nil {
				return err
			}
			if err := f(offset, &in); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeLocals reads the local declarations of a body, calls define with each if
// it is not nil, and points d at the operators behind them.
func decodeLocals(d *ops.Decoder, body module.FuncBody, features ops.Features, define func(offset int, count uint32, t ops.ValType) error) error {
	locals, err := body.Locals(features)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil && define != nil {
			err = define(g.Offset, g.Count, g.Type)
		}
	}
	d.Reset(body.Bytes(), body.Offset(), features)
	d.Seek(locals.Pos())
	return err
}

// decodeDriver decodes the bodies and checks nothing: the floor under all others.
func decodeDriver(m *benchModule) func() error {
	var d ops.Decoder
	var in ops.Instr
	return func() error {
		for _, fn := range m.funcs {
			if err := decodeLocals(&d, fn.Body, m.features, nil); err != nil {
				return err
			}
			for d.Len() > 0 {
				if err := d.Next(&in); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// benchBody takes u through one function and back.
func benchBody[R validator.Resources](u validator.UnassignedFuncValidator[R], f validator.FuncToValidate[R]) (validator.UnassignedFuncValidator[R], error) {
	a, err := f.Assign(u)
	if err != nil {
		return u, err
	}
	if err := a.Validate(f.Body); err != nil {
		return a.Abandon(), err
	}
	return a.Finish(f.Body.Offset() + f.Body.Size())
}

// reusedDriver validates the bodies with one validator.
func reusedDriver(m *benchModule) func() error {
	u := validator.New(m.module, m.features)
	return func() (err error) {
		for _, f := range m.funcs {
			if u, err = benchBody(u, f); err != nil {
				return err
			}
		}
		return nil
	}
}

// resourcesDriver is reusedDriver for a user's own resources.
func resourcesDriver(m *benchModule) func() error {
	resources := &benchResources{m.module}
	u := validator.New(resources, m.features)
	funcs := make([]validator.FuncToValidate[*benchResources], len(m.funcs))
	for i, f := range m.funcs {
		funcs[i] = validator.FuncToValidate[*benchResources]{
			Resources: resources, Features: f.Features, Index: f.Index, TypeIdx: f.TypeIdx, Body: f.Body,
		}
	}
	return func() (err error) {
		for _, f := range funcs {
			if u, err = benchBody(u, f); err != nil {
				return err
			}
		}
		return nil
	}
}

// freshDriver validates each body with buffers of its own.
func freshDriver(m *benchModule) func() error {
	return func() error {
		for _, f := range m.funcs {
			a, err := f.IntoValidator(nil)
			if err != nil {
				return err
			}
			if err := a.Validate(f.Body); err != nil {
				_ = a.Abandon()
				return err
			}
			if _, err := a.Finish(f.Body.Offset() + f.Body.Size()); err != nil {
				return err
			}
		}
		return nil
	}
}

// operatorsDriver decodes the operators itself and has them validated one by one.
func operatorsDriver(m *benchModule) func() error {
	u := validator.New(m.module, m.features)
	var d ops.Decoder
	var in ops.Instr
	return func() error {
		for _, f := range m.funcs {
			a, err := f.Assign(u)
			if err != nil {
				return err
			}
			if err := decodeLocals(&d, f.Body, m.features, a.DefineLocals); err != nil {
				return err
			}
			for d.Len() > 0 {
				offset := d.Offset()
				if err := d.Next(&in); err != nil {
					return err
				}
				if err := a.Op(offset, &in); err != nil {
					return err
				}
			}
			if u, err = a.Finish(d.Offset()); err != nil {
				return err
			}
		}
		return nil
	}
}

// spineDriver validates everything but the bodies.
func spineDriver(m *benchModule) func() error {
	return func() error {
		_, funcs, err := validator.Spine(context.Background(), m.wasm, validator.WithFeatures(m.features))
		if len(funcs) != len(m.funcs) && err == nil {
			err = errors.New("functions are missing")
		}
		return err
	}
}

// validateDriver validates the whole module.
func validateDriver(m *benchModule, workers int) func() error {
	return func() error {
		_, err := validator.Validate(context.Background(), m.wasm, validator.WithFeatures(m.features), validator.WithWorkers(workers))
		return err
	}
}

// streamDriver validates the whole module from a reader that gives 64 KiB at a
// time, as a network connection may.
func streamDriver(m *benchModule, workers int) func() error {
	return func() error {
		r := &benchReader{bytes.NewReader(m.wasm)}
		_, err := validator.ValidateReader(context.Background(), r, validator.WithFeatures(m.features), validator.WithWorkers(workers))
		return err
	}
}

// benchReader gives at most 64 KiB at a time, and is nothing but a reader.
type benchReader struct{ r io.Reader }

func (c *benchReader) Read(b []byte) (int, error) { return c.r.Read(b[:min(len(b), 64<<10)]) }

// benchSmallModule is a module of about 100 bytes, such as programs use to find out
// what an engine can do.
func benchSmallModule() []byte {
	return validatortest.NewModule().
		Type("func (param i32 i32) (result i32)").
		Import("env", "log", "func 0").
		Memory("1").
		Global("mut i32", "i32.const 0").
		Export("run", "func 1").
		Func(0, "i32", "local.get 0 local.get 1 i32.add local.tee 2 if local.get 2 global.set 0 end global.get 0 i32.load local.get 1 call 0").
		Bytes()
}

// BenchmarkSmall validates a module of 100 bytes.
func BenchmarkSmall(b *testing.B) {
	wasm := benchSmallModule()
	ctx := context.Background()
	b.Run("validate", func(b *testing.B) {
		b.SetBytes(int64(len(wasm)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := validator.Validate(ctx, wasm, validator.WithWorkers(1)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pooled", func(b *testing.B) {
		pool := validator.NewPool[*module.Module](nil, ops.Default)
		b.SetBytes(int64(len(wasm)))
		b.ReportAllocs()
		for b.Loop() {
			_, funcs, err := validator.Spine(ctx, wasm)
			if err != nil {
				b.Fatal(err)
			}
			for _, f := range funcs {
				u, err := benchBody(pool.Get(), f)
				if err != nil {
					b.Fatal(err)
				}
				if err := pool.Put(u); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
