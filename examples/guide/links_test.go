package guide_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link   = regexp.MustCompile(`\]\(([^()\s]*)\)`)
	source = regexp.MustCompile(`(?:src|href)="([^"]*)"`)
	scheme = regexp.MustCompile(`^[a-z]+:`)
)

// Every link within the repository leads to a file, a folder or a heading.
func TestLinks(t *testing.T) {
	list := pages(t)
	byFile := map[string]*page{}
	for _, p := range list {
		byFile[p.file] = p
	}
	followed := 0
	for _, p := range list {
		for _, l := range p.prose {
			for _, m := range append(link.FindAllStringSubmatch(l.text, -1), source.FindAllStringSubmatch(l.text, -1)...) {
				if scheme.MatchString(m[1]) {
					continue
				}
				followed++
				if why := follow(p, m[1], byFile); why != "" {
					t.Errorf("%s:%d: %s: %s", p.file, l.number, m[1], why)
				}
			}
		}
	}
	if followed < 50 {
		t.Errorf("there are only %d links", followed)
	}
}

// follow returns what is wrong with a link on a page.
func follow(from *page, target string, byFile map[string]*page) string {
	file, anchor, _ := strings.Cut(target, "#")
	to := from
	if file != "" {
		file = path.Join(path.Dir(from.file), file)
		if !exists(file) {
			return "there is no such file"
		}
		to = byFile[file]
	}
	switch {
	case anchor == "":
		return ""
	case to == nil:
		return "an anchor in what is not Markdown"
	case !to.anchors[anchor]:
		return "there is no such heading"
	}
	return ""
}

// exists reports whether there is a file or folder in the repository.
func exists(file string) bool {
	if file == ".." || strings.HasPrefix(file, "../") {
		return false
	}
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(file)))
	return err == nil
}

// A path in a command or a code span begins with one of the rooms.
var place = regexp.MustCompile(`(?:^|[\s"'=])(?:\./)?((?:ops|module|state|validator|examples|testdata)/[\w./-]*|\.ci/run)`)

// Every path in a command, or between backquotes, leads somewhere.
func TestPaths(t *testing.T) {
	found := 0
	for _, p := range pages(t) {
		for _, l := range p.commands {
			for _, m := range place.FindAllStringSubmatch(l.text, -1) {
				found++
				name := strings.TrimSuffix(strings.TrimRight(m[1], "."), "/")
				if !exists(name) {
					t.Errorf("%s:%d: there is no %s", p.file, l.number, name)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("there are only %d paths", found)
	}
}
