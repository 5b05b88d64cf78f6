package module_test

import (
	"context"
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The sections of a module, with where they lie.
func Example() {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "nop").Export("f", "func 0").Bytes()
	p := module.NewParser(ops.Default)
	for {
		payload, n, err := p.Parse(wasm, true)
		if err != nil {
			fmt.Println(err)
			return
		}
		wasm = wasm[n:] // Parse gets what follows the bytes that it has consumed
		switch payload.Kind {
		case module.WholeSection, module.CodeStart:
			fmt.Println(payload.Section.ID, "section at", payload.Section.Offset)
		case module.Body:
			fmt.Println("  body", payload.Index, "at", payload.Body.Offset())
		case module.End:
			return
		}
	}
	// Output:
	// type section at 8
	// function section at 14
	// export section at 18
	// code section at 25
	//   body 0 at 29
}

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

// The items of a section are read one by one, as long as there are any.
func ExampleSectionReader() {
	wasm := validatortest.NewModule().Type("func (param i32)").
		Import("env", "log", "func 0").Import("env", "memory", "memory 1 2").Bytes()
	p := module.NewParser(ops.Default)
	var s module.SectionReader
	for {
		payload, n, err := p.Parse(wasm, true)
		if err != nil || payload.Kind == module.End {
			fmt.Println("end:", err)
			return
		}
		wasm = wasm[n:]
		if payload.Kind != module.WholeSection || payload.Section.ID != module.SectionImport {
			continue
		}
		s.Reset(payload.Section, ops.Default)
		if _, err := s.Count(); err != nil {
			fmt.Println(err)
			return
		}
		for {
			item, ok, err := s.Import()
			if err != nil || !ok {
				break
			}
			fmt.Printf("%#x: %v %s.%s\n", item.Offset, item.Kind, item.Module, item.Name)
		}
		fmt.Println(s.End())
	}
	// Output:
	// 0x12: function env.log
	// 0x1c: memory env.memory
	// <nil>
	// end: <nil>
}

// Of six bytes, of which the first four are wrong, nothing is said before there are
// eight, unless the caller insists.
func ExampleParser_Insist() {
	start := []byte("\x00as")
	p := module.NewParser(ops.Wasm1)
	payload, _, _ := p.Parse(start, false)
	fmt.Println("missing:", payload.Missing)
	start = append(start, "n\x01\x00"...)
	payload, _, _ = p.Parse(start, false)
	fmt.Println("missing:", payload.Missing)
	p.Insist()
	_, _, err := p.Parse(start, false)
	fmt.Println(err)
	// Output:
	// missing: 5
	// missing: 2
	// magic header not detected (at offset 0x0)
}

// A parser divides one module after another.
func ExampleNewParser() {
	p := module.NewParser(ops.Wasm1)
	_, _, err := p.Parse([]byte("\x00asm\x02\x00\x00\x00"), true)
	fmt.Println(err)
	p.Reset(ops.Wasm1)
	payload, n, err := p.Parse([]byte("\x00asm\x01\x00\x00\x00"), true)
	fmt.Println(payload.Kind == module.Version, n, err)
	// Output:
	// unknown binary version (at offset 0x4)
	// true 8 <nil>
}

// The declarations of a module that never was one: a context for function bodies.
func ExampleBuilder() {
	b := module.NewBuilder()
	typeIdx, err := b.Types().AddFunc([]ops.ValType{ops.I32}, []ops.ValType{ops.I64})
	if err != nil {
		fmt.Println(err)
		return
	}
	b.ImportFunc("env", "widen", typeIdx, true)
	b.AddFunc(typeIdx)
	b.AddMemory(module.MemoryType{Limits: module.Limits{Min: 1}})
	fmt.Println(b.AddExport(module.Export{Name: "run", Kind: module.ExternFunc, Index: 1}))
	fmt.Println(b.AddExport(module.Export{Name: "run", Kind: module.ExternMemory})) // the name is taken
	m := b.Module()
	fmt.Println(m.NumFuncs(), "functions,", m.NumMemories(), "memory")
	// Output:
	// true
	// false
	// 2 functions, 1 memory
}

