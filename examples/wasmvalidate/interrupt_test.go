package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// An interrupt ends the command at once, also while it waits for input, and what
// was said before it stays said.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted on windows")
	}
	for _, test := range []struct{ name, args, first, rest string }{
		{"text", "good.wasm wrong.wasm - good.wasm", "good.wasm: valid", ""},
		{"one goroutine", "-workers 1 good.wasm wrong.wasm - good.wasm", "good.wasm: valid", ""},
		{"json", "-json good.wasm wrong.wasm - good.wasm", `{"file":"good.wasm","valid":true`, ""},
		{"stream", "-stream good.wasm wrong.wasm - good.wasm", "good.wasm: valid", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			cmd := program(t, folder(t), strings.Fields(test.args)...)
			stdin, err := cmd.StdinPipe()
			is.NoErr(err)
			defer stdin.Close()
			stdout, err := cmd.StdoutPipe()
			is.NoErr(err)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			is.NoErr(cmd.Start())
			lines := bufio.NewScanner(stdout)
			is.True(lines.Scan())
			is.True(strings.HasPrefix(lines.Text(), test.first))
			is.True(lines.Scan())
			is.True(strings.Contains(lines.Text(), "wrong.wasm"))
			is.NoErr(cmd.Process.Signal(os.Interrupt))
			is.True(!lines.Scan())
			is.True(cmd.Wait() != nil)
			is.Equal(cmd.ProcessState.ExitCode(), 130)
			is.Equal(stderr.String(), "wasmvalidate: interrupted after 2 of 4 files\n")
		})
	}
}

// A log that an interrupt has cut short is still a log, and says so.
func TestInterruptSARIF(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	stdin := interrupting{cancel, make(chan bool)}
	defer close(stdin.end)
	var stdout, stderr strings.Builder
	is.Equal(run(ctx, []string{"-format", "sarif", "-"}, stdin, &stdout, &stderr), 130)
	is.Equal(stderr.String(), "wasmvalidate: interrupted after 0 of 1 file\n")
	is.True(strings.Contains(stdout.String(), `"exitCode": 130`))
	is.True(strings.Contains(stdout.String(), `"executionSuccessful": false`))
}

// It ends as well while it waits for the names of files.
func TestInterruptSearch(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	stdin := interrupting{cancel, make(chan bool)}
	defer close(stdin.end)
	var stdout, stderr strings.Builder
	is.Equal(run(ctx, []string{"-format", "sarif", "-files-from", "-"}, stdin, &stdout, &stderr), 130)
	is.Equal(stderr.String(), "wasmvalidate: interrupted while it looked for files\n")
	is.True(strings.Contains(stdout.String(), `"exitCode": 130`))
}

// The other commands end as well while they wait for input.
func TestInterruptCommands(t *testing.T) {
	for _, name := range []string{"features", "dump"} {
		is := is.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		stdin := interrupting{cancel, make(chan bool)}
		defer close(stdin.end)
		var stdout, stderr strings.Builder
		is.Equal(run(ctx, []string{name, "-"}, stdin, &stdout, &stderr), 130)
		is.Equal(stdout.String(), "")
		is.Equal(stderr.String(), "wasmvalidate: interrupted\n")
	}
}

// interrupting is input that never comes, because whoever waits for it is
// interrupted.
type interrupting struct {
	interrupt func()
	end       chan bool
}

func (i interrupting) Read([]byte) (int, error) {
	i.interrupt()
	<-i.end
	return 0, io.EOF
}
