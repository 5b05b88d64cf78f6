package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What each construct outside of function bodies, and some inside, needs.
func TestRequiredFeaturesOfConstructs(t *testing.T) {
	empty := validatortest.NewModule
	for _, test := range []struct {
		name, need string
		module     *validatortest.Module
	}{
		{"exported mutable global", "mutable-global", empty().Global("mut i32", "i32.const 0").Export("g", "global 0")},
		{"mutable global that stays inside", "", empty().Global("mut i32", "i32.const 0")},
		{"block with a type index", "multi-value", withBody("block (type 0) end")},
		{"block with a result", "", withBody("block (result i32) i32.const 0 end drop")},
		{"passive data", "bulk-memory", empty().Data("", "a")},
		{"data count", "bulk-memory", empty().DataCount(0)},
		{"data of the memory by its index", "bulk-memory", empty().Memory("0").Raw(11, []byte{1, 2, 0, 0x41, 0, 0x0B, 0})},
		{"passive elements", "bulk-memory", withBody("").Elem("func 0")},
		{"declarative elements", "bulk-memory", withBody("").Elem("declare func 0")},
		{"active elements", "", withBody("").Table("0 funcref").Elem("(offset i32.const 0) func 0")},
		{"null elements", "reference-types,bulk-memory", empty().Elem("funcref (ref.null func)")},
		{"external elements", "reference-types,bulk-memory", empty().Elem("externref")},
		{"externref", "reference-types", empty().Type("func (param externref)")},
		{"funcref", "reference-types", empty().Type("func (result funcref)")},
		{"local externref", "reference-types", empty().Type("func").Func(0, "externref", "")},
		{"table of externals", "reference-types", empty().Table("0 externref")},
		{"two tables", "reference-types", empty().Table("0 funcref").Table("0 funcref")},
		{"imported and own table", "reference-types", empty().Import("m", "t", "table 0 funcref").Table("0 funcref")},
		{"v128", "simd", empty().Type("func (param v128)")},
		{"local v128", "simd", empty().Type("func").Func(0, "v128", "")},
		{"global v128", "simd", empty().Global("v128", "v128.const i64x2 0 0")},
		{"shared memory", "threads", empty().Memory("0 1 shared")},
		{"imported shared memory", "threads", empty().Import("m", "m", "memory 0 1 shared")},
		{"atomic load", "threads", withBody("unreachable i32.atomic.load drop").Memory("0")},
		{"large table", "memory64", empty().Table("i64 0 funcref")},
		{"imported large memory", "memory64", empty().Import("m", "m", "memory i64 0")},
		{"imported and own memory", "multi-memory", empty().Import("m", "m", "memory 0").Memory("0")},
		{"load from the second memory", "multi-memory", withBody("i32.const 0 i32.load 1 drop").Memory("0").Memory("0")},
		{"extended offset", "extended-const", empty().Memory("0").Data("i32.const 1 i32.const 2 i32.mul", "")},
		{"extended i64", "extended-const", empty().Global("i64", "i64.const 1 i64.const 2 i64.sub")},
		{"global of another of this module", "gc", empty().Global("i32", "i32.const 0").Global("i32", "global.get 0")},
		{"global of an imported one", "", empty().Import("m", "g", "global i32").Global("i32", "global.get 0")},
		{"try_table", "exceptions", withBody("try_table end")},
		{"catch of a tag", "exceptions", withBody("try_table (catch 0 0) end").Tag(0)},
		{"exnref", "exceptions", empty().Type("func (param exnref)")},
		{"array", "gc", empty().Type("array i8")},
		{"recursion group", "gc", empty().Rec("func", "func")},
		{"empty recursion group", "gc", empty().Rec()},
		{"type with a supertype", "gc", empty().Type("sub (func)").Type("sub 0 (func)")},
		{"i31ref", "gc", empty().Type("func (param i31ref)")},
		{"ref.i31", "gc", withBody("i32.const 0 ref.i31 drop")},
		{"return_call_indirect", "tail-call", withBody("i32.const 0 return_call_indirect (type 0)").Table("0 funcref")},
		{"return_call_ref", "function-references", withBody("unreachable return_call_ref 0")},
		{"pages of 64 KiB", "custom-page-sizes", empty().Memory("0 pagesize=65536")},
		{"names of one type", "compact-imports", empty().ImportNames("m", "global i32", "a", "b")},
		{"shared global", "shared-everything-threads", empty().Global("shared i32", "i32.const 0")},
		{"suspend", "stack-switching", withBody("suspend 0").Tag(0)},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			want := list(t, test.need)
			m, err := validator.Validate(t.Context(), test.module.Bytes(), validator.WithFeatures(ops.All))
			is.NoErr(err)
			is.Equal(m.RequiredFeatures().Names(), want.Names())
			checkRequired(t, test.name, test.module.Bytes(), m.RequiredFeatures())
		})
	}
}
