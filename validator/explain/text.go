package explain

import "io"

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
	return append(b, "error: "+d.Message+"\n"...)
}
