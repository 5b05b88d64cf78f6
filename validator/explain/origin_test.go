package explain_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/conformance"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// suspect is a module that may have a type mismatch.
type suspect struct {
	name     string
	wasm     func() []byte
	features ops.Features
	pass     func() bool // a quick way to know that it has none; may be nil
}

// originTally counts what became of the suspects.
type originTally struct {
	mu       sync.Mutex
	modules  int
	mismatch int // type mismatches
	compared map[string]int
	operands int // compared, with their origins
	passed   int // of those, the ones whose source is another operator than their origin
}

func (n *originTally) count(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

// compareOrigins explains every type mismatch and compares
// what the explanation says of the operand stack with the algorithm of the
// specification's appendix. It fails when a mismatch is not compared.
func compareOrigins(t *testing.T, suspects []suspect) *originTally {
	t.Helper()
	n := &originTally{compared: map[string]int{}}
	var wg sync.WaitGroup
	next := make(chan suspect)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for s := range next {
				if s.pass == nil || !s.pass() {
					compareOrigin(t, n, s)
				}
			}
		})
	}
	for _, s := range suspects {
		next <- s
	}
	close(next)
	wg.Wait()

	compared := 0
	for _, what := range slices.Sorted(maps.Keys(n.compared)) {
		t.Logf("%6d %s", n.compared[what], what)
		compared += n.compared[what]
	}
	t.Logf("%d invalid modules, %d type mismatches, %d compared", n.modules, n.mismatch, compared)
	t.Logf("%d operands, %d of them passed through from another operator", n.operands, n.passed)
	if compared != n.mismatch || compared == 0 {
		t.Errorf("%d of %d type mismatches compared", compared, n.mismatch)
	}
	return n
}

// compareOrigin is compareOrigins of one module.
func compareOrigin(t *testing.T, n *originTally, s suspect) {
	wasm, options := s.wasm(), validator.WithFeatures(s.features)
	_, err := validator.Validate(context.Background(), wasm, options, validator.WithWorkers(1))
	var refused *validator.Error
	if !errors.As(err, &refused) {
		return
	}
	n.count(func() { n.modules++ })
	if !strings.HasPrefix(refused.Message, "type mismatch") {
		return
	}
	n.count(func() { n.mismatch++ })
	want, err := s.find(wasm, refused)
	if !errors.Is(err, errMismatch) {
		t.Errorf("%s: %v: the algorithm finds %v", s.name, refused, err)
		return
	}
	what, err := sameOrigins(explain.Explain(wasm, refused, options), refused, want)
	if err != nil {
		t.Errorf("%s: %v: %v", s.name, refused, err)
		return
	}
	n.count(func() {
		n.compared[what]++
		for _, v := range want.stack[want.height:] {
			n.operands++
			if v.source != anySource && v.source != v.origin {
				n.passed++
			}
		}
	})
}

// find runs the algorithm over the body or constant expression that a module is
// refused for.
func (s suspect) find(wasm []byte, refused *validator.Error) (mismatch, error) {
	if refused.Func < 0 {
		c := constantAt(wasm, s.features, refused.Offset)
		if c == nil {
			return mismatch{offset: refused.Offset, operand: -1, declared: true, outside: true}, errMismatch
		}
		return c.find(s.features)
	}
	m, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(s.features))
	if err != nil {
		return mismatch{}, err
	}
	f := funcs[refused.Func-m.NumFuncs()+len(funcs)]
	return findMismatch(m, s.features, f.Index, f.Body)
}

// sameOrigins compares a diagnosis with what the algorithm found, and says what
// was compared.
func sameOrigins(d *explain.Diagnosis, refused *validator.Error, want mismatch) (what string, err error) {
	if want.outside {
		_, err := sameWants(d, want)
		return "declarations that contradict each other, without an expression", err
	}
	if want.offset != refused.Offset || d.Offset != want.offset || want.op != refused.Op {
		return "", fmt.Errorf("the error is at 0x%x, the diagnosis at 0x%x, the algorithm stops at %v at 0x%x",
			refused.Offset, d.Offset, want.op, want.offset)
	}
	if d.Op == nil || d.Op.Offset != want.offset || !strings.HasPrefix(d.Op.Text, want.op.Row().Keyword()) {
		return "", fmt.Errorf("operator %+v, want %v at 0x%x", d.Op, want.op, want.offset)
	}
	if !d.Traced {
		return "", errors.New("not traced")
	}
	if err := sameStack(d, want); err != nil {
		return "", err
	}
	return sameWants(d, want)
}

