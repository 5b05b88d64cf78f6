// Package judge tells whether what package validator says of one module agrees with
// what it says of it in another way, or of another module that means the same.
// Where it does not, the functions return a description, otherwise "".
package judge

import (
	"context"
	"errors"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Serial validates a module with one worker.
func Serial(wasm []byte, f ops.Features) (*module.Module, error) {
	return validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
}

// plain returns the error without an operator that means nothing. It is zero for a
// valid module.
func plain(err error) (p validator.Error) {
	var e *validator.Error
	if errors.As(err, &e) {
		p = *e
	}
	if !p.InOp {
		p.Op = 0
	}
	return p
}
