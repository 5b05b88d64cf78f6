package main

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// style writes words in colours, or without.
type style struct{ on bool }

// newStyle returns the style for what is written to w.
func newStyle(use when, w io.Writer) style {
	return style{use.on(isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")}
}

func (s style) good(text string) string  { return s.paint(text, color.FgGreen) }
func (s style) bad(text string) string   { return s.paint(text, color.FgRed, color.Bold) }
func (s style) doubt(text string) string { return s.paint(text, color.FgYellow) }
func (s style) head(text string) string  { return s.paint(text, color.Bold) }
func (s style) faint(text string) string { return s.paint(text, color.Faint) }

func (s style) paint(text string, how ...color.Attribute) string {
	if !s.on || text == "" {
		return text
	}
	c := color.New(how...)
	c.EnableColor()
	return c.Sprint(text)
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width returns the number of columns of the terminal w, or what is usual
// elsewhere.
func width(w io.Writer) int {
	const usual, least = 80, 40
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return max(n, least)
		}
	}
	return usual
}

// plainName returns a file name fit for a line of text: quoted, where it would
// break the line or reach the terminal as more than text.
func plainName(name string) string {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, unprintable) {
		return strconv.Quote(name)
	}
	return name
}

// plain returns text without what a terminal would take for a command.
func plain(text string) string {
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unprintable(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
