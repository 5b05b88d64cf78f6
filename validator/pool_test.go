package validator_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Hundreds of modules, valid and not, are validated at once with the validators
// of one pool, each body by a goroutine of its own. The verdicts are those of
// Validate.
func TestPoolManyModules(t *testing.T) {
	type job struct {
		name string
		wasm []byte
		want *module.Module
		err  error
	}
	var jobs []job
	for k, m := range realmodules.All() {
		if len(m.Bytes) > 1<<20 {
			continue
		}
		for i := range 150 {
			r := rand.New(rand.NewPCG(5, uint64(k)<<32|uint64(i)))
			wasm := m.Bytes
			if i > 0 {
				wasm = mutate(r, wasm)
			}
			want, err := validator.Validate(t.Context(), wasm, validator.WithWorkers(1))
			jobs = append(jobs, job{fmt.Sprintf("%s, mutant %d", m.Name, i), wasm, want, err})
		}
	}
	pool := validator.NewPool[*module.Module](nil, ops.Default)
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() {
			got, err := eachBodyAtOnce(j.wasm, func(f funcToValidate) error {
				u, err := validateFunc(pool.Get(), f)
				if perr := pool.Put(u); perr != nil {
					t.Errorf("%s: %v", j.name, perr)
				}
				return err
			})
			if diff := sameVerdict(driver{byFunc: true}, got, err, j.want, j.err); diff != "" {
				t.Errorf("%s: %s", j.name, diff)
			}
		})
	}
	wg.Wait()
	t.Logf("%d modules", len(jobs))
}

// eachBodyAtOnce is eachBody with a goroutine for each body.
func eachBodyAtOnce(wasm []byte, validate func(funcToValidate) error) (*module.Module, error) {
	_, funcs, err := validator.Spine(context.Background(), wasm)
	if err != nil {
		return nil, err
	}
	errs := make(map[uint32]error, len(funcs))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, f := range funcs {
		wg.Go(func() {
			err := validate(f)
			mu.Lock()
			defer mu.Unlock()
			errs[f.Index] = err
		})
	}
	wg.Wait()
	return eachBody(wasm, ops.Default, func(f funcToValidate) error { return errs[f.Index] })
}

// twoModules returns modules whose function 0 has another type each.
func twoModules(t *testing.T) (one, two *module.Module) {
	t.Helper()
	one, _ = spine(t, validatortest.NewModule().Type("func (param i32)").Func(0, "", "").Bytes())
	two, _ = spine(t, validatortest.NewModule().Type("func").Type("func (param i64 i64)").Func(1, "", "").Bytes())
	return one, two
}

// After Retarget what comes out of the pool is for the new module; what was out
// already stays what it was.
func TestPoolRetarget(t *testing.T) {
	is := is.New(t)
	one, two := twoModules(t)
	pool := validator.NewPool(one, ops.MVP)
	before := pool.Get()
	idle := pool.Get()
	is.NoErr(pool.Put(idle))
	pool.Retarget(two, ops.Wasm2)

	a, err := before.Assign(0, 0, 0)
	is.NoErr(err)
	is.Equal(a.Resources(), one)
	is.Equal(a.Features(), ops.MVP)
	is.Equal(a.NumLocals(), uint32(1))
	is.NoErr(pool.Put(a.Abandon()))
	for range 3 {
		after := pool.Get()
		a, err := after.Assign(0, 1, 0)
		is.NoErr(err)
		is.Equal(a.Resources(), two)
		is.Equal(a.Features(), ops.Wasm2)
		is.Equal(a.NumLocals(), uint32(2))
		is.NoErr(a.Abandon().Err())
	}
}

