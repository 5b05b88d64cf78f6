package explain

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// hintGet looks for a variable that is set where there is nothing to set it to.
func (a *attempt) hintGet() {
	get := map[ops.Op]ops.Op{ops.LocalSet: ops.LocalGet, ops.LocalTee: ops.LocalGet, ops.GlobalSet: ops.GlobalGet}
	op, ok := get[a.in.Op]
	if !ok || len(a.stack) > 0 || a.x.hinted(HintSetForTee) {
		return
	}
	text := instrText(withOp(&a.in, op))
	a.x.hint(Hint{
		Kind: HintGetForSet, Offset: a.offset, Replace: text,
		Text: fmt.Sprintf("there is nothing on the stack to set it to; `%s` would push its value", text),
	})
}

// hintMissing says that operands are missing.
func (a *attempt) hintMissing() {
	n := a.takes.len()
	if len(a.stack) >= n {
		return
	}
	f, _ := a.scope.ControlFrame(0)
	text := fmt.Sprintf("%s takes %s, and there %s on the stack", a.here(), count(n, "operand"), is(len(a.stack)))
	switch {
	case a.exact:
		text = fmt.Sprintf("%s must leave %s, and there %s on the stack", a.blockHere(), a.takes.text(), is(len(a.stack)))
	case a.in.Op == ops.Drop:
		text = "there is nothing to drop on the stack"
	}
	more := false // than the text says under the operator
	if n, rest := len(a.stack), a.takes.len(); n > 0 && a.lowest(n) {
		more = true
		text += fmt.Sprintf("; it fits the lowest of them, so that what is missing is on top: %s", a.takes.from(n, rest))
	}
	if f.Height > 0 && f.Kind != state.FrameFunc {
		more = true
		text += fmt.Sprintf(" of the %v; the %s below %s out of its reach", f.Kind, count(int(f.Height), "operand"), map[bool]string{true: "is", false: "are"}[f.Height == 1])
	}
	if more || len(a.x.d.Hints) == 0 {
		a.x.hint(Hint{Kind: HintMissingOperand, Offset: a.offset, Text: text})
	}
}

// lowest reports whether the n operands on the stack fit the lowest that are
// wanted, and not the topmost.
func (a *attempt) lowest(n int) bool {
	top := true
	for i, t := range a.stack {
		if !a.scope.fits(t, a.takes.at(i)) {
			return false
		}
		top = top && a.scope.fits(t, a.takes.at(a.takes.len()-n+i))
	}
	return !top
}

// is says how many there are.
func is(n int) string {
	switch n {
	case 0:
		return "is none"
	case 1:
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}

// blockHere names the innermost block.
func (a *attempt) blockHere() string { return blockName(a.frame(0)) }

// hintBlockType says which type of the block would fit what it leaves.
func (a *attempt) hintBlockType() {
	b, open := a.blocks.label(0)
	if !a.exact || !open || len(a.stack) > 1 {
		return
	}
	in, ok := a.decode(b.offset)
	if !ok || b.divided > 0 { // what the first arm has left fits the type
		return
	}
	if _, indexed := in.Block.Index(); indexed {
		return
	}
	other := *in
	other.Block = 0
	leaves := "nothing"
	if len(a.stack) == 1 {
		if !a.stack[0].IsValue() {
			return // nobody can write the type
		}
		if in.Op == ops.If && a.in.Op == ops.End {
			return // without an else it cannot leave anything
		}
		other.Block = ops.BlockResult(a.stack[0])
		leaves = article(a.stack[0].String())
	}
	a.x.hint(Hint{
		Kind: HintBlockType, Offset: b.offset, Replace: instrText(&other),
		Text: fmt.Sprintf("%s leaves %s: `%s` at %s would say so", a.blockHere(), leaves, instrText(&other), hex(b.offset)),
	})
}
