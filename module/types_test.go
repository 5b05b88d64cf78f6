package module_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

type sub = module.SubType

func ref(i uint32) ops.ValType     { return ops.IndexHeap(i).Ref() }
func refNull(i uint32) ops.ValType { return ops.IndexHeap(i).RefNull() }

func field(t ops.ValType) module.Field    { return module.Field{Type: t} }
func mutField(t ops.ValType) module.Field { return module.Field{Type: t, Mutable: true} }

// structure is an open structure type; over is its supertype, if it has one.
func structure(fields []module.Field, over ...uint32) sub {
	s := sub{Kind: module.Struct, Fields: fields, NumSupers: uint32(len(over))}
	if len(over) > 0 {
		s.Super = over[0]
	}
	return s
}

func fields(f ...module.Field) []module.Field { return f }

func function(params, results []ops.ValType, over ...uint32) sub {
	s := structure(nil, over...)
	s.Kind, s.Params, s.Results = module.Func, params, results
	return s
}

func vals(v ...ops.ValType) []ops.ValType { return v }

func final(s sub) sub { s.Final = true; return s }

func shared(s sub) sub { s.Shared = true; return s }

// table is a type table with the given groups; it fails the test if one is bad.
func table(t *testing.T, groups ...[]sub) *module.Types {
	t.Helper()
	types := module.NewTypes()
	for i, g := range groups {
		if err := types.AddGroup(g); err != nil {
			t.Fatalf("group %d: %v", i, err)
		}
	}
	return types
}

func TestTypesEqualGroupsShareARepresentative(t *testing.T) {
	is := is.New(t)
	list := func(start uint32) []sub {
		return []sub{
			structure(fields(field(refNull(start+1)), field(ops.I32))),
			structure(fields(field(refNull(start)), mutField(ops.I8))),
		}
	}
	types := table(t, list(0), list(2), []sub{function(vals(ref(0)), nil)}, []sub{function(vals(ref(2)), nil)}, []sub{function(vals(ref(1)), nil)})
	for i, want := range []uint32{0, 1, 0, 1, 4, 4, 6} {
		is.Equal(types.Canonical(uint32(i)), want)
	}
	is.Equal(types.Params(5), vals(ref(0))) // what it mentions is a representative too
	is.Equal(types.CanonVal(refNull(3)), refNull(1))
	is.Equal(types.Field(3, 1), mutField(ops.I8))
	is.Equal(types.FieldOperands(3), vals(refNull(0), ops.I32))
}

func TestTypesDifferentGroups(t *testing.T) {
	self := structure(fields(field(refNull(0))))
	groups := [][]sub{
		{self},
		{structure(fields(field(refNull(0))), 0)},              // another supertype
		{final(structure(fields(field(refNull(0)))))},          // refers to type 0, not to itself
		{final(structure(fields(field(refNull(3)))))},          // refers to itself
		{structure(fields(mutField(refNull(0))))},              // mutable
		{structure(fields(field(ref(0))))},                     // not nullable
		{structure(fields(field(ops.I8)))},                     // packed
		{structure(fields(field(ops.I16)))},                    //
		{structure(fields(field(ops.I32)))},                    //
		{function(vals(ops.I32), nil)},                         // the same list elsewhere
		{function(nil, vals(ops.I32))},                         //
		{shared(structure(fields(field(ops.I32))))},            // shared
		{structure(nil), structure(nil)},                       // two of a kind
		{structure(nil)},                                       // alone
		{{Kind: module.Array, Fields: fields(field(ops.I32))}}, //
	}
	is := is.New(t)
	types := table(t, groups...)
	for i := range uint32(types.Len()) {
		is.Equal(types.Canonical(i), i)
	}
}

func TestTypesManyGroupsKeepTheirIdentity(t *testing.T) {
	is := is.New(t)
	types := module.NewTypes()
	shape := func(i int) []ops.ValType {
		all := []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64}
		return vals(all[i&3], all[i>>2&3], all[i>>4&3], all[i>>6&3])
	}
	const kinds = 256
	for i := range 10 * kinds {
		index, err := types.AddFunc(shape(i%kinds), nil)
		is.NoErr(err)
		is.Equal(index, uint32(i))
		is.Equal(types.Canonical(index), uint32(i%kinds))
		is.Equal(types.Params(index), shape(i%kinds))
	}
}

