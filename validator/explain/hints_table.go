package explain

import (
	"fmt"
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// noteTable says which target of a long br_table the error is about: the text of
// the operator has the first ones only.
func (t *trace) noteTable() {
	label, ok := numberAfter(t.x.err.Message, "unknown label ")
	if d := t.x.d; !ok && d.Target != nil {
		label, ok = uint32(d.Target.Label), true
	}
	i := slices.Index(t.in.Labels, label)
	switch {
	case t.in.Op != ops.BrTable || !ok || len(t.in.Labels) <= maxTypes || i < 0:
	case i == len(t.in.Labels)-1:
		t.x.note(fmt.Sprintf("Label %d is the default of the `br_table`, its last.", label))
	default:
		t.x.note(fmt.Sprintf("Label %d is target %d of the `br_table`, counted from 0.", label, i))
	}
}

// hintTable looks for two labels of a br_table that take operands of different
// types: no operands fit both. It reports whether there are any.
func (a *attempt) hintTable() bool {
	if a.in.Op != ops.BrTable || a.x.d.Target == nil {
		return false
	}
	label := uint32(a.x.d.Target.Label)
	takes, ok := a.scope.label(label)
	if !ok {
		return false
	}
	seen := map[uint32]bool{label: true}
	for _, other := range a.in.Labels {
		if seen[other] || len(seen) > maxLabels {
			continue
		}
		seen[other] = true
		ts, ok := a.scope.label(other)
		if !ok || slices.Equal(ts, takes) || a.both(ts, takes) {
			continue
		}
		a.x.hint(Hint{
			Kind: HintBranchDepth, Offset: a.offset,
			Text: fmt.Sprintf("all labels of a `br_table` are given the same operands, and label %d takes %s, label %d %s",
				label, typesText(takes), other, typesText(ts)),
		})
		return true
	}
	return false
}

// both reports whether operands may fit both of two lists of types.
func (a *attempt) both(x, y []ops.ValType) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !a.scope.fits(x[i], y[i]) && !a.scope.fits(y[i], x[i]) && !(x[i].IsRef() && y[i].IsRef()) {
			return false
		}
	}
	return true
}
