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
const slow = "Trim|Cancel|ValidateMemory|Misuse|Race|Fuzz|Hostile|SteadyState|Concurrent|Parallel|Progress|DriversAgree|" +
	"Differential|Conformance|Archive|Stream|Reader|Mutants|Cut|Pool|RealModules|Errors|Allocations|HugeCounts|LargestLimits|" +
	"NoCompile|Spent|Transformations|TryOp$"

// suite is the compiled tests.
type suite struct {
	root      string // of the repository
	ops       string // program
	validator string // program
	of        subject
}

// subject is what the mutants are mutants of.
type subject uint8

const (
	ofTable subject = iota // the table of operators
	ofRules                // the source of the rules
	ofLoop                 // what the hot loop derives from the table
)

// mutant is one change, and what became of it.
type mutant struct {
	number int
	kind   string
	row    string // the operator, or the file of a rule
	what   string
	killer string // "" for one that survived
}

// build compiles the tests with what an overlay adds to the source.
func build(dir string, of subject) (*suite, error) {
	overlay := [...]func(root, dir string) (map[string]string, error){tableOverlay, rulesOverlay, loopOverlay}[of]
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	s := &suite{
		root:      strings.TrimSpace(string(out)),
		ops:       filepath.Join(dir, "ops.test"),
		validator: filepath.Join(dir, "validator.test"),
		of:        of,
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
	program := s.ops
	if s.of != ofTable {
		program = s.validator
	}
	cmd := exec.Command(program, "-test.run", "^TestMutants$")
	cmd.Env = append(os.Environ(), "WASMSTATE_MUTANTS=list")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var list []mutant
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
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

// rowPattern names the tests of one row.
func rowPattern(row string) string {
	return "^Test(Rows|Fixed)/^" + regexp.QuoteMeta(strings.ReplaceAll(row, " ", "_")) + "$"
}

// everything runs all tests of both packages that take no time against a mutant,
// -1 being none, each in a program of its own in which the table has been wrong
// from the start. It returns which package noticed something, "" if none did.
func (s *suite) everything(number int) (killer string, output []byte) {
	for _, pkg := range []string{"ops", "validator"} {
		args := []string{"-test.failfast", "-test.run", "^Test"}
		program := s.ops
		if pkg == "validator" {
			program, args = s.validator, append(args, "-test.skip", slow)
		}
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Dir = filepath.Join(s.root, pkg)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOMEMLIMIT=2GiB")
		if number >= 0 {
			cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", mutantVariable, number))
		}
		if output, err := cmd.CombinedOutput(); err != nil {
			return "package " + pkg, output
		}
	}
	return "", nil
}

// deadline is how long one run of tests may take.
const deadline = 5 * time.Minute

// judge runs the tests against each mutant until one kills it.
func judge(s *suite, mutants []mutant, workers int, verbose bool) error {
	work := make(chan *mutant)
	var group sync.WaitGroup
	errs := make([]error, workers)
	for i := range workers {
		group.Go(func() {
			w := newWorker(s)
			defer w.stop()
			for m := range work {
				if errs[i] == nil {
					errs[i] = w.judge(m)
				}
				if verbose {
					fmt.Printf("%d %s: killed by %q\n", m.number, m.name(), m.killer)
				}
			}
		})
	}
	for i := range mutants {
		work <- &mutants[i]
	}
	close(work)
	group.Wait()
	return errors.Join(errs...)
}
