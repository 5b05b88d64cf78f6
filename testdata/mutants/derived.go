package main

import (
	_ "embed"
	"os"
	"path/filepath"
)

// loopHook is what the overlay adds to package validator: mutants of the rows that the
// hot loop derives from the table of operators, for each kind of first memory.
//
//go:embed derived.go.txt
var loopHook string

// loopTests are tests of single operators in the hot loop.
var loopTests = []string{"RowsAgain", "RowsBothWays", "FixedTypes", "FixedAlignment", "FixedFeatureOff", "HotLoopEdges"}

// loopOverlay adds the hook to package validator.
func loopOverlay(root, dir string) (map[string]string, error) {
	replace := map[string]string{}
	for name, text := range map[string]string{
		"validator/mutate.go":       loopHook,
		"validator/mutants_test.go": loop("validator", "validator", loopTests),
	} {
		file := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return nil, err
		}
		replace[filepath.Join(root, filepath.FromSlash(name))] = file
	}
	return replace, nil
}
