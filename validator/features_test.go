package validator_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/conformance"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// featureModule is a module that one feature makes valid.
type featureModule struct {
	feature string
	others  string // what else it needs
	module  *validatortest.Module
	want    string // what it is refused for without the feature, as expect reads it
}

// featureModules has at least one module for each proposal.
func featureModules() []featureModule {
	empty := validatortest.NewModule
	return []featureModule{
		{"mutable-global", "", empty().Import("m", "g", "@global mut i32"), "mutable globals cannot be imported"},
		{"saturating-float-to-int", "", withBody("f32.const 0 @i32.trunc_sat_f32_s drop"), "malformed: illegal opcode"},
		{"sign-extension", "", withBody("i32.const 0 @i32.extend8_s drop"), "malformed: illegal opcode"},
		{"reference-types", "", withBody("@ref.null func drop"), "malformed: illegal opcode"},
		{"multi-value", "", empty().Type("@func (result i32 i32)"), "invalid result arity"},
		{"bulk-memory", "", withBody("unreachable @table.copy").Table("0 funcref"), "malformed: illegal opcode"},
		{"bulk-memory-opt", "", withBody("unreachable @memory.fill").Memory("0"), "malformed: illegal opcode"},
		{"bulk-memory-opt", "", withBody("unreachable @memory.copy").Memory("0"), "malformed: illegal opcode"},
		{"simd", "", withBody("unreachable @i8x16.splat drop"), "malformed: illegal opcode"},
		{"relaxed-simd", "simd", withBody("unreachable @i8x16.relaxed_swizzle drop"), "malformed: illegal opcode"},
		{"threads", "", withBody("@atomic.fence"), "malformed: illegal opcode"},
		{"shared-everything-threads", "", empty().Type("@shared (func)"), "malformed: malformed definition type"},
		{"tail-call", "", withBody("@return_call 0"), "malformed: illegal opcode"},
		{"multi-memory", "", empty().Memory("0").Memory("@0"), "multiple memories"},
		{"exceptions", "", withBody("unreachable @throw_ref"), "malformed: illegal opcode"},
		{"memory64", "", empty().Memory("@i64 0"), "malformed: malformed limits flags"},
		{"extended-const", "", empty().Global("i32", "i32.const 0 i32.const 0 @i32.add"), "constant expression required"},
		{"function-references", "", withBody("unreachable @call_ref 0"), "malformed: illegal opcode"},
		{"gc", "", empty().Type("@struct"), "malformed: malformed definition type"},
		{"custom-page-sizes", "", empty().Memory("@0 pagesize=1"), "malformed: malformed limits flags"},
		{"legacy-exceptions", "", withBody("@try end"), "malformed: illegal opcode"},
		{"stack-switching", "", empty().Type("func").Type("@cont 0"), "malformed: malformed definition type"},
		{"wide-arithmetic", "multi-value", empty().Type("func (result i64 i64)").Func(0, "", "unreachable @i64.add128"), "malformed: illegal opcode"},
		{"wide-arithmetic", "", withBody("unreachable @i64.mul_wide_u drop drop"), "malformed: illegal opcode"},
		{"call-indirect-overlong", "", withBody("unreachable @(bytes 0x11 0 0x80 0)").Table("0 funcref"), "malformed: zero byte expected"},
		{"custom-descriptors", "gc", empty().Rec("@(descriptor 1) (struct)", "(describes 0) (struct)"), "malformed: malformed definition type"},
		{"compact-imports", "", empty().ImportGroup("m", "f", "global i32"), "malformed: malformed import kind"},
		{"memory-control", "", withBody("unreachable @memory.discard").Memory("0"), "malformed: illegal opcode"},
	}
}

// Every proposal has a module here.
func TestFeatureModulesCoverTheFeatures(t *testing.T) {
	has := ops.Floats | ops.GCTypes // these two have tests of their own
	for _, m := range featureModules() {
		has |= list(t, m.feature)
	}
	is.New(t).Equal((ops.All &^ has).Names(), []string{})
}

