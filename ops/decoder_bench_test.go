package ops_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

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
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/operator")
}
