// Package generate makes WebAssembly modules for tests: valid ones that use every
// operator and every construct of the proposals asked for, and ones with a single
// fault whose verdict is known before any validator is asked.
//
//	wasm, err := generate.Module(42, generate.Config{Features: ops.Wasm3})
//
// A number always makes the same module. [FromBytes] takes a string of bytes in
// the place of the number, so that a fuzzer can steer what is made.
//
// Declarations are valid because of how they are made. Function bodies are made
// operator by operator: a row of the operator table is chosen, operands and
// immediates are made that fit it, and [validator.AssignedFuncValidator.TryOp] says
// whether it does.
//
// [Faulty] puts one of the [Faults] into such a module. What it expects of a
// validator is written from the specification, and not what this project's
// validator happens to say.
package generate
