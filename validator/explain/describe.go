package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// describeFunc describes the function at fault.
func (x *explainer) describeFunc(s *scope, b module.FuncBody) {
	f := &Func{Index: x.err.Func, TypeIdx: -1, Offset: b.Offset(), Size: b.Size(), Operator: -1}
	x.d.Func = f
	f.Name, f.Named = x.names().function(uint32(max(f.Index, 0)))
	if s == nil {
		return
	}
	f.TypeIdx = int(s.typeIdx)
	params, results := s.types.Params(s.typeIdx), s.types.Results(s.typeIdx)
	f.Type = arrow(params, results)
	f.Params, f.Locals = len(params), len(params)
	groups, err := b.Locals(s.features)
	for err == nil && groups.More() {
		var g module.LocalGroup
		if g, err = groups.Next(); err == nil {
			f.Locals += int(min(g.Count, 1<<30-uint32(min(f.Locals, 1<<30))))
		}
	}
}

// stack describes the operand stack before the operator at fault.
func (t *trace) stack() {
	d, s := t.x.d, t.scope
	d.StackHeight = s.OperandStackHeight()
	f, err := s.ControlFrame(0)
	if err != nil {
		return // behind the final end
	}
	d.Unreachable = f.Unreachable
	for depth := range min(d.StackHeight-int(f.Height), maxStack) {
		d.Stack = append(d.Stack, *t.operand(depth))
	}
}

// operand describes the operand at depth, which is one of the innermost block.
func (t *trace) operand(depth int) *Operand {
	typ, err := t.scope.OperandType(depth)
	if err != nil {
		return nil
	}
	o := &Operand{Depth: depth, Type: typ.String()}
	r, ok := t.origins.at(t.scope.OperandStackHeight() - 1 - depth)
	if !ok {
		return o
	}
	o.Origin = t.origin(r.offset, r.block)
	if r.source >= 0 && r.source != r.offset {
		o.Source = t.origin(r.source, -1)
	}
	return o
}

// origin describes the operator at the offset as the origin of an operand, which
// is a parameter or result of the block that begins at block.
func (t *trace) origin(offset, block int) *Origin {
	in, ok := t.decode(offset)
	if !ok {
		return nil
	}
	o := &Origin{Offset: offset, Text: instrText(in), Note: t.x.nameIn(in), Block: block}
	switch in.Op.Row().Rule {
	case ops.RuleBlock, ops.RuleLoop, ops.RuleIf, ops.RuleTry, ops.RuleTryTable, ops.RuleElse:
		o.Role = "parameter of block"
	case ops.RuleCatch:
		o.Role = "parameter of tag"
	case ops.RuleEnd, ops.RuleDelegate:
		o.Role = "result of block"
	case ops.RuleBrIf, ops.RuleBrOnNull, ops.RuleBrOnNonNull,
		ops.RuleBrOnCast, ops.RuleBrOnCastFail, ops.RuleBrOnCastDesc, ops.RuleBrOnCastDescFail:
		o.Role = "left by branch"
	}
	return o
}

// frames describes the blocks around the operator at fault.
func (t *trace) frames() {
	d, s := t.x.d, t.scope
	d.FrameCount = s.ControlStackHeight()
	for l := range d.FrameCount {
		if l >= maxFrames-1 && l < d.FrameCount-1 {
			continue
		}
		d.Frames = append(d.Frames, t.frame(l))
	}
}

// frame describes the block with label l, which there is.
func (t *trace) frame(l int) Frame {
	s := t.scope
	f, _ := s.ControlFrame(l)
	out := Frame{
		Label: l, Kind: f.Kind.String(), Type: arrow(s.params(f.Block), s.results(f.Block)),
		Takes: typesText(s.labelTypes(f)), Leaves: typesText(s.results(f.Block)),
		Offset: t.body.Offset() + int(f.Start), Height: int(f.Height), Unreachable: f.Unreachable,
	}
	if f.Kind == state.FrameFunc {
		out.Offset = t.body.Offset()
		if t.x.d.Func == nil {
			out.Kind, out.Offset = "expression", t.body.Offset()+1
		}
		return out
	}
	t.opening(&out)
	return out
}

// opening adds what the bytes say about the block.
func (t *trace) opening(f *Frame) {
	b, ok := t.blocks.label(f.Label)
	if !ok {
		return
	}
	f.Divided = b.divided
	if in, ok := t.decode(b.offset); ok {
		f.Text = instrText(in)
	}
}

// blockFrames describes the blocks where no operator could be validated.
func (t *trace) blockFrames() {
	d := t.x.d
	n := t.blocks.depth()
	if t.ended >= 0 {
		return
	}
	d.FrameCount = n + 1
	for l := range maxFrames - 1 {
		b, ok := t.blocks.label(l)
		if !ok {
			break
		}
		f := Frame{Label: l, Kind: b.op.String(), Offset: b.offset}
		t.opening(&f)
		d.Frames = append(d.Frames, f)
	}
	if d.Func != nil {
		d.Frames = append(d.Frames, Frame{Label: n, Kind: state.FrameFunc.String(), Type: d.Func.Type, Offset: t.body.Offset()})
	}
}

