package validator

import (
	"context"
	"errors"
	"io"
)

// pieceSize is how many bytes are read at a time: enough work for several
// goroutines, and little memory.
const pieceSize = 256 << 10

// errCount is the answer to a reader that breaks the contract of [io.Reader] or
// [io.ReaderAt].
var errCount = errors.New("the reader returned an impossible count")

// maxEmptyReads is how many Reads in a row may return nothing.
const maxEmptyReads = 100

// pieces reads ahead: while one piece of a stream is validated, a goroutine reads
// the next. It owns two buffers, which go back and forth.
type pieces struct {
	ctx  context.Context
	full chan piece
	free chan []byte
	quit chan struct{}
}

// piece is some bytes and the error that came with them or after them, or what
// the reader panicked with.
type piece struct {
	data     []byte
	err      error
	panicked any
}

// errNoReturn says that a Read neither returned nor panicked: it has ended its goroutine.
var errNoReturn = errors.New("the reader ended its goroutine")

// startPieces begins to read from r.
func startPieces(ctx context.Context, r io.Reader) *pieces {
	in := &pieces{ctx: ctx, full: make(chan piece), free: make(chan []byte, 2), quit: make(chan struct{})}
	in.free <- nil
	in.free <- nil
	go in.read(r)
	return in
}

// next returns the next piece; its bytes are valid until done. When the context
// ends first, the error is errStopped: its cause may be any error, io.EOF too.
func (in *pieces) next() ([]byte, error) {
	select {
	case p := <-in.full:
		if p.panicked != nil {
			panic(p.panicked) // here the caller can recover
		}
		return p.data, p.err
	case <-in.ctx.Done():
		return nil, errStopped
	}
}

// done gives back the bytes of a piece.
func (in *pieces) done(p []byte) { in.free <- p }

// close makes the goroutine end, at the latest when its Read returns.
func (in *pieces) close() { close(in.quit) }

// read reads pieces until the reader ends or fails.
func (in *pieces) read(r io.Reader) {
	for {
		var buf []byte
		select {
		case buf = <-in.free:
		case <-in.quit:
			return
		}
		if buf == nil {
			buf = make([]byte, pieceSize)
		}
		if !in.send(r, buf[:cap(buf)]) {
			return
		}
	}
}

// send reads one piece and hands it over, whatever happens in Read. It reports whether
// there may be more.
func (in *pieces) send(r io.Reader, buf []byte) (more bool) {
	p := piece{err: errNoReturn}
	defer func() {
		p.panicked = recover()
		select {
		case in.full <- p:
			more = p.err == nil && p.panicked == nil
		case <-in.quit:
		}
	}()
	n, err := readSome(r, buf)
	p = piece{data: buf[:n], err: err}
	return false
}

// readSome reads until there is something, but does not wait for more than one
// Read that yields bytes: a slow reader's bytes are validated as they come.
func readSome(r io.Reader, buf []byte) (int, error) {
	for range maxEmptyReads {
		n, err := r.Read(buf)
		if n < 0 || n > len(buf) {
			return 0, errCount
		}
		if n != 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}
