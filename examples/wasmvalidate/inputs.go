package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// standardInput is the name that stands for it.
const standardInput = "-"

// input is something to be judged: a file, or an archive of files.
type input struct {
	name  string    // as it was given, or found
	path  string    // of the file, which is an archive when there is an entry
	entry string    // the only entry of the archive that is meant; "" means all
	kind  container // what the file is by its name
	found bool      // it was not named itself: it lies in a directory that was
	size  int64     // of the file in bytes; 0 when it is not known
	err   error     // why it cannot be judged; it does not say the name
}

// inputs returns what the operands and the file called from name, in order.
func (c *call) inputs() ([]input, error) {
	var list []input
	for _, name := range c.operands {
		list = appendInputs(list, name, true)
	}
	if c.filesFrom != "" {
		names, err := c.readNames(c.filesFrom)
		if err != nil {
			return nil, fmt.Errorf("-files-from %s: %w", c.filesFrom, err)
		}
		for _, name := range names {
			list = appendInputs(list, name, false)
		}
	}
	uses := 0
	if c.filesFrom == standardInput {
		uses++
	}
	for _, in := range list {
		if in.name == standardInput {
			uses++
		}
	}
	if uses > 1 {
		return nil, errors.New("standard input can be read only once")
	}
	return list, nil
}

// readNames returns the lines of a file.
func (c *call) readNames(from string) ([]string, error) {
	r := c.stdin
	if from != standardInput {
		f, err := os.Open(from)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	var names []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if name := strings.TrimSuffix(lines.Text(), "\r"); name != "" {
			names = append(names, name)
		}
	}
	return names, lines.Err()
}

// appendInputs appends what a name stands for: standard input, a file, the files
// in a directory, an entry of an archive or, if it may be one, the files that a
// pattern matches.
func appendInputs(list []input, name string, pattern bool) []input {
	if name == standardInput {
		return append(list, input{name: name})
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return appendDirectory(list, name)
	case err == nil:
		return append(list, newInput(name, info))
	}
	if in, ok := entryInput(name); ok {
		return append(list, in)
	}
	if pattern && strings.ContainsAny(name, "*?[{") {
		return appendMatches(list, name)
	}
	if strings.HasPrefix(name, "-") {
		err = errors.New("no such file (flags come before files)")
	}
	return append(list, input{name: name, err: err})
}

// newInput returns the input that is a file.
func newInput(name string, info fs.FileInfo) input {
	in := input{name: name, path: name, kind: containerOf(name)}
	if info.Mode().IsRegular() {
		in.size = info.Size()
	}
	return in
}

// entryInput returns the input that a name like archive.zip!entry stands for.
func entryInput(name string) (input, bool) {
	for i := range len(name) {
		if name[i] != '!' || !containerOf(name[:i]).archive() {
			continue
		}
		if info, err := os.Stat(name[:i]); err == nil && !info.IsDir() {
			in := newInput(name[:i], info)
			in.name, in.entry = name, name[i+1:]
			return in, true
		}
	}
	return input{}, false
}

// appendMatches appends the files that a pattern matches, in the order of their
// names.
func appendMatches(list []input, pattern string) []input {
	names, err := doublestar.FilepathGlob(pattern)
	if err == nil && len(names) == 0 {
		err = errors.New("no file matches")
	}
	if err != nil {
		return append(list, input{name: pattern, err: err})
	}
	for _, name := range names {
		list = appendInputs(list, name, false)
	}
	return list
}

// appendDirectory appends the modules and archives in a directory and those
// below it, in the order of their names. Links to directories are not followed.
func appendDirectory(list []input, dir string) []input {
	before := len(list)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			list = append(list, input{name: path, err: err, found: true})
			return nil
		}
		if d.IsDir() || !wanted(path) {
			return nil
		}
		info, err := os.Stat(path)
		if err == nil && info.IsDir() {
			return nil
		}
		in := input{name: path, err: err}
		if err == nil {
			in = newInput(path, info)
		}
		in.found = true
		list = append(list, in)
		return nil
	})
	if err == nil && len(list) == before {
		err = errors.New("no module in this directory")
	}
	if err != nil {
		list = append(list, input{name: dir, err: err})
	}
	return list
}

// wanted reports whether a file in a directory is judged: whether its name is
// that of a module or of an archive.
func wanted(path string) bool {
	kind := containerOf(path)
	return kind.archive() || isModuleName(strings.TrimSuffix(strings.ToLower(path), ".gz"))
}

// isModuleName reports whether a file is a module by its name.
func isModuleName(name string) bool { return strings.EqualFold(filepath.Ext(name), ".wasm") }

// open opens the file of an input.
func (in input) open(stdin io.Reader) (io.ReadCloser, error) {
	if in.name == standardInput {
		return io.NopCloser(stdin), nil
	}
	return os.Open(in.path)
}
