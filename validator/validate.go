package validator

import (
	"context"

	"github.com/wasmstate/wasmstate/module"
)

// Validate validates a whole module and returns its declarations. The bytes must
// not change during the call and are not needed after it.
//
// A module that is refused gets an [*Error]: the first in the order of the file,
// where what is malformed comes before what is invalid, because a module is
// decoded before it is validated. It is the same however many goroutines validate
// the bodies ([WithWorkers]); none of them outlives the call. When the context
// ends first, the error is its cause.
//
// Specification: 7.1 "Embedding", module_decode and module_validate.
func Validate(ctx context.Context, wasm []byte, opts ...Option) (*module.Module, error) {
	r := newRun(ctx, opts, int64(len(wasm)))
	defer r.close()
	return r.whole(wasm)
}

// tooLarge returns the error for a module of more bytes than the limit. It does not
// say how many there are, which a stream cannot know.
func tooLarge(l *Limits) error {
	return errorAt(Limit, 0, 0, "bytes of module exceed the limit of %d", l.ModuleSize)
}

// Spine validates everything of a module but its function bodies, and returns
// the declarations and one [FuncToValidate] for each body, in order. The
// functions refer to wasm, which must not change as long as they are in use.
//
// A module whose spine is invalid may be malformed in a body; then it is that
// error which is returned, as from [Validate].
func Spine(ctx context.Context, wasm []byte, opts ...Option) (*module.Module, []FuncToValidate[*module.Module], error) {
	r := newRun(ctx, opts, int64(len(wasm)))
	defer r.close()
	r.keep = true
	m, err := r.whole(wasm)
	if err != nil {
		return nil, nil, err
	}
	return m, r.kept(m), nil
}

// kept returns the bodies that were collected, which are those of m.
func (r *run) kept(m *module.Module) []FuncToValidate[*module.Module] {
	var limits *Limits // nil for the defaults: the run has its own to itself
	if r.config.limits != defaultLimits {
		l := r.config.limits
		limits = &l
	}
	funcs := r.bodies.tasks
	r.bodies.tasks = nil
	for i := range funcs {
		f := &funcs[i]
		f.Resources, f.Features, f.limits = m, r.config.features, limits
	}
	return funcs
}
