package validator_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/conformance"
	"github.com/wasmstate/wasmstate/validator"
)

// assertion is one row of the specification's test suite.
type assertion struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Expect   string `json:"expect"` // valid, invalid, malformed
	Message  string `json:"message"`
	Features string `json:"features"`
	Wasm     string `json:"wasm"`
}

func (a assertion) place() string { return fmt.Sprintf("%s:%d", a.File, a.Line) }

// outcome is what the validator says to an assertion.
type outcome struct {
	verdict, kind, message bool // right
	got                    string
}

// judge validates the module of an assertion with its features.
func (a assertion) judge(wasm []byte) outcome {
	features, err := ops.ParseFeatures(a.Features)
	if err != nil {
		return outcome{got: err.Error()}
	}
	_, err = validator.Validate(context.Background(), wasm, validator.WithFeatures(features), validator.WithWorkers(1))
	if err == nil {
		valid := a.Expect == "valid"
		return outcome{verdict: valid, kind: valid, message: valid, got: "valid"}
	}
	o := outcome{verdict: a.Expect != "valid", got: err.Error()}
	var e *validator.Error
	if o.verdict && errors.As(err, &e) {
		o.kind = e.Kind.String() == a.Expect
		o.message = strings.HasPrefix(e.Message, a.Message)
	}
	return o
}

// TestConformance judges every module of the specification's test suite that
// has a binary form. Verdict and kind must be right for all; the message must
// begin with the suite's, except where testdata/conformance/messages.txt gives
// the reason why another error comes first. It prints how many are right in
// each file of the suite.
func TestConformance(t *testing.T) {
	archive := conformance.Open(t, conformance.SpecTest)
	rows := conformance.Rows[assertion](t, archive, "manifest.jsonl")
	modules := archive.Modules(t)
	outcomes := make([]outcome, len(rows))
	forEach(len(rows), func(i int) { outcomes[i] = rows[i].judge(modules[rows[i].Wasm]) })

	excused := readReasons(t, "../testdata/conformance/messages.txt")
	byFile, total := map[string]*tally{}, &tally{}
	for i, row := range rows {
		if byFile[row.File] == nil {
			byFile[row.File] = &tally{}
		}
		byFile[row.File].add(outcomes[i])
		total.add(outcomes[i])
		reason, excuse := excused[row.place()]
		switch o := outcomes[i]; {
		case !o.kind:
			t.Errorf("%s: want %s, %q; got %s", row.place(), row.Expect, row.Message, o.got)
		case !o.message && !excuse:
			t.Errorf("%s: want the message %q; got %s", row.place(), row.Message, o.got)
		case !o.message:
			t.Logf("%s: wants the message %q, got %s: %s", row.place(), row.Message, o.got, reason)
		case excuse:
			t.Errorf("%s: the message is right, and messages.txt says it cannot be", row.place())
		}
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		t.Logf("%-60s %v", file, byFile[file])
	}
	t.Logf("%-60s %v", "all", total)
}

// tally counts right outcomes.
type tally struct{ rows, verdict, kind, message int }

func (n *tally) add(o outcome) {
	n.rows++
	if o.verdict {
		n.verdict++
	}
	if o.kind {
		n.kind++
	}
	if o.message {
		n.message++
	}
}

func (n *tally) String() string {
	return fmt.Sprintf("%5d assertions: verdict %5d, kind %5d, message %5d", n.rows, n.verdict, n.kind, n.message)
}
