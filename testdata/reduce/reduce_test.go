package reduce_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/reduce"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// A module of which one operator matters becomes a module of that operator.
func TestModule(t *testing.T) {
	is := is.New(t)
	wasm, err := generate.Module(7, generate.Config{Features: ops.Wasm3, Funcs: 8})
	is.NoErr(err)
	want := byte(ops.I64ExtendI32S)
	uses := func(wasm []byte) bool {
		_, funcs, err := validator.Spine(t.Context(), wasm, validator.WithFeatures(ops.Wasm3))
		for _, f := range funcs {
			if err == nil && bytes.IndexByte(f.Body.Bytes(), want) >= 0 {
				return true
			}
		}
		return false
	}
	is.True(uses(wasm))
	small := reduce.Module(wasm, 0, uses)
	is.True(uses(small))
	t.Logf("%d bytes of %d: %x", len(small), len(wasm), small)
	is.True(len(small) < 40)
}

// The message of an error survives, and the module around it does not.
func TestModuleOfError(t *testing.T) {
	is := is.New(t)
	wasm := validatortest.NewModule().Type("func (param i32) (result i32)").Memory("1").Table("10 funcref").
		Func(0, "i64 3 f32", "local.get 0 if (result i32) i32.const 1 else i64.const 2 end").
		Func(0, "", "local.get 0 i32.const 5 i32.add").
		Export("a", "func 0").Export("b", "func 1").Data("i32.const 0", "abcdef").Bytes()
	holds := func(wasm []byte) bool {
		_, err := validator.Validate(t.Context(), wasm)
		return err != nil && strings.Contains(err.Error(), "expected i32 but got i64") || err != nil && strings.Contains(err.Error(), "type mismatch")
	}
	is.True(holds(wasm))
	small := reduce.Module(wasm, 0, holds)
	is.True(holds(small))
	t.Logf("%d bytes of %d: %x", len(small), len(wasm), small)
	is.True(len(small) < 32)
}

// What does not decode at all is reduced too.
func TestModuleOfBytes(t *testing.T) {
	is := is.New(t)
	wasm := append([]byte("\x00asm\x01\x00\x00\x00\x01\xff"), bytes.Repeat([]byte{1, 2, 3}, 50)...)
	small := reduce.Module(wasm, 0, func(b []byte) bool { return bytes.IndexByte(b, 3) >= 0 })
	is.True(len(small) <= headerAndOne)
}

const headerAndOne = 9