// A module that needs a proposal is valid with it alone and with what the list
// says, and refused without, in the least set and in that of everything else.
func TestFeatureDecides(t *testing.T) {
	for _, m := range featureModules() {
		t.Run(m.feature, func(t *testing.T) {
			feature, others := list(t, m.feature), list(t, m.others)
			expect(t, feature|others, m.module, "")
			expect(t, ops.All, m.module, "")
			for _, set := range []ops.Features{others, others | ops.MVP, allBut(t, feature)} {
				_, err := validator.Validate(t.Context(), m.module.Bytes(), validator.WithFeatures(set))
				is := is.New(t)
				var e *validator.Error
				is.True(errors.As(err, &e)) // refused
				is.Equal(e.Feature.Names(), feature.Names())
				kind, message := validator.Invalid, m.want
				if rest, ok := strings.CutPrefix(message, "malformed: "); ok {
					kind, message = validator.Malformed, rest
				}
				if e.Kind != kind || !strings.HasPrefix(e.Message, message) {
					t.Errorf("with %q: got %v, want %v: %s", set, e, kind, message)
				}
			}
		})
	}
}

// RequiredFeatures is the list, however much is on.
func TestRequiredFeatures(t *testing.T) {
	for _, m := range featureModules() {
		t.Run(m.feature, func(t *testing.T) {
			is := is.New(t)
			want := list(t, m.feature) | list(t, m.others)
			for _, set := range []ops.Features{want, ops.All} {
				got, err := validator.Validate(t.Context(), m.module.Bytes(), validator.WithFeatures(set))
				is.NoErr(err)
				is.Equal(got.RequiredFeatures().Names(), want.Names())
			}
			checkRequired(t, m.feature, m.module.Bytes(), want)
		})
	}
}

// The tag section and throw come with any of three proposals.
func TestFeatureTags(t *testing.T) {
	tag := func() *validatortest.Module { return validatortest.NewModule().Type("func").Tag(0) }
	throw := func() *validatortest.Module { return tag().Func(0, "", "throw 0") }
	imported := func() *validatortest.Module { return validatortest.NewModule().Type("func").Import("m", "t", "tag 0") }
	exported := func() *validatortest.Module { return tag().Export("t", "tag 0") }
	for _, m := range []*validatortest.Module{tag(), throw(), imported(), exported()} {
		is := is.New(t)
		for _, name := range []string{"exceptions", "legacy-exceptions", "stack-switching"} {
			expect(t, list(t, name), m, "")
		}
		_, err := validator.Validate(t.Context(), m.Bytes(),
			validator.WithFeatures(allBut(t, ops.Exceptions|ops.LegacyExceptions|ops.StackSwitching)))
		var e *validator.Error
		is.True(errors.As(err, &e)) // refused
		is.Equal(e.Kind, validator.Malformed)
		is.Equal(e.Feature, ops.Exceptions)
		decls, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(ops.All))
		is.NoErr(err)
		checkRequired(t, "tags", m.Bytes(), decls.RequiredFeatures())
	}
}

// A proposal that the module needs anyway brings the tags.
func TestFeatureTagsNeedNoMore(t *testing.T) {
	for _, test := range []struct {
		need string
		m    *validatortest.Module
	}{
		{"exceptions", withBody("unreachable throw_ref").Tag(0)},
		{"legacy-exceptions", withBody("try catch 0 end").Tag(0)},
		{"stack-switching", validatortest.NewModule().Type("func").Type("cont 0").Tag(0)},
		{"exceptions,legacy-exceptions", withBody("try catch 0 end unreachable throw_ref").Tag(0)},
	} {
		t.Run(test.need, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.Validate(t.Context(), test.m.Bytes(), validator.WithFeatures(ops.All))
			is.NoErr(err)
			is.Equal(m.RequiredFeatures(), list(t, test.need))
			checkRequired(t, test.need, test.m.Bytes(), m.RequiredFeatures())
		})
	}
}

// A proposal that brings another makes the other superfluous in the list.
func TestFeatureBringsAnother(t *testing.T) {
	for _, test := range []struct {
		need string
		m    *validatortest.Module
	}{
		{"bulk-memory", withBody("unreachable memory.fill unreachable memory.copy unreachable table.copy").Memory("0").Table("0 funcref")},
		{"reference-types", withBody("unreachable (bytes 0x11 0 0x80 0) unreachable table.get 0 drop").Table("0 funcref")},
		{"reference-types", withBody("unreachable call_indirect 1 (type 0)").Table("0 funcref").Table("0 funcref")},
	} {
		t.Run(test.need, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.Validate(t.Context(), test.m.Bytes(), validator.WithFeatures(ops.All))
			is.NoErr(err)
			is.Equal(m.RequiredFeatures(), list(t, test.need))
			checkRequired(t, test.need, test.m.Bytes(), m.RequiredFeatures())
		})
	}
}

