package validator

import (
	"sync"
	"sync/atomic"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Pool is a pool of unassigned validators for many goroutines. All of them are
// for the same resources and features, which may be changed: the buffers serve
// one module after another. It is safe for concurrent use. It must not be copied.
//
// Validators that nobody uses are left to the garbage collector after a while,
// as those of a [sync.Pool] are.
type Pool[R Resources] struct {
	idle   sync.Pool // of *funcValidator[R]
	target atomic.Pointer[poolTarget[R]]
}

// poolTarget is what the validators of a pool are for.
type poolTarget[R Resources] struct {
	resources R
	features  ops.Features
	decls     *module.Decls
}

// NewPool returns a pool of validators for the resources, as [New] makes them.
// Resources other than a [*module.Module] are read once for the whole pool.
func NewPool[R Resources](resources R, features ops.Features) *Pool[R] {
	p := new(Pool[R])
	p.Retarget(resources, features)
	return p
}

// Retarget makes the pool one for other resources and features. Validators that
// are out of the pool stay what they are; put back, they become ready for the new
// resources when they are next taken out.
func (p *Pool[R]) Retarget(resources R, features ops.Features) {
	p.target.Store(&poolTarget[R]{resources, features, declarations(resources)})
}

// Get takes a validator out of the pool, or makes one. The zero value of Pool has
// no resources: its Get returns the zero handle, which is spent.
//
//spent:must
func (p *Pool[R]) Get() UnassignedFuncValidator[R] {
	t := p.target.Load()
	if t == nil {
		return UnassignedFuncValidator[R]{}
	}
	v, ok := p.idle.Get().(*funcValidator[R])
	if !ok {
		v = newFuncValidator(t.resources, t.features, t.decls, nil)
		return UnassignedFuncValidator[R]{handle: newHandle(v.checker.cell.Init(transitions), v)}
	}
	if v.checker.decls != t.decls || v.features != t.features {
		v.use(t.resources, t.features, t.decls)
	}
	return UnassignedFuncValidator[R]{handle: newHandle(v.idle, v)}
}

// Put gives a validator to the pool, whether or not it came from there, and
// spends u. The error is that u was spent already.
//
//spent:param u
//spent:must
func (p *Pool[R]) Put(u UnassignedFuncValidator[R]) error {
	token, err := u.token.Spend(byPut)
	if err != nil {
		return err
	}
	u.v.idle = token
	u.v.checker.limits = &defaultLimits
	p.idle.Put(u.v)
	return nil
}
