package validator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// eventually waits until what is said becomes true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for start := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatalf("it did not happen that %s", what)
		}
	}
}

// noGoroutines waits until there are no more goroutines than before.
func noGoroutines(t *testing.T, before int) {
	t.Helper()
	eventually(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= before })
}

// The kinds of bodies that a patchwork consists of.
const (
	bodyValid     = "local.get 0 drop i32.const 1 if nop end "
	bodyInvalid   = "i32.const 0 i64.eqz drop "
	bodyMalformed = "(bytes 0xff) "
)

// patchwork returns a module of n bodies of about size bytes. Those that wrong
// names are not valid.
func patchwork(n, size int, wrong map[int]string) []byte {
	return patchworkModule(n, size, wrong).Bytes()
}

func patchworkModule(n, size int, wrong map[int]string) *validatortest.Module {
	m := validatortest.NewModule().Type("func (param i32)")
	good, _ := validatortest.Body("", strings.Repeat(bodyValid, size/9))
	for i := range n {
		m.FuncType(0)
		if text, ok := wrong[i]; ok {
			locals := ""
			if text == bodyLimit {
				locals, text = "2000 i64", ""
			}
			half := strings.Repeat(bodyValid, size/18)
			b, _ := validatortest.Body(locals, half+text+half)
			m.Body(b, -1)
			continue
		}
		m.Body(good, -1)
	}
	return m
}

// bodyLimit stands for a body with more locals than patchworkLimits allows.
const bodyLimit = "limit"

var patchworkLimits = validator.WithLimits(validator.Limits{Locals: 1000})

// The error is the first of the module whoever finds which, and when.
func TestParallelErrorIsDeterministic(t *testing.T) {
	const n, size = 400, 1500
	kinds := []string{bodyInvalid, bodyMalformed, bodyLimit}
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			is := is.New(t)
			r := rand.New(rand.NewPCG(4, seed))
			wrong := map[int]string{}
			for range 1 + r.IntN(6) {
				wrong[r.IntN(n)] = kinds[r.IntN(len(kinds))]
			}
			wasm := patchwork(n, size, wrong)
			_, want := validator.Validate(t.Context(), wasm, patchworkLimits, validator.WithWorkers(1))
			is.True(want != nil)
			for workers := 2; workers <= 16; workers++ {
				_, err := validator.Validate(t.Context(), wasm, patchworkLimits, validator.WithWorkers(workers))
				is.Equal(err, want) // Validate
				_, err = validator.ValidateReader(t.Context(), bytes.NewReader(wasm), patchworkLimits, validator.WithWorkers(workers))
				is.Equal(err, want) // ValidateReader
			}
		})
	}
}

// What a patchwork's serial error is, is known from how it was made.
func TestParallelErrorIsTheFirst(t *testing.T) {
	const n, size = 200, 1500
	for _, c := range []struct {
		name  string
		wrong map[int]string
		kind  validator.Kind
		fn    int
	}{
		{"first of two malformed", map[int]string{60: bodyMalformed, 61: bodyMalformed}, validator.Malformed, 60},
		{"first of two invalid", map[int]string{2: bodyInvalid, 199: bodyInvalid}, validator.Invalid, 2},
		{"malformed behind invalid", map[int]string{0: bodyInvalid, 199: bodyMalformed}, validator.Malformed, 199},
		{"invalid behind malformed", map[int]string{100: bodyMalformed, 101: bodyInvalid}, validator.Malformed, 100},
		{"limit before malformed", map[int]string{5: bodyLimit, 6: bodyMalformed}, validator.Limit, 5},
		{"limit behind invalid", map[int]string{5: bodyInvalid, 6: bodyLimit}, validator.Invalid, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			wasm := patchwork(n, size, c.wrong)
			for _, workers := range []int{1, 2, 7} {
				_, err := validator.Validate(t.Context(), wasm, patchworkLimits, validator.WithWorkers(workers))
				var e *validator.Error
				is.True(errors.As(err, &e))
				is.Equal(e.Kind, c.kind)
				is.Equal(e.Func, c.fn)
			}
		})
	}
}

