package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// benchmark is one line of allocs.txt.
type benchmark struct {
	pkg, rounds, name string
	allowed           int
	line              int // in the file
}

// allocs compares what benchmarks allocate with allocs.txt. It counts allocations
// and measures no time, so that it says the same on every machine.
func allocs(root string, update bool) (problems []string, err error) {
	file := filepath.Join(root, "testdata", "gates", "allocs.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	list, err := parseBenchmarks(lines)
	if err != nil {
		return nil, err
	}
	measured := map[[2]string]map[string]int{} // by package and rounds
	for _, b := range list {
		group := [2]string{b.pkg, b.rounds}
		if measured[group] == nil {
			if measured[group], err = measure(root, group, list); err != nil {
				return nil, err
			}
		}
		got, ok := measured[group][b.name]
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("%s: no benchmark %s", b.pkg, b.name))
		case update:
			lines[b.line] = fmt.Sprintf("%s %s %s %d", b.pkg, b.rounds, b.name, got)
		case got > b.allowed+b.allowed/10: // pools may have to be filled again
			problems = append(problems, fmt.Sprintf("%s: Benchmark%s makes %d allocations a round, %d are allowed", b.pkg, b.name, got, b.allowed))
		}
	}
	if update {
		err = os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o666)
	} else if len(problems) > 0 {
		problems = append(problems, "if that is meant: go run ./testdata/gates -update allocs")
	}
	return problems, err
}

// parseBenchmarks reads the lines of allocs.txt.
func parseBenchmarks(lines []string) (list []benchmark, err error) {
	for i, line := range lines {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) != 4 {
			return nil, fmt.Errorf("allocs.txt: %q", line)
		}
		n, err := strconv.Atoi(fields[3])
		if err != nil {
			return nil, fmt.Errorf("allocs.txt: %q: %w", line, err)
		}
		list = append(list, benchmark{fields[0], fields[1], fields[2], n, i})
	}
	return list, nil
}

// result is the line that a benchmark prints; the number of processors after its
// name is not part of it.
var result = regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s.*\s(\d+) allocs/op`)

// measure runs the benchmarks of a group and returns the allocations of each.
func measure(root string, group [2]string, list []benchmark) (map[string]int, error) {
	var levels []string // of the names: go test takes a pattern for each
	for _, b := range list {
		if [2]string{b.pkg, b.rounds} == group {
			for i, word := range strings.Split("Benchmark"+b.name, "/") {
				if i == len(levels) {
					levels = append(levels, word)
				} else {
					levels[i] += "|" + word
				}
			}
		}
	}
	for i := range levels {
		levels[i] = "^(" + levels[i] + ")$"
	}
	// A garbage collection in the midst of it would empty the pools.
	out, err := run(root, "go", "test", "-exec", "env GOGC=off", "-run", "^$", "-benchmem",
		"-bench", strings.Join(levels, "/"), "-benchtime", group[1], "-cpu", "2", group[0])
	if err != nil {
		return nil, err
	}
	found := map[string]int{}
	for _, match := range result.FindAllStringSubmatch(out, -1) {
		found[match[1]], _ = strconv.Atoi(match[2])
	}
	return found, nil
}
