package validator_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// archive is one file of the conformance data: modules, and lists of what is
// expected of them, one JSON object a line.
type archive struct{ *zip.ReadCloser }

// openArchive opens a file of the conformance data. The test is skipped where
// there is none.
func openArchive(t *testing.T, name string) archive {
	t.Helper()
	file := "../../shared/conformance/" + name
	z, err := zip.OpenReader(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no conformance data at %s", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { z.Close() })
	return archive{z}
}

// read returns the bytes of a file in the archive.
func (a archive) read(t *testing.T, name string) []byte {
	t.Helper()
	f, err := a.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// modules returns the bytes of all modules in the archive by their names.
func (a archive) modules(t *testing.T) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	for _, f := range a.File {
		if path.Ext(f.Name) == ".wasm" {
			m[f.Name] = a.read(t, f.Name)
		}
	}
	return m
}

// readRows decodes a list.
func readRows[R any](t *testing.T, a archive, name string) []R {
	t.Helper()
	var rows []R
	lines := bufio.NewScanner(bytes.NewReader(a.read(t, name)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row R
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatalf("%s lists nothing", name)
	}
	return rows
}

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