// sameStack compares the operands of the innermost block.
func sameStack(d *explain.Diagnosis, want mismatch) error {
	if d.StackHeight != len(want.stack) || d.FrameCount != want.frames {
		return fmt.Errorf("stack of %d, %d frames; want %d, %d", d.StackHeight, d.FrameCount, len(want.stack), want.frames)
	}
	block := want.stack[want.height:]
	if len(d.Stack) != len(block) && len(d.Stack) < 16 {
		return fmt.Errorf("%d operands of the block, want %d", len(d.Stack), len(block))
	}
	for i, have := range d.Stack {
		if have.Depth != i {
			return fmt.Errorf("operand %d has depth %d", i, have.Depth)
		}
		if err := sameOperand(&have, block[len(block)-1-i]); err != nil {
			return err
		}
	}
	return nil
}

// sameOperand compares type and origin of an operand.
func sameOperand(have *explain.Operand, want operand) error {
	origin := noOrigin
	if have.Origin != nil {
		origin = have.Origin.Offset
	}
	if have.Type != want.typ.String() || origin != want.origin {
		return fmt.Errorf("operand at depth %d is %s from 0x%x, want %v from 0x%x", have.Depth, have.Type, origin, want.typ, want.origin)
	}
	source := origin
	if have.Source != nil {
		source = have.Source.Offset
	}
	if want.source != anySource && source != want.source {
		return fmt.Errorf("source of the operand at depth %d is 0x%x, want 0x%x", have.Depth, source, want.source)
	}
	return nil
}

// sameWants compares the operand that is named as the wrong one.
func sameWants(d *explain.Diagnosis, want mismatch) (what string, err error) {
	var wrong, missing, extra []explain.Want
	for _, w := range d.Want {
		switch w.Verdict {
		case explain.Wrong:
			wrong = append(wrong, w)
		case explain.Missing:
			missing = append(missing, w)
		case explain.Extra:
			extra = append(extra, w)
		}
	}
	switch {
	case want.declared:
		if len(wrong)+len(missing)+len(extra) != 0 {
			return "", fmt.Errorf("the declarations contradict each other, and operands are blamed: %+v", d.Want)
		}
		return "declarations that contradict each other", nil
	case len(want.surplus) > 0:
		if len(extra) != len(want.surplus) || len(wrong)+len(missing) != 0 {
			return "", fmt.Errorf("%d operands left over, want %d: %+v", len(extra), len(want.surplus), d.Want)
		}
		for i, e := range extra {
			if e.Found == nil {
				return "", errors.New("what is left over was not found")
			}
			if err := sameOperand(e.Found, want.surplus[i]); err != nil {
				return "", err
			}
		}
		return "operands left over", nil
	case want.missing:
		if len(missing) == 0 {
			return "", fmt.Errorf("no operand is missing in %+v", d.Want)
		}
		if top := missing[len(missing)-1]; !wantsType(top, want.want) {
			return "", fmt.Errorf("%s is missing, want %v", top.Want, want.want)
		}
		return "missing operand", nil
	}
	depth := len(want.stack) - 1 - want.operand
	if want.op == ops.End || want.op == ops.Else {
		// Where a block ends, an operand on top of what fits may as well be called
		// too many.
		wrong = append(wrong, extra...)
	}
	i := slices.IndexFunc(wrong, func(w explain.Want) bool { return w.Depth == depth })
	if i < 0 || slices.ContainsFunc(wrong, func(w explain.Want) bool { return w.Depth < depth }) {
		return "", fmt.Errorf("the operand at depth %d is wrong, blamed are %+v", depth, d.Want)
	}
	if wrong[i].Found == nil {
		return "", errors.New("what is wrong was not found")
	}
	if err := sameOperand(wrong[i].Found, want.stack[want.operand]); err != nil {
		return "", err
	}
	if wrong[i].Verdict == explain.Wrong && !wantsType(wrong[i], want.want) {
		return "", fmt.Errorf("%s is wanted, want %v", wrong[i].Want, want.want)
	}
	return "wrong operand", nil
}

