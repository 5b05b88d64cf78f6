package judge

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Drivers validates a module in every way there is to validate a whole one, and its
// functions one by one behind the spine, and compares the verdicts with that of one
// worker.
func Drivers(r *rand.Rand, wasm []byte, f ops.Features) string {
	ctx, set := context.Background(), validator.WithFeatures(f)
	want, wantErr := Serial(wasm, f)
	for _, d := range []struct {
		name     string
		validate func() (*module.Module, error)
	}{
		{"parallel", func() (*module.Module, error) {
			return validator.Validate(ctx, wasm, set, validator.WithWorkers(2+r.IntN(7)))
		}},
		{"stream", func() (*module.Module, error) {
			return stream(wasm, r, set, validator.WithWorkers(1+r.IntN(4)))
		}},
		{"reader", func() (*module.Module, error) {
			return validator.ValidateReader(ctx, bytes.NewReader(wasm), set, validator.WithWorkers(1+r.IntN(4)))
		}},
		{"reader-at", func() (*module.Module, error) {
			return validator.ValidateReaderAt(ctx, bytes.NewReader(wasm), int64(len(wasm)), set, validator.WithWorkers(1+r.IntN(4)))
		}},
	} {
		m, err := d.validate()
		if got, want := plain(err), plain(wantErr); got != want || (err == nil) != (wantErr == nil) {
			return fmt.Sprintf("%s:\ngot  %+v\nwant %+v\nfeatures %v\nmodule % x", d.name, got, want, f, wasm)
		}
		if err == nil && m.RequiredFeatures() != want.RequiredFeatures() {
			return fmt.Sprintf("%s: needs %v, want %v\nmodule % x", d.name, m.RequiredFeatures(), want.RequiredFeatures(), wasm)
		}
	}
	if diff := functions(wasm, plain(wantErr), f); diff != "" {
		return fmt.Sprintf("function by function: %s\nfeatures %v\nmodule % x", diff, f, wasm)
	}
	return ""
}

// stream writes a module in pieces.
func stream(wasm []byte, r *rand.Rand, opts ...validator.Option) (*module.Module, error) {
	s := validator.NewStream(context.Background(), opts...)
	most := 1 + r.IntN(2*len(wasm)+1)
	for len(wasm) > 0 {
		piece := bytes.Clone(wasm[:min(1+r.IntN(most), len(wasm))])
		_, err := s.Write(piece)
		clear(piece) // the stream may keep none of it
		if err != nil {
			break // Finish says it again
		}
		wasm = wasm[len(piece):]
	}
	return s.Finish()
}

// functions validates the spine, and then the functions with one validator after
// another from the last to the first. The errors must be that of the whole module,
// want, or further ones.
func functions(wasm []byte, want validator.Error, f ops.Features) string {
	m, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(f))
	if err != nil {
		if got := plain(err); got != want && want.Func < 0 {
			return fmt.Sprintf("the spine has %v, and the module %v", &got, &want)
		}
		return ""
	}
	errs := map[int]validator.Error{}
	u := validator.New(m, f)
	for i := len(funcs) - 1; i >= 0; i-- {
		a, err := funcs[i].Assign(u)
		if err != nil {
			return err.Error()
		}
		err = a.Validate(funcs[i].Body)
		u, _ = a.Finish(funcs[i].Body.Offset() + funcs[i].Body.Size())
		if err != nil {
			errs[int(funcs[i].Index)] = plain(err)
		}
	}
	switch got, ok := errs[want.Func]; {
	case want.Kind == 0 && len(errs) > 0:
		return fmt.Sprintf("functions of a valid module have errors: %v", errs)
	case want.Kind == validator.Malformed && got.Kind == validator.Invalid:
		return "" // the malformed part comes after the broken rule
	case want.Kind != 0 && (!ok || got != want):
		return fmt.Sprintf("the functions have %v, and the module %v", errs, &want)
	}
	return ""
}
