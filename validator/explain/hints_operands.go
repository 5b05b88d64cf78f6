package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// attempt is the operator at fault with the operands that it finds, for trying
// what would make them fit.
type attempt struct {
	*trace
	takes operands
	stack []ops.ValType // of the innermost block, the lowest first; no more than needed
	base  int           // height of the operand stack below them
	exact bool          // there may be no others: the end of a block
}

// tryStack is how many operands an attempt looks at.
const tryStack = 64

// attempt returns the attempt; ok is false when the operands are not at fault, or
// are too many to try.
func (t *trace) attempt() (a attempt, ok bool) {
	if t.x.d.Want == nil || t.scope == nil {
		return a, false
	}
	takes, known := t.scope.takes(&t.in)
	f, err := t.scope.ControlFrame(0)
	if !known || err != nil || takes.len() > tryStack {
		return a, false
	}
	a = attempt{trace: t, takes: takes, exact: t.ends()}
	height := t.scope.OperandStackHeight()
	n := height - int(f.Height)
	if a.exact && n > tryStack || f.Unreachable && n < takes.len() {
		return a, false // what a polymorphic stack yields is not to be guessed
	}
	a.base = height - min(n, tryStack)
	for depth := min(n, tryStack) - 1; depth >= 0; depth-- {
		typ, _ := t.scope.OperandType(depth)
		a.stack = append(a.stack, typ)
	}
	return a, true
}

// fit reports whether the operator would take the operands.
func (a *attempt) fit(stack []ops.ValType) bool {
	n := a.takes.len()
	if len(stack) < n || a.exact && len(stack) != n {
		return false
	}
	stack = stack[len(stack)-n:]
	for i, t := range stack {
		if !a.scope.fits(t, a.takes.at(i)) {
			return false
		}
	}
	return true
}

// with returns the stack with an operand put in at index i.
func (a *attempt) with(i int, t ops.ValType) []ops.ValType {
	return slices.Insert(slices.Clone(a.stack), i, t)
}

