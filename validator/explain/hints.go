package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// hints says what was probably meant in a function body or expression.
func (t *trace) hints() {
	message := t.x.err.Message
	switch {
	case strings.HasPrefix(message, "END opcode expected"), strings.HasPrefix(message, "unexpected end"):
		t.hintMissingEnd()
	case strings.HasPrefix(message, "section size mismatch"):
		t.hintExtraEnd()
	}
	if !t.found || !t.read {
		return
	}
	t.hintOperands()
	t.hintOperator(message)
	t.hintIndex(message)
}

// hintMissingEnd names the blocks that are not ended.
func (t *trace) hintMissingEnd() {
	if t.x.err.InOp || t.found && !t.read {
		return
	}
	text := "the function itself is open at the end of its body: somewhere before it an `end` is missing"
	if n := t.blocks.depth(); n > 0 {
		text = fmt.Sprintf("%s and the function are open: an `end` is missing", count(n, "block"))
	}
	if b, ok := t.blocks.label(0); ok {
		text = fmt.Sprintf("%s and the function are open; the innermost is the %v at %s: an `end` is missing there or further out", count(t.blocks.depth(), "block"), b.op, hex(b.offset))
	}
	t.x.hint(Hint{Kind: HintMissingEnd, Offset: t.offset, Insert: "end", Text: text})
}

// hintExtraEnd says which end was one too many.
func (t *trace) hintExtraEnd() {
	if t.ended < 0 {
		return
	}
	t.x.hint(Hint{
		Kind: HintExtraEnd, Offset: t.ended,
		Text: fmt.Sprintf("the `end` at %s ends the function; either it is one too many, or the size of the body is wrong", hex(t.ended)),
	})
}

// hintOperator looks at what is wrong with the operator itself.
func (t *trace) hintOperator(message string) {
	row := t.in.Op.Row()
	h := Hint{Offset: t.offset}
	switch {
	case strings.HasPrefix(message, "alignment must not be larger"), strings.HasPrefix(message, "atomic alignment"):
		in := t.in
		in.Mem.Align = uint32(row.Imm.Align)
		h.Kind, h.Replace = HintAlignment, instrText(&in)
		h.Text = fmt.Sprintf("the natural alignment of `%s` is %s; `%s` would have it; the binary format has the logarithm of it, %d", row.Name, count(1<<row.Imm.Align, "byte"), h.Replace, row.Imm.Align)
	case strings.HasPrefix(message, "immutable"):
		h.Kind = HintImmutable
		h.Text = t.immutable(row)
	case strings.HasPrefix(message, "uninitialized local"):
		h.Kind = HintUninitialized
		h.Text = fmt.Sprintf("local %d cannot be null and has no value yet here; a `local.set %d` must come before it in this block or one around it", t.in.Index, t.in.Index)
	case strings.HasPrefix(message, "data count"):
		h.Kind, h.Text = HintDataCount, "operators that name a data segment need the data count section, between the element and the code section"
	case strings.HasPrefix(message, "undeclared function"):
		h.Kind = HintDeclareFunc
		h.Text = fmt.Sprintf("`ref.func %d` needs the function to be mentioned outside of bodies: export it, or add a declarative element segment with it", t.in.Index)
	case strings.HasPrefix(message, "type mismatch: select without a type"):
		h.Kind, h.Text = HintSelectType, "a select of references gives their type"
		typ, err := t.scopeOperand(1)
		other, oerr := t.scopeOperand(2)
		if err == nil && oerr == nil && typ.IsRef() && other == typ {
			h.Replace = "select (result " + typ.String() + ")"
			h.Text += ": " + quoteOp(h.Replace)
		}
	case strings.HasPrefix(message, "type mismatch: if without else"):
		h.Kind = HintMissingElse
		h.Text = "an if without else must leave what it takes, because its condition may be false; an `else` that leaves the same is missing"
	case strings.HasPrefix(message, "type mismatch: a field of type"):
		h.Kind, h.Text, h.Replace = HintSiblingOperator, "a packed field is read by the operators that end with _s or _u, any other by the one without", packedSibling(&t.in)
		if h.Replace != "" {
			h.Text += ": " + quoteOp(h.Replace)
		}
	case strings.HasPrefix(message, "constant expression required"):
		h.Kind, h.Text = HintConstant, t.constantText(row)
	case t.x.err.Kind == validator.Malformed && t.misplaced(row):
		h.Kind = HintMisplaced
		h.Text = fmt.Sprintf("no %s is open here: %s", opener(row), t.openText())
	default:
		return
	}
	t.x.hint(h)
}