// wantsType reports whether a diagnosis asks for the type.
func wantsType(w explain.Want, t ops.ValType) bool { return t == ops.Bot || w.Want == t.String() }

func TestOriginsSpecificationSuite(t *testing.T) {
	t.Parallel()
	archive := conformance.Open(t, conformance.SpecTest)
	modules := archive.Modules(t)
	var suspects []suspect
	for _, row := range conformance.Rows[struct {
		File, Expect, Features, Wasm string
		Line                         int
	}](t, archive, "manifest.jsonl") {
		if row.Expect != "invalid" {
			continue
		}
		features, err := ops.ParseFeatures(row.Features)
		if err != nil {
			t.Fatal(err)
		}
		suspects = append(suspects, suspect{fmt.Sprintf("%s:%d", row.File, row.Line),
			func() []byte { return modules[row.Wasm] }, features, nil})
	}
	compareOrigins(t, suspects)
}

// differentialFeatures are the features of the modules in differential.zip.
const differentialFeatures = ops.Wasm3 | ops.Threads | ops.WideArithmetic | ops.CompactImports

// patchedRow is one row of the patches of a module.
type patchedRow struct {
	Base    string
	Patches [][2]int // offset and byte
	Verdict string
}

// wasm is the module of the row.
func (r patchedRow) wasm(base []byte) []byte {
	wasm := bytes.Clone(base)
	for _, p := range r.Patches {
		wasm[p[0]] = byte(p[1])
	}
	return wasm
}

// mayMismatch reports whether the module of the row may be refused for a type
// mismatch in a body: a quick look at the bodies that the row changes. It is
// true where the row changes something else.
func (r patchedRow) mayMismatch(base []byte, bodies []validator.FuncToValidate[*module.Module], f ops.Features) bool {
	lazy, err := validator.NewLazy(context.Background(), r.wasm(base), validator.WithFeatures(f))
	if err != nil {
		return true
	}
	var first *validator.Error
	for _, p := range r.Patches {
		i := slices.IndexFunc(bodies, func(b validator.FuncToValidate[*module.Module]) bool {
			return p[0] >= b.Body.Offset() && p[0] < b.Body.Offset()+b.Body.Size()
		})
		if i < 0 {
			return true
		}
		var refused *validator.Error
		if !errors.As(lazy.Validate(bodies[i].Index), &refused) {
			continue
		}
		if refused.Kind == validator.Malformed {
			return false
		}
		if first == nil || refused.Func < first.Func {
			first = refused
		}
	}
	return first != nil && strings.HasPrefix(first.Message, "type mismatch")
}

func TestOriginsGeneratedPatches(t *testing.T) {
	t.Parallel()
	archive := conformance.Open(t, conformance.Differential)
	modules := archive.Modules(t)
	var suspects []suspect
	for i, row := range conformance.Rows[patchedRow](t, archive, "patches.jsonl") {
		if row.Verdict != "ok" {
			suspects = append(suspects, suspect{fmt.Sprintf("patches.jsonl:%d", i+1),
				func() []byte { return row.wasm(modules[row.Base]) }, differentialFeatures, nil})
		}
	}
	compareOrigins(t, suspects)
}

// TestOriginsSQLJSPatches compares a quarter of the patches without the flag -all:
// each of them costs the spine of a large module.
func TestOriginsSQLJSPatches(t *testing.T) {
	t.Parallel()
	archive := conformance.Open(t, conformance.Differential)
	base := realmodules.NPM(t, "sqljs")
	const features = differentialFeatures
	_, bodies, err := validator.Spine(context.Background(), base, validator.WithFeatures(features))
	if err != nil {
		t.Fatal(err)
	}
	var suspects []suspect
	for i, row := range conformance.Rows[patchedRow](t, archive, "sqljs-patches.jsonl") {
		if row.Verdict != "ok" && (*all || i%4 == 0) {
			suspects = append(suspects, suspect{fmt.Sprintf("sqljs-patches.jsonl:%d", i+1),
				func() []byte { return row.wasm(base) }, features,
				func() bool { return !row.mayMismatch(base, bodies, features) }})
		}
	}
	compareOrigins(t, suspects)
}
