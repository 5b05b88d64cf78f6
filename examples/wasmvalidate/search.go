package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// errNoModule says that there is nothing to judge in a directory.
var errNoModule = errors.New("no module in this directory")

// appendMatches appends the files that a pattern matches and those in the
// directories that it matches, each once, in the order of their names, and what
// could not be searched. Links to directories are not followed: they may lead in
// circles.
func appendMatches(list []input, pattern string) []input {
	names, err := doublestar.FilepathGlob(pattern, doublestar.WithNoFollow(), doublestar.WithFailOnIOErrors())
	if err != nil && !errors.Is(err, doublestar.ErrBadPattern) {
		list = append(list, input{name: pattern, err: err})
		names, err = doublestar.FilepathGlob(pattern, doublestar.WithNoFollow())
	}
	// What is in a directory that matches may match as well.
	seen := map[string]bool{}
	for _, name := range names {
		for _, in := range appendInputs(nil, name, false) {
			if !seen[in.name] && in.err != errNoModule {
				seen[in.name] = true
				list = append(list, in)
			}
		}
	}
	if err == nil && len(seen) == 0 {
		err = errors.New("no file matches")
	}
	if err != nil {
		list = append(list, input{name: pattern, err: err})
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
		if err == nil && !info.Mode().IsRegular() {
			err = errors.New("not an ordinary file") // opening a pipe may wait for ever
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
		err = errNoModule
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
