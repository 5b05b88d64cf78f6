package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/trials/judge"
)

// What the fuzz targets and reviews have found, each as the smallest module that
// shows it.

// Without bulk-memory, the number in front of a segment is the index of a table or
// memory, as it was in the first standard. Such a module does not need bulk-memory:
// with it the bytes mean something else.
func TestSegmentsOfTheFirstStandardNeedNoBulkMemory(t *testing.T) {
	for _, c := range []struct {
		name   string
		module hexModule
		need   ops.Features
	}{
		{"data in memory 1", "0505 02 0001 0001 0b06 01 01 41000b 00", ops.MultiMemory},
		{"elements in table 1", "0407 02 700001 700001 0906 01 01 41000b 00", ops.ReferenceTypes},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := judge.Serial(c.module.Bytes(), c.need)
			if err != nil {
				t.Fatal(err)
			}
			checkRequired(t, c.name, c.module.Bytes(), m.RequiredFeatures())
		})
	}
}

// The second v128.load has its number in three bytes and its offset in five, of which
// the last is also the code of end, or of call.
func TestLongNumberBeforeLongOffset(t *testing.T) {
	const head, load = "01 04 01 60 00 00  03 02 01 00  05 03 01 00 01  ", "41 00 fd 00 04 00 1a  41 00 "
	expect(t, ops.Default, hexModule(head+"0a 18 01 16 00 "+load+"fd 80 80 00 04 80 80 80 80 0b 1a 0b"), "")
	expect(t, ops.Default, hexModule(head+"0a 19 01 17 00 "+load+"@fd 80 80 00 04 80 80 80 80 10 00 1a 0b"), "offset out of range")
}
