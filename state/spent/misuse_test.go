package spent_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	wantComment = regexp.MustCompile(`// want vet ("(?:[^"\\]|\\.)*")`)
	diagnostic  = regexp.MustCompile(`(?m)^.*?(\w+\.go):(\d+):\d+: ([^\t].*)$`)
)

// TestMisuse runs the command over the programs in which the library around this
// module keeps the misuses of its own handles. It reports what stands in their
// comments, and nothing else.
func TestMisuse(t *testing.T) {
	const (
		root   = "../.."
		folder = "validator/testdata/misuse"
	)
	names, _ := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if len(names) == 0 {
		t.Skipf("no %s: this module lies outside of the repository", folder)
	}
	var want []string
	for _, name := range names {
		n := 0
		for line := range strings.Lines(read(t, name)) {
			n++
			if m := wantComment.FindStringSubmatch(line); m != nil {
				text, err := strconv.Unquote(m[1])
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, filepath.Base(name)+":"+strconv.Itoa(n)+": "+text)
			}
		}
	}
	if len(want) < 20 {
		t.Fatalf("%d programs have something for the analyzer to find, want 20 or more", len(want))
	}
	vet := exec.Command("go", "vet", "-vettool="+buildTool(t), "./"+folder)
	vet.Dir = root
	vet.Env = append(os.Environ(), "GOWORK=off")
	out, err := vet.CombinedOutput()
	if err == nil {
		t.Error("go vet found nothing")
	}
	var got []string
	for _, m := range diagnostic.FindAllStringSubmatch(string(out), -1) {
		got = append(got, m[1]+":"+m[2]+": "+m[3])
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("unexpected: %s", g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("go vet does not say %s", w)
		}
	}
}

// TestOwnCode runs the command over the library itself and its examples.
func TestOwnCode(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a command and runs go vet")
	}
	if _, err := os.Stat("../../validator"); err != nil {
		t.Skip("this module lies outside of the repository")
	}
	vet := exec.Command("go", "vet", "-vettool="+buildTool(t), "./...")
	vet.Dir = "../.."
	vet.Env = append(os.Environ(), "GOWORK=off")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// buildTool builds the command and returns the path of it. Its build ID is new each
// time: go vet remembers for each tool what it said of a package, and whether that
// was asked for or the package was only imported does not count.
func buildTool(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "spent.exe")
	id := "-ldflags=-buildid=" + strconv.FormatInt(time.Now().UnixNano(), 16)
	if out, err := exec.Command("go", "build", id, "-o", tool, "./cmd/spent").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}
