package validator_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// realModule returns the bytes of a module in the repository.
func realModule(t testing.TB, name string) []byte {
	t.Helper()
	for _, m := range realmodules.All() {
		if m.Name == name {
			return m.Bytes
		}
	}
	t.Fatalf("no module %q", name)
	return nil
}

var errBroken = errors.New("the line is broken")

// A malformed module is refused by the Write that shows it; after that every
// call says the same, until the stream ends.
func TestStreamMalformed(t *testing.T) {
	is := is.New(t)
	s := validator.NewStream(t.Context())
	n, err := s.Write([]byte("\x00as"))
	is.NoErr(err)
	is.Equal(n, 3)
	_, err = s.Write([]byte("x.\x01\x00\x00"))
	var e *validator.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, validator.Malformed)
	_, again := s.Write([]byte("more"))
	is.Equal(again, err)
	m, again := s.Finish()
	is.Equal(again, err)
	is.True(m == nil)
}

// That a module is invalid is said at its end, because it may yet turn out to be
// malformed.
func TestStreamInvalid(t *testing.T) {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "i32.add").Bytes()
	t.Run("to the end", func(t *testing.T) {
		is := is.New(t)
		s := validator.NewStream(t.Context())
		_, err := s.Write(wasm)
		is.NoErr(err)
		_, err = s.Finish()
		var e *validator.Error
		is.True(errors.As(err, &e))
		is.Equal(e.Kind, validator.Invalid)
	})
	t.Run("malformed behind it", func(t *testing.T) {
		is := is.New(t)
		s := validator.NewStream(t.Context())
		_, err := s.Write(wasm)
		is.NoErr(err)
		_, err = s.Write([]byte{0xff})
		var e *validator.Error
		is.True(errors.As(err, &e))
		is.Equal(e.Kind, validator.Malformed)
		is.Equal(e.Offset, len(wasm))
	})
}

func TestStreamAfterItsEnd(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(*validator.Stream) error
	}{
		{"Finish", func(s *validator.Stream) error { _, err := s.Finish(); return err }},
		{"Abandon", func(s *validator.Stream) error { s.Abandon(); return nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			s := validator.NewStream(t.Context())
			_, err := s.Write(realModule(t, "shapes"))
			is.NoErr(err)
			is.NoErr(c.end(s))
			_, err = s.Write([]byte{0})
			is.True(err != nil) // Write
			m, err := s.Finish()
			is.True(err != nil && m == nil) // Finish
			s.Abandon()
		})
	}
}

func TestStreamEmpty(t *testing.T) {
	is := is.New(t)
	s := validator.NewStream(t.Context())
	_, err := s.Write(nil)
	is.NoErr(err)
	_, err = s.Finish()
	_, want := validator.Validate(t.Context(), nil)
	is.True(want != nil)
	is.Equal(err, want)
}

// A module past the size limit is refused without waiting for its end.
func TestStreamModuleSize(t *testing.T) {
	is := is.New(t)
	_, err := validator.ValidateReader(t.Context(), io.MultiReader(bytes.NewReader(realModule(t, "shapes")), endless{}),
		validator.WithLimits(validator.Limits{ModuleSize: 5000}))
	var e *validator.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, validator.Limit)
}

// endless yields an endless custom section.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	head := []byte("\x00\xff\xff\xff\xff\x07\x00")
	return copy(p, slices.Concat(head, make([]byte, max(0, len(p)-len(head))))), nil
}

// The context ends a stream at its next call.
func TestStreamContext(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	s := validator.NewStream(ctx)
	wasm := realModule(t, "shapes")
	_, err := s.Write(wasm[:100])
	is.NoErr(err)
	cancel(errBroken)
	eventually(t, "a Write fails", func() bool {
		_, err = s.Write(nil)
		return err != nil
	})
	is.True(errors.Is(err, errBroken))
	_, err = s.Finish()
	is.True(errors.Is(err, errBroken))
}

