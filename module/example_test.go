package module_test

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// A module that arrives in pieces of four bytes is divided into its sections and
// bodies.
func ExampleParser() {
	wasm := []byte("\x00asm\x01\x00\x00\x00" + // header
		"\x01\x04\x01\x60\x00\x00" + // one type: a function without parameters and results
		"\x03\x02\x01\x00" + // one function, of that type
		"\x0A\x05\x01\x03\x00\x01\x0B") // its body: nop, end

	p := module.NewParser(ops.Default)
	arrived := wasm[:0]
	for {
		payload, n, err := p.Parse(arrived, len(wasm) == len(arrived))
		if err != nil {
			fmt.Println(err)
			return
		}
		arrived, wasm = arrived[n:], wasm[n:]
		switch payload.Kind {
		case module.NeedMore:
			arrived = wasm[:min(len(wasm), len(arrived)+4)]
		case module.WholeSection:
			fmt.Println(payload.Section.ID, "section of", payload.Section.Size, "bytes")
		case module.Body:
			fmt.Println("body of", payload.Body.Size(), "bytes at", payload.Body.Offset())
		case module.End:
			return
		}
	}
	// Output:
	// type section of 4 bytes
	// function section of 2 bytes
	// body of 3 bytes at 22
}

// Two recursion groups that say the same are one.
func ExampleTypes() {
	list := func(self uint32) []module.SubType {
		return []module.SubType{{
			Kind:   module.Struct,
			Fields: []module.Field{{Type: ops.I32}, {Type: ops.IndexHeap(self).RefNull()}},
		}}
	}
	t := module.NewTypes()
	for _, self := range []uint32{0, 1} {
		if err := t.AddGroup(list(self)); err != nil {
			fmt.Println(err)
		}
	}
	longer := list(1)
	longer[0].Super, longer[0].NumSupers = 1, 1
	longer[0].Fields = append(longer[0].Fields, module.Field{Type: ops.F64, Mutable: true})
	if err := t.AddGroup(longer); err != nil {
		fmt.Println(err)
	}
	fmt.Println(t.Canonical(1), t.SubtypeOf(2, 0), t.SubtypeOf(0, 2))
	fmt.Println(t.Describe(2))
	// Output:
	// 0 true false
	// (struct (field i32) (field (ref null 0)) (field (mut f64)))
}
