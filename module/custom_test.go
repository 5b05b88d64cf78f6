package module_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// customSections reads each kind of custom section: an example, what it says,
// and contents that are malformed.
var customSections = []struct {
	name string
	read func([]byte, int) (any, error)
	good string
	want any
	bad  map[string]string // contents: the start of the message
}{
	{
		"producers", anyReader(module.ReadProducers),
		"\x02\x08language\x01\x01C\x0299\x03sdk\x00",
		[]module.ProducersField{{Name: "language", Values: []module.Producer{{Name: "C", Version: "99"}}}, {Name: "sdk"}},
		map[string]string{
			"\x01\x03ask\x00": "malformed producers field", "\x02\x03sdk\x00\x03sdk\x00": "malformed producers field",
			"\x01\x03sdk\x01\x01": "unexpected end", "\x00\x00": "section size mismatch",
		},
	},
	{
		"target_features", anyReader(module.ReadTargetFeatures), "\x02+\x04simd-\x01x",
		[]module.TargetFeature{{'+', "simd"}, {'-', "x"}},
		map[string]string{"\x01*\x01x": "malformed target feature policy", "\x01+\x01\xC3": "malformed UTF-8 encoding"},
	},
	{
		"metadata.code.branch_hint", anyReader(module.ReadBranchHints), "\x02\x01\x02\x05\x01\x00\x09\x01\x01\x04\x00",
		[]module.BranchHints{{Func: 1, Hints: []module.BranchHint{{5, false}, {9, true}}}, {Func: 4}},
		map[string]string{
			"\x02\x01\x00\x01\x00": "branch hints out of order", "\x01\x01\x02\x05\x01\x00\x05\x01\x00": "branch hints out of order",
			"\x01\x01\x01\x05\x02\x00": "malformed branch hint size", "\x01\x01\x01\x05\x01\x02": "malformed branch hint value",
		},
	},
	{
		"dylink.0", anyReader(module.ReadDylink),
		"\x01\x04\x10\x02\x03\x00" + "\x02\x03\x01\x01a" + "\x03\x04\x01\x01e\x20" + "\x04\x06\x01\x01m\x01i\x01" + "\x05\x03\x01\x01p" + "\x77\x01x",
		&module.Dylink{
			HasMemInfo: true, MemInfo: module.DylinkMemInfo{MemorySize: 16, MemoryAlign: 2, TableSize: 3},
			Needed: []string{"a"}, Exports: []module.DylinkExport{{"e", module.SymbolExported}},
			Imports: []module.DylinkImport{{"m", "i", module.SymbolWeak}}, Paths: []string{"p"},
		},
		map[string]string{"\x01\x03\x10\x02\x03": "unexpected end", "\x01\x05\x10\x02\x03\x00\x00": "section size mismatch", "\x01\x09": "length out of bounds"},
	},
	{
		"linking", anyReader(module.ReadLinking), "\x02" + "\x06\x03\x01\x07\x08",
		&module.Linking{InitFuncs: []module.InitFunc{{7, 8}}},
		map[string]string{"\x01": "unknown linking section version", "\x02\x08\x04\x01\x09\x00\x00": "malformed symbol kind", "\x02\x07\x06\x01\x00\x00\x01\x06\x00": "malformed comdat symbol kind"},
	},
	{
		"reloc.CODE", anyReader(module.ReadRelocs), "\x03\x02\x00\x04\x05\x04\x09\x0A\x7F",
		&module.Relocs{Section: 3, Entries: []module.Reloc{{Type: module.RelocFunctionIndexLEB, Offset: 4, Index: 5}, {Type: module.RelocMemoryAddrSLEB, Offset: 9, Index: 10, Addend: -1}}},
		map[string]string{"\x03\x01\x1B\x00\x00": "malformed relocation type", "\x03\x01\x03\x00\x00": "unexpected end"},
	},
	{
		"core", anyReader(module.ReadCore), "\x00\x01p", "p",
		map[string]string{"\x01\x01p": "zero byte expected", "\x00\x01px": "section size mismatch"},
	},
	{
		"coremodules", anyReader(module.ReadCoreModules), "\x02\x00\x01a\x00\x01b", []string{"a", "b"},
		map[string]string{"\x01\x01\x01a": "zero byte expected"},
	},
	{
		"coreinstances", anyReader(module.ReadCoreInstances), "\x01\x00\x07\x02\x01\x02\x01\x03",
		[]module.CoreInstance{{Module: 7, Memories: []uint32{1, 2}, Globals: []uint32{3}}},
		map[string]string{"\x01\x01\x07\x00\x00": "zero byte expected"},
	},
	{
		"corestack", anyReader(module.ReadCoreStack),
		"\x00\x01t\x01\x00\x01\x02\x03\x02\x01\x7F\x7E\x03\x7E\x05\x7D\x01\x00\x00\x00\x7C\x02\x00\x00\x00\x00\x00\x00\x00",
		&module.CoreStack{Thread: "t", Frames: []module.CoreFrame{{
			Instance: 1, Func: 2, Offset: 3,
			Locals: []module.CoreValue{{}, {ops.I32, 1<<64 - 2}},
			Stack:  []module.CoreValue{{ops.I64, 5}, {ops.F32, 1}, {ops.F64, 2}},
		}}},
		map[string]string{"\x00\x00\x01\x01": "zero byte expected", "\x00\x00\x01\x00\x01\x02\x03\x01\x70": "malformed core dump value"},
	},
}

