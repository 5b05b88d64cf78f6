package spent_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVettool runs the command as the README tells users to, over a module of
// two packages, so that the facts cross from one run to the other.
func TestVettool(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a command and runs go vet")
	}
	dir := t.TempDir()
	files := map[string]string{
		"go.mod":           "module example.com/m\n\ngo 1.25\n",
		"upload/upload.go": read(t, "testdata/src/upload/upload.go"),
		"helper/helper.go": `package helper

import "example.com/m/upload"

func Done(s *upload.Session) { s.Abort() }
`,
		"main.go": `package main

import (
	"os"

	"example.com/m/helper"
	"example.com/m/upload"
)

func main() {
	s, err := upload.Begin(os.Stdout, "a")
	if err != nil {
		return
	}
	helper.Done(s)
	_, _ = s.Write(nil)
}
`,
	}
	for name, text := range files {
		path := filepath.Join(dir, "m", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	vet := exec.Command("go", "vet", "-vettool="+buildTool(t), "./...")
	vet.Dir = filepath.Join(dir, "m")
	vet.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := vet.CombinedOutput()
	if err == nil {
		t.Fatal("go vet found nothing")
	}
	want := "main.go:16:9: s was spent by Done at main.go:15; it must not be used again"
	if !strings.Contains(string(out), want) || strings.Count(string(out), "was spent by") != 1 {
		t.Errorf("go vet says\n%s\nwant\n%s", out, want)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
