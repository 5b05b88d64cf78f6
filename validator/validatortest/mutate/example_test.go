package mutate_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// Of mutants of a valid module, some are valid, some are not, and most decode.
func Example() {
	seeds := mutate.Seeds()
	kinds := map[validator.Kind]int{}
	valid := 0
	chooser := rand.New(rand.NewPCG(1, 0))
	for i := range 300 {
		seed := seeds[i%len(seeds)]
		wasm := mutate.Mutate(chooser, seed.Wasm)
		_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(ops.All), validator.WithWorkers(1))
		if refused, ok := err.(*validator.Error); ok {
			kinds[refused.Kind]++
		} else {
			valid++
		}
	}
	fmt.Println(valid > 0, kinds[validator.Invalid] > 0, kinds[validator.Malformed] > 0)
	// Output: true true true
}

// The bytes that a fuzzer makes choose what is changed: the same ones change the
// same thing.
func ExampleMutate() {
	wasm := mutate.Seeds()[0].Wasm
	script := []byte("\x03\x01\x04\x01\x05")
	once := mutate.Mutate(mutate.Script(script), wasm)
	again := mutate.Mutate(mutate.Script(script), wasm)
	fmt.Println(string(once) == string(again))
	// Output: true
}

// Fields of one module take the place of those of another.
func ExampleParse() {
	donor := mutate.Parse(validatortest.NewModule().Type("func (param f32 f64)").Bytes())
	wasm := validatortest.NewModule().Type("func").Func(0, "", "nop").Bytes()
	wasm = mutate.Mutate(rand.New(rand.NewPCG(7, 0)), wasm, donor)
	fmt.Println(len(wasm) > 8)
	// Output: true
}

func ExampleBytes() {
	wasm := mutate.Bytes(rand.New(rand.NewPCG(1, 0)), []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00"))
	fmt.Println(string(wasm[:8]) == "\x00asm\x01\x00\x00\x00") // what comes behind is changed
	// Output: true
}

// When the bytes are used up, a script chooses 0.
func ExampleScript() {
	c := mutate.Script([]byte{5})
	fmt.Println(c.IntN(10), c.IntN(10), c.IntN(10))
	// Output: 5 0 0
}

func ExampleRandomInstr() {
	in := mutate.RandomInstr(rand.New(rand.NewPCG(3, 0)))
	fmt.Println(in.Op.Row() != nil)
	// Output: true
}

func ExampleSeeds() {
	for _, s := range mutate.Seeds()[:3] {
		_, err := validator.Validate(context.Background(), s.Wasm, validator.WithFeatures(s.Features))
		fmt.Println(s.Name, err)
	}
	// Output:
	// fixed types <nil>
	// nothing <nil>
	// numbers <nil>
}

// A change that must not matter: what was valid stays valid.
func ExampleTransformations() {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "nop").Func(0, "", "call 0").Bytes()
	for _, t := range mutate.Transformations() {
		if t.Needs != 0 {
			continue
		}
		changed := t.Apply(rand.New(rand.NewPCG(1, 0)), wasm)
		if _, err := validator.Validate(context.Background(), changed.Wasm); err != nil {
			fmt.Println(t.Name, err)
		}
	}
	fmt.Println("all valid")
	// Output: all valid
}

// Where a field lies after the change that lay somewhere before.
func ExampleTransformed() {
	m := validatortest.NewModule().Type("func").Func(0, "", "@nop")
	for _, t := range mutate.Transformations() {
		if t.Name != "custom sections" {
			continue
		}
		changed := t.Apply(rand.New(rand.NewPCG(2, 0)), m.Bytes())
		now, ok := changed.Offset(m.Mark())
		fmt.Println(ok && changed.Wasm[now] == byte(ops.Nop))
	}
	// Output: true
}
