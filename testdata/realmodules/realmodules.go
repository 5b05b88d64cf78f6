// Package realmodules gives tests and benchmarks the modules that compilers
// made: those in the repository, and those of npm packages once they are
// fetched.
package realmodules

import (
	"io/fs"
	"path"
	"strings"

	"github.com/wasmstate/wasmstate/testdata"
)

// Module is a module that a compiler made.
type Module struct {
	Name  string // without the extension
	Bytes []byte // the caller must not change them
}

// All returns the modules in the repository, by name.
func All() []Module {
	files, err := fs.Glob(testdata.Files, "*.wasm")
	if err != nil {
		panic(err) // the pattern is constant
	}
	modules := make([]Module, len(files))
	for i, f := range files {
		modules[i] = Module{Name: strings.TrimSuffix(f, path.Ext(f)), Bytes: read(f)}
	}
	return modules
}

// read returns an embedded file, which cannot be missing.
func read(name string) []byte {
	b, err := testdata.Files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}
