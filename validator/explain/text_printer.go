package explain

import (
	"strings"
	"unicode/utf8"
)

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

// flow writes pieces on as many lines as they take; those after the first begin
// with an indent. A piece begins a new line if it fits on one and not on what is
// left of the one before.
func (p *printer) flow(indent int, pieces ...piece) {
	f := flow{width: p.o.Width, indent: min(indent, p.o.Width/4)}
	for _, it := range pieces {
		f.piece(it)
	}
	for _, line := range f.lines {
		p.line(line...)
	}
}

// wrap divides text into lines of at most width runes.
func wrap(text string, width int) (lines []string) {
	f := flow{width: max(width, 10)}
	f.piece(piece{plain, text})
	for _, pieces := range f.lines {
		line := ""
		for _, it := range pieces {
			line += it.text
		}
		lines = append(lines, line)
	}
	return lines
}

// flow is text that is being divided into lines.
type flow struct {
	width, indent int
	column        int // of the last line
	lines         [][]piece
}

// piece adds a piece.
func (f *flow) piece(it piece) {
	rest := it.text
	text := strings.TrimLeft(rest, " ")
	if n := utf8.RuneCountInString(text); f.column+len(rest)-len(text)+n > f.width && n <= f.width-f.indent {
		f.newline()
		rest = text
	}
	for rest != "" {
		n := wordLen(rest, f.width-f.indent)
		f.word(it.style, rest[:n])
		rest = rest[n:]
	}
}

// newline begins a line, unless the last one is empty.
func (f *flow) newline() {
	if f.column > f.indent {
		f.lines = append(f.lines, []piece{{plain, strings.Repeat(" ", f.indent)}})
		f.column = f.indent
	}
}

// word adds a word with the spaces before it, divided where it fits on no line.
func (f *flow) word(s style, word string) {
	if len(f.lines) == 0 {
		f.lines = [][]piece{nil}
	}
	if f.column+utf8.RuneCountInString(word) > f.width {
		f.newline()
		word = strings.TrimLeft(word, " ")
	}
	for word != "" {
		head := cutRunes(word, f.width-f.column)
		last := &f.lines[len(f.lines)-1]
		*last = append(*last, piece{s, head})
		f.column += utf8.RuneCountInString(head)
		if word = word[len(head):]; word != "" {
			f.newline()
		}
	}
}

// wordLen returns how long the first word of s is, with the spaces before it. What
// stands in parentheses or backquotes is one word if it is no longer than most.
func wordLen(s string, most int) int {
	start := len(s) - len(strings.TrimLeft(s, " "))
	first, depth, quoted := len(s), 0, false
	for i := start; i < len(s) && i-start <= most; i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '`':
			quoted = !quoted
		case ' ':
			if depth <= 0 && !quoted {
				return i
			}
			first = min(first, i)
		}
	}
	if len(s)-start <= most && depth <= 0 && !quoted {
		return len(s)
	}
	if first == len(s) {
		if i := strings.IndexByte(s[start:], ' '); i >= 0 {
			return start + i
		}
	}
	return first
}
