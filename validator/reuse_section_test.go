package validator_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// What a module with one huge type, or one huge operator outside of bodies, has blown
// up does not stay with what is kept for the next module.
func TestTrimSections(t *testing.T) {
	const n = 4 << 20
	list := func(item byte) []byte { return append(ops.AppendU32(nil, n), bytes.Repeat([]byte{item}, n)...) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	small := realModule(t, "shapes")
	for _, c := range []struct {
		name    string
		id      module.SectionID
		content []byte
	}{
		{"parameters", module.SectionType, join([]byte{1, 0x60}, list(0x7f), []byte{0})},
		{"fields", module.SectionType, join([]byte{1, 0x5f}, append(ops.AppendU32(nil, n), bytes.Repeat([]byte{0x7f, 0}, n)...))},
		{"labels in a global", module.SectionGlobal, join([]byte{1, 0x7f, 0, 0x0e}, list(0), []byte{0, 0x0b})},
		{"labels in an offset", module.SectionData, join([]byte{1, 0, 0x0e}, list(0), []byte{0, 0x0b, 0})},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			wasm := validatortest.NewModule().Raw(byte(c.id), c.content).Bytes()
			validate := func(wasm []byte) error {
				_, err := validator.Validate(t.Context(), wasm, validator.WithWorkers(1))
				return err
			}
			is.NoErr(validate(small))
			before := liveHeap()
			is.True(validate(wasm) != nil)
			kept := int64(liveHeap()) - int64(before)
			t.Logf("%d KB kept", kept>>10)
			is.True(kept < 2<<20)
			runtime.KeepAlive(wasm)
		})
	}
}
