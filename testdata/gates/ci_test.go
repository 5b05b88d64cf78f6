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

// What ends fuzzing without an input that fails is no failure, but nothing else is.
func TestEndOfFuzzing(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash: ", err)
	}
	for _, c := range []struct {
		name, log string
		ok        bool
	}{
		{"end of the time", "--- FAIL: FuzzA (1.12s)\n    context deadline exceeded\nFAIL\n", true},
		{"an input", "--- FAIL: FuzzA (0.50s)\n    --- FAIL: FuzzA (0.00s)\n        a_test.go:1: wrong\n    \n    Failing input written to testdata/fuzz/FuzzA/1\n", false},
		{"an input, by that error", "--- FAIL: FuzzA (0.50s)\n    --- FAIL: FuzzA (0.00s)\n    context deadline exceeded\n", false},
		{"a process that ended", "--- FAIL: FuzzA (0.50s)\n    fuzzing process hung or terminated unexpectedly: exit status 2\n    Failing input written to testdata/fuzz/FuzzA/1\n", false},
		{"another error", "--- FAIL: FuzzA (0.50s)\n    no space left on device\n", false},
		{"no program", "FAIL\tpackage [build failed]\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := exec.Command("bash", "-c", `source ../../.ci/run && printf %s "$1" >"$log" && timeisup`, "bash", c.log).CombinedOutput()
			if (err == nil) != c.ok {
				t.Errorf("got %v:\n%s", err, out)
			}
		})
	}
}
