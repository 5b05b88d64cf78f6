package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Annotations escape what would end a property or the line.
func TestGitHub(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "100%, a:b.wasm", broken().Bytes())
	put(t, dir, "wrong.wasm", wrong().Bytes())
	put(t, dir, "good.wasm", good().Bytes())
	r := command(t, dir, "", "-format", "github", "100%, a:b.wasm", "good.wasm", "wrong.wasm", "missing.wasm")
	is.Equal(r.status, 2)
	lines := r.lines()
	is.Equal(len(lines), 3)
	is.True(strings.HasPrefix(lines[0],
		"::error file=100%25%2C a%3Ab.wasm,title=malformed WebAssembly module::100%25, a:b.wasm: at 0xb: "))
	is.True(strings.HasPrefix(lines[1],
		"::error file=wrong.wasm,title=invalid WebAssembly module::wrong.wasm: at "+wrongPlace()))
	is.True(strings.HasPrefix(lines[2], "::error file=missing.wasm,title=not read::missing.wasm: "))
	is.Equal(strings.Count(lines[2], "missing.wasm"), 2)
}

// An annotation on a module in an archive is on the archive, which is the file that
// a pull request has.
func TestGitHubArchive(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "a.zip", zipped(t, entry{"in/wrong.wasm", wrong().Bytes()}))
	r := command(t, dir, "", "-format", "github", "a.zip")
	is.True(strings.HasPrefix(r.stdout, "::error file=a.zip,title=invalid WebAssembly module::a.zip!in/wrong.wasm: at "))
}

// An annotation has the explanation, if one is asked for, on the one line that an
// annotation is.
func TestGitHubExplained(t *testing.T) {
	is := is.New(t)
	r := command(t, folder(t), "", "-format", "github", "-explain", "always", "wrong.wasm")
	is.Equal(len(r.lines()), 1)
	is.True(strings.Contains(r.stdout, "%0A  --> wrong.wasm:"))
	is.True(strings.Contains(r.stdout, "; i64, but i32 is wanted%0A"))
}

// sarif is what the tests look at in a log.
type sarif struct {
	Runs []struct {
		Artifacts []struct {
			Location    struct{ URI string }
			ParentIndex *int
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ExitCode                   int
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
		Results []struct {
			RuleID    string
			Message   struct{ Text, Markdown string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct {
						URI   string
						Index int
					}
					Region struct{ ByteOffset, ByteLength int }
				}
				LogicalLocations []struct{ Name, FullyQualifiedName string }
			}
			RelatedLocations []struct {
				Message          struct{ Text string }
				PhysicalLocation struct{ Region struct{ ByteOffset int } }
			}
		}
	}
}

// sarifLogOf runs the command over files of all kinds.
func sarifLogOf(t *testing.T) (string, sarif) {
	t.Helper()
	dir := folder(t)
	put(t, dir, "a b.zip", zipped(t, entry{"in/wrong.wasm", wrong().Bytes()}, entry{"in/good.wasm", good().Bytes()}))
	put(t, dir, "large.wasm.gz", compressed(t, append(good().Bytes(), make([]byte, 3000)...)))
	r := command(t, dir, "(module)", "-format", "sarif", "-explain", "always", "-all", "5", "-unpack-limit", "2000",
		"wrong.wasm", "missing.wasm", "broken.wasm", "good.wasm", "a b.zip", "large.wasm.gz", "-", "exceptional.wasm")
	if r.status != exitTrouble {
		t.Fatal("status", r.status)
	}
	var log sarif
	if err := json.Unmarshal([]byte(r.stdout), &log); err != nil {
		t.Fatal(err)
	}
	return r.stdout, log
}

func TestSARIF(t *testing.T) {
	is := is.New(t)
	_, log := sarifLogOf(t)
	run := log.Runs[0]
	is.Equal(run.Invocations[0].ExecutionSuccessful, false)
	is.Equal(run.Invocations[0].ExitCode, 2)
	is.Equal(len(run.Invocations[0].ToolExecutionNotifications), 1)
	is.True(strings.HasPrefix(run.Invocations[0].ToolExecutionNotifications[0].Message.Text, "missing.wasm: "))
	var rules []string
	for _, r := range run.Results {
		rules = append(rules, r.RuleID)
		at := r.Locations[0].PhysicalLocation.ArtifactLocation
		is.Equal(run.Artifacts[at.Index].Location.URI, at.URI)
	}
	is.Equal(rules, []string{"invalid", "malformed", "invalid", "limit", "malformed", "malformed"})

	first := run.Results[0]
	is.True(strings.Contains(first.Message.Text, "type mismatch"))
	is.True(strings.Contains(first.Message.Text, "\nhint: `i64.const 0` at "))
	is.True(strings.HasPrefix(first.Message.Markdown, "    error[invalid]: type mismatch"))
	for line := range strings.Lines(first.Message.Markdown) {
		is.True(strings.HasPrefix(line, "    ")) // a block of code to its end
	}
	at := first.Locations[0]
	is.Equal(at.PhysicalLocation.ArtifactLocation.URI, "wrong.wasm")
	is.Equal(at.PhysicalLocation.Region.ByteOffset, wrong().Mark())
	is.Equal(at.LogicalLocations[0].Name, "sum")
	is.Equal(len(first.RelatedLocations), 1)
	is.Equal(first.RelatedLocations[0].Message.Text, "i64 of `i64.const 0`")
	is.Equal(first.RelatedLocations[0].PhysicalLocation.Region.ByteOffset, wrong().Mark()-2)
	is.Equal(at.LogicalLocations[0].FullyQualifiedName, "func 1")

	inner := run.Results[2].Locations[0].PhysicalLocation.ArtifactLocation
	is.Equal(inner.URI, "/in/wrong.wasm")
	is.Equal(run.Artifacts[*run.Artifacts[inner.Index].ParentIndex].Location.URI, "a%20b.zip")
}

