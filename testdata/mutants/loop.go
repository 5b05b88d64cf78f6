package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// errGone says that a program ended instead of answering.
var errGone = errors.New("the tests crashed, or took too long")

// looping is a running test program that takes one mutant after another.
type looping struct {
	program string
	dir     string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// start runs the program.
func (l *looping) start() error {
	l.cmd = exec.Command(l.program, "-test.run", "^TestMutants$", "-test.timeout", "0")
	l.cmd.Dir = l.dir
	l.cmd.Env = append(os.Environ(), "WASMSTATE_MUTANTS=1", "GOMAXPROCS=1", "GOMEMLIMIT=2GiB")
	in, err := l.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	l.in, l.out = in, bufio.NewReader(out)
	return l.cmd.Start()
}

// stop ends the program.
func (l *looping) stop() {
	if l.cmd != nil {
		l.in.Close()
		l.cmd.Process.Kill()
		l.cmd.Wait()
		l.cmd = nil
	}
}

// passes runs the tests that a pattern names against a mutant, -1 being none, and
// reports whether they noticed nothing. After errGone the program is started
// again for the next one.
func (l *looping) passes(number int, pattern string) (bool, error) {
	if l.cmd == nil {
		if err := l.start(); err != nil {
			return false, err
		}
	}
	timer := time.AfterFunc(deadline, func() { l.cmd.Process.Kill() })
	defer timer.Stop()
	if _, err := fmt.Fprintf(l.in, "%d\t%s\n", number, pattern); err != nil {
		l.stop()
		return false, errGone
	}
	line, err := l.out.ReadString('\n')
	n, answer, _ := strings.Cut(strings.TrimSpace(line), "\t")
	if err != nil || n != strconv.Itoa(number) {
		l.stop()
		return false, errGone
	}
	return answer == "true", nil
}
