package validator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/testdata/conformance"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
)

// The function validators of ordinary modules.
type (
	unassignedFunc = validator.UnassignedFuncValidator[*module.Module]
	assignedFunc   = validator.AssignedFuncValidator[*module.Module]
	funcToValidate = validator.FuncToValidate[*module.Module]
)

// driver is one way to validate a whole module. What the ways have in common is
// the verdict.
type driver struct {
	name string
	// byFunc says that the bodies are validated one by one, after the spine, so
	// that the module does not know what the bodies need.
	byFunc   bool
	validate func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error)
}

var drivers = []driver{
	{"parallel", false, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		return validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(2+r.IntN(15)))
	}},
	{"stream", false, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		most := 1 + r.IntN(2*len(wasm)+1)
		return writeInPieces(wasm, func() int { return 1 + r.IntN(most) }, r, f)
	}},
	{"stream of single bytes", false, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		return writeInPieces(wasm, func() int { return 1 }, r, f)
	}},
	{"reader", false, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		var in io.Reader = bytes.NewReader(wasm)
		switch r.IntN(4) {
		case 0:
			in = iotest.DataErrReader(in)
		case 1:
			in = iotest.HalfReader(in)
		case 2:
			in = &emptyReads{in, 0}
		}
		return validator.ValidateReader(context.Background(), in, validator.WithFeatures(f), validator.WithWorkers(1+r.IntN(4)))
	}},
	{"reader-at", false, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		return validator.ValidateReaderAt(context.Background(), bytes.NewReader(wasm), int64(len(wasm)),
			validator.WithFeatures(f), validator.WithWorkers(1+r.IntN(4)))
	}},
	{"operator by operator", true, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		var e engine
		return eachBody(wasm, f, func(fn funcToValidate) error { return e.validate(fn, r.IntN(2) == 0) })
	}},
	{"lazy", true, func(r *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		l, err := validator.NewLazy(context.Background(), wasm, validator.WithFeatures(f))
		if err != nil {
			return nil, err
		}
		for _, i := range r.Perm(l.Module().NumFuncs()) {
			_ = l.Validate(uint32(i))
		}
		return eachBody(wasm, f, func(fn funcToValidate) error { return l.Validate(fn.Index) })
	}},
	{"buffers in and out", true, func(_ *rand.Rand, wasm []byte, f ops.Features) (*module.Module, error) {
		var buffers *state.Allocations
		return eachBody(wasm, f, func(fn funcToValidate) error {
			a, err := fn.IntoValidator(buffers)
			if err != nil {
				return err
			}
			err = a.Validate(fn.Body)
			u, _ := a.Finish(fn.Body.Offset() + fn.Body.Size())
			buffers = u.IntoAllocations()
			return err
		})
	}},
}

// writeInPieces streams a module in pieces of sizes that size chooses.
func writeInPieces(wasm []byte, size func() int, r *rand.Rand, f ops.Features) (*module.Module, error) {
	s := validator.NewStream(context.Background(), validator.WithFeatures(f), validator.WithWorkers(1+r.IntN(4)))
	for len(wasm) > 0 {
		// The bytes are overwritten after the call: the stream may keep none.
		piece := bytes.Clone(wasm[:min(size(), len(wasm))])
		_, err := s.Write(piece)
		clear(piece)
		if err != nil {
			break // Finish says it again
		}
		wasm = wasm[len(piece):]
	}
	return s.Finish()
}

// emptyReads is a reader that answers every other Read with nothing.
type emptyReads struct {
	io.Reader
	reads int
}

func (e *emptyReads) Read(p []byte) (int, error) {
	if e.reads++; e.reads%2 == 0 {
		return 0, nil
	}
	return e.Reader.Read(p)
}

// eachBody validates the spine of a module, and then its bodies with validate, in
// their order. It returns the error that counts: a broken rule, unless there is
// something malformed before or behind it.
func eachBody(wasm []byte, f ops.Features, validate func(funcToValidate) error) (*module.Module, error) {
	m, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(f))
	if err != nil {
		return nil, err
	}
	var invalid error
	for _, fn := range funcs {
		err := validate(fn)
		var e *validator.Error
		switch {
		case err == nil:
			continue
		case errors.As(err, &e) && e.Kind == validator.Invalid:
			if invalid == nil {
				invalid = err
			}
			continue
		case invalid != nil:
			// Behind a broken rule the grammar alone counts.
			var eng engine
			eng.start(fn)
			if err = eng.decodeFunc(fn); err == nil {
				continue
			}
		}
		return nil, err
	}
	if invalid != nil {
		return nil, invalid
	}
	return m, nil
}

// engine is a program that decodes its own operators.
type engine struct {
	decoder ops.Decoder
	op      ops.Instr
	idle    unassignedFunc
}

// start points the decoder at a body.
func (e *engine) start(f funcToValidate) {
	e.decoder.Reset(f.Body.Bytes(), f.Body.Offset(), f.Features)
	if _, ok := f.Resources.DataCount(); !ok {
		e.decoder.RefuseData()
	}
	if f.Body.Followed() {
		e.decoder.SetEndOfExpr("END opcode expected")
	}
}

