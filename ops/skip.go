package ops

// SkipExpr decodes the rest of an expression, up to and including the end that
// closes it, and checks nothing but that it is well-formed: every operator, and
// how the structured ones nest. The error is a [*SyntaxError], or [ErrStopped].
//
// It is what a validator runs after it has found an invalid operator, because a
// module that is malformed anywhere is not invalid but malformed.
func SkipExpr(d *Decoder) error { return SkipExprWithin(d, nil) }

// SkipExprWithin is [SkipExpr] for a decoder that stands in the middle of an
// expression. The operators that opened the blocks around it are given, the
// innermost last: a block after its else, its catch or its catch_all is given
// as that operator. The expression itself is not among them.
func SkipExprWithin(d *Decoder, open []Op) error {
	s := skipper{open: make([]Rule, 0, len(open)+16)}
	for _, op := range open {
		if row := op.Row(); row != nil {
			s.open = append(s.open, row.Rule)
		}
	}
	var in Instr
	for n := 0; !s.done; n++ {
		if n%skipCheck == 0 && d.Stopped() {
			return ErrStopped
		}
		offset := d.Offset()
		if err := d.Next(&in); err != nil {
			return err
		}
		row := in.Op.Row()
		if !s.step(row) {
			return &SyntaxError{Offset: offset, Message: Misplaced(row.Op), Op: row.Op, InOp: true}
		}
	}
	return nil
}

// skipCheck is how many operators are decoded between two looks at whether that
// is still wanted.
const skipCheck = 4096

// skipper follows how the structured operators of an expression nest.
type skipper struct {
	open []Rule // of the operators that opened, or last divided, each block
	done bool   // the expression has ended
}

// step takes the next operator; false means that it may not stand here.
//
// Specification: 5.4.2 "Control Instructions".
func (s *skipper) step(row *Row) bool {
	switch row.Rule {
	case RuleBlock, RuleLoop, RuleIf, RuleTry, RuleTryTable:
		s.open = append(s.open, row.Rule)
	case RuleElse:
		return s.divide(RuleElse, RuleIf, RuleIf)
	case RuleCatch:
		return s.divide(RuleCatch, RuleTry, RuleCatch)
	case RuleCatchAll:
		return s.divide(RuleCatchAll, RuleTry, RuleCatch)
	case RuleDelegate:
		if !s.divide(RuleDelegate, RuleTry, RuleTry) {
			return false
		}
		s.close()
	case RuleEnd:
		s.close()
	}
	return true
}

// divide makes by the operator that last divided the innermost block, which
// must be one that a or b opened or divided.
func (s *skipper) divide(by, a, b Rule) bool {
	n := len(s.open) - 1
	if n < 0 || s.open[n] != a && s.open[n] != b {
		return false
	}
	s.open[n] = by
	return true
}

// close ends the innermost block, or the expression.
func (s *skipper) close() {
	if len(s.open) == 0 {
		s.done = true
		return
	}
	s.open = s.open[:len(s.open)-1]
}

// Misplaced returns the message about an operator that divides or ends a block,
// where the block is none that it could divide: an else, a catch, a catch_all or
// a delegate. An else there is where the grammar has nothing but an end.
func Misplaced(op Op) string {
	if op == Else {
		return "END opcode expected: an else must follow the first part of an if"
	}
	return "illegal opcode " + op.code() + ": " + op.String() + " must follow the body of a try"
}
