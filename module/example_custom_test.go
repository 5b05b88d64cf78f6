package module_test

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The contents of a custom section, and what reads them, are found by its name.
func ExampleReadNames() {
	wasm := validatortest.NewModule().Type("func").Func(0, "i32", "").
		Custom("name", []byte("\x01\x07\x01\x00\x04main\x02\x08\x01\x00\x01\x00\x03sum")).Bytes()
	p := module.NewParser(ops.Default)
	for {
		payload, n, err := p.Parse(wasm, true)
		if err != nil || payload.Kind == module.End {
			break
		}
		wasm = wasm[n:]
		if payload.Kind != module.Custom || payload.Custom.Name != "name" {
			continue
		}
		names, err := module.ReadNames(payload.Content, payload.Custom.Offset)
		f, _ := names.Func(0)
		local, _ := names.Local(0, 0)
		fmt.Println(f, local, err)
	}
	// Output: main sum <nil>
}

func ExampleReadProducers() {
	fields, err := module.ReadProducers([]byte("\x01\x08language\x01\x01C\x0299"), 0)
	for _, f := range fields {
		for _, p := range f.Values {
			fmt.Println(f.Name, p.Name, p.Version, err)
		}
	}
	// Output: language C 99 <nil>
}

func ExampleReadTargetFeatures() {
	features, err := module.ReadTargetFeatures([]byte("\x02+\x04simd-\x07threads"), 0)
	for _, f := range features {
		fmt.Printf("%c %s\n", f.Policy, f.Name)
	}
	fmt.Println(err)
	// Output:
	// + simd
	// - threads
	// <nil>
}

func ExampleReadBranchHints() {
	list, err := module.ReadBranchHints([]byte("\x01\x03\x02\x05\x01\x00\x09\x01\x01"), 0)
	for _, f := range list {
		for _, h := range f.Hints {
			fmt.Println("function", f.Func, "at", h.Offset, "likely:", h.Taken)
		}
	}
	fmt.Println(err)
	// Output:
	// function 3 at 5 likely: false
	// function 3 at 9 likely: true
	// <nil>
}

func ExampleReadDylink() {
	d, err := module.ReadDylink([]byte("\x01\x04\x10\x02\x03\x00\x02\x08\x01\x06libc.a"), 0)
	fmt.Println(d.MemInfo.MemorySize, "bytes of memory; needs", d.Needed, err)
	// Output: 16 bytes of memory; needs [libc.a] <nil>
}

func ExampleReadLinking() {
	l, err := module.ReadLinking([]byte("\x02\x08\x08\x01\x00\x04\x03\x03run\x06\x03\x01\x07\x00"), 0)
	for _, s := range l.Symbols {
		fmt.Println("symbol", s.Name, "of function", s.Index, s.Flags&module.SymbolHidden != 0)
	}
	for _, f := range l.InitFuncs {
		fmt.Println("starts with symbol", f.Symbol, "at priority", f.Priority)
	}
	fmt.Println(err)
	// Output:
	// symbol run of function 3 true
	// starts with symbol 0 at priority 7
	// <nil>
}

func ExampleReadRelocs() {
	r, err := module.ReadRelocs([]byte("\x03\x01\x00\x04\x05"), 0)
	for _, e := range r.Entries {
		fmt.Println("section", r.Section, "at", e.Offset, "function of symbol", e.Index, e.Type == module.RelocFunctionIndexLEB)
	}
	fmt.Println(err)
	// Output:
	// section 3 at 4 function of symbol 5 true
	// <nil>
}

func ExampleReadCore() {
	process, err := module.ReadCore([]byte("\x00\x06a.wasm"), 0)
	fmt.Println(process, err)
	// Output: a.wasm <nil>
}

func ExampleReadCoreModules() {
	modules, err := module.ReadCoreModules([]byte("\x02\x00\x01a\x00\x01b"), 0)
	fmt.Println(modules, err)
	// Output: [a b] <nil>
}

func ExampleReadCoreInstances() {
	instances, err := module.ReadCoreInstances([]byte("\x01\x00\x00\x01\x02\x00"), 0)
	for _, i := range instances {
		fmt.Println("of module", i.Module, "with memories", i.Memories, "and globals", i.Globals)
	}
	fmt.Println(err)
	// Output:
	// of module 0 with memories [2] and globals []
	// <nil>
}

func ExampleReadCoreStack() {
	s, err := module.ReadCoreStack([]byte("\x00\x04main\x01\x00\x00\x02\x07\x01\x7F\x2A\x00"), 0)
	for _, f := range s.Frames {
		fmt.Println(s.Thread, "in function", f.Func, "at", f.Offset, "with", f.Locals[0].Type, f.Locals[0].Bits)
	}
	fmt.Println(err)
	// Output:
	// main in function 2 at 7 with i32 42
	// <nil>
}
