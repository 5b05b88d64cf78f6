package validator_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// limitCases are modules with n of something, for a limit of 4. The number n is
// at least 2.
var limitCases = []struct {
	name   string
	limits validator.Limits
	make   func(n int) *validatortest.Module
}{
	// An empty module has 8 bytes, and a custom section 4 besides its contents.
	{"bytes of module", validator.Limits{ModuleSize: 12 + 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Custom("x", make([]byte, n))
	}},
	{"bytes of memory in use", validator.Limits{Memory: 16<<20 + 30*(12+4)}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Custom("x", make([]byte, n))
	}},
	{"empty groups of types", validator.Limits{Types: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Rec() })
	}},
	{"types", validator.Limits{Types: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Type("func") })
	}},
	{"types in a group", validator.Limits{Types: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Rec(strings.Split(strings.Repeat("func,", n)+"func", ",")[1:]...)
	}},
	{"types in and out of a group", validator.Limits{Types: 4}, func(n int) *validatortest.Module {
		return repeat(n-2, func(m *validatortest.Module) { m.Type("func") }).Rec("func", "func")
	}},
	{"bytes of types", validator.Limits{TypeSection: 4 + 3}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func (param"+strings.Repeat(" i32", n-1)+")").Custom("x", nil)
	}},
	{"functions", validator.Limits{Functions: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Func(0, "", "") }).Type("func")
	}},
	{"imported functions", validator.Limits{Functions: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "func 0") }).Type("func")
	}},
	{"functions, one of them imported", validator.Limits{Functions: 4}, func(n int) *validatortest.Module {
		return repeat(n-1, func(m *validatortest.Module) { m.Func(0, "", "") }).Type("func").Import("m", "n", "func 0")
	}},
	{"imports", validator.Limits{Imports: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "global i32") })
	}},
	{"imports in a group", validator.Limits{Imports: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().ImportNames("m", "global i32", strings.Split(strings.Repeat("n", n), "")...)
	}},
	{"exports", validator.Limits{Exports: 4}, func(n int) *validatortest.Module {
		m := validatortest.NewModule().Memory("1")
		for i := range n {
			m.Export(string(rune('a'+i)), "memory 0")
		}
		return m
	}},
	{"globals", validator.Limits{Globals: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Global("i32", "i32.const 0") })
	}},
	{"globals, one of them imported", validator.Limits{Globals: 4}, func(n int) *validatortest.Module {
		return repeat(n-1, func(m *validatortest.Module) { m.Global("i32", "i32.const 0") }).Import("m", "n", "global i32")
	}},
	{"imported globals", validator.Limits{Globals: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "global i32") })
	}},
	{"tags", validator.Limits{Tags: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Tag(0) }).Type("func")
	}},
	{"tags, one of them imported", validator.Limits{Tags: 4}, func(n int) *validatortest.Module {
		return repeat(n-1, func(m *validatortest.Module) { m.Tag(0) }).Type("func").Import("m", "n", "tag 0")
	}},
	{"imported tags", validator.Limits{Tags: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "tag 0") }).Type("func")
	}},
	{"tables", validator.Limits{Tables: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Table("1 funcref") })
	}},
	{"tables, one of them imported", validator.Limits{Tables: 4}, func(n int) *validatortest.Module {
		return repeat(n-1, func(m *validatortest.Module) { m.Table("1 funcref") }).Import("m", "n", "table 1 funcref")
	}},
	{"imported tables", validator.Limits{Tables: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "table 1 funcref") })
	}},
	{"memories", validator.Limits{Memories: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Memory("1") })
	}},
	{"memories, one of them imported", validator.Limits{Memories: 4}, func(n int) *validatortest.Module {
		return repeat(n-1, func(m *validatortest.Module) { m.Memory("1") }).Import("m", "n", "memory 1")
	}},
	{"imported memories", validator.Limits{Memories: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Import("m", "n", "memory 1") })
	}},
	{"element segments", validator.Limits{ElemSegments: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Elem("funcref (ref.null func)") })
	}},
	{"elements", validator.Limits{ElemEntries: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Elem("funcref" + strings.Repeat(" (ref.null func)", n))
	}},
	{"functions as elements", validator.Limits{ElemEntries: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func").Import("m", "n", "func 0").Elem("func" + strings.Repeat(" 0", n))
	}},
	{"data segments", validator.Limits{DataSegments: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Data("", "x") })
	}},
	{"data segments, counted before", validator.Limits{DataSegments: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Data("", "x") }).DataCount(uint32(n))
	}},
	{"custom sections", validator.Limits{CustomSections: 4}, func(n int) *validatortest.Module {
		return repeat(n, func(m *validatortest.Module) { m.Custom("x", nil) }).Type("func")
	}},
	{"elements of a table", validator.Limits{TableSize: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Table(string(rune('0'+n)) + " 9 funcref")
	}},
	{"elements of an imported table", validator.Limits{TableSize: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Import("m", "n", "table "+string(rune('0'+n))+" 9 funcref")
	}},
	{"bytes of memory", validator.Limits{MemorySize: 5<<16 - 1}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Memory(string(rune('0'+n)) + " 9")
	}},
	{"bytes of an imported memory", validator.Limits{MemorySize: 4 << 16}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Import("m", "n", "memory "+string(rune('0'+n))+" 9")
	}},
	{"parameters", validator.Limits{Params: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func (param" + strings.Repeat(" i32", n) + ")")
	}},
	{"results", validator.Limits{Results: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func (result" + strings.Repeat(" i32", n) + ")")
	}},
	{"fields", validator.Limits{StructFields: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("struct (field" + strings.Repeat(" i32", n) + ")")
	}},
	{"bytes of a body", validator.Limits{BodySize: 4 + 2}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func").Func(0, "", strings.Repeat("nop ", n))
	}},
	{"locals", validator.Limits{Locals: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func").Func(0, strings.Repeat("i32 ", n), "")
	}},
	{"parameters and locals", validator.Limits{Locals: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func (param i32)").Func(0, strings.Repeat("i32 ", n-1), "")
	}},
	{"operands of an array", validator.Limits{ArrayOperands: 4}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("array i32").
			Func(0, "", strings.Repeat("i32.const 0 ", n)+"array.new_fixed 1 "+string(rune('0'+n))+" drop")
	}},
	// The call stands one byte from the start of the body.
	{"operands", validator.Limits{Operands: 4 - 1}, func(n int) *validatortest.Module {
		return validatortest.NewModule().Type("func (result"+strings.Repeat(" i32", n)+")").Type("func").
			Import("m", "n", "func 0").Func(1, "", "call 0 unreachable")
	}},
	{"blocks", validator.Limits{Nesting: 4}, func(n int) *validatortest.Module { return nested(n, "block ") }},
	{"loops", validator.Limits{Nesting: 4}, func(n int) *validatortest.Module { return nested(n, "loop ") }},
	{"ifs", validator.Limits{Nesting: 4}, func(n int) *validatortest.Module { return nested(n, "i32.const 0 if ") }},
	{"tries", validator.Limits{Nesting: 4}, func(n int) *validatortest.Module { return nested(n, "try_table ") }},
}

