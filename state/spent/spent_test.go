package spent_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/wasmstate/wasmstate/state/spent"
)

// reports passes on what analysistest says about diagnostics. The facts show in
// the diagnostics of the packages that import them.
type reports struct{ *testing.T }

func (r reports) Errorf(format string, args ...any) {
	r.Helper()
	if !strings.Contains(format, "unexpected %s") || len(args) < 2 || args[1] != "fact" {
		r.T.Errorf(format, args...)
	}
}

func TestAnalyzer(t *testing.T) {
	for _, pkg := range []string{"handles", "helper", "wrong", "right", "upload", "uploads", "directives"} {
		t.Run(pkg, func(t *testing.T) {
			analysistest.Run(reports{t}, analysistest.TestData(), spent.Analyzer, pkg)
		})
	}
}
