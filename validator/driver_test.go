package validator_test

import (
	"encoding/hex"
	"errors"
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
// want begins with "malformed: ", as malformed; the error is returned.
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