// repeat returns a module to which add has been applied n times.
func repeat(n int, add func(*validatortest.Module)) *validatortest.Module {
	m := validatortest.NewModule()
	for range n {
		add(m)
	}
	return m
}

// nested returns a module whose blocks nest n deep, the function included.
func nested(n int, open string) *validatortest.Module {
	return validatortest.NewModule().Type("func").Func(0, "", strings.Repeat(open, n-1)+strings.Repeat("end ", n-1))
}

// A module at each limit passes, and one past it gets an error of kind Limit,
// from every driver and operator by operator, also where buffers have room for
// more because of other modules.
func TestLimits(t *testing.T) {
	warm := nested(1000, "block ").Bytes()
	for _, c := range limitCases {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			for n := 2; n <= 8; n++ {
				_, err := validator.Validate(t.Context(), warm, validator.WithWorkers(1))
				is.NoErr(err)
				opts := []validator.Option{validator.WithFeatures(ops.All), validator.WithLimits(c.limits)}
				wasm := c.make(n).Bytes()
				_, got := validator.Validate(t.Context(), wasm, append(opts, validator.WithWorkers(1))...)
				var e *validator.Error
				if limited := errors.As(got, &e) && e.Kind == validator.Limit; limited != (n > 4) || got != nil && !limited {
					t.Fatalf("%d: got %v", n, got)
				}
				for _, d := range sizeDrivers(rand.New(rand.NewPCG(8, uint64(n)))) {
					if err := d.validate(t, wasm, opts...); errText(err) != errText(got) {
						t.Errorf("%d: %s: got %v, want %v", n, d.name, err, got)
					}
				}
				_, funcs, err := validator.Spine(t.Context(), wasm, opts...)
				var driver engine
				for _, f := range funcs {
					if err == nil {
						err = driver.validate(f, n%2 == 0)
					}
				}
				if errText(got) != errText(err) {
					t.Fatalf("%d: got %v, and operator by operator %v", n, got, err)
				}
			}
		})
	}
}

