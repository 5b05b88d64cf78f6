package module_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// base is where the contents of the sections in these tests begin.
const base = 100

func readSection(t *testing.T, content string, f ops.Features) *module.SectionReader {
	t.Helper()
	r := new(module.SectionReader)
	r.Reset(module.Section{ContentOffset: base, Size: uint32(len(content)), Content: []byte(content)}, f)
	if _, err := r.Count(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSectionErrors(t *testing.T) {
	const gc = ops.Default &^ ops.GC
	type id = module.SectionID
	tests := []struct {
		name    string
		id      id
		content string
		f       ops.Features
		want    string
		offset  int // within the contents
		feature ops.Features
	}{
		{"count", module.SectionType, "\x09\x60\x00\x00", ops.Default, "length out of bounds", 0, 0},
		{"count, one too many", module.SectionType, "\x01", ops.Default, "unexpected end", 1, 0},
		{"left over", module.SectionType, "\x01\x60\x00\x00\x00", ops.Default, "section size mismatch", 4, 0},
		{"definition", module.SectionType, "\x01\x61\x00\x00", ops.Default, "malformed definition type", 1, 0},
		{"definition in two bytes", module.SectionType, "\x01\xE0\x7F\x00\x00", ops.Default, "integer representation too long", 1, 0},
		{"rec off", module.SectionType, "\x01\x4E\x00", gc, "malformed definition type", 1, ops.GC},
		{"sub off", module.SectionType, "\x01\x50\x00\x60\x00\x00", gc, "malformed definition type", 1, ops.GC},
		{"struct off", module.SectionType, "\x01\x5F\x00", gc, "malformed definition type", 1, ops.GC},
		{"array off", module.SectionType, "\x01\x5E\x7F\x00", gc, "malformed definition type", 1, ops.GC},
		{"cont off", module.SectionType, "\x01\x5D\x00", ops.Default, "malformed definition type", 1, ops.StackSwitching},
		{"cont negative", module.SectionType, "\x01\x5D\x7F", ops.All, "malformed definition type", 2, 0},
		{"shared off", module.SectionType, "\x01\x65\x5F\x00", ops.Default, "malformed definition type", 1, ops.SharedEverythingThreads},
		{"descriptor off", module.SectionType, "\x01\x4D\x00\x5F\x00", ops.Default, "malformed definition type", 1, ops.CustomDescriptors},
		{"describes off", module.SectionType, "\x01\x4C\x00\x5F\x00", ops.Default, "malformed definition type", 1, ops.CustomDescriptors},
		{"describes after descriptor", module.SectionType, "\x01\x4D\x00\x4C\x00\x5F\x00", ops.All, "malformed definition type", 3, 0},
		{"field mutability", module.SectionType, "\x01\x5F\x01\x7F\x02", ops.All, "malformed mutability", 4, 0},
		{"field storage", module.SectionType, "\x01\x5F\x01\x40\x00", ops.All, "malformed storage type", 3, 0},
		{"packed parameter", module.SectionType, "\x01\x60\x01\x78\x00", ops.All, "malformed value type", 3, 0},

		{"import kind", module.SectionImport, "\x01\x00\x00\x05\x00", ops.All, "malformed import kind", 3, 0},
		{"import name", module.SectionImport, "\x01\x00\x01\xC0\x00\x00", ops.All, "malformed UTF-8 encoding", 2, 0},
		{"import exact off", module.SectionImport, "\x01\x00\x00\x20\x00", ops.Default, "malformed import kind", 3, ops.CustomDescriptors},
		{"import tag off", module.SectionImport, "\x01\x00\x00\x04\x00\x00", ops.Wasm2, "malformed import kind", 3, ops.Exceptions},
		{"import tag attribute", module.SectionImport, "\x01\x00\x00\x04\x01\x00", ops.All, "zero byte expected", 4, 0},
		{"compact items off", module.SectionImport, "\x01\x00\x00\x7F\x00", ops.Wasm3, "malformed import kind", 3, ops.CompactImports},
		{"compact names off", module.SectionImport, "\x01\x00\x00\x7E\x00\x00\x00", ops.Wasm3, "malformed import kind", 3, ops.CompactImports},
		{"compact after a name", module.SectionImport, "\x01\x00\x01a\x7F\x00", ops.All, "malformed import kind", 4, 0},

		{"table type", module.SectionTable, "\x01\x7F\x00\x00", ops.All, "malformed reference type", 1, 0},
		{"table flags", module.SectionTable, "\x01\x70\x08\x00", ops.All, "malformed limits flags", 2, 0},
		{"table shared off", module.SectionTable, "\x01\x70\x02\x00", ops.Default, "malformed limits flags", 2, ops.SharedEverythingThreads},
		{"table64 off", module.SectionTable, "\x01\x70\x04\x00", ops.Wasm2, "malformed limits flags", 2, ops.Memory64},
		{"table initializer off", module.SectionTable, "\x01\x40\x00\x70\x00\x00\xD0\x70\x0B", ops.Wasm2, "malformed reference type", 1, ops.FunctionReferences},
		{"table initializer mark", module.SectionTable, "\x01\x40\x01\x70\x00\x00\xD0\x70\x0B", ops.All, "malformed reference type", 1, 0},
		{"table initializer without end", module.SectionTable, "\x01\x40\x00\x70\x00\x00\xD0\x70", ops.All, "unexpected end", 8, 0},

		{"memory flags", module.SectionMemory, "\x01\x10\x00", ops.All, "malformed limits flags", 1, 0},
		{"memory shared off", module.SectionMemory, "\x01\x03\x00\x00", ops.Wasm2, "malformed limits flags", 1, ops.Threads},
		{"memory64 off", module.SectionMemory, "\x01\x04\x00", ops.Wasm2, "malformed limits flags", 1, ops.Memory64},
		{"page size off", module.SectionMemory, "\x01\x08\x00\x00", ops.Default, "malformed limits flags", 1, ops.CustomPageSizes},
		{"page size", module.SectionMemory, "\x01\x08\x00\x41", ops.All, "invalid custom page size", 3, 0},
		{"memory size in 64 bits", module.SectionMemory, "\x01\x00\x80\x80\x80\x80\x80\x00", ops.Wasm2, "integer representation too long", 2, ops.Memory64},
		{"memory size in 65 bits", module.SectionMemory, "\x01\x00\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", ops.All, "integer too large", 2, 0},

		{"global mutability", module.SectionGlobal, "\x01\x7F\x04\x41\x00\x0B", ops.All, "malformed mutability", 2, 0},
		{"global shared off", module.SectionGlobal, "\x01\x7F\x02\x41\x00\x0B", ops.Default, "malformed mutability", 2, ops.SharedEverythingThreads},
		{"global operator", module.SectionGlobal, "\x01\x7F\x00\xFF\x0B", ops.All, "illegal opcode", 3, 0},

		{"export kind", module.SectionExport, "\x01\x00\x05\x00", ops.All, "malformed export kind", 2, 0},
		{"export exact", module.SectionExport, "\x01\x00\x20\x00", ops.All, "malformed export kind", 2, 0},
		{"export tag off", module.SectionExport, "\x01\x00\x04\x00", ops.Wasm2, "malformed export kind", 2, ops.Exceptions},

		{"segment kind", module.SectionElement, "\x01\x08\x00", ops.All, "malformed elements segment kind", 1, 0},
		{"segment kind off", module.SectionElement, "\x01\x01\x00\x00", ops.Wasm1, "unexpected end of section or function", 4, ops.BulkMemory},
		{"element kind", module.SectionElement, "\x01\x01\x01\x00", ops.All, "malformed element kind", 2, 0},
		{"element type", module.SectionElement, "\x01\x05\x7F\x00", ops.All, "malformed reference type", 2, 0},
		{"elements missing", module.SectionElement, "\x01\x01\x00\x01", ops.All, "unexpected end", 4, 0},
		{"elements too many", module.SectionElement, "\x01\x01\x00\x05", ops.All, "length out of bounds", 3, 0},

		{"start", module.SectionStart, "", ops.All, "unexpected end", 0, 0},
		{"start and more", module.SectionStart, "\x00\x00", ops.All, "section size mismatch", 1, 0},
		{"data count", module.SectionDataCount, "\x80\x80\x80\x80\x10", ops.All, "integer too large", 0, 0},
		{"function", module.SectionFunction, "\x01\x80\x80\x80\x80\x80\x00", ops.All, "integer representation too long", 1, 0},
		{"tag attribute", module.SectionTag, "\x01\x01\x00", ops.All, "zero byte expected", 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			read := func(truncated bool) error {
				d := decoding{types: module.NewTypes()}
				return d.section(new(module.SectionReader), module.Section{ID: tt.id, SizeOffset: 7, ContentOffset: base, Content: []byte(tt.content), Truncated: truncated}, tt.f)
			}
			var e *ops.SyntaxError
			is.True(errors.As(read(false), &e))
			if !strings.HasPrefix(e.Message, tt.want) {
				t.Errorf("got %q, want %q", e.Message, tt.want)
			}
			is.Equal(e.Offset, base+tt.offset)
			is.Equal(e.Feature, tt.feature)

			// In a truncated section an error that more bytes could have
			// avoided is that of the frame.
			want := e
			is.True(errors.As(read(true), &e))
			if strings.HasPrefix(want.Message, "unexpected end") || strings.HasPrefix(want.Message, "length") {
				is.Equal(e.Offset, 7)
			} else {
				is.Equal(e.Offset, want.Offset)
			}
		})
	}
}

func TestSectionTypes(t *testing.T) {
	is := is.New(t)
	r := readSection(t, "\x02\x60\x02\x7F\x70\x01\x7C\x4E\x03"+
		"\x50\x00\x5F\x02\x78\x01\x64\x02\x00"+
		"\x4F\x01\x01\x5E\x77\x00"+
		"\x50\x00\x65\x4C\x01\x4D\x03\x5F\x00", ops.All)
	is.Equal(r.Backed(4), 2)
	var s module.SubType
	g, err := r.TypeGroup()
	is.NoErr(err)
	is.Equal(g, module.TypeGroup{Offset: base + 1, Count: 1})
	offset, err := r.SubType(&s)
	is.NoErr(err)
	is.Equal(offset, base+1)
	is.Equal(s, sub{Kind: module.Func, Final: true, Params: vals(ops.I32, ops.FuncRef), Results: vals(ops.F64)})
	is.True(!r.MoreSubTypes())

	g, err = r.TypeGroup()
	is.NoErr(err)
	is.Equal(g, module.TypeGroup{Offset: base + 7, Count: 3, Explicit: true})
	want := []sub{
		{Kind: module.Struct, Fields: fields(mutField(ops.I8), field(ref(2)))},
		{Kind: module.Array, Final: true, Super: 1, NumSupers: 1, Fields: fields(field(ops.I16))},
		{Kind: module.Struct, Shared: true, Describes: 1, HasDescribes: true, Descriptor: 3, HasDescriptor: true},
	}
	for k, at := range []int{9, 18, 24} {
		offset, err = r.SubType(&s)
		is.NoErr(err)
		is.Equal(offset, base+at)
		is.Equal(r.SubTypeOffset(k), base+at)
		if len(s.Fields) == 0 {
			s.Fields = nil
		}
		is.Equal(s, want[k])
	}
	is.True(!r.More())
	is.NoErr(r.End())
	is.Equal(r.Need().Minimal(), (ops.GC | ops.TypedRefs | ops.ReferenceTypes | ops.SharedEverythingThreads | ops.CustomDescriptors).Minimal())
}

func TestSectionImports(t *testing.T) {
	is := is.New(t)
	r := readSection(t, "\x08"+
		"\x01m\x01f\x00\x05"+
		"\x01m\x00\x01\x70\x01\x02\x03"+
		"\x00\x01y\x02\x07\x04\x05"+
		"\x01m\x01g\x03\x7E\x01"+
		"\x01c\x00\x7F\x02\x01p\x04\x00\x06\x01q\x20\x07"+
		"\x01d\x00\x7E\x03\x7F\x00\x02\x01r\x01s"+
		"\x01e\x00\x7F\x00"+ // a group without imports
		"\x01e\x00\x7E\x00\x00\x00", ops.All)
	memory := module.MemoryType{Memory64: true, Shared: true, PageSizeLog2: 16, Limits: module.Limits{Min: 4, Max: 5, HasMax: true}}
	tableType := module.TableType{Elem: ops.FuncRef, Limits: module.Limits{Min: 2, Max: 3, HasMax: true}}
	want := []module.ImportItem{
		{Module: "m", Name: "f", Offset: 1, TypeOffset: 6, Kind: module.ExternFunc, TypeIdx: 5},
		{Module: "m", Offset: 7, TypeOffset: 11, Kind: module.ExternTable, Table: tableType},
		{Name: "y", Offset: 15, TypeOffset: 19, Kind: module.ExternMemory, Memory: memory},
		{Module: "m", Name: "g", Offset: 22, TypeOffset: 27, Kind: module.ExternGlobal, Global: module.GlobalType{Type: ops.I64, Mutable: true}},
		{Module: "c", Name: "p", Offset: 34, TypeOffset: 38, Kind: module.ExternTag, TypeIdx: 6},
		{Module: "c", Name: "q", Offset: 39, TypeOffset: 42, Kind: module.ExternFunc, Exact: true, TypeIdx: 7},
		{Module: "d", Name: "r", Offset: 51, TypeOffset: 48, Kind: module.ExternGlobal, Global: module.GlobalType{Type: ops.I32}},
		{Module: "d", Name: "s", Offset: 53, TypeOffset: 48, Kind: module.ExternGlobal, Global: module.GlobalType{Type: ops.I32}},
	}
	for _, w := range want {
		it, ok, err := r.Import()
		is.NoErr(err)
		is.True(ok)
		w.Offset += base
		w.TypeOffset += base
		is.Equal(it, w)
	}
	is.True(r.More())
	_, ok, err := r.Import()
	is.NoErr(err)
	is.True(!ok) // the groups without imports
	is.True(!r.More())
	is.NoErr(r.End())
}

func TestSectionElements(t *testing.T) {
	const expr = "\x41\x00\x0B"
	tests := []struct {
		content string
		want    module.ElemItem
		funcs   []uint32
		exprs   []string
	}{
		{"\x00" + expr + "\x02\x03\x04", module.ElemItem{TableOffset: 2, Type: ops.HeapFunc.Ref(), TypeOffset: 5}, []uint32{3, 4}, nil},
		{"\x01\x00\x01\x03", module.ElemItem{Mode: module.Passive, TableOffset: 2, Type: ops.HeapFunc.Ref(), TypeOffset: 2}, []uint32{3}, nil},
		{"\x02\x09" + expr + "\x00\x01\x03", module.ElemItem{Table: 9, TableOffset: 2, Type: ops.HeapFunc.Ref(), TypeOffset: 6}, []uint32{3}, nil},
		{"\x03\x00\x01\x03", module.ElemItem{Mode: module.Declarative, TableOffset: 2, Type: ops.HeapFunc.Ref(), TypeOffset: 2}, []uint32{3}, nil},
		{"\x04" + expr + "\x01\xD2\x05\x0B", module.ElemItem{TableOffset: 2, Type: ops.FuncRef, TypeOffset: 5, Exprs: true}, nil, []string{"\xD2\x05\x0B"}},
		{"\x05\x6F\x01\xD0\x6F\x0B", module.ElemItem{Mode: module.Passive, TableOffset: 2, Type: ops.ExternRef, TypeOffset: 2, Exprs: true}, nil, []string{"\xD0\x6F\x0B"}},
		{"\x06\x09" + expr + "\x6F\x01\xD0\x6F\x0B", module.ElemItem{Table: 9, TableOffset: 2, Type: ops.ExternRef, TypeOffset: 6, Exprs: true}, nil, []string{"\xD0\x6F\x0B"}},
		{"\x07\x6F\x02\xD0\x6F\x0B\x02\x40\x0B\x0B", module.ElemItem{Mode: module.Declarative, TableOffset: 2, Type: ops.ExternRef, TypeOffset: 2, Exprs: true}, nil, []string{"\xD0\x6F\x0B", "\x02\x40\x0B\x0B"}},
	}
	for _, tt := range tests {
		is := is.New(t)
		r := readSection(t, "\x01"+tt.content, ops.Default)
		e, err := r.Elem()
		is.NoErr(err)
		tt.want.Offset = base + 1
		tt.want.TableOffset += base
		tt.want.TypeOffset += base
		tt.want.Count = uint32(len(tt.funcs) + len(tt.exprs))
		if e.Mode == module.Active {
			is.Equal(string(e.Start.Bytes), expr)
			is.Equal("\x01"+tt.content[e.Start.Offset-base-1:][:3], "\x01"+expr)
		}
		e.Start = module.ConstExpr{}
		is.Equal(e, tt.want)
		for _, f := range tt.funcs {
			is.True(r.MoreElems())
			index, _, err := r.ElemFunc()
			is.NoErr(err)
			is.Equal(index, f)
		}
		for _, x := range tt.exprs {
			is.True(r.MoreElems())
			c, err := r.ElemExpr()
			is.NoErr(err)
			is.Equal(string(c.Bytes), x)
		}
		is.True(!r.MoreElems())
		is.NoErr(r.End())
	}
}

func TestSectionNamesShareTheirText(t *testing.T) {
	is := is.New(t)
	r := new(module.SectionReader)
	content := []byte("\x80\x08" + strings.Repeat("\x01e\x00\x00", 1024))
	read := func() {
		r.Reset(module.Section{Content: content}, ops.Default)
		_, err := r.Count()
		is.NoErr(err)
		for r.More() {
			it, err := r.Export()
			is.NoErr(err)
			is.Equal(it.Name, "e")
		}
	}
	read()
	if allocs := testing.AllocsPerRun(10, func() {
		r.Reset(module.Section{Content: content}, ops.Default)
		r.Count()
		for r.More() {
			r.Export()
		}
	}); allocs != 1 {
		t.Errorf("%v allocations for 1024 exports", allocs)
	}
}

func TestSectionNeed(t *testing.T) {
	tests := []struct {
		id      module.SectionID
		content string
		want    ops.Features
	}{
		{module.SectionType, "\x01\x60\x01\x7F\x00", 0},
		{module.SectionType, "\x01\x60\x01\x7B\x00", ops.SIMD},
		{module.SectionType, "\x01\x60\x01\x70\x00", ops.ReferenceTypes},
		{module.SectionType, "\x01\x5F\x00", ops.GC},
		{module.SectionTable, "\x01\x70\x00\x00", 0},
		{module.SectionTable, "\x01\x70\x04\x00", ops.Memory64},
		{module.SectionMemory, "\x01\x03\x01\x01", ops.Threads},
		{module.SectionMemory, "\x01\x00\x80\x80\x80\x80\x80\x00", ops.Memory64},
		{module.SectionMemory, "\x01\x08\x00\x00", ops.CustomPageSizes},
		{module.SectionGlobal, "\x01\x7F\x00\x41\x00\x0B", 0},
		{module.SectionGlobal, "\x01\x7F\x02\x41\x00\x0B", ops.SharedEverythingThreads},
		{module.SectionElement, "\x01\x00\x41\x00\x0B\x00", 0},
		{module.SectionElement, "\x01\x01\x00\x00", ops.BulkMemory},
		{module.SectionImport, "\x01\x00\x00\x7F\x01\x00\x00\x00", ops.CompactImports},
	}
	for _, tt := range tests {
		is := is.New(t)
		d := decoding{types: module.NewTypes()}
		s := module.Section{ID: tt.id, Content: []byte(tt.content)}
		is.NoErr(d.section(new(module.SectionReader), s, ops.All))
		is.Equal(d.need.Minimal(), tt.want)
		for _, one := range tt.want.Names() {
			off, err := ops.ParseFeatures("all,-" + one)
			is.NoErr(err)
			var e *ops.SyntaxError
			is.True(errors.As(d.section(new(module.SectionReader), s, off), &e))
			is.Equal(e.Feature.Names(), []string{one})
		}
	}
}

func TestLocals(t *testing.T) {
	tests := []struct {
		name, body string
		want       []module.LocalGroup
		err        string
		offset     int
	}{
		{"none", "\x00\x0B", nil, "", 0},
		{"groups", "\x02\x80\x01\x7F\x00\x70\x0B", []module.LocalGroup{{base + 1, base + 3, 128, ops.I32}, {base + 4, base + 5, 0, ops.FuncRef}}, "", 0},
		{"most", "\x02\xFE\xFF\xFF\xFF\x0F\x7F\x01\x7F\x0B", []module.LocalGroup{{base + 1, base + 6, 1<<32 - 2, ops.I32}, {base + 7, base + 8, 1, ops.I32}}, "", 0},
		{"too many", "\x02\xFF\xFF\xFF\xFF\x0F\x7F\x01\x7F\x0B", nil, "too many locals", 7},
		{"count", "\x05\x01\x7F", nil, "length out of bounds", 0},
		{"type", "\x01\x01\x40\x0B", nil, "malformed value type", 2},
		{"cut", "\x01\x01", nil, "unexpected end", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			l, err := module.NewFuncBody(base, []byte(tt.body)).Locals(ops.Default)
			var got []module.LocalGroup
			for err == nil && l.More() {
				var g module.LocalGroup
				g, err = l.Next()
				got = append(got, g)
			}
			if tt.err == "" {
				is.NoErr(err)
				is.Equal(got, tt.want)
				is.Equal(tt.body[l.Pos():], "\x0B")
				return
			}
			var e *ops.SyntaxError
			is.True(errors.As(err, &e))
			is.True(strings.HasPrefix(e.Message, tt.err))
			is.Equal(e.Offset, base+tt.offset)
		})
	}
}
