package module_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
)

// What is derived from a module is derived once.
func TestDerived(t *testing.T) {
	is := is.New(t)
	b := module.NewBuilder()
	b.AddData()
	m, calls := b.Module(), 0
	for range 3 {
		is.Equal(m.Derived(func(m *module.Module) any { calls++; return m.NumData() }), 1)
	}
	is.Equal(calls, 1)
}