// Data segments are looked at while the last bodies are still being validated. What
// is wrong with them comes after what is wrong with the bodies.
func TestParallelDataBehindBodies(t *testing.T) {
	const n, size = 120, 1500
	const good, invalid = "i32.const 0", "i64.const 0"
	for _, c := range []struct {
		name  string
		wrong map[int]string
		data  []string
		tail  []byte
		kind  validator.Kind
		fn    int
	}{
		{"data alone", nil, []string{good, invalid}, nil, validator.Invalid, -1},
		{"body and data", map[int]string{119: bodyInvalid}, []string{invalid, good}, nil, validator.Invalid, 119},
		{"malformed body and data", map[int]string{119: bodyMalformed}, []string{invalid}, nil, validator.Malformed, 119},
		{"limit in a body and data", map[int]string{3: bodyLimit}, []string{invalid}, nil, validator.Limit, 3},
		{"malformed behind all", map[int]string{119: bodyInvalid}, []string{invalid}, []byte{0xff}, validator.Malformed, -1},
		{"malformed behind data", nil, []string{good, invalid}, []byte{0xff}, validator.Malformed, -1},
		{"limit in data", nil, []string{good, "LIMIT"}, nil, validator.Limit, -1},
		{"invalid body, limit in data", map[int]string{119: bodyInvalid}, []string{good, "LIMIT"}, nil, validator.Invalid, 119},
		{"invalid body, limit in data, malformed behind", map[int]string{5: bodyInvalid}, []string{"LIMIT", good}, []byte{0xff}, validator.Malformed, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			m := patchworkModule(n, size, c.wrong).Type("array i32").Memory("1")
			for _, text := range c.data {
				m.Data(strings.ReplaceAll(text, "LIMIT", strings.Repeat("i32.const 0 ", 101)+"array.new_fixed 1 101 drop i32.const 0"), "abc")
			}
			wasm := append(m.Bytes(), c.tail...)
			opts := []validator.Option{validator.WithLimits(validator.Limits{Locals: 1000, ArrayOperands: 100})}
			_, want := validator.Validate(t.Context(), wasm, append(opts, validator.WithWorkers(1))...)
			for workers := 1; workers <= 8; workers++ {
				opts := append(opts, validator.WithWorkers(workers))
				_, err := validator.Validate(t.Context(), wasm, opts...)
				is.Equal(err, want)
				_, err = validator.ValidateReader(t.Context(), bytes.NewReader(wasm), opts...)
				is.Equal(err, want)
				var e *validator.Error
				is.True(errors.As(err, &e))
				is.Equal(e.Kind, c.kind)
				is.Equal(e.Func, c.fn)
			}
		})
	}
}

// An error ends the work: what lies far behind it is not validated. The goroutine that
// has the wrong body may get no processor until the others are at the end, but not
// each time.
func TestParallelStopsEarly(t *testing.T) {
	const n, attempts = 5000, 10
	wasm := patchwork(n, 2000, map[int]string{0: bodyMalformed})
	is := is.New(t)
	for _, workers := range []int{1, 2, 8} {
		least := int64(len(wasm))
		for range attempts {
			var most int64 // how far it came
			_, err := validator.Validate(t.Context(), wasm, validator.WithWorkers(workers),
				validator.WithProgress(func(done, _ int64) { most = done }))
			is.True(err != nil)
			least = min(least, most)
		}
		is.True(least < int64(len(wasm))*2/3)
	}
}

// There are never more goroutines than workers, and none is left.
func TestParallelGoroutines(t *testing.T) {
	wasm := realModule(t, "gotool")
	broken := patchwork(300, 3000, map[int]string{150: bodyMalformed})
	before := runtime.NumGoroutine()
	for _, workers := range []int{1, 2, 3, 16} {
		for _, wasm := range [][]byte{wasm, broken} {
			// Those of an earlier batch may not be gone for good yet, and the runtime may
			// count wrongly while it moves those that have ended between its lists: once.
			allowed, most := 2*(workers-1), 0
			for attempt := 0; attempt == 0 || most > allowed && attempt < 5; attempt++ {
				most = 0
				_, _ = validator.Validate(context.Background(), wasm, validator.WithWorkers(workers),
					validator.WithProgress(func(int64, int64) { most = max(most, runtime.NumGoroutine()-before) }))
				noGoroutines(t, before)
			}
			if most > allowed {
				t.Errorf("%d goroutines for %d workers", most+1, workers)
			}
		}
	}
}