func TestTypesSubtypeOf(t *testing.T) {
	is := is.New(t)
	types := table(t, []sub{structure(nil)}, []sub{structure(nil)})
	parents := []int{-1, 0}
	for depth := 1; depth <= module.MaxSubtypeDepth; depth++ { // a chain, and a branch off each of its types
		parent := uint32(0)
		if depth > 1 {
			parent = uint32(2 * (depth - 1))
		}
		chain := structure(make([]module.Field, depth), parent)
		branch := structure(make([]module.Field, depth), parent)
		for i := range depth {
			chain.Fields[i] = field(ops.I32)
			branch.Fields[i] = field(ops.I32)
		}
		branch.Fields[depth-1] = field(ops.I64)
		is.NoErr(types.AddGroup([]sub{chain}))
		if err := types.AddGroup([]sub{branch}); err != nil {
			t.Fatal(err)
		}
		parents = append(parents, int(parent), int(parent))
	}
	above := func(a, b int) bool { // the definition: b is reached from a
		for ; a >= 0; a = parents[a] {
			if types.Canonical(uint32(a)) == types.Canonical(uint32(b)) {
				return true
			}
		}
		return false
	}
	for a := range types.Len() {
		for b := range types.Len() {
			if got := types.SubtypeOf(uint32(a), uint32(b)); got != above(a, b) {
				t.Fatalf("SubtypeOf(%d, %d) is %v", a, b, got)
			}
		}
	}
	deepest := uint32(2 * module.MaxSubtypeDepth)
	err := types.AddGroup([]sub{structure(make([]module.Field, 0), deepest)})
	var te *module.TypeError
	is.True(errors.As(err, &te))
	is.True(!te.Limit) // too few fields
	full := make([]module.Field, module.MaxSubtypeDepth)
	for i := range full {
		full[i] = field(ops.I32)
	}
	err = types.AddGroup([]sub{structure(full, deepest)})
	is.True(errors.As(err, &te))
	is.True(te.Limit) // one too deep
}

// TestTypesCallsOutOfOrder defines a type where no group is open, which is an error and
// changes nothing.
func TestTypesCallsOutOfOrder(t *testing.T) {
	is := is.New(t)
	types := module.NewBuilder().Types()
	for range 4 {
		_, err := types.AddFunc([]ops.ValType{ops.I32}, nil)
		is.NoErr(err)
	}
	_, err := types.AddFunc([]ops.ValType{ops.I64}, nil)
	is.NoErr(err)
	for range 2 {
		is.True(types.Define(&module.SubType{Kind: module.Func, Final: true}) != nil)
		is.Equal(types.Len(), 5)
		is.NoErr(types.EndGroup()) // once more
		is.Equal(types.Len(), 5)
	}
	i, err := types.AddFunc([]ops.ValType{ops.I64}, nil)
	is.NoErr(err)
	is.Equal(i, uint32(5))
	is.Equal(types.Params(5), []ops.ValType{ops.I64})
}

// TestTypesGroupThatDoesNotEnd begins another group instead, and finds the table as it
// was.
func TestTypesGroupThatDoesNotEnd(t *testing.T) {
	is := is.New(t)
	types := module.NewBuilder().Types()
	types.BeginGroup(2)
	later := ops.IndexHeap(1).Ref()
	is.NoErr(types.Define(&module.SubType{Kind: module.Func, Final: true, Params: []ops.ValType{later}}))
	i, err := types.AddFunc([]ops.ValType{ops.I64}, nil)
	is.NoErr(err)
	is.Equal(i, uint32(0))
	is.Equal(types.Params(0), []ops.ValType{ops.I64})
}