// A section that arrives one byte at a time costs no more than its bytes.
func TestStreamLargeSectionInSmallPieces(t *testing.T) {
	is := is.New(t)
	m := validatortest.NewModule().Type("func").FuncType(0)
	m.Elem("func " + strings.Repeat("0 ", 1<<19))
	m.Func(0, "", strings.Repeat("nop ", 1<<18))
	m.Body([]byte{0, 0x0b}, -1)
	wasm := m.Bytes()
	s := validator.NewStream(t.Context())
	for i := range wasm {
		if _, err := s.Write(wasm[i:][:1]); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.Finish()
	is.NoErr(err)
}

func TestValidateReaderFails(t *testing.T) {
	wasm := realModule(t, "gotool")
	for _, c := range []struct {
		name string
		r    io.Reader
		want error
	}{
		{"at once", iotest.ErrReader(errBroken), errBroken},
		{"midway", io.MultiReader(bytes.NewReader(wasm[:1<<20]), iotest.ErrReader(errBroken)), errBroken},
		{"with the last bytes", &lastBytes{wasm[:1000], errBroken}, errBroken},
		{"at the end", io.MultiReader(bytes.NewReader(wasm), iotest.ErrReader(errBroken)), errBroken},
		{"timeout", iotest.TimeoutReader(iotest.HalfReader(bytes.NewReader(wasm))), iotest.ErrTimeout},
		{"unexpected EOF", io.MultiReader(bytes.NewReader(wasm[:99]), iotest.ErrReader(io.ErrUnexpectedEOF)), io.ErrUnexpectedEOF},
		{"no progress", &emptyForever{}, io.ErrNoProgress},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.ValidateReader(t.Context(), c.r)
			is.Equal(err, c.want)
			is.True(m == nil)
		})
	}
}

// lastBytes yields its bytes together with the error.
type lastBytes struct {
	data []byte
	err  error
}

func (l *lastBytes) Read(p []byte) (int, error) { return copy(p, l.data), l.err }

type emptyForever struct{}

func (*emptyForever) Read([]byte) (int, error) { return 0, nil }

// What the bytes before a reader's failure show comes first.
func TestValidateReaderMalformedBeforeFailure(t *testing.T) {
	is := is.New(t)
	_, err := validator.ValidateReader(t.Context(), &lastBytes{[]byte("not a module"), errBroken})
	var e *validator.Error
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, validator.Malformed)
}

// A malformed module is refused while its reader still has bytes.
func TestValidateReaderStopsReading(t *testing.T) {
	is := is.New(t)
	var e *validator.Error
	_, err := validator.ValidateReader(t.Context(), io.MultiReader(strings.NewReader("MZ.."), endless{}))
	is.True(errors.As(err, &e))
	is.Equal(e.Kind, validator.Malformed)
}

// A reader that yields nothing is left behind when the context ends, and its
// goroutine is gone once the Read returns.
func TestValidateReaderBlocks(t *testing.T) {
	is := is.New(t)
	wasm := realModule(t, "shapes")
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancelCause(context.Background())
	r, w := io.Pipe()
	go func() {
		_, _ = w.Write(wasm[:len(wasm)/2])
		cancel(errBroken)
	}()
	_, err := validator.ValidateReader(ctx, r)
	is.Equal(err, errBroken)
	is.NoErr(w.Close())
	noGoroutines(t, before)
}

// Bytes are validated as they come: the writer waits for the progress that the
// first half of the module makes before it writes the second.
func TestValidateReaderSlow(t *testing.T) {
	is := is.New(t)
	wasm := realModule(t, "gotool")
	half := len(wasm) / 2
	arrived := make(chan struct{})
	r, w := io.Pipe()
	go func() {
		_, _ = w.Write(wasm[:half])
		<-arrived
		_, _ = w.Write(wasm[half:])
		w.Close()
	}()
	seen := false
	_, err := validator.ValidateReader(t.Context(), r, validator.WithProgress(func(done, _ int64) {
		if !seen && done > int64(half)/2 {
			seen = true
			close(arrived)
		}
	}))
	is.NoErr(err)
	is.True(seen)
}

