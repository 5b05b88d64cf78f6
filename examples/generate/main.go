// Generate makes random modules that are valid: it tries operators with TryOp
// until one fits, and so needs to know nothing of the rules.
//
//	go run ./examples/generate [-seed N] [-funcs N] [-operators N] > FILE
//
// It shows how TryOp is used. Who wants modules of all proposals, for tests, finds
// them in package validatortest/generate.
package main

import (
	"context"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

const features = ops.Wasm2

func main() {
	seed := flag.Uint64("seed", 1, "makes another module for each `number`")
	funcs := flag.Int("funcs", 10, "the `number` of functions")
	operators := flag.Int("operators", 100, "the `number` of operators in each, those that end it apart")
	flag.Parse()
	wasm, err := generate(rand.New(rand.NewPCG(*seed, 0)), *funcs, *operators)
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(wasm)
}

// types are those of the functions: (result i32), (param i64 f32) (result i32 i64).
const types = "\x02\x60\x00\x01\x7f\x60\x02\x7e\x7d\x02\x7f\x7e"

// generate returns a module of n functions.
func generate(r *rand.Rand, n, operators int) ([]byte, error) {
	count := ops.AppendU32(nil, uint32(n))
	wasm := slices.Concat([]byte("\x00asm\x01\x00\x00\x00"),
		section(module.SectionType, []byte(types)), section(module.SectionFunction, append(count, slices.Repeat([]byte{0, 1}, n)[:n]...)),
		section(module.SectionMemory, []byte("\x01\x00\x01")), section(module.SectionGlobal, []byte("\x01\x7e\x01\x42\x07\x0b")))
	// The bodies of the functions are judged against these declarations.
	none := slices.Concat(wasm, section(module.SectionCode, append(count, slices.Repeat([]byte("\x03\x00\x00\x0b"), n)...)))
	m, funcs, err := validator.Spine(context.Background(), none)
	if err != nil {
		return nil, err
	}
	code := slices.Clone(count)
	u := validator.New(m, features)
	for _, f := range funcs {
		a, err := u.Assign(f.Index, f.TypeIdx, 0)
		if err != nil {
			return nil, err
		}
		body := body(r, a, operators)
		if u, err = a.Finish(len(body)); err != nil {
			return nil, err
		}
		code = append(ops.AppendU32(code, uint32(len(body))), body...)
	}
	return append(wasm, section(module.SectionCode, code)...), nil
}

func section(id module.SectionID, content []byte) []byte {
	return append(ops.AppendU32([]byte{byte(id)}, uint32(len(content))), content...)
}

// body returns the body of a function: no locals, and operators that fit.
func body(r *rand.Rand, a validator.AssignedFuncValidator[*module.Module], operators int) []byte {
	rows := slices.DeleteFunc(slices.Collect(ops.Rows()), func(row *ops.Row) bool { return features.Missing(row.Feature) != 0 })
	code := []byte{0}
	fits := func(in ops.Instr) bool {
		err := a.TryOp(len(code), &in)
		if err == nil {
			code = ops.AppendInstr(code, &in)
		}
		return err == nil
	}
	for n := 0; n < operators; {
		row := rows[r.IntN(len(rows))]
		block := []ops.BlockType{0, ops.BlockResult(ops.I32)}[r.IntN(2)]
		in := ops.Instr{Op: row.Op, Block: block, Index: r.Uint32N(3), Value: uint64(r.IntN(1000)), Mem: ops.MemArg{Align: uint32(row.Imm.Align)},
			Labels: []uint32{r.Uint32N(3), 0}, Types: []ops.ValType{ops.I32}, Type: [2]ops.ValType{ops.FuncRef}}
		if last := row.Op == ops.End && a.ControlStackHeight() == 1; !last && fits(in) {
			n++
		}
	}
	for a.ControlStackHeight() > 0 {
		if fits(ops.Instr{Op: ops.End}) {
			continue
		}
		// After unreachable an end fits, unless it is that of an if that needs an else.
		if fits(ops.Instr{Op: ops.Unreachable}); !fits(ops.Instr{Op: ops.End}) {
			fits(ops.Instr{Op: ops.Else})
		}
	}
	return code
}
