package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// An import with an empty name and the kind 0x7f is a module name and a list of
// names and types, one of the kind 0x7e a module name, a type and a list of names
// (proposal compact-import-section, "Binary Format").
func TestCompactImports(t *testing.T) {
	empty := validatortest.NewModule
	const on = ops.Wasm3 | ops.CompactImports
	checkModuleCases(t, on, []moduleCase{
		{"names and types", empty().Type("func").ImportGroup("m", "f", "func 0", "g", "global i32", "t", "table 1 funcref", "n", "memory 1", "e", "tag 0"), ""},
		{"names", empty().Type("func").ImportNames("m", "func 0", "f", "g"), ""},
		{"no names and types", empty().ImportGroup("m"), ""},
		{"no names", empty().ImportNames("m", "global i32"), ""},
		{"empty names", empty().ImportGroup("", "", "global i32"), ""},
		{"group among others", empty().Import("a", "b", "global i32").ImportGroup("m", "f", "global i64").Import("c", "d", "global f32"), ""},
		{"kind of a group with a name", hexModule("02 07 01 00 01 61 @7f 00 00"), "malformed: malformed import kind"},
		{"kind of names with a name", hexModule("02 09 01 00 01 61 @7e 03 7f 00 00"), "malformed: malformed import kind"},
		{"group in a group", hexModule("02 08 01 00 00 7f 01 00 @7f 00"), "malformed: malformed import kind"},
		{"kind that nobody defined", hexModule("02 06 01 00 00 @7d 00 00"), "malformed: malformed import kind"},
		{"names of another kind", hexModule("02 06 01 00 00 7e @05 00"), "malformed: malformed import kind"},
		{"unknown type", hexModule("02 09 01 00 00 7f 01 01 61 00 @00"), "unknown type 0"},
		{"unknown type of names", hexModule("02 08 01 00 00 7e 00 @05 01 00"), "unknown type 5"},
		{"maximum below minimum", hexModule("02 0a 01 00 00 7f 01 00 02 @01 02 01"), "size minimum must not be greater than maximum"},
		{"more names than bytes", hexModule("02 09 01 00 00 7f 05 01 61 03 7f @"), "malformed: unexpected end"},
		{"name that is no UTF-8", hexModule("02 0a 01 00 00 7f 01 @01 ff 03 7f 00"), "malformed: malformed UTF-8 encoding"},
	})
	checkOff(t, ops.CompactImports, []moduleCase{
		{"names and types", hexModule("02 0a 01 00 00 @7f 01 01 61 03 7f 00"), "malformed: malformed import kind"},
		{"names", hexModule("02 0a 01 00 00 @7e 03 7f 00 01 01 61"), "malformed: malformed import kind"},
		{"no names", hexModule("02 05 01 00 00 @7f 00"), "malformed: malformed import kind"},
	})
}

// The imports of a group are as if they were written one by one.
func TestCompactImportsAreImports(t *testing.T) {
	is := is.New(t)
	declare := func(m *validatortest.Module) *module.Module {
		m = m.Type("func").Func(0, "", "call 0 global.get 0 global.get 2 i32.add drop")
		decls, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(ops.All))
		is.NoErr(err)
		return decls
	}
	group := declare(validatortest.NewModule().
		ImportGroup("m", "f", "func 0", "a", "global i32").ImportNames("n", "global i32", "b", "c"))
	single := declare(validatortest.NewModule().
		Import("m", "f", "func 0").Import("m", "a", "global i32").Import("n", "b", "global i32").Import("n", "c", "global i32"))
	is.Equal(group.NumFuncs(), 2)
	is.Equal(group.NumGlobals(), 3)
	is.Equal(len(group.Imports()), 4)
	for i, want := range single.Imports() {
		got := group.Imports()[i]
		is.Equal(got.Module, want.Module)
		is.Equal(got.Name, want.Name)
		is.Equal(got.Kind, want.Kind)
	}
}