// validate validates one function, operator by operator, with Op or TryOp.
func (e *engine) validate(f funcToValidate, try bool) error {
	if e.idle.Err() != nil { // the zero value
		e.idle = validator.New(f.Resources, f.Features)
	}
	a, err := f.Assign(e.idle)
	if err != nil {
		return err
	}
	err = e.body(a, f, try)
	var ferr error
	e.idle, ferr = a.Finish(f.Body.Offset() + f.Body.Size())
	if err == nil {
		err = ferr
	}
	return err
}

func (e *engine) body(a assignedFunc, f funcToValidate, try bool) error {
	e.start(f)
	locals, err := f.Body.Locals(f.Features)
	var invalid error
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil && invalid == nil {
			invalid = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	if err != nil {
		return inFunc(err, f.Index)
	}
	e.decoder.Seek(locals.Pos())
	for invalid == nil && a.ControlStackHeight() > 0 {
		offset, pos := e.decoder.Offset(), e.decoder.Pos()
		if err := e.decoder.Next(&e.op); err != nil {
			return inFunc(err, f.Index)
		}
		if try {
			invalid = a.TryOp(offset, &e.op)
		} else {
			invalid = a.Op(offset, &e.op)
		}
		if invalid != nil {
			e.decoder.Seek(pos)
		}
	}
	return e.rest(a, f, invalid)
}

// rest decodes what follows a broken rule: when that is malformed, so is the body.
func (e *engine) rest(a assignedFunc, f funcToValidate, invalid error) error {
	if invalid != nil {
		var v *validator.Error
		if !errors.As(invalid, &v) || v.Kind != validator.Invalid {
			return invalid
		}
		var open []ops.Op
		for depth := a.ControlStackHeight() - 2; depth >= 0; depth-- {
			frame, err := a.ControlFrame(depth)
			if err != nil {
				return err
			}
			open = append(open, frame.Kind.Op())
		}
		if err := ops.SkipExprWithin(&e.decoder, open); err != nil {
			return inFunc(err, f.Index)
		}
	}
	if err := e.ended(f); err != nil {
		return err
	}
	return invalid
}

// decodeFunc decodes a body and judges nothing.
func (e *engine) decodeFunc(f funcToValidate) error {
	locals, err := f.Body.Locals(f.Features)
	for err == nil && locals.More() {
		_, err = locals.Next()
	}
	if err == nil {
		e.decoder.Seek(locals.Pos())
		err = ops.SkipExpr(&e.decoder)
	}
	if err != nil {
		return inFunc(err, f.Index)
	}
	return e.ended(f)
}

// ended returns an error unless the decoder has come to the end of the body.
func (e *engine) ended(f funcToValidate) error {
	if n := e.decoder.Len(); n > 0 {
		bytes := "bytes"
		if n == 1 {
			bytes = "byte"
		}
		return &validator.Error{
			Kind: validator.Malformed, Offset: e.decoder.Offset(), Func: int(f.Index),
			Message: fmt.Sprintf("section size mismatch: %d %s after the end of the function", n, bytes),
		}
	}
	return nil
}

// inFunc turns a decoding error into that of a function.
func inFunc(err error, index uint32) error {
	var s *ops.SyntaxError
	if !errors.As(err, &s) {
		return err
	}
	return &validator.Error{
		Kind: validator.Malformed, Offset: s.Offset, Func: int(index),
		Op: s.Op, InOp: s.InOp, Message: s.Message, Feature: s.Feature,
	}
}

// sameVerdict returns a description of how the outcome of a driver differs from
// that of [validator.Validate] with one worker, or "".
func sameVerdict(d driver, m *module.Module, err error, want *module.Module, wantErr error) string {
	switch {
	case (err == nil) != (wantErr == nil):
		if d.byFunc && spineError(err, wantErr) {
			return ""
		}
		return fmt.Sprintf("got error %v, want %v", err, wantErr)
	case err != nil:
		var e, w *validator.Error
		if !errors.As(err, &e) || !errors.As(wantErr, &w) {
			return fmt.Sprintf("got %T %v, want %T %v", err, err, wantErr, wantErr)
		}
		if plain(e) != plain(w) && !(d.byFunc && spineError(err, wantErr)) {
			return fmt.Sprintf("got  %+v\nwant %+v", *e, *w)
		}
		return ""
	case !d.byFunc && m.RequiredFeatures() != want.RequiredFeatures():
		return fmt.Sprintf("needs %v, want %v", m.RequiredFeatures(), want.RequiredFeatures())
	}
	return sameDeclarations(m, want)
}

// plain returns e without an operator that means nothing.
func plain(e *validator.Error) validator.Error {
	p := *e
	if !p.InOp {
		p.Op = 0
	}
	return p
}

// spineError reports whether got may come from the spine alone while the whole
// module has the error want in a body. Their offsets say nothing of which was met
// first: a section that is cut off is at fault where it begins.
func spineError(got, want error) bool {
	var g, w *validator.Error
	return errors.As(got, &g) && errors.As(want, &w) && g.Func < 0 && w.Func >= 0 &&
		!(w.Kind == validator.Invalid && g.Kind == validator.Malformed)
}

// sameDeclarations says what differs between two modules, what they need apart.
func sameDeclarations(got, want *module.Module) string {
	gs, gok := got.Start()
	ws, wok := want.Start()
	switch {
	case !reflect.DeepEqual(got.Decls(), want.Decls()):
		return "the declarations differ"
	case !slices.Equal(got.Imports(), want.Imports()), !slices.Equal(got.Exports(), want.Exports()):
		return "the imports or exports differ"
	case gs != ws || gok != wok:
		return "the start function differs"
	case !slices.Equal(got.ElemSegments(), want.ElemSegments()), got.NumData() != want.NumData():
		return "the segments differ"
	case !slices.Equal(got.Sections(), want.Sections()), !slices.Equal(got.CustomSections(), want.CustomSections()):
		return fmt.Sprintf("the sections differ: %v, want %v", got.Sections(), want.Sections())
	case got.CodeSize() != want.CodeSize() || got.NumBodies() != want.NumBodies():
		return "the sizes of the code differ"
	}
	return ""
}

// agree validates a module with every driver and fails where one says something
// else than [validator.Validate] with one worker.
func agree(t *testing.T, name string, r *rand.Rand, wasm []byte, f ops.Features) {
	t.Helper()
	want, wantErr := validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
	for _, d := range drivers {
		m, err := d.validate(r, wasm, f)
		if diff := sameVerdict(d, m, err, want, wantErr); diff != "" {
			t.Errorf("%s: %s:\n%s", name, d.name, diff)
		}
	}
}

// mutate returns wasm with a few bytes changed, inserted, removed or cut off.
func mutate(r *rand.Rand, wasm []byte) []byte {
	b := bytes.Clone(wasm)
	for range 1 + r.IntN(3) {
		if len(b) < 10 {
			return b
		}
		i := 8 + r.IntN(len(b)-8)
		switch r.IntN(8) {
		case 0:
			b = slices.Insert(b, i, byte(r.Uint32()))
		case 1:
			b = slices.Delete(b, i, i+1)
		case 2:
			b = b[:i]
		case 3:
			b[i] ^= 1 << r.IntN(8)
		case 4:
			b[i]++
		case 5:
			copy(b[i:], b[8+r.IntN(len(b)-8):][:1])
		default:
			b[i] = byte(r.Uint32())
		}
	}
	return b
}

// All drivers agree on the real modules, and on what is left of them when some
// bytes are wrong.
func TestDriversAgreeOnRealModules(t *testing.T) {
	for k, m := range realmodules.All() {
		t.Run(m.Name, func(t *testing.T) {
			agree(t, m.Name, rand.New(rand.NewPCG(1, uint64(k))), m.Bytes, ops.Default)
			mutants := 300
			switch {
			case len(m.Bytes) > 1<<20 && raceEnabled:
				mutants = 1
			case len(m.Bytes) > 1<<20:
				mutants = 8
			}
			forEach(mutants, func(i int) {
				r := rand.New(rand.NewPCG(2, uint64(k)<<32|uint64(i)))
				agree(t, fmt.Sprintf("mutant %d", i), r, mutate(r, m.Bytes), ops.Default)
			})
		})
	}
}

// All drivers agree on the modules of the conformance data, and on mutants of
// them.
func TestDriversAgreeOnArchives(t *testing.T) {
	for _, file := range []string{conformance.SpecTest, conformance.Differential} {
		t.Run(file, func(t *testing.T) {
			cases := archiveCases(t, file)
			if raceEnabled { // everything takes ten times as long
				i := 0
				cases = slices.DeleteFunc(cases, func(archiveCase) bool { i++; return i%10 != 0 })
			}
			forEach(len(cases), func(i int) {
				c := cases[i]
				r := rand.New(rand.NewPCG(3, uint64(i)))
				agree(t, c.name, r, c.wasm, c.features)
				agree(t, "mutant of "+c.name, r, mutate(r, c.wasm), c.features)
			})
			t.Logf("%d modules and as many mutants", len(cases))
		})
	}
}

// archiveCase is a module of the conformance data and with what to validate it.
type archiveCase struct {
	name     string
	wasm     []byte
	features ops.Features
}

// archiveCases returns the different modules in a file of the conformance data.
func archiveCases(t *testing.T, file string) (cases []archiveCase) {
	t.Helper()
	archive := conformance.Open(t, file)
	modules := archive.Modules(t)
	if file == conformance.Differential {
		for _, row := range conformance.Rows[judgement](t, archive, "modules.jsonl") {
			cases = append(cases, archiveCase{row.Wasm, modules[row.Wasm], differentialFeatures})
		}
		return cases
	}
	seen := map[string]bool{}
	for _, row := range conformance.Rows[assertion](t, archive, "manifest.jsonl") {
		if key := row.Wasm + " " + row.Features; !seen[key] {
			seen[key] = true
			f, err := ops.ParseFeatures(row.Features)
			is.New(t).NoErr(err)
			cases = append(cases, archiveCase{row.place(), modules[row.Wasm], f})
		}
	}
	return cases
}
