package validator_test

import (
	"context"
	"encoding/hex"
	"errors"
	"math/bits"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// codeCase is the body of a function of type 0 in a module that others share.
type codeCase struct {
	name   string
	locals string
	code   string // as addBody reads it
	want   string // as expect reads it
}

// addBody adds a function of type 0 to m. A mark at the very end of the code is
// at the final end.
func addBody(m *validatortest.Module, locals, code string) *validatortest.Module {
	rest, ok := strings.CutSuffix(code, "@")
	if !ok {
		return m.Func(0, locals, code)
	}
	b, _ := validatortest.Body(locals, rest)
	return m.FuncType(0).Body(b, len(b)-1)
}

// emptyTypes declares nothing but a function type.
func emptyTypes() *validatortest.Module { return validatortest.NewModule().Type("func") }

// moduleCase is a module with a mark where it is at fault, unless it is valid.
type moduleCase struct {
	name   string
	module source
	want   string // as expect reads it
}

// source is a module with a mark: a *validatortest.Module, or bytes.
type source interface {
	Bytes() []byte
	Mark() int
}

// hexModule is a module after its header, in hexadecimal digits with spaces
// between them as one likes, and the mark in front of a byte or at the end.
type hexModule string

func (h hexModule) Bytes() []byte {
	b, err := hex.DecodeString("0061736d01000000" + strings.NewReplacer(" ", "", "@", "").Replace(string(h)))
	if err != nil {
		panic(err)
	}
	return b
}

func (h hexModule) Mark() int {
	before, _, ok := strings.Cut(strings.ReplaceAll(string(h), " ", ""), "@")
	if !ok {
		panic("no mark in " + string(h))
	}
	return 8 + len(before)/2
}

// checkCode validates each body as a function of what base makes.
func checkCode(t *testing.T, features ops.Features, base func() *validatortest.Module, cases []codeCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := addBody(base(), c.locals, c.code)
			e := expect(t, features, m, c.want)
			if e == nil {
				return
			}
			is := is.New(t)
			is.True(e.Func >= 0) // the error is inside a function
			if e.InOp && e.Kind == validator.Invalid {
				is.Equal(e.Op, markedOp(m))
			}
		})
	}
}

// checkModuleCases validates each module.
func checkModuleCases(t *testing.T, features ops.Features, cases []moduleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { expect(t, features, c.module, c.want) })
	}
}

// expect validates m. With an empty want it must be valid. Otherwise it must be
// refused at its mark with a message that begins with want, as invalid or, where
// want begins with "malformed: " or "limit: ", as that; the error is returned.
func expect(t *testing.T, features ops.Features, m source, want string) *validator.Error {
	t.Helper()
	_, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(features), validator.WithWorkers(1))
	if want == "" {
		if err != nil {
			t.Errorf("got %v, want a valid module", err)
		}
		return nil
	}
	kind := validator.Invalid
	if w, ok := strings.CutPrefix(want, "malformed: "); ok {
		kind, want = validator.Malformed, w
	} else if w, ok := strings.CutPrefix(want, "limit: "); ok {
		kind, want = validator.Limit, w
	}
	var e *validator.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %v: %s", err, kind, want)
	}
	if e.Kind != kind || !strings.HasPrefix(e.Message, want) {
		t.Errorf("got %v, want %v: %s", e, kind, want)
	}
	if e.Offset != m.Mark() {
		t.Errorf("got %v, want it at 0x%x", e, m.Mark())
	}
	return e
}

// expectOff validates m, which needs the feature, with every feature but it: m
// must be refused as expect says, and the error must name the feature.
func expectOff(t *testing.T, feature ops.Features, m source, want string) {
	t.Helper()
	if e := expect(t, allBut(t, feature), m, want); e != nil && e.Feature != feature {
		t.Errorf("got %v with the feature %q, want %q", e, e.Feature.Names(), feature.Names())
	}
}

// allBut returns all features but the ones given and those that bring them.
func allBut(t *testing.T, off ops.Features) ops.Features {
	t.Helper()
	list := "all"
	for _, name := range off.Names() {
		list += ",-" + name
	}
	f, err := ops.ParseFeatures(list)
	is.New(t).NoErr(err)
	return f
}

