package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// hintExtra looks for an operand that is in the way.
func (a *attempt) hintExtra() {
	if a.exact && len(a.stack) > a.takes.len() {
		a.hintDropRest()
		return
	}
	if a.constant() {
		return // where nothing can be dropped
	}
	for depth := range min(len(a.stack), a.takes.len()) {
		i := len(a.stack) - 1 - depth
		if !a.fit(a.without(i)) {
			continue
		}
		h := Hint{Kind: HintMissingDrop, Offset: a.offset}
		what := fmt.Sprintf("the %v on the stack", a.stack[i])
		if r, ok := a.origins.at(a.base + i); ok {
			what = fmt.Sprintf("the %v of %s", a.stack[i], a.named(r.offset))
			h.Offset = r.offset
		}
		if depth == 0 {
			h.Offset, h.Insert = a.offset, "drop"
		}
		h.Text = fmt.Sprintf("without %s the operands would fit; is a `drop` missing?", what)
		a.x.hint(h)
		return
	}
}

// hintDropRest says how to get rid of what is left at the end of a block.
func (a *attempt) hintDropRest() {
	n := len(a.stack) - a.takes.len()
	if a.constant() {
		a.x.hint(Hint{Kind: HintMissingDrop, Offset: a.offset, Text: fmt.Sprintf(
			"a constant expression leaves one value, and these are %d; there is no `drop` in it", len(a.stack))})
		return
	}
	a.hintTee()
	below := a.stack[:a.takes.len()]
	if len(below) > 0 && a.fit(a.stack[n:]) {
		h := Hint{Kind: HintMissingDrop, Offset: a.offset}
		h.Text = fmt.Sprintf("nothing takes %s below the results", typesText(a.stack[:n]))
		if r, ok := a.behind(a.base + n - 1); ok {
			h.Offset = r.offset
			h.Text = fmt.Sprintf("nothing takes the %v of %s; a `drop` behind it would", a.stack[n-1], a.named(r.offset))
		}
		a.x.hint(h)
		return
	}
	if !a.fit(below) {
		return
	}
	drops := strings.TrimSuffix(strings.Repeat("drop ", min(n, 8)), " ")
	h := Hint{Kind: HintMissingDrop, Offset: a.offset}
	if n <= 8 {
		h.Insert = drops
	}
	h.Text = fmt.Sprintf("%s left over; `%s` in front of %s would take it away", leftOver(a.stack[len(below):]), drops, a.here())
	if n > 1 {
		h.Text = fmt.Sprintf("%s left over; a `drop` for each in front of %s would take them away", leftOver(a.stack[len(below):]), a.here())
	}
	a.x.hint(h)
}

// hintTee looks for a local.tee among the operators that pushed what is left over.
func (a *attempt) hintTee() {
	for i := len(a.stack) - 1; i >= 0; i-- {
		r, found := a.origins.at(a.base + i)
		if !found {
			return
		}
		in, ok := a.decode(r.offset)
		if ok && in.Op == ops.LocalTee && a.fit(a.without(i)) {
			a.hintTeeAt(r.offset, in)
		}
	}
}

// hintTeeAt says that a local.tee leaves one operand too many.
func (a *attempt) hintTeeAt(offset int, in *ops.Instr) {
	a.x.hint(Hint{
		Kind: HintTeeForSet, Offset: offset, Replace: instrText(withOp(in, ops.LocalSet)),
		Text: fmt.Sprintf("%s leaves its operand on the stack; `local.set %d` would take it away", a.named(offset), in.Index),
	})
}

// leftOver says what is left over.
func leftOver(ts []ops.ValType) string {
	if len(ts) == 1 {
		return article(ts[0].String()) + " is"
	}
	return typesText(ts) + " are"
}

// hintSwapped looks for two operands that stand in each other's place.
func (a *attempt) hintSwapped() {
	n := a.takes.len()
	if n < 2 || n > 8 || len(a.stack) < n {
		return
	}
	first := len(a.stack) - n
	for i := first; i < len(a.stack); i++ {
		for j := i + 1; j < len(a.stack); j++ {
			swapped := slices.Clone(a.stack)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			if a.fit(swapped) {
				a.x.hint(Hint{
					Kind: HintSwappedOperands, Offset: a.offset,
					Text: fmt.Sprintf("operands %d and %d of %s fit in each other's place: were they pushed in the wrong order?", i-first+1, j-first+1, a.here()),
				})
				return
			}
		}
	}
}
