package explain

import (
	"fmt"
	"io"
	"strings"
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

// headline writes what is wrong.
func (p *printer) headline() {
	kind := p.d.Kind.String()
	text := "[" + kind + "]"
	p.flow(len("error: ")+len(text), piece{bad, "error" + text + ": "}, piece{strong, p.d.Message})
}

// location writes where it is wrong.
func (p *printer) location() {
	file := p.o.File
	if file == "" {
		file = "module"
	}
	p.flow(6, piece{frame, "  --> "}, piece{plain, clean(file, 200)}, piece{plain, ":" + hex(p.d.Offset)})
	if text := p.place(); text != "" {
		p.flow(6, piece{plain, "      "}, piece{plain, text})
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
		p.flow(8, piece{strong, "  note: "}, piece{plain, n})
	}
	for _, h := range p.d.Hints {
		p.flow(8, piece{good, "  hint: "}, piece{plain, h.Text})
	}
}
