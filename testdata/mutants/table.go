package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed hook.go.txt
var hook string

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
	changed := strings.Replace(string(text), derive, "\n\tmutate()"+derive, 1)
	replace := map[string]string{
		table:                                   filepath.Join(dir, "table.go"),
		filepath.Join(root, "ops", "mutate.go"): filepath.Join(dir, "mutate.go"),
	}
	if err := os.WriteFile(replace[table], []byte(changed), 0o666); err != nil {
		return nil, err
	}
	return replace, os.WriteFile(filepath.Join(dir, "mutate.go"), []byte(hook), 0o666)
}
