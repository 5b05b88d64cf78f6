// Package testdata holds the inputs of tests and benchmarks: real modules from
// several compilers, each beside its source and the command that makes it, and
// the manifest of the npm packages that have larger ones.
//
// Package realmodules offers them to tests.
package testdata

import "embed"

// Files holds the modules and the manifest npm.json.
//
//go:embed *.wasm npm.json
var Files embed.FS
