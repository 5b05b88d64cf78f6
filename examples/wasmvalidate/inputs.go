package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
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
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, errors.New("a line is too long for the name of a file")
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
		if link, err := os.Lstat(name); pattern && err == nil && link.Mode()&fs.ModeSymlink != 0 {
			name += string(os.PathSeparator) // what is named itself is followed
		}
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
	switch {
	case strings.HasPrefix(name, "-"):
		err = errors.New("no such file (flags come before files)")
	case slices.Contains(commandNames(), name):
		err = errors.New("no such file (a command comes before flags)")
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

// open opens the file of an input.
func (in input) open(stdin io.Reader) (io.ReadCloser, error) {
	if in.name == standardInput {
		return io.NopCloser(stdin), nil
	}
	return os.Open(in.path)
}
