package explain

import (
	"fmt"
	"unicode/utf8"
)

// operands writes a table of the operands wanted and found.
func (p *printer) operands() {
	if len(p.d.Want) == 0 || p.told {
		return // the listing has told all of it
	}
	p.line(piece{frame, "  = "}, piece{strong, "operands"}, piece{faint, ", the top of the stack last"})
	width := 0
	for _, w := range p.d.Want {
		width = max(width, utf8.RuneCountInString(w.Want))
	}
	for _, w := range p.d.Want {
		s, sign := plain, "ok  "
		text := ""
		switch w.Verdict {
		case Missing:
			s, sign, text = bad, "--  ", "nothing is there"
		case Unknown:
			text = "any: the code is unreachable"
		case Wrong:
			s, sign = bad, "BAD "
		case Extra:
			s, sign = bad, "TOO MANY "
		}
		if w.Found != nil {
			text = foundText(w.Found)
		}
		want := fmt.Sprintf("%-*s  ", width, w.Want)
		p.flow(6+utf8.RuneCountInString(want+sign), piece{plain, "      "}, piece{faint, want}, piece{s, sign}, piece{plain, text})
	}
}

// foundText says what an operand is and where it comes from.
func foundText(o *Operand) string {
	text := o.Type
	if o.Origin == nil {
		return text
	}
	text += " of " + originText(o.Origin)
	if o.Source != nil {
		text += ", from " + originText(o.Source)
	}
	return text
}

// originText names an origin.
func originText(o *Origin) string {
	text := quoteOp(o.Text)
	if o.Note != "" {
		text += " $" + o.Note
	}
	switch {
	case o.Role == "result of block" && o.Block >= 0:
		return fmt.Sprintf("%s at %s, a result of the block at %s", text, hex(o.Offset), hex(o.Block))
	case o.Role != "" && o.Role != "left by branch":
		text += " (" + o.Role + ")"
	}
	return text + " at " + hex(o.Offset)
}
