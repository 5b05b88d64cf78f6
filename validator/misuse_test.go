package validator_test

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/testdata/misuse"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The misuses of the handles are programs in testdata: nocompile holds those that
// the compiler refuses, misuse those that it does not see. What the guards say
// about them stands in their comments. The tests here hold the compiler and the
// run time to it; a test of the analyzer, in its own module, does the same there.

var update = flag.Bool("update", false, "write the table of misuses into the README")

// The guards, in the order in which they can catch a mistake.
const (
	byCompiler = "compiler"
	byVet      = "vet"
	atRunTime  = "run time"
)

// want is what a comment says that a guard reports.
type want struct {
	file  string
	line  int
	guard string
	text  string
}

var wantComment = regexp.MustCompile(`// want( vet| run)? ("(?:[^"\\]|\\.)*")`)

// program is a function that misuses handles.
type program struct {
	name  string
	title string // its documentation
	wants []want
}

// guard returns the earliest guard that catches p, and what it says.
func (p *program) guard() (guard, text string) {
	for _, guard := range []string{byCompiler, byVet, atRunTime} {
		if i := slices.IndexFunc(p.wants, func(w want) bool { return w.guard == guard }); i >= 0 {
			return guard, p.wants[i].text
		}
	}
	return "", ""
}

// programs parses the files of a folder in testdata and returns the functions in
// them that are documented as "// Title".
func programs(t *testing.T, folder string) (fset *token.FileSet, files []*ast.File, list []*program) {
	t.Helper()
	fset = token.NewFileSet()
	names, err := filepath.Glob(filepath.Join("testdata", folder, "*.go"))
	is.New(t).NoErr(err)
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		is.New(t).NoErr(err)
		files = append(files, f)
		wants := wantsOf(t, fset, f)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name == "finish" {
				continue
			}
			p := &program{name: fn.Name.Name, title: strings.TrimSpace(fn.Doc.Text())}
			from, to := fset.Position(fn.Pos()).Line, fset.Position(fn.End()).Line
			for _, w := range wants {
				if from <= w.line && w.line <= to {
					p.wants = append(p.wants, w)
				}
			}
			list = append(list, p)
		}
	}
	return fset, files, list
}

func wantsOf(t *testing.T, fset *token.FileSet, f *ast.File) (wants []want) {
	t.Helper()
	for _, g := range f.Comments {
		for _, c := range g.List {
			for _, m := range wantComment.FindAllStringSubmatch(c.Text, -1) {
				text, err := strconv.Unquote(m[2])
				is.New(t).NoErr(err)
				pos := fset.Position(c.Pos())
				guard := map[string]string{"": byCompiler, " vet": byVet, " run": atRunTime}[m[1]]
				wants = append(wants, want{filepath.Base(pos.Filename), pos.Line, guard, text})
			}
		}
	}
	return wants
}

// typeCheck type-checks the files and returns the errors, as wants of the
// compiler.
func typeCheck(t *testing.T, fset *token.FileSet, program []*ast.File) (got []want) {
	t.Helper()
	files, err := exportData()
	if err != nil {
		t.Skipf("the go command cannot be run, which compiles the packages that the programs import: %v", err)
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
	cfg := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup), Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) && !strings.HasPrefix(e.Msg, "\t") { // which goes on with the one before
			pos := fset.Position(e.Pos)
			got = append(got, want{filepath.Base(pos.Filename), pos.Line, byCompiler, e.Msg})
		}
	}}
	_, _ = cfg.Check("program", fset, program, nil)
	return got
}

// exportData returns the files in which the compiler has written about the packages
// that the programs use, by import path.
var exportData = sync.OnceValues(func() (map[string]string, error) {
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "./testdata/misuse")
	out, err := list.Output()
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	return files, err
})

// The compiler refuses the programs that it can see through, each for the reason
// that stands in it, and no other program.
func TestMisuseCompiler(t *testing.T) {
	for _, folder := range []string{"nocompile", "misuse"} {
		t.Run(folder, func(t *testing.T) {
			is := is.New(t)
			fset, files, list := programs(t, folder)
			var wanted []want
			for _, p := range list {
				for _, w := range p.wants {
					if w.guard == byCompiler {
						wanted = append(wanted, w)
					}
				}
			}
			is.Equal(len(wanted) > 0, folder == "nocompile")
			got := typeCheck(t, fset, files)
			for _, m := range difference(got, wanted) {
				t.Errorf("%s:%d: unexpected: %q", m.file, m.line, m.text)
			}
			for _, m := range difference(wanted, got) {
				t.Errorf("%s:%d: the compiler does not say %q", m.file, m.line, m.text)
			}
		})
	}
}

