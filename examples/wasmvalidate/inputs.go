package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// standardInput is the name that stands for it.
const standardInput = "-"

// inputs are the files to validate, in order.
type inputs struct {
	names []string
	stdin io.Reader
}

// newInputs returns the files named, and those that the file called from lists,
// unless that is "".
func newInputs(names []string, from string, stdin io.Reader) (*inputs, error) {
	in := &inputs{names: slices.Clone(names), stdin: stdin}
	if from != "" {
		list, err := in.open(from)
		if err != nil {
			return nil, err
		}
		defer list.Close()
		lines := bufio.NewScanner(list)
		for lines.Scan() {
			if lines.Text() != "" {
				in.names = append(in.names, lines.Text())
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("-files-from %s: %w", from, err)
		}
	}
	uses := 0
	for _, n := range append(slices.Clone(in.names), from) {
		if n == standardInput {
			uses++
		}
	}
	if uses > 1 {
		return nil, errors.New("standard input can be read only once")
	}
	return in, nil
}

// open opens one file.
func (in *inputs) open(name string) (io.ReadCloser, error) {
	if name == standardInput {
		return io.NopCloser(in.stdin), nil
	}
	return os.Open(name)
}

// totalSize returns the size in bytes of all files whose size is known.
func (in *inputs) totalSize() int64 {
	total := int64(0)
	for _, name := range in.names {
		total += fileSize(name)
	}
	return total
}

// fileSize returns the size in bytes of a regular file, 0 of anything else.
func fileSize(name string) int64 {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}
