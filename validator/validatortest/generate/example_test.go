package generate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

func ExampleModule() {
	wasm, err := generate.Module(42, generate.Config{Features: ops.Wasm3})
	if err != nil {
		panic(err)
	}
	_, err = validator.Validate(context.Background(), wasm, validator.WithFeatures(ops.Wasm3))
	fmt.Println("valid:", err == nil)
	// Output: valid: true
}

func ExampleFaulty() {
	for _, f := range generate.Faults() {
		if f.Name != "operand missing" {
			continue
		}
		wasm, want, ok, err := generate.Faulty(42, generate.Config{}, f)
		if err != nil || !ok {
			panic(err)
		}
		_, err = validator.Validate(context.Background(), wasm)
		var e *validator.Error
		errors.As(err, &e)
		fmt.Println(e.Kind == want.Kind, e.Offset == want.Offset, want.Message)
	}
	// Output: true true type mismatch
}

// The bytes that a fuzzer makes steer what is generated.
func ExampleFromBytes() {
	wasm, err := generate.FromBytes([]byte("\x07\x21\x90"), generate.Config{Features: ops.Wasm2, Funcs: 1})
	if err != nil {
		panic(err)
	}
	m, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(ops.Wasm2))
	fmt.Println(m.NumBodies(), err)
	// Output: 1 <nil>
}

// What can be wrong with a module, and what a validator must say of it.
func ExampleFaults() {
	kinds := map[validator.Kind]int{}
	for _, f := range generate.Faults() {
		kinds[f.Kind]++
	}
	fmt.Println(kinds[validator.Malformed] > 10, kinds[validator.Invalid] > 10)
	// Output: true true
}
