package explain

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
)

// hintEarlier looks for an operator before that one at fault that took away, or
// left, one operand too many.
func (a *attempt) hintEarlier() {
	open := a.blocks.depth()
	low := a.scope.OperandStackHeight()
	for n := 1; ; n++ {
		s, ok := a.back(n)
		if !ok || s.blocks < open || s.blocks == open && s.depth < open {
			return // the block begins here
		}
		if s.depth == open && s.blocks == open {
			a.hintStep(s, low)
		}
		low = min(low, s.before, s.after)
	}
}

// hintStep looks at one operator of the same block. Since then the stack was
// never below the height low.
func (a *attempt) hintStep(s step, low int) {
	in, ok := a.decode(s.offset)
	if !ok {
		return
	}
	i := s.after - a.base
	switch in.Op.Row().Rule {
	case ops.RuleLocalSet:
		t, err := a.scope.LocalType(in.Index)
		if a.in.Op == ops.Drop { // a tee and a drop are a set
			return
		}
		if err != nil || i < 0 || s.after > low || i > len(a.stack) || a.x.hinted(HintSetForTee) || !a.fit(a.with(i, t)) {
			return
		}
		a.x.hint(Hint{
			Kind: HintSetForTee, Offset: s.offset, Replace: instrText(withOp(in, ops.LocalTee)),
			Text: fmt.Sprintf("%s takes its operand away; `local.tee %d` would leave it for %s", a.named(s.offset), in.Index, a.here()),
		})
	case ops.RuleDrop:
		if i < 0 || s.after > low || i > len(a.stack) || !a.fit(a.with(i, s.dropped)) {
			return
		}
		a.x.hint(Hint{
			Kind: HintMissingOperand, Offset: s.offset,
			Text: fmt.Sprintf("the `drop` at %s takes away the %v that %s wants", hex(s.offset), s.dropped, a.here()),
		})
	case ops.RuleLocalTee:
		r, found := a.origins.at(s.after - 1)
		if i--; i < 0 || i >= len(a.stack) || !found || r.offset != s.offset || !a.fit(a.without(i)) {
			return
		}
		a.hintTeeAt(s.offset, in)
	}
}

// withOp returns in as another operator.
func withOp(in *ops.Instr, op ops.Op) *ops.Instr {
	other := *in
	other.Op = op
	return &other
}
