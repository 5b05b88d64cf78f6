package ops_test

import (
	"encoding/json"
	"errors"
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

func ExampleRows() {
	n := 0
	for row := range ops.Rows() {
		if row.Feature == ops.WideArithmetic {
			fmt.Println(row.Name, "takes and leaves", row.Sig)
		}
		n++
	}
	fmt.Println("among more than 600:", n > 600)
	// Output:
	// i64.add128 takes and leaves i64 i64 i64 i64 -> i64 i64
	// i64.sub128 takes and leaves i64 i64 i64 i64 -> i64 i64
	// i64.mul_wide_s takes and leaves i64 i64 -> i64 i64
	// i64.mul_wide_u takes and leaves i64 i64 -> i64 i64
	// among more than 600: true
}

func ExampleOp_Row() {
	row := ops.I64Store8.Row()
	fmt.Println(row.Name, row.Sig, "natural alignment:", 1<<row.Imm.Align)
	fmt.Println(ops.Op(0xFF).Row()) // what is no operator has no row
	// Output:
	// i64.store8 at i64 -> natural alignment: 1
	// <nil>
}

// The signature as types. Those that the immediates decide have names of their own.
func ExampleRow_Signature() {
	params, results := ops.I32Store.Row().Signature()
	fmt.Println(params, results)
	fmt.Println(params[0] == ops.AddrType)
	// Output:
	// [at i32] []
	// true
}

// A decoder is used for one expression after another, and so is the Instr.
func ExampleNewDecoder() {
	d := ops.NewDecoder([]byte{0x0E, 0x02, 0x00, 0x01, 0x02}, 0x40, ops.Wasm3)
	var in ops.Instr
	if err := d.Next(&in); err == nil {
		fmt.Println(in.String(), in.Labels)
	}
	d.Reset([]byte{0x42, 0x7F}, 0x80, ops.Wasm3)
	if err := d.Next(&in); err == nil {
		fmt.Println(in.String(), int64(in.Value))
	}
	// Output:
	// br_table 0 1 2 [0 1 2]
	// i64.const -1 -1
}

// Which fields mean something says the kind of the immediates.
func ExampleInstr() {
	d := ops.NewDecoder([]byte{0x11, 0x03, 0x01, 0x28, 0x02, 0x10, 0xFC, 0x0A, 0x00, 0x01}, 0, ops.Wasm3)
	for _, in := range d.All() {
		switch in.Op.Row().Imm.Kind {
		case ops.ImmCallIndirect:
			fmt.Println(in, "- type", in.Index, "table", in.Index2)
		case ops.ImmMemArg:
			fmt.Println(in, "- aligned to", 1<<in.Mem.Align, "at", in.Mem.Offset)
		default:
			fmt.Println(in)
		}
	}
	// Output:
	// call_indirect 1 (type 3) - type 3 table 1
	// i32.load offset=16 - aligned to 4 at 16
	// memory.copy 0 1
}

// An operator whose proposal is off is unknown; the error says which it is.
func ExampleSyntaxError() {
	d := ops.NewDecoder([]byte{0xFB, 0x00, 0x00}, 0x31, ops.Wasm2)
	err := d.Next(new(ops.Instr))
	var syntax *ops.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Printf("at %#x: %s; allowed by %v\n", syntax.Offset, syntax.Message, syntax.Feature)
	}
	// Output: at 0x31: illegal opcode fb 00: struct.new; allowed by gc
}

// Whether an expression is well-formed, from the middle of an if on.
func ExampleSkipExprWithin() {
	rest := []byte{0x01, 0x05, 0x0B, 0x0B} // nop else end end
	fmt.Println(ops.SkipExprWithin(ops.NewDecoder(rest, 0, ops.Wasm1), []ops.Op{ops.If}))
	fmt.Println(ops.SkipExprWithin(ops.NewDecoder(rest, 0, ops.Wasm1), []ops.Op{ops.Loop}))
	// Output:
	// <nil>
	// END opcode expected: an else must follow the first part of an if (at offset 0x1)
}

func ExampleSkipExpr() {
	code := []byte{0x02, 0x40, 0x0B, 0x0B, 0x2A} // block end end, and a byte of something else
	d := ops.NewDecoder(code, 0, ops.Wasm1)
	fmt.Println(ops.SkipExpr(d), d.Len())
	d.Reset(code[:3], 0, ops.Wasm1)
	fmt.Println(ops.SkipExpr(d))
	// Output:
	// <nil> 1
	// unexpected end of section or function (at offset 0x3)
}

// What a decoder of one's own says about an else without an if.
func ExampleMisplaced() {
	fmt.Println(ops.Misplaced(ops.Else))
	// Output: END opcode expected: an else must follow the first part of an if
}

