// Lazy shows how an engine that compiles functions when they are first called
// uses the library: a module loads as soon as its spine is valid, and a body is
// validated once, by the first of its callers, however many call it at once.
//
//	go run ./examples/lazy FILE [EXPORT...]
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: lazy FILE [EXPORT...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "lazy:", err)
		os.Exit(1)
	}
}

// run loads the module in a file and calls the exported functions that are named,
// or all of them.
func run(file string, names []string, out io.Writer) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	i, err := load(wasm)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		for _, e := range i.lazy.Module().Exports() {
			if e.Kind == module.ExternFunc {
				names = append(names, e.Name)
			}
		}
	}
	// Calls come from many threads.
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for k, name := range names {
		wg.Go(func() { errs[k] = i.call(name) })
	}
	wg.Wait()
	for k, name := range names {
		if errs[k] != nil {
			fmt.Fprintf(out, "%s traps: %v\n", name, errs[k])
		}
	}
	done, total := i.lazy.Validated()
	fmt.Fprintf(out, "%d calls, %d of %d functions validated\n", len(names), done, total)
	return nil
}

// instance is a module whose functions can be called.
type instance struct {
	lazy    *validator.Lazy
	exports map[string]uint32 // function indices
}

// load validates what must be valid before anything is called.
func load(wasm []byte) (*instance, error) {
	lazy, err := validator.NewLazy(context.Background(), wasm)
	if err != nil {
		return nil, err
	}
	i := &instance{lazy: lazy, exports: map[string]uint32{}}
	for _, e := range lazy.Module().Exports() {
		if e.Kind == module.ExternFunc {
			i.exports[e.Name] = e.Index
		}
	}
	return i, nil
}

// call calls an exported function. An invalid body is an error of each call.
func (i *instance) call(name string) error {
	index, ok := i.exports[name]
	if !ok {
		return fmt.Errorf("no function is exported as %q", name)
	}
	if err := i.lazy.Validate(index); err != nil {
		return err
	}
	return nil // an engine would compile and run it here
}
