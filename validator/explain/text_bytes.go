package explain

import "strings"

// bytes writes the bytes around the offset, as many as a line has room for, and
// below them what they are.
func (p *printer) bytes() {
	b := p.d.Bytes
	if b == nil || b.Hex == "" {
		return
	}
	offset := hex(b.Offset)
	list := strings.Fields(b.Hex)
	room := max((p.o.Width-len(offset)-4)/3, 1)
	first := min(max(b.Mark-room/2, 0), max(len(list)-room, 0))
	list = list[first:min(first+room, len(list))]
	mark := b.Mark - first
	offset = hex(b.Offset + first)

	blank := piece{frame, " " + strings.Repeat(" ", len(offset)) + " |"}
	p.line(blank)
	p.line(piece{frame, " " + offset + " | "}, piece{plain, strings.Join(list, " ")})
	caret, text := "^^ ", b.Reading
	if mark >= len(list) {
		caret, text = "^ ", "the end of the bytes, in "+b.Reading
	}
	p.below(blank, " "+strings.Repeat("   ", mark), caret, text)
}

// below writes carets and a text behind them or, where that would be narrow, under
// them.
func (p *printer) below(blank piece, pad, carets, text string) {
	const narrow = 24
	width := p.o.Width - lengthOf([]piece{blank})
	room := width - len(pad) - len(carets)
	if room >= narrow || room >= len(text) {
		for _, l := range wrap(text, room) {
			p.line(blank, piece{plain, pad}, piece{bad, carets + l})
			carets = strings.Repeat(" ", len(carets))
		}
		return
	}
	p.line(blank, piece{plain, pad}, piece{bad, carets})
	pad = pad[:max(min(len(pad), width-narrow), 1)]
	for _, l := range wrap(text, width-len(pad)) {
		p.line(blank, piece{plain, pad}, piece{bad, l})
	}
}
