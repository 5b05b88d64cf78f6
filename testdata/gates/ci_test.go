package main

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// The script of the checks fails where a test fails, and where one is skipped that
// needs nothing but what the script provides.
func TestSkippedTestFails(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash: ", err)
	}
	for _, c := range []struct {
		name, command string
		ok            bool
	}{
		{"all pass", `printf '%s\n' '=== RUN   TestA' '--- PASS: TestA (0.00s)' 'PASS'`, true},
		{"one fails", `printf '%s\n' '--- FAIL: TestA (0.00s)' 'FAIL'; exit 1`, false},
		{"one is skipped", `printf '%s\n' '--- SKIP: TestA (0.00s)' '    a_test.go:1: no conformance data' 'PASS'`, false},
		{"a part of one is skipped", `printf '%s\n' '--- PASS: TestA (0.00s)' '    --- SKIP: TestA/part (0.00s)' 'PASS'`, false},
		{"one is skipped that may be", `printf '%s\n' '--- SKIP: TestPictures (0.00s)' 'PASS'`, true},
		{"one is skipped whose name is like it", `printf '%s\n' '--- SKIP: TestPicturesOfMine (0.00s)' 'PASS'`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := exec.Command("bash", "-c", `source ../../.ci/run && tests bash -c "$1"`, "bash", c.command).CombinedOutput()
			if (err == nil) != c.ok {
				t.Errorf("got %v:\n%s", err, out)
			}
			if strings.Contains(string(out), "all is well") {
				t.Error("the script has run")
			}
		})
	}
}
