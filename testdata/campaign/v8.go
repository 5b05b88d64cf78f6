package main

import (
	"bufio"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

//go:embed v8.js
var v8JS string

// v8 is V8 in a Node process that lives as long as the campaign.
type v8 struct {
	node    string
	version string
	flags   []string
	known   ops.Features

	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
}

// newV8 starts the Node at a path, with the flags that switch on proposals and
// that this Node has, and finds out which proposals it knows.
func newV8(node string) (*v8, error) {
	version, err := exec.Command(node, "-p", `"V8 "+process.versions.v8+", Node "+process.version`).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", node, err)
	}
	options, err := exec.Command(node, "--v8-options").Output()
	if err != nil {
		return nil, err
	}
	v := &v8{node: node, version: strings.TrimSpace(string(version))}
	if err := v.learn(string(options)); err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

// learn finds the proposals that V8 knows by modules that need them. A flag stays
// on if a proposal that V8 knows needs it.
func (v *v8) learn(options string) error {
	v.known = ops.MVP
	for _, p := range probes {
		known, err := v.knows(p.modules())
		if err == nil && !known && p.flag != "" && strings.Contains(options, p.flag+" ") {
			v.close()
			v.flags = append(v.flags, p.flag)
			if known, err = v.knows(p.modules()); err == nil && !known {
				v.close()
				v.flags = v.flags[:len(v.flags)-1]
			}
		}
		if err != nil {
			return err
		}
		if known {
			v.known |= p.feature
		}
	}
	return nil
}

// knows reports whether all modules are valid.
func (v *v8) knows(modules [][]byte) (bool, error) {
	list, err := v.judge(modules)
	for _, verdict := range list {
		if !verdict.valid {
			return false, err
		}
	}
	return true, err
}

func (v *v8) name() string {
	return strings.Join(append([]string{v.version}, v.flags...), " ")
}

func (v *v8) features() ops.Features { return v.known }

// judge asks about all modules at once. Should the process end, it starts a new
// one and asks about each module alone.
func (v *v8) judge(batch [][]byte) ([]verdict, error) {
	if list, err := v.ask(batch); err == nil {
		return list, nil
	}
	var list []verdict
	for _, wasm := range batch {
		v.close()
		answer, err := v.ask([][]byte{wasm})
		if err != nil {
			v.close()
			answer = []verdict{{message: "V8 ends: " + err.Error()}}
			if _, err := v.ask([][]byte{emptyModule}); err != nil {
				return nil, err
			}
		}
		list = append(list, answer[0])
	}
	return list, nil
}

var emptyModule = []byte("\x00asm\x01\x00\x00\x00")

// ask sends modules and reads the answers.
func (v *v8) ask(batch [][]byte) ([]verdict, error) {
	if v.cmd == nil {
		if err := v.start(); err != nil {
			return nil, err
		}
	}
	sent := make(chan error, 1)
	go func() { sent <- v.send(batch) }()
	list := make([]verdict, 0, len(batch))
	for range batch {
		line, err := v.answers.ReadString('\n')
		if err != nil {
			v.in.Close()
			<-sent
			return nil, fmt.Errorf("no answer: %w", err)
		}
		list = append(list, verdict{valid: line[0] == '+', message: strings.TrimSpace(line[1:])})
	}
	return list, <-sent
}

func (v *v8) send(batch [][]byte) error {
	w := bufio.NewWriter(v.in)
	for _, wasm := range batch {
		w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(wasm))))
		w.Write(wasm)
	}
	return w.Flush()
}

func (v *v8) start() (err error) {
	cmd := exec.Command(v.node, append(append([]string(nil), v.flags...), "-e", v8JS)...)
	if v.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	v.cmd, v.answers = cmd, bufio.NewReaderSize(out, 1<<16)
	return nil
}

// close ends the process by the end of its input.
func (v *v8) close() {
	if v.cmd != nil {
		v.in.Close()
		v.cmd.Wait()
		v.cmd = nil
	}
}
