// Drive shows the two states of a function validator, driven by hand: it takes
// the declarations of a module, and then validates one body after another with
// one validator, which goes from unassigned to assigned and back.
//
//	go run ./examples/drive FILE
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: drive FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "drive:", err)
		os.Exit(1)
	}
}

// run validates the module in a file and prints how many functions are valid.
// One that is not is printed, and the next one gets its turn.
func run(file string, out io.Writer) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// The spine is everything but the bodies of the functions.
	m, funcs, err := validator.Spine(context.Background(), wasm)
	if err != nil {
		return err
	}
	valid := 0
	unassigned := validator.New(m, ops.Default)
	for _, f := range funcs {
		// Assign spends the unassigned validator: only the assigned one is of
		// use now, and it alone has methods that validate.
		assigned, err := unassigned.Assign(f.Index, f.TypeIdx, f.Body.Offset())
		if err != nil {
			return err
		}
		// What is wrong with the body, Finish would say again.
		err = assigned.Validate(f.Body)
		// Finish spends the assigned validator and gives the unassigned one
		// back, with its buffers, whatever became of the function.
		unassigned, _ = assigned.Finish(f.Body.Offset() + f.Body.Size())
		if err != nil {
			fmt.Fprintln(out, err)
			continue
		}
		valid++
	}
	fmt.Fprintf(out, "%d of %d functions are valid\n", valid, len(funcs))
	return nil
}
