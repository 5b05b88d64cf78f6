// Trials tries the validator on large numbers of small inputs that nobody wrote,
// and prints what came of it: a line for each trial, with how many inputs there
// were, of what kind the verdicts were, how often something was wrong, and which
// input took the most time and which the most memory.
//
//	go run ./testdata/trials                         all of it: some minutes
//	go run ./testdata/trials -scale 0.01             a hundredth of it
//	go run ./testdata/trials -run '^mutants$' -n 50000
//	go run ./testdata/trials -run '^mutants$' -input 4711   that one, in full
//
// Every input follows from the name of its trial, its number and the seed, whatever
// else is run, and on however many processors; only the times differ. Exit status 1
// says that something was wrong.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"time"
)

// settings are what the flags say.
type settings struct {
	run    string
	n      int
	scale  float64
	seed   uint64
	input  int
	procs  int
	shard  int // of so many as there are processes; -1 in the process that starts them
	output string
}

func main() {
	var s settings
	flag.StringVar(&s.run, "run", "", "only the trials whose names match the `regexp`")
	flag.IntVar(&s.n, "n", 0, "so many inputs for each trial, in place of its own number")
	flag.Float64Var(&s.scale, "scale", 1, "so many times its own number for each trial")
	flag.Uint64Var(&s.seed, "seed", 1, "other inputs for each `number`")
	flag.IntVar(&s.input, "input", -1, "try and print only the input of this `number`")
	flag.IntVar(&s.procs, "procs", runtime.NumCPU(), "the `number` of processes")
	flag.StringVar(&s.output, "o", "", "write the table to a `file` too")
	flag.IntVar(&s.shard, "shard", -1, "")
	flag.Parse()
	ok, err := start(s)
	if err != nil {
		fmt.Fprintln(os.Stderr, "trials:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// start does what the settings say; ok is false if something was wrong with an input.
func start(s settings) (ok bool, err error) {
	re, err := regexp.Compile(s.run)
	if err != nil {
		return false, err
	}
	var chosen []trial
	for _, t := range trials() {
		if re.MatchString(t.name) {
			if t.inputs = int(float64(t.inputs) * s.scale); s.n > 0 {
				t.inputs = s.n
			}
			chosen = append(chosen, t)
		}
	}
	switch {
	case s.shard >= 0:
		return true, child(os.Stdout, chosen, s)
	case s.input >= 0:
		return show(os.Stdout, chosen, s)
	}
	out := io.Writer(os.Stdout)
	if s.output != "" {
		f, err := os.Create(s.output)
		if err != nil {
			return false, err
		}
		defer f.Close()
		out = io.MultiWriter(out, f)
	}
	return table(out, chosen, s)
}

// table runs the trials in as many processes as there may be, and prints a line for
// each.
func table(out io.Writer, chosen []trial, s settings) (ok bool, err error) {
	fmt.Fprintf(out, "%s, %s/%s, %d processes, seed %d\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, s.procs, s.seed)
	header(out)
	ok = true
	var sum result
	begin := time.Now()
	for _, t := range chosen {
		r, err := parallel(t, s)
		if err != nil {
			return false, fmt.Errorf("%s: %w", t.name, err)
		}
		row(out, t.name, &r)
		ok = ok && r.Panics+r.Wrong == 0
		sum.add(&r)
	}
	sum.Elapsed = time.Since(begin)
	row(out, "all", &sum)
	legend(out, chosen, &sum)
	return ok, nil
}

// parallel runs one trial in several processes: memory is measured for a process,
// and what one of them does must not count for another.
func parallel(t trial, s settings) (sum result, err error) {
	self, err := os.Executable()
	if err != nil {
		return sum, err
	}
	begin := time.Now()
	results := make(chan func() (result, error), s.procs)
	for shard := range s.procs {
		go func() {
			cmd := exec.Command(self, "-run", "^"+regexp.QuoteMeta(t.name)+"$", "-n", fmt.Sprint(max(t.inputs, 1)),
				"-seed", fmt.Sprint(s.seed), "-procs", fmt.Sprint(s.procs), "-shard", fmt.Sprint(shard))
			cmd.Stderr = os.Stderr
			b, err := cmd.Output()
			results <- func() (r result, _ error) {
				if err == nil {
					err = json.Unmarshal(b, &r)
				}
				return r, err
			}
		}()
	}
	for range s.procs {
		r, rerr := (<-results)()
		if sum.add(&r); rerr != nil {
			err = rerr
		}
	}
	sum.Elapsed = time.Since(begin)
	return sum, err
}
