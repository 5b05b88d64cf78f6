package spent_test

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/wasmstate/wasmstate/state/spent"
)

// The analyzer among those of one's own checker: what is validated here is what
// multichecker.Main takes.
func Example() {
	mine := []*analysis.Analyzer{spent.Analyzer} // and others
	if err := analysis.Validate(mine); err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range mine {
		summary, _, _ := strings.Cut(a.Doc, "\n")
		fmt.Printf("%s: %s\n", a.Name, summary)
	}
	// Output: spent: report handles that are used after the call that spent them
}
