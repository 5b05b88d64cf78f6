package ops_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

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

// BenchmarkNext decodes every operator of the modules in testdata.
func BenchmarkNext(b *testing.B) {
	files, err := filepath.Glob("../testdata/*.wasm")
	if err != nil || len(files) == 0 {
		b.Skip("no modules in ../testdata")
	}
	for _, file := range files {
		b.Run(filepath.Base(file), func(b *testing.B) { benchmarkNext(b, file) })
	}
}

func benchmarkNext(b *testing.B, file string) {
	wasm, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	list := bodies(b, wasm)
	size := 0
	for _, f := range list {
		size += len(f.code)
	}
	var d ops.Decoder
	var in ops.Instr
	n := 0
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		n = 0
		for _, f := range list {
			d.Reset(f.code, f.offset, ops.Default)
			for d.Len() > 0 {
				if err := d.Next(&in); err != nil {
					b.Fatal(err)
				}
				n++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/op-code")
}