func TestValidateReaderAtFails(t *testing.T) {
	wasm := realModule(t, "gotool")
	for _, c := range []struct {
		name string
		r    io.ReaderAt
		size int
		want error
	}{
		{"broken", brokenAt{bytes.NewReader(wasm), 1 << 20}, len(wasm), errBroken},
		{"shorter than said", bytes.NewReader(wasm[:1<<20]), len(wasm), io.ErrUnexpectedEOF},
		{"empty", bytes.NewReader(nil), len(wasm), io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			m, err := validator.ValidateReaderAt(t.Context(), c.r, int64(c.size))
			is.Equal(err, c.want)
			is.True(m == nil)
		})
	}
}

// A reader that counts more bytes than there is room for, or less than none, is
// refused, and one that never comes to an end does not hang.
func TestReadersThatLie(t *testing.T) {
	for _, count := range []int{-1, 1 << 30} {
		_, err := validator.ValidateReader(t.Context(), liar(count))
		is.New(t).True(err != nil)
		_, err = validator.ValidateReaderAt(t.Context(), liar(count), 100)
		is.New(t).True(err != nil)
	}
	_, err := validator.ValidateReaderAt(t.Context(), liar(0), 100)
	is.New(t).Equal(err, io.ErrNoProgress)
	// There is room for more than what is asked for at the end.
	wasm := realModule(t, "gotool")
	_, err = validator.ValidateReaderAt(t.Context(), liarAt{bytes.NewReader(wasm)}, int64(len(wasm)))
	is.New(t).Equal(err.Error(), "the reader returned an impossible count")
}

// liarAt says of each read that it has read one byte more.
type liarAt struct{ io.ReaderAt }

func (l liarAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := l.ReaderAt.ReadAt(p, off)
	if n < 256<<10 { // the last piece
		n++
	}
	return n, err
}

// liar reads nothing and says that it has read so many bytes.
type liar int

func (l liar) Read([]byte) (int, error)          { return int(l), nil }
func (l liar) ReadAt([]byte, int64) (int, error) { return int(l), nil }

// A reader that panics does so in the goroutine of the call.
func TestReaderThatPanics(t *testing.T) {
	is := is.New(t)
	defer func() { is.Equal(recover(), "no more") }()
	_, _ = validator.ValidateReader(t.Context(), panicking{})
	t.Error("it has returned")
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("no more") }

// A reader that ends its goroutine does not hang the call.
func TestReaderThatDoesNotReturn(t *testing.T) {
	_, err := validator.ValidateReader(t.Context(), leaving{})
	is.New(t).Equal(err.Error(), "the reader ended its goroutine")
}

type leaving struct{}

func (leaving) Read([]byte) (int, error) {
	runtime.Goexit()
	return 0, nil
}

// A stream that a panic has interrupted has lost bytes, and never says that the rest is
// a module.
func TestStreamAfterPanic(t *testing.T) {
	is := is.New(t)
	wasm := append(bytes.Clone(realModule(t, "shapes")), 0xff) // which is malformed
	for _, finish := range []bool{false, true} {
		first := true
		s := validator.NewStream(t.Context(), validator.WithProgress(func(int64, int64) {
			if first {
				first = false
				panic("enough")
			}
		}))
		func() {
			defer func() { is.Equal(recover(), "enough") }()
			_, _ = s.Write(wasm)
		}()
		if !finish {
			n, err := s.Write(wasm)
			is.Equal(n, 0)
			is.Equal(err.Error(), "an earlier call has panicked or not returned")
		}
		m, err := s.Finish()
		is.True(m == nil)
		is.Equal(err.Error(), "an earlier call has panicked or not returned")
		_, err = s.Finish()
		is.Equal(err.Error(), "the stream has ended")
	}
}

