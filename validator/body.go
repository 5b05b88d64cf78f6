package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// checkpoint is how many bytes of code are validated between two looks at
// whether the work is still wanted. The hot loop takes some 50 µs for them.
const checkpoint = 32 << 10

// errStopped reports that validation was abandoned from outside.
var errStopped = ops.ErrStopped

// body validates a whole function body: the local declarations, the operators
// and the final end, which must be where the bytes end. enterFunc comes before.
//
// When a rule is broken it goes on decoding to the end of the body: if the rest
// is malformed, so is the body, and that is the error.
func (c *checker) body(b *module.FuncBody) error {
	code, size, _, _ := b.Fields()
	pos := c.shortDeclarations(code[:size])
	if pos > 0 {
		pos = c.run(code, pos, size)
		if pos == size && c.finished() {
			return nil // as with most: the hot loop has served every operator
		}
	}
	c.decodeFrom(b, c.decls.HasDataCount)
	var err error
	if pos == 0 {
		pos, err = c.declarations(b)
	}
	if err == nil {
		err = c.expression(b, pos)
	}
	if err != nil && isInvalid(err) {
		if m := c.decodeRest(); m != nil {
			err = m
		}
	}
	if err == nil {
		c.need |= c.dec.Need() // and not that of an operator without its proposal
	}
	return err
}

// decodeBody decodes the body of the function at index and judges nothing.
func (c *checker) decodeBody(index uint32, b *module.FuncBody, hasDataCount bool) error {
	c.index, c.inFunc = index, true
	c.decodeFrom(b, hasDataCount)
	locals, err := b.Locals(c.features)
	for err == nil && locals.More() {
		_, err = locals.Next()
	}
	if err == nil {
		c.dec.Seek(locals.Pos())
		err = ops.SkipExpr(&c.dec)
	}
	if err != nil {
		return c.syntax(err)
	}
	return c.ended()
}

// decodeFrom points the decoder at the body.
func (c *checker) decodeFrom(b *module.FuncBody, hasDataCount bool) {
	code, size, offset, followed := b.Fields()
	c.dec.Reset(code[:size:size], offset, c.features)
	c.dec.StopAt(c.stop)
	if !hasDataCount {
		c.dec.RefuseData()
	}
	if followed {
		// What comes next can only have been meant as an operator.
		c.dec.SetEndOfExpr("END opcode expected")
	}
}

// declarations reads the local declarations in front of the operators, and returns
// their length in bytes.
//
// Specification: 5.5.13 "Code Section", locals.
func (c *checker) declarations(b *module.FuncBody) (pos int, err error) {
	locals, err := b.Locals(c.features)
	var wrong error // what a group breaks does not keep the next from being malformed
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err != nil || wrong != nil {
			continue
		}
		if e := c.defineLocals(g.Offset, g.Count, g.Type); e != nil {
			wrong = e
		}
	}
	if err != nil {
		return 0, c.syntax(err)
	}
	c.need |= locals.Need()
	c.dec.Seek(locals.Pos())
	return locals.Pos(), wrong
}

// shortDeclarations reads the local declarations at the start of code if they are
// like those of nearly every function: few, and of numbers. It returns their
// length in bytes, or 0 and has declared nothing.
func (c *checker) shortDeclarations(code []byte) int {
	if len(code) == 0 || code[0] > maxShortGroups || c.features&ops.Floats == 0 {
		return 0
	}
	groups := code[1:]
	n := 2 * int(code[0])
	if len(groups) < n {
		return 0
	}
	for i := 0; i < n; i += 2 {
		if groups[i]&0x80 != 0 || groups[i+1] < 0x7C || groups[i+1] > 0x7F {
			return 0
		}
	}
	if uint64(c.locals.Len())+uint64(code[0])*0x7F > uint64(c.limits.Locals) {
		return 0
	}
	for i := 0; i < n; i += 2 {
		c.locals.Declare(uint32(groups[i]), ops.ValType(0x80-groups[i+1]))
	}
	return 1 + n
}

