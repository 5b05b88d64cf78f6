// Translate shows how an engine that translates on one thread uses the library:
// it decodes each function body once, and for each operator validates it and
// translates it in the same step. What it translates to is only counted: how
// many operators there are, how many need no code because they cannot be
// reached, and how many registers the largest function needs.
//
//	go run ./examples/translate FILE
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: translate FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "translate:", err)
		os.Exit(1)
	}
}

// run translates the module in a file and prints what came of it.
func run(file string, out io.Writer) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	m, funcs, err := validator.Spine(context.Background(), wasm)
	if err != nil {
		return err
	}
	var t translator
	u := validator.New(m, ops.Default)
	for _, f := range funcs {
		if u, err = t.function(u, f); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d functions, %d operators, %d without code, at most %d registers\n",
		len(funcs), t.operators, t.skipped, t.registers)
	return nil
}

// translator counts what a translator would emit. Its buffers are used again.
type translator struct {
	decoder   ops.Decoder
	op        ops.Instr
	operators int
	skipped   int // operators in unreachable code
	registers int // locals and operands of the function that has the most
}

type (
	function   = validator.FuncToValidate[*module.Module]
	unassigned = validator.UnassignedFuncValidator[*module.Module]
)

// function translates one function. The validator comes back for the next one.
func (t *translator) function(u unassigned, f function) (unassigned, error) {
	a, err := f.Assign(u)
	if err != nil {
		return u, err
	}
	locals, err := f.Body.Locals(f.Features)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil {
			err = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	if err != nil {
		return a.Abandon(), err
	}
	t.decoder.Reset(f.Body.Bytes()[locals.Pos():], f.Body.Offset()+locals.Pos(), f.Features)
	for t.decoder.Len() > 0 {
		offset := t.decoder.Offset()
		if err := t.decoder.Next(&t.op); err != nil {
			return a.Abandon(), err
		}
		if !a.Reachable() {
			t.skipped++
		}
		if err := a.Op(offset, &t.op); err != nil {
			return a.Abandon(), err
		}
		t.operators++
		t.registers = max(t.registers, int(a.NumLocals())+a.OperandStackHeight())
	}
	return a.Finish(f.Body.Offset() + f.Body.Size())
}
