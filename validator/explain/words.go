package explain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
)

// clean returns s without what a terminal or a reader could be misled by: control
// characters, marks that change the direction of text, other invisible characters
// and invalid UTF-8 are written as escapes. It is at most about most bytes long.
func clean(s string, most int) string {
	var b strings.Builder
	for i, n := 0, 0; i < len(s); i += n {
		var r rune
		r, n = utf8.DecodeRuneInString(s[i:])
		if b.Len() >= most {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}

// typesText writes a list of types as the specification does: "[i32 i64]".
func typesText(ts []ops.ValType) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i == maxTypes-1 && len(ts) > maxTypes {
			fmt.Fprintf(&b, "… %d more", len(ts)-i)
			break
		}
		b.WriteString(t.String())
	}
	b.WriteByte(']')
	return b.String()
}

// arrow writes a function type: "[i32 i32] -> [i64]".
func arrow(params, results []ops.ValType) string {
	return typesText(params) + " -> " + typesText(results)
}

// instrText writes an operator, with long lists of immediates cut short.
func instrText(in *ops.Instr) string {
	const most = maxTypes
	short := *in
	more := 0
	if n := len(short.Labels); n > most {
		short.Labels, more = short.Labels[:most], n-most
	}
	if n := len(short.Catches); n > most {
		short.Catches, more = short.Catches[:most], n-most
	}
	if n := len(short.Handlers); n > most {
		short.Handlers, more = short.Handlers[:most], n-most
	}
	if n := len(short.Types); n > most {
		short.Types, more = short.Types[:most], n-most
	}
	text := clean(short.String(), maxText)
	if row := in.Op.Row(); more > 0 && row != nil && hasList(row.Imm.Kind) {
		text += fmt.Sprintf(" … %d more", more)
	}
	return text
}

// hasList reports whether the immediates of a kind contain a list.
func hasList(k ops.ImmKind) bool {
	switch k {
	case ops.ImmLabels, ops.ImmTry, ops.ImmResume, ops.ImmResumeThrow, ops.ImmSelect:
		return true
	}
	return false
}

// hexBytes writes at most n bytes in hexadecimal.
func hexBytes(b []byte, n int) string {
	var s strings.Builder
	for i, c := range b {
		if i == n {
			s.WriteString(" …")
			break
		}
		if i > 0 {
			s.WriteByte(' ')
		}
		fmt.Fprintf(&s, "%02x", c)
	}
	return s.String()
}

// hex writes an offset.
func hex(offset int) string { return "0x" + strconv.FormatInt(int64(offset), 16) }

// count writes a number of things: "1 local", "no locals".
func count(n int, thing string) string {
	switch n {
	case 0:
		return "no " + plural(thing)
	case 1:
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + plural(thing)
}

// plural returns the plural of a noun.
func plural(thing string) string {
	if before, ok := strings.CutSuffix(thing, "y"); ok {
		return before + "ies"
	}
	return thing + "s"
}

// quoteOp puts the text of an operator between backquotes.
func quoteOp(text string) string { return "`" + text + "`" }