// Every field of Limits has a default, and a test at the limit and one past it.
func TestLimitsAreAllTested(t *testing.T) {
	is := is.New(t)
	tested := map[string]bool{}
	for _, c := range limitCases {
		limits := reflect.ValueOf(c.limits)
		for i := range limits.NumField() {
			if !limits.Field(i).IsZero() {
				tested[limits.Type().Field(i).Name] = true
			}
		}
	}
	defaults := reflect.ValueOf(validator.DefaultLimits())
	for i := range defaults.NumField() {
		name := defaults.Type().Field(i).Name
		if !tested[name] {
			t.Errorf("no test of limit %s", name)
		}
		is.True(!defaults.Field(i).IsZero()) // it has a default
	}
}

// A zero field means its default, and setting one field leaves the others alone.
func TestLimitsDefault(t *testing.T) {
	is := is.New(t)
	_, err := validator.Validate(t.Context(), repeat(1001, func(m *validatortest.Module) { m.Type("func") }).Bytes(),
		validator.WithLimits(validator.Limits{Params: 2}))
	is.NoErr(err)
	wide := validatortest.NewModule().Type("func (param" + strings.Repeat(" i32", 1001) + ")").Bytes()
	_, err = validator.Validate(t.Context(), wide, validator.WithLimits(validator.Limits{Types: 5}))
	var e *validator.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, validator.Limit)
}

// errText returns the text of an error, and "" for none.
func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// mostLimits are as large as their types allow.
var mostLimits = validator.Limits{
	ModuleSize: math.MaxInt64, Types: math.MaxUint32, TypeSection: math.MaxInt, Functions: math.MaxUint32,
	Imports: math.MaxUint32, Exports: math.MaxUint32, Globals: math.MaxUint32, Tags: math.MaxUint32,
	Tables: math.MaxUint32, Memories: math.MaxUint32, ElemSegments: math.MaxUint32, ElemEntries: math.MaxUint32,
	DataSegments: math.MaxUint32, CustomSections: math.MaxUint32, Memory: math.MaxInt64, TableSize: math.MaxUint64, MemorySize: math.MaxUint64,
	Params: math.MaxUint32, Results: math.MaxUint32, StructFields: math.MaxUint32,
	BodySize: math.MaxInt, Locals: math.MaxUint32, ArrayOperands: math.MaxUint32,
	Operands: math.MaxInt, Nesting: math.MaxInt,
}

// Limits may be as large as their types allow, also where an int has 32 bits.
func TestLargestLimits(t *testing.T) {
	is := is.New(t)
	for _, m := range []*validatortest.Module{
		validatortest.NewModule().Type("func (result i32 i64)").Import("m", "n", "func 0").
			Func(0, "0xffffffff i32", "local.get 0xfffffffe call 0 br 0"),
		richModule(),
		nested(100, "i32.const 0 if "),
		validatortest.NewModule().Type("func").Type("array i32").Func(0, "", "unreachable array.new_fixed 1 0xffffffff drop"),
	} {
		for range 2 { // the second time with the buffers of the first
			opts := []validator.Option{validator.WithFeatures(ops.All), validator.WithLimits(mostLimits), validator.WithWorkers(1)}
			_, err := validator.Validate(t.Context(), m.Bytes(), opts...)
			is.NoErr(err)
			_, funcs := spine(t, m.Bytes(), opts...)
			var driver engine
			for i, f := range funcs {
				is.NoErr(driver.validate(f, i%2 == 0))
			}
		}
	}
}
