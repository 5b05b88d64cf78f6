package ops_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

// FuzzDecode decodes any bytes: it must not panic, must get on or fail, and what
// it decodes must encode to the same bytes, or to fewer that decode to the same.
func FuzzDecode(f *testing.F) {
	for _, c := range immCases {
		f.Add(unhex(f, c.hex), uint64(ops.All))
		f.Add(unhex(f, c.hex), uint64(ops.Wasm2))
	}
	for r := range ops.Rows() {
		in := sample(r)
		f.Add(ops.AppendInstr(nil, &in), uint64(ops.Default))
	}
	f.Fuzz(func(t *testing.T, code []byte, features uint64) {
		d := ops.NewDecoder(code, 0, ops.Features(features))
		var in ops.Instr
		for d.Len() > 0 {
			start := d.Pos()
			if err := d.Next(&in); err != nil {
				s := syntaxError(t, err)
				if s.Offset < start || s.Offset > len(code) || d.Pos() != start {
					t.Fatalf("error at %d, decoder at %d, operator at %d: %v", s.Offset, d.Pos(), start, err)
				}
				return
			}
			if d.Pos() <= start {
				t.Fatalf("no progress at %d", start)
			}
			checkReadsBack(t, &in, code[start:d.Pos()])
		}
		if all := ops.NewDecoder(code, 0, ops.All); ops.SkipExpr(all) == nil && all.Pos() > len(code) {
			t.Fatal("skipped more bytes than there are")
		}
	})
}

// checkReadsBack encodes in, which was decoded from code, and decodes it again.
// Only integers that are longer than they need be get lost on the way, and type
// indices that no module can define.
func checkReadsBack(t *testing.T, in *ops.Instr, code []byte) {
	b := ops.AppendInstr(nil, in)
	if len(b) > len(code) {
		t.Fatalf("% x became longer: % x", code, b)
	}
	clamped := strings.Contains(in.String(), strconv.Itoa(ops.MaxTypeIndex))
	if len(b) == len(code) && !bytes.Equal(b, code) && !clamped {
		t.Fatalf("% x became % x", code, b)
	}
	again, _ := decode(t, b, ops.All)
	if again.String() != in.String() || !bytes.Equal(ops.AppendInstr(nil, &again), b) {
		t.Fatalf("% x reads as %v, % x as %v", code, in, b, &again)
	}
}
