package ops_test

import (
	"encoding/json"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

func TestInstrText(t *testing.T) {
	is := is.New(t)
	in := ops.Instr{Op: ops.BrTable, Labels: []uint32{1, 2}}
	b, err := in.AppendText([]byte("("))
	is.NoErr(err)
	is.Equal(string(b), "(br_table 1 2")
	b, err = json.Marshal(&in)
	is.NoErr(err)
	is.Equal(string(b), `"br_table 1 2"`)
}

func TestInstrTextOfStrangeValues(t *testing.T) {
	is := is.New(t)
	is.Equal((&ops.Instr{Op: 0xFF}).String(), "0xff")
	is.Equal((&ops.Instr{Op: ops.I32Load, Mem: ops.MemArg{Align: 70}}).String(), "i32.load align=2**70")
	is.Equal(ops.Ordering(9).String(), "?")
	is.Equal(ops.HeapType(200).String(), "?")
}

func TestAppendInstrWithoutRow(t *testing.T) {
	is := is.New(t)
	is.Equal(ops.AppendInstr(nil, &ops.Instr{Op: 0xFF}), []byte{0xFF})
	is.Equal(ops.AppendInstr(nil, &ops.Instr{Op: 0xFC_00FF}), []byte{0xFC, 0xFF, 0x01})
	is.Equal(ops.AppendInstr(nil, &ops.Instr{Op: ops.BrTable}), []byte{0x0E, 0x00})
}

func TestRowsCanStop(t *testing.T) {
	n := 0
	for range ops.Rows() {
		if n++; n == 3 {
			break
		}
	}
	is.New(t).Equal(n, 3)
}
