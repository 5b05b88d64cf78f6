package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mutantVariable names the mutant to the tests by its number.
const mutantVariable = "WASMSTATE_MUTANT"

// slow lists the tests of package validator that are left out: they take seconds,
// or measure, and know no operator that the others do not.
const slow = "Trim|Cancel|Memory$|Misuse|Race|Fuzz|Hostile|SteadyState|Concurrent|Parallel|Progress|DriversAgree|" +
	"Differential|Conformance|Archive|Stream|Reader|Mutants|Cut|Pool|RealModules|Errors|Alloc|Limits|NoCompile|Spent"

// suite is the compiled tests.
type suite struct {
	root      string // of the repository
	ops       string // program
	validator string // program
}

// mutant is one change, and what became of it.
type mutant struct {
	number int
	kind   string
	row    string // the operator, or the file of a rule
	what   string
	killer string // "" for one that survived
}

// build compiles the tests with what overlay adds to the source.
func build(dir string, overlay func(root, dir string) (map[string]string, error)) (*suite, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	s := &suite{
		root:      strings.TrimSpace(string(out)),
		ops:       filepath.Join(dir, "ops.test"),
		validator: filepath.Join(dir, "validator.test"),
	}
	replace, err := overlay(s.root, dir)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		return nil, err
	}
	for program, pkg := range map[string]string{s.ops: "./ops", s.validator: "./validator"} {
		cmd := exec.Command("go", "test", "-c", "-overlay", file, "-o", program, pkg)
		cmd.Dir = s.root
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go test -c %s: %w\n%s", pkg, err, out)
		}
	}
	return s, nil
}

// list returns all mutants.
func (s *suite) list() ([]mutant, error) {
	cmd := exec.Command(s.validator)
	cmd.Env = append(os.Environ(), mutantVariable+"=list")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var list []mutant
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("list of mutants: %q", line)
		}
		n, err := strconv.Atoi(fields[0])
		if err != nil {
			return nil, err
		}
		list = append(list, mutant{number: n, kind: fields[1], row: fields[2], what: fields[3]})
	}
	return list, nil
}

// stage is a group of tests.
type stage struct {
	name    string
	program string
	dir     string
	args    []string
}

// stages returns the tests to run against a mutant of a row, or of no row, in
// their order.
func (s *suite) stages(row string) (list []stage) {
	if row != "" {
		name := "^" + regexp.QuoteMeta(strings.ReplaceAll(row, " ", "_")) + "$"
		list = append(list, stage{"its row", s.validator, "validator", []string{"-test.run", "^Test(Rows|Fixed|Signatures)/" + name}})
	}
	return append(list,
		stage{"package ops", s.ops, "ops", []string{"-test.run", "^Test"}},
		stage{"package validator", s.validator, "validator", []string{"-test.run", "^Test", "-test.skip", slow}},
	)
}

// baseline runs everything without a mutant.
func (s *suite) baseline() error {
	for _, stage := range s.stages("i32.add") {
		start := time.Now()
		if out, ok := s.passes(stage, -1); !ok {
			return fmt.Errorf("the tests of %s fail:\n%s", stage.name, out)
		}
		fmt.Printf("%-18s %v without a mutant\n", stage.name, time.Since(start).Round(time.Millisecond))
	}
	return nil
}

// deadline is how long a mutant may take.
const deadline = 60 * time.Second

// passes runs one stage and reports whether it noticed nothing.
func (s *suite) passes(stage stage, number int) (output []byte, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, stage.program, append(stage.args, "-test.failfast", "-test.short")...)
	cmd.Dir = filepath.Join(s.root, stage.dir)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOMEMLIMIT=2GiB")
	if number >= 0 {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", mutantVariable, number))
	}
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		panic(err) // the program is not there
	}
	return output, err == nil
}

// judge runs all stages against each mutant, until one kills it.
func judge(s *suite, mutants []mutant, workers int, verbose bool) {
	work := make(chan *mutant)
	var group sync.WaitGroup
	var mu sync.Mutex
	for range workers {
		group.Go(func() {
			for m := range work {
				row := m.row
				if strings.HasSuffix(row, ".go") {
					row = ""
				}
				for _, stage := range s.stages(row) {
					if _, ok := s.passes(stage, m.number); !ok {
						m.killer = stage.name
						break
					}
				}
				if verbose {
					mu.Lock()
					fmt.Printf("%d %s, %s: %s: killed by %q\n", m.number, m.kind, m.row, m.what, m.killer)
					mu.Unlock()
				}
			}
		})
	}
	for i := range mutants {
		work <- &mutants[i]
	}
	close(work)
	group.Wait()
}
