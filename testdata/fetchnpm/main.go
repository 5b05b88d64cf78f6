// Fetchnpm puts the modules that npm.json pins into the folder where tests and
// benchmarks look for them, and verifies them. What is there already and right
// stays. It needs npm.
//
//	go run ./testdata/fetchnpm [name ...]
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/wasmstate/wasmstate/testdata/realmodules"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fetchnpm:", err)
		os.Exit(1)
	}
}

// run fetches the modules named, or all, and prints one line for each.
func run(names []string, out io.Writer) error {
	dir, err := realmodules.Dir()
	if err != nil {
		return err
	}
	for _, m := range realmodules.Manifest() {
		if len(names) > 0 && !slices.Contains(names, m.Name) {
			continue
		}
		if _, err := m.Read(dir); err != nil {
			if err := fetch(m, dir); err != nil {
				return err
			}
		}
		fmt.Fprintf(out, "%s %s\n", m.Name, m.File(dir))
	}
	return nil
}

// fetch installs the package of m in a folder of its own, without what it
// depends on running anything, and moves the one file that is wanted to its
// place.
func fetch(m realmodules.NPMModule, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(dir, "install")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	npm := exec.Command("npm", "install", "--prefix", temp, "--ignore-scripts", "--no-audit", "--no-fund",
		"--no-save", "--no-package-lock", "--silent", m.Package+"@"+m.Version)
	npm.Stdout, npm.Stderr = os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("npm install %s: %w", m.Package, err)
	}
	installed := filepath.Join(temp, "node_modules", filepath.FromSlash(m.Package), filepath.FromSlash(m.Path))
	wasm, err := os.ReadFile(installed)
	if err != nil {
		return err
	}
	if err := m.Verify(wasm); err != nil {
		return err
	}
	file := m.File(dir)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.Rename(installed, file)
}
