package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// validateFiles is the command without a name.
func validateFiles(ctx context.Context, c *call) int {
	if c.version {
		fmt.Fprintln(c.stdout, "wasmvalidate", version())
		return exitValid
	}
	var inputs []input
	var err error
	switch found := await(ctx, func() { inputs, err = c.inputs() }); {
	case !found:
		fmt.Fprintln(c.stderr, "wasmvalidate: interrupted while it looked for files")
		return c.end(c.newReporter(c.stdout, c.stderr), exitInterrupted)
	case err != nil:
		return c.complain(err)
	}
	return c.validateInputs(ctx, inputs)
}

// validateInputs judges the inputs and reports on them.
func (c *call) validateInputs(ctx context.Context, inputs []input) int {
	bar := newProgress(c.progress, c.stderr, inputs)
	out, log := bar.above(c.stdout), bar.above(c.stderr)
	report := c.newReporter(out, log)
	sum := summary{start: time.Now()}
	err := c.validateAll(ctx, inputs, bar, func(v verdict) error {
		sum.add(v)
		return report.verdict(v)
	})
	bar.finish()
	interrupted := errors.Is(err, context.Canceled)
	if err != nil && !interrupted {
		return c.complain(err)
	}
	status := sum.status
	if interrupted {
		status = exitInterrupted
	}
	status = c.end(report, status)
	switch {
	case interrupted:
		fmt.Fprintf(c.stderr, "wasmvalidate: interrupted after %s\n", howFar(sum.total, inputs))
	case c.summarizes(sum.total):
		sum.write(c.stderr, newStyle(c.color, c.stderr))
	}
	return status
}

// end ends the report of a command that is about to exit with a status; it returns
// the status.
func (c *call) end(r reporter, status int) int {
	if err := r.close(status); err != nil {
		return c.complain(err)
	}
	return status
}

// howFar says how many of the files there is a verdict on; of archives it is not
// known how many files they hold.
func howFar(done int, inputs []input) string {
	if slices.ContainsFunc(inputs, func(in input) bool { return in.kind.archive() && in.entry == "" }) {
		return plural(int64(done), "file")
	}
	return fmt.Sprintf("%d of %s", done, plural(int64(len(inputs)), "file"))
}

// newReporter returns the reporter for the format that was asked for.
func (c *call) newReporter(stdout, stderr io.Writer) reporter {
	switch c.format {
	case formatJSON:
		return &jsonReporter{w: stdout, call: c}
	case formatSARIF:
		return newSARIFReporter(stdout)
	case formatGitHub:
		return &githubReporter{w: stdout}
	}
	return &textReporter{
		stdout: stdout, stderr: stderr, call: c,
		style: newStyle(c.color, c.stdout), width: width(c.stdout),
	}
}

// summarizes reports whether to print a summary of n verdicts.
func (c *call) summarizes(n int) bool {
	return n > 1 && !c.quiet && (c.format == formatText || isTerminal(c.stderr))
}

// validateAll judges the inputs, several at a time, and calls report with each
// verdict, in order. When the context ends it returns at once with its error.
func (c *call) validateAll(ctx context.Context, inputs []input, bar *progress, report func(verdict) error) error {
	total := c.workers
	if total == 0 {
		total = runtime.GOMAXPROCS(0)
	}
	goroutines := max(1, min(total, len(inputs)))
	diagnose := c.explain.on(c.format == formatText && isTerminal(c.stdout) && len(inputs) == 1 && !inputs[0].kind.archive())
	judges := make([]*judge, goroutines)
	for i := range judges {
		judges[i] = &judge{call: c, workers: total / goroutines, diagnose: diagnose}
	}
	return inOrder(ctx, len(inputs), goroutines,
		func(ctx context.Context, worker, i int, yield func(verdict) bool) {
			j := judges[worker]
			at := bar.begin(inputs[i])
			j.report = at.advance
			j.input(ctx, inputs[i], yield)
			at.end()
		},
		report, bar.count)
}

// version returns the version of the command as far as its build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}
