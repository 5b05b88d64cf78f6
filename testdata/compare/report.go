package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"text/tabwriter"
)

// report prints the result: the times, and the ratios of those that are compared.
func report(out io.Writer, r *result) error {
	fmt.Fprintf(out, "%s; %d rounds; median and, after ±, half of what the middle half of the rounds spans\n\n", machine(), r.rounds)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	header(w, r, "", func(int) bool { return true })
	for i, in := range r.inputs {
		fmt.Fprintf(w, "%s\t", in.label())
		for c := range r.contestants {
			fmt.Fprintf(w, "%.2f ms ± %.0f %%\t", r.median(c, i).Seconds()*1e3, r.spread(c, i)*50)
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for base, b := range r.contestants {
		if err := reportRatios(out, r, base, b.name); err != nil {
			return err
		}
	}
	return nil
}

// reportRatios prints how the contestants relate that are compared with base.
func reportRatios(out io.Writer, r *result, base int, name string) error {
	compared := func(c int) bool { return r.contestants[c].against == name }
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if !header(w, r, "\ntime divided by that of "+name, compared) {
		return nil
	}
	line := func(label string, ratio func(c int) float64) {
		fmt.Fprintf(w, "%s\t", label)
		for c := range r.contestants {
			if compared(c) {
				fmt.Fprintf(w, "%.2f\t", ratio(c))
			}
		}
		fmt.Fprintln(w)
	}
	for i, in := range r.inputs {
		line(in.name, func(c int) float64 { return r.ratio(c, base, i) })
	}
	line("geometric mean", func(c int) float64 { return r.mean(c, base) })
	return w.Flush()
}

// header prints the names of the contestants that are wanted, and reports whether
// there are any.
func header(w io.Writer, r *result, title string, want func(c int) bool) (any bool) {
	for c, contestant := range r.contestants {
		if !want(c) {
			continue
		}
		if !any {
			fmt.Fprintf(w, "%s\t", title)
		}
		any = true
		fmt.Fprintf(w, "%s\t", contestant.name)
	}
	if any {
		fmt.Fprintln(w)
	}
	return any
}

// machine says what the comparison ran on.
func machine() string {
	parts := []string{runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH}
	if out, err := exec.Command("node", "--version").Output(); err == nil {
		parts = append(parts, "Node "+strings.TrimSpace(string(out)))
	}
	cpu := ""
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
				cpu = " of " + strings.TrimSpace(value)
			}
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("%d processors%s", runtime.NumCPU(), cpu)), ", ")
}
