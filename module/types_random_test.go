package module_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// oracle knows each type by a text that says all about it: its group, written
// out with what it refers to, and its place in it. Two types are equal when the
// texts are.
type oracle struct {
	texts  []string
	supers []int // -1: none
	ids    map[string]int
}

func (o *oracle) add(group []sub) {
	start := len(o.texts)
	index := func(i uint32) string {
		if int(i) >= start {
			return fmt.Sprint("own", int(i)-start)
		}
		return fmt.Sprint("id", o.ids[o.texts[i]])
	}
	val := func(v ops.ValType) string {
		i, ok := v.Heap().Index()
		if !ok || !v.IsRef() {
			return v.String()
		}
		return fmt.Sprint("ref", v.Nullable(), v.Heap().Exact(), index(i))
	}
	text := ""
	for _, s := range group {
		text += fmt.Sprint(s.Kind, s.Final, s.NumSupers)
		if s.NumSupers > 0 {
			text += index(s.Super)
		}
		for _, p := range s.Params {
			text += " p" + val(p)
		}
		for _, r := range s.Results {
			text += " r" + val(r)
		}
		for _, f := range s.Fields {
			text += fmt.Sprint(" f", f.Mutable, val(f.Type))
		}
		text += ";"
	}
	for k, s := range group {
		own := fmt.Sprint(text, k)
		if _, ok := o.ids[own]; !ok {
			o.ids[own] = len(o.texts)
		}
		o.texts = append(o.texts, own)
		super := -1
		if s.NumSupers > 0 {
			super = int(s.Super)
		}
		o.supers = append(o.supers, super)
	}
}

// below reports whether b is a or declared above it.
func (o *oracle) below(a, b int) bool {
	for ; a >= 0; a = o.supers[a] {
		if o.texts[a] == o.texts[b] {
			return true
		}
	}
	return false
}

// randomGroup makes a small group out of few shapes, so that equal ones come up.
func randomGroup(r *rand.Rand, start int) []sub {
	group := make([]sub, 1+r.IntN(2))
	val := func() ops.ValType {
		if near := start + len(group); r.IntN(2) == 0 {
			return ops.IndexHeap(uint32(near - 1 - r.IntN(min(near, 6)))).RefNull()
		}
		return []ops.ValType{ops.I32, ops.AnyRef}[r.IntN(2)]
	}
	for k := range group {
		s := &group[k]
		s.Final = r.IntN(4) == 0
		switch s.Kind = module.CompositeKind(r.IntN(3)); s.Kind {
		case module.Func:
			s.Params, s.Results = vals(val())[:r.IntN(2)], vals(val())[:r.IntN(2)]
		case module.Struct:
			s.Fields = fields(field(val()), mutField(val()))[:r.IntN(3)]
		case module.Array:
			s.Fields = fields(field(val()))
		}
		if i := start + k; i > 0 && r.IntN(2) == 0 {
			s.Super, s.NumSupers = uint32(i-1-r.IntN(min(i, 8))), 1
		}
	}
	return group
}

func TestTypesAgreeWithOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	equal, chained := 0, 0
	for range 30 {
		types, o := module.NewTypes(), oracle{ids: map[string]int{}}
		for types.Len() < 120 {
			group := randomGroup(r, types.Len())
			if types.AddGroup(group) == nil {
				o.add(group)
			}
		}
		for a := range types.Len() {
			if got, want := types.Canonical(uint32(a)), o.ids[o.texts[a]]; got != uint32(want) {
				t.Fatalf("type %d has representative %d, want %d", a, got, want)
			} else if want != a {
				equal++
			}
			for b := range types.Len() {
				if got, want := types.SubtypeOf(uint32(a), uint32(b)), o.below(a, b); got != want {
					t.Fatalf("SubtypeOf(%d, %d) is %v", a, b, got)
				} else if want && o.texts[a] != o.texts[b] {
					chained++
				}
			}
		}
	}
	if equal < 100 || chained < 100 {
		t.Errorf("the groups were too different: %d equal types, %d subtypes", equal, chained)
	}
}
