// Command mutants changes the table of operators in every small way that would
// make a rule wrong, and runs the tests against each change: one that no test
// notices is a rule that nothing tests.
//
//	go run ./testdata/mutants            every mutant
//	go run ./testdata/mutants -every 10  one in ten of them, for a quick look
//	go run ./testdata/mutants -rules     mutants of the rules' source, not of the table
//	go run ./testdata/mutants -loop      mutants of what the hot loop derives from the table
//	go run ./testdata/mutants -record    every one, and results.txt says what came of it
//
// The tests are compiled once. What applies a mutant at the start of the program,
// the file hook.go.txt, gets into them through an overlay, so that nothing of it
// is in the library. Each mutant is first run against the tests of its row and of
// the table, one mutant after another in one program, which few survive, and then
// in a program of its own against all tests that take no time.
//
// The exit status is 1 when a mutant survives that is not in the list of those
// that change nothing.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("mutants: ")
	every := flag.Int("every", 1, "run one mutant in `n`")
	first := flag.Int("first", 0, "skip the mutants before the one of this `number`")
	workers := flag.Int("workers", runtime.GOMAXPROCS(0), "run `n` at a time")
	rules := flag.Bool("rules", false, "mutate the source of the rules, not the table")
	loop := flag.Bool("loop", false, "mutate what the hot loop derives from the table")
	verbose := flag.Bool("v", false, "print what becomes of each mutant")
	record := flag.Bool("record", false, "write the results of all mutants to results.txt, or with -rules or -loop to a file named by that")
	flag.Parse()
	if flag.NArg() > 0 || *every < 1 || *workers < 1 || *rules && *loop || *record && (*every > 1 || *first > 0) {
		flag.Usage()
		os.Exit(2)
	}
	of := ofTable
	switch {
	case *rules:
		of = ofRules
	case *loop:
		of = ofLoop
	}
	start := time.Now()
	results, survivors, err := run(of, *first, *every, *workers, *verbose)
	if err == nil && *record {
		err = write(of, fmt.Sprintf("%sIt took %v with %d workers.\n", results, time.Since(start).Round(time.Minute), *workers))
	}
	if err != nil {
		log.Fatal(err)
	}
	if survivors > 0 {
		log.Fatalf("%d mutants survive: add the test that they show to be missing, or, if they change nothing, a line to testdata/mutants/equivalent.txt", survivors)
	}
}

// run builds the tests, runs the mutants, and prints and returns the table.
func run(of subject, first, every, workers int, verbose bool) (results string, survivors int, err error) {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return "", 0, err
	}
	defer os.RemoveAll(dir)
	suite, err := build(dir, of)
	if err != nil {
		return "", 0, err
	}
	start := time.Now()
	if killer, output := suite.everything(-1); killer != "" {
		return "", 0, fmt.Errorf("without a mutant, the tests of %s fail:\n%s", killer, output)
	}
	fmt.Printf("without a mutant, the tests pass in %v\n", time.Since(start).Round(time.Millisecond))
	mutants, err := suite.list()
	if err != nil {
		return "", 0, err
	}
	chosen := mutants[:0]
	for i, m := range mutants {
		if i >= first && (i-first)%every == 0 {
			chosen = append(chosen, m)
		}
	}
	fmt.Printf("running %d of %d mutants\n", len(chosen), len(mutants))
	if err := judge(suite, chosen, workers, verbose); err != nil {
		return "", 0, err
	}
	var text strings.Builder
	survivors, err = report(io.MultiWriter(os.Stdout, &text), chosen)
	return text.String(), survivors, err
}

// write records the results of all mutants of one kind.
func write(of subject, results string) error {
	what, flags, file := "table of operators", "-record", "results.txt"
	switch of {
	case ofRules:
		what, flags, file = "source of the rules", "-rules -record", "results_rules.txt"
	case ofLoop:
		what, flags, file = "tables of the hot loop", "-loop -record", "results_loop.txt"
	}
	head := fmt.Sprintf("The mutants of the %s, as\n\n    go run ./testdata/mutants %s\n\n"+
		"found them: how many of each kind there are, and which tests killed them. Those that\n"+
		"are equivalent change nothing that anybody could see.\n\n", what, flags)
	return os.WriteFile(filepath.Join("testdata", "mutants", file), []byte(head+results), 0o666)
}