// difference returns what is in a and not in b.
func difference(a, b []want) (list []want) {
	for _, m := range a {
		if !slices.Contains(b, m) {
			list = append(list, m)
		}
	}
	return list
}

// Neither state has a method of the other, but for Err; the compiler says so for
// each of them.
func TestMisuseEveryMethod(t *testing.T) {
	is := is.New(t)
	states := []struct {
		name    string
		methods []string
	}{
		{"UnassignedFuncValidator", methods(reflect.TypeFor[unassignedFunc]())},
		{"AssignedFuncValidator", methods(reflect.TypeFor[assignedFunc]())},
	}
	for i, s := range states {
		other := states[1-i]
		is.True(len(s.methods) > 2)
		for _, name := range s.methods {
			if name == "Err" {
				is.True(slices.Contains(other.methods, name))
				continue
			}
			is.True(!slices.Contains(other.methods, name))
			t.Run(other.name+"."+name, func(t *testing.T) {
				is := is.New(t)
				fset := token.NewFileSet()
				f, err := parser.ParseFile(fset, "program.go", fmt.Sprintf(`package program
					import "github.com/wasmstate/wasmstate/module"
					import "github.com/wasmstate/wasmstate/validator"
					func misuse(h validator.%s[*module.Module]) { _ = h.%s }`, other.name, name), 0)
				is.NoErr(err)
				got := typeCheck(t, fset, []*ast.File{f})
				is.Equal(len(got), 1)
				is.Equal(got[0].text, fmt.Sprintf(
					"h.%s undefined (type validator.%s[*module.Module] has no field or method %[1]s)", name, other.name))
			})
		}
	}
}

func methods(t reflect.Type) (names []string) {
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	return names
}

// The programs that compile get the error that stands in them, or none where
// there is nothing that could return one.
func TestMisuseRunTime(t *testing.T) {
	m, funcs := spine(t, validatortest.NewModule().Type("func").Func(0, "", "nop").Func(0, "", "nop").Bytes())
	_, _, list := programs(t, "misuse")
	is.New(t).Equal(len(list), len(misuse.Programs))
	for _, p := range list {
		t.Run(p.name, func(t *testing.T) {
			is := is.New(t)
			run := misuse.Programs[p.name]
			is.True(run != nil)
			want := ""
			for _, w := range p.wants {
				if w.guard == atRunTime {
					want = w.text
				}
			}
			err := run(validator.New(m, ops.Default), funcs[0], funcs[1])
			if want == "" {
				is.NoErr(err)
				return
			}
			is.True(err != nil)
			is.Equal(err.Error(), want)
		})
	}
}

const (
	readme     = "../README.md"
	tableBegin = "<!-- misuses: written by go test ./validator -run TestMisuseTable -update -->\n"
	tableEnd   = "<!-- end of misuses -->\n"
)

// The README's table of misuses is what the guards say.
func TestMisuseTable(t *testing.T) {
	is := is.New(t)
	_, _, refused := programs(t, "nocompile")
	_, _, compiled := programs(t, "misuse")
	all := slices.Concat(refused, compiled)
	is.True(len(all) >= 25)
	order := []string{byCompiler, byVet, atRunTime}
	slices.SortStableFunc(all, func(a, b *program) int {
		ga, _ := a.guard()
		gb, _ := b.guard()
		return cmp.Compare(slices.Index(order, ga), slices.Index(order, gb))
	})
	var table bytes.Buffer
	table.WriteString("| misuse | caught by | message |\n| --- | --- | --- |\n")
	for _, p := range all {
		guard, text := p.guard()
		if guard == "" || p.title == "" {
			t.Errorf("%s: no guard catches it, or it has no title", p.name)
		}
		fmt.Fprintf(&table, "| %s | %s | `%s` |\n", p.title, guard, text)
	}
	text, err := os.ReadFile(readme)
	is.NoErr(err)
	head, rest, ok := bytes.Cut(text, []byte(tableBegin))
	is.True(ok)
	old, tail, ok := bytes.Cut(rest, []byte(tableEnd))
	is.True(ok)
	if bytes.Equal(old, table.Bytes()) {
		return
	}
	if !*update {
		t.Fatal("the README's table of misuses is stale: go test ./validator -run TestMisuseTable -update writes it")
	}
	is.NoErr(os.WriteFile(readme, slices.Concat(head, []byte(tableBegin), table.Bytes(), []byte(tableEnd), tail), 0o644))
}
