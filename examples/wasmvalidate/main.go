// Wasmvalidate says of each WebAssembly module whether it is valid, and if not,
// why and where.
//
//	wasmvalidate [flags] FILE...
//
// A FILE is a module, a directory, an archive, a module compressed by gzip, a
// pattern, or - for standard input; wasmvalidate -h says more, and what else the
// command can do. Verdicts go to standard output, one line a file, in the order
// given; everything else goes to standard error.
//
// The exit status is 0 when every file is valid, 1 when one is not, 2 when the
// command was used wrongly or a file could not be read, and 130 when it was
// interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// The exit statuses. Of those of several files the greatest wins.
const (
	exitValid       = 0
	exitInvalid     = 1
	exitTrouble     = 2
	exitInterrupted = 130 // 128 and the number of the signal, as shells have it
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	// A second interrupt ends the program even where the first cannot be heeded.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the command; it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd, args := findCommand(args)
	c := &call{command: cmd, stdin: stdin, stdout: stdout, stderr: stderr}
	switch err := c.parse(args); {
	case errors.Is(err, flag.ErrHelp):
		writeHelp(stderr, cmd, newStyle(c.color, stderr))
		return exitValid
	case err != nil:
		fmt.Fprintf(stderr, "wasmvalidate: %v\nRun 'wasmvalidate -h' for help.\n", err)
		return exitTrouble
	}
	return cmd.run(ctx, c)
}

// complain says on standard error why the command cannot go on, and returns the
// exit status.
func (c *call) complain(err error) int {
	fmt.Fprintln(c.stderr, "wasmvalidate:", err)
	return exitTrouble
}
