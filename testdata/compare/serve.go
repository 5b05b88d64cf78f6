package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// serveArg makes the program a contestant: it is followed by one or all.
const serveArg = "serve"

// features are those that the pinned modules need, and more.
const features = ops.Default | ops.LegacyExceptions

// serve answers each path with the nanoseconds that its validation took.
func serve(mode string, in io.Reader, out io.Writer) error {
	validate := validateAll
	if mode == "one" {
		validate = validateOne
	}
	var path string
	var wasm []byte
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if lines.Text() != path {
			var err error
			path = lines.Text()
			if wasm, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		start := time.Now()
		err := validate(wasm)
		took := time.Since(start)
		if err != nil {
			fmt.Fprintln(out, "error", err)
		} else {
			fmt.Fprintln(out, took.Nanoseconds())
		}
	}
	return nil
}

// validateAll validates a module with as many workers as there are processors.
func validateAll(wasm []byte) error {
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(features))
	return err
}

// validateOne validates a module with one worker. The buffers serve one function
// after another, and those of the next module.
func validateOne(wasm []byte) error {
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(features), validator.WithWorkers(1))
	return err
}
