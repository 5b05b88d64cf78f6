package explain

import (
	"errors"
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// recent is how many operators before the one at fault are remembered.
const recent = 48

// step is one operator that was passed.
type step struct {
	offset int
	depth  int // blocks around it
	before int // height of the operand stack
	after  int
	blocks int // open blocks after it

	dropped ops.ValType // what a drop took
}

// trace is a walk through a function body up to the operator at fault.
type trace struct {
	x     *explainer
	scope *scope // nil from where the operators could not be validated
	body  module.FuncBody
	dec   *ops.Decoder

	steps   [recent]step
	count   int // of operators before the one at fault
	blocks  nesting
	origins origins
	ended   int // where the final end is; -1 before it
	broken  int // the operator from which on scope is nil; 0 for the locals

	// The operator at fault.
	found  bool // there is one: neither the locals nor the end of the body is at fault
	offset int
	in     ops.Instr
	read   bool // it was decoded
	next   int  // where the operator after it begins
}

// explainBody explains an error in a function body.
func (x *explainer) explainBody() {
	b, number, ok := bodyAt(x.wasm, x.err.Offset)
	if !ok {
		x.d.Func = &Func{Index: x.err.Func, TypeIdx: -1, Operator: -1}
		x.note("The function is not where the error says it is.")
		return
	}
	x.withFunc(number, b, func(s *scope) {
		t := &trace{x: x, scope: s, body: b, ended: -1}
		x.describeFunc(s, b)
		if t.locals() {
			t.walk()
			t.describe(s)
		}
	})
}

// locals reads the local declarations; it returns false when they are at fault.
func (t *trace) locals() bool {
	t.dec = ops.NewDecoder(t.body.Bytes(), t.body.Offset(), t.x.bodyFeatures(t.scope))
	groups, err := t.body.Locals(t.dec.Features())
	for n := 0; err == nil && groups.More(); n++ {
		var g module.LocalGroup
		g, err = groups.Next()
		at := t.x.err.Offset
		if err != nil || at >= g.Offset && at < t.body.Offset()+groups.Pos() {
			t.x.d.Item = &Item{What: localsGroup, Number: n, Index: -1, Offset: g.Offset, Field: localsField(g, at)}
			return false
		}
		if t.scope != nil && t.scope.DefineLocals(g.Offset, g.Count, g.Type) != nil {
			t.scope = nil
		}
	}
	if err != nil {
		t.x.d.Item = &Item{What: wholeLocals, Index: -1, Offset: t.body.Offset(), Field: "number of groups"}
		return false
	}
	t.dec.Seek(groups.Pos())
	return true
}

// localsField says which part of a group of locals lies at the offset.
func localsField(g module.LocalGroup, offset int) string {
	if g.TypeOffset != 0 && offset >= g.TypeOffset {
		return "type"
	}
	return "number of locals"
}

// walk goes to the operator at fault, which it does not apply.
func (t *trace) walk() {
	at := t.x.err.Offset
	for t.dec.Len() > 0 {
		t.offset = t.dec.Offset()
		err := t.dec.Next(&t.in)
		t.next = t.dec.Offset()
		if err != nil || at >= t.offset && at < t.next {
			t.found, t.read = true, err == nil
			return
		}
		if t.offset > at {
			return // the error is about something else
		}
		t.pass()
	}
	t.offset, t.next = t.dec.Offset(), t.dec.Offset()
}

// pass applies an operator that is not at fault.
func (t *trace) pass() {
	row := t.in.Op.Row()
	s := step{offset: t.offset, depth: depthOf(row.Rule, t.blocks.depth())}
	if t.scope != nil {
		t.apply(&s, row)
	}
	t.nest(row.Rule)
	s.blocks = t.blocks.depth()
	t.steps[t.count%recent] = s
	t.count++
}

// apply validates the operator and records what it leaves on the stack.
func (t *trace) apply(s *step, row *ops.Row) {
	sc := t.scope
	s.before = sc.OperandStackHeight()
	frame, err := sc.ControlFrame(0)
	low, known := 0, err == nil
	nothing := leavesNothing[row.Rule]
	if known && !nothing {
		takes, ok := sc.takes(&t.in)
		known = ok
		low = max(s.before-takes.len(), int(frame.Height))
	}
	if row.Rule == ops.RuleDrop {
		s.dropped, _ = sc.operand(0)
	}
	if sc.Op(s.offset, &t.in) != nil {
		t.scope, t.broken = nil, s.offset
		return
	}
	s.after = sc.OperandStackHeight()
	if nothing || !known {
		low = s.after
	}
	block := -1
	switch row.Rule {
	case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable:
		block = s.offset
	case ops.RuleElse, ops.RuleEnd, ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
		block = t.body.Offset() + int(frame.Start)
		if t.ended < 0 && sc.ControlStackHeight() == 0 {
			t.ended = s.offset
		}
	}
	whole := s.before-int(frame.Height) >= s.after-low // nothing came from a polymorphic stack
	t.origins.push(low, s.after, s.offset, block, putsBack[row.Rule] && whole)
}

// depthOf is how many blocks are open around an operator of the rule, when open
// are before it.
func depthOf(r ops.Rule, open int) int {
	switch r {
	case ops.RuleElse, ops.RuleEnd, ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
		return max(open-1, 0)
	}
	return open
}

// nest follows the blocks.
func (t *trace) nest(r ops.Rule) {
	switch r {
	case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable:
		t.blocks.open(block{offset: t.offset, op: t.in.Op})
	case ops.RuleElse, ops.RuleCatch, ops.RuleCatchAll:
		if b, ok := t.blocks.label(0); ok {
			b.divided, b.op = t.offset, t.in.Op
		}
	case ops.RuleEnd, ops.RuleDelegate:
		if !t.blocks.close() && t.ended < 0 {
			t.ended = t.offset
		}
	}
}

// back returns the operator n steps before the one at fault, 1 being the one just
// before it.
func (t *trace) back(n int) (step, bool) {
	if n > t.count || n > recent {
		return step{}, false
	}
	return t.steps[(t.count-n)%recent], true
}

// describe fills the diagnosis with what the walk has found. The scope is that of
// the beginning, for the names of things.
func (t *trace) describe(s *scope) {
	d := t.x.d
	d.Traced = t.scope != nil
	if t.found {
		op := t.operator(t.offset, t.depth())
		op.Fault = true
		d.Op = &op
		if d.Func != nil {
			d.Func.Operator = t.count
		}
	}
	t.list()
	if t.scope != nil {
		t.frames()
		t.stack()
		if t.found && t.read {
			t.compare()
		}
	} else {
		t.blockFrames()
		if s != nil && t.x.err.Kind == validator.Malformed {
			t.noteBroken()
		}
	}
	t.hints()
}

// noteBroken says from where on the operand stack is not known.
func (t *trace) noteBroken() {
	if t.broken == 0 {
		t.x.note("The local declarations break a rule, too; the operand stack is not known.")
		return
	}
	t.x.note(fmt.Sprintf("%s breaks a rule, too; from there on the operand stack is not known.", t.named(t.broken)))
}

// depth is how many blocks are open around the operator at fault.
func (t *trace) depth() int {
	if t.read {
		return depthOf(t.in.Op.Row().Rule, t.blocks.depth())
	}
	return t.blocks.depth()
}

// list fills the listing.
func (t *trace) list() {
	d := t.x.d
	for n := min(around, t.count); n > 0; n-- {
		s, _ := t.back(n)
		d.Listing = append(d.Listing, t.operator(s.offset, s.depth))
	}
	if !t.found {
		d.Listing = append(d.Listing, Operator{Offset: t.offset, Text: "the end of the body", Depth: t.blocks.depth(), Fault: true, Unread: true})
		return
	}
	d.Listing = append(d.Listing, *d.Op)
	if !t.read {
		return
	}
	depth := t.blocks.depth()
	follow := func(r ops.Rule) {
		switch r {
		case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable:
			depth++
		case ops.RuleEnd, ops.RuleDelegate:
			depth = max(depth-1, 0)
		}
	}
	follow(t.in.Op.Row().Rule)
	dec := ops.NewDecoder(t.body.Bytes(), t.body.Offset(), t.dec.Features())
	dec.Seek(t.next - t.body.Offset())
	var in ops.Instr
	for range around {
		offset := dec.Offset()
		if dec.Len() == 0 {
			return
		}
		if err := dec.Next(&in); err != nil {
			d.Listing = append(d.Listing, t.operator(offset, depth))
			return
		}
		d.Listing = append(d.Listing, t.operator(offset, depthOf(in.Op.Row().Rule, depth)))
		follow(in.Op.Row().Rule)
	}
}

// operator describes the operator at the offset.
func (t *trace) operator(offset, depth int) Operator {
	in, ok := t.decode(offset)
	if !ok {
		return Operator{Offset: offset, Text: hexBytes(t.body.Bytes()[offset-t.body.Offset():], 6), Depth: depth, Unread: true}
	}
	return Operator{Offset: offset, Text: instrText(in), Depth: depth, Note: t.x.nameIn(in)}
}

// decode decodes the operator at the offset, of whatever proposal.
func (t *trace) decode(offset int) (*ops.Instr, bool) {
	pos := offset - t.body.Offset()
	if pos < 0 || pos >= t.body.Size() {
		return nil, false
	}
	dec := ops.NewDecoder(t.body.Bytes(), t.body.Offset(), t.dec.Features())
	dec.Seek(pos)
	in := new(ops.Instr)
	err := dec.Next(in)
	var syntax *ops.SyntaxError
	if errors.As(err, &syntax) && syntax.Feature != 0 {
		dec = ops.NewDecoder(t.body.Bytes(), t.body.Offset(), ops.All)
		dec.Seek(pos)
		err = dec.Next(in)
	}
	return in, err == nil
}

// bodyFeatures returns the features with which the body is decoded.
func (x *explainer) bodyFeatures(s *scope) ops.Features {
	if s != nil {
		return s.features
	}
	return x.features()
}
