package module_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// BenchmarkTypes measures what a million types cost, each way in which they can
// be small; bytes are those of the binary format.
func BenchmarkTypes(b *testing.B) {
	nums := []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64}
	b.Run("equal", func(b *testing.B) {
		benchmarkTypes(b, 3, func(t *module.Types, i int) error {
			_, err := t.AddFunc(nil, nil)
			return err
		})
	})
	b.Run("different", func(b *testing.B) {
		params := make([]ops.ValType, 10)
		benchmarkTypes(b, 13, func(t *module.Types, i int) error {
			for k := range params {
				params[k] = nums[i>>(2*k)&3]
			}
			_, err := t.AddFunc(params, nil)
			return err
		})
	})
	b.Run("chained", func(b *testing.B) {
		group := []sub{structure(fields(field(ops.I32)))}
		benchmarkTypes(b, 6, func(t *module.Types, i int) error {
			group[0].Fields[0].Type = refNull(uint32(max(i-1, 0)))
			return t.AddGroup(group)
		})
	})
	b.Run("one group", func(b *testing.B) {
		empty := structure(nil)
		benchmarkTypes(b, 2, func(t *module.Types, i int) error {
			if i == 0 {
				t.BeginGroup(million)
			}
			err := t.Define(&empty)
			if i == million-1 {
				err = t.EndGroup()
			}
			return err
		})
	})
}

const million = 1 << 20

func benchmarkTypes(b *testing.B, bytes int64, add func(t *module.Types, i int) error) {
	b.ReportAllocs()
	b.SetBytes(bytes * million)
	for b.Loop() {
		t := module.NewTypes()
		t.Grow(million)
		for i := range million {
			if err := add(t, i); err != nil {
				b.Fatal(err)
			}
		}
	}
}
