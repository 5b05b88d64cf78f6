// Package conformance reads the conformance data, which lies beside the project and is
// not part of it: zip files with modules, and with lists of what is expected of them,
// one JSON object a line.
package conformance

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
	"testing"
)

// SpecTest is the file with the specification's test suite, and Differential the one
// with modules that another validator has judged.
const (
	SpecTest     = "spectest.zip"
	Differential = "differential.zip"
)

// Archive is one file of the data.
type Archive struct{ *zip.ReadCloser }

// Open opens a file of the data until the test has ended. The test is skipped where
// there is none.
func Open(t testing.TB, name string) Archive {
	t.Helper()
	file := root(t) + "/../shared/conformance/" + name
	z, err := zip.OpenReader(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no conformance data at %s", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { z.Close() })
	return Archive{z}
}

// root returns the path from the folder of a test to that of the project.
func root(t testing.TB) string {
	t.Helper()
	dir := ".."
	for range 8 {
		if _, err := os.Stat(dir + "/go.mod"); err == nil {
			return dir
		}
		dir += "/.."
	}
	t.Fatal("the test does not run in a folder of the project")
	return ""
}

// Read returns the bytes of a file in the archive.
func (a Archive) Read(t testing.TB, name string) []byte {
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

// Modules returns the bytes of all modules in the archive by their names.
func (a Archive) Modules(t testing.TB) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	for _, f := range a.File {
		if path.Ext(f.Name) == ".wasm" {
			m[f.Name] = a.Read(t, f.Name)
		}
	}
	return m
}

// Rows decodes a list, which must not be empty.
func Rows[R any](t testing.TB, a Archive, name string) []R {
	t.Helper()
	var rows []R
	lines := bufio.NewScanner(bytes.NewReader(a.Read(t, name)))
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