func TestTypesErrors(t *testing.T) {
	base := [][]sub{
		{structure(fields(field(ops.I32)))},                          // 0
		{function(vals(refNull(0)), vals(ops.AnyRef))},               // 1
		{final(structure(nil))},                                      // 2
		{shared(structure(nil))},                                     // 3
		{{Kind: module.Array, Fields: fields(mutField(ops.AnyRef))}}, // 4
	}
	desc := func(s sub, i uint32) sub { s.Descriptor, s.HasDescriptor = i, true; return s }
	describes := func(s sub, i uint32) sub { s.Describes, s.HasDescribes = i, true; return s }
	array := func(f module.Field, over ...uint32) sub {
		s := structure(fields(f), over...)
		s.Kind = module.Array
		return s
	}
	tests := []struct {
		name  string
		group []sub
		index int
		want  string
	}{
		{"unknown in parameter", []sub{function(vals(ref(6)), nil)}, 0, "unknown type 6"},
		{"unknown in second", []sub{structure(nil), structure(fields(field(ref(7))))}, 1, "unknown type 7"},
		{"unknown super", []sub{structure(nil, 9)}, 0, "unknown type 9"},
		{"own super", []sub{structure(nil, 5)}, 0, "forward use of type 5 in sub type definition"},
		{"forward super", []sub{structure(nil, 6), structure(nil)}, 0, "forward use of type 6"},
		{"final super", []sub{structure(nil, 2)}, 0, "sub type 5 has final super type 2"},
		{"two supers", []sub{{Kind: module.Struct, NumSupers: 2}}, 0, "sub type 5 has 2 super types"},
		{"field missing", []sub{structure(nil, 0)}, 0, "sub type 5 does not match super type 0"},
		{"field mutable", []sub{structure(fields(mutField(ops.I32)), 0)}, 0, "sub type 5 does not match super type 0"},
		{"field type", []sub{structure(fields(field(ops.I8)), 0)}, 0, "sub type 5 does not match super type 0"},
		{"kind", []sub{array(field(ops.I32), 0)}, 0, "sub type 5 does not match super type 0"},
		{"sharing", []sub{shared(structure(fields(field(ops.I32)), 0))}, 0, "sub type 5 does not match super type 0"},
		{"param covariant", []sub{function(vals(ref(0)), vals(ops.AnyRef), 1)}, 0, "sub type 5 does not match super type 1"},
		{"result contravariant", []sub{function(vals(refNull(0)), vals(ops.FuncRef), 1)}, 0, "sub type 5 does not match super type 1"},
		{"param count", []sub{function(nil, vals(ops.AnyRef), 1)}, 0, "sub type 5 does not match super type 1"},
		{"array mutable invariant", []sub{array(mutField(ops.EqRef), 4)}, 0, "sub type 5 does not match super type 4"},
		{"unshared in shared", []sub{shared(structure(fields(field(ops.AnyRef))))}, 0, "shared type 5 mentions the type anyref"},
		{"unshared index in shared", []sub{shared(structure(fields(field(ref(0)))))}, 0, "shared type 5 mentions the type (ref 0)"},
		{"cont of a struct", []sub{{Kind: module.Cont, Cont: 0}}, 0, "non-function type 0"},
		{"cont of nothing", []sub{{Kind: module.Cont, Cont: 6}}, 0, "unknown type 6"},
		{"array without element", []sub{{Kind: module.Array}}, 0, "array type 5 has 0 fields"},
		{"descriptor before", []sub{desc(structure(nil), 0)}, 0, "descriptor type is outside rec group"},
		{"described after", []sub{describes(structure(nil), 8)}, 0, "described type is outside rec group"},
		{"not described", []sub{desc(structure(nil), 6), structure(nil)}, 0, "type is not described by its descriptor"},
		{"not its descriptor", []sub{structure(nil), describes(structure(nil), 5)}, 1, "described type is not described by descriptor"},
		{"described later", []sub{describes(structure(nil), 6), desc(structure(nil), 5)}, 0, "forward use of described type"},
		{"describes itself", []sub{desc(describes(structure(nil), 5), 5)}, 0, "forward use of described type"},
		{"described function", []sub{desc(function(nil, nil), 6), describes(structure(nil), 5)}, 0, "descriptor type must be a struct"},
		{"descriptor function", []sub{desc(structure(nil), 6), describes(function(nil, nil), 5)}, 1, "described type must be a struct"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			types := table(t, base...)
			err := types.AddGroup(tt.group)
			var te *module.TypeError
			is.True(errors.As(err, &te))
			if !strings.HasPrefix(te.Message, tt.want) {
				t.Errorf("got %q, want %q", te.Message, tt.want)
			}
			is.Equal(te.Index, tt.index)
			is.Equal(types.Len(), 5) // the table is as it was
			is.NoErr(types.AddGroup([]sub{structure(fields(field(ref(5)), field(ops.F32)))}))
			is.Equal(types.Field(5, 1), field(ops.F32))
		})
	}
}

