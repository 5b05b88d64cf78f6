package validator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// exampleModule is a module of three functions.
func exampleModule() []byte {
	return validatortest.NewModule().
		Type("func (param i32 i32) (result i32)").
		Func(0, "", "local.get 0 local.get 1 i32.add").
		Func(0, "", "local.get 0 local.get 1 i32.sub").
		Func(0, "i64", "local.get 0 if (result i32) local.get 1 else i32.const 7 end").
		Bytes()
}

func Example() {
	m, err := validator.Validate(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("valid, with", m.NumFuncs(), "functions")
	// Output: valid, with 3 functions
}

func ExampleValidate() {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "i32.const 1 i64.eqz drop").Bytes()
	_, err := validator.Validate(context.Background(), wasm)
	var e *validator.Error
	if errors.As(err, &e) {
		fmt.Println(e.Kind, "at", e.Offset, "in function", e.Func, "at", e.Op)
		fmt.Println(e.Message)
	}
	// Output:
	// invalid at 25 in function 0 at i64.eqz
	// type mismatch: instruction requires [i64] but stack has [i32]
}

func ExampleWithFeatures() {
	wasm := validatortest.NewModule().Memory("1 1 shared").Bytes()
	features, err := ops.ParseFeatures("wasm3")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = validator.Validate(context.Background(), wasm, validator.WithFeatures(features))
	var e *validator.Error
	if errors.As(err, &e) {
		fmt.Println(e.Message, "- allowed by", e.Feature)
	}
	// Output: malformed limits flags - allowed by threads
}

func ExampleValidateReader() {
	m, err := validator.ValidateReader(context.Background(), bytes.NewReader(exampleModule()))
	fmt.Println(m.NumFuncs(), err)
	// Output: 3 <nil>
}

func ExampleStream() {
	s := validator.NewStream(context.Background())
	wasm := exampleModule()
	for len(wasm) > 0 {
		n := min(10, len(wasm))
		if _, err := s.Write(wasm[:n]); err != nil {
			break // Finish says it again
		}
		wasm = wasm[n:]
	}
	m, err := s.Finish()
	fmt.Println(m.NumFuncs(), err)
	// Output: 3 <nil>
}

// One validator is assigned to one function after another.
func ExampleSpine() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	u := validator.New(m, ops.Default)
	for _, f := range funcs {
		a, err := f.Assign(u)
		if err != nil {
			fmt.Println(err)
			return
		}
		err = a.Validate(f.Body)
		u = a.Abandon() // the verdict is in err
		fmt.Println("function", f.Index, err)
	}
	buffers := u.IntoAllocations() // for the next module
	fmt.Println(buffers != nil)
	// Output:
	// function 0 <nil>
	// function 1 <nil>
	// function 2 <nil>
	// true
}

// An engine that has a decoder of its own asks between operators.
func ExampleAssignedFuncValidator_Op() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	f := funcs[0]
	a, err := f.IntoValidator(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	locals, _ := f.Body.Locals(ops.Default)
	d := ops.NewDecoder(f.Body.Bytes(), f.Body.Offset(), ops.Default)
	d.Seek(locals.Pos())
	for offset, in := range d.All() {
		if err := a.Op(offset, in); err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(in, "-> operands:", a.OperandStackHeight(), "blocks:", a.ControlStackHeight())
	}
	u, err := a.Finish(f.Body.Offset() + f.Body.Size())
	fmt.Println(err, u.Err(), m.NumFuncs())
	// Output:
	// local.get 0 -> operands: 1 blocks: 1
	// local.get 1 -> operands: 2 blocks: 1
	// i32.add -> operands: 1 blocks: 1
	// end -> operands: 0 blocks: 0
	// <nil> <nil> 3
}

func ExamplePool() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	pool := validator.NewPool(m, ops.Default)
	a, err := funcs[1].Assign(pool.Get())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = a.Validate(funcs[1].Body)
	fmt.Println(err, pool.Put(a.Abandon()))
	// Output: <nil> <nil>
}

func ExampleNewLazy() {
	l, err := validator.NewLazy(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Validate(2), l.Validate(2))
	fmt.Println(l.Validated())
	// Output:
	// <nil> <nil>
	// 1 3
}

// A copy of a handle that was spent says so.
func ExampleUnassignedFuncValidator() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	u := validator.New(m, ops.Default)
	stale := u
	a, err := funcs[0].Assign(u)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = funcs[1].Assign(stale) //spent:ignore the example is about this mistake
	fmt.Println(err, errors.Is(err, state.ErrSpent))
	_ = a.Abandon()
	// Output: handle is spent: by Assign true
}
