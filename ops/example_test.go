package ops_test

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
)

// Decode a function body's expression and show what each operator takes and
// leaves.
func Example() {
	code := []byte{0x20, 0x00, 0x41, 0x2A, 0x6A, 0x0B}
	d := ops.NewDecoder(code, 0x40, ops.Wasm3)
	for offset, in := range d.All() {
		fmt.Printf("%#x: %v [%s]\n", offset, in, in.Op.Row().Sig)
	}
	if err := d.Err(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0x40: local.get 0 []
	// 0x42: i32.const 42 [-> i32]
	// 0x44: i32.add [i32 i32 -> i32]
	// 0x45: end []
}

func ExampleDecoder_Next() {
	d := ops.NewDecoder([]byte{0xFD, 0x0F}, 0, ops.Wasm1)
	var in ops.Instr
	fmt.Println(d.Next(&in))
	// Output: illegal opcode fd 0f: i8x16.splat (at offset 0x0)
}

func ExampleAppendInstr() {
	code := ops.AppendInstr(nil, &ops.Instr{Op: ops.I32Load, Mem: ops.MemArg{Align: 2, Offset: 1024}})
	fmt.Printf("% x\n", code)
	// Output: 28 02 80 08
}

func ExampleParseFeatures() {
	f, err := ops.ParseFeatures("wasm3,threads,-simd")
	fmt.Println(f, err)
	fmt.Println(f.Missing(ops.SIMD | ops.Threads))
	_, err = ops.ParseFeatures("wasm4")
	fmt.Println(err)
	// Output:
	// wasm3,-simd,threads <nil>
	// simd
	// unknown feature "wasm4"
}

func ExampleLookup() {
	op, _ := ops.Lookup("memory.fill")
	row := op.Row()
	fmt.Println(row.Name, row.Sig, row.Feature)
	// Output: memory.fill at i32 at -> bulk-memory-opt
}
