package validator

import (
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// top returns the innermost control frame.
func (c *checker) top() *state.Frame { return &c.frames[len(c.frames)-1] }

// push puts an operand of type t on the stack.
func (c *checker) push(t ops.ValType) { c.operands = append(c.operands, t) }

// cut makes the stack that many operands high, no more than it was. Whatever takes
// operands off the stack goes through it, the hot loop included.
func (c *checker) cut(height int) {
	c.operands = c.operands[:height]
	if height < c.segments.low {
		c.segments.low = height
	}
}

// pushAll puts operands of the types ts on the stack, the last on top. Only
// here can an operator of a few bytes push a thousand operands, so here the
// height is limited.
func (c *checker) pushAll(ts []ops.ValType) error {
	if err := c.room(len(c.operands), ts); err != nil {
		return err
	}
	n := len(ts) + len(c.operands)
	if n > cap(c.operands) {
		// Seldom: there may be many millions to be moved.
		c.operands = append(make([]ops.ValType, 0, 2*n), c.operands...)
	}
	c.operands = append(c.operands, ts...)
	if len(ts) >= longList {
		c.onStack(ts, n-len(ts))
	}
	return nil
}

// room checks that the limit lets the types ts be pushed on a stack of the height.
func (c *checker) room(height int, ts []ops.ValType) error {
	n, code := height+len(ts), max(0, c.offset-c.start)
	if len(ts) > 1 && n-code > c.limits.Operands {
		return c.opError(Limit, 0, "operand stack of %d exceeds the limit of %d", n, int64(c.limits.Operands)+int64(code))
	}
	return nil
}

// pop takes an operand that must match the type want.
func (c *checker) pop(want ops.ValType) error {
	n := len(c.operands) - 1
	if n >= int(c.top().Height) && c.operands[n] == want {
		c.cut(n)
		return nil
	}
	return c.popMatching(want)
}

// popMatching is pop for the cases that are not plain equality: subtypes, the
// polymorphic stack of unreachable code, and errors.
func (c *checker) popMatching(want ops.ValType) error {
	got, ok := c.peek(0)
	if !ok || !c.types.Match(got, want) {
		return c.mismatch(want)
	}
	c.drop(1)
	return nil
}

// popAny takes an operand of any type; ops.Bot from a polymorphic stack.
func (c *checker) popAny() (ops.ValType, error) {
	t, ok := c.peek(0)
	if !ok {
		return ops.Bot, c.invalid("type mismatch: instruction requires an operand but stack has []")
	}
	c.drop(1)
	return t, nil
}

// popRef takes an operand of any reference type. From a polymorphic stack it
// is the bottom reference, which is not nullable.
func (c *checker) popRef() (ops.ValType, error) {
	t, ok := c.peek(0)
	switch {
	case !ok || t != ops.Bot && !t.IsRef():
		return t, c.invalid("type mismatch: instruction requires [ref] but stack has %s", c.stackText(1))
	case t == ops.Bot:
		t = ops.HeapBot.Ref()
	}
	c.drop(1)
	return t, nil
}

// peek returns the type of the operand at depth from the top of the current
// frame; ok is false when there is none and the frame is reachable.
func (c *checker) peek(depth int) (t ops.ValType, ok bool) {
	f := c.top()
	i := len(c.operands) - 1 - depth
	if i >= int(f.Height) {
		return c.operands[i], true
	}
	return ops.Bot, f.Unreachable
}

// drop takes n operands off the stack, as many of them as are there: the rest
// are those that a polymorphic stack would have yielded.
func (c *checker) drop(n int) {
	c.cut(max(len(c.operands)-n, int(c.top().Height)))
}

// popAll takes operands that must match the types want, the last of which is on
// top.
func (c *checker) popAll(want []ops.ValType) error {
	if err := c.matchTop(want); err != nil {
		return err
	}
	c.drop(len(want))
	return nil
}

// matchTop checks that the operands on top of the stack match the types want,
// and leaves them there.
func (c *checker) matchTop(want []ops.ValType) error {
	have, rest, ok := c.topmost(want)
	if !ok || c.compareTop(have, rest) == different {
		return c.mismatch(rest...)
	}
	return nil
}

// retype pops operands that match the types and pushes the types themselves:
// what an operand's more precise type was is forgotten.
func (c *checker) retype(ts []ops.ValType) error {
	if len(ts) == 0 {
		return nil
	}
	have, rest, ok := c.topmost(ts)
	if !ok {
		return c.mismatch(rest...)
	}
	switch r := c.compareTop(have, rest); {
	case r == different:
		return c.mismatch(rest...)
	case r == equal && len(rest) == len(ts):
		return nil
	}
	c.drop(len(ts))
	return c.pushAll(ts)
}

// popEach is popAll for a few types that are no list of the table of types.
func (c *checker) popEach(types ...ops.ValType) error {
	have, want, ok := c.topmost(types)
	if !ok || c.comparePairs(have, want) == different {
		return c.mismatch(want...)
	}
	c.drop(len(types))
	return nil
}

// topmost returns the operands on top of the stack that must match the types
// want, and these types, without those that a polymorphic stack yields; ok is
// false when the stack has too few.
func (c *checker) topmost(want []ops.ValType) (have, rest []ops.ValType, ok bool) {
	f := c.top()
	have = c.operands[f.Height:]
	switch n := len(have) - len(want); {
	case n >= 0:
		return have[n:], want, true
	case f.Unreachable:
		return have, want[-n:], true
	}
	return nil, want, false
}

// unreachable makes the rest of the current block unreachable: its operands are
// gone and its stack is polymorphic (specification 7.5, unreachable).
func (c *checker) unreachable() {
	f := c.top()
	c.cut(int(f.Height))
	f.Unreachable = true
}

// mismatch returns the error for an operator that wants the types on top of the
// stack, the last on top, and does not find them.
func (c *checker) mismatch(want ...ops.ValType) error {
	return c.invalid("type mismatch: instruction requires %s but stack has %s", typesText(want), c.stackText(len(want)))
}

// mismatchAt is mismatch for an operator that has taken some of its operands
// already: the stack was height high before it.
func (c *checker) mismatchAt(height int, want []ops.ValType) error {
	c.operands = c.operands[:height]
	return c.mismatch(want...)
}

// stackText lists the topmost n operands of the current frame, or all if there
// are fewer.
func (c *checker) stackText(n int) string {
	have := c.operands[c.top().Height:]
	return typesText(have[max(0, len(have)-n):])
}

// textTypes is how many types of a long list an error message shows.
const textTypes = 10

// typesText writes a list of types as the specification does: "[i32 i64]".
func typesText(ts []ops.ValType) string {
	var b strings.Builder
	b.WriteByte('[')
	if len(ts) > textTypes {
		b.WriteString("… ")
		ts = ts[len(ts)-textTypes:]
	}
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.String())
	}
	b.WriteByte(']')
	return b.String()
}
