package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/trials/judge"
)

// What the fuzz targets have found, each as the smallest module that shows it.

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