// without returns the stack without the operand at index i.
func (a *attempt) without(i int) []ops.ValType {
	return slices.Delete(slices.Clone(a.stack), i, i+1)
}

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
	a.hintEarlier()
	a.hintSibling()
	a.hintSwapped()
	depth, want, wrong := a.wrong()
	if wrong {
		a.hintOrigin(depth, want)
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

// hintEarlier looks for an operator before that one at fault that took away, or
// left, one operand too many.
func (a *attempt) hintEarlier() {
	open := len(a.blocks)
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

// hintExtra looks for an operand that is in the way.
func (a *attempt) hintExtra() {
	if a.exact && len(a.stack) > a.takes.len() {
		a.hintDropRest()
		return
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
	a.hintTee()
	n := len(a.stack) - a.takes.len()
	below := a.stack[:a.takes.len()]
	if len(below) > 0 && a.fit(a.stack[n:]) {
		h := Hint{Kind: HintMissingDrop, Offset: a.offset}
		h.Text = fmt.Sprintf("nothing takes %s below the results", typesText(a.stack[:n]))
		if r, ok := a.origins.at(a.base + n - 1); ok {
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
	h := Hint{Kind: HintMissingDrop, Offset: a.offset, Insert: drops}
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

// article puts an indefinite article in front of a type.
func article(t string) string {
	switch {
	case t == "f32", t == "f64", strings.HasPrefix(t, "i"), strings.HasPrefix(t, "a"), strings.HasPrefix(t, "e"):
		return "an " + t
	}
	return "a " + t
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

// hintOrigin looks for another operator that the wrong operand may have been meant
// to come from.
func (a *attempt) hintOrigin(depth int, want ops.ValType) {
	r, ok := a.origins.at(a.scope.OperandStackHeight() - 1 - depth)
	if !ok {
		return
	}
	in, ok := a.decode(r.offset)
	if !ok {
		return
	}
	row := in.Op.Row()
	var other *ops.Instr
	switch {
	case row.Rule == ops.RuleLocalGet:
		other = a.neighbour(in, want)
	case row.Imm.Kind == ops.ImmI32 || row.Imm.Kind == ops.ImmI64 || row.Imm.Kind == ops.ImmMemArg:
		other = a.resultSibling(in, want)
	}
	if other == nil {
		return
	}
	kind := HintSiblingOperator
	if row.Rule == ops.RuleLocalGet {
		kind = HintIndexRange
	}
	a.x.hint(Hint{
		Kind: kind, Offset: r.offset, Replace: instrText(other),
		Text: fmt.Sprintf("%s pushes the operand; `%s` would push %s", a.named(r.offset), instrText(other), article(want.String())),
	})
}

// neighbour returns in, which reads a local, with the index of a local beside it
// that is of the type wanted.
func (a *attempt) neighbour(in *ops.Instr, want ops.ValType) *ops.Instr {
	for _, i := range []uint32{in.Index + 1, in.Index - 1} {
		if t, err := a.scope.LocalType(i); err == nil && a.scope.fits(t, want) {
			other := *in
			other.Index = i
			return &other
		}
	}
	return nil
}

// resultSibling returns the operator of the same name as in for the type wanted.
func (a *attempt) resultSibling(in *ops.Instr, want ops.ValType) *ops.Instr {
	row := in.Op.Row()
	for r := range ops.Rows() {
		if r.Op == row.Op || r.Rule != row.Rule || r.NumParams() != row.NumParams() || r.NumResults() != 1 || r.Result(0) != want ||
			generic(r.Name) != generic(row.Name) || !a.scope.features.Has(r.Feature) {
			continue
		}
		both := func(k ops.ImmKind) bool { return k == row.Imm.Kind || k == ops.ImmI32 || k == ops.ImmI64 }
		if both(r.Imm.Kind) && both(row.Imm.Kind) {
			return sibling(in, r)
		}
	}
	return nil
}

// sibling returns in as the operator of the row r, with the natural alignment if
// it had that.
func sibling(in *ops.Instr, r *ops.Row) *ops.Instr {
	other := withOp(in, r.Op)
	if in.Mem.Align == uint32(in.Op.Row().Imm.Align) || other.Mem.Align > uint32(r.Imm.Align) {
		other.Mem.Align = uint32(r.Imm.Align)
	}
	return other
}

// generic replaces the types in the name of an operator.
var generic = strings.NewReplacer("i32", "T", "i64", "T", "f32", "T", "f64", "T").Replace

// unsigned leaves out whether an operator is signed.
func unsigned(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "_s"), "_u")
}

// hintSibling looks for an operator of the same name, for other types, that takes
// what is there.
func (a *attempt) hintSibling() {
	row := a.in.Op.Row()
	if row.NumParams() == 0 {
		return
	}
	for _, same := range []func(string) string{func(s string) string { return s }, unsigned} {
		for r := range ops.Rows() {
			if r.Op == row.Op || r.Rule != row.Rule || r.Imm.Kind != row.Imm.Kind || r.NumParams() != row.NumParams() || r.NumResults() != row.NumResults() ||
				same(generic(r.Name)) != same(generic(row.Name)) || !a.scope.features.Has(r.Feature) {
				continue
			}
			in := sibling(&a.in, r)
			o := *a
			var ok bool
			if o.takes, ok = a.scope.takes(in); !ok || !o.fit(a.stack) {
				continue
			}
			a.x.hint(Hint{
				Kind: HintSiblingOperator, Offset: a.offset, Replace: instrText(in),
				Text: fmt.Sprintf("`%s` takes %s, which is there", instrText(in), o.takes.text()),
			})
			return
		}
	}
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

// hintConversion looks for an operator that makes the type wanted of the one
// that is there.
func (a *attempt) hintConversion(depth int, want ops.ValType) {
	have := a.stack[len(a.stack)-1-depth]
	kind, list := HintConversion, a.conversions(have, want)
	if len(list) == 0 {
		kind, list = a.references(have, want)
	}
	if len(list) == 0 {
		return
	}
	h := Hint{Kind: kind, Offset: a.offset, Insert: list[0]}
	place := fmt.Sprintf("in front of %s", a.here())
	if depth > 0 {
		h.Offset = -1
		if r, ok := a.origins.at(a.scope.OperandStackHeight() - 1 - depth); ok {
			h.Offset = r.offset
			h.Insert = ""
			place = "behind " + a.named(r.offset)
		}
	}
	for i := range list {
		list[i] = quoteOp(list[i])
	}
	h.Text = fmt.Sprintf("%s %s would make %s of %s", strings.Join(list, " or "), place, article(want.String()), article(have.String()))
	a.x.hint(h)
}

// conversions returns the operators that convert numbers: those whose names say
// from what to what.
func (a *attempt) conversions(have, want ops.ValType) (list []string) {
	switch {
	case have.IsNum() && want == ops.V128:
		return a.lanes(have, want, ".splat", "")
	case have == ops.V128 && want.IsNum():
		return a.lanes(have, want, ".extract_lane", " 0")
	case !have.IsNum() || !want.IsNum():
		return nil
	}
	for r := range ops.Rows() {
		if r.Rule != ops.RulePlain || r.NumParams() != 1 || r.NumResults() != 1 || r.Param(0) != have || r.Result(0) != want ||
			!strings.Contains(r.Name, "_"+have.String()) || !a.scope.features.Has(r.Feature) || len(list) == 2 {
			continue
		}
		if strings.Contains(r.Name, "sat") || strings.Contains(r.Name, "reinterpret") {
			continue
		}
		list = append(list, r.Name)
	}
	return list
}

// lanes returns the operators between a number and a vector, whose names end with
// the suffix.
func (a *attempt) lanes(have, want ops.ValType, suffix, immediate string) (list []string) {
	for r := range ops.Rows() {
		if r.NumParams() == 1 && r.NumResults() == 1 && r.Param(0) == have && r.Result(0) == want &&
			strings.HasSuffix(r.Name, suffix) && a.scope.features.Has(r.Feature) && len(list) < 3 {
			list = append(list, r.Name+immediate)
		}
	}
	return list
}

// references returns the operators that make one reference of another, or of a
// number.
func (a *attempt) references(have, want ops.ValType) (kind string, list []string) {
	types := a.scope.types
	switch {
	case have == ops.I32 && want.IsRef() && types.Match(ops.HeapI31.Ref(), want):
		return HintConversion, []string{"ref.i31"}
	case want == ops.I32 && have.IsRef() && types.Match(have, ops.I31Ref):
		return HintConversion, []string{"i31.get_s", "i31.get_u"}
	case !have.IsRef() || !want.IsRef():
		return "", nil
	case types.Match(have.NonNull(), want):
		return HintNullable, []string{"ref.as_non_null"}
	case types.Match(have, ops.ExternRef) && types.Match(ops.AnyRef, want):
		return HintConversion, []string{"any.convert_extern"}
	case types.Match(have, ops.AnyRef) && types.Match(ops.ExternRef, want):
		return HintConversion, []string{"extern.convert_any"}
	case types.Match(want.NonNull(), have):
		null := ""
		if want.Nullable() {
			null = "null "
		}
		return HintCast, []string{"ref.cast (ref " + null + want.Heap().String() + ")"}
	}
	return "", nil
}

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
	if !a.exact || len(a.blocks) == 0 || len(a.stack) > 1 {
		return
	}
	b := a.blocks[len(a.blocks)-1]
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
