package validator_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Many goroutines ask for all bodies at once, each in an order of its own. Each
// body is validated once: the error that comes back is the very same for all.
func TestLazyConcurrently(t *testing.T) {
	is := is.New(t)
	wrong := map[int]string{}
	for i := 0; i < 500; i += 7 {
		wrong[i] = []string{bodyInvalid, bodyMalformed}[i%2]
	}
	l, err := validator.NewLazy(t.Context(), patchwork(500, 300, wrong))
	is.NoErr(err)
	const goroutines = 16
	verdicts := make([][]error, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		verdicts[g] = make([]error, 500)
		wg.Go(func() {
			last := 0
			for _, i := range rand.New(rand.NewPCG(6, uint64(g))).Perm(500) {
				verdicts[g][i] = l.Validate(uint32(i))
				done, total := l.Validated()
				if done < last || done > total || total != 500 {
					t.Errorf("%d of %d after %d", done, total, last)
				}
				last = done
			}
		})
	}
	wg.Wait()
	for i := range 500 {
		_, bad := wrong[i]
		is.Equal(verdicts[0][i] != nil, bad)
		for g := range goroutines {
			is.True(verdicts[g][i] == verdicts[0][i]) // the same value
		}
	}
	done, total := l.Validated()
	is.Equal(done, total)
}

func TestLazyCounts(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func").Import("m", "f", "func 0").
		Func(0, "", "").Func(0, "", "drop").Func(0, "", "").Bytes()
	l, err := validator.NewLazy(t.Context(), wasm)
	is.NoErr(err)
	is.Equal(l.Module().NumFuncs(), 4)
	for _, c := range []struct {
		index uint32
		valid bool
		done  int
	}{
		{0, true, 0}, // imported
		{3, true, 1},
		{3, true, 1},
		{2, false, 2},
		{2, false, 2},
		{1, true, 3},
	} {
		err := l.Validate(c.index)
		is.Equal(err == nil, c.valid)
		if err != nil {
			var e *validator.Error
			is.True(errors.As(err, &e))
			is.Equal(e.Func, int(c.index))
		}
		done, total := l.Validated()
		is.Equal(done, c.done)
		is.Equal(total, 3)
	}
}

// An index that the module does not have says nothing about the module.
func TestLazyUnknownFunction(t *testing.T) {
	is := is.New(t)
	l, err := validator.NewLazy(t.Context(), validatortest.NewModule().Type("func").Func(0, "", "").Bytes())
	is.NoErr(err)
	for _, index := range []uint32{1, 1 << 31, 1<<32 - 1} {
		err := l.Validate(index)
		var e *validator.Error
		is.True(err != nil && !errors.As(err, &e))
	}
	done, _ := l.Validated()
	is.Equal(done, 0)
}

// The spine is judged at once, the bodies are not.
func TestNewLazy(t *testing.T) {
	is := is.New(t)
	_, err := validator.NewLazy(t.Context(), validatortest.NewModule().Type("func").Func(0, "", bodyMalformed).Bytes())
	is.NoErr(err)
	_, err = validator.NewLazy(t.Context(), validatortest.NewModule().FuncType(0).Bytes())
	is.True(err != nil)
}

// Many modules are validated lazily at once, with validators that they share.
func TestLazyManyModules(t *testing.T) {
	is := is.New(t)
	var wrong atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		bad := map[int]string{}
		if i%3 == 0 {
			bad[i%10] = bodyInvalid
		}
		l, err := validator.NewLazy(t.Context(), patchwork(10, 100+i, bad))
		is.NoErr(err)
		for k := range uint32(10) {
			wg.Go(func() {
				if (l.Validate(k) != nil) != (bad[int(k)] != "") {
					wrong.Add(1)
				}
			})
		}
	}
	wg.Wait()
	is.Equal(wrong.Load(), int32(0))
}
