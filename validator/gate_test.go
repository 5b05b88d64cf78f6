package validator_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What a decoder would refuse because a proposal is off is refused of an engine's
// own decoder too: types among the immediates, and of locals. The operator is the
// first of the body, which the rules serve, or one behind blocks that leave room for
// another, which Op serves at once if it can.
func TestOpWithProposalsOff(t *testing.T) {
	block := func(b ops.BlockType) *ops.Instr { return &ops.Instr{Op: ops.Block, Block: b} }
	null := func(t ops.ValType) *ops.Instr { return &ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{t}} }
	for _, tt := range []struct {
		name    string
		in      *ops.Instr
		without string
	}{
		{"block of a type index", block(ops.BlockIndex(0)), "multi-value"},
		{"block of a vector", block(ops.BlockResult(ops.V128)), "simd"},
		{"block of a float", block(ops.BlockResult(ops.F32)), "floats"},
		{"block of exnref", block(ops.BlockResult(ops.ExnRef)), "exceptions"},
		{"ref.null extern", null(ops.ExternRef), "gc-types"},
		{"ref.null any", null(ops.AnyRef), "gc"},
		{"select of a vector", &ops.Instr{Op: ops.SelectT, Types: []ops.ValType{ops.V128}}, "simd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			features, err := ops.ParseFeatures("all,-" + tt.without)
			is.NoErr(err)
			r := validatortest.NewResources().AddType("func")
			for i, f := range []ops.Features{ops.All, features, ops.All, features} {
				a, err := validator.New(r, f).Assign(0, 0, 0)
				is.NoErr(err)
				if i >= 2 {
					for _, op := range []ops.Op{ops.Block, ops.Block, ops.End, ops.End} {
						is.NoErr(a.Op(1, &ops.Instr{Op: op}))
					}
				}
				tried, done := a.TryOp(7, tt.in), a.Op(7, tt.in)
				_ = a.Abandon()
				for _, err := range []error{tried, done} {
					var e *validator.Error
					refused := errors.As(err, &e) && e.Kind == validator.Malformed
					is.Equal(refused, f == features)
					if refused {
						is.Equal(e.Feature.String(), tt.without)
						is.Equal(e.Offset, 7)
					}
				}
			}
		})
	}
}

// Immediates that no encoding of an operator has are malformed: an engine that makes
// operators itself may get them wrong.
func TestOpOfWhatNobodyCanWrite(t *testing.T) {
	instr := func(op ops.Op, types ...ops.ValType) *ops.Instr {
		in := &ops.Instr{Op: op}
		copy(in.Type[:], types)
		return in
	}
	null, nonNull := ops.HeapFunc.RefNull(), ops.HeapFunc.Ref()
	for _, tt := range []struct {
		name    string
		in      *ops.Instr
		message string // none if it is right
	}{
		{"ref.null", instr(ops.RefNull, null), ""},
		{"ref.null of a number", instr(ops.RefNull, ops.I32), "malformed heap type: ref.null of i32"},
		{"ref.null of nothing", instr(ops.RefNull, ops.Bot), "malformed heap type"},
		{"ref.null of what is not null", instr(ops.RefNull, nonNull), "malformed heap type: ref.null of (ref func)"},
		{"ref.test", instr(ops.RefTest, nonNull), ""},
		{"ref.test of a number", instr(ops.RefTest, ops.I32), "malformed heap type: ref.test of i32"},
		{"ref.test of null", instr(ops.RefTest, null), "malformed heap type: ref.test of funcref"},
		{"ref.test null", instr(ops.RefTestNull, null), ""},
		{"ref.test null of what is not null", instr(ops.RefTestNull, nonNull), "malformed heap type: ref.test null of (ref func)"},
		{"ref.cast", instr(ops.RefCast, nonNull), ""},
		{"ref.cast to a number", instr(ops.RefCast, ops.I32), "malformed heap type: ref.cast of i32"},
		{"ref.cast to null", instr(ops.RefCast, null), "malformed heap type: ref.cast of funcref"},
		{"ref.cast null", instr(ops.RefCastNull, null), ""},
		{"ref.cast null to what is not null", instr(ops.RefCastNull, nonNull), "malformed heap type: ref.cast null of (ref func)"},
		{"br_on_cast from a number", instr(ops.BrOnCast, ops.I32, null), "malformed heap type: br_on_cast of i32"},
		{"br_on_cast_fail to a number", instr(ops.BrOnCastFail, null, ops.I32), "malformed heap type: br_on_cast_fail of i32"},
		{"try_table", &ops.Instr{Op: ops.TryTable, Catches: []ops.Catch{{Kind: ops.CatchAll}}}, ""},
		{"memory ordering", &ops.Instr{Op: ops.GlobalAtomicGet, Ordering: ops.AcqRel + 1}, "malformed memory ordering: 2"},
		{"try_table of a clause of no kind", &ops.Instr{Op: ops.TryTable, Catches: []ops.Catch{{Kind: ops.CatchAll}, {Kind: ops.CatchAllRef + 1}}}, "malformed catch clause of kind 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			a, err := validator.New(validatortest.NewResources().AddType("func"), ops.All).Assign(0, 0, 0)
			is.NoErr(err)
			is.NoErr(a.Op(1, instr(ops.RefNull, null)))
			for _, err := range []error{a.TryOp(7, tt.in), a.Op(7, tt.in)} {
				if tt.message == "" {
					is.NoErr(err)
					break // it is done
				}
				var e *validator.Error
				is.True(errors.As(err, &e))
				is.Equal(e.Kind, validator.Malformed)
				is.Equal(e.Offset, 7)
				is.True(strings.HasPrefix(e.Message, tt.message))
			}
			_ = a.Abandon()
		})
	}
}

func TestDefineLocalsWithProposalsOff(t *testing.T) {
	is := is.New(t)
	r := validatortest.NewResources().AddType("func")
	a, err := validator.New(r, ops.Wasm1).Assign(0, 0, 0)
	is.NoErr(err)
	defer func() { _ = a.Abandon() }()
	var e *validator.Error
	is.True(errors.As(a.DefineLocals(3, 1, ops.V128), &e))
	is.Equal(e.Kind, validator.Malformed)
	is.Equal(e.Feature, ops.SIMD)
	is.Equal(e.Offset, 3)
}
