package explain

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// row is one line of the listing.
type row struct {
	Operator
	gap   bool // operators are left out here
	label string
	style style // of the label
	from  bool  // the first wrong operand comes from here
}

// textColumn is the longest text of an operator in a listing.
const textColumn = 44

// rows chooses the operators to show: those around the one at fault, and those
// that its operands come from.
func (p *printer) rows() (rows []row, fault int) {
	list := p.d.Listing
	fault = -1
	for i := range list {
		if list[i].Fault {
			fault = i
		}
	}
	if fault < 0 {
		return nil, -1
	}
	near := max(p.o.Context, 0)
	first, last := max(fault-near, 0), min(fault+near, len(list)-1)
	start := list[first].Offset
	for _, w := range p.origins() {
		o := w.Found.Origin
		if o.Offset < start && len(rows) < 4 && !hasRow(rows, o.Offset) {
			rows = insertRow(rows, row{Operator: Operator{Offset: o.Offset, Text: o.Text, Note: o.Note, Depth: list[first].Depth}})
		}
	}
	rows = withGaps(rows, list, first)
	for i := first; i <= last; i++ {
		if i == fault {
			fault = len(rows)
			rows = append(rows, row{Operator: list[i]})
			first = -1
			for _, l := range list[i+1 : last+1] {
				rows = append(rows, row{Operator: l})
			}
			break
		}
		rows = append(rows, row{Operator: list[i]})
	}
	p.labels(rows[:fault])
	p.told = allTold(p.d.Want, rows)
	return rows, fault
}

// allTold reports whether the rows show each operand with where it comes from.
func allTold(list []Want, rows []row) bool {
	for _, w := range list {
		if w.Verdict == Missing && w.Found == nil {
			continue
		}
		if w.Found == nil || w.Found.Origin == nil || w.Found.Source != nil || w.Found.Origin.Role != "" || !hasRow(rows, w.Found.Origin.Offset) {
			return false
		}
	}
	return true
}

// withGaps puts gaps behind the rows that do not lie directly before the operator
// number first of the listing.
func withGaps(rows []row, list []Operator, first int) (out []row) {
	for i, r := range rows {
		out = append(out, r)
		next := list[first].Offset
		if i+1 < len(rows) {
			next = rows[i+1].Offset
		}
		for k := range list {
			if list[k].Offset == r.Offset && k+1 < len(list) && list[k+1].Offset == next {
				next = -1
			}
		}
		if next >= 0 {
			out = append(out, row{gap: true})
		}
	}
	return out
}

// origins returns the operands wanted that have an origin.
func (p *printer) origins() (list []Want) {
	for _, w := range p.d.Want {
		if w.Found != nil && w.Found.Origin != nil {
			list = append(list, w)
		}
	}
	return list
}

// hasRow reports whether there is a row for the offset.
func hasRow(rows []row, offset int) bool {
	for _, r := range rows {
		if r.Offset == offset {
			return true
		}
	}
	return false
}

// insertRow inserts a row in the order of the offsets.
func insertRow(rows []row, r row) []row {
	i := len(rows)
	for i > 0 && rows[i-1].Offset > r.Offset {
		i--
	}
	rows = append(rows, row{})
	copy(rows[i+1:], rows[i:])
	rows[i] = r
	return rows
}

// labels writes next to each row which operands come from there.
func (p *printer) labels(rows []row) {
	for k := len(p.d.Want) - 1; k >= 0; k-- {
		w := p.d.Want[k]
		if w.Found == nil || w.Found.Origin == nil {
			continue
		}
		for i := range rows {
			r := &rows[i]
			if r.gap || r.Offset != w.Found.Origin.Offset {
				continue
			}
			text, s := w.Found.Type, faint
			switch w.Verdict {
			case Wrong:
				text, s = fmt.Sprintf("%s, but %s is wanted", w.Found.Type, wantedPhrase(w.Want)), mark
			case Extra:
				text, s = w.Found.Type+" is left over", mark
			}
			if r.label != "" {
				text = r.label + "; " + text
				s = max(s, r.style)
			}
			r.label, r.style = text, s
		}
	}
	if i := slices.IndexFunc(rows, func(r row) bool { return r.style == mark }); i >= 0 {
		rows[i].from = true
	}
}

// wantedPhrase puts an article in front of what is no type but a kind of types.
func wantedPhrase(want string) string {
	switch want {
	case anyRefText:
		return "a reference"
	case anyNumberText:
		return "a number or vector"
	}
	return want
}

// listing writes the operators around the one at fault.
func (p *printer) listing() {
	rows, fault := p.rows()
	if rows == nil {
		return
	}
	column, deepest, least, text := 0, 0, rows[fault].Depth, 0
	from := -1
	for i, r := range rows {
		if r.gap {
			continue
		}
		column = max(column, len(hex(r.Offset)))
		deepest = max(deepest, r.Depth)
		least = min(least, r.Depth)
		if r.from {
			from = i
		}
	}
	for i := range rows {
		if rows[i].label != "" {
			text = max(text, min(p.indent(rows[i].Depth, least)+utf8.RuneCountInString(rowText(rows[i])), textColumn))
		}
	}
	blank := piece{frame, " " + strings.Repeat(" ", column) + " |"}
	p.line(blank)
	for i, r := range rows {
		p.row(r, i, fault, from, column, text, least)
		if i == fault {
			p.caret(r, blank, from >= 0, p.indent(r.Depth, least))
		}
	}
}

// indent is how far an operator is indented: less where there is little room.
func (p *printer) indent(depth, least int) int {
	return 2 * min(depth-least, 10, max((p.o.Width-28)/3, 0))
}

// rowText returns the operator and its note.
func rowText(r row) string {
	if r.Note != "" {
		return cutText(r.Text, textColumn) + " $" + r.Note
	}
	return cutText(r.Text, textColumn)
}

