package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// With the proposal, the table index of call_indirect is a LEB128 number;
// without, it is a byte that must be zero.
func TestCallIndirectOverlong(t *testing.T) {
	m := func(index string) source {
		return withBody("unreachable (bytes 0x11 0) @(bytes " + index + ")").Table("1 funcref")
	}
	is := is.New(t)
	for _, test := range []struct{ name, index, on, off string }{
		{"one byte", "0", "", ""},
		{"two bytes", "0x80 0", "", "malformed: zero byte expected"},
		{"five bytes", "0x80 0x80 0x80 0x80 0", "", "malformed: zero byte expected"},
		{"six bytes", "0x80 0x80 0x80 0x80 0x80 0", "malformed: integer representation too long", "malformed: zero byte expected"},
		{"more than 32 bits", "0x80 0x80 0x80 0x80 0x10", "malformed: integer too large", "malformed: zero byte expected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, ops.CallIndirectOverlong, m(test.index), test.on)
			expect(t, ops.ReferenceTypes, m(test.index), test.on)
			expect(t, ops.MVP, m(test.index), test.off)
		})
	}
	for index, want := range map[string]ops.Features{"0": 0, "0x80 0": ops.CallIndirectOverlong} {
		got, err := validator.Validate(t.Context(), m(index).Bytes(), validator.WithFeatures(ops.All))
		is.NoErr(err)
		is.Equal(got.RequiredFeatures(), want)
	}
}