// A panic in the last call of the callback ends the stream.
func TestStreamAfterLastPanic(t *testing.T) {
	is := is.New(t)
	wasm := realModule(t, "shapes")
	s := validator.NewStream(t.Context(), validator.WithProgress(func(done, total int64) {
		if done == total {
			panic("enough")
		}
	}))
	_, err := s.Write(wasm)
	is.NoErr(err)
	func() {
		defer func() { is.Equal(recover(), "enough") }()
		_, _ = s.Finish()
	}()
	_, err = s.Write(wasm)
	is.Equal(err.Error(), "the stream has ended")
	m, err := s.Finish()
	is.True(m == nil)
	is.Equal(err.Error(), "the stream has ended")
}

// What a callback's panic has interrupted leaves no trace in the modules after it.
func TestProgressThatPanics(t *testing.T) {
	is := is.New(t)
	wasm, small := realModule(t, "gotool"), realModule(t, "shapes")
	for i := range 20 {
		func() {
			defer func() { is.Equal(recover(), "enough") }()
			_, _ = validator.Validate(t.Context(), wasm, validator.WithWorkers(4), validator.WithProgress(func(done, total int64) {
				if done > total*int64(i)/40 {
					panic("enough")
				}
			}))
		}()
		_, err := validator.Validate(t.Context(), small, validator.WithWorkers(2))
		is.NoErr(err)
	}
}

// The cause for which a context ends may be any error; it is not taken for the end
// of the reader.
func TestCauseIsNotTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	r, w := io.Pipe()
	defer w.Close()
	go func() {
		_, _ = w.Write([]byte("\x00asm\x01\x00\x00\x00"))
		cancel(io.EOF)
	}()
	m, err := validator.ValidateReader(ctx, r)
	is.New(t).Equal(err, io.EOF)
	is.New(t).True(m == nil)
}

// brokenAt fails where a read goes beyond limit.
type brokenAt struct {
	io.ReaderAt
	limit int64
}

func (b brokenAt) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.limit {
		return 0, errBroken
	}
	return b.ReaderAt.ReadAt(p, off)
}

// Only the first size bytes count.
func TestValidateReaderAtPartOfFile(t *testing.T) {
	is := is.New(t)
	wasm := realModule(t, "shapes")
	m, err := validator.ValidateReaderAt(t.Context(), bytes.NewReader(append(bytes.Clone(wasm), "and more"...)), int64(len(wasm)))
	is.NoErr(err)
	want, err := validator.Validate(t.Context(), wasm)
	is.NoErr(err)
	is.Equal(sameDeclarations(m, want), "")
}

// The contents of data segments and custom sections are not read.
func TestValidateReaderAtSkips(t *testing.T) {
	is := is.New(t)
	const large = 8 << 20
	m := validatortest.NewModule().Memory("1000").Data("i32.const 0", strings.Repeat("x", large)).Custom("big", make([]byte, large))
	wasm := m.Bytes()
	r := &countingReaderAt{ReaderAt: bytes.NewReader(wasm)}
	_, err := validator.ValidateReaderAt(t.Context(), r, int64(len(wasm)))
	is.NoErr(err)
	is.True(r.read < large/2) // bytes read
}

type countingReaderAt struct {
	io.ReaderAt
	read int
}

func (c *countingReaderAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.read += n
	return n, err
}

// A large module is streamed in little memory: what the validator holds beyond
// the declarations does not grow with the module.
func TestValidateReaderMemory(t *testing.T) {
	is := is.New(t)
	const most = 4 << 20
	large, size := largeModule(t, realModule(t, "gotool"))
	is.True(size > 30e6)
	declarations := heapOf(func() any {
		m, err := validator.ValidateReader(t.Context(), large())
		is.NoErr(err)
		return m
	})
	for _, workers := range []int{1, 4} {
		// What the collector has not yet found to be garbage counts too, so the
		// least of several attempts is taken.
		used := int64(math.MaxInt64)
		for range 3 {
			base := liveHeap()
			r := &heapReader{Reader: large()}
			_, err := validator.ValidateReader(t.Context(), r, validator.WithWorkers(workers))
			is.NoErr(err)
			is.True(r.peak > base)
			used = min(used, int64(r.peak)-int64(base))
		}
		t.Logf("%d workers: %d KB in use at most, %d KB of them declarations; the module has %d KB",
			workers, used>>10, declarations>>10, size>>10)
		if used-declarations >= most {
			t.Errorf("%d workers: %d bytes in use beyond the declarations, want less than %d", workers, used-declarations, most)
		}
	}
}

