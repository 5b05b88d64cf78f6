package validator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/conformance"
	"github.com/wasmstate/wasmstate/testdata/realmodules"
	"github.com/wasmstate/wasmstate/validator"
)

// differentialFeatures are the features with which the reference judged.
const differentialFeatures = ops.Wasm3 | ops.Threads | ops.WideArithmetic | ops.CompactImports

// judgement is what the reference validator says about a module, or about one
// with some bytes written over.
type judgement struct {
	Wasm    string   `json:"wasm"`
	Base    string   `json:"base"`
	Patches [][2]int `json:"patches"` // offset and byte
	Verdict string   `json:"verdict"` // ok, err
	Offset  int      `json:"offset"`
	Error   string   `json:"error"`
}

// module returns the bytes that the reference judged.
func (j judgement) module(base []byte) []byte {
	wasm := bytes.Clone(base)
	for _, p := range j.Patches {
		wasm[p[0]] = byte(p[1])
	}
	return wasm
}

// compareVerdicts validates the module of every row and fails where the verdict
// is not that of the reference, unless testdata/conformance/verdicts.txt gives
// the sentence of the specification that decides against it. How many offsets
// agree is printed and no more: the reference reports some errors at another
// byte of the operator.
func compareVerdicts(t *testing.T, list string, rows []judgement, base func(judgement) []byte) {
	t.Helper()
	excused := readReasons(t, "../testdata/conformance/verdicts.txt")
	errs := make([]error, len(rows))
	forEach(len(rows), func(i int) {
		_, errs[i] = validator.Validate(context.Background(), rows[i].module(base(rows[i])),
			validator.WithFeatures(differentialFeatures), validator.WithWorkers(1))
	})
	agree, offsets := 0, 0
	for i, row := range rows {
		name := fmt.Sprintf("%s:%d", list, i+1)
		if (errs[i] == nil) == (row.Verdict == "ok") {
			agree++
		} else if _, ok := excused[name]; !ok {
			t.Errorf("%s: the reference says %s at 0x%x %q, got %v", name, row.Verdict, row.Offset, row.Error, errs[i])
		}
		var e *validator.Error
		if errs[i] != nil && !errors.As(errs[i], &e) {
			t.Errorf("%s: %T, want *validator.Error: %v", name, errs[i], errs[i])
		} else if e != nil && e.Offset == row.Offset {
			offsets++
		}
	}
	t.Logf("%s: %d rows, verdict agrees on %d, offset of the error on %d", list, len(rows), agree, offsets)
}

func TestDifferentialModules(t *testing.T) {
	archive := conformance.Open(t, conformance.Differential)
	modules := archive.Modules(t)
	compareVerdicts(t, "modules.jsonl", conformance.Rows[judgement](t, archive, "modules.jsonl"),
		func(j judgement) []byte { return modules[j.Wasm] })
}

func TestDifferentialPatches(t *testing.T) {
	archive := conformance.Open(t, conformance.Differential)
	modules := archive.Modules(t)
	compareVerdicts(t, "patches.jsonl", conformance.Rows[judgement](t, archive, "patches.jsonl"),
		func(j judgement) []byte { return modules[j.Base] })
}

func TestDifferentialSQLJSPatches(t *testing.T) {
	archive := conformance.Open(t, conformance.Differential)
	wasm := realmodules.NPM(t, "sqljs")
	compareVerdicts(t, "sqljs-patches.jsonl", conformance.Rows[judgement](t, archive, "sqljs-patches.jsonl"),
		func(judgement) []byte { return wasm })
}
