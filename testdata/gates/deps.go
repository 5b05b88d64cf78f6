package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// deps makes a module outside of the repository that imports all packages of the
// library, and compares with dependencies.txt the packages that it then compiles, the
// modules that its go.sum has, and those whose version the library has a say in.
func deps(root string, update bool) (problems []string, err error) {
	file := filepath.Join(root, "testdata", "gates", "dependencies.txt")
	recorded, err := readDependencies(file)
	if err != nil {
		return nil, err
	}
	now, err := imported(root)
	if err != nil {
		return nil, err
	}
	if update {
		return nil, writeDependencies(file, now, recorded)
	}
	for _, line := range now {
		if reason := recorded[line]; reason == "" {
			problems = append(problems, "an importer gets, without a reason: "+line)
		}
	}
	for line := range recorded {
		if !slices.Contains(now, line) {
			problems = append(problems, "no importer gets any more: "+line)
		}
	}
	if len(problems) > 0 {
		problems = append(problems, "if that is meant: go run ./testdata/gates -update deps, and give the reason in dependencies.txt")
	}
	return problems, nil
}

// imported returns what a module gets that imports the library: a line "package P"
// for each package of another module that it compiles, "go.sum M" for each module
// whose source it checks, and "version M" for each of which it may have no older
// version than the library asks for, should it use it.
func imported(root string) (lines []string, err error) {
	dir, err := os.MkdirTemp("", "importer")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	packages, err := library(root)
	if err != nil {
		return nil, err
	}
	program := "package main\n\nimport (\n"
	for _, pkg := range packages {
		if !strings.HasPrefix(pkg.dir, filepath.Join(root, "state", "spent")) { // a module of its own
			program += fmt.Sprintf("\t_ %q\n", pkg.path)
		}
	}
	module := strings.TrimSuffix(modulePath, "/")
	for name, text := range map[string]string{
		"main.go": program + ")\n\nfunc main() {}\n",
		"go.mod":  fmt.Sprintf("module importer\n\ngo 1.25.0\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", module, module, root),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return nil, err
		}
	}
	if _, err := run(dir, "go", "mod", "tidy"); err != nil {
		return nil, err
	}
	out, err := run(dir, "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
	if err != nil {
		return nil, err
	}
	for path := range strings.Lines(out) {
		path = strings.TrimSpace(path)
		if path != "" && path != "importer" && path != module && !strings.HasPrefix(path, modulePath) {
			lines = append(lines, "package "+path)
		}
	}
	versions, err := run(dir, "go", "list", "-m", "-f", "{{if not .Main}}{{.Path}}{{end}}", "all")
	if err != nil {
		return nil, err
	}
	for path := range strings.Lines(versions) {
		if path = strings.TrimSpace(path); path != "" && path != module {
			lines = append(lines, "version "+path)
		}
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for line := range strings.Lines(string(sums)) {
		name, rest, _ := strings.Cut(line, " ")
		if !strings.Contains(rest, "/go.mod") {
			lines = append(lines, "go.sum "+name)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

// readDependencies returns the lines of dependencies.txt with their reasons.
func readDependencies(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			name, reason, _ := strings.Cut(line, ": ")
			lines[name] = reason
		}
	}
	return lines, nil
}

// writeDependencies writes dependencies.txt, with the reasons it had.
func writeDependencies(file string, now []string, recorded map[string]string) error {
	text := "# What a module that imports packages of this library gets besides them, each with\n" +
		"# the reason: packages that it compiles, modules in its go.sum, and modules of which it\n" +
		"# may have no older version than the library asks for, should it use them itself.\n"
	for _, line := range now {
		text += line + ": " + recorded[line] + "\n"
	}
	return os.WriteFile(file, []byte(text), 0o666)
}
