package ops_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

// unhex returns the bytes that are written in hexadecimal, spaces apart.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// body is the expression of one function, its locals left out.
type body struct {
	code   []byte
	offset int
}

// bodies returns the expressions in the code section of a module.
func bodies(t testing.TB, wasm []byte) []body {
	t.Helper()
	r := ops.NewReader(wasm, 0, ops.All)
	must(t, one(r.Bytes(8)))
	for {
		id := must(t, one(r.Byte()))
		size := must(t, one(r.Count()))
		section := must(t, one(r.Bytes(size)))
		if id == 10 {
			return split(t, section, r.Offset()-size)
		}
	}
}

// split returns the expressions of a code section.
func split(t testing.TB, section []byte, offset int) []body {
	r := ops.NewReader(section, offset, ops.All)
	list := make([]body, must(t, one(r.Count())))
	for i := range list {
		size := must(t, one(r.Count()))
		f := ops.NewReader(must(t, one(r.Bytes(size))), r.Offset()-size, ops.All)
		for range must(t, one(f.Count())) {
			must(t, one(f.U32()))
			must(t, one(f.ValType()))
		}
		start := f.Offset()
		list[i] = body{must(t, one(f.Bytes(f.Len()))), start}
	}
	return list
}

type result[T any] struct {
	value T
	err   error
}

func one[T any](v T, err error) result[T] { return result[T]{v, err} }

// must returns the value of r, or fails the test.
func must[T any](t testing.TB, r result[T]) T {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.value
}

// readModule returns a module of ../testdata.
func readModule(t testing.TB, name string) []byte {
	t.Helper()
	wasm, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Skip("no ", name, " in ../testdata: ", err)
	}
	return wasm
}
