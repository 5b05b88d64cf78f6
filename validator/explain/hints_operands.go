package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// here names the operator at fault.
func (t *trace) here() string { return quoteOp(t.in.Op.Row().Name) }

// named names the operator at an offset, and where it is.
func (t *trace) named(offset int) string {
	in, ok := t.decode(offset)
	if !ok {
		return "the operator at " + hex(offset)
	}
	return quoteOp(cutText(instrText(in), textColumn)) + " at " + hex(offset)
}

// hintOperands says which change would make the operands fit.
func (t *trace) hintOperands() {
	a, ok := t.attempt()
	if !ok {
		return
	}
	if a.hintTable() {
		return
	}
	a.hintEarlier()
	a.hintSibling()
	a.hintSwapped()
	depth, want, wrong := a.wrong()
	if wrong {
		a.hintOrigin(depth, want)
		a.hintBeside()
	}
	a.hintBranch()
	if wrong {
		a.hintConversion(depth, want)
	}
	a.hintExtra()
	a.hintGet()
	a.hintMissing()
	a.hintBlockType()
}

// article puts an indefinite article in front of a type.
func article(t string) string {
	switch {
	case t == "f32", t == "f64", strings.HasPrefix(t, "i"), strings.HasPrefix(t, "a"), strings.HasPrefix(t, "e"):
		return "an " + t
	}
	return "a " + t
}

// hintBranch looks for another label whose types fit.
func (a *attempt) hintBranch() {
	row := a.in.Op.Row()
	if row.Rule != ops.RuleBr && row.Rule != ops.RuleBrIf {
		return
	}
	l := a.in.Index
	candidates := []uint32{l + 1, l - 1}
	for other := range uint32(min(a.scope.ControlStackHeight(), maxLabels)) {
		candidates = append(candidates, other)
	}
	for _, other := range candidates {
		ts, ok := a.scope.label(other)
		if other == l || !ok || len(ts) == 0 {
			continue
		}
		o := attempt{trace: a.trace, takes: operands{low: ts}}
		if row.Rule == ops.RuleBrIf {
			o.takes = o.takes.then(ops.I32)
		}
		if !o.fit(a.stack) {
			continue
		}
		in := a.in
		in.Index = other
		f := a.frame(int(other))
		a.x.hint(Hint{
			Kind: HintBranchDepth, Offset: a.offset, Replace: instrText(&in),
			Text: fmt.Sprintf("label %d, %s, takes %s, which is there: %s", other, blockName(f), f.Takes, quoteOp(instrText(&in))),
		})
		return
	}
}

// blockName names a block by its kind and place.
func blockName(f Frame) string {
	switch f.Kind {
	case "func":
		return "the function itself"
	case "expression":
		return "the expression"
	}
	return fmt.Sprintf("the %s at %s", f.Kind, hex(f.Offset))
}

// wrong finds the only operand of the wrong type, and the type that it should have.
func (a *attempt) wrong() (depth int, want ops.ValType, ok bool) {
	n := a.takes.len()
	if len(a.stack) < n || a.exact && len(a.stack) != n {
		return 0, 0, false
	}
	for d := range n {
		t := a.takes.at(n - 1 - d)
		if a.scope.fits(a.stack[len(a.stack)-1-d], t) {
			continue
		}
		if ok {
			return 0, 0, false
		}
		depth, want, ok = d, t, true
	}
	return depth, want, ok && want != anyType && want != anyRef && want != anyNumber
}

// text lists the types of the operands.
func (o *operands) text() string { return o.from(0, o.len()) }

// from lists the types of the operands from first up to last.
func (o *operands) from(first, last int) string {
	var ts []string
	for i := first; i < last; i++ {
		if len(ts) == maxTypes {
			ts = append(ts, fmt.Sprintf("… %d more", last-i))
			break
		}
		ts = append(ts, wantText(o.at(i)))
	}
	return "[" + strings.Join(ts, " ") + "]"
}
