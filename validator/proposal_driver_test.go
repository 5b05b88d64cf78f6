package validator_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// This file drives the tables of the proposals. A table has a module that passes
// or fails a line; the fault is at the mark.

// bodySuite is what the function bodies of a table have in common.
type bodySuite struct {
	features ops.Features
	// base makes the declarations that the bodies refer to. Its type 0 is that
	// of the function under test, which comes after the functions it has.
	base func() *validatortest.Module
	fn   int // the index of the function under test
}

// check validates each body.
func (s bodySuite) check(t *testing.T, tests []bodyTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := s.base().Func(0, test.locals, test.code)
			e := checkModule(t, s.features, m, test.want)
			checkDrivers(t, s.features, m)
			if e == nil {
				return
			}
			is := is.New(t)
			is.True(e.InOp)
			is.Equal(e.Func, s.fn)
			is.Equal(e.Feature, ops.Features(0)) // no proposal would allow it
			is.Equal(e.Op.Row().Keyword(), marked.FindStringSubmatch(test.code)[1])
		})
	}
}

// refusal is how a module is refused.
type refusal struct {
	kind    validator.Kind
	message string // how the message begins
	feature string // the proposal that would have allowed it, or nothing
	fn      int    // the function at fault; -1 outside a body
	after   int    // bytes from the mark to the fault
}

// refusedTest is a module that is refused.
type refusedTest struct {
	name   string
	module *validatortest.Module
	want   refusal
}

// checkRefusals validates each module, which must be refused.
func checkRefusals(t *testing.T, features ops.Features, tests []refusedTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkRefused(t, features, test.module, test.want) })
	}
}

// invalidAfter is the refusal of an invalid module outside a body, a number of
// bytes after its mark: at the end of a constant expression, say.
func invalidAfter(after int, message string) refusal {
	return refusal{kind: validator.Invalid, message: message, fn: -1, after: after}
}

// checkRefused validates m, which must be refused at its mark.
func checkRefused(t *testing.T, features ops.Features, m *validatortest.Module, want refusal) {
	t.Helper()
	checkRefusedAt(t, features, m, m.Mark()+want.after, want)
}

// checkRefusedAt validates m, which must be refused at the offset given.
func checkRefusedAt(t *testing.T, features ops.Features, m *validatortest.Module, offset int, want refusal) {
	t.Helper()
	is := is.New(t)
	_, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(features), validator.WithWorkers(1))
	var e *validator.Error
	is.True(errors.As(err, &e)) // refused
	is.Equal(e.Kind, want.kind)
	is.Equal(e.Offset, offset)
	is.Equal(e.Func, want.fn)
	is.Equal(e.Feature.String(), want.feature)
	if !strings.HasPrefix(e.Message, want.message) {
		t.Errorf("message %q does not begin with %q", e.Message, want.message)
	}
	checkDrivers(t, features, m)
}

// checkDrivers validates m in every other way, with the same verdict.
func checkDrivers(t *testing.T, features ops.Features, m *validatortest.Module) {
	t.Helper()
	agree(t, t.Name(), rand.New(rand.NewPCG(1, 2)), m.Bytes(), features)
}

// gatedTest is a valid module with a mark at what brings a proposal in.
type gatedTest struct {
	name    string
	module  *validatortest.Module
	kind    validator.Kind
	message string // how the message without the proposal begins
	fn      int    // the function at fault; -1 outside a body
	after   int    // bytes from the mark to the fault
}

// checkFeature validates each module with the features given, when it passes,
// and without the proposal named, when it is refused and the error names it.
func checkFeature(t *testing.T, features ops.Features, proposal string, tests []gatedTest) {
	t.Helper()
	off, err := ops.ParseFeatures(features.String() + ",-" + proposal)
	is.New(t).NoErr(err)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkModule(t, features, test.module, "")
			checkRefused(t, off, test.module, refusal{kind: test.kind, message: test.message, feature: proposal, fn: test.fn, after: test.after})
		})
	}
}

// gatedBodies makes of function bodies, each with a mark at an operator that a
// proposal brings, tests that find this operator illegal without it. The bodies
// are of the first function of what base makes, of its type 0.
func gatedBodies(base func() *validatortest.Module, bodies ...string) []gatedTest {
	tests := make([]gatedTest, len(bodies))
	for i, code := range bodies {
		tests[i] = gatedTest{
			name:    marked.FindStringSubmatch(code)[1],
			module:  base().Func(0, "", code),
			kind:    validator.Malformed,
			message: "illegal opcode",
		}
	}
	return tests
}
