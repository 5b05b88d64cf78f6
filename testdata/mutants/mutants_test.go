package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// A mutant that nothing notices is counted, unless it is known to change nothing.
func TestReportCountsSurvivors(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	survivors, err := report(&out, []mutant{
		{kind: "signature", row: "i32.add", what: "i32 becomes f32", killer: "its row"},
		{kind: "signature", row: "i32.sub", what: "i32 becomes f32"},
		{kind: "rule", row: "i32.add", what: "rule 0 becomes 4"}, // is in equivalent.txt
	})
	is.NoErr(err)
	is.Equal(survivors, 1)
	is.True(strings.Contains(out.String(), "survives: signature, i32.sub: i32 becomes f32\n"))
	is.True(!strings.Contains(out.String(), "survives: rule"))
}

// A wrong row is noticed by the tests of that row, and the table as it is by none.
func TestMutantIsKilled(t *testing.T) {
	is := is.New(t)
	s, err := build(t.TempDir(), ofTable)
	is.NoErr(err)
	all, err := s.list()
	is.NoErr(err)
	w := newWorker(s)
	defer w.stop()
	ok, err := w.row.passes(-1, rowPattern("i32.add"))
	is.NoErr(err)
	is.True(ok) // without a mutant
	judged := 0
	for i := range all {
		if m := &all[i]; m.row == "i32.add" && m.kind == "signature" {
			is.NoErr(w.judge(m))
			is.Equal(m.killer, "its row")
			judged++
		}
	}
	is.True(judged > 0)
}

// Tests are needed of every row, both ways: a new one, and one whose invalid bodies
// are gone, are noticed.
func TestRowsWithoutTests(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	is.NoErr(err)
	replace := map[string]string{}
	for name, change := range map[string]func(text string) string{
		"ops/table_variable.go": func(text string) string {
			return strings.Replace(text, "[...]entry{\n", "[...]entry{\n\t{0x27, \"new.operator\", \"i32 ->\", Imm{}, RulePlain, anywhere},\n", 1)
		},
		"validator/row_cases_test.go": func(text string) string {
			var b strings.Builder
			for line := range strings.Lines(text) {
				if !strings.HasPrefix(line, "\t\t{\"ref.func\", \"@") {
					b.WriteString(line)
				}
			}
			return b.String()
		},
	} {
		text, err := os.ReadFile(filepath.Join(root, name))
		is.NoErr(err)
		changed := change(string(text))
		is.True(changed != string(text))
		file := filepath.Join(dir, filepath.Base(name))
		is.NoErr(os.WriteFile(file, []byte(changed), 0o666))
		replace[filepath.Join(root, filepath.FromSlash(name))] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	is.NoErr(err)
	overlay := filepath.Join(dir, "overlay.json")
	is.NoErr(os.WriteFile(overlay, text, 0o666))
	out, err := exec.Command("go", "test", "-overlay", overlay, "-run", "^TestRowsBothWays$", root+"/validator").CombinedOutput()
	is.True(err != nil)
	for _, want := range []string{
		"--- FAIL: TestRowsBothWays/new.operator", "no valid body goes through the operator",
		"--- FAIL: TestRowsBothWays/ref.func", "0 bodies fail at the operator",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if n := strings.Count(string(out), "--- FAIL: TestRowsBothWays/"); n != 2 {
		t.Errorf("%d rows fail, want 2:\n%s", n, out)
	}
}