// The context ends the work, whatever is being validated, and no goroutine is
// left. Each body would be valid but for its last byte, which is never reached.
func TestCancelInsideBody(t *testing.T) {
	size := 64 << 20
	if raceEnabled {
		size /= 8
	}
	for _, c := range []struct {
		name string
		code string
	}{
		{"common operators", "i32.const 1 drop"},
		{"operators of all kinds", "block call 0 end i32.const 1 drop memory.size drop"},
		{"calls", "call 0"},
	} {
		for _, workers := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/%d workers", c.name, workers), func(t *testing.T) {
				is := is.New(t)
				code := validatortest.Asm(c.code)
				body := append([]byte{0}, bytes.Repeat(code, size/len(code))...)
				wasm := validatortest.NewModule().Type("func").Memory("1").
					Func(0, "", strings.Repeat("nop ", 40<<10)).FuncType(0).Body(append(body, 0xff), -1).Bytes()
				before := runtime.NumGoroutine()
				ctx, cancel := context.WithCancelCause(context.Background())
				_, err := validator.Validate(ctx, wasm, validator.WithWorkers(workers),
					validator.WithLimits(validator.Limits{BodySize: 2 * size}),
					validator.WithProgress(func(int64, int64) { cancel(errBroken) }))
				is.Equal(err, errBroken)
				noGoroutines(t, before)
			})
		}
	}
}

// The context ends the work within one item of a section as well. Each module would be
// refused for its last byte, which is never reached.
func TestCancelInsideItem(t *testing.T) {
	size := 32 << 20
	if raceEnabled {
		size /= 8
	}
	vector := func(item ...byte) []byte {
		n := size / len(item)
		return append(ops.AppendU32(nil, uint32(n)), bytes.Repeat(item, n)...)
	}
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	start := validatortest.NewModule().Type("func").Import("m", "f", "func 0").Memory("1")
	for _, c := range []struct {
		name    string
		id      module.SectionID
		content []byte
	}{
		{"expression", module.SectionGlobal, join([]byte{1, 0x7f, 0, 0x41, 0}, bytes.Repeat([]byte{0x41, 0, 0x6a}, size/3))},
		{"blocks in an expression", module.SectionGlobal, join([]byte{1, 0x7f, 0}, bytes.Repeat([]byte{2, 0x40, 0x0b}, size/3))},
		{"elements", module.SectionElement, join([]byte{1, 0}, []byte{0x41, 0, 0x0b}, vector(0))},
		{"element expressions", module.SectionElement, join([]byte{1, 5, 0x70}, vector(0xd0, 0x70, 0x0b))},
		{"imports", module.SectionImport, vector(0, 0, 3, 0x7f, 0)},
		{"parameters", module.SectionType, join([]byte{1, 0x60}, vector(0x7f), []byte{0})},
		{"fields", module.SectionType, join([]byte{1, 0x5f}, vector(0x7f, 0))},
		{"recursion group", module.SectionType, join([]byte{1, 0x4e}, vector(0x60, 0, 0))},
		{"offset of data", module.SectionData, join([]byte{1, 0, 0x41, 0}, bytes.Repeat([]byte{0x41, 0, 0x6a}, size/3))},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := validatortest.NewModule()
			if c.id != module.SectionType && c.id != module.SectionImport {
				m = start
			}
			wasm := bytes.Clone(m.Bytes())
			wasm = append(wasm, "\x00\x02\x01x"...) // a custom section, behind which progress is reported
			wasm = append(ops.AppendU32(append(wasm, byte(c.id)), uint32(len(c.content)+1)), c.content...)
			wasm = append(wasm, 0xff)
			ctx, cancel := context.WithCancelCause(context.Background())
			_, err := validator.Validate(ctx, wasm, validator.WithLimits(validator.Limits{
				ElemEntries: 1 << 30, Imports: 1 << 30, Globals: 1 << 30, Types: 1 << 24, TypeSection: 1 << 30,
				Params: 1 << 30, StructFields: 1 << 30,
			}), validator.WithProgress(func(int64, int64) { cancel(errBroken) }))
			is.New(t).Equal(err, errBroken)
		})
	}
}

