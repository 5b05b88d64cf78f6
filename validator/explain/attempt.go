package explain

import (
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// attempt is the operator at fault with the operands that it finds, for trying
// what would make them fit.
type attempt struct {
	*trace
	takes operands
	stack []ops.ValType // of the innermost block, the lowest first; no more than needed
	base  int           // height of the operand stack below them
	exact bool          // there may be no others: the end of a block
}

// tryStack is how many operands an attempt looks at.
const tryStack = 64

// attempt returns the attempt; ok is false when the operands are not at fault, or
// are too many to try.
func (t *trace) attempt() (a attempt, ok bool) {
	if t.x.d.Want == nil || t.scope == nil {
		return a, false
	}
	takes, known := t.scope.takes(&t.in)
	f, err := t.scope.ControlFrame(0)
	if !known || err != nil || takes.len() > tryStack {
		return a, false
	}
	a = attempt{trace: t, takes: takes, exact: t.ends()}
	height := t.scope.OperandStackHeight()
	n := height - int(f.Height)
	if a.exact && n > tryStack || f.Unreachable && n < takes.len() {
		return a, false // what a polymorphic stack yields is not to be guessed
	}
	a.base = height - min(n, tryStack)
	for depth := min(n, tryStack) - 1; depth >= 0; depth-- {
		typ, _ := t.scope.OperandType(depth)
		a.stack = append(a.stack, typ)
	}
	return a, true
}

// fit reports whether the operator would take the operands.
func (a *attempt) fit(stack []ops.ValType) bool {
	n := a.takes.len()
	if len(stack) < n || a.exact && len(stack) != n {
		return false
	}
	stack = stack[len(stack)-n:]
	for i, t := range stack {
		if !a.scope.fits(t, a.takes.at(i)) {
			return false
		}
	}
	return true
}

// with returns the stack with an operand put in at index i.
func (a *attempt) with(i int, t ops.ValType) []ops.ValType {
	return slices.Insert(slices.Clone(a.stack), i, t)
}

// without returns the stack without the operand at index i.
func (a *attempt) without(i int) []ops.ValType {
	return slices.Delete(slices.Clone(a.stack), i, i+1)
}

// constant reports whether the operator at fault is in a constant expression.
func (t *trace) constant() bool { return t.x.d.Func == nil }

// allows reports whether the operator of the row may stand where the one at fault
// does.
func (t *trace) allows(r *ops.Row) bool {
	f := t.scope.features
	return f.Has(r.Feature) && (!t.constant() || r.Const && f.Has(r.ConstFeature))
}
