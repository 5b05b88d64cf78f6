package main

import (
	"math/rand/v2"
	"sync"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/trials/judge"
	"github.com/wasmstate/wasmstate/validator/validatortest"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// trial is one kind of input, and what is asked of it beyond a verdict.
type trial struct {
	name, about string
	inputs      int // in a full run
	make        func(r *rand.Rand) ([]byte, ops.Features)
	check       func(r *rand.Rand, wasm []byte, f ops.Features) string // nil for nothing
}

// trials returns all trials.
func trials() []trial {
	return []trial{
		{"random modules", "random bytes behind the header", 200_000, randomModule, nil},
		{"random sections", "sections of the right sizes and of random bytes", 300_000, randomSections, nil},
		{"random bodies", "a body of random bytes in a module that is valid but for it", 250_000, randomBody, nil},
		{"random operators", "a body of operators with random immediates in such a module", 250_000, randomOperators, nil},
		{"mutants", "small modules with one to four fields changed", 750_000, mutant, nil},
		{"mutants of bytes", "small modules with one to three bytes changed", 250_000, byteMutant, nil},
		{"drivers", "mutants: one worker, many, stream, reader, reader-at and function by function agree", 100_000, mutant, judge.Drivers},
		{"operators", "mutants: bodies as a whole, and one operator after another, agree", 200_000, mutant, judge.Operators},
		{"explanations", "mutants: what is refused is explained", 100_000, mutant, judge.Explanation},
		{"transformations", "mutants: one to three changes that must not matter do not", 200_000, mutant, transformations},
	}
}

// transformations applies some transformations, one after another.
func transformations(r *rand.Rand, wasm []byte, f ops.Features) (diff string) {
	all := mutate.Transformations()
	for range 1 + r.IntN(3) {
		if wasm, diff = judge.Transformation(all[r.IntN(len(all))], r, wasm, f); diff != "" {
			return diff
		}
	}
	return ""
}

// moduleHeader is the magic number and the version.
const moduleHeader = "\x00asm\x01\x00\x00\x00"

// someFeatures returns a set of features.
func someFeatures(r *rand.Rand) ops.Features {
	switch r.IntN(4) {
	case 0:
		return ops.Default
	case 1:
		return ops.Features(r.Uint64()) & ops.All
	}
	return ops.All
}

// randomBytes returns up to n-1 bytes, of which many are small.
func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, r.IntN(n))
	for i := range b {
		switch r.IntN(3) {
		case 0:
			b[i] = byte(r.IntN(8))
		case 1:
			b[i] = byte(r.IntN(128))
		default:
			b[i] = byte(r.IntN(256))
		}
	}
	return b
}

func randomModule(r *rand.Rand) ([]byte, ops.Features) {
	return append([]byte(moduleHeader), randomBytes(r, 100)...), someFeatures(r)
}

// sectionOrder is the order in which sections must come, custom ones apart.
var sectionOrder = []module.SectionID{
	module.SectionType, module.SectionImport, module.SectionFunction, module.SectionTable, module.SectionMemory, module.SectionTag,
	module.SectionGlobal, module.SectionExport, module.SectionStart, module.SectionElement, module.SectionDataCount,
	module.SectionCode, module.SectionData,
}

func randomSections(r *rand.Rand) ([]byte, ops.Features) {
	b := []byte(moduleHeader)
	for _, id := range sectionOrder {
		if r.IntN(4) == 0 {
			content := randomBytes(r, 24)
			b = append(ops.AppendU32(append(b, byte(id)), uint32(len(content))), content...)
		}
	}
	return b, someFeatures(r)
}

// frame returns a module for one body: it declares something of every kind.
func frame(body []byte) []byte {
	return validatortest.NewModule().
		Type("func").Type("func (param i32 i64) (result i32)").Type("struct (field i32 (mut i64) (mut i8))").Type("array (mut i16)").
		Type("cont 0").Type("func (param i32)").Type("func (result i32 i64)").
		Import("m", "f", "func 1").Table("10 funcref").Table("i64 2 externref").Memory("1 2").Memory("i64 1").Tag(5).
		Global("mut i32", "i32.const 0").Global("funcref", "ref.func 0").Elem("func 0").Data("", "abc").DataCount(1).
		FuncType(0).Body(body, -1).Bytes()
}

// someLocals declares an i32, two i64, an f64, a v128 and an anyref.
const someLocals = "\x05\x01\x7F\x02\x7E\x01\x7C\x01\x7B\x01\x6E"

func randomBody(r *rand.Rand) ([]byte, ops.Features) {
	body := randomBytes(r, 100)
	if r.IntN(4) > 0 {
		body = append([]byte(someLocals), body...)
	}
	return frame(append(body, byte(ops.End))), someFeatures(r)
}

func randomOperators(r *rand.Rand) ([]byte, ops.Features) {
	body := []byte(someLocals)
	if r.IntN(2) == 0 {
		body = append(body, byte(ops.Unreachable)) // behind it much more is valid
	}
	for range r.IntN(30) {
		in := mutate.RandomInstr(r)
		body = ops.AppendInstr(body, &in)
	}
	return frame(append(body, byte(ops.End))), someFeatures(r)
}

// seeds are the modules that mutants are made from: written ones and made ones.
var seeds = sync.OnceValue(func() (list []mutate.Seed) {
	list = append(list, mutate.Seeds()...)
	for seed := range uint64(200) {
		features := []ops.Features{ops.All, ops.Default, ops.Wasm2, ops.Wasm1}[seed%4]
		wasm, err := generate.Module(seed, generate.Config{Features: features, Funcs: 2, Operators: 12})
		if err != nil {
			panic(err)
		}
		list = append(list, mutate.Seed{Features: features, Wasm: wasm})
	}
	return list
})

var donors = sync.OnceValue(func() (list []mutate.Module) {
	for _, s := range seeds() {
		list = append(list, mutate.Parse(s.Wasm))
	}
	return list
})

// seed returns a module, and features with which mutants of it may be valid.
func seed(r *rand.Rand) ([]byte, ops.Features) {
	s := seeds()[r.IntN(len(seeds()))]
	if r.IntN(2) == 0 {
		return s.Wasm, s.Features
	}
	return s.Wasm, someFeatures(r)
}

func mutant(r *rand.Rand) ([]byte, ops.Features) {
	wasm, features := seed(r)
	return mutate.Mutate(r, wasm, donors()...), features
}

func byteMutant(r *rand.Rand) ([]byte, ops.Features) {
	wasm, features := seed(r)
	return mutate.Bytes(r, wasm), features
}