// markedOp returns the operator at the mark of m.
func markedOp(m *validatortest.Module) ops.Op {
	b, mark := m.Bytes(), m.Mark()
	d := ops.NewDecoder(b[mark:], mark, ops.All)
	var in ops.Instr
	_ = d.Next(&in) // it may be malformed; its opcode is known nevertheless
	return in.Op
}

// checkOperators validates each operator of testdata/signatures.txt that the
// proposal brought: it needs the proposal, what others lists, and nothing else.
func checkOperators(t *testing.T, proposal, others string) {
	t.Helper()
	feature, more := list(t, proposal), list(t, others)
	count := 0
	for _, o := range readOperators(t) {
		if o.feature != feature {
			continue
		}
		count++
		t.Run(o.name, func(t *testing.T) {
			code := "unreachable @" + o.natural(addressings[0]) + strings.Repeat(" drop", len(o.results))
			m := withBody(code).Memory("1").Table("1 funcref")
			expect(t, feature|more, m, "")
			checkRequired(t, o.name, m.Bytes(), feature|more)
			e := expect(t, more, m, "malformed: illegal opcode")
			is.New(t).Equal(e.Feature.Names(), feature.Names())
		})
	}
	if count == 0 {
		t.Errorf("no operators of %s", proposal)
	}
}

// withBody returns a module with one function of type [] -> [].
func withBody(code string) *validatortest.Module {
	return validatortest.NewModule().Type("func").Func(0, "", code)
}

// list returns the set that f names, without the two that every set has.
func list(t *testing.T, f string) ops.Features {
	t.Helper()
	set, err := ops.ParseFeatures(f)
	is.New(t).NoErr(err)
	return set &^ ops.MVP
}

// singles returns the members of f, each as a set of its own.
func singles(f ops.Features) (members []ops.Features) {
	for m := f & ops.All; m != 0; m &= m - 1 {
		members = append(members, 1<<bits.TrailingZeros64(uint64(m)))
	}
	return members
}

// checkRequired checks that need is enough for wasm, and that no member of it
// can go.
func checkRequired(t *testing.T, name string, wasm []byte, need ops.Features) {
	t.Helper()
	ctx := context.Background()
	if need&(ops.Floats|ops.GCTypes) != 0 || need.Minimal() != need {
		t.Errorf("%s: the list %q is not in its shortest form", name, need)
	}
	if _, err := validator.Validate(ctx, wasm, validator.WithFeatures(need), validator.WithWorkers(1)); err != nil {
		t.Errorf("%s: %q is not enough: %v", name, need, err)
	}
	for _, m := range singles(need) {
		_, err := validator.Validate(ctx, wasm, validator.WithFeatures(need&^m), validator.WithWorkers(1))
		var e *validator.Error
		switch {
		case err == nil:
			t.Errorf("%s: of %q, %q can go", name, need, m)
		case !errors.As(err, &e) || e.Feature&provides(m) == 0:
			t.Errorf("%s: without %q of %q: %v with the feature %q", name, m, need, err, e.Feature)
		}
	}
}

// provides returns what an error may name where only f is missing: f, what it
// brings with it, and what else brings the same: each of three proposals brings
// tags, and each of two references to defined types.
func provides(f ops.Features) ops.Features {
	const taggers = ops.Exceptions | ops.LegacyExceptions | ops.StackSwitching
	switch {
	case f&taggers != 0:
		return taggers
	case f == ops.GC, f == ops.FunctionReferences:
		return ops.GC | ops.FunctionReferences
	case f == ops.BulkMemory:
		return f | ops.BulkMemoryOpt
	case f == ops.ReferenceTypes:
		return f | ops.CallIndirectOverlong
	}
	return f
}

// checkOff validates modules that need the feature: each is valid with every
// feature, and refused as expectOff says.
func checkOff(t *testing.T, feature ops.Features, cases []moduleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			expect(t, ops.All, c.module, "")
			expectOff(t, feature, c.module, c.want)
		})
	}
}