// Retarget may come while others use the pool: what Get returns is for one of the
// two, never for a mixture.
func TestPoolRetargetConcurrently(t *testing.T) {
	one, two := twoModules(t)
	pool := validator.NewPool(one, ops.MVP)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 300 {
				a, err := pool.Get().Assign(0, 0, 0)
				if err != nil {
					t.Error(err)
					return
				}
				m, f, n := a.Resources(), a.Features(), a.NumLocals()
				if m == one && (f != ops.MVP || n != 1) || m == two && (f != ops.Wasm2 || n != 0) {
					t.Errorf("%v with %d locals", f, n)
				}
				if err := pool.Put(a.Abandon()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 300 {
			pool.Retarget(two, ops.Wasm2)
			pool.Retarget(one, ops.MVP)
		}
	})
	wg.Wait()
}

// A user's resources are read once for the whole pool.
func TestPoolOfUserResources(t *testing.T) {
	is := is.New(t)
	_, funcs := spine(t, realModule(t, "shapes"))
	user := userFuncs(funcs)
	pool := validator.NewPool(user[0].Resources, ops.Default)
	asked := user[0].Resources.asked
	var wg sync.WaitGroup
	for _, f := range user {
		wg.Go(func() {
			u, err := validateFunc(pool.Get(), f)
			if err = errors.Join(err, pool.Put(u)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	is.Equal(user[0].Resources.asked, asked)
	is.Equal(asked, 1)
}

// Put spends the handle, so that it cannot come back twice.
func TestPoolPutTwice(t *testing.T) {
	is := is.New(t)
	one, _ := twoModules(t)
	pool := validator.NewPool(one, ops.Default)
	u := pool.Get()
	is.NoErr(pool.Put(u))
	err := pool.Put(u) //spent:ignore the second Put is what is tested
	is.True(errors.Is(err, state.ErrSpent))
	is.Equal(err.Error(), "handle is spent: by Put")
	is.True(errors.Is(pool.Put(unassignedFunc{}), state.ErrSpent))
}

// Of many that put the same handle back at once, one succeeds.
func TestPoolPutConcurrently(t *testing.T) {
	is := is.New(t)
	one, _ := twoModules(t)
	pool := validator.NewPool(one, ops.Default)
	for range 50 {
		u := pool.Get()
		var put atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if pool.Put(u) == nil {
					put.Add(1)
				}
			})
		}
		wg.Wait()
		is.Equal(put.Load(), int32(1))
	}
}

// A validator that was made elsewhere may be put into a pool.
func TestPoolTakesOthers(t *testing.T) {
	is := is.New(t)
	one, two := twoModules(t)
	pool := validator.NewPool(one, ops.Default)
	is.NoErr(pool.Put(validator.New(two, ops.MVP)))
	for range 2 {
		a, err := pool.Get().Assign(0, 0, 0)
		is.NoErr(err)
		is.Equal(a.Resources(), one)
		is.Equal(a.NumLocals(), uint32(1))
		is.NoErr(a.Abandon().Err())
	}
}

func TestPoolZeroValue(t *testing.T) {
	is := is.New(t)
	var pool validator.Pool[*module.Module]
	_, err := pool.Get().Assign(0, 0, 0)
	is.True(errors.Is(err, state.ErrSpent))
	one, _ := twoModules(t)
	pool.Retarget(one, ops.Default)
	a, err := pool.Get().Assign(0, 0, 0)
	is.NoErr(err)
	is.NoErr(a.Abandon().Err())
}

// The limits of the call that made a function go with it, and not with the
// validator.
func TestPoolForgetsLimits(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func").Func(0, "100 i32", "").Bytes()
	_, narrow := spine(t, wasm, validator.WithLimits(validator.Limits{Locals: 10}))
	_, wide := spine(t, wasm)
	pool := validator.NewPool(wide[0].Resources, ops.Default)
	for range 3 {
		u, err := validateFunc(pool.Get(), narrow[0])
		is.True(err != nil)
		is.NoErr(pool.Put(u))
		u, err = validateFunc(pool.Get(), wide[0])
		is.NoErr(err)
		is.NoErr(pool.Put(u))
		a, err := pool.Get().Assign(0, 0, 0)
		is.NoErr(err)
		is.NoErr(a.DefineLocals(0, 100, ops.I32))
		is.NoErr(pool.Put(a.Abandon()))
	}
}
