package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/wasmstate/wasmstate/validator"
)

// result is what came of some inputs.
type result struct {
	Inputs   int
	Panics   int
	Wrong    int                      // where two verdicts that must agree do not
	Verdicts [validator.Limit + 1]int // by kind; the first are valid
	Time     most                     // nanoseconds
	Memory   most                     // bytes allocated
	Samples  []string                 // what the first panics and disagreements were
	Elapsed  time.Duration
}

// most is the highest of some measurements, and the input that it belongs to.
type most struct {
	Value uint64
	Trial string
	Input int
	Size  int // of the module, in bytes
}

// keep makes m the higher one of m and other. Of two that are equal it is that of
// the first input.
func (m *most) keep(other most) {
	if other.Value > m.Value || other.Value == m.Value && other.Input < m.Input {
		*m = other
	}
}

// maxSamples is how many of the things that were wrong are printed.
const maxSamples = 5

// add adds the result of other inputs.
func (r *result) add(other *result) {
	r.Inputs += other.Inputs
	r.Panics += other.Panics
	r.Wrong += other.Wrong
	for k, n := range other.Verdicts {
		r.Verdicts[k] += n
	}
	r.Time.keep(other.Time)
	r.Memory.keep(other.Memory)
	r.Samples = append(r.Samples, other.Samples...)
	slices.Sort(r.Samples)
	r.Samples = r.Samples[:min(len(r.Samples), maxSamples)]
}

func header(out io.Writer) {
	fmt.Fprintf(out, "%-22s %9s %6s %6s %9s %9s %9s %7s  %-28s  %-32s %7s\n", "trial", "inputs", "panics", "wrong",
		"valid", "malformed", "invalid", "limit", "most time for one", "most memory for one", "seconds")
}

// row prints the line of a trial.
func row(out io.Writer, name string, r *result) {
	v := &r.Verdicts
	fmt.Fprintf(out, "%-22s %9d %6d %6d %9d %9d %9d %7d  %-28s  %-32s %7.1f\n", name, r.Inputs, r.Panics, r.Wrong,
		v[0], v[validator.Malformed], v[validator.Invalid], v[validator.Limit],
		r.Time.text(float64(r.Time.Value)/1e3, "µs"), r.Memory.text(float64(r.Memory.Value)/1e3, "kB"), r.Elapsed.Seconds())
}

// text returns the measurement, in the unit, with its input.
func (m *most) text(value float64, unit string) string {
	if m.Size == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %s, %d B, no. %d", value, unit, m.Size, m.Input)
}

// legend prints what the trials are, and what was wrong.
func legend(out io.Writer, chosen []trial, sum *result) {
	fmt.Fprintln(out)
	for _, t := range chosen {
		fmt.Fprintf(out, "%-22s %s\n", t.name, t.about)
	}
	fmt.Fprintf(out, "\nA measurement is followed by the size of its module and by the number of its input:\n"+
		"go run ./testdata/trials -run '^TRIAL$' -input NUMBER\n"+
		"Time is the shortest of several runs, memory what is allocated with empty pools.\n")
	for _, s := range sum.Samples {
		fmt.Fprintln(out, "\n"+strings.TrimSpace(s))
	}
}
