// Package hostile makes modules that are small to send and, for a validator that
// is not careful, dear to validate: each is aimed at one part of it, and as large
// as one asks for. All lie within the default limits of package validator.
package hostile

import (
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// Module is a family of hostile modules, one for each size.
type Module struct {
	Name string
	// Aim says what is attacked.
	Aim string
	// Verdict is "valid", or the kind of error that the module must get.
	Verdict string
	// Features are those with which it gets the verdict.
	Features ops.Features
	// Make returns the module of about size bytes. It is a little larger, and
	// never smaller than what its declarations take: at most FixedSize bytes.
	Make func(size int) []byte
}

// FixedSize is the number of bytes below which no module of the package is sure
// to be made.
const FixedSize = 700 << 10

// All returns the families, in an order that keeps those with one aim together.
func All() []Module {
	return slices.Concat(
		labels(), wideLists(), pairs(), blocks(), locals(), functions(), typeDefinitions(), aggregates(), declarations(), segments(),
		operators(), encodings(), mistakes(),
	)
}

// Find returns the family with the name.
func Find(name string) (m Module, ok bool) {
	all := All()
	i := slices.IndexFunc(all, func(m Module) bool { return m.Name == name })
	if i < 0 {
		return Module{}, false
	}
	return all[i], true
}

// valid describes a family of modules that are valid with the default features.
func valid(name, aim string, make func(size int) []byte) Module {
	return Module{Name: name, Aim: aim, Verdict: "valid", Features: ops.Default, Make: make}
}
