package explain

import (
	"fmt"
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// beside yields the operators that in would be if its index were larger or smaller
// by one.
func beside(in *ops.Instr) [2]*ops.Instr {
	next, previous := *in, *in
	next.Index++
	previous.Index-- // the one before the first is beyond all
	return [2]*ops.Instr{&next, &previous}
}

// readBeside returns in, which reads a local or global, with the index of one
// beside it that is of the type wanted.
func (a *attempt) readBeside(in *ops.Instr, want ops.ValType) *ops.Instr {
	for _, other := range beside(in) {
		if t, ok := a.variable(other, false); ok && a.scope.fits(t, want) {
			return other
		}
	}
	return nil
}

// variable returns the type of the local or global that the operator reads or, if
// it is to be set, sets.
func (a *attempt) variable(in *ops.Instr, set bool) (t ops.ValType, ok bool) {
	switch in.Op.Row().Rule {
	case ops.RuleLocalGet, ops.RuleLocalSet, ops.RuleLocalTee:
		t, err := a.scope.LocalType(in.Index)
		return t, err == nil
	case ops.RuleGlobalGet, ops.RuleGlobalSet:
		if int64(in.Index) >= int64(a.scope.NumGlobals()) {
			return 0, false
		}
		g := a.scope.Global(in.Index)
		if set && !g.Mutable || a.constant() && g.Mutable {
			return 0, false
		}
		return g.Type, true
	}
	return 0, false
}

// hintBeside looks beside the index of the operator at fault for a local or global
// that takes what is there, or for a function that does and returns the same.
func (a *attempt) hintBeside() {
	for _, other := range beside(&a.in) {
		o := attempt{trace: a.trace}
		switch a.in.Op.Row().Rule {
		case ops.RuleLocalSet, ops.RuleLocalTee, ops.RuleGlobalSet:
			t, ok := a.variable(other, true)
			if !ok {
				continue
			}
			o.takes = list(t)
		case ops.RuleCall:
			var ok bool
			if o.takes, ok = a.scope.takes(other); !ok || !a.sameResults(a.in.Index, other.Index) {
				continue
			}
		default:
			return
		}
		if o.takes.len() == 0 || !o.fit(a.stack) {
			continue
		}
		a.x.hint(Hint{
			Kind: HintIndexRange, Offset: a.offset, Replace: instrText(other),
			Text: fmt.Sprintf("`%s` takes %s, which is there", instrText(other), o.takes.text()),
		})
		return
	}
}

// sameResults reports whether two functions, which there are, return the same.
func (a *attempt) sameResults(f, g uint32) bool {
	return slices.Equal(a.scope.types.Results(a.scope.FuncType(f)), a.scope.types.Results(a.scope.FuncType(g)))
}
