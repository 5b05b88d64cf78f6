package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// process is a command that judges modules. It reads them from its standard input,
// each with its length in front of it in four bytes, the lowest first, and answers
// each with a line: "+", or "-" and the reason. It lives until it is closed, or
// dies of a module and is started again.
type process struct {
	command []string

	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
}

// judge asks about all modules at once. A module that ends the process gets a
// verdict that says so.
func (p *process) judge(batch [][]byte) (list []verdict, err error) {
	for len(list) < len(batch) && err == nil {
		if err := p.start(); err != nil {
			return nil, err
		}
		answers, failure := p.ask(batch[len(list):])
		list = append(list, answers...)
		if failure != nil {
			// Answers may have been lost, so that it is one of those from here on.
			list, err = p.find(batch, list)
		}
	}
	return list, err
}

// find asks about one module after another, up to the one that ends the process.
func (p *process) find(batch [][]byte, list []verdict) ([]verdict, error) {
	for _, wasm := range batch[len(list):] {
		if err := p.start(); err != nil {
			return nil, err
		}
		answer, err := p.ask([][]byte{wasm})
		if err != nil {
			return append(list, verdict{message: "ends: " + err.Error()}), nil
		}
		list = append(list, answer...)
	}
	return list, nil
}

// ask sends modules and reads the answers. An error ends the process; the answers
// that came before it are returned.
func (p *process) ask(batch [][]byte) ([]verdict, error) {
	sent := make(chan error, 1)
	in := p.in
	go func() { sent <- send(in, batch) }()
	list := make([]verdict, 0, len(batch))
	for range batch {
		line, err := p.answers.ReadString('\n')
		if err != nil {
			p.close()
			<-sent
			return list, fmt.Errorf("no answer: %w", err)
		}
		list = append(list, verdict{valid: line[0] == '+', message: strings.TrimSpace(line[1:])})
	}
	return list, <-sent
}

// send writes modules as a process reads them.
func send(to io.Writer, batch [][]byte) error {
	w := bufio.NewWriter(to)
	for _, wasm := range batch {
		w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(wasm))))
		w.Write(wasm)
	}
	return w.Flush()
}

// serve answers questions, as a process has to.
func serve(in io.Reader, out io.Writer, judge func(wasm []byte) verdict) error {
	r := bufio.NewReader(in)
	for {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil // nobody asks any more
		}
		wasm := make([]byte, binary.LittleEndian.Uint32(head[:]))
		if _, err := io.ReadFull(r, wasm); err != nil {
			return err
		}
		line := "+\n"
		if v := judge(wasm); !v.valid {
			line = "-" + strings.NewReplacer("\n", " ", "\r", " ").Replace(v.message) + "\n"
		}
		if _, err := io.WriteString(out, line); err != nil {
			return err
		}
	}
}

// start starts the process unless it runs.
func (p *process) start() (err error) {
	if p.cmd != nil {
		return nil
	}
	cmd := exec.Command(p.command[0], p.command[1:]...)
	if p.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.answers = cmd, bufio.NewReaderSize(out, 1<<16)
	return nil
}

// close ends the process by the end of its input.
func (p *process) close() {
	if p.cmd != nil {
		p.in.Close()
		p.cmd.Wait()
		p.cmd = nil
	}
}
