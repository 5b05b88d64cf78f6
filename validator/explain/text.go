package explain

import (
	"io"
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
	if text := p.d.place(); text != "" {
		p.flow(6, piece{plain, "      "}, piece{plain, text})
	}
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
