package ops_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

// modifiers are the bits that are no proposals.
const modifiers = ops.WithoutFloats | ops.WithoutGCTypes

func TestFeatureNames(t *testing.T) {
	is := is.New(t)
	names := ops.All.Names()
	is.Equal(len(names), 28)
	is.Equal(strings.Join(names, " "), "mutable-global saturating-float-to-int sign-extension "+
		"reference-types multi-value bulk-memory simd relaxed-simd threads shared-everything-threads "+
		"tail-call floats multi-memory exceptions memory64 extended-const function-references gc "+
		"gc-types custom-page-sizes legacy-exceptions stack-switching wide-arithmetic "+
		"call-indirect-overlong bulk-memory-opt custom-descriptors compact-imports memory-control")
	for i, name := range names {
		f, err := ops.ParseFeatures(name)
		is.NoErr(err)
		is.Equal(f, ops.Features(1)<<i)
	}
}

func TestParseFeatures(t *testing.T) {
	for _, c := range []struct {
		list string
		want ops.Features
	}{
		{"", 0},
		{"  ", 0},
		{"mvp", ops.MVP},
		{"simd", ops.SIMD},
		{"wasm3,threads,-simd", ops.Wasm3&^ops.SIMD | ops.Threads},
		{" wasm2 , gc ", ops.Wasm2 | ops.GC},
		{"wasm2, - simd", ops.Wasm2 &^ ops.SIMD},
		{"default", ops.Wasm3 | ops.Threads | ops.WideArithmetic | ops.CompactImports},
		{"wasm1,-floats", ops.Wasm1&^ops.Floats | ops.WithoutFloats},
		{"-floats,floats", ops.Floats},
		{"-gc-types", ops.WithoutGCTypes},
		{"reference-types,-call-indirect-overlong", 0},
		{"bulk-memory,-bulk-memory-opt", 0},
	} {
		t.Run(c.list, func(t *testing.T) {
			is := is.New(t)
			f, err := ops.ParseFeatures(c.list)
			is.NoErr(err)
			is.Equal(f, c.want)
		})
	}
}

func TestParseFeaturesUnknownWord(t *testing.T) {
	for _, c := range []struct{ list, word string }{
		{"wasm3,sind", `"sind"`}, {"-sind", `"-sind"`}, {"wasm3,,simd", `""`}, {"SIMD", `"SIMD"`}, {"tags", `"tags"`},
	} {
		is := is.New(t)
		_, err := ops.ParseFeatures(c.list)
		is.True(err != nil)                            // an unknown word is an error
		is.True(strings.Contains(err.Error(), c.word)) // and the error names it
	}
}

func TestFeaturesString(t *testing.T) {
	for _, c := range []struct {
		f    ops.Features
		want string
	}{
		{0, ""}, {ops.SIMD, "simd"}, {ops.MVP, "mvp"}, {ops.Wasm3, "wasm3"}, {ops.Default, "default"},
		{ops.All, "all"}, {ops.Lime1, "lime1"}, {ops.Wasm3 | ops.Threads, "wasm3,threads"},
		{ops.Wasm2 &^ ops.SIMD, "wasm2,-simd"},
	} {
		is.New(t).Equal(c.f.String(), c.want)
	}
}

// randomFeatures returns a set that ParseFeatures can make: one that does not
// hold both a gate and its opposite.
func randomFeatures(r *rand.Rand) ops.Features {
	f := ops.Features(r.Uint64()) & ops.All
	if r.IntN(4) == 0 {
		f = f&^ops.Floats | ops.WithoutFloats
	}
	if r.IntN(4) == 0 {
		f = f&^ops.GCTypes | ops.WithoutGCTypes
	}
	return f
}

func TestFeaturesStringReadsBack(t *testing.T) {
	is := is.New(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		f := randomFeatures(r)
		g, err := ops.ParseFeatures(f.String())
		is.NoErr(err)
		is.Equal(g, f)
	}
}

func TestFeaturesText(t *testing.T) {
	is := is.New(t)
	b, err := json.Marshal(map[string]ops.Features{"f": ops.Wasm3 | ops.Threads})
	is.NoErr(err)
	is.Equal(string(b), `{"f":"wasm3,threads"}`)
	var m map[string]ops.Features
	is.NoErr(json.Unmarshal(b, &m))
	is.Equal(m["f"], ops.Wasm3|ops.Threads)
	f := ops.SIMD
	is.True(f.UnmarshalText([]byte("nothing")) != nil)
	is.Equal(f, ops.SIMD) // an error leaves the value alone
}

