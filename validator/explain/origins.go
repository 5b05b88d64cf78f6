package explain

import (
	"sort"

	"github.com/wasmstate/wasmstate/ops"
)

// origins remembers which operator pushed each operand of a stack. Operands that
// one operator pushed together are one run, so that an operator costs the same
// whatever it pushes. Where there are very many, those of the lower ones are forgotten.
type origins []run

// run is the origin of the operands from position start on, up to the next run.
type run struct {
	start  int // position on the operand stack, 0 being the lowest
	offset int // of the operator
	source int // of the operator that first pushed the value; -1 when not known
	block  int // where the block begins whose parameter or result it is; -1
}

// tracedPushes is up to how many operands that an operator takes and puts back
// keep their sources.
const tracedPushes = 8

// at returns the run of the operand at a position.
func (o origins) at(position int) (run, bool) {
	i := sort.Search(len(o), func(i int) bool { return o[i].start > position })
	if i == 0 {
		return run{}, false
	}
	return o[i-1], true
}

// source returns where the value at a position comes from.
func (o origins) source(position int) int {
	r, ok := o.at(position)
	switch {
	case !ok:
		return -1
	case r.source >= 0:
		return r.source
	}
	return r.offset
}

// push records that the operator at the offset has left the operands from the
// position low to the height high, and that there are no others above. Those
// that it has put back where it took them keep their source.
func (o *origins) push(low, high, offset, block int, putBack bool) {
	var sources [tracedPushes]int
	n := high - low
	traced := putBack && n <= tracedPushes
	if traced {
		for i := range n {
			sources[i] = o.source(low + i)
		}
	}
	runs := *o
	for len(runs) > 0 && runs[len(runs)-1].start >= low {
		runs = runs[:len(runs)-1]
	}
	switch {
	case n <= 0:
	case traced:
		for i := range n {
			runs = append(runs, run{low + i, offset, sources[i], block})
		}
	default:
		runs = append(runs, run{low, offset, -1, block})
	}
	if len(runs) >= 2*kept {
		runs = runs[:copy(runs, runs[len(runs)-kept:])]
	}
	*o = runs
}

// leavesNothing lists the rules after which the rest of the block is unreachable
// and its stack is empty.
var leavesNothing = [1 << 8]bool{
	ops.RuleUnreachable: true, ops.RuleBr: true, ops.RuleBrTable: true, ops.RuleReturn: true,
	ops.RuleReturnCall: true, ops.RuleReturnCallIndirect: true, ops.RuleReturnCallRef: true,
	ops.RuleThrow: true, ops.RuleThrowRef: true, ops.RuleRethrow: true,
}

// putsBack lists the rules that leave operands where they took them.
var putsBack = [1 << 8]bool{
	ops.RuleBlock: true, ops.RuleLoop: true, ops.RuleIf: true, ops.RuleTry: true, ops.RuleTryTable: true,
	ops.RuleEnd: true, ops.RuleDelegate: true, ops.RuleLocalTee: true, ops.RuleBrIf: true,
	ops.RuleBrOnNull: true, ops.RuleBrOnNonNull: true, ops.RuleRefAsNonNull: true,
	ops.RuleBrOnCast: true, ops.RuleBrOnCastFail: true, ops.RuleBrOnCastDesc: true, ops.RuleBrOnCastDescFail: true,
}
