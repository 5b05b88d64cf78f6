package main

import (
	"io"
	"slices"
	"sync"
)

// headSize is how many bytes at the front of a file tell what it is.
const headSize = 4096

// watch counts the bytes that are read from r and keeps the first of them. A Read
// that an interrupt left behind may still be under way when it is asked.
type watch struct {
	r    io.Reader
	mu   sync.Mutex
	n    int64
	head []byte
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n += int64(n)
	w.head = append(w.head, p[:min(n, headSize-len(w.head))]...)
	return n, err
}

// seen returns how many bytes were read, and the first of them.
func (w *watch) seen() (int64, []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.n, slices.Clone(w.head)
}
