// Parallel shows how an engine that compiles eagerly on many threads uses the
// library: it validates the spine of a module, and hands the function bodies to
// workers that validate and compile them. A worker keeps its buffers for life.
//
//	go run ./examples/parallel FILE
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: parallel FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], runtime.GOMAXPROCS(0), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "parallel:", err)
		os.Exit(1)
	}
}

// run compiles the module in a file and prints what came of it.
func run(file string, workers int, out io.Writer) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	m, funcs, err := validator.Spine(context.Background(), wasm)
	if err != nil {
		return err
	}
	e := engine{funcs: funcs, failed: len(funcs)}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(e.work)
	}
	wg.Wait()
	if e.err != nil {
		return e.err
	}
	fmt.Fprintf(out, "%d exports, %d functions, compiled to %d bytes\n", len(m.Exports()), len(funcs), e.size.Load())
	return nil
}

// engine compiles the functions of one module.
type engine struct {
	funcs  []validator.FuncToValidate[*module.Module]
	next   atomic.Int64
	size   atomic.Int64 // bytes of machine code
	mu     sync.Mutex
	failed int // index of the first function with an error so far
	err    error
}

// work takes one function after another, in order, until none is left or one has
// an error: those before that one are being worked on already.
func (e *engine) work() {
	buffers := new(state.Allocations)
	for {
		i := int(e.next.Add(1)) - 1
		if i >= len(e.funcs) {
			return
		}
		var size int
		var err error
		size, buffers, err = compile(e.funcs[i], buffers)
		e.size.Add(int64(size))
		if err != nil {
			e.next.Store(int64(len(e.funcs))) // nothing after it is of interest
			e.mu.Lock()
			defer e.mu.Unlock()
			if i < e.failed {
				e.failed, e.err = i, err
			}
			return
		}
	}
}

// compile validates one function with the buffers, which come back, and compiles it.
func compile(f validator.FuncToValidate[*module.Module], buffers *state.Allocations) (size int, _ *state.Allocations, err error) {
	a, err := f.IntoValidator(buffers)
	if err != nil {
		return 0, buffers, err
	}
	err = a.Validate(f.Body)
	buffers = a.Abandon().IntoAllocations()
	return 4 * f.Body.Size(), buffers, err // a compiler would do better here
}
