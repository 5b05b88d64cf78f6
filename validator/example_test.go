package validator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/module"
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

// A file is read a piece at a time; what the verdict does not depend on is not
// read at all.
func ExampleValidateReaderAt() {
	file := bytes.NewReader(exampleModule()) // or an *os.File
	m, err := validator.ValidateReaderAt(context.Background(), file, file.Size())
	fmt.Println(m.NumFuncs(), err)
	// Output: 3 <nil>
}

// All errors of a module, not only the first.
func ExampleErrors() {
	wasm := validatortest.NewModule().Type("func (result i32)").
		Func(0, "", "i64.const 1").Func(0, "", "i32.const 1").Func(0, "", "local.get 0").Bytes()
	list, err := validator.Errors(context.Background(), wasm, 100)
	for _, e := range list {
		fmt.Println(e)
	}
	fmt.Println(err)
	// Output:
	// invalid: func 0: end: type mismatch: instruction requires [i32] but stack has [i64] (at offset 0x1c)
	// invalid: func 2: local.get: unknown local 0 (at offset 0x24)
	// <nil>
}

// The kind says what sort of verdict it is; what is no *Error is none.
func ExampleError() {
	for _, wasm := range [][]byte{
		[]byte("<html>"),
		validatortest.NewModule().Start(7).Bytes(),
		validatortest.NewModule().Memory("1").Memory("1").Bytes(),
	} {
		_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(ops.Wasm2))
		var e *validator.Error
		if !errors.As(err, &e) {
			fmt.Println("no verdict:", err)
			continue
		}
		fmt.Println(e.Kind, "at", e.Offset, "in function", e.Func, "feature", e.Feature.Names())
		fmt.Println(" ", e.Message)
	}
	// Output:
	// malformed at 0 in function -1 feature []
	//   magic header not detected
	// invalid at 10 in function -1 feature []
	//   unknown function 7
	// invalid at 13 in function -1 feature [multi-memory]
	//   multiple memories
}

func ExampleKind() {
	b, err := json.Marshal(map[string]validator.Kind{"kind": validator.Malformed})
	fmt.Println(string(b), validator.Limit, err)
	// Output: {"kind":"malformed"} limit <nil>
}

// A gate that takes small modules only.
func ExampleWithLimits() {
	_, err := validator.Validate(context.Background(), exampleModule(), validator.WithLimits(validator.Limits{Functions: 2}))
	fmt.Println(err)
	// Output: limit: 3 functions exceed the limit of 2 (at offset 0x13)
}

// A field that is zero means its default.
func ExampleLimits() {
	l := validator.DefaultLimits()
	l.ModuleSize = 1 << 20
	l.MemorySize = 16 << 20
	wasm := validatortest.NewModule().Memory("1000").Bytes()
	_, err := validator.Validate(context.Background(), wasm, validator.WithLimits(l))
	var e *validator.Error
	fmt.Println(errors.As(err, &e) && e.Kind == validator.Limit, err)
	// Output: true limit: 1000 initial pages of memory exceed the limit of 256 (at offset 0xb)
}

func ExampleDefaultLimits() {
	l := validator.DefaultLimits()
	fmt.Println(l.Functions, l.BodySize, l.Locals)
	// Output: 1000000 7654321 50000
}

// The calling goroutine only, for programs that use the other cores for others.
func ExampleWithWorkers() {
	m, err := validator.Validate(context.Background(), exampleModule(), validator.WithWorkers(1))
	fmt.Println(m.NumFuncs(), err)
	// Output: 3 <nil>
}

func ExampleWithProgress() {
	wasm := exampleModule()
	var last int64
	_, err := validator.Validate(context.Background(), wasm, validator.WithProgress(func(done, total int64) {
		last = 100 * done / total
	}))
	fmt.Println(last, "%", err)
	// Output: 100 % <nil>
}

// A context that ends, ends the validation; the error is its cause.
func ExampleValidate_context() {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the client went away"))
	_, err := validator.Validate(ctx, exampleModule())
	fmt.Println(err)
	// Output: the client went away
}

// A validator for one body after another, which is made from buffers.
func ExampleNewWithAllocations() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	buffers := new(state.Allocations)
	u := validator.NewWithAllocations(m, ops.Default, buffers)
	a, err := u.Assign(funcs[0].Index, funcs[0].TypeIdx, funcs[0].Body.Offset())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Validate(funcs[0].Body))
	u, err = a.Finish(funcs[0].Body.Offset() + funcs[0].Body.Size())
	fmt.Println(err, u.IntoAllocations() == buffers)
	// Output:
	// <nil>
	// <nil> true
}