func TestTypesValidSubtypes(t *testing.T) {
	tests := map[string][][]sub{
		"width and depth": {
			{structure(fields(field(ops.AnyRef), mutField(ops.I32)))},
			{structure(fields(field(ref(0)), mutField(ops.I32), field(ops.F64)), 0)},
		},
		"function": {
			{structure(nil)},
			{function(vals(ref(0)), vals(ops.AnyRef))},
			{function(vals(ops.EqRef), vals(ref(0)), 1)},
		},
		"within the group": {
			{structure(nil)},
			{structure(fields(field(ops.AnyRef)), 0), structure(fields(field(refNull(1))), 1)},
		},
		"later in the group": {
			{structure(nil), structure(fields(field(refNull(0)))), structure(fields(field(refNull(3))), 1), structure(nil, 0)},
		},
		"continuation": {
			{function(nil, nil)},
			{function(nil, nil, 0)},
			{{Kind: module.Cont, Cont: 0}},
			{{Kind: module.Cont, Cont: 1, Super: 2, NumSupers: 1}},
		},
		"shared": {
			{shared(structure(fields(field(ops.HeapAny.WithShared().RefNull()), field(ops.I64))))},
			{shared(structure(fields(field(ref(0)), field(ops.I64)), 0))},
		},
	}
	for name, groups := range tests {
		t.Run(name, func(t *testing.T) { table(t, groups...) })
	}
}

func TestTypesMatch(t *testing.T) {
	types := table(t,
		[]sub{structure(nil)},                                      // 0
		[]sub{structure(fields(field(ops.I32)), 0)},                // 1 <: 0
		[]sub{function(nil, nil)},                                  // 2
		[]sub{{Kind: module.Array, Fields: fields(field(ops.I8))}}, // 3
		[]sub{{Kind: module.Cont, Cont: 2}},                        // 4
		[]sub{shared(structure(nil))},                              // 5
	)
	sh := ops.HeapType.WithShared
	exact := func(i uint32) ops.HeapType { return ops.IndexHeap(i).WithExact() }
	index := ops.IndexHeap
	below := map[ops.HeapType][]ops.HeapType{ // what each matches, itself apart
		ops.HeapI31:        {ops.HeapEq, ops.HeapAny},
		ops.HeapEq:         {ops.HeapAny},
		ops.HeapStruct:     {ops.HeapEq, ops.HeapAny},
		ops.HeapArray:      {ops.HeapEq, ops.HeapAny},
		ops.HeapNone:       {ops.HeapEq, ops.HeapAny, ops.HeapI31, ops.HeapStruct, ops.HeapArray, index(0), index(1), index(3), exact(0), exact(1)},
		ops.HeapNoFunc:     {ops.HeapFunc, index(2)},
		ops.HeapNoExtern:   {ops.HeapExtern},
		ops.HeapNoExn:      {ops.HeapExn},
		ops.HeapNoCont:     {ops.HeapCont, index(4)},
		sh(ops.HeapI31):    {sh(ops.HeapAny)},
		sh(ops.HeapNone):   {sh(ops.HeapAny), sh(ops.HeapI31), index(5)},
		sh(ops.HeapNoFunc): nil,
		index(0):           {ops.HeapStruct, ops.HeapEq, ops.HeapAny},
		index(1):           {ops.HeapStruct, ops.HeapEq, ops.HeapAny, index(0)},
		exact(0):           {ops.HeapStruct, ops.HeapEq, ops.HeapAny, index(0)},
		exact(1):           {ops.HeapStruct, ops.HeapEq, ops.HeapAny, index(0), index(1)},
		index(2):           {ops.HeapFunc},
		index(3):           {ops.HeapArray, ops.HeapEq, ops.HeapAny},
		index(4):           {ops.HeapCont},
		index(5):           {sh(ops.HeapAny)},
		ops.HeapAny:        nil, ops.HeapFunc: nil, ops.HeapExtern: nil, ops.HeapExn: nil, ops.HeapCont: nil,
		sh(ops.HeapAny): nil,
	}
	for a, ups := range below {
		for b := range below {
			want := a == b
			for _, u := range ups {
				want = want || u == b
			}
			if got := types.MatchHeap(a, b); got != want {
				t.Errorf("MatchHeap(%v, %v) is %v", a, b, got)
			}
			if got := types.Match(a.Ref(), b.RefNull()); got != want {
				t.Errorf("Match(%v, %v) is %v", a.Ref(), b.RefNull(), got)
			}
			if types.Match(a.RefNull(), b.Ref()) {
				t.Errorf("Match(%v, %v) is true", a.RefNull(), b.Ref())
			}
		}
		is := is.New(t)
		is.True(types.MatchHeap(ops.HeapBot, a))
		is.True(types.Match(ops.Bot, a.Ref()))
		is.True(!types.Match(ops.I32, a.Ref()))
		is.True(!types.Match(a.Ref(), ops.I32))
		is.True(types.MatchHeap(a, types.Top(a)))
	}
}