// An empty module, and one of the MVP, need nothing.
func TestFeatureNone(t *testing.T) {
	is := is.New(t)
	for _, m := range []*validatortest.Module{
		validatortest.NewModule(),
		validatortest.NewModule().Type("func (param f64) (result f32)").Memory("1 2").Table("1 2 funcref").
			Import("m", "f", "func 0").Global("mut f32", "f32.const 0").Export("m", "memory 0").
			Elem("(offset i32.const 0) func 0").Data("i32.const 0", "data").
			Func(0, "2 f64", "local.get 1 i32.const 0 call_indirect (type 0)"),
	} {
		decls, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(ops.All))
		is.NoErr(err)
		is.Equal(decls.RequiredFeatures(), ops.Features(0))
		expect(t, 0, m, "")
		expect(t, ops.MVP, m, "")
	}
}

// Without floats, the types and operators of floating-point numbers are unknown.
func TestFeatureFloats(t *testing.T) {
	empty := validatortest.NewModule
	checkOff(t, ops.Floats, []moduleCase{
		{"parameter", empty().Type("func (param @f32)"), "malformed: malformed value type"},
		{"result", empty().Type("func (result i32 @f64)"), "malformed: malformed value type"},
		{"local", empty().Type("func").Func(0, "@f64", ""), "malformed: malformed value type"},
		{"global", empty().Import("m", "g", "global i32").Import("m", "g", "global @f32"), "malformed: malformed value type"},
		{"constant", withBody("@f32.const 0 drop"), "malformed: illegal opcode"},
		{"memory access", withBody("i32.const 0 @f64.load drop").Memory("1"), "malformed: illegal opcode"},
		{"conversion", withBody("i32.const 0 @f64.convert_i32_s drop"), "malformed: illegal opcode"},
	})
}

// Without gc-types, the reference types that need a garbage collector are
// unknown.
func TestFeatureGCTypes(t *testing.T) {
	empty := validatortest.NewModule
	cases := []moduleCase{
		{"structure", empty().Type("@struct"), "malformed: malformed definition type"},
		{"array", empty().Type("@array i8"), "malformed: malformed definition type"},
		{"ref.i31", withBody("i32.const 0 @ref.i31 drop"), "malformed: illegal opcode"},
		{"i31.get_s", withBody("unreachable @i31.get_s drop"), "malformed: illegal opcode"},
		{"i31.get_u", withBody("unreachable @i31.get_u drop"), "malformed: illegal opcode"},
		{"any.convert_extern", withBody("unreachable @any.convert_extern drop"), "malformed: illegal opcode"},
		{"ref.eq", withBody("unreachable @ref.eq drop"), "malformed: illegal opcode"},
		{"array.len", withBody("unreachable @array.len drop"), "malformed: illegal opcode"},
		{"ref.i31_shared", withBody("i32.const 0 @ref.i31_shared drop"), "malformed: illegal opcode"},
		{"extern.convert_any", withBody("unreachable @extern.convert_any drop"), "malformed: illegal opcode"},
	}
	for _, typ := range []string{"anyref", "eqref", "i31ref", "structref", "arrayref", "nullref", "externref", "nullexternref", "contref", "nullfuncref"} {
		cases = append(cases, moduleCase{typ, empty().Type("func (param @" + typ + ")"), "malformed: malformed value type"})
	}
	checkOff(t, ops.GCTypes, cases)
	off := allBut(t, ops.GCTypes)
	for _, typ := range []string{"funcref", "exnref", "(ref 0)", "(ref null 0)"} {
		t.Run(typ, func(t *testing.T) {
			expect(t, off, empty().Type("func").Type("func (param "+typ+")"), "")
		})
	}
}

// Of each valid module of the conformance data, RequiredFeatures is enough, and
// nothing of it can go.
func TestRequiredFeaturesOfArchives(t *testing.T) {
	for _, name := range []string{conformance.SpecTest, conformance.Differential} {
		t.Run(name, func(t *testing.T) {
			var modules [][]byte
			for _, wasm := range conformance.Open(t, name).Modules(t) {
				modules = append(modules, wasm)
			}
			var valid atomic.Int64
			forEach(len(modules), func(i int) {
				m, err := validator.Validate(context.Background(), modules[i], validator.WithFeatures(ops.All), validator.WithWorkers(1))
				if err != nil {
					return
				}
				valid.Add(1)
				checkRequired(t, name, modules[i], m.RequiredFeatures())
			})
			if valid.Load() < 100 {
				t.Errorf("only %d valid modules", valid.Load())
			}
			t.Logf("%d valid modules", valid.Load())
		})
	}
}
