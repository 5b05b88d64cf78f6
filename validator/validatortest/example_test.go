package validatortest_test

import (
	"context"
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// A module with a mistake, and where the error is expected.
func Example() {
	m := validatortest.NewModule().
		Type("func (param i32) (result i64)").
		Memory("1 2").
		Func(0, "", "local.get 0 @i64.load offset=8 align=16")
	_, err := validator.Validate(context.Background(), m.Bytes())
	fmt.Println(err)
	fmt.Printf("expected at %#x\n", m.Mark())
	// Output:
	// invalid: func 0: i64.load: alignment must not be larger than natural: 2^4, natural is 2^3 (at offset 0x21)
	// expected at 0x21
}

func ExampleNewModule() {
	wasm := validatortest.NewModule().
		Type("func").
		Import("env", "table", "table 1 funcref").
		Global("mut i64", "i64.const -1").
		Func(0, "2 i32", "nop").
		Elem("(offset i32.const 0) func 0").
		Custom("note", []byte("made by hand")).
		Bytes()
	m, err := validator.Validate(context.Background(), wasm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.NumImports(), m.NumGlobals(), m.NumElems(), m.CustomSections()[0].Name)
	// Output: 1 1 1 note
}

// Nothing checks that a module is valid: a test of a validator needs ones that
// are not.
func ExampleModule_FuncType() {
	m := validatortest.NewModule().Type("func").FuncType(0) // and no body
	_, err := validator.Validate(context.Background(), m.Bytes())
	fmt.Println(err)
	// Output: malformed: function and code section have inconsistent lengths (at offset 0x12)
}

func ExampleAsmMark() {
	code, mark := validatortest.AsmMark("i32.const 300 @drop")
	fmt.Printf("% x, %d\n", code, mark)
	// Output: 41 ac 02 1a, 3
}

func ExampleBody() {
	body, mark := validatortest.Body("i32 2 f64", "local.get 0 @f64.neg")
	fmt.Printf("% x, %d\n", body, mark)
	// Output: 02 01 7f 02 7c 20 00 9a 0b, 7
}

func ExampleInstrs() {
	for _, in := range validatortest.Instrs("br_table 0 1 2 i64.const 0x10") {
		fmt.Println(in.String())
	}
	// Output:
	// br_table 0 1 2
	// i64.const 16
}

func ExampleValType() {
	fmt.Println(validatortest.ValType("(ref null 3)"), validatortest.ValType("(ref null func)") == ops.FuncRef)
	// Output: (ref null 3) true
}

func ExampleHeapType() {
	fmt.Println(validatortest.HeapType("(exact 2)").Exact(), validatortest.HeapType("any") == ops.HeapAny)
	// Output: true true
}

// A rule is tested without a module.
func ExampleNewResources() {
	r := validatortest.NewResources().AddType("func (result i32)").AddGlobal("mut i64")
	a, err := validator.New(r, ops.Default).Assign(0, 0, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := validatortest.Body("", "global.get 0")
	fmt.Println(a.Validate(module.NewFuncBody(0, body)))
	_ = a.Abandon()
	// Output: invalid: func 0: end: type mismatch: instruction requires [i32] but stack has [i64] (at offset 0x3)
}
