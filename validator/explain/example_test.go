package explain_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// sum is a module with a function that adds numbers of two types.
func sum() []byte {
	return validatortest.NewModule().Type("func (param i64) (result i32)").Export("sum", "func 0").
		Func(0, "", "local.get 0 i32.const 5 i32.add").Bytes()
}

func ExampleExplain() {
	wasm := sum()
	_, err := validator.Validate(context.Background(), wasm)
	var refused *validator.Error
	if errors.As(err, &refused) {
		fmt.Print(explain.Explain(wasm, refused).Text(explain.TextOptions{File: "sum.wasm", Width: 100}))
	}
	// Output:
	// error[invalid]: type mismatch: instruction requires [i32 i32] but stack has [i64 i32]
	//   --> sum.wasm:0x26
	//       in function 0 $sum (export), of type [i64] -> [i32]
	//       |
	//  0x22 | ╭─ local.get 0  ; i64, but i32 is wanted
	//  0x24 | │  i32.const 5  ; i32
	// >0x26 | ╰> i32.add
	//       |    ^^^^^^^ wants [i32 i32], finds [i64 i32]
	//  0x27 |    end
	//   hint: `i32.wrap_i64` behind `local.get 0` at 0x22 would make an i32 of an i64
}

// A program asks for what is wrong, and where it comes from.
func ExampleDiagnosis() {
	wasm := sum()
	_, err := validator.Validate(context.Background(), wasm)
	var refused *validator.Error
	if !errors.As(err, &refused) {
		return
	}
	d := explain.Explain(wasm, refused)
	for _, w := range d.Want {
		if w.Verdict == explain.Wrong {
			fmt.Printf("%s wants %s and finds %s, pushed by %s at %#x\n", d.Op.Text, w.Want, w.Found.Type, w.Found.Origin.Text, w.Found.Origin.Offset)
		}
	}
	b, _ := json.Marshal(d.Op)
	fmt.Println(string(b))
	// Output:
	// i32.add wants i32 and finds i64, pushed by local.get 0 at 0x22
	// {"offset":38,"text":"i32.add","depth":0,"fault":true}
}

// All the errors of a module, not only the first.
func ExampleExplain_all() {
	wasm := validatortest.NewModule().Type("func (result i32)").
		Func(0, "", "i64.const 1").Func(0, "", "i32.const 1").Func(0, "", "local.get 0").Bytes()
	list, err := validator.Errors(context.Background(), wasm, 100, validator.WithFeatures(ops.Wasm2))
	if err != nil {
		return
	}
	for _, refused := range list {
		d := explain.Explain(wasm, refused, validator.WithFeatures(ops.Wasm2))
		fmt.Printf("function %d: %s\n  %s\n", d.Func.Index, d.Message, d.Hints[0].Text)
	}
	// Output:
	// function 0: type mismatch: instruction requires [i32] but stack has [i64]
	//   `i64.const 1` at 0x1a pushes the operand; `i32.const 1` would push an i32
	// function 2: unknown local 0
	//   the function has no locals
}

// How the text looks: how wide it is, how much of the code around the mistake it
// shows, and the name of the file.
func ExampleDiagnosis_Text() {
	wasm := sum()
	_, err := validator.Validate(context.Background(), wasm)
	var refused *validator.Error
	if errors.As(err, &refused) {
		d := explain.Explain(wasm, refused)
		fmt.Print(d.Text(explain.TextOptions{File: "sum.wasm", Width: 100, Context: -1}))
	}
	// Output:
	// error[invalid]: type mismatch: instruction requires [i32 i32] but stack has [i64 i32]
	//   --> sum.wasm:0x26
	//       in function 0 $sum (export), of type [i64] -> [i32]
	//       |
	//  0x22 | ╭─ local.get 0  ; i64, but i32 is wanted
	//  0x24 | │  i32.const 5  ; i32
	// >0x26 | ╰> i32.add
	//       |    ^^^^^^^ wants [i32 i32], finds [i64 i32]
	//   hint: `i32.wrap_i64` behind `local.get 0` at 0x22 would make an i32 of an i64
}

// What was probably meant, for an editor that offers to mend it.
func ExampleHint() {
	wasm := validatortest.NewModule().Type("func (param i32)").Func(0, "", "local.get 1 drop").Bytes()
	_, err := validator.Validate(context.Background(), wasm)
	var refused *validator.Error
	if !errors.As(err, &refused) {
		return
	}
	for _, h := range explain.Explain(wasm, refused).Hints {
		fmt.Printf("%s at %#x: %s\n", h.Kind, h.Offset, h.Text)
		fmt.Println("instead:", h.Replace)
	}
	// Output:
	// index-range at 0x18: there is one local, with index 0, the parameter; was `local.get 0` meant?
	// instead: local.get 0
}
