package validator_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// userResources is a user's own type: what it says is read through its methods.
// It counts how often that is.
type userResources struct {
	*module.Module
	asked int
}

func (r *userResources) NumFuncs() int { r.asked++; return r.Module.NumFuncs() }

type userFunc = validator.FuncToValidate[*userResources]

// userFuncs returns the functions of a module for a user's own resources.
func userFuncs(funcs []funcToValidate) []userFunc {
	if len(funcs) == 0 {
		return nil
	}
	r := &userResources{Module: funcs[0].Resources}
	list := make([]userFunc, len(funcs))
	for i, f := range funcs {
		list[i] = userFunc{Resources: r, Features: f.Features, Index: f.Index, TypeIdx: f.TypeIdx, Body: f.Body}
	}
	return list
}

// spine returns the spine of a valid module.
func spine(t testing.TB, wasm []byte, opts ...validator.Option) (*module.Module, []funcToValidate) {
	t.Helper()
	m, funcs, err := validator.Spine(context.Background(), wasm, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return m, funcs
}

// validateFunc validates one function with u, which comes back.
func validateFunc[R validator.Resources](u validator.UnassignedFuncValidator[R], f validator.FuncToValidate[R]) (validator.UnassignedFuncValidator[R], error) {
	a, err := f.Assign(u)
	if err != nil {
		return u, err
	}
	_ = a.Validate(f.Body) // Finish says it again
	return a.Finish(f.Body.Offset() + f.Body.Size())
}

// Buffers go from one validator to another: across functions, modules and types
// of resources. What they held before does not matter.
func TestAllocationsTravel(t *testing.T) {
	is := is.New(t)
	_, shapes := spine(t, realModule(t, "shapes"))
	_, algorithms := spine(t, realModule(t, "algorithms"))
	_, wrong := spine(t, patchwork(3, 100, map[int]string{1: bodyInvalid}))
	user := userFuncs(shapes)
	a := new(state.Allocations)
	for i := range max(len(shapes), len(algorithms)) {
		a = through(t, a, shapes[i%len(shapes)], "")
		a = through(t, a, wrong[1], "invalid: func 1: i64.eqz: type mismatch")
		a = through(t, a, user[i%len(user)], "")
		a = through(t, a, algorithms[i%len(algorithms)], "")
	}
	is.True(cap(a.Operands) > 0)
	is.Equal(validator.NewWithAllocations(shapes[0].Resources, ops.Default, a).IntoAllocations(), a) // the very same come back
}

// through validates one function with the buffers a and returns them. The error
// must begin with want, or be none.
func through[R validator.Resources](t *testing.T, a *state.Allocations, f validator.FuncToValidate[R], want string) *state.Allocations {
	t.Helper()
	u, err := validateFunc(validator.NewWithAllocations(f.Resources, f.Features, a), f)
	if got := fmt.Sprint(err); (err != nil || want != "") && !strings.HasPrefix(got, want) || err != nil && want == "" {
		t.Fatalf("func %d: got %v, want %q", f.Index, err, want)
	}
	if a = u.IntoAllocations(); a == nil {
		t.Fatal("no buffers came back")
	}
	return a
}

// New reads the resources again, whatever the buffers come from.
func TestAllocationsDoNotKeepResources(t *testing.T) {
	is := is.New(t)
	_, shapes := spine(t, realModule(t, "shapes"))
	user := userFuncs(shapes)[0].Resources
	a := validator.New(user, ops.Default).IntoAllocations()
	asked := user.asked
	is.True(asked > 0)
	m, _ := spine(t, validatortest.NewModule().Type("func").Func(0, "", "").Bytes())
	user.Module = m
	u := validator.NewWithAllocations(user, ops.Default, a)
	is.True(user.asked > asked)
	_, err := u.Assign(0, 1, 0)
	is.True(err != nil) // the new module has one type
	assigned, err := u.Assign(0, 0, 0)
	is.NoErr(err)
	is.Equal(assigned.Resources(), user)
	is.NoErr(assigned.Abandon().Err())
}

// Buffers that were taken out belong to whoever took them: the old handle is
// spent, and two validators never share them.
func TestAllocationsOwner(t *testing.T) {
	is := is.New(t)
	m, funcs := spine(t, realModule(t, "shapes"))
	old := validator.New(m, ops.Default)
	a := old.IntoAllocations()
	first := validator.NewWithAllocations(m, ops.Default, a)
	is.True(old.Err() != nil)
	is.NoErr(first.Err())
	second := validator.NewWithAllocations(m, ops.Default, new(state.Allocations))
	_, err := validateFunc(first, funcs[0])
	is.NoErr(err)
	is.NoErr(second.Err())
	is.True(old.IntoAllocations() == nil) //spent:ignore old is stale on purpose
}

// giants are bodies that each blow up one of the buffers.
var giants = []struct{ name, locals, code string }{
	{"operands", "", strings.Repeat("i32.const 0 ", 1<<20) + "unreachable"},
	{"frames", "", strings.Repeat("block ", 1<<19) + strings.Repeat("end ", 1<<19)},
	{"branch targets", "", "i32.const 0 br_table " + strings.Repeat("0 ", 1<<20)},
	{"groups of locals", strings.Repeat("i32 i64 ", 20_000), ""},
	{"initialisations", "40000 (ref 0)", initialise(40_000)},
}

// initialise sets n locals that have no default.
func initialise(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "ref.func 0 local.set %d ", i)
	}
	return b.String()
}

