package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// verdict is what somebody says of a module.
type verdict struct {
	valid   bool
	message string // why not; with the kind in front of it if it is ours
}

// String returns "valid" or the message.
func (v verdict) String() string {
	if v.valid {
		return "valid"
	}
	return v.message
}

// judge is an independent validator.
type judge interface {
	// name says what it is, with its version.
	name() string
	// features are the proposals that it knows and cannot be asked not to know.
	features() ops.Features
	// judge returns the verdicts on the modules, in their order.
	judge(batch [][]byte) ([]verdict, error)
	close()
}

// ours is this library's verdict.
func ours(wasm []byte, f ops.Features) verdict {
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(f), validator.WithWorkers(1))
	if err == nil {
		return verdict{valid: true}
	}
	var e *validator.Error
	if !errors.As(err, &e) {
		return verdict{message: err.Error()}
	}
	return verdict{message: fmt.Sprintf("%v: %s", e.Kind, e.Message)}
}

// one asks about one module.
func one(j judge, wasm []byte) (verdict, error) {
	list, err := j.judge([][]byte{wasm})
	if err != nil {
		return verdict{}, err
	}
	return list[0], nil
}

// emptyModule is valid for everybody.
var emptyModule = []byte("\x00asm\x01\x00\x00\x00")
