package module_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

func TestBuilderIndexSpaces(t *testing.T) {
	is := is.New(t)
	b := module.NewBuilder()
	_, err := b.Types().AddFunc(nil, nil)
	is.NoErr(err)
	memory := module.MemoryType{PageSizeLog2: module.DefaultPageSizeLog2}
	b.ImportFunc("m", "f", 0, false)
	b.ImportGlobal("m", "g", module.GlobalType{Type: ops.I32})
	b.ImportFunc("m", "exact", 0, true)
	b.ImportTag("m", "t", 0)
	b.ImportMemory("m", "mem", memory)
	b.ImportTable("m", "tab", module.TableType{Elem: ops.FuncRef})
	b.AddFunc(0)
	b.AddTable(module.TableType{Elem: ops.ExternRef, Table64: true})
	b.AddMemory(module.MemoryType{Memory64: true})
	b.AddGlobal(module.GlobalType{Type: ops.F64, Mutable: true})
	b.AddTag(0)
	b.AddElem(module.ElemSegment{Mode: module.Passive, Type: ops.FuncRef, Count: 3})
	b.SetDataCount(1)
	b.AddData()
	b.SetStart(2)
	b.AddBody(7)
	b.AddCustom(module.CustomSection{Name: "name"})
	b.AddSection(module.SectionRange{ID: module.SectionCode})
	b.Need(ops.Threads | ops.Floats)
	b.Decls().DeclareFunc(1)
	b.Decls().DeclareFunc(99) // no such function

	m := b.Module()
	is.Equal([]int{m.NumFuncs(), m.NumTables(), m.NumMemories(), m.NumGlobals(), m.NumTags(), m.NumElems()}, []int{3, 2, 2, 2, 2, 1})
	d := m.Decls()
	is.Equal([]uint32{d.ImportedFuncs, d.ImportedTables, d.ImportedMemories, d.ImportedGlobals, d.ImportedTags}, []uint32{2, 1, 1, 1, 1})
	is.Equal(m.Imports()[2], module.Import{Module: "m", Name: "exact", Kind: module.ExternFunc, Index: 1})
	is.Equal([]bool{m.FuncExact(0), m.FuncExact(1), m.FuncExact(2)}, []bool{false, true, true})
	is.Equal([]bool{m.FuncDeclared(0), m.FuncDeclared(1), m.FuncDeclared(99)}, []bool{false, true, false})
	is.Equal(m.Table(1).AddrType(), ops.I64)
	is.Equal(m.Memory(0).AddrType(), ops.I32)
	is.Equal(m.Global(1), module.GlobalType{Type: ops.F64, Mutable: true})
	is.Equal(m.Tag(1), uint32(0))
	is.Equal(m.FuncType(2), uint32(0))
	is.Equal(m.Elem(0), ops.FuncRef)
	count, ok := m.DataCount()
	is.True(ok && count == 1)
	start, ok := m.Start()
	is.True(ok && start == 2)
	is.Equal(m.RequiredFeatures(), ops.Threads)
	is.Equal(m.NumBodies(), 1)
	is.Equal(m.CodeSize(), int64(7))
	is.Equal(len(m.ElemSegments())+m.NumData()+len(m.CustomSections())+len(m.Sections()), 5)
	is.Equal(m.Types().Len(), 1)
}

func TestModuleSections(t *testing.T) {
	is := is.New(t)
	b := module.NewBuilder()
	p := module.NewParser(ops.Default)
	var want []module.SectionRange
	for rest := []byte(sample); ; {
		payload, n, err := p.Parse(rest, true)
		is.NoErr(err)
		rest = rest[n:]
		switch payload.Kind {
		case module.Custom:
			b.AddCustom(payload.Custom)
			fallthrough
		case module.WholeSection, module.CodeStart, module.DataStart:
			r := module.SectionRange{ID: payload.Section.ID, Offset: payload.Section.ContentOffset, Size: int(payload.Section.Size)}
			b.AddSection(r)
			want = append(want, r)
		}
		if payload.Kind == module.End {
			break
		}
	}
	is.Equal(b.Module().Sections(), want)
}

func TestBuilderManyCustomSections(t *testing.T) {
	is := is.New(t)
	b := module.NewBuilder()
	const n = 300_000
	for i := range n {
		b.AddCustom(module.CustomSection{Offset: i})
	}
	customs := b.Module().CustomSections()
	is.Equal(len(customs), n)
	for i, c := range customs {
		if c.Offset != i {
			t.Fatalf("section %d is at %d", i, c.Offset)
		}
	}
}

func TestBuilderDuplicateExports(t *testing.T) {
	for _, n := range []int{1, 8, 9, 100} {
		for _, reserve := range []int{0, n} {
			is := is.New(t)
			b := module.NewBuilder()
			b.ReserveExports(reserve)
			for i := range n {
				is.True(b.AddExport(module.Export{Name: fmt.Sprint(i)}))
			}
			for i := range n {
				is.True(!b.AddExport(module.Export{Name: fmt.Sprint(i), Kind: module.ExternTable}))
			}
			is.Equal(len(b.Module().Exports()), n)
		}
	}
}

// TestBuilderListsOfExports adds lists of exports, one name of which is taken: by an
// export of the same list or of one before it.
func TestBuilderListsOfExports(t *testing.T) {
	for _, size := range []int{1, 7, 100} {
		for _, first := range []int{0, 6, 7, 8, 15, 16, 17, 50} {
			for _, second := range []int{first + 1, first + 16, 51, 98} {
				is := is.New(t)
				list := make([]module.Export, 99)
				for i := range list {
					list[i] = module.Export{Name: fmt.Sprint(i), Index: uint32(i)}
				}
				list[second].Name = list[first].Name
				b, added := module.NewBuilder(), 0
				for part := range slices.Chunk(list, size) {
					n := b.AddExports(part)
					if added += n; n < len(part) {
						break
					}
				}
				is.Equal(added, second)
				is.Equal(b.AddExports(nil), 0)
				is.Equal(b.AddExports(list[second+1:]), len(list)-second-1) // those behind it are new
				is.Equal(b.Module().Exports(), slices.Delete(list, second, second+1))
			}
		}
	}
}
