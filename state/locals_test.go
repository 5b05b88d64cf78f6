package state_test

import (
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// model is what Locals must say, told the plain way.
type model struct {
	types []ops.ValType
	init  []bool
}

func (m *model) declare(count uint32, t ops.ValType, set bool) {
	for range count {
		m.types = append(m.types, t)
		m.init = append(m.init, set || t.Defaultable())
	}
}

// check compares what l says of every local with the model.
func (m *model) check(t *testing.T, l *state.Locals) {
	t.Helper()
	if int(l.Len()) != len(m.types) {
		t.Fatalf("%d locals, want %d", l.Len(), len(m.types))
	}
	for i, want := range m.types {
		got, ok := l.Type(uint32(i))
		if !ok || got != want {
			t.Fatalf("local %d of %d: %v %v, want %v", i, len(m.types), got, ok, want)
		}
		if l.Initialized(uint32(i), want) != m.init[i] {
			t.Fatalf("local %d of %d, %v: initialised is %v", i, len(m.types), want, !m.init[i])
		}
		if at := l.At(uint32(i)); at != state.NoLocal && (at != want || !m.init[i]) {
			t.Fatalf("local %d of %d: At says %v, want %v, initialised %v", i, len(m.types), at, want, m.init[i])
		}
	}
	for i := len(m.types); i < len(m.types)+300; i++ {
		if _, ok := l.Type(uint32(i)); ok || l.At(uint32(i)) != state.NoLocal {
			t.Fatalf("local %d of %d exists", i, len(m.types))
		}
	}
	for i, short := range l.Short {
		want := uint8(0)
		if i < len(m.types) && m.types[i] <= ops.V128 {
			want = uint8(m.types[i])
		}
		if short != want {
			t.Fatalf("Short[%d] is %d, want %d", i, short, want)
		}
	}
}

// numNumbers is how many of localTypes are number and vector types.
const numNumbers = 5

// localTypes are types with and without default values.
var localTypes = []ops.ValType{
	ops.I32, ops.I64, ops.F32, ops.F64, ops.V128, ops.FuncRef, ops.ExternRef,
	ops.HeapFunc.Ref(), ops.IndexHeap(0).Ref(), ops.IndexHeap(7).RefNull(), ops.HeapI31.Ref(),
}

// One Locals serves function after function, of all sizes: what it says is always
// what a plain list would say.
func TestLocalsAgainstModel(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	types := localTypes
	pick := func() ops.ValType { return types[r.IntN(len(types))] }
	counts := []int{0, 1, 2, 3, 8, 9, 100, 119, 120, 121, 127, 128, 129, 1000, 1100, 3000}
	var l state.Locals
	var params []ops.ValType
	for range 800 {
		var m model
		types = localTypes
		if r.IntN(2) > 0 {
			types = localTypes[:numNumbers] // as in most functions
		}
		if r.IntN(3) > 0 { // otherwise those of the function before
			lengths := []int{0, 1, 2, 3, 16, 17, 20, 119, 120, 121, 127, 128, 129, 1000, 1024, 1500}
			params = make([]ops.ValType, lengths[r.IntN(len(lengths))])
			for i := range params {
				params[i] = pick()
			}
		}
		for _, p := range params {
			m.declare(1, p, true)
		}
		l.Reset(params)
		for range r.IntN(6) {
			n, kind := uint32(counts[r.IntN(len(counts))]), pick()
			l.Declare(n, kind)
			m.declare(n, kind, false)
		}
		m.check(t, &l)
		blocks(t, r, &l, &m, 3)
		m.check(t, &l)
	}
}

// blocks sets locals in blocks and leaves these again.
func blocks(t *testing.T, r *rand.Rand, l *state.Locals, m *model, depth int) {
	if len(m.types) == 0 {
		return
	}
	for range 1 + r.IntN(4) {
		mark, before := l.Inits(), append([]bool(nil), m.init...)
		for range r.IntN(30) {
			i := r.IntN(len(m.types))
			l.Initialize(uint32(i), m.types[i])
			m.init[i] = true
		}
		m.check(t, l)
		if depth > 0 {
			blocks(t, r, l, m, depth-1)
		}
		if r.IntN(4) > 0 {
			l.Restore(mark)
			m.init = before
		}
	}
}

// What is declared costs what its groups cost, not what its locals cost.
func TestLocalsManyOfThem(t *testing.T) {
	is := is.New(t)
	var l state.Locals
	l.Reset(nil)
	l.Declare(1<<31, ops.I64)
	l.Declare(1<<31-1, ops.F32)
	is.Equal(l.Len(), uint32(1<<32-1))
	for _, c := range []struct {
		i    uint32
		want ops.ValType
	}{{0, ops.I64}, {5000, ops.I64}, {1<<31 - 1, ops.I64}, {1 << 31, ops.F32}, {1<<32 - 2, ops.F32}} {
		got, ok := l.Type(c.i)
		is.True(ok)
		is.Equal(got, c.want)
	}
	_, ok := l.Type(1<<32 - 1)
	is.True(!ok)
}

func TestLocalsDoNotAllocate(t *testing.T) {
	is := is.New(t)
	var l state.Locals
	params := []ops.ValType{ops.I32, ops.FuncRef, ops.HeapFunc.Ref()}
	is.Equal(testing.AllocsPerRun(100, func() {
		l.Reset(params)
		l.Declare(2000, ops.HeapFunc.Ref())
		l.Declare(10, ops.I64)
		mark := l.Inits()
		for i := range uint32(2000) {
			l.Initialize(3+i, ops.HeapFunc.Ref())
		}
		l.Restore(mark)
	}), 0.0)
}

func TestFrameKinds(t *testing.T) {
	is := is.New(t)
	for kind, want := range map[state.FrameKind]string{
		state.FrameFunc: "func", state.FrameBlock: "block", state.FrameLoop: "loop", state.FrameIf: "if", state.FrameElse: "else",
		state.FrameTryTable: "try_table", state.FrameTry: "try", state.FrameCatch: "catch", state.FrameCatchAll: "catch_all",
	} {
		is.Equal(kind.String(), want)
	}
}

// Trim keeps what is warm and lets go of what is huge, each buffer for itself.
func TestTrim(t *testing.T) {
	is := is.New(t)
	var a state.Allocations
	a.Operands = make([]ops.ValType, 10, 1000)
	a.Frames = make([]state.Frame, 10, 1<<20)
	a.Instr.Labels = make([]uint32, 5, 1<<20)
	a.Instr.Types = make([]ops.ValType, 5, 100)
	a.Trim()
	is.Equal(len(a.Operands), 0)
	is.Equal(cap(a.Operands), 1000)
	is.Equal(cap(a.Frames), 0)
	is.Equal(cap(a.Instr.Labels), 0)
	is.Equal(cap(a.Instr.Types), 100)
}