// maxShortGroups is how many groups of locals shortDeclarations reads.
const maxShortGroups = 8

// expression validates the operators of the body from pos on, alternating between the
// rules, which know them all, and the hot loop, which serves the common ones and has
// come to pos already.
func (c *checker) expression(b *module.FuncBody, pos int) error {
	code, size, _, _ := b.Fields()
	if c.strict {
		code = code[:size] // a br_table would go on into what follows, and bring us here again
	}
	for look := 0; ; {
		if pos > size {
			// An operator reached beyond the body, into bytes that are not its
			// own. What is wrong with it shows when there are no such bytes.
			return c.expressionStrictly(b)
		}
		if pos >= look {
			if c.stopped() {
				return errStopped
			}
			look = pos + checkpoint
		}
		c.dec.Seek(pos)
		if c.finished() {
			return c.ended()
		}
		if err := c.step(); err != nil {
			return err
		}
		if pos = c.dec.Pos(); c.finished() {
			return c.ended()
		}
		limit := min(size, look)
		if c.strict {
			limit -= maxFastSize
		}
		pos = c.run(code, pos, limit)
	}
}

// expressionStrictly validates the body again, and leaves its last operators to
// the slow path, which reads nothing beyond it.
func (c *checker) expressionStrictly(b *module.FuncBody) error {
	c.strict = true
	defer func() { c.strict = false }()
	c.enterFunc(c.index, c.typeIdx, b.Offset())
	c.decodeFrom(b, c.decls.HasDataCount)
	pos, err := c.declarations(b)
	if err != nil {
		return err
	}
	return c.expression(b, pos)
}

// step decodes the operator at which the decoder stands and applies its rule.
// When the rule is broken the decoder stands at the operator again.
func (c *checker) step() error {
	offset, pos := c.dec.Offset(), c.dec.Pos()
	in := &c.alloc.Instr
	if err := c.dec.Next(in); err != nil {
		return c.syntax(err)
	}
	if err := c.apply(offset, in); err != nil {
		c.dec.Seek(pos)
		return err
	}
	if need := (c.need | c.dec.Need()) & c.features; need != c.seen {
		c.see(need)
	}
	return nil
}

// see records that the body has been found to need the features. The hot loop
// does not record what it meets, so it serves the operators of a feature only
// once the feature is known to be needed: the first of them comes here.
func (c *checker) see(need ops.Features) {
	need &= c.features // the hot loop asks no other set
	if need != c.seen || c.seenFast == nil {
		c.seen, c.seenFast = need, chooseFastTable(need|c.features&ops.Floats, c.memory0)
	}
	fast := c.seenFast
	if c.inSharedFunc() {
		fast = fastNone // the hot loop does not ask what is shared
	}
	if c.fast != fast { // a pointer is dear to write while garbage is collected
		c.fast = fast
	}
}

// syntax turns a decoding error into that of the current function.
func (c *checker) syntax(err error) error {
	err = fromSyntax(err)
	if e, ok := err.(*Error); ok && c.inFunc {
		e.Func = int(c.index)
	}
	return err
}

// decodeRest decodes the rest of the body after an invalid operator, and returns
// the error that makes it malformed, if there is one.
func (c *checker) decodeRest() error {
	open := make([]ops.Op, 0, len(c.frames))
	for _, f := range c.frames[1:] {
		open = append(open, f.Kind.Op())
	}
	if err := ops.SkipExprWithin(&c.dec, open); err != nil {
		return c.syntax(err)
	}
	return c.ended()
}

// ended checks that the body ends where its expression does.
func (c *checker) ended() error {
	if rest := c.dec.Len(); rest != 0 {
		c.offset = c.dec.Offset()
		return c.plainError(Malformed, "section size mismatch: %s after the end of the function", quantity(rest, "byte"))
	}
	return nil
}
