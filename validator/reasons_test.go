package validator_test

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// readReasons reads a reviewed list: a name, white space and the reason why the
// test does not ask more of it, one a line. Empty lines and lines that begin
// with # say nothing.
func readReasons(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, reason, ok := strings.Cut(line, " ")
		if !ok {
			t.Fatalf("%s: no reason in %q", file, line)
		}
		reasons[name] = strings.TrimSpace(reason)
	}
	return reasons
}

// forEach calls f with every number below n, on all cores at once.
func forEach(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