// scopeOperand returns the type of an operand where the trace has got this far.
func (t *trace) scopeOperand(depth int) (ops.ValType, error) {
	if t.scope == nil {
		return 0, errNoOperand
	}
	return t.scope.operand(depth)
}

// immutable says what may not be set.
func (t *trace) immutable(row *ops.Row) string {
	switch row.Imm.Kind {
	case ops.ImmGlobal, ops.ImmOrdGlobal:
		if t.scope != nil && int64(t.in.Index) < int64(t.scope.NumGlobals()) {
			return fmt.Sprintf("global %d is declared as %v; it would have to be (mut %v)", t.in.Index, t.scope.Global(t.in.Index).Type, t.scope.Global(t.in.Index).Type)
		}
		return "the global would have to be mutable"
	case ops.ImmField, ops.ImmOrdField:
		return fmt.Sprintf("field %d of type %d would have to be mutable", t.in.Index2, t.in.Index)
	}
	return fmt.Sprintf("the elements of type %d would have to be mutable", t.in.Index)
}

// packedSibling returns the accessor for a packed field instead of that for
// another, or the other way round.
func packedSibling(in *ops.Instr) string {
	name := in.Op.Row().Name
	if plain := unsigned(name); plain != name {
		name = plain
	} else {
		name += "_s"
	}
	op, ok := ops.Lookup(name)
	if !ok {
		return ""
	}
	return instrText(withOp(in, op))
}

// constantText says what may stand in a constant expression.
func (t *trace) constantText(row *ops.Row) string {
	if row.Rule == ops.RuleGlobalGet {
		return "a constant expression reads immutable globals only"
	}
	return "a constant expression consists of constants, global.get, ref.null, ref.func and, with their proposals, integer arithmetic and allocations"
}

// misplaced reports whether the operator divides or ends a block that is not open.
func (t *trace) misplaced(row *ops.Row) bool {
	switch row.Rule {
	case ops.RuleElse, ops.RuleCatch, ops.RuleCatchAll, ops.RuleDelegate:
		return true
	}
	return false
}

// opener names the operator that opens the block which the row divides.
func opener(row *ops.Row) string {
	if row.Rule == ops.RuleElse {
		return "`if` without an `else`"
	}
	return "`try`"
}

// openText names the innermost block.
func (t *trace) openText() string {
	if b, ok := t.blocks.label(0); ok {
		return fmt.Sprintf("the innermost block is the %v at %s", b.op, hex(b.offset))
	}
	if n := t.blocks.depth(); n > 0 {
		return fmt.Sprintf("%s are open", count(n, "block"))
	}
	return "the innermost block is the function itself"
}

// space is an index space: the words for it in messages, and how it is counted.
type space struct {
	words, thing string
	count        func(*trace) (int, bool)
}

// spaces lists the index spaces of operators, longer words first.
var spaces = []space{
	{"unknown local ", "local", func(t *trace) (int, bool) { return counted(t, func(s *scope) int { return int(s.NumLocals()) }) }},
	{"unknown global ", "global", func(t *trace) (int, bool) { return counted(t, (*scope).NumGlobals) }},
	{"unknown function ", "function", func(t *trace) (int, bool) { return counted(t, (*scope).NumFuncs) }},
	{"unknown table ", "table", func(t *trace) (int, bool) { return counted(t, (*scope).NumTables) }},
	{"unknown memory ", "memory", func(t *trace) (int, bool) { return counted(t, (*scope).NumMemories) }},
	{"unknown tag ", "tag", func(t *trace) (int, bool) { return counted(t, (*scope).NumTags) }},
	{"unknown type ", "type", func(t *trace) (int, bool) { return counted(t, func(s *scope) int { return s.types.Len() }) }},
	{"unknown elem segment ", "element segment", func(t *trace) (int, bool) { return counted(t, (*scope).NumElems) }},
	{"unknown data segment ", "data segment", func(t *trace) (int, bool) {
		return counted(t, func(s *scope) int { n, _ := s.DataCount(); return int(min(n, 1<<30)) })
	}},
	{"unknown label ", "label", func(t *trace) (int, bool) { return counted(t, func(s *scope) int { return s.ControlStackHeight() }) }},
	{"unknown field ", "field", func(t *trace) (int, bool) {
		return counted(t, func(s *scope) int {
			if s.typeAt(t.in.Index, module.Struct) {
				return int(s.types.NumFields(t.in.Index))
			}
			return -1
		})
	}},
}