// ordinaryCode is a body; the buffers are trimmed when it has been validated
// untilTrimmed times.
var ordinaryCode = strings.Repeat("nop ", 1<<10)

const untilTrimmed = 256

// The buffers that one giant function blew up do not stay for ever, and those of
// ordinary functions do.
func TestTrim(t *testing.T) {
	const most = 2 << 20 // bytes of all buffers between functions
	m := validatortest.NewModule().Type("func")
	m.Elem("declare func 0")
	for _, g := range giants {
		m.Func(0, g.locals, g.code)
	}
	m.Func(0, "", ordinaryCode)
	_, funcs := spine(t, m.Bytes())
	ordinary := funcs[len(giants)]
	for i, g := range giants {
		t.Run(g.name, func(t *testing.T) {
			is := is.New(t)
			u := validator.New(funcs[0].Resources, ops.Default)
			a, err := funcs[i].Assign(u)
			is.NoErr(err)
			is.NoErr(a.Validate(funcs[i].Body))
			before := liveHeap()
			u, err = a.Finish(funcs[i].Body.Offset() + funcs[i].Body.Size())
			is.NoErr(err)
			for range untilTrimmed {
				a, err = ordinary.Assign(u)
				is.NoErr(err)
				is.NoErr(a.Validate(ordinary.Body))
				if i%2 == 0 {
					u, err = a.Finish(ordinary.Body.Offset() + ordinary.Body.Size())
					is.NoErr(err)
				} else {
					u = a.Abandon()
				}
			}
			freed := int64(before) - int64(liveHeap())
			alloc := u.IntoAllocations()
			kept := 4*cap(alloc.Operands) + 24*cap(alloc.Frames) + 4*cap(alloc.Instr.Labels)
			t.Logf("%d KB freed, %d KB kept", freed>>10, kept>>10)
			is.True(freed > 100<<10)
			is.True(kept < most)
		})
	}
	t.Run("ordinary", func(t *testing.T) {
		is := is.New(t)
		_, funcs := spine(t, realModule(t, "algorithms"))
		u := validator.New(funcs[0].Resources, ops.Default)
		var operands, frames int
		for _, f := range funcs {
			var err error
			u, err = validateFunc(u, f)
			is.NoErr(err)
			a := u.IntoAllocations()
			is.True(cap(a.Operands) >= operands) // they only grow
			is.True(cap(a.Frames) >= frames)
			operands, frames = cap(a.Operands), cap(a.Frames)
			u = validator.NewWithAllocations(funcs[0].Resources, ops.Default, a)
		}
	})
}