// A module may be cut off within a body while other goroutines find fault with the
// bodies before it.
func TestCutOffBehindInvalid(t *testing.T) {
	wasm := patchwork(100, 2000, map[int]string{3: bodyInvalid, 40: bodyInvalid})
	wasm = wasm[:len(wasm)-100]
	_, want := validator.Validate(t.Context(), wasm, validator.WithWorkers(1))
	for range 20 {
		_, err := validator.Validate(t.Context(), wasm, validator.WithWorkers(4))
		is.New(t).Equal(err.Error(), want.Error())
	}
}

// A context that has ended before the call ends it, by its cause.
func TestContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBroken)
	wasm := realModule(t, "shapes")
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"Validate", func() error { _, err := validator.Validate(ctx, wasm); return err }},
		{"ValidateReader", func() error { _, err := validator.ValidateReader(ctx, bytes.NewReader(wasm)); return err }},
		{"ValidateReaderAt", func() error {
			_, err := validator.ValidateReaderAt(ctx, bytes.NewReader(wasm), int64(len(wasm)))
			return err
		}},
		{"Spine", func() error { _, _, err := validator.Spine(ctx, wasm); return err }},
		{"NewLazy", func() error { _, err := validator.NewLazy(ctx, wasm); return err }},
		{"Stream", func() error {
			s := validator.NewStream(ctx)
			_, _ = s.Write(wasm)
			_, err := s.Finish()
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 20 {
				is.New(t).Equal(c.call(), errBroken)
			}
		})
	}
}

// The cause is what comes back also when a rule has been broken before: what is
// behind it may be malformed, and nobody has looked.
func TestCancelBehindInvalid(t *testing.T) {
	is := is.New(t)
	wasm := patchwork(4000, 3000, map[int]string{0: bodyInvalid, 3999: bodyMalformed})
	_, want := validator.Validate(t.Context(), wasm)
	for _, workers := range []int{1, 2, 4} {
		for after := range int64(20) {
			ctx, cancel := context.WithCancelCause(t.Context())
			_, err := validator.Validate(ctx, wasm, validator.WithWorkers(workers),
				validator.WithProgress(func(done, total int64) {
					if done > total*after/20 {
						cancel(errBroken)
					}
				}))
			if err.Error() != want.Error() {
				is.Equal(err, errBroken)
			}
			cancel(nil)
		}
	}
}

// Progress never goes back, comes from one goroutine at a time, and ends at the
// end of the module.
func TestProgress(t *testing.T) {
	wasm := realModule(t, "gotool")
	size := int64(len(wasm))
	type entry func(opts ...validator.Option) (*module.Module, error)
	for _, c := range []struct {
		name  string
		known bool // the total, from the start
		call  entry
	}{
		{"Validate", true, func(o ...validator.Option) (*module.Module, error) {
			return validator.Validate(t.Context(), wasm, o...)
		}},
		{"ValidateReader", false, func(o ...validator.Option) (*module.Module, error) {
			return validator.ValidateReader(t.Context(), bytes.NewReader(wasm), o...)
		}},
		{"ValidateReaderAt", true, func(o ...validator.Option) (*module.Module, error) {
			return validator.ValidateReaderAt(t.Context(), bytes.NewReader(wasm), size, o...)
		}},
		{"Stream", false, func(o ...validator.Option) (*module.Module, error) {
			s := validator.NewStream(t.Context(), o...)
			if _, err := io.Copy(s, bytes.NewReader(wasm)); err != nil {
				return nil, err
			}
			return s.Finish()
		}},
	} {
		for _, workers := range []int{1, 2, 8} {
			t.Run(fmt.Sprintf("%s/%d workers", c.name, workers), func(t *testing.T) {
				is := is.New(t)
				var busy atomic.Bool
				var calls int
				var last, lastTotal int64
				_, err := c.call(validator.WithWorkers(workers), validator.WithProgress(func(done, total int64) {
					if !busy.CompareAndSwap(false, true) {
						t.Error("two goroutines report progress")
					}
					defer busy.Store(false)
					if done < last || done > size || total != size && (c.known || total != -1) {
						t.Errorf("%d of %d after %d", done, total, last)
					}
					calls++
					last, lastTotal = done, total
				}))
				is.NoErr(err)
				is.True(calls > 3)
				is.Equal(last, size)
				is.Equal(lastTotal, size)
			})
		}
	}
}