func TestFeaturesHas(t *testing.T) {
	is := is.New(t)
	is.True(ops.Features(0).Has(ops.Floats | ops.GCTypes))
	is.True(!ops.WithoutFloats.Has(ops.Floats))
	is.True(!ops.WithoutGCTypes.Has(ops.GCTypes))
	is.True(ops.ReferenceTypes.Has(ops.CallIndirectOverlong))
	is.True(ops.BulkMemory.Has(ops.BulkMemoryOpt))
	is.True(!ops.BulkMemoryOpt.Has(ops.BulkMemory))
	is.True(!ops.Wasm2.Has(ops.SIMD | ops.RelaxedSIMD))
	for _, f := range []ops.Features{ops.Exceptions, ops.LegacyExceptions, ops.StackSwitching} {
		is.True(f.Has(ops.Tags))
	}
	is.True(!(ops.All &^ (ops.Exceptions | ops.LegacyExceptions | ops.StackSwitching)).Has(ops.Tags))
	is.True(!ops.Tags.Has(ops.Tags)) // only a proposal brings it
}

// TestFeaturesEditEffective adds every member to sets that are complete, and takes it
// away: alone, and with another one. What comes of it is what comes of the same members
// when they are listed.
func TestFeaturesEditEffective(t *testing.T) {
	const members = 1 << 30 // those of All, and the two that take something out
	for _, set := range []ops.Features{ops.MVP, ops.Wasm1, ops.Wasm2, ops.Wasm3, ops.Default, ops.All, ops.All | ops.WithoutFloats | ops.WithoutGCTypes} {
		whole := set.Effective()
		for a := ops.Features(1); a < members; a <<= 1 {
			for b := a; b < members; b <<= 1 {
				for _, edited := range []ops.Features{whole | a | b, whole &^ (a | b), whole&^a | b, whole ^ a ^ b, whole | (a | b).Effective()} {
					if got, want := edited.Effective(), (edited & (members - 1)).Effective(); got != want {
						t.Fatalf("%v, edited with %v and %v: %v, want %v", set, a, b, got, want)
					}
				}
			}
		}
	}
	is := is.New(t)
	is.True(ops.Features(members)&^(ops.All|ops.WithoutFloats|ops.WithoutGCTypes) != 0) // there are no more
	is.True(!(ops.All.Effective() | ops.WithoutFloats).Has(ops.Floats))
	is.True(!(ops.Wasm3.Effective() &^ ops.Exceptions).Has(ops.Tags))
	is.True((ops.Wasm2.Effective() | ops.GC).Has(ops.TypedRefs))
	is.Equal(ops.Wasm1.Missing(ops.Wasm1.Effective()|ops.GC), ops.GC)
}

func TestFeaturesMissing(t *testing.T) {
	is := is.New(t)
	is.Equal(ops.Wasm3.Missing(ops.SIMD|ops.Threads|ops.Floats), ops.Threads)
	is.Equal(ops.Wasm2.Missing(ops.Tags), ops.Exceptions)
	is.Equal(ops.LegacyExceptions.Missing(ops.Tags), ops.Features(0))
	is.Equal(ops.WithoutFloats.Missing(ops.Floats), ops.Floats)
	is.Equal(ops.ReferenceTypes.Missing(ops.CallIndirectOverlong), ops.Features(0))
}

func TestFeaturesMinimal(t *testing.T) {
	for _, c := range []struct{ f, want ops.Features }{
		{ops.MVP, 0},
		{ops.ReferenceTypes | ops.CallIndirectOverlong, ops.ReferenceTypes},
		{ops.BulkMemoryOpt, ops.BulkMemoryOpt},
		{ops.BulkMemory | ops.BulkMemoryOpt, ops.BulkMemory},
		{ops.Tags, ops.Exceptions},
		{ops.Tags | ops.LegacyExceptions, ops.LegacyExceptions},
		{ops.Tags | ops.StackSwitching | ops.SIMD, ops.StackSwitching | ops.SIMD},
		{ops.WithoutFloats | ops.SIMD, ops.SIMD},
	} {
		is.New(t).Equal(c.f.Minimal(), c.want)
	}
	is := is.New(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		f := randomFeatures(r) &^ modifiers
		is.True(f.Minimal().Has(f)) // nothing is lost
		is.Equal(f.Minimal()&^f, ops.Features(0))
	}
}