// steady returns how many allocations a run of f makes once it is warm. No buffer
// is collected meanwhile.
func steady(f func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	f()
	return testing.AllocsPerRun(2, f)
}

// Once the buffers are warm, no way to validate functions allocates anything: not
// for one of all the functions of a real module.
func TestSteadyState(t *testing.T) {
	m, funcs := spine(t, realModule(t, "gotool"))
	user := userFuncs(funcs)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(name string, f func()) {
		t.Run(name, func(t *testing.T) {
			if n := steady(f); n != 0 {
				t.Errorf("%v allocations for %d functions, want none", n, len(funcs))
			}
		})
	}

	u := validator.New(m, ops.Default)
	check("Assign, Validate, Finish", func() {
		for _, f := range funcs {
			a, err := u.Assign(f.Index, f.TypeIdx, f.Body.Offset())
			must(err)
			must(a.Validate(f.Body))
			u, err = a.Finish(f.Body.Offset() + f.Body.Size())
			must(err)
		}
	})
	check("FuncToValidate.Assign, Validate, Abandon", func() {
		for _, f := range funcs {
			a, err := f.Assign(u)
			must(err)
			must(a.Validate(f.Body))
			u = a.Abandon()
		}
	})
	own := validator.New(user[0].Resources, ops.Default)
	check("resources of one's own", func() {
		for _, f := range user {
			var err error
			own, err = validateFunc(own, f)
			must(err)
		}
	})
	buffers := new(state.Allocations)
	check("IntoValidator, IntoAllocations", func() {
		for _, f := range funcs {
			a, err := f.IntoValidator(buffers)
			must(err)
			must(a.Validate(f.Body))
			buffers = a.Abandon().IntoAllocations()
		}
	})
	ownBuffers := new(state.Allocations)
	check("IntoValidator with resources of one's own", func() {
		for _, f := range user {
			a, err := f.IntoValidator(ownBuffers)
			must(err)
			must(a.Validate(f.Body))
			ownBuffers = a.Abandon().IntoAllocations()
		}
	})
	var e engine
	for _, try := range []bool{false, true} {
		check(fmt.Sprintf("operator by operator, TryOp %v", try), func() {
			for _, f := range funcs {
				must(e.validate(f, try))
			}
		})
	}
	if raceEnabled {
		t.Log("pools are not measured under the race detector")
		return
	}
	pool := validator.NewPool(m, ops.Default)
	check("Pool", func() {
		for _, f := range funcs {
			u, err := validateFunc(pool.Get(), f)
			must(err)
			must(pool.Put(u))
		}
	})
	lazies := make([]*validator.Lazy, 4) // a body is validated only once
	for i := range lazies {
		var err error
		lazies[i], err = validator.NewLazy(t.Context(), realModule(t, "gotool"))
		must(err)
		must(lazies[i].Validate(funcs[0].Index))
	}
	round := 0
	check("Lazy", func() {
		for _, f := range funcs {
			must(lazies[round].Validate(f.Index))
		}
		round++
	})
}

