package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What the overlay adds: the mutants to package ops, a way to derive its tables
// again to package validator, and to the tests of both a loop over mutants.
var (
	//go:embed hook.go.txt
	hook string
	//go:embed reset.go.txt
	reset string
	//go:embed server.go.txt
	server string
)

// The tests that most mutants do not survive. Those of package validator have a
// part for each operator, named by it.
var (
	opsTests = []string{
		"TableHasNoDuplicates", "TableMatchesTheSpecification", "TableCountPerProposal", "TableFloats",
		"TableSignatures", "TableMemoryOperators", "TableConstantOperators", "RowsImmediates",
	}
	rowTests = []string{
		"RowsBothWays", "RowsAlone", "RowsFeatureOff",
		"FixedTypes", "FixedAlignment", "FixedLanes", "FixedIndices", "FixedFeatureOff", "FixedFloatsOff",
	}
)

// tableOverlay adds the hook to package ops, and a call of it after the table has
// been read and before anything is derived from it.
func tableOverlay(root, dir string) (map[string]string, error) {
	table := filepath.Join(root, "ops", "table.go")
	text, err := os.ReadFile(table)
	if err != nil {
		return nil, err
	}
	const derive = "\n\tfillLeading()\n}"
	if strings.Count(string(text), derive) != 1 {
		return nil, fmt.Errorf("%s: no call of fillLeading at the end of init", table)
	}
	replace := map[string]string{}
	for name, text := range map[string]string{
		"ops/table.go":              strings.Replace(string(text), derive, "\n\tmutate()"+derive, 1),
		"ops/mutate.go":             hook,
		"validator/mutate.go":       reset,
		"ops/mutants_test.go":       loop("ops", "ops", opsTests),
		"validator/mutants_test.go": loop("validator", "ops", rowTests),
	} {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return nil, err
		}
		replace[filepath.Join(root, filepath.FromSlash(name))] = file
	}
	return replace, nil
}

// loop returns the source of the loop over the mutants of one package for the tests
// of another.
func loop(pkg, mutator string, tests []string) string {
	var list strings.Builder
	for _, name := range tests {
		fmt.Fprintf(&list, "{%q, Test%s},", "Test"+name, name)
	}
	imports := "\t\"github.com/wasmstate/wasmstate/validator\"\n"
	if mutator == "ops" {
		imports = "\t\"github.com/wasmstate/wasmstate/ops\"\n" + imports
	}
	return strings.NewReplacer("PACKAGE", pkg, "IMPORTS", imports, "MUTATOR", mutator, "TESTS", list.String()).Replace(server)
}
