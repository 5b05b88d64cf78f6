package module_test

import (
	"errors"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
)

// What is derived from a module is derived once for each type.
func TestDerived(t *testing.T) {
	is := is.New(t)
	b := module.NewBuilder()
	b.AddData()
	m, calls := b.Module(), 0
	for range 3 {
		is.Equal(module.Derived(m, func(m *module.Module) int { calls++; return m.NumData() }), 1)
		is.Equal(module.Derived(m, func(*module.Module) string { calls++; return "text" }), "text")
		is.Equal(module.Derived(m, func(*module.Module) error { calls++; return errors.ErrUnsupported }), errors.ErrUnsupported)
	}
	is.Equal(calls, 3)
	is.Equal(module.Derived(m, func(*module.Module) any { return nil }), nil) // kept like any other
}
