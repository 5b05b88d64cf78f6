package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
)

// judgeReader validates the module that r yields: while it reads it, or after it
// has read all of it. Only in the second way is there a name section at hand for
// the function at fault, and does the time not include the reading. The size is
// what the reader is thought to hold, in bytes.
func judgeReader(ctx context.Context, r io.Reader, size int64, stream bool, opts []validator.Option) verdict {
	in := &counter{r: r}
	start := time.Now()
	if stream {
		m, err := validator.ValidateReader(ctx, in, opts...)
		return newVerdict(m, err, in.n.Load(), start)
	}
	wasm, err := readAll(ctx, in, size)
	if err != nil {
		return verdict{bytes: in.n.Load(), trouble: err}
	}
	start = time.Now()
	m, err := validator.Validate(ctx, wasm, opts...)
	v := newVerdict(m, err, in.n.Load(), start)
	if v.reason != nil {
		v.funcName = funcName(wasm, v.reason.Func)
	}
	return v
}

// newVerdict makes a verdict of what a validation returned.
func newVerdict(m *module.Module, err error, bytes int64, start time.Time) verdict {
	v := verdict{bytes: bytes, took: time.Since(start)}
	switch {
	case err == nil:
		v.module = m
	case !errors.As(err, &v.reason):
		v.trouble = err
	}
	return v
}

// readAll reads r to its end, unless the context ends before it. What it reads
// beyond the largest module is not kept: the module is too large either way.
func readAll(ctx context.Context, r io.Reader, size int64) ([]byte, error) {
	most := validator.DefaultLimits().ModuleSize + 1
	var buf bytes.Buffer
	buf.Grow(int(min(size, most)) + bytes.MinRead) // ReadFrom wants room to meet the end
	done := make(chan error, 1)
	go func() {
		_, err := buf.ReadFrom(io.LimitReader(r, most))
		done <- err
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case err := <-done:
		return buf.Bytes(), err
	}
}

// counter counts the bytes that are read from r. A Read that an interrupt left
// behind may still be counting when the number is asked for.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
