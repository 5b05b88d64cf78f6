//go:build linux || darwin

package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/matryer/is"
)

// A pipe in a directory is not waited for.
func TestPipeInDirectory(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "good.wasm", good().Bytes())
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.wasm"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	r := command(t, dir, "", "-verbose", ".")
	is.Equal(r.status, 2)
	is.True(strings.HasPrefix(r.stdout, "good.wasm: valid"))
	is.True(strings.HasPrefix(r.stderr, "wasmvalidate: pipe.wasm: not an ordinary file\n"))
}
