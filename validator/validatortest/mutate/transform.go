package mutate

import (
	"slices"
	"sort"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Keeps says how much of a verdict stays the same under a transformation. What is
// valid stays valid under all of them, unless it goes past a limit.
type Keeps uint8

const (
	// Valid says nothing of modules that are not valid.
	Valid Keeps = iota
	// Kind is kept: what is malformed stays malformed, what is invalid invalid.
	// What breaks several rules may get another one first.
	Kind
	// Message is kept, and everything else of the error but its place. Of what is
	// malformed only the kind is kept: the message says in which form it was written.
	Message
	// Error is kept, its place too, where [Transformed.Offset] knows it.
	Error
)

// Transformation is a change of modules that must not matter.
type Transformation struct {
	Name string // unique
	// Needs is what must be on for the changed module to mean the same.
	Needs ops.Features
	Keeps Keeps
	apply func(c Chooser, root *node)
}

// Transformations returns all transformations.
func Transformations() []Transformation {
	const wide = ops.MultiMemory | ops.Memory64 | ops.ReferenceTypes
	return []Transformation{
		{"custom sections", 0, Error, addCustoms},
		{"long integers", wide, Error, lengthen},
		{"long forms", wide | ops.BulkMemory | ops.FunctionReferences, Message, longForms},
		{"operators without effect", 0, Error, addNeutral},
		{"explicit groups", ops.GC, Message, groupTypes},
		{"locals apart", 0, Kind, splitLocals},
		{"functions in another order", 0, Kind, permuteFuncs},
		{"imports in another order", 0, Kind, permuteImports},
		{"segments in another order", 0, Kind, permuteSegments},
		{"exports in another order", 0, Kind, permuteExports},
		{"types twice", 0, Kind, duplicateTypes},
		{"unused locals", 0, Valid, addLocals},
		{"unused functions", 0, Valid, addFuncs},
	}
}

// Apply returns the module with the change in it, wherever and as often as c
// chooses; it may be unchanged. It reads the module as with all proposals on:
// without [ops.BulkMemory] that is right only if [Module.FirstStandard] says so.
func (t Transformation) Apply(c Chooser, wasm []byte) Transformed {
	root := parse(wasm)
	if t.apply != nil {
		t.apply(c, root)
		for _, n := range slices.Backward(root.all((*node).hasInt)) {
			n.fit() // sizes, counts and indices may have grown
		}
	}
	var r Transformed
	r.Wasm = root.append(nil, &r.pieces)
	sort.SliceStable(r.pieces, func(i, j int) bool { return r.pieces[i].from < r.pieces[j].from })
	return r
}

// Transformed is a module that was changed.
type Transformed struct {
	Wasm   []byte  // the module
	pieces []piece // by where they were
}

// Offset returns where the field lies that began at an offset of the module before
// the change; ok is false if nothing is known to have begun there, and between two
// sections, where one ends and another begins.
func (t Transformed) Offset(before int) (now int, ok bool) {
	end := sort.Search(len(t.pieces), func(i int) bool { return t.pieces[i].from > before })
	for i := end - 1; i >= 0; i-- {
		switch p := t.pieces[i]; {
		case p.empty:
		case p.edge && p.from == before:
			return 0, false
		case p.from == before || before < p.from+p.size:
			return p.to + before - p.from, true
		default:
			return 0, false
		}
	}
	return 0, false
}

// FirstStandard reports whether no segment of m begins with another number than 0.
// Without [ops.BulkMemory] such a number is the index of a table or memory, and what
// follows is read in another way.
func (m Module) FirstStandard() bool {
	for _, id := range []module.SectionID{module.SectionElement, module.SectionData} {
		list := items(m.root, id)
		if list == nil {
			continue
		}
		if slices.ContainsFunc(list.kids, func(s *node) bool { return s.kids[0].value != 0 }) {
			return false
		}
	}
	return true
}
