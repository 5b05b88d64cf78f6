package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// contestant is a validator: a command that runs as long as the comparison does.
// It reads the path of a module from a line of its standard input, validates the
// module once and answers with a line, the nanoseconds that it took or the word
// error and a reason. It keeps the bytes of the last module, so that reading the
// file is not measured, nor its own start.
type contestant struct {
	name    string
	command []string
	env     []string
	// against is the name of the contestant whose time the time of this one is
	// divided by; none for those that are measured for their own sake.
	against string
}

// The names of this library's contestants.
const (
	oneWorker = "wasmstate, one worker"
	allCores  = "wasmstate, all cores"
)

//go:embed validate.js
var validateJS string

// defaultContestants returns this library and, where there is one, Node.
func defaultContestants() ([]contestant, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	list := []contestant{
		{name: oneWorker, command: []string{self, serveArg, "one"}, env: []string{"GOMAXPROCS=1"}},
		{name: allCores, command: []string{self, serveArg, "all"}},
	}
	node, err := exec.LookPath("node")
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare: without Node:", err)
		return list, nil
	}
	return append(list,
		contestant{name: "node --single-threaded", command: []string{node, "--single-threaded", "-e", validateJS}, against: oneWorker},
		contestant{name: "node", command: []string{node, "-e", validateJS}, against: allCores},
	), nil
}

// process is a contestant that runs.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
}

func (c contestant) start() (*process, error) {
	cmd := exec.Command(c.command[0], c.command[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &process{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

// ask has the module in the file validated once.
func (p *process) ask(file string) (time.Duration, error) {
	if _, err := fmt.Fprintln(p.in, file); err != nil {
		return 0, err
	}
	line, err := p.answers.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("no answer: %w", err)
	}
	line = strings.TrimSpace(line)
	ns, err := strconv.ParseInt(line, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("answer %q", line)
	}
	return time.Duration(ns), nil
}

// stop ends the process by the end of its input.
func (p *process) stop() error {
	p.in.Close()
	return p.cmd.Wait()
}
