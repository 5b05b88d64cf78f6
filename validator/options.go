package validator

import (
	"runtime"

	"github.com/wasmstate/wasmstate/ops"
)

// Option changes how a whole module is validated.
type Option func(*config)

// config is what the options add up to.
type config struct {
	features ops.Features
	limits   Limits
	workers  int
	progress func(done, total int64)
}

// set applies the options to the defaults.
func (c *config) set(opts []Option) {
	*c = config{features: ops.Default, limits: defaultLimits}
	for _, o := range opts {
		o(c)
	}
	if c.workers <= 0 {
		c.workers = runtime.GOMAXPROCS(0)
	}
}

// WithFeatures sets what the module may use. Without it that is [ops.Default].
func WithFeatures(f ops.Features) Option {
	return func(c *config) { c.features = f }
}

// WithWorkers sets how many goroutines validate function bodies, the calling one
// included: 1 means the calling goroutine only; 0, the default, and less mean
// runtime.GOMAXPROCS.
func WithWorkers(n int) Option {
	return func(c *config) { c.workers = n }
}

// WithLimits sets the limits; fields that are zero keep their defaults.
func WithLimits(l Limits) Option {
	return func(c *config) { c.limits = l.withDefaults() }
}

// WithProgress has f called with how many bytes of the module are done, of how
// many in all; total is -1 while that is not known. The calls come from one
// goroutine at a time, done never decreases, and the last call, if the module is
// valid, has done equal to total. It must return quickly.
func WithProgress(f func(done, total int64)) Option {
	return func(c *config) { c.progress = f }
}
