package module_test

import (
	"os"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// BenchmarkParser measures how fast a real module is divided into its sections
// and bodies, and its sections are decoded; bodies and data are passed over.
func BenchmarkParser(b *testing.B) {
	wasm, err := os.ReadFile("../testdata/gotool.wasm")
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(wasm)))
	b.ReportAllocs()
	p := module.NewParser(ops.Default)
	var r module.SectionReader
	for b.Loop() {
		p.Reset(ops.Default)
		d := decoding{types: module.NewTypes()}
		for rest := wasm; ; {
			payload, n, err := p.Parse(rest, true)
			if err != nil {
				b.Fatal(err)
			}
			rest = rest[n:]
			if payload.Kind == module.WholeSection {
				err = d.section(&r, payload.Section, ops.Default)
			}
			if err != nil {
				b.Fatal(err)
			}
			if payload.Kind == module.End {
				break
			}
		}
	}
}