// cutText shortens a text, between two words if the first are not much shorter.
func cutText(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	s = cutRunes(s, n-1)
	if i := strings.LastIndexByte(s, ' '); i > n/2 {
		s = strings.TrimRight(s[:i], " …") + " "
	}
	return s + "…"
}

// row writes one operator.
func (p *printer) row(r row, i, fault, from, column, text, least int) {
	if r.gap {
		p.line(piece{frame, " " + strings.Repeat(" ", column) + " : "}, piece{mark, gutter(i, fault, from)}, piece{faint, "…"})
		return
	}
	offset := fmt.Sprintf(" %*s | ", column, hex(r.Offset))
	head, body := frame, plain
	if i == fault {
		offset = fmt.Sprintf(">%*s | ", column, hex(r.Offset))
		head, body = bad, strong
	}
	indent := p.indent(r.Depth, least)
	note := ""
	if r.Note != "" {
		note = " $" + r.Note
	}
	op := cutText(r.Text, textColumn)
	if i == fault {
		lines := p.wholeText(r, column, from >= 0, indent)
		op = lines[0]
		if len(lines) > 1 {
			p.line(piece{head, offset}, piece{mark, gutter(i, fault, from)}, piece{body, strings.Repeat(" ", indent) + op})
			for _, l := range lines[1:] {
				p.line(piece{frame, " " + strings.Repeat(" ", column) + " | "}, piece{mark, gutterBelow(i, fault, from)}, piece{body, strings.Repeat(" ", indent) + l})
			}
			return
		}
		op = strings.TrimSuffix(op, note)
	}
	pieces := []piece{{head, offset}, {mark, gutter(i, fault, from)}, {plain, strings.Repeat(" ", indent)}, {body, op}, {faint, note}}
	if r.label == "" {
		p.line(pieces...)
		return
	}
	label := piece{r.style, strings.Repeat(" ", max(text-indent-utf8.RuneCountInString(op+note), 0)) + "  ; " + r.label}
	if lengthOf(pieces)+lengthOf([]piece{label}) <= p.o.Width {
		p.line(append(pieces, label)...)
		return
	}
	p.line(pieces...)
	blank := piece{frame, " " + strings.Repeat(" ", column) + " | "}
	bar := piece{mark, gutterBelow(i, fault, from)}
	pad := strings.Repeat(" ", indent)
	for _, l := range wrap("; "+r.label, p.o.Width-lengthOf([]piece{blank, bar})-indent) {
		p.line(blank, bar, piece{plain, pad}, piece{r.style, l})
	}
}

// lengthOf returns how many columns pieces take.
func lengthOf(pieces []piece) (n int) {
	for _, it := range pieces {
		n += utf8.RuneCountInString(it.text)
	}
	return n
}

// wholeText returns the operator at fault and its note, on as many lines as they
// take.
func (p *printer) wholeText(r row, column int, drawn bool, indent int) []string {
	text := r.Text
	if r.Note != "" {
		text += " $" + r.Note
	}
	room := p.o.Width - column - len("> | ") - indent
	if drawn {
		room -= utf8.RuneCountInString(gutter(0, 0, 0))
	}
	return wrap(text, room)
}

// gutter draws the line from the operator that the wrong operand comes from to
// the one at fault.
func gutter(i, fault, from int) string {
	switch {
	case from < 0:
		return ""
	case i == from:
		return "╭─ "
	case i > from && i < fault:
		return "│  "
	case i == fault:
		return "╰> "
	}
	return "   "
}

// gutterBelow draws the line on what is written below a row.
func gutterBelow(i, fault, from int) string {
	switch {
	case from < 0:
		return ""
	case i >= from && i < fault:
		return "│  "
	}
	return "   "
}

// caret writes what is wrong under the operator at fault.
func (p *printer) caret(r row, blank piece, drawn bool, indent int) {
	n := 1
	lines := p.wholeText(r, lengthOf([]piece{blank})-3, drawn, indent)
	if len(lines) == 1 {
		lines[0] = r.Text
	}
	for _, l := range lines {
		n = max(n, utf8.RuneCountInString(l))
	}
	if drawn {
		indent += 3
	}
	p.below(blank, " "+strings.Repeat(" ", indent), strings.Repeat("^", n)+" ", p.finding())
}

// finding says in short what is wrong with the operator.
func (p *printer) finding() string {
	d := p.d
	if d.Want == nil {
		first, rest, _ := strings.Cut(d.Message, ": ")
		if first == "type mismatch" && rest != "" {
			return rest
		}
		return first
	}
	var wanted, found []string
	missing := 0
	for _, w := range d.Want {
		if w.Verdict != Extra {
			wanted = append(wanted, w.Want)
		}
		switch {
		case w.Found != nil:
			found = append(found, w.Found.Type)
		case w.Verdict == Missing:
			missing++
		}
	}
	verb := "wants"
	if d.Target != nil && d.Op != nil && (d.Op.Text == "end" || d.Op.Text == "else") {
		verb = strings.Replace(d.Target.Kind, "func", "function", 1) + " must leave"
	}
	text := fmt.Sprintf("%s %s, finds %s", verb, listText(wanted), listText(found))
	if missing > 0 {
		text += fmt.Sprintf(": %s missing", map[bool]string{true: "1 is", false: fmt.Sprintf("%d are", missing)}[missing == 1])
	}
	return text
}

// listText writes a list of types, with the topmost ones if it is long.
func listText(ts []string) string {
	if len(ts) > maxTypes {
		ts = append([]string{fmt.Sprintf("… %d more", len(ts)-maxTypes)}, ts[len(ts)-maxTypes:]...)
	}
	return "[" + strings.Join(ts, " ") + "]"
}