// What an engine asks between operators.
func ExampleAssignedFuncValidator() {
	_, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := funcs[2].IntoValidator(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := a.DefineLocals(0, 1, ops.I64); err != nil {
		fmt.Println(err)
	}
	for _, in := range validatortest.Instrs("local.get 0 if (result i32) local.get 1 return") {
		if err := a.Op(0, &in); err != nil {
			fmt.Println(err)
		}
		top, err := a.OperandType(0)
		frame, _ := a.ControlFrame(0)
		fmt.Println(in.String(), "- top:", top, err == nil, "in:", frame.Kind, "reachable:", a.Reachable())
	}
	local, _ := a.LocalType(2)
	fmt.Println("function", a.Index(), "has", a.NumLocals(), "locals, the last of type", local)
	_ = a.Abandon()
	// Output:
	// local.get 0 - top: i32 true in: func reachable: true
	// if (result i32) - top: bot false in: if reachable: true
	// local.get 1 - top: i32 true in: if reachable: true
	// return - top: bot true in: if reachable: false
	// function 2 has 3 locals, the last of type i64
}

// TryOp asks which of some operators fit, and changes nothing where one does not.
func ExampleAssignedFuncValidator_TryOp() {
	_, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := funcs[0].IntoValidator(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, in := range validatortest.Instrs("local.get 0 i64.eqz f32.neg i32.eqz drop") {
		fmt.Println(in.String(), a.TryOp(0, &in) == nil)
	}
	_ = a.Abandon()
	// Output:
	// local.get 0 true
	// i64.eqz false
	// f32.neg false
	// i32.eqz true
	// drop true
}

// A body that ends too early is noticed by Finish, which gives the validator back
// all the same.
func ExampleAssignedFuncValidator_Finish() {
	m, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := funcs[0].Assign(validator.New(m, ops.Default))
	if err != nil {
		fmt.Println(err)
		return
	}
	u, err := a.Finish(100)
	fmt.Println(err)
	fmt.Println(u.Err())
	// Output:
	// malformed: func 0: unexpected end of section or function: 1 block open (at offset 0x64)
	// <nil>
}

// Bodies keep what they need to be validated later, by whoever has buffers.
func ExampleFuncToValidate() {
	_, funcs, err := validator.Spine(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	buffers := new(state.Allocations)
	for _, f := range funcs {
		a, err := f.IntoValidator(buffers)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f.Index, f.Body.Size(), a.Validate(f.Body))
		buffers = a.Abandon().IntoAllocations()
	}
	// Output:
	// 0 7 <nil>
	// 1 7 <nil>
	// 2 14 <nil>
}

// Resources of one's own: here a module of which the engine hides the memory.
type withoutMemory struct{ *module.Module }

func (withoutMemory) NumMemories() int { return 0 }

func ExampleResources() {
	wasm := validatortest.NewModule().Type("func (result i32)").Memory("1").
		Func(0, "", "i32.const 0 i32.load").Bytes()
	m, funcs, err := validator.Spine(context.Background(), wasm)
	if err != nil {
		fmt.Println(err)
		return
	}
	u := validator.New(withoutMemory{m}, ops.Default)
	a, err := u.Assign(funcs[0].Index, funcs[0].TypeIdx, funcs[0].Body.Offset())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Validate(funcs[0].Body))
	_ = a.Abandon()
	// Output: invalid: func 0: i32.load: unknown memory 0 (at offset 0x1f)
}

func ExampleNew() {
	m, err := validator.Validate(context.Background(), exampleModule())
	if err != nil {
		fmt.Println(err)
		return
	}
	u := validator.New(m, ops.Default)
	a, err := u.Assign(0, m.FuncType(0), 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	body := module.NewFuncBody(0, []byte("\x00\x41\x07\x0B")) // i32.const 7
	fmt.Println(a.Validate(body))
	_, err = a.Finish(body.Size())
	fmt.Println(err)
	// Output:
	// <nil>
	// <nil>
}

// A pool goes from one module to the next with its buffers.
func ExampleNewPool() {
	pool := validator.NewPool[*module.Module](nil, ops.Default)
	for _, wasm := range [][]byte{exampleModule(), exampleModule()} {
		m, funcs, err := validator.Spine(context.Background(), wasm)
		if err != nil {
			fmt.Println(err)
			return
		}
		pool.Retarget(m, ops.Default)
		a, err := funcs[0].Assign(pool.Get())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(a.Validate(funcs[0].Body), pool.Put(a.Abandon()))
	}
	// Output:
	// <nil> <nil>
	// <nil> <nil>
}

// A stream that has enough says so before the end.
func ExampleNewStream() {
	s := validator.NewStream(context.Background())
	_, err := s.Write([]byte("<!DOCTYPE html>"))
	fmt.Println(err)
	s.Abandon()
	// Output: malformed: magic header not detected (at offset 0x0)
}

func ExampleLazy() {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "nop").Func(0, "", "drop").Bytes()
	l, err := validator.NewLazy(context.Background(), wasm)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l.Validate(0)) // at its first call
	fmt.Println(l.Validate(1))
	fmt.Println(l.Module().NumFuncs())
	// Output:
	// <nil>
	// invalid: func 1: drop: type mismatch: instruction requires an operand but stack has [] (at offset 0x1c)
	// 2
}
