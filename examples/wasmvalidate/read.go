package main

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/wasmstate/wasmstate/validator"
)

// large is the size in bytes from which a module is not read as a whole: a file
// is mapped into memory and read a piece at a time, anything else is validated
// while it is read.
const large = 64 << 20

// read reads a module into the buffer of j, but no more than makes it large. What
// it returns is valid until the next call.
func (j *judge) read(s source) ([]byte, error) {
	b := bytes.NewBuffer(j.buffer[:0])
	// One byte of room more, because only the next Read may meet the end.
	b.Grow(int(min(s.size, large)) + bytes.MinRead)
	_, err := b.ReadFrom(io.LimitReader(s.r, large))
	j.buffer = b.Bytes()
	return b.Bytes(), err
}

// rest returns a reader of what was read already and of what r still has.
func rest(read []byte, r io.Reader) io.Reader { return io.MultiReader(bytes.NewReader(read), r) }

// judgeStream validates the module that r yields while it arrives, in memory that
// does not grow with it.
func judgeStream(ctx context.Context, r io.Reader, opts []validator.Option) verdict {
	in := &watch{r: r}
	start := time.Now()
	m, err := validator.ValidateReader(ctx, in, opts...)
	n, head := in.seen()
	v := newVerdict(m, err, n, start)
	v.hint = hintFor(v.mistakes, head)
	return v
}