// Braces are not those of placeholders, and an archive may lie in a folder whose name
// has the mark that stands between archive and entry.
func TestSARIFNames(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	m := validatortest.NewModule().Type("func").Func(0, "", "drop").Custom("name", []byte("\x01\x06\x01\x00\x03{0}"))
	put(t, dir, "d!x/a.zip", zipped(t, entry{"/abs.wasm", m.Bytes()}))
	r := command(t, dir, "", "-format", "sarif", "-explain", "always", "d!x/a.zip")
	is.Equal(r.status, 1)
	is.True(strings.Contains(r.stdout, "{{0}}"))
	is.True(strings.Contains(r.stdout, `"uri": "/abs.wasm"`))
	is.True(strings.Contains(r.stdout, `"uri": "d%21x/a.zip"`) || strings.Contains(r.stdout, `"uri": "d!x/a.zip"`))
}

// The logs follow the schema that OASIS has published, and the check of it
// refuses logs that do not.
func TestSARIFSchema(t *testing.T) {
	is := is.New(t)
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is missing")
	}
	checker, err := filepath.Abs(filepath.Join("testdata", "sarifcheck"))
	is.NoErr(err)
	log, _ := sarifLogOf(t)
	tests := []struct {
		name, log string
		valid     bool
	}{
		{"all kinds of results", log, true},
		{"no results", command(t, folder(t), "", "-format", "sarif", "good.wasm").stdout, true},
		{"unknown level", strings.Replace(log, `"level": "error"`, `"level": "fatal"`, 1), false},
		{"unknown property", strings.Replace(log, `"exitCode"`, `"exit"`, 1), false},
		{"missing property", strings.Replace(log, `"executionSuccessful": false,`, "", 1), false},
		{"bad address", strings.Replace(log, `"uri": "wrong.wasm"`, `"uri": "%wrong"`, 1), false},
	}
	dir := t.TempDir()
	args := []string{"run", "."}
	for _, test := range tests {
		put(t, dir, test.name, []byte(test.log))
		args = append(args, filepath.Join(dir, test.name))
	}
	check := exec.Command(tool, args...)
	check.Dir = checker
	check.Stderr = os.Stderr
	text, err := check.Output()
	is.NoErr(err)
	lines := result{stdout: string(text)}.lines()
	is.Equal(len(lines), len(tests))
	for i, test := range tests {
		if (lines[i] == test.name+": valid") != test.valid {
			t.Error(lines[i])
		}
	}
}

// An explanation follows the verdict, in text behind its line and in JSON as a
// property; neither is there unasked.
func TestExplain(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	r := command(t, dir, "", "-explain", "always", "wrong.wasm")
	is.Equal(r.status, 1)
	is.Equal(r.stderr, "")
	is.True(strings.HasPrefix(r.stdout, "wrong.wasm: invalid at "+wrongPlace()))
	is.True(strings.Contains(r.stdout, "i64.const 0"))
	is.True(len(r.lines()) > 5)
	is.Equal(len(command(t, dir, "", "-explain", "never", "wrong.wasm").lines()), 1)
	is.Equal(len(command(t, dir, "", "wrong.wasm").lines()), 1) // it is no terminal

	var record struct {
		Offset    int
		Diagnosis *struct {
			Offset int
			Op     struct{ Text string }
		}
	}
	is.NoErr(json.Unmarshal([]byte(command(t, dir, "", "-json", "-explain", "always", "wrong.wasm").stdout), &record))
	is.Equal(record.Diagnosis.Offset, record.Offset)
	is.Equal(record.Diagnosis.Op.Text, "i32.eqz")
	is.Equal(len(objects(t, command(t, dir, "", "-json", "wrong.wasm").stdout)), 1) // has no field more
}

// All errors of a file are reported when they are wanted, the first one first.
func TestAllErrors(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	m := good().Func(0, "", "i32.eqz").Func(0, "", "nop").Func(0, "", "f32.neg")
	put(t, dir, "bad.wasm", m.Bytes())
	is.Equal(len(command(t, dir, "", "bad.wasm").lines()), 1)
	lines := command(t, dir, "", "-all", "10", "bad.wasm").lines()
	is.Equal(len(lines), 2)
	is.True(strings.HasPrefix(lines[0], "bad.wasm: invalid at 0x") && strings.Contains(lines[0], "func 1: i32.eqz"))
	is.True(strings.HasPrefix(lines[1], "bad.wasm: invalid at 0x") && strings.Contains(lines[1], "func 3: f32.neg"))

	var record struct {
		Func   int
		Errors []struct{ Func int }
	}
	r := command(t, dir, "", "-json", "-all", "10", "bad.wasm")
	is.Equal(len(r.lines()), 1)
	is.NoErr(json.Unmarshal([]byte(r.stdout), &record))
	is.Equal(record.Func, 1)
	is.Equal(len(record.Errors), 2)
	is.Equal(record.Errors[1].Func, 3)
}

// Colours are for terminals that want them, or for those who ask.
func TestColor(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	is.True(!strings.Contains(command(t, dir, "", "wrong.wasm", "good.wasm").stdout, "\x1b"))
	r := command(t, dir, "", "-color", "always", "wrong.wasm", "good.wasm")
	is.True(strings.Contains(r.stdout, "\x1b[31;1minvalid\x1b["))
	is.True(strings.Contains(r.stdout, "\x1b[32mvalid\x1b["))
	is.True(strings.Contains(r.stderr, "\x1b[32m1 valid\x1b["))
	is.True(!strings.Contains(command(t, dir, "", "-json", "-color", "always", "wrong.wasm").stdout, "\x1b"))
}
