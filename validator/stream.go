package validator

import (
	"context"
	"errors"
	"io"

	"github.com/wasmstate/wasmstate/module"
)

// Stream validates a module that arrives in pieces: it is an [io.Writer] for its
// bytes. Each Write validates what has become complete before it returns, with as
// many goroutines as [WithWorkers] says; none outlives the call. The memory in use
// is that of the declarations and of the bodies in flight, not that of the module.
//
// [NewStream] makes one; the zero value has ended. A Stream ends with Finish or
// Abandon. It must not be used by two goroutines at
// the same time.
type Stream struct {
	run     *run
	pending []byte // bytes that were written and not consumed
	size    int64  // bytes written so far
	err     error
}

// errUnfinished is the answer where an earlier call has not returned, because something
// panicked in it (the callback for the progress, or access to the bytes) or because it
// is that callback which asks.
var errUnfinished = errors.New("an earlier call has panicked or not returned")

// errFinished is what the methods of a Stream return after its end.
var errFinished = errors.New("the stream has ended")

// NewStream returns a stream for one module. The context is for all its calls.
func NewStream(ctx context.Context, opts ...Option) *Stream {
	return &Stream{run: newRun(ctx, opts, -1)}
}

// Write takes the next bytes of the module, of which it keeps nothing. It returns
// an error as soon as the bytes so far show one that no further byte can change:
// an [*Error] for a malformed module or one past a limit, or the cause of the
// context's end. That a module is invalid is for Finish to say, because the rest
// may be malformed.
func (s *Stream) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.run == nil {
		return 0, errFinished
	}
	if s.run.busy {
		s.err = errUnfinished
		return 0, s.err
	}
	if s.run.stop.Load() {
		s.err = context.Cause(s.run.ctx)
		return 0, s.err
	}
	most := s.run.config.limits.ModuleSize - s.size
	rest := p[:min(int64(len(p)), most)]
	s.size += int64(len(rest))
	for len(rest) > 0 && s.err == nil {
		rest = s.take(rest)
	}
	if s.err == nil && int64(len(p)) > most {
		s.err = s.excess()
	}
	if s.err != nil {
		return 0, s.err
	}
	return len(p), nil
}

// take validates some of p and returns the rest. The bytes at which the parser
// stopped are completed first, with as many as it misses and no others: what
// follows needs no copy.
func (s *Stream) take(p []byte) []byte {
	if len(s.pending) == 0 {
		var n int
		n, _, s.err = s.run.feed(p, false)
		s.pending = append(s.pending, p[n:]...)
		return nil
	}
	n := min(len(p), s.run.missing)
	s.pending = append(s.pending, p[:n]...)
	if s.run.missing -= n; s.run.missing > 0 {
		return nil
	}
	var consumed int
	if consumed, _, s.err = s.run.feed(s.pending, false); consumed > 0 {
		s.pending = append(s.pending[:0], s.pending[consumed:]...)
	}
	if len(s.pending) == 0 && cap(s.pending) > maxIdle {
		s.pending = nil
	}
	return p[n:]
}

// excess returns the error of a module with more bytes than the limit, all of which
// have been written: what is malformed in them, or else that there are too many.
func (s *Stream) excess() error {
	s.run.parser.Insist()
	if _, _, err := s.run.feed(s.pending, false); err != nil {
		return err
	}
	return tooLarge(&s.run.config.limits)
}

// maxIdle is the capacity of the buffer that is kept while nothing is in it.
const maxIdle = 1 << 20

// Finish says that there are no more bytes, and returns the declarations of the
// module or the error, as [Validate] does of the same bytes.
func (s *Stream) Finish() (*module.Module, error) {
	if s.err != nil {
		err := s.err
		s.end()
		return nil, err
	}
	if s.run == nil {
		return nil, errFinished
	}
	if s.run.busy {
		s.end()
		return nil, errUnfinished
	}
	defer s.end() // whether or not the last callback panics
	if _, _, err := s.run.feed(s.pending, true); err != nil {
		return nil, err
	}
	return s.run.finish()
}

// Abandon ends the stream without a verdict.
func (s *Stream) Abandon() { s.end() }

// end gives the buffers back.
func (s *Stream) end() {
	if s.run != nil {
		s.run.close()
	}
	s.run, s.pending, s.err = nil, nil, errFinished
}

// ValidateReaderAt validates the module in the first size bytes of r, which it
// reads from front to back, a piece at a time; the contents of custom sections
// and of data segments, which the verdict does not depend on, are not read. It
// returns what [Validate] returns for the same bytes. The memory in use is bounded
// as that of [ValidateReader] is, so the module may be larger than what memory
// allows.
func ValidateReaderAt(ctx context.Context, r io.ReaderAt, size int64, opts ...Option) (*module.Module, error) {
	s := &Stream{run: newRun(ctx, opts, size)}
	defer s.end()
	most := max(0, min(size, s.run.config.limits.ModuleSize))
	buf := make([]byte, min(most, pieceSize))
	for pos := int64(0); pos < most; {
		piece := buf[:min(int64(len(buf)), most-pos)]
		n, err := r.ReadAt(piece, pos)
		switch {
		case n < 0 || n > len(piece):
			return nil, errCount
		case err != nil && (err != io.EOF || n == 0):
			return nil, readError(err)
		case n == 0:
			return nil, io.ErrNoProgress
		}
		if _, err := s.Write(piece[:n]); err != nil {
			return nil, err
		}
		pos += int64(n)
		pos += s.skip(most - pos)
	}
	if size > most {
		return nil, s.excess()
	}
	return s.Finish()
}

// readError makes the end of a file that is shorter than was said an error.
func readError(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// skip passes over as many of the next n bytes as do not matter, without reading
// them, and returns how many.
func (s *Stream) skip(n int64) int64 {
	skipped := s.run.parser.Skip(n)
	s.size += skipped
	return skipped
}

// ValidateReader validates the module that r yields, while it arrives. It reads
// to the end of r, or until the module is known to be malformed, and returns what
// [Validate] returns for the same bytes.
//
// Reading overlaps with validating, and may be ahead of it. An error of r other
// than [io.EOF] is returned as it is. When the context ends the call returns at
// once with its cause, and when the module turns out to be malformed with that
// error: a Read of r that is under way then goes on in a goroutine of its own
// until r returns, and its bytes are lost. After an error, r must therefore not be
// used, other than to close it, by a program that does not know that it is safe
// for concurrent use.
func ValidateReader(ctx context.Context, r io.Reader, opts ...Option) (*module.Module, error) {
	s := NewStream(ctx, opts...)
	defer s.end()
	in := startPieces(ctx, r)
	defer in.close()
	for {
		p, err := in.next()
		if _, werr := s.Write(p); werr != nil {
			return nil, werr
		}
		switch {
		case err == io.EOF:
			return s.Finish()
		case err != nil:
			return nil, s.run.explain(err)
		}
		in.done(p)
	}
}
