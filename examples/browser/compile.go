package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is the package that runs in the browser.
const program = "github.com/wasmstate/wasmstate/examples/browser/wasm"

// made is the files of the page that the Go toolchain has or makes.
type made struct {
	program []byte // the WebAssembly module
	support []byte // the script that a module made by Go needs around it
}

// compile makes them. It needs the go command, and to be run within the
// repository.
func compile(ctx context.Context) (m made, err error) {
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "program.wasm")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, program)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if said, err := build.CombinedOutput(); err != nil {
		return m, fmt.Errorf("go build %s: %w\n%s", program, err, bytes.TrimSpace(said))
	}
	if m.program, err = os.ReadFile(out); err != nil {
		return m, err
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return m, fmt.Errorf("go env GOROOT: %w", err)
	}
	m.support, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	return m, err
}