func ExampleNewReader() {
	r := ops.NewReader([]byte{0x02, 0x7F, 0x63, 0x70, 0xE5, 0x8E, 0x26}, 0x10, ops.Wasm3)
	n, err := r.Count() // how many types follow, never more than there are bytes
	for i := 0; i < n && err == nil; i++ {
		var t ops.ValType
		t, err = r.ValType()
		fmt.Println(t)
	}
	v, _ := r.U32()
	fmt.Println(v, err, "at", r.Offset(), "needs", r.Need().Minimal())
	// Output:
	// i32
	// funcref
	// 624485 <nil> at 23 needs function-references
}

func ExampleAppendU32() {
	fmt.Printf("% x\n", ops.AppendU32(nil, 624485))
	// Output: e5 8e 26
}

func ExampleAppendS64() {
	fmt.Printf("% x, % x\n", ops.AppendS64(nil, -1), ops.AppendS64(nil, 64))
	// Output: 7f, c0 00
}

func ExampleAppendValType() {
	fmt.Printf("% x\n", ops.AppendValType(nil, ops.F64))
	fmt.Printf("% x\n", ops.AppendValType(nil, ops.FuncRef))        // has a short form
	fmt.Printf("% x\n", ops.AppendValType(nil, ops.HeapFunc.Ref())) // has none
	// Output:
	// 7c
	// 70
	// 64 70
}

func ExampleAppendHeapType() {
	fmt.Printf("% x, % x\n", ops.AppendHeapType(nil, ops.HeapAny), ops.AppendHeapType(nil, ops.IndexHeap(7)))
	// Output: 6e, 07
}

func ExampleAppendBlockType() {
	fmt.Printf("% x, % x, % x\n", ops.AppendBlockType(nil, 0), ops.AppendBlockType(nil, ops.BlockResult(ops.I32)),
		ops.AppendBlockType(nil, ops.BlockIndex(300)))
	// Output: 40, 7f, ac 02
}

func ExampleBlockType() {
	for _, b := range []ops.BlockType{0, ops.BlockResult(ops.V128), ops.BlockIndex(3)} {
		if t, ok := b.Result(); ok {
			fmt.Println("leaves a", t)
		} else if i, ok := b.Index(); ok {
			fmt.Println("has the type at index", i)
		} else {
			fmt.Println("takes and leaves nothing")
		}
	}
	// Output:
	// takes and leaves nothing
	// leaves a v128
	// has the type at index 3
}

func ExampleBlockResult() {
	fmt.Println(ops.BlockResult(ops.ExternRef))
	// Output: (result externref)
}

func ExampleBlockIndex() {
	fmt.Println(ops.BlockIndex(2))
	// Output: (type 2)
}

// Value types are plain values: they are compared and used as keys.
func ExampleValType() {
	for _, t := range []ops.ValType{ops.I32, ops.FuncRef, ops.IndexHeap(4).Ref(), ops.I8} {
		fmt.Println(t, t.IsNum(), t.IsRef() && t.Nullable(), t.Defaultable(), t.Unpacked())
	}
	// Output:
	// i32 true false true i32
	// funcref false true true funcref
	// (ref 4) false false false (ref 4)
	// i8 false false true i32
}

func ExampleHeapType() {
	t := ops.IndexHeap(5).RefNull()
	index, ok := t.Heap().Index()
	fmt.Println(t, index, ok)
	fmt.Println(ops.HeapAny.WithShared().Ref())
	// Output:
	// (ref null 5) 5 true
	// (ref (shared any))
}

func ExampleIndexHeap() {
	fmt.Println(ops.IndexHeap(5).Ref(), ops.IndexHeap(5).RefNull(), ops.IndexHeap(5).WithExact().Ref())
	// Output: (ref 5) (ref null 5) (ref (exact 5))
}

func ExampleFeatures() {
	allowed := ops.Wasm2 | ops.TailCall
	fmt.Println(allowed.Has(ops.SIMD), allowed.Has(ops.SIMD|ops.GC))
	need := ops.BulkMemory | ops.BulkMemoryOpt | ops.GC
	fmt.Println("missing", allowed.Missing(need))
	fmt.Println("needs", need.Minimal()) // bulk-memory brings bulk-memory-opt
	b, _ := json.Marshal(allowed)
	fmt.Println(string(b))
	// Output:
	// true false
	// missing gc
	// needs bulk-memory,gc
	// "wasm2,tail-call"
}

func ExampleOrdering() {
	fmt.Println(ops.SeqCst, ops.AcqRel)
	// Output: seq_cst acq_rel
}