// Whole modules cost the allocations of their declarations, not of their functions.
func TestSteadyStateOfModules(t *testing.T) {
	if raceEnabled {
		t.Skip("pools are not measured under the race detector")
	}
	few, many := patchwork(1000, 200, nil), patchwork(10_000, 200, nil)
	for _, c := range []struct {
		name string
		call func(wasm []byte) error
	}{
		{"Validate with 1 worker", func(wasm []byte) error {
			_, err := validator.Validate(context.Background(), wasm, validator.WithWorkers(1))
			return err
		}},
		{"Validate with 2 workers", func(wasm []byte) error {
			_, err := validator.Validate(context.Background(), wasm, validator.WithWorkers(2))
			return err
		}},
		{"Spine", func(wasm []byte) error {
			_, _, err := validator.Spine(context.Background(), wasm)
			return err
		}},
		{"ValidateReader", func(wasm []byte) error {
			_, err := validator.ValidateReader(context.Background(), bytes.NewReader(wasm))
			return err
		}},
		{"ValidateReaderAt", func(wasm []byte) error {
			_, err := validator.ValidateReaderAt(context.Background(), bytes.NewReader(wasm), int64(len(wasm)))
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			run := func(wasm []byte) float64 { return steady(func() { is.NoErr(c.call(wasm)) }) }
			a, b := run(few), run(many)
			t.Logf("%v allocations for 1000 functions, %v for 10000", a, b)
			is.True(b-a < 200)
		})
	}
}

// gated are functions of which each needs a proposal, with operators that the hot loop
// serves once the proposal is known to be needed.
var gated = []struct {
	feature ops.Features
	body    string
}{
	{ops.SignExtension, "i32.const 0 i32.extend8_s drop"},
	{ops.SaturatingFloatToInt, "f32.const 0 i32.trunc_sat_f32_s drop"},
	{ops.SIMD, "i32.const 0 i8x16.splat drop"},
	{ops.RelaxedSIMD, "i32.const 0 i8x16.splat i32.const 0 i8x16.splat i8x16.relaxed_swizzle drop"},
	{ops.Threads, "i32.const 0 i32.atomic.load drop"},
	{ops.BulkMemory, "i32.const 0 i32.const 0 i32.const 0 memory.fill"},
	{ops.WideArithmetic, "i64.const 0 i64.const 0 i64.mul_wide_s drop drop"},
	{ops.MultiValue, "i32.const 0 block (type 1) drop end"},
	{ops.TailCall, "return_call 0"},
	{ops.ReferenceTypes, "ref.null func drop"},
}

// gatedModule returns a module with the body twice, the first time followed by more.
func gatedModule(body, more string) []byte {
	return validatortest.NewModule().Type("func").Type("func (param i32)").Memory("1").
		Func(0, "", body+more).Func(0, "", body).Bytes()
}

// An operator without its proposal is refused also behind one that was refused, or
// that was accepted where the proposal is on.
func TestReuseWithoutFeature(t *testing.T) {
	for _, tt := range gated {
		t.Run(tt.feature.String(), func(t *testing.T) {
			is := is.New(t)
			on := ops.Wasm2 | ops.RelaxedSIMD | ops.Threads | ops.WideArithmetic | ops.TailCall
			m, funcs := spine(t, gatedModule(tt.body, ""), validator.WithFeatures(on))
			off, others := spine(t, gatedModule(tt.body, ""), validator.WithFeatures(on&^tt.feature&^dependent(tt.feature)))
			u := validator.New(m, on)
			for _, f := range []funcToValidate{funcs[0], others[0], others[1], funcs[1], others[1]} {
				a, err := f.Assign(u)
				is.NoErr(err)
				err = a.Validate(f.Body)
				is.Equal(err == nil, f.Resources == m) // only where the proposal is on
				u = a.Abandon()
			}
			_ = u.IntoAllocations() // no use for them

			alone := validator.New(off, others[0].Features)
			for range 2 {
				for _, f := range others {
					var err error
					alone, err = validateFunc(alone, f)
					is.True(err != nil)
				}
			}
			list, err := validator.Errors(t.Context(), gatedModule(tt.body, " i32.const 0"), 10,
				validator.WithFeatures(others[0].Features), validator.WithWorkers(1))
			is.NoErr(err)
			is.Equal(len(list), 2)
		})
	}
}

// dependent returns what has to be off where the feature is.
func dependent(f ops.Features) ops.Features {
	switch f {
	case ops.SIMD:
		return ops.RelaxedSIMD
	case ops.ReferenceTypes:
		return ops.TypedRefs
	}
	return 0
}
