package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// api compares the exported API of each package with its listing in api/, one
// declaration a line. A line that is gone or changed breaks the programs that use
// it; a line that is new is a promise.
func api(root string, update bool) (problems []string, err error) {
	packages, err := library(root)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(root, "testdata", "gates", "api")
	recorded, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	for _, pkg := range packages {
		file := filepath.Join(folder, strings.ReplaceAll(strings.TrimPrefix(pkg.path, modulePath), "/", "_")+".txt")
		recorded = slices.DeleteFunc(recorded, func(name string) bool { return name == file })
		lines, err := listing(pkg)
		if err != nil {
			return nil, err
		}
		if update {
			if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
				return nil, err
			}
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		problems = append(problems, compare(pkg.path, strings.Split(strings.TrimSpace(string(text)), "\n"), lines)...)
	}
	for _, file := range recorded { // the listings of packages that are gone
		if update {
			err = os.Remove(file)
		}
		problems = append(problems, file+": there is no such package")
	}
	if len(problems) > 0 {
		problems = append(problems, "if that is meant: go run ./testdata/gates -update api")
	}
	return problems, err
}

const modulePath = "github.com/wasmstate/wasmstate/"

// compare returns the lines that only one of two listings has.
func compare(path string, old, now []string) (problems []string) {
	for _, line := range old {
		if line != "" && !slices.Contains(now, line) {
			problems = append(problems, fmt.Sprintf("%s: gone: %s", path, line))
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			problems = append(problems, fmt.Sprintf("%s: new: %s", path, line))
		}
	}
	return problems
}

// listing returns a line for each exported declaration of a package: constants
// with their values, and types with a line for each field and method.
func listing(pkg libraryPackage) (lines []string, err error) {
	loaded, err := load(pkg)
	if err != nil {
		return nil, err
	}
	qualify := func(other *types.Package) string {
		if other == loaded {
			return ""
		}
		return other.Name()
	}
	for _, name := range loaded.Scope().Names() {
		if object := loaded.Scope().Lookup(name); object.Exported() {
			lines = append(lines, declaration(object, qualify)...)
		}
	}
	for i := range lines {
		lines[i] = unnamed.ReplaceAllString(lines[i], "")
	}
	slices.Sort(lines)
	return lines, nil
}

// unnamed is what the compiler writes for the name of a result that has none.
var unnamed = regexp.MustCompile(`#rv\d+ `)

// load returns the types of a package from what the compiler exports.
func load(pkg libraryPackage) (*types.Package, error) {
	out, err := run(pkg.dir, "go", "list", "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Export}}", ".")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(out) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
	return importer.ForCompiler(token.NewFileSet(), "gc", open).Import(pkg.path)
}

// declaration returns the lines of one object.
func declaration(object types.Object, qualify types.Qualifier) []string {
	switch o := object.(type) {
	case *types.Const:
		return []string{types.ObjectString(o, qualify) + " = " + o.Val().ExactString()}
	case *types.TypeName:
		if o.IsAlias() {
			return []string{types.ObjectString(o, qualify)}
		}
		return typeLines(o, qualify)
	}
	return []string{types.ObjectString(object, qualify)}
}

// typeLines returns the lines of a type.
func typeLines(o *types.TypeName, qualify types.Qualifier) (lines []string) {
	named := o.Type().(*types.Named)
	head := "type " + types.TypeString(named, qualify)
	if list := named.TypeParams(); list.Len() > 0 { // with its constraints
		head = strings.TrimSuffix(types.ObjectString(types.NewTypeName(0, nil, "", named), qualify), " ")
		head, _, _ = strings.Cut(head, " struct")
	}
	switch t := named.Underlying().(type) {
	case *types.Struct:
		lines = append(lines, head+" struct")
		if !types.Comparable(t) { // for which a field suffices that is not exported
			lines[0] += ", not comparable"
		}
		for f := range t.Fields() {
			if f.Exported() {
				lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s struct, %s %s %s", head, f.Name(), types.TypeString(f.Type(), qualify), t.Tag(indexOf(t, f)))))
			}
		}
	case *types.Interface:
		lines = append(lines, head+" interface")
		for m := range t.Methods() {
			lines = append(lines, fmt.Sprintf("%s interface, %s%s", head, m.Name(), signature(m, qualify)))
		}
	default:
		lines = append(lines, head+" "+types.TypeString(t, qualify))
	}
	methods := types.NewMethodSet(types.NewPointer(named))
	if types.IsInterface(named) {
		return lines
	}
	for method := range methods.Methods() {
		m, ok := method.Obj().(*types.Func)
		if ok && m.Exported() {
			recv := types.TypeString(m.Signature().Recv().Type(), qualify)
			lines = append(lines, fmt.Sprintf("func (%s) %s%s", recv, m.Name(), signature(m, qualify)))
		}
	}
	return lines
}

// indexOf returns the index of a field.
func indexOf(t *types.Struct, field *types.Var) int {
	for i := range t.NumFields() {
		if t.Field(i) == field {
			return i
		}
	}
	return -1
}

// signature returns the parameters and results of a function.
func signature(f *types.Func, qualify types.Qualifier) string {
	return strings.TrimPrefix(types.TypeString(f.Type(), qualify), "func")
}
