package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// asCommand is set in the environment of a test binary that is to be the
// command.
const asCommand = "WASMVALIDATE_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// result is what one run of the command did.
type result struct {
	stdout, stderr string
	status         int
}

// lines returns the lines of standard output.
func (r result) lines() []string {
	return strings.FieldsFunc(r.stdout, func(c rune) bool { return c == '\n' })
}

// program returns the command as a program of its own, to be run in dir.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
	return cmd
}

// command runs the command in dir, within the process of the test.
func command(t *testing.T, dir, stdin string, args ...string) result {
	t.Helper()
	if dir != "" {
		t.Chdir(dir)
	}
	var stdout, stderr strings.Builder
	status := run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return result{stdout.String(), stderr.String(), status}
}

// The modules that the tests are about.
func good() *validatortest.Module {
	return validatortest.NewModule().Type("func").Func(0, "", "v128.const i64x2 0 0 drop")
}

func wrong() *validatortest.Module {
	return validatortest.NewModule().Type("func").
		Import("m", "f", "func 0").
		Func(0, "", "i64.const 0 @i32.eqz drop").
		Custom("name", []byte("\x01\x06\x01\x01\x03sum"))
}

// wrongPlace is where wrong is wrong, as text.
func wrongPlace() string {
	return fmt.Sprintf(`0x%x in func 1 "sum": i32.eqz: type mismatch`, wrong().Mark())
}

func broken() *validatortest.Module { return validatortest.NewModule().Raw(1, []byte{1, 0x99}) }

func exceptional() *validatortest.Module {
	return validatortest.NewModule().Type("func").Func(0, "", "@try catch_all end")
}

// folder returns a folder with the modules in it.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, m := range map[string]*validatortest.Module{
		"good.wasm": good(), "wrong.wasm": wrong(), "broken.wasm": broken(), "exceptional.wasm": exceptional(),
	} {
		put(t, dir, name, m.Bytes())
	}
	return dir
}

// put writes a file, and the folders that it lies in.
func put(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// entry is a file in an archive.
type entry struct {
	name    string
	content []byte
}

func zipped(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = w.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		err := w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.content))})
		if err == nil {
			_, err = w.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compressed(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
