package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// programs returns the programs under root, whatever module they belong to, that no
// package comment describes.
func programs(root string) (problems []string, err error) {
	documented := map[string]bool{} // the folders with a program
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err == nil && file.Name.Name == "main" {
			folder := filepath.Dir(name)
			documented[folder] = documented[folder] || written(file.Doc)
		}
		return err
	})
	for folder, ok := range documented {
		if !ok {
			problems = append(problems, "the program in "+folder+" has no documentation")
		}
	}
	slices.Sort(problems)
	return problems, err
}