func anyReader[T any](read func([]byte, int) (T, error)) func([]byte, int) (any, error) {
	return func(b []byte, offset int) (any, error) { return read(b, offset) }
}

func TestCustomSections(t *testing.T) {
	for _, tt := range customSections {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			got, err := tt.read([]byte(tt.good), base)
			is.NoErr(err)
			is.Equal(got, tt.want)
			for n := range tt.good { // cut anywhere
				if _, err := tt.read([]byte(tt.good[:n]), base); err != nil {
					var e *ops.SyntaxError
					is.True(errors.As(err, &e))
					is.True(e.Offset >= base && e.Offset <= base+n)
				}
			}
			for content, want := range tt.bad {
				_, err := tt.read([]byte(content), base)
				var e *ops.SyntaxError
				is.True(errors.As(err, &e))
				if !strings.HasPrefix(e.Message, want) {
					t.Errorf("%q: got %q, want %q", content, e.Message, want)
				}
			}
		})
	}
}

func TestLinking(t *testing.T) {
	is := is.New(t)
	l, err := module.ReadLinking([]byte("\x02"+
		names(5, "\x01\x01s\x04\x01")+names(6, "\x01\x07\x08")+names(7, "\x01\x01c\x00\x01\x01\x03")+
		names(8, "\x05\x00\x00\x02\x01f\x00\x10\x03\x01\x00\x01d\x04\x05\x06\x01\x10\x01u\x03\x00\x09")+names(99, "?")), base)
	is.NoErr(err)
	is.Equal(l, &module.Linking{
		Segments:  []module.LinkingSegment{{"s", 4, 1}},
		InitFuncs: []module.InitFunc{{7, 8}},
		Comdats:   []module.Comdat{{Name: "c", Members: []module.ComdatMember{{1, 3}}}},
		Symbols: []module.Symbol{
			{Kind: module.SymbolFunc, Index: 2, Name: "f"},
			{Kind: module.SymbolFunc, Flags: module.SymbolUndefined, Index: 3},
			{Kind: module.SymbolData, Name: "d", Index: 4, Offset: 5, Size: 6},
			{Kind: module.SymbolData, Flags: module.SymbolUndefined, Name: "u"},
			{Kind: module.SymbolSection, Index: 9},
		},
	})
}

// FuzzCustomSections looks for contents of which a reader panics, or says that
// something is wrong where they are not.
func FuzzCustomSections(f *testing.F) {
	for i, c := range customSections {
		f.Add(uint8(i), []byte(c.good))
	}
	f.Add(uint8(len(customSections)), []byte(names(module.NameFunc, "\x01\x00\x01a")))
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		within := func(err error) {
			var e *ops.SyntaxError
			if err != nil && (!errors.As(err, &e) || e.Offset < base || e.Offset > base+len(content)) {
				t.Fatalf("%v, of %d bytes at %d", err, len(content), base)
			}
		}
		if i := int(kind); i < len(customSections) {
			_, err := customSections[i].read(content, base)
			within(err)
			return
		}
		n, err := module.ReadNames(content, base)
		within(err)
		for kind := range module.NameTag + 2 {
			for index := range uint32(20) {
				n.Name(kind, index)
				n.Within(kind, index, 1)
			}
		}
	})
}
