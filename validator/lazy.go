package validator

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Lazy is a module whose spine is valid and whose bodies are validated one by
// one, each the first time that somebody asks for it. It is safe for concurrent
// use.
type Lazy struct {
	funcs     []FuncToValidate[*module.Module]
	verdicts  []verdict
	module    *module.Module
	validated atomic.Int64
}

// verdict is what is known of one body.
type verdict struct {
	once sync.Once
	err  error
}

// NewLazy validates the spine of a module, as [Spine] does, and returns the module
// with its bodies unvalidated. It refers to wasm, which must not change as long
// as the Lazy is in use.
func NewLazy(ctx context.Context, wasm []byte, opts ...Option) (*Lazy, error) {
	m, funcs, err := Spine(ctx, wasm, opts...)
	if err != nil {
		return nil, err
	}
	return &Lazy{funcs: funcs, verdicts: make([]verdict, len(funcs)), module: m}, nil
}

// lazyValidators serve every Lazy, whatever its module.
var lazyValidators = NewPool[*module.Module](nil, ops.Default)

// Module returns the declarations. What [module.Module.RequiredFeatures] says of
// them does not include what only the bodies need.
func (l *Lazy) Module() *module.Module { return l.module }

// Validate validates the body of the function at index, imports counted, or
// returns the verdict that was found before. Of several goroutines that ask for
// the same body at once, one validates it and the others wait. An imported
// function is always valid.
//
// The error is an [*Error] about this body alone; an index beyond the functions
// of the module is an error that is not one.
func (l *Lazy) Validate(index uint32) error {
	imported := l.module.Decls().ImportedFuncs
	switch {
	case int64(index) >= int64(l.module.NumFuncs()):
		return fmt.Errorf("unknown function %d", index)
	case index < imported:
		return nil
	}
	v := &l.verdicts[index-imported]
	v.once.Do(func() {
		v.err = errUnfinished // if it panics, which nobody may take for a verdict
		v.err = validateWithPool(l.funcs[index-imported])
		l.validated.Add(1)
	})
	return v.err
}

// validateWithPool validates one body with a validator of the pool.
func validateWithPool(f FuncToValidate[*module.Module]) error {
	a, err := f.Assign(lazyValidators.Get())
	if err != nil {
		return err
	}
	err = a.Validate(f.Body)
	if perr := lazyValidators.Put(a.Abandon()); err == nil {
		err = perr
	}
	return err
}

// Validated returns how many bodies have been validated so far, whatever the
// verdict, and how many there are.
func (l *Lazy) Validated() (done, total int) { return int(l.validated.Load()), len(l.funcs) }
