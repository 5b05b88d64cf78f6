package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// verdict is what is said about one module.
type verdict struct {
	file      string
	found     bool  // it was not named itself
	bytes     int64 // read
	took      time.Duration
	features  []string  // that a valid module needs
	functions int       // that a valid module defines
	mistakes  []mistake // of one that is not valid; the first one gives the verdict
	hint      string    // what the bytes are instead of a module; "" if that is not known
	trouble   error     // why there is no verdict
}

// mistake is one reason why a module is not valid.
type mistake struct {
	*validator.Error
	funcName  string             // of the function at fault; "" without a name
	diagnosis *explain.Diagnosis // nil unless it was asked for
}

// newVerdict makes a verdict of what a validation returned.
func newVerdict(m *module.Module, err error, bytes int64, start time.Time) verdict {
	v := verdict{bytes: bytes, took: time.Since(start)}
	var refused *validator.Error
	var unpacked *unpackError
	switch {
	case err == nil:
		v.features, v.functions = m.RequiredFeatures().Names(), m.NumBodies()
	case errors.As(err, &refused):
		v.mistakes = []mistake{{Error: refused}}
	case errors.As(err, &unpacked):
		v.mistakes = []mistake{{Error: &validator.Error{
			Kind: validator.Limit, Offset: int(min(bytes, math.MaxInt)), Func: -1, Message: unpacked.Error(),
		}}}
	default:
		v.trouble = err
	}
	return v
}

// of returns v as the verdict on a file.
func (v verdict) of(file string, found bool) verdict {
	v.file, v.found = file, found
	if v.trouble != nil {
		v.trouble = about(file, v.trouble)
	}
	return v
}

// about returns an error that says which file it is about.
func about(file string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", plainName(file), err)
}

// valid reports whether the module is valid.
func (v verdict) valid() bool { return v.trouble == nil && len(v.mistakes) == 0 }

// kind returns what is wrong, in one word; "" of a valid module.
func (v verdict) kind() string {
	switch {
	case v.trouble != nil:
		return "io"
	case len(v.mistakes) > 0:
		return v.mistakes[0].Kind.String()
	}
	return ""
}

// message returns what the first mistake is, with what the file seems to be
// instead of a module.
func (v verdict) message(m mistake) string {
	if v.hint != "" {
		return m.Message + "; " + v.hint
	}
	return m.Message
}

// sentence says what a mistake is and where, but for the file.
func (v verdict) sentence(m mistake) string {
	return fmt.Sprintf("at 0x%x%s: %s%s", m.Offset, m.place(), v.message(m), m.allowed())
}

// exitStatus returns the status with which v alone would end the command.
func (v verdict) exitStatus() int {
	switch {
	case v.trouble != nil:
		return exitTrouble
	case len(v.mistakes) > 0:
		return exitInvalid
	}
	return exitValid
}

// judge says of every module of an input whether it is valid.
type judge struct {
	*call
	workers  int  // for one module
	diagnose bool // explain what is wrong
	report   func(done int64)
	buffer   []byte // of the modules read before
}

// input judges the modules of an input, in order, and calls yield with each
// verdict until that returns false.
func (j *judge) input(ctx context.Context, in input, yield func(verdict) bool) {
	err := in.sources(j.stdin, j.unpack, func(s source) error {
		if !yield(j.source(ctx, s).of(s.name, s.found)) {
			return errStop
		}
		return nil
	})
	if err != nil && err != errStop {
		yield(newVerdict(nil, err, 0, time.Now()).of(in.name, in.found))
	}
}

// options are those of one validation.
func (j *judge) options() []validator.Option {
	return []validator.Option{
		validator.WithFeatures(j.features), validator.WithWorkers(j.workers),
		validator.WithProgress(func(done, _ int64) { j.report(done) }),
	}
}

// source judges one module. A large one is not read as a whole; only one that is
// has names and can be explained.
func (j *judge) source(ctx context.Context, s source) verdict {
	if s.path != "" && s.size >= large {
		return judgeMapped(ctx, s.path, j.options())
	}
	if j.stream {
		return judgeStream(ctx, s.r, j.options())
	}
	wasm, err := j.read(s)
	if err != nil {
		return newVerdict(nil, err, int64(len(wasm)), time.Now())
	}
	if len(wasm) >= large {
		return judgeStream(ctx, rest(wasm, s.r), j.options())
	}
	return j.whole(ctx, wasm)
}

// whole judges a module that is in memory.
func (j *judge) whole(ctx context.Context, wasm []byte) verdict {
	start := time.Now()
	m, err := validator.Validate(ctx, wasm, j.options()...)
	v := newVerdict(m, err, int64(len(wasm)), start)
	if len(v.mistakes) == 0 {
		return v
	}
	if j.errors > 1 {
		v.mistakes = nil
		list, err := validator.Errors(ctx, wasm, j.errors, j.options()...)
		if err != nil {
			v.trouble = err
		}
		for _, e := range list {
			v.mistakes = append(v.mistakes, mistake{Error: e})
		}
	}
	names := newNames(wasm, nil)
	for i := range v.mistakes {
		m := &v.mistakes[i]
		m.funcName = names.funcName(m.Func)
		if j.diagnose {
			m.diagnosis = explain.Explain(wasm, m.Error, j.options()...)
		}
	}
	v.hint = hintFor(v.mistakes, wasm)
	return v
}
