package main

import (
	_ "embed"
	"fmt"
	"os/exec"
	"slices"
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
	judged  int // modules since the process started

	process
}

// v8Life is how many modules a process judges. V8 keeps what it has compiled, and
// takes longer for each module the more there were.
const v8Life = 5000

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
	v.restart()
	for _, p := range probes {
		known, err := v.knows(p.modules())
		if err == nil && !known && p.flag != "" && strings.Contains(options, p.flag+" ") {
			v.flags = append(v.flags, p.flag)
			v.restart()
			if known, err = v.knows(p.modules()); err == nil && !known {
				v.flags = v.flags[:len(v.flags)-1]
				v.restart()
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

// restart makes the next question one to a process with the flags there are now.
func (v *v8) restart() {
	v.close()
	v.judged = 0
	v.command = slices.Concat([]string{v.node}, v.flags, []string{"-e", v8JS})
}

func (v *v8) judge(batch [][]byte) ([]verdict, error) {
	list, err := v.process.judge(batch)
	if v.judged += len(batch); v.judged >= v8Life {
		v.restart()
	}
	return list, err
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
