package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// listing lists the operators of one function, each with its offset, as deep as
// its blocks nest, and with the operand stack that it leaves.
type listing struct {
	w     io.Writer
	paint style
	width int // of the terminal; 0 for one without end
	names names
	fn    validator.FuncToValidate[*module.Module]
}

// write writes the listing, as far as the function is valid, and returns what a
// validator says about the whole of it.
func (l *listing) write() error {
	a, err := l.fn.IntoValidator(nil)
	if err != nil {
		return err
	}
	if pos, ok := l.locals(a); ok {
		l.operators(a, pos)
	}
	a, err = l.fn.Assign(a.Abandon())
	if err != nil {
		return err
	}
	err = a.Validate(l.fn.Body)
	_ = a.Abandon()
	return err
}

// locals writes what the function is and declares its locals; it returns where in
// the body the operators begin, unless a declaration is wrong.
func (l *listing) locals(a validator.AssignedFuncValidator[*module.Module]) (pos int, ok bool) {
	r, err := l.fn.Body.Locals(ops.All)
	for err == nil && r.More() {
		var g module.LocalGroup
		if g, err = r.Next(); err == nil {
			err = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	m, index := l.fn.Resources, l.fn.Index
	title := fmt.Sprintf("func %d", index)
	if name := l.names.funcName(int(index)); name != "" {
		title += fmt.Sprintf(" %q", name)
	}
	fmt.Fprintf(l.w, "%s %s\n", l.paint.head(title), m.Types().Describe(l.fn.TypeIdx))
	params := len(m.Types().Params(l.fn.TypeIdx))
	fmt.Fprintf(l.w, "%s at 0x%x, %s, %s\n", plural(int64(l.fn.Body.Size()), "byte"), l.fn.Body.Offset(),
		plural(int64(params), "parameter"), plural(int64(a.NumLocals())-int64(params), "local"))
	for i := params; i < int(min(a.NumLocals(), uint32(params)+mostLocals)); i++ {
		t, _ := a.LocalType(uint32(i))
		name, _ := l.names.section.Local(index, uint32(i))
		fmt.Fprintln(l.w, strings.TrimRight(fmt.Sprintf("  local %d: %v %s", i, t, plain(name)), " "))
	}
	fmt.Fprintln(l.w)
	return r.Pos(), err == nil
}

// operators writes the operators, which begin at pos in the body, up to one that
// is wrong.
func (l *listing) operators(a validator.AssignedFuncValidator[*module.Module], pos int) {
	body := l.fn.Body
	d := ops.NewDecoder(body.Bytes()[pos:], body.Offset()+pos, ops.All)
	var in ops.Instr
	for d.Len() > 0 {
		offset := d.Offset()
		if d.Next(&in) != nil {
			return
		}
		text := in.String()
		indent := a.ControlStackHeight() - 1
		if a.Op(offset, &in) != nil {
			l.line(offset, indent, l.paint.bad(text), len(text), l.paint.bad("<- refused"))
			return
		}
		// What ends or divides a block stands where the block began.
		indent = min(indent, a.ControlStackHeight()-1)
		if divides(in.Op) {
			indent--
		}
		if note := l.note(&in); note != "" {
			text += " ;; " + note
		}
		l.line(offset, max(indent, 0), text, utf8.RuneCountInString(text), l.stack(a))
	}
}

// mostLocals is how many locals are listed.
const mostLocals = 100

// stackColumn is where the operand stack stands.
const stackColumn = 52

// line writes one line: the text, which is so wide, and the operand stack.
func (l *listing) line(offset, indent int, text string, wide int, stack string) {
	indent = 2 * min(indent, 20)
	fmt.Fprintf(l.w, "%s  %*s%s%*s  %s\n", l.paint.faint(fmt.Sprintf("%#8x", offset)), indent, "", text,
		max(0, stackColumn-10-indent-wide), "", stack)
}

// stack writes the operand stack, the top last; only as much of it as there is
// room for.
func (l *listing) stack(a validator.AssignedFuncValidator[*module.Module]) string {
	room := 200
	if l.width > 0 {
		room = max(l.width-stackColumn-4, 16)
	}
	height := a.OperandStackHeight()
	var types []string
	more := ""
	for depth := range height {
		t, err := a.OperandType(depth)
		if err != nil {
			break
		}
		if room -= len(t.String()) + 1; room < 0 {
			more = fmt.Sprintf("…%d ", height-depth)
			break
		}
		types = append([]string{t.String()}, types...)
	}
	text := "[" + more + strings.Join(types, " ") + "]"
	if a.ControlStackHeight() > 0 && !a.Reachable() {
		text += " unreachable"
	}
	return l.paint.faint(text)
}

// note returns the name of what an operator refers to, "" without one.
func (l *listing) note(in *ops.Instr) string {
	name := ""
	switch in.Op.Row().Imm.Kind {
	case ops.ImmFunc:
		name = l.names.funcName(int(in.Index))
	case ops.ImmLocal:
		name, _ = l.names.section.Local(l.fn.Index, in.Index)
	case ops.ImmGlobal:
		name, _ = l.names.section.Name(module.NameGlobal, in.Index)
	}
	return plain(cut(name))
}

// mostOfName is how many bytes of a name are shown. A hostile one is a hundred
// thousand bytes long, and stands behind each operator.
const mostOfName = 60

// cut shortens a name that is long.
func cut(name string) string {
	if len(name) <= mostOfName {
		return name
	}
	return strings.ToValidUTF8(name[:mostOfName], "") + "…"
}

// divides reports whether an operator begins another part of the block that it
// stands in.
func divides(op ops.Op) bool {
	return op == ops.Else || op == ops.LegacyCatch || op == ops.LegacyCatchAll
}