func TestTypesDescribe(t *testing.T) {
	is := is.New(t)
	types := table(t,
		[]sub{function(vals(ops.I32, ops.FuncRef), vals(ops.I64))},
		[]sub{structure(fields(mutField(ops.I8), field(ref(0))))},
		[]sub{shared(sub{Kind: module.Array, Fields: fields(field(ops.F32))})},
		[]sub{{Kind: module.Cont, Cont: 0}},
	)
	is.Equal(types.Describe(0), "(func (param i32 funcref) (result i64))")
	is.Equal(types.Describe(1), "(struct (field (mut i8)) (field (ref 0)))")
	is.Equal(types.Describe(2), "(shared (array f32))")
	is.Equal(types.Describe(3), "(cont 0)")
}

func TestTypesAllow(t *testing.T) {
	tests := []struct {
		off  ops.Features
		bad  sub
		want string
	}{
		{ops.MultiValue, final(function(nil, vals(ops.I32, ops.I32))), "invalid result arity"},
		{ops.GC, final(function(vals(ref(0)), nil)), "unknown type 0"},
	}
	for _, tt := range tests {
		is := is.New(t)
		types := module.NewTypes()
		types.Allow(ops.Default &^ tt.off)
		var te *module.TypeError
		is.True(errors.As(types.AddGroup([]sub{tt.bad}), &te))
		is.True(strings.HasPrefix(te.Message, tt.want))
		is.Equal(te.Feature, tt.off)
		is.Equal(types.Need(), ops.Features(0)) // what was refused is not needed
		types.Allow(ops.Default)
		is.NoErr(types.AddGroup([]sub{tt.bad}))
		is.Equal(types.Need(), tt.off)
	}
}

func TestTypesNeed(t *testing.T) {
	is := is.New(t)
	types := table(t, []sub{function(vals(ops.I32), vals(ops.I32))}, []sub{function(vals(refNull(0)), nil)})
	is.Equal(types.Need(), ops.Features(0))
	is.NoErr(types.AddGroup([]sub{function(nil, vals(ops.I32, ops.I32))}))
	is.Equal(types.Need(), ops.MultiValue)
	is.NoErr(types.AddGroup([]sub{function(vals(refNull(3)), nil)})) // mentions itself
	is.Equal(types.Need(), ops.MultiValue|ops.GC)
}
