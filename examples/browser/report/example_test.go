package report_test

import (
	"context"
	"fmt"

	"github.com/wasmstate/wasmstate/examples/browser/report"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What a page shows of a module with a mistake.
func Example() {
	wasm := validatortest.NewModule().Type("func (param i32) (result i32)").
		Func(0, "", "local.get 0 i32.extend8_s").
		Func(0, "", "i64.const 1").
		Bytes()
	ctx := context.Background()
	v, err := report.Judge(ctx, wasm, ops.Wasm2, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Valid, v.Diagnosis.Message)
	needs, err := report.FindNeeds(ctx, wasm, ops.Wasm2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range needs.List {
		fmt.Println("needs", n.Feature, "for", n.Op.Text)
	}
	for _, n := range report.SizeMap(wasm).Children {
		fmt.Println(n.Name, n.Size)
	}
	// Output:
	// false type mismatch: instruction requires [i32] but stack has [i64]
	// needs sign-extension for i32.extend8_s
	// code 14
	// magic number and version 8
	// type 8
	// function 5
}

// What is wrong in each function.
func ExampleFindMistakes() {
	wasm := validatortest.NewModule().Type("func").
		Func(0, "", "drop").Func(0, "", "nop").Func(0, "", "i32.const 1").Bytes()
	found, err := report.FindMistakes(context.Background(), wasm, ops.Default)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range found.List {
		fmt.Println(d.Func.Index, d.Message)
	}
	// Output:
	// 0 type mismatch: instruction requires an operand but stack has []
	// 2 type mismatch: block requires [] but stack has [i32]: 1 operand too many
}

// The features that a person has ticked.
func ExampleChosen() {
	f, err := report.Chosen([]string{"mutable-global", "simd"})
	fmt.Println(f.Names(), err)
	// Output: [mutable-global simd] <nil>
}
