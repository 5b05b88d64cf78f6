// Wasmvalidate says of each WebAssembly module whether it is valid, and if not,
// why and where.
//
//	wasmvalidate [flags] FILE...
//
// A FILE of - is standard input. Verdicts go to standard output, one line a
// file, in the order given; everything else goes to standard error. The exit
// status is 0 when every file is valid, 1 when one is not, and 2 when the
// command was used wrongly or a file could not be read.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// The exit statuses, the greater one winning.
const (
	exitValid   = 0
	exitInvalid = 1
	exitTrouble = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	// A second interrupt ends the program even where the first cannot be heeded.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	features  ops.Features
	workers   int
	stream    bool
	json      bool
	filesFrom string
	progress  progressMode
}

// parseFlags returns the settings and the files named among the arguments.
func parseFlags(args []string, stderr io.Writer) (settings, []string, error) {
	s := settings{}
	f := flag.NewFlagSet("wasmvalidate", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.TextVar(&s.features, "features", ops.Default, "a `list` of proposals and sets to allow: wasm3,threads,-simd")
	f.IntVar(&s.workers, "workers", 0, "the number of goroutines; 0 means one for each core")
	f.BoolVar(&s.stream, "stream", false, "validate while reading, in memory that does not grow with the file")
	f.BoolVar(&s.json, "json", false, "print one JSON object a line instead of text")
	f.StringVar(&s.filesFrom, "files-from", "", "read more file names from `file`, one a line; - is standard input")
	f.TextVar(&s.progress, "progress", progressAuto, "show a progress bar: `when` is auto, always or never")
	f.Usage = func() {
		fmt.Fprint(stderr, "usage: wasmvalidate [flags] FILE...\n\nSays of each WebAssembly module whether it is valid. "+
			"A FILE of - is standard input.\n\n")
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return s, nil, err
	}
	if s.workers < 0 {
		return s, nil, usageError(f, "-workers must not be negative")
	}
	if f.NArg() == 0 && s.filesFrom == "" {
		return s, nil, usageError(f, "no file is named")
	}
	return s, f.Args(), nil
}

// usageError prints what is wrong with the arguments and how they should be.
func usageError(f *flag.FlagSet, problem string) error {
	fmt.Fprintln(f.Output(), "wasmvalidate:", problem)
	f.Usage()
	return errors.New(problem)
}

// run is the command; it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s, files, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitValid
	}
	if err != nil {
		return exitTrouble
	}
	in, err := newInputs(files, s.filesFrom, stdin)
	if err != nil {
		fmt.Fprintln(stderr, "wasmvalidate:", err)
		return exitTrouble
	}
	bar := newProgress(s.progress, stderr, in.totalSize())
	defer bar.finish()
	status := exitValid
	out := bufio.NewWriter(stdout)
	for i, name := range in.names {
		v := s.judge(ctx, in, name, bar)
		if ctx.Err() != nil {
			bar.finish()
			fmt.Fprintf(stderr, "wasmvalidate: interrupted after %d of %d files\n", i, len(in.names))
			return exitTrouble
		}
		bar.hide()
		if err := s.print(out, stderr, v); err != nil {
			fmt.Fprintln(stderr, "wasmvalidate:", err)
			return exitTrouble
		}
		status = max(status, v.exitStatus())
	}
	return status
}

// judge validates one file.
func (s settings) judge(ctx context.Context, in *inputs, name string, bar *progress) verdict {
	bar.begin(name)
	opts := []validator.Option{
		validator.WithFeatures(s.features), validator.WithWorkers(s.workers), validator.WithProgress(bar.advance),
	}
	var v verdict
	if size := fileSize(name); size >= mapFrom && name != standardInput {
		v = judgeMapped(ctx, name, opts)
	} else {
		r, err := in.open(name)
		if err != nil {
			return verdict{file: name, trouble: err}
		}
		defer r.Close()
		v = judgeReader(ctx, r, size, s.stream, opts)
	}
	v.file = name
	bar.end(v.bytes)
	return v
}

// print writes the line of one file. A file that could not be read has no
// verdict; in text, that is said on standard error.
func (s settings) print(out *bufio.Writer, stderr io.Writer, v verdict) error {
	switch {
	case s.json:
		v.writeJSON(out)
	case v.trouble != nil:
		fmt.Fprintln(stderr, "wasmvalidate:", v.trouble)
	default:
		v.writeText(out)
	}
	return out.Flush()
}
