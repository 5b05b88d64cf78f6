// Campaign compares this library's verdicts with those of other validators, on
// modules that are made up for it: generated ones, which are valid, generated ones
// with one fault, which are not, and mutated ones, most of which are not either.
//
//	cd testdata/campaign && go run . -judge v8,wazero -generated 100000 -mutated 100000 -seed 1
//
// It goes on within the proposals that both know. Where they disagree, the module
// is made smaller as long as they do so in the same way, and the disagreement is
// looked up in a table of what is known about the judge. What is not in the table
// is printed with the module, in hexadecimal, and makes the exit status 1.
package main

import (
	"flag"
	"fmt"
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
	judges := flag.String("judge", "v8,wazero", "the `names` of the judges: v8, wazero")
	node := flag.String("node", "node", "the `program` with the V8 to ask")
	generated := flag.Int("generated", 1000, "how `many` modules to generate")
	faulty := flag.Int("faulty", 1000, "how `many` modules to generate with one fault each")
	mutated := flag.Int("mutated", 1000, "how `many` modules to mutate")
	seed := flag.Uint64("seed", 1, "makes other modules for each `number`")
	limit := flag.Duration("for", 0, "stop after this `time`; 0 goes on to the end")
	verbose := flag.Bool("v", false, "print an example of each disagreement that is explained")
	flag.Parse()

	c := campaign{generated: *generated, faulty: *faulty, mutated: *mutated, seed: *seed}
	if *limit > 0 {
		c.until = time.Now().Add(*limit)
	}
	unexplained := 0
	for _, name := range strings.Split(*judges, ",") {
		j, err := newJudge(strings.TrimSpace(name), *node)
		if err != nil {
			log.Fatal(err)
		}
		r, err := c.run(j)
		j.close()
		if err != nil {
			log.Fatal(err)
		}
		r.print(os.Stdout, *verbose)
		unexplained += r.unexplained()
	}
	if unexplained > 0 {
		os.Exit(1)
	}
}

// newJudge returns the judge called name.
func newJudge(name, node string) (judge, error) {
	switch name {
	case "v8":
		path, err := exec.LookPath(node)
		if err != nil {
			return nil, err
		}
		return newV8(path)
	case "wazero":
		return newWazero()
	}
	return nil, fmt.Errorf("no judge is called %q", name)
}