func ExampleNewBuilder() {
	b := module.NewBuilder()
	b.AddGlobal(module.GlobalType{Type: ops.F64, Mutable: true})
	fmt.Println(b.Decls().Globals[0].Type)
	// Output: f64
}

// What a module declares, from its bytes.
func ExampleModule() {
	m, err := validator.Validate(context.Background(), validatortest.NewModule().
		Type("func (param i32) (result i32)").Import("env", "f", "func 0").
		Memory("1 16").Func(0, "", "local.get 0 i32.extend8_s").Export("g", "func 1").Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range m.Exports() {
		fmt.Println("exports", e.Kind, e.Name, m.Types().Describe(m.FuncType(e.Index)))
	}
	for _, i := range m.Imports() {
		fmt.Println("imports", i.Kind, i.Module, i.Name)
	}
	limits := m.Memory(0).Limits
	fmt.Println("memory of", limits.Min, "to", limits.Max, "pages")
	fmt.Println(m.NumBodies(), "body of", m.CodeSize(), "bytes; needs", m.RequiredFeatures())
	// Output:
	// exports function g (func (param i32) (result i32))
	// imports function env f
	// memory of 1 to 16 pages
	// 1 body of 5 bytes; needs sign-extension
}

// The tables of a module, for those who ask often.
func ExampleDecls() {
	m, err := validator.Validate(context.Background(), validatortest.NewModule().Type("func").
		Import("env", "f", "func 0").Func(0, "", "").Elem("declare func 1").Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	d := m.Decls()
	for i := range d.Funcs {
		fmt.Println("function", i, "imported:", uint32(i) < d.ImportedFuncs, "declared:", d.FuncDeclared(uint32(i)))
	}
	// Output:
	// function 0 imported: true declared: false
	// function 1 imported: false declared: true
}

// The groups of locals at the start of a body, and where its operators begin.
func ExampleFuncBody() {
	code, _ := validatortest.Body("2 i32 f64", "local.get 0 drop")
	body := module.NewFuncBody(0x40, code)
	locals, err := body.Locals(ops.Default)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil {
			fmt.Printf("%#x: %d of type %v\n", g.Offset, g.Count, g.Type)
		}
	}
	fmt.Printf("operators at %#x, %v\n", body.Offset()+locals.Pos(), err)
	// Output:
	// 0x41: 2 of type i32
	// 0x43: 1 of type f64
	// operators at 0x45, <nil>
}

// An engine that caches bodies makes views of them again.
func ExampleNewFuncBody() {
	body := module.NewFuncBody(0x100, []byte{0x00, 0x0B})
	fmt.Println(body.Offset(), body.Size())
	// Output: 256 2
}

func ExampleNewTypes() {
	t := module.NewTypes()
	i, err := t.AddFunc([]ops.ValType{ops.I32}, nil)
	fmt.Println(i, t.Describe(i), err)
	// Output: 0 (func (param i32)) <nil>
}

// What a subtype may be, and what is said when it is not one.
func ExampleTypeError() {
	t := module.NewTypes()
	open := module.SubType{Kind: module.Struct, Fields: []module.Field{{Type: ops.I32}}}
	wrong := module.SubType{Kind: module.Struct, NumSupers: 1, Super: 0, Fields: []module.Field{{Type: ops.I64}}}
	fmt.Println(t.AddGroup([]module.SubType{open}))
	fmt.Println(t.AddGroup([]module.SubType{wrong}))
	// Output:
	// <nil>
	// sub type 1 does not match super type 0
}

// Whether a value of one type may stand where another is wanted.
func ExampleTypes_Match() {
	t := module.NewTypes()
	fmt.Println(t.Match(ops.I31Ref, ops.EqRef), t.Match(ops.EqRef, ops.I31Ref), t.Match(ops.HeapEq.Ref(), ops.AnyRef))
	// Output: true false true
}

func ExampleMemoryType() {
	m := module.MemoryType{Memory64: true, Limits: module.Limits{Min: 1}}
	fmt.Println(m.AddrType())
	// Output: i64
}

func ExampleTableType() {
	t := module.TableType{Elem: ops.FuncRef, Limits: module.Limits{Min: 1, Max: 10, HasMax: true}}
	fmt.Println(t.AddrType(), t.Elem, t.Max)
	// Output: i32 funcref 10
}
