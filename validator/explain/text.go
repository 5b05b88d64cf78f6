package explain

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// TextOptions says how a diagnosis is written.
type TextOptions struct {
	// File is the name of the module; "module" without one.
	File string
	// Width is the number of columns; 0 means 80.
	Width int
	// Color has the text coloured with ANSI escape sequences.
	Color bool
	// Context is how many operators are shown before and after the one at fault;
	// 0 means 5, less than 0 none, and more than the diagnosis has means all of
	// them.
	Context int
}

// Text returns the diagnosis as a text for people, of several lines.
func (d *Diagnosis) Text(o TextOptions) string { return string(d.AppendText(nil, o)) }

// WriteText writes the text of [Diagnosis.Text] to w.
func (d *Diagnosis) WriteText(w io.Writer, o TextOptions) error {
	_, err := w.Write(d.AppendText(nil, o))
	return err
}

// AppendText appends the text of [Diagnosis.Text] to b.
func (d *Diagnosis) AppendText(b []byte, o TextOptions) []byte {
	if o.Width <= 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 40)
	if o.Context == 0 {
		o.Context = 5
	}
	p := &printer{b: b, o: o, d: d}
	p.headline()
	p.location()
	p.listing()
	p.bytes()
	p.operands()
	p.frames()
	p.remarks()
	return p.b
}

// style is how a piece of text looks.
type style uint8

const (
	plain style = iota
	faint
	strong
	bad  // what is wrong
	mark // what it comes from
	good // what helps
	frame
)

// escapes are the ANSI sequences of the styles.
var escapes = [...]string{plain: "", faint: "\x1b[2m", strong: "\x1b[1m", bad: "\x1b[1;31m", mark: "\x1b[33m", good: "\x1b[1;32m", frame: "\x1b[34m"}

// piece is text of one style.
type piece struct {
	style style
	text  string
}

// printer writes the text of a diagnosis.
type printer struct {
	b []byte
	o TextOptions
	d *Diagnosis

	told bool // the listing says all there is to say of the operands
}

// line writes pieces as one line, as much of them as its width allows.
func (p *printer) line(pieces ...piece) {
	left := p.o.Width
	for n := len(pieces); n > 0 && strings.TrimRight(pieces[n-1].text, " ") == ""; n-- {
		pieces = pieces[:n-1]
	}
	for i, it := range pieces {
		text := it.text
		if i == len(pieces)-1 {
			text = strings.TrimRight(text, " ")
		}
		n := utf8.RuneCountInString(text)
		if n > left {
			text, n = cutRunes(text, left-1)+"…", left
		}
		p.piece(it.style, text)
		if left -= n; left <= 0 {
			break
		}
	}
	p.b = append(p.b, '\n')
}

// piece writes text in a style.
func (p *printer) piece(s style, text string) {
	if p.o.Color && s != plain && text != "" {
		p.b = append(append(append(p.b, escapes[s]...), text...), "\x1b[0m"...)
		return
	}
	p.b = append(p.b, text...)
}

// cutRunes returns the first n runes of s.
func cutRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// wrapped writes text after a first piece, on as many lines as it takes; those
// after the first begin under the text.
func (p *printer) wrapped(first piece, s style, text string) {
	indent := min(utf8.RuneCountInString(first.text), p.o.Width/2)
	for i, l := range wrap(text, p.o.Width-indent) {
		if i > 0 {
			first = piece{plain, strings.Repeat(" ", indent)}
		}
		p.line(first, piece{s, l})
	}
}

// wrap divides text into lines of at most width runes, between words where that
// is possible.
func wrap(text string, width int) (lines []string) {
	width = max(width, 10)
	line, n := "", 0
	for _, word := range strings.Fields(text) {
		w := utf8.RuneCountInString(word)
		if n > 0 && n+1+w > width {
			lines, line, n = append(lines, line), "", 0
		}
		for w > width {
			head := cutRunes(word, width)
			lines, word = append(lines, head), word[len(head):]
			w = utf8.RuneCountInString(word)
		}
		if n > 0 {
			line, n = line+" ", n+1
		}
		line, n = line+word, n+w
	}
	if n > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// headline writes what is wrong.
func (p *printer) headline() {
	kind := p.d.Kind.String()
	text := "[" + kind + "]"
	p.wrapped(piece{bad, "error" + text + ": "}, strong, p.d.Message)
}

// location writes where it is wrong.
func (p *printer) location() {
	file := p.o.File
	if file == "" {
		file = "module"
	}
	p.line(piece{frame, "  --> "}, piece{plain, clean(file, 200) + ":" + hex(p.d.Offset)})
	if text := p.place(); text != "" {
		p.wrapped(piece{plain, "      "}, plain, text)
	}
}

// place says in which function or item the error is.
func (p *printer) place() string {
	d := p.d
	var parts []string
	if f := d.Func; f != nil {
		text := fmt.Sprintf("in function %d", f.Index)
		if f.Name != "" {
			text += " $" + f.Name
			if f.Named != "name section" {
				text += " (" + f.Named + ")"
			}
		}
		if f.Type != "" {
			text += ", of type " + f.Type
		}
		parts = append(parts, text)
	}
	if it := d.Item; it != nil {
		text := fmt.Sprintf("%s %d", it.What, it.Number)
		switch {
		case it.What == "section", it.What == "custom section", it.What == "local declarations":
			text = it.What
		case it.Index >= 0 && it.Index != it.Number:
			text = fmt.Sprintf("%s %d, number %d of the section", it.What, it.Index, it.Number)
		}
		if it.Name != "" {
			text += fmt.Sprintf(", %q", it.Name)
		}
		if it.Field != "" {
			text += ": " + fieldText(it.Field)
		}
		if len(parts) == 0 {
			text = "in " + text
		}
		parts = append(parts, text)
	}
	if d.Func == nil && d.Section != nil {
		text := fmt.Sprintf("of the %s section", d.Section.Name)
		if d.Item == nil || d.Item.What == "section" {
			text = "in the " + d.Section.Name + " section"
			if d.Item != nil && d.Item.Field != "" {
				text += ": its " + d.Item.Field
			}
			return text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// fieldText puts an article in front of a field that has no number.
func fieldText(field string) string {
	if last := field[len(field)-1]; '0' <= last && last <= '9' {
		return field
	}
	return "the " + field
}

// bytes writes the bytes around the offset.
func (p *printer) bytes() {
	b := p.d.Bytes
	if b == nil || b.Hex == "" {
		return
	}
	offset := hex(b.Offset)
	pad := strings.Repeat(" ", len(offset))
	p.line(piece{frame, " " + pad + " |"})
	p.line(piece{frame, " " + offset + " | "}, piece{plain, b.Hex})
	caret := "^^ " + b.Reading
	if b.Mark*3 >= len(b.Hex) {
		caret = "^ the end of the bytes, in " + b.Reading
	}
	p.line(piece{frame, " " + pad + " | "}, piece{plain, strings.Repeat("   ", b.Mark)}, piece{bad, caret})
}

// remarks writes the proposals, notes and hints.
func (p *printer) remarks() {
	for _, n := range p.d.Notes {
		p.wrapped(piece{strong, "  note: "}, plain, n)
	}
	for _, h := range p.d.Hints {
		p.wrapped(piece{good, "  hint: "}, plain, h.Text)
	}
}
