// Campaign compares this library's verdicts with those of other validators, on
// modules that are made up for it: generated ones, which are valid, generated ones
// with one fault, which are not, and mutated ones, most of which are not either.
//
//	cd testdata/campaign && go run . -generated 100000 -faulty 20000 -mutated 100000
//
// It goes on within the proposals that both know. Where they disagree, the module
// is made smaller as long as they do so in the same way, and the disagreement is
// looked up in a table of what is known about the judge. What is not in the table
// is printed with the module, in hexadecimal, and makes the exit status 1.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("campaign: ")
	if len(os.Args) == 2 && os.Args[1] == serveWazero {
		if err := wazeroProcess(); err != nil {
			log.Fatal(err)
		}
		return
	}
	judges := flag.String("judge", "generator,v8,wazero", "the `names` of the judges: v8, wazero, or generator for what its modules are made to be")
	nodes := flag.String("node", "node", "the `programs` that are a Node whose V8 is to be asked")
	generated := flag.Int("generated", 1000, "how `many` modules to generate")
	faulty := flag.Int("faulty", 1000, "how `many` modules to generate with one fault each")
	mutated := flag.Int("mutated", 1000, "how `many` modules to mutate")
	seed := flag.Uint64("seed", 1, "makes other modules for each `number`")
	limit := flag.Duration("for", 0, "stop after this `time`; 0 goes on to the end")
	output := flag.String("o", "", "write the results to a `file` too")
	verbose := flag.Bool("v", false, "print an example of each disagreement that is explained")
	flag.Parse()

	c := campaign{generated: *generated, faulty: *faulty, mutated: *mutated, seed: *seed}
	if *limit > 0 {
		c.until = time.Now().Add(*limit)
	}
	out, err := results(*output)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(out, "go run . -judge %s -generated %d -faulty %d -mutated %d -seed %d\n\n", *judges, *generated, *faulty, *mutated, *seed)
	unexplained := 0
	for _, a := range appointments(*judges, *nodes) {
		r, err := c.before(a)
		if err != nil {
			log.Fatal(err)
		}
		r.print(out, *verbose)
		unexplained += r.unexplained()
	}
	if unexplained > 0 {
		os.Exit(1)
	}
}

// results returns where results go: to standard output, and to the file if it has a
// name.
func results(name string) (io.Writer, error) {
	if name == "" {
		return os.Stdout, nil
	}
	f, err := os.Create(name)
	return io.MultiWriter(os.Stdout, f), err
}

// appointment is a judge to be asked.
type appointment struct {
	name string
	node string // for V8
}

// appointments reads lists of judges and of programs for V8, each of which is a judge.
func appointments(judges, nodes string) (list []appointment) {
	for name := range strings.SplitSeq(judges, ",") {
		if name = strings.TrimSpace(name); name != v8Judge {
			list = append(list, appointment{name: name})
			continue
		}
		for node := range strings.SplitSeq(nodes, ",") {
			list = append(list, appointment{name, strings.TrimSpace(node)})
		}
	}
	return list
}

// before compares with the judge.
func (c campaign) before(a appointment) (*result, error) {
	if a.name == generatorJudge {
		return c.expect()
	}
	j, err := newJudge(a)
	if err != nil {
		return nil, err
	}
	defer j.close()
	return c.run(j)
}

// The names of judges.
const (
	generatorJudge = "generator" // what its modules are made to be
	v8Judge        = "v8"
	wazeroName     = "wazero"
)

// newJudge returns the judge.
func newJudge(a appointment) (judge, error) {
	switch a.name {
	case v8Judge:
		path, err := exec.LookPath(a.node)
		if err != nil {
			return nil, err
		}
		return newV8(path)
	case wazeroName:
		return newWazero()
	}
	return nil, fmt.Errorf("no judge is called %q", a.name)
}
