package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/hostile"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// drivers are the ways to validate a module.
var drivers = []struct {
	name, what string
	run        func(wasm []byte, f ops.Features) error
}{
	{"validate", "with one worker", func(wasm []byte, f ops.Features) error {
		_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
		return err
	}},
	{"workers", "with all workers", func(wasm []byte, f ops.Features) error {
		_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f))
		return err
	}},
	{"body", "the spine, then each body with one validator", func(wasm []byte, f ops.Features) error {
		return eachBody(wasm, f, (*engine).wholeBody)
	}},
	{"op", "the spine, then each body operator by operator with one validator", func(wasm []byte, f ops.Features) error {
		return eachBody(wasm, f, (*engine).operators)
	}},
	{"stream", "writes of 64 KiB, all workers", func(wasm []byte, f ops.Features) error {
		s := validator.NewStream(context.Background(), validator.WithFeatures(f))
		for piece := range slices.Chunk(wasm, 64<<10) {
			if _, err := s.Write(piece); err != nil {
				break // Finish says it again
			}
		}
		_, err := s.Finish()
		return err
	}},
	{"reader", "from a reader, all workers", func(wasm []byte, f ops.Features) error {
		in := struct{ io.Reader }{bytes.NewReader(wasm)}
		_, err := validator.ValidateReader(context.Background(), in, validator.WithFeatures(f))
		return err
	}},
	{"reader-at", "from a reader at offsets, all workers", func(wasm []byte, f ops.Features) error {
		_, err := validator.ValidateReaderAt(context.Background(), bytes.NewReader(wasm), int64(len(wasm)), validator.WithFeatures(f))
		return err
	}},
	{"errors", "a list of at most 100 errors, all workers", func(wasm []byte, f ops.Features) error {
		list, err := validator.Errors(context.Background(), wasm, 100, validator.WithFeatures(f))
		if err == nil && len(list) > 0 {
			err = list[0]
		}
		return err
	}},
	{"explain", "with one worker, and an explanation of the error", func(wasm []byte, f ops.Features) error {
		_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
		var e *validator.Error
		if errors.As(err, &e) && explain.Explain(wasm, e, validator.WithFeatures(f)).Text(explain.TextOptions{}) == "" {
			return errors.New("an explanation without text")
		}
		return err
	}},
}

// driverNames describes the drivers for the help.
func driverNames() string {
	list := make([]string, len(drivers))
	for i, d := range drivers {
		list[i] = d.name + ": " + d.what
	}
	return strings.Join(list, "; ")
}

// findDrivers returns the names of the drivers in a list of names, or of all.
func findDrivers(list string) (names []string, err error) {
	all := make([]string, len(drivers))
	for i, d := range drivers {
		all[i] = d.name
	}
	if list == "all" {
		return all, nil
	}
	names = strings.Split(list, ",")
	for _, name := range names {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("no driver %q: %s", name, driverNames())
		}
	}
	return names, nil
}

// validate runs the driver on the module.
func validate(wasm []byte, m hostile.Module, driver string) error {
	for _, d := range drivers {
		if d.name == driver {
			return d.run(wasm, m.Features)
		}
	}
	return fmt.Errorf("no driver %q", driver)
}

type (
	assigned = validator.AssignedFuncValidator[*module.Module]
	function = validator.FuncToValidate[*module.Module]
)

// engine is what a program has that makes one function after another.
type engine struct {
	decoder ops.Decoder
	op      ops.Instr
	idle    validator.UnassignedFuncValidator[*module.Module]
}

// eachBody validates the spine and then the bodies, each with body. Behind a broken
// rule it only decodes them.
func eachBody(wasm []byte, f ops.Features, body func(e *engine, a assigned, fn *function) error) error {
	m, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(f))
	if err != nil {
		return err
	}
	e := &engine{idle: validator.New(m, f)}
	var invalid error
	for i := range funcs {
		fn := &funcs[i]
		if invalid != nil {
			err = e.skip(fn)
		} else if err = e.function(fn, body); verdict(err) == validator.Invalid.String() {
			invalid, err = err, nil
		}
		if err != nil {
			return err
		}
	}
	return invalid
}

// function validates one body.
func (e *engine) function(fn *function, body func(e *engine, a assigned, fn *function) error) error {
	a, err := fn.Assign(e.idle)
	if err != nil {
		return err
	}
	err = body(e, a, fn)
	var ferr error
	e.idle, ferr = a.Finish(fn.Body.Offset() + fn.Body.Size())
	if err == nil {
		err = ferr
	}
	return err
}

// wholeBody validates a body at once.
func (e *engine) wholeBody(a assigned, fn *function) error { return a.Validate(fn.Body) }

// operators validates a body one operator at a time.
func (e *engine) operators(a assigned, fn *function) error {
	locals, err := fn.Body.Locals(fn.Features)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil {
			err = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	if err != nil {
		return malformed(err)
	}
	e.start(fn, locals.Pos())
	for a.ControlStackHeight() > 0 {
		offset, pos := e.decoder.Offset(), e.decoder.Pos()
		if err := e.decoder.Next(&e.op); err != nil {
			return malformed(err)
		}
		if invalid := a.Op(offset, &e.op); invalid != nil {
			e.decoder.Seek(pos)
			if err := ops.SkipExprWithin(&e.decoder, openBlocks(a)); err != nil {
				return malformed(err)
			}
			return invalid
		}
	}
	return nil
}

// start points the decoder at the operators of a body.
func (e *engine) start(fn *function, pos int) {
	e.decoder.Reset(fn.Body.Bytes(), fn.Body.Offset(), fn.Features)
	if _, ok := fn.Resources.DataCount(); !ok {
		e.decoder.RefuseData()
	}
	e.decoder.Seek(pos)
}

// openBlocks returns the operators that opened the blocks around the next.
func openBlocks(a assigned) []ops.Op {
	open := make([]ops.Op, 0, a.ControlStackHeight())
	for depth := a.ControlStackHeight() - 2; depth >= 0; depth-- {
		if frame, err := a.ControlFrame(depth); err == nil {
			open = append(open, frame.Kind.Op())
		}
	}
	return open
}

// skip decodes a body and judges nothing.
func (e *engine) skip(fn *function) error {
	locals, err := fn.Body.Locals(fn.Features)
	for err == nil && locals.More() {
		_, err = locals.Next()
	}
	if err == nil {
		e.start(fn, locals.Pos())
		err = ops.SkipExpr(&e.decoder)
	}
	return malformed(err)
}

// malformed makes a validator's error of one of decoding.
func malformed(err error) error {
	var s *ops.SyntaxError
	if err != nil && errors.As(err, &s) {
		return &validator.Error{Kind: validator.Malformed, Offset: s.Offset, Message: s.Message}
	}
	return err
}
