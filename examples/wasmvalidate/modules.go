package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/wasmstate/wasmstate/validator"
)

// eachModule calls visit with every module that the operands stand for, in
// order, and returns the greatest exit status. An interrupt ends it at once, also
// while it waits for input.
func (c *call) eachModule(ctx context.Context, visit func(name string, wasm []byte) int) int {
	var status int
	if !await(ctx, func() { status = c.visitModules(visit) }) {
		fmt.Fprintln(c.stderr, "wasmvalidate: interrupted")
		return exitInterrupted
	}
	return status
}

func (c *call) visitModules(visit func(name string, wasm []byte) int) int {
	inputs, err := c.inputs()
	if err != nil {
		return c.complain(err)
	}
	status := exitValid
	for _, in := range inputs {
		err := in.sources(c.stdin, c.unpack, func(s source) error {
			most := validator.DefaultLimits().ModuleSize
			wasm, err := io.ReadAll(io.LimitReader(s.r, most+1))
			if err == nil && int64(len(wasm)) > most {
				err = errors.New("the module is too large")
			}
			if err != nil {
				status = max(status, c.report(verdict{trouble: err}.of(s.name, s.found)))
				return nil
			}
			status = max(status, visit(s.name, wasm))
			return nil
		})
		if err != nil {
			status = max(status, c.report(verdict{trouble: err}.of(in.name, in.found)))
		}
	}
	return status
}

// refuse prints why a module is refused, unless it is because of an interrupt.
func (c *call) refuse(ctx context.Context, name string, wasm []byte, err error) int {
	if ctx.Err() != nil {
		return exitInterrupted
	}
	v := newVerdict(nil, err, int64(len(wasm)), time.Now()).of(name, false)
	v.hint = hintFor(v.mistakes, wasm)
	for i := range v.mistakes {
		v.mistakes[i].funcName = newNames(wasm, nil).funcName(v.mistakes[i].Func)
	}
	return c.report(v)
}

// report prints a verdict and returns its exit status.
func (c *call) report(v verdict) int {
	if err := c.newReporter(c.stdout, c.stderr).verdict(v); err != nil {
		return c.complain(err)
	}
	return v.exitStatus()
}
