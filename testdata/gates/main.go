// Command gates checks what the tests of the packages cannot: that the public API
// is documented and does not change unnoticed, that what was free of allocations
// stays so, and that importers of the library get no dependency without a reason.
//
//	go run ./testdata/gates docs         every exported identifier and program has documentation
//	go run ./testdata/gates api          the API is the one that api/*.txt record
//	go run ./testdata/gates allocs       benchmarks allocate no more than allocs.txt says
//	go run ./testdata/gates deps         importers get the modules of dependencies.txt
//
// With -update before the name of the gate, api, allocs and deps write their
// files anew. The exit status is 1 when a gate is closed.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// gate checks one thing in the repository at root and returns what is wrong. With
// update it makes the recorded state the present one.
type gate func(root string, update bool) (problems []string, err error)

var gates = map[string]gate{"docs": docs, "api": api, "allocs": allocs, "deps": deps}

func main() {
	log.SetFlags(0)
	update := flag.Bool("update", false, "record the present state")
	flag.Parse()
	check, ok := gates[flag.Arg(0)]
	if !ok || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	log.SetPrefix("gates " + flag.Arg(0) + ": ")
	root, err := run(".", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		log.Fatal(err)
	}
	problems, err := check(strings.TrimSpace(root), *update)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range problems {
		log.Print(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

// run returns what a command prints.
func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, out, &stderr)
	}
	return string(out), nil
}

// libraryPackage is a package that other programs may import.
type libraryPackage struct{ path, dir string }

// library returns the packages of both modules of the repository that other
// programs may import.
func library(root string) (list []libraryPackage, err error) {
	for _, dir := range []string{root, filepath.Join(root, "state", "spent")} {
		out, err := run(dir, "go", "list", "-f", "{{.Name}}\t{{.ImportPath}}\t{{.Dir}}", "./...")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			parts := strings.Split(fields[1], "/")
			if fields[0] != "main" && !slices.Contains(parts, "internal") && !slices.Contains(parts, "examples") {
				list = append(list, libraryPackage{fields[1], fields[2]})
			}
		}
	}
	return list, nil
}
