package main

import (
	"fmt"
	"io"
	"runtime"
	"time"
)

// unexplained is the number of modules with a disagreement that is not explained.
func (r *result) unexplained() (n int) {
	for _, t := range r.sources {
		for _, d := range t.disagreements {
			if d.reason == nil {
				n += d.modules
			}
		}
	}
	return n
}

// print writes the result.
func (r *result) print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%s\nfeatures: %v\n", r.judge, r.features)
	fmt.Fprintf(w, "seed %d, %v, %s %s/%s, %d processors\n\n",
		r.seed, r.took.Round(time.Second), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Fprintf(w, "%-10s %9s %12s %14s %10s %12s\n", "source", "modules", "both: valid", "both: invalid", "explained", "unexplained")
	for _, t := range r.sources {
		explained, unexplained := 0, 0
		for _, d := range t.disagreements {
			if d.reason != nil {
				explained += d.modules
			} else {
				unexplained += d.modules
			}
		}
		fmt.Fprintf(w, "%-10s %9d %12d %14d %10d %12d\n", t.source, t.modules, t.valid, t.invalid, explained, unexplained)
	}
	fmt.Fprintln(w)
	r.coverage.print(w, r.features)
	r.faults.print(w)
	for _, t := range r.sources {
		for _, d := range t.disagreements {
			if d.reason != nil {
				fmt.Fprintf(w, "%s, %d explained: %s\n", t.source, d.modules, d.reason.text)
			} else {
				fmt.Fprintf(w, "%s, %d UNEXPLAINED\n", t.source, d.modules)
			}
			if d.reason == nil || verbose {
				fmt.Fprintf(w, "    ours:   %v\n    theirs: %v\n    module: %x\n    features: %v\n", d.ours, d.theirs, d.wasm, d.features)
			}
		}
	}
	fmt.Fprintln(w)
}