// counted counts something where the trace has got this far.
func counted(t *trace, f func(*scope) int) (int, bool) {
	if t.scope == nil {
		return 0, false
	}
	n := f(t.scope)
	return n, n >= 0
}

// hintIndex looks at an index beyond the last one.
func (t *trace) hintIndex(message string) {
	for _, s := range spaces {
		index, ok := numberAfter(message, s.words)
		if !ok || !strings.HasPrefix(message, s.words) {
			continue
		}
		n, ok := s.count(t)
		if !ok {
			return
		}
		more := ""
		if s.thing == "local" && t.x.d.Func != nil {
			more = declared(t.x.d.Func.Params, n)
		}
		h := Hint{Kind: HintIndexRange, Offset: t.offset, Text: indexText(s.thing, n, index, more)}
		switch {
		case s.thing == "local" && n == 0:
			h.Text = "the function has no locals"
		case s.thing == "label" && n > 0:
			h.Text = fmt.Sprintf("labels count the blocks around the branch from the inside, from 0; label %d, the last, is the function itself", n-1)
		}
		if in := t.in; n > 0 && int64(index) == int64(n) && lower(&in, s.thing, index) {
			h.Replace = instrText(&in)
			h.Text += fmt.Sprintf("; was `%s` meant?", h.Replace)
		}
		t.x.hint(h)
		return
	}
}

// lower lowers by one the immediate of in that is the given index of a thing.
func lower(in *ops.Instr, thing string, index uint32) bool {
	kind := in.Op.Row().Imm.Kind
	field := &in.Index
	switch {
	case kind == ops.ImmMemArg || kind == ops.ImmMemArgLane:
		field = &in.Mem.Memory
	case kind == ops.ImmCallIndirect && thing == "table", kind == ops.ImmElemTable && thing == "table", kind == ops.ImmDataMem && thing == "memory",
		kind == ops.ImmTypeData && thing != "type", kind == ops.ImmTypeElem && thing != "type", kind == ops.ImmField && thing == "field",
		(kind == ops.ImmTableTable || kind == ops.ImmMemMem || kind == ops.ImmTypeType) && in.Index != index:
		field = &in.Index2
	case kind == ops.ImmLabels, kind == ops.ImmTry, kind == ops.ImmBlock, kind == ops.ImmRefNull, kind == ops.ImmRefType:
		return false
	}
	if *field != index {
		return false
	}
	*field--
	return true
}

// declared says how many of n locals are parameters.
func declared(params, n int) string {
	switch {
	case n == 1 && params == 1:
		return ", the parameter"
	case n == 1:
		return ""
	case params == 0:
		return ", of which none is a parameter"
	case params == 1:
		return ", of which the first is the parameter"
	}
	return fmt.Sprintf(", of which the first %d are parameters", params)
}

// indexText says which indices there are, and more about the things.
func indexText(thing string, n int, index uint32, more string) string {
	switch {
	case n == 0:
		return fmt.Sprintf("the %s has no %s", map[bool]string{true: "type", false: "module"}[thing == "field"], thing)
	case n == 1:
		return fmt.Sprintf("there is one %s, with index 0%s", thing, more)
	}
	to := "to"
	if n == 2 {
		to = "and"
	}
	text := fmt.Sprintf("there are %d %s, 0 %s %d%s", n, plural(thing), to, n-1, more)
	if int64(index) == int64(n) {
		text += ": indices begin with 0"
	}
	return text
}
