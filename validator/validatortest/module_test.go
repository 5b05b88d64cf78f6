package validatortest_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func ExampleModule() {
	m := validatortest.NewModule().
		Type("func (param i32) (result i32)").
		Memory("1 2").
		Func(0, "", "local.get 0 @i32.load offset=8 align=16")
	wasm := m.Bytes()
	fmt.Println(len(wasm), "bytes,", "the load is at", m.Mark())
	// Output: 37 bytes, the load is at 33
}

// The encodings are written out from chapter 5.5 of the specification and the
// overviews of the proposals; the header is left out.
func TestModule(t *testing.T) {
	type module = validatortest.Module
	for _, test := range []struct {
		name  string
		build func(m *module)
		want  string
	}{
		{"empty", func(m *module) {}, ""},
		{"func type", func(m *module) { m.Type("func (param i32 i64) (param f32) (result (ref null 3))") },
			"01 09 01 60 03 7f 7e 7d 01 63 03"},
		{"struct type", func(m *module) { m.Type("struct (field i32 (mut i8)) (field i16)") },
			"01 09 01 5f 03 7f 00 78 01 77 00"},
		{"array type", func(m *module) { m.Type("(array (mut i8))") }, "01 04 01 5e 78 01"},
		{"cont type", func(m *module) { m.Type("cont 0") }, "01 03 01 5d 00"},
		{"sub types", func(m *module) { m.Type("sub 0 (func)").Type("(sub final (func))").Type("sub final 1 (struct)") },
			"01 11 03 50 01 00 60 00 00 4f 00 60 00 00 4f 01 01 5f 00"},
		{"rec", func(m *module) { m.Rec("func", "struct").Rec() }, "01 0a 02 4e 02 60 00 00 5f 00 4e 00"},
		{"shared type", func(m *module) { m.Type("shared (func)") }, "01 05 01 65 60 00 00"},
		{"descriptors", func(m *module) { m.Rec("(descriptor 1) (struct)", "(describes 0) (struct)") },
			"01 0b 01 4e 02 4d 01 5f 00 4c 00 5f 00"},
		{"imports", func(m *module) {
			m.Import("m", "f", "func 1").Import("m", "t", "table 1 funcref").Import("m", "m", "memory 1 2 shared").
				Import("m", "g", "global mut i32").Import("m", "e", "tag 0").Import("m", "x", "func (exact 0)")
		}, "02 2b 06 016d 0166 00 01 016d 0174 01 70 00 01 016d 016d 02 03 01 02 016d 0167 03 7f 01 016d 0165 04 00 00 016d 0178 20 00"},
		{"compact imports", func(m *module) {
			m.ImportGroup("m", "f", "func 0", "g", "global i32").ImportNames("n", "func 0", "a", "b")
		}, "02 1a 02 016d 00 7f 02 0166 00 00 0167 03 7f 00 016e 00 7e 00 00 02 0161 0162"},
		{"tables", func(m *module) {
			m.Table("1 10 funcref").Table("externref 3").Table("i64 1 (ref 0)", "ref.func 0")
		}, "04 11 03 70 01 01 0a 6f 00 03 40 00 64 00 04 01 d2 00 0b"},
		{"memories", func(m *module) { m.Memory("i64 1").Memory("1 2 shared pagesize=1").Memory("0 pagesize=0x10000") },
			"05 0a 03 04 01 0b 01 02 00 08 00 10"},
		{"globals", func(m *module) { m.Global("mut i32", "i32.const 1").Global("shared (mut i64)", "i64.const 2") },
			"06 0b 02 7f 01 41 01 0b 7e 03 42 02 0b"},
		{"exports and start", func(m *module) { m.Start(2).Export("a", "func 1").Export("", "tag 300") },
			"07 09 02 0161 00 01 00 04 ac02 08 01 02"},
		{"tag", func(m *module) { m.Memory("0").Tag(1).Global("i32", "i32.const 0") },
			"05 03 01 00 00 0d 03 01 00 01 06 06 01 7f 00 41 00 0b"},
		{"function", func(m *module) { m.Func(1, "i32 2 i64", "local.get 0 drop") },
			"03 02 01 01 0a 0b 01 09 02 01 7f 02 7e 20 00 1a 0b"},
		{"element segments", func(m *module) {
			m.Elem("(offset i32.const 0) func 1 2").Elem("func 1").Elem("(table 0) (offset i32.const 0) func").
				Elem("declare func 1")
		}, "09 17 04 00 41 00 0b 02 01 02 01 00 01 01 02 00 41 00 0b 00 00 03 00 01 01"},
		{"element expressions", func(m *module) {
			m.Elem("(offset i32.const 0) funcref (ref.func 1)").Elem("externref").
				Elem("(offset i32.const 0) externref (item ref.null extern)").Elem("declare funcref (ref.func 0)")
		}, "09 1c 04 04 41 00 0b 01 d2 01 0b 05 6f 00 06 00 41 00 0b 6f 01 d0 6f 0b 07 70 01 d2 00 0b"},
		{"data segments", func(m *module) { m.Data("", "ab").Data("i32.const 1", "c").Data("(memory 1) i32.const 0", "") },
			"0b 11 03 01 02 61 62 00 41 01 0b 01 63 02 01 41 00 0b 00"},
		{"data count", func(m *module) { m.Data("", "").Func(0, "", "data.drop 0") },
			"03 02 01 00 0c 01 01 0a 07 01 05 00 fc 09 00 0b 0b 03 01 01 00"},
		{"data count as given", func(m *module) { m.DataCount(9) }, "0c 01 09"},
		{"custom and raw", func(m *module) { m.Custom("n", []byte{5}).Memory("0").Raw(0x7f, []byte{1, 2}) },
			"00 03 016e 05 05 03 01 00 00 7f 02 01 02"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			m := validatortest.NewModule()
			test.build(m)
			want := "0061736d01000000" + strings.ReplaceAll(test.want, " ", "")
			is.Equal(hex.EncodeToString(m.Bytes()), want)
		})
	}
}

func TestModuleMark(t *testing.T) {
	for _, test := range []struct {
		name string
		m    *validatortest.Module
		want byte // what stands at the mark
	}{
		{"body", validatortest.NewModule().Type("func").Func(0, "i32", "nop @drop"), 0x1a},
		{"global", validatortest.NewModule().Global("i32", "@f32.const 0"), 0x43},
		{"parameter", validatortest.NewModule().Type("func (param i32 @i64)"), 0x7e},
		{"local", validatortest.NewModule().Func(0, "3 i32 @(ref 5)", ""), 0x64},
		{"import", validatortest.NewModule().Import("", "", "@memory 1"), 0x02},
		{"offset", validatortest.NewModule().Elem("(offset @nop) func"), 0x01},
		{"element", validatortest.NewModule().Elem("funcref (@ref.null extern)"), 0xd0},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(test.m.Bytes()[test.m.Mark()], test.want)
		})
	}
}

func TestModuleWithoutMark(t *testing.T) {
	is := is.New(t)
	defer func() { is.True(recover() != nil) }() // no mark to give
	validatortest.NewModule().Mark()
}