// compare compares what the operator at fault wants with what there is, and finds
// the block that it is about.
func (t *trace) compare() {
	t.target()
	t.noteTable()
	if !aboutOperands(t.x.err.Message) {
		t.noteImmediate()
		return
	}
	takes, ok := t.scope.takes(&t.in)
	if !ok || t.scope.ControlStackHeight() == 0 {
		return
	}
	if list, wrong := t.wants(takes); wrong {
		t.x.d.Want = list
		t.noteOperands(takes)
	}
}

// aboutOperands reports whether a message is about the operands on the stack, and
// not about declarations that contradict each other.
func aboutOperands(message string) bool {
	rest, ok := strings.CutPrefix(message, "type mismatch: ")
	if !ok || strings.HasPrefix(rest, "instruction requires a continuation") {
		return false
	}
	for _, words := range []string{"instruction requires", "block requires", "select ", "if without else"} {
		if strings.HasPrefix(rest, words) {
			return true
		}
	}
	return false
}

// wants lists what the operator wants, at most maxWant operands of it from the
// top, and says whether any of them is wrong.
func (t *trace) wants(takes operands) (list []Want, wrong bool) {
	n := takes.len()
	extra := 0
	if t.ends() {
		f, _ := t.scope.ControlFrame(0)
		extra = max(t.scope.OperandStackHeight()-int(f.Height)-n, 0)
	}
	// The results are on top, and what lies below is too much; unless they are not,
	// and lie below what is too much.
	above := extra
	if t.scope.fitAt(0, takes) {
		above = 0
	}
	for depth := range min(n+extra, maxWant) {
		w := Want{Depth: depth, Verdict: Extra}
		if i := n - 1 - (depth - above); depth >= above && i >= 0 {
			w = t.want(depth, takes.at(i))
		} else {
			w.Found = t.operand(depth)
		}
		wrong = wrong || w.Verdict != Fits && w.Verdict != Unknown
		list = append(list, w)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, wrong
}

// want compares one operand with the type wanted.
func (t *trace) want(depth int, typ ops.ValType) Want {
	w := Want{Depth: depth, Want: wantText(typ), Verdict: Missing}
	have, err := t.scope.operand(depth)
	if err != nil {
		return w
	}
	f, _ := t.scope.ControlFrame(0)
	switch {
	case depth >= t.scope.OperandStackHeight()-int(f.Height):
		w.Verdict = Unknown
		return w
	case t.scope.fits(have, typ):
		w.Verdict = Fits
	default:
		w.Verdict = Wrong
	}
	w.Found = t.operand(depth)
	return w
}

// What is wanted where it is no certain type, as [Want] says it.
const (
	anyTypeText   = "any type"
	anyRefText    = "reference"
	anyNumberText = "number|vector"
)

// wantText says what type is wanted.
func wantText(t ops.ValType) string {
	switch t {
	case anyType:
		return anyTypeText
	case anyRef:
		return anyRefText
	case anyNumber:
		return anyNumberText
	}
	return t.String()
}

// ends reports whether the operator at fault ends or divides a block, which must
// then have its results on the stack and nothing else.
func (t *trace) ends() bool {
	if !t.found || !t.read {
		return false
	}
	switch t.in.Op.Row().Rule {
	case ops.RuleEnd, ops.RuleElse, ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
		return true
	}
	return false
}

// target finds the block that the operator at fault is about.
func (t *trace) target() {
	s := t.scope
	n := s.ControlStackHeight()
	if n == 0 {
		return
	}
	l, ok := uint32(0), t.ends()
	switch t.in.Op.Row().Rule {
	case ops.RuleBr, ops.RuleBrIf, ops.RuleRethrow, ops.RuleBrOnNull, ops.RuleBrOnNonNull,
		ops.RuleBrOnCast, ops.RuleBrOnCastFail, ops.RuleBrOnCastDesc, ops.RuleBrOnCastDescFail:
		l, ok = t.in.Index, true
	case ops.RuleBrTable:
		l, ok = s.tableLabel(&t.in)
		if m, found := numberAfter(t.x.err.Message, "label "); found {
			l = m
		}
	case ops.RuleReturn, ops.RuleReturnCall, ops.RuleReturnCallIndirect, ops.RuleReturnCallRef:
		l, ok = uint32(n-1), true
	case ops.RuleTryTable, ops.RuleResume, ops.RuleResumeThrow, ops.RuleResumeThrowRef:
		l, ok = numberAfter(t.x.err.Message, "label ")
	}
	if ok && int64(l) < int64(n) {
		f := t.frame(int(l))
		t.x.d.Target = &f
	}
}

// numberAfter returns the number that follows the words in a message.
func numberAfter(message, words string) (n uint32, ok bool) {
	_, rest, ok := strings.Cut(message, words)
	if !ok {
		return 0, false
	}
	_, err := fmt.Sscanf(rest, "%d", &n)
	return n, err == nil
}
