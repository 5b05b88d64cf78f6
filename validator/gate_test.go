package validator_test

import (
	"errors"
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