// largeModule returns a reader of a module with the functions of wasm, many times
// over, and with large data and custom sections, and its size. The module itself
// is never in memory.
func largeModule(t *testing.T, wasm []byte) (open func() io.Reader, size int64) {
	t.Helper()
	is := is.New(t)
	const times, bulk = 10, 6 << 20
	type part struct {
		b []byte
		n int
	}
	var parts []part
	add := func(b []byte, n int) { parts = append(parts, part{b, n}) }
	add(wasm[:8], 1)
	p := module.NewParser(ops.Default)
	for pos := 0; ; {
		payload, n, err := p.Parse(wasm[pos:], true)
		is.NoErr(err)
		s := payload.Section
		end := s.ContentOffset + int(s.Size)
		switch {
		case payload.Kind == module.End:
			add(slices.Concat([]byte{0}, ops.AppendU32(nil, bulk+2), []byte("\x01x")), 1)
			add([]byte{0}, bulk)
			for _, p := range parts {
				size += int64(len(p.b)) * int64(p.n)
			}
			return func() io.Reader {
				var readers []io.Reader
				for _, p := range parts {
					readers = append(readers, &repeated{bytes.NewReader(p.b), p.n})
				}
				return io.MultiReader(readers...)
			}, size
		case payload.Kind == module.DataStart:
			// One more segment, which is passive.
			count := ops.AppendU32(nil, payload.Count+1)
			_, old := binary.Uvarint(wasm[s.ContentOffset:])
			rest := wasm[s.ContentOffset+old : end]
			segment := append([]byte{1}, ops.AppendU32(nil, bulk)...)
			add(slices.Concat([]byte{byte(s.ID)}, ops.AppendU32(nil, uint32(len(count)+len(rest)+len(segment)+bulk)), count, rest, segment), 1)
			add([]byte{0}, bulk)
		case payload.Kind == module.CodeStart, s.ID == module.SectionFunction && payload.Kind == module.WholeSection:
			items, old := binary.Uvarint(wasm[s.ContentOffset:])
			count := ops.AppendU32(nil, uint32(items*times))
			rest := wasm[s.ContentOffset+old : end]
			add(slices.Concat([]byte{byte(s.ID)}, ops.AppendU32(nil, uint32(len(count)+times*len(rest))), count), 1)
			add(rest, times)
		case payload.Kind == module.WholeSection && s.ID != module.SectionDataCount:
			add(wasm[s.Offset:end], 1)
		}
		pos += n
	}
}

// repeated reads the same bytes n times.
type repeated struct {
	*bytes.Reader
	n int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) && r.n > 0 {
		k, _ := r.Reader.Read(p[n:])
		n += k
		if r.Len() == 0 {
			_, _ = r.Seek(0, io.SeekStart)
			r.n--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// heapReader looks now and then at how much memory is in use.
type heapReader struct {
	io.Reader
	peak  uint64
	reads int
}

func (h *heapReader) Read(p []byte) (int, error) {
	if h.reads++; h.reads%3 == 0 {
		h.peak = max(h.peak, liveHeap())
	}
	return h.Reader.Read(p)
}

// liveHeap returns how many bytes of the heap are in use.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// heapOf returns how many bytes the result of f takes.
func heapOf(f func() any) int64 {
	before := liveHeap()
	v := f()
	size := int64(liveHeap()) - int64(before)
	runtime.KeepAlive(v)
	return size
}

func TestZeroStream(t *testing.T) {
	is := is.New(t)
	var s validator.Stream
	_, err := s.Write([]byte{0})
	is.True(err != nil)
	_, err = s.Finish()
	is.True(err != nil)
	s.Abandon()
	_, err = s.Write(nil)
	is.True(err != nil)
}
