package validator_test

import (
	"errors"
	"math/rand/v2"
	"runtime/metrics"
	"slices"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/trials/judge"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
	mutation "github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// The fuzz targets of modules take a module and a script, by which package mutate
// changes it, so that the fuzzer reaches the fields and not only the bytes. An
// empty script changes nothing.

// script is a script of some choices, for the seeds of the targets.
var script = []byte{2, 9, 40, 3, 7, 7, 1, 0, 12, 80, 1, 5, 0, 3, 7, 250, 16, 4, 2, 2, 0, 1}

// fuzzedSize is how large the modules are that the targets look at: what is larger
// is slower, and takes no other way.
const fuzzedSize = 1 << 16

// mutated returns the module that the script makes of wasm.
func mutated(wasm, script []byte) []byte {
	if len(script) > 0 {
		wasm = mutation.Mutate(mutation.Script(script), wasm, donors...)
	}
	return wasm[:min(len(wasm), fuzzedSize)]
}

// startModules are modules to begin with: written ones, and made ones that use what
// the written ones do not.
func startModules(f *testing.F) []mutation.Seed {
	list := slices.Clone(mutation.Seeds())
	for seed := range uint64(8) {
		features := []ops.Features{ops.All, ops.Default, ops.Wasm2, ops.Wasm1}[seed%4]
		wasm, err := generate.Module(seed, generate.Config{Features: features, Funcs: 2, Operators: 12})
		if err != nil {
			f.Fatal(err)
		}
		list = append(list, mutation.Seed{Name: "made", Features: features, Wasm: wasm})
	}
	return list
}

// donors are the modules that fields are taken from.
var donors = func() (list []mutation.Module) {
	for _, s := range mutation.Seeds() {
		list = append(list, mutation.Parse(s.Wasm))
	}
	return list
}()

// FuzzDrivers looks for a module of which the drivers say different things, that
// makes one of them panic, or that takes memory out of proportion. The features
// are a set of their own.
func FuzzDrivers(f *testing.F) {
	for i, s := range startModules(f) {
		f.Add(uint64(s.Features), uint64(i), s.Wasm, script[:i%len(script)])
	}
	f.Add(uint64(ops.All), uint64(0), richModule().Bytes(), script)
	f.Add(uint64(ops.Default), uint64(1), patchwork(5, 100, map[int]string{2: bodyInvalid}), script)
	for i, c := range limitCases {
		f.Add(uint64(ops.All), uint64(i), c.make(3).Bytes(), script)
		f.Add(uint64(ops.MVP), uint64(i), c.make(2).Bytes(), []byte{})
	}
	f.Fuzz(func(t *testing.T, features, seed uint64, wasm, script []byte) {
		wasm = mutated(wasm, script)
		set := ops.Features(features) & ops.All
		agree(t, "module", rand.New(rand.NewPCG(seed, 0)), wasm, set)
		if n := allocated(func() { _, _ = judge.Serial(wasm, set) }); n > maxAllocated(len(wasm)) {
			t.Errorf("%d bytes of memory for %d bytes", n, len(wasm))
		}
	})
}

// allocated returns how many bytes were allocated while f ran, by whatever ran.
func allocated(f func()) uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	f()
	metrics.Read(sample)
	return sample[0].Value.Uint64() - before
}

// maxAllocated bounds the memory for a module of a number of bytes. Calls that leave
// a thousand results each take the operand stack to its limit with a few bytes, and
// on its way there it is copied.
func maxAllocated(size int) uint64 {
	const operands = 1 << 20
	return uint64(size)*200 + operands*4*8
}

// FuzzTransform looks for a module of which the verdict changes under what must not
// matter.
func FuzzTransform(f *testing.F) {
	for i, s := range startModules(f) {
		f.Add(uint64(s.Features), s.Wasm, script[:i%len(script)], script)
		f.Add(uint64(ops.All), s.Wasm, []byte{}, script[i%len(script):])
	}
	all := mutation.Transformations()
	f.Fuzz(func(t *testing.T, features uint64, wasm, script, changes []byte) {
		wasm = mutated(wasm, script)
		c := mutation.Script(changes)
		for range 1 + c.IntN(3) {
			var diff string
			if wasm, diff = judge.Transformation(all[c.IntN(len(all))], c, wasm, ops.Features(features)&ops.All); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// FuzzFeatures looks for a module that is valid, and not with another proposal on;
// that needs other proposals than it says; or that is refused for want of a proposal
// which does not help.
func FuzzFeatures(f *testing.F) {
	for i, s := range startModules(f) {
		f.Add(uint64(s.Features), uint64(1)<<i, s.Wasm, script[:i%len(script)])
	}
	for i, c := range limitCases {
		f.Add(uint64(ops.Default), uint64(1)<<i, c.make(3).Bytes(), []byte{})
	}
	f.Fuzz(func(t *testing.T, features, more uint64, wasm, script []byte) {
		wasm = mutated(wasm, script)
		set, added := ops.Features(features)&ops.All, ops.Features(more)&ops.All
		m, err := judge.Serial(wasm, set)
		if err != nil {
			checkHelps(t, wasm, set, err)
			return
		}
		need := m.RequiredFeatures()
		for _, n := range singles(set.Missing(need)) {
			if set&provides(n) == 0 { // nor anything that brings the same
				t.Errorf("valid with %v, and needs %v", set, need)
			}
		}
		checkRequired(t, "module", wasm, need)
		if set.Missing(ops.BulkMemory) != 0 && numbersSegments(m) {
			return // with bulk-memory the number in front of a segment means something else
		}
		if _, err := judge.Serial(wasm, set|added); err != nil {
			t.Errorf("valid with %v, and not with %v: %v", set, set|added, err)
		}
	})
}

// numbersSegments reports whether a segment of the module may begin with another
// number than 0.
func numbersSegments(m *module.Module) bool {
	other := func(s module.ElemSegment) bool { return s.Table != 0 }
	return slices.ContainsFunc(m.ElemSegments(), other) || m.NumData() > 0 && len(m.Decls().Memories) > 1
}

// checkHelps checks that the proposal which an error names, if it names one, makes
// the error go away: there may be another.
func checkHelps(t *testing.T, wasm []byte, set ops.Features, err error) {
	t.Helper()
	var e, again *validator.Error
	if !errors.As(err, &e) || e.Feature == 0 {
		return
	}
	if e.Feature&set != 0 {
		t.Errorf("%v is on: %v", e.Feature, err)
	}
	if _, err := judge.Serial(wasm, set|e.Feature); errors.As(err, &again) && plain(again) == plain(e) {
		t.Errorf("%v does not help: %v", e.Feature, again)
	}
}
