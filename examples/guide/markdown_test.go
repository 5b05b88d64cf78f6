package guide_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/matryer/is"
)

// root is the root of the repository.
const root = "../.."

// page is one file of Markdown, as far as the tests look into it.
type page struct {
	file     string // from the root, with slashes
	anchors  map[string]bool
	blocks   []block
	prose    []line // lines outside code, with code spans taken out
	commands []line // lines of code that is not Go, and code spans
}

// line is one line of a page; number counts from 1.
type line struct {
	number int
	text   string
}

// block is code between fences.
type block struct {
	language string
	// note is the comment in front of the block, "given: ctx context.Context": a
	// word, and what it says.
	note, value string
	start       int // number of the first line of code
	code        string
}

var (
	fence    = regexp.MustCompile("^ *(```+|~~~+) *([a-z]*) *$")
	comment  = regexp.MustCompile(`^<!-- ([a-z]+): (.*) -->$`)
	heading  = regexp.MustCompile(`^#{1,6} +(.*?) *#*$`)
	codeSpan = regexp.MustCompile("(`+)([^`]|[^`].*?[^`])(`+)")
)

// pages reads all Markdown of the repository.
func pages(t *testing.T) (list []*page) {
	t.Helper()
	is := is.New(t)
	is.NoErr(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		p, err := parse(filepath.ToSlash(file), string(text))
		list = append(list, p)
		return err
	}))
	is.True(len(list) >= 8) // the front page, the guide, and those in testdata
	return list
}

// parse divides a page.
func parse(file, text string) (*page, error) {
	p := &page{file: file, anchors: map[string]bool{}}
	var open *block
	var end string
	note := []string{"", "", ""}
	blank := true // the line before was, or was indented code
	for i, text := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		l := line{i + 1, strings.TrimSuffix(text, "\r")}
		if open != nil {
			if strings.TrimSpace(l.text) == end {
				p.blocks = append(p.blocks, *open)
				open = nil
				continue
			}
			open.code += l.text + "\n"
			if open.language != "go" {
				p.commands = append(p.commands, l)
			}
			continue
		}
		if m := fence.FindStringSubmatch(l.text); m != nil {
			open, end = &block{language: m[2], note: note[1], value: note[2], start: l.number + 1}, m[1]
			continue
		}
		note = []string{"", "", ""}
		if m := comment.FindStringSubmatch(l.text); m != nil {
			note = m
		}
		if strings.HasPrefix(l.text, "    ") && blank {
			p.commands = append(p.commands, l)
			continue
		}
		blank = strings.TrimSpace(l.text) == ""
		if m := heading.FindStringSubmatch(l.text); m != nil {
			p.anchors[p.anchor(m[1])] = true
		}
		for _, m := range codeSpan.FindAllStringSubmatch(l.text, -1) {
			p.commands = append(p.commands, line{l.number, m[2]})
		}
		p.prose = append(p.prose, line{l.number, codeSpan.ReplaceAllString(l.text, "")})
	}
	if open != nil {
		return p, fmt.Errorf("%s:%d: the code has no end", file, open.start-1)
	}
	return p, nil
}

// anchor returns what links call a heading.
func (p *page) anchor(title string) string {
	var name strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r == ' ':
			name.WriteByte('-')
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			name.WriteRune(r)
		}
	}
	anchor := name.String()
	for n := 1; p.anchors[anchor]; n++ {
		anchor = fmt.Sprintf("%s-%d", name.String(), n)
	}
	return anchor
}
