package module

// Derived returns the T that derive makes of m, which is made once and kept with m: a
// validator keeps here what it would otherwise make for each function. There is one for
// each type, so derive must be the same function every time; a type of one's own meets
// nobody else's. Safe for concurrent use; where many ask first, derive may be called by
// several.
func Derived[T any](m *Module, derive func(*Module) T) T {
	kept, ok := m.derived.Load(derivedKey[T]{})
	if !ok {
		kept, _ = m.derived.LoadOrStore(derivedKey[T]{}, derive(m))
	}
	t, _ := kept.(T) // a nil of an interface type is not a T
	return t
}

// derivedKey is where what is of type T is kept.
type derivedKey[T any] struct{}
