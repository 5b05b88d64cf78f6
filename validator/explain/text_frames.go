package explain

import (
	"fmt"
	"strings"
)

// shownFrames is how many blocks are shown around the operator at fault.
const shownFrames = 6

// frames writes the blocks around the operator at fault.
func (p *printer) frames() {
	d := p.d
	if len(d.Frames) < 2 && d.Target == nil || d.Op == nil {
		return
	}
	p.line(piece{frame, "  = "}, piece{strong, "blocks"}, piece{faint, ", the innermost first"})
	for i, f := range d.Frames {
		if i >= shownFrames-1 && i < len(d.Frames)-1 && (d.Target == nil || d.Target.Label != f.Label) {
			if i == shownFrames-1 {
				p.line(piece{faint, fmt.Sprintf("      … %d more", d.FrameCount-shownFrames)})
			}
			continue
		}
		p.frameLine(f)
	}
}

// frameLine writes one block.
func (p *printer) frameLine(f Frame) {
	d := p.d
	label := fmt.Sprintf("      label %d  ", f.Label)
	text := f.Kind
	if f.Kind != "func" && f.Kind != "expression" {
		text += " at " + hex(f.Offset)
	}
	if f.Divided > 0 {
		text = fmt.Sprintf("%s at %s of the block at %s", f.Kind, hex(f.Divided), hex(f.Offset))
	}
	if f.Type != "" {
		text += "  " + f.Type
	}
	s, rest := plain, ""
	if d.Target != nil && d.Target.Label == f.Label {
		s, rest = mark, p.targetText(f)
	}
	if f.Unreachable {
		rest += "  (unreachable from here on)"
	}
	p.flow(len(label), piece{s, label + text}, piece{s, rest})
}

// targetText says what the block must be given by the operator at fault.
func (p *printer) targetText(f Frame) string {
	switch op := p.d.Op.Text; {
	case strings.HasPrefix(op, "return"):
		return "  <- returns " + f.Leaves
	case f.Takes != "" && op != "end" && op != "else":
		return "  <- a branch here takes " + f.Takes
	case f.Leaves != "":
		return "  <- must leave " + f.Leaves
	}
	return ""
}
