package validator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

// FuzzValidate looks for a module of which the drivers say different things, or
// that makes one of them panic. The features are a set of their own.
func FuzzValidate(f *testing.F) {
	f.Add(uint64(ops.All), uint64(0), richModule().Bytes())
	f.Add(uint64(ops.Default), uint64(1), patchwork(5, 100, map[int]string{2: bodyInvalid}))
	for i, c := range limitCases {
		f.Add(uint64(ops.All), uint64(i), c.make(3).Bytes())
		f.Add(uint64(ops.MVP), uint64(i), c.make(2).Bytes())
	}
	f.Fuzz(func(t *testing.T, features, seed uint64, wasm []byte) {
		agree(t, "module", rand.New(rand.NewPCG(seed, 0)), wasm, ops.Features(features)&ops.All)
	})
}
