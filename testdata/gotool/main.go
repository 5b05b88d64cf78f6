// Gotool reads lines from standard input, prints those that match a regular
// expression, and after them how often each text that matched occurred. It is
// here for what the Go toolchain makes of it: a real module of some size. The
// command that makes it, in this folder, with the Go release that the module's
// producers section names:
//
//	GOOS=wasip1 GOARCH=wasm go build -trimpath -buildvcs=false -ldflags=-w -o ../gotool.wasm .
package main

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		os.Stderr.WriteString("gotool: " + err.Error() + "\n")
		os.Exit(1)
	}
}

// run copies the matching lines of in to out. The argument is the expression.
func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("usage: gotool expression")
	}
	re, err := regexp.Compile(args[0])
	if err != nil {
		return err
	}
	counts := map[string]int{}
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		match := re.Find(lines.Bytes())
		if match == nil {
			continue
		}
		counts[string(match)]++
		w.Write(lines.Bytes())
		w.WriteByte('\n')
	}
	printCounts(w, counts)
	return errors.Join(lines.Err(), w.Flush())
}

// printCounts prints what matched, the most frequent first.
func printCounts(w *bufio.Writer, counts map[string]int) {
	matches := make([]string, 0, len(counts))
	for m := range counts {
		matches = append(matches, m)
	}
	slices.SortFunc(matches, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for _, m := range matches {
		w.WriteString(strconv.Itoa(counts[m]) + " " + m + "\n")
	}
}
