package guide_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// Code in the pages is one of three things: a whole file; statements, with a
// comment in front that says what is given,
//
//	<!-- given: ctx context.Context, wasm []byte -->
//
// or a part of a file, line by line, that the comment names:
//
//	<!-- from: ../parallel/main.go -->

// program is a block of Go as a file.
type program struct {
	place    string // of the block
	file     *ast.File
	complete bool // and not statements that were put into a function
}

// Every block of Go compiles, or is a part of a file that is compiled.
func TestCode(t *testing.T) {
	is := is.New(t)
	fset := token.NewFileSet()
	var programs []program
	blocks := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.language != "go" {
				continue
			}
			blocks++
			place := fmt.Sprintf("%s:%d", p.file, b.start)
			if b.note == "from" {
				if !within(t, path.Join(path.Dir(p.file), b.value), b.code) {
					t.Errorf("%s: this is not in %s", place, b.value)
				}
				continue
			}
			complete := strings.HasPrefix(b.code, "package ")
			if !complete && b.note != "given" {
				t.Errorf("%s: neither a file, nor does a comment say what is given or where it is from", place)
				continue
			}
			f, err := parser.ParseFile(fset, place, asFile(b, p.file, complete), parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				continue
			}
			programs = append(programs, program{place, f, complete})
		}
	}
	is.True(blocks >= 10)
	check(t, fset, programs)
}

// within reports whether a file has the lines of code.
func within(t *testing.T, file, code string) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Error(err)
		return false
	}
	return strings.Contains("\n"+string(text), "\n"+code)
}

// packages is what statements may use without importing it.
var packages = []string{
	"context", "crypto/sha256", "encoding/json", "errors", "fmt", "io", "os", "sync", "time",
	"github.com/wasmstate/wasmstate/module", "github.com/wasmstate/wasmstate/ops", "github.com/wasmstate/wasmstate/state",
	"github.com/wasmstate/wasmstate/validator", "github.com/wasmstate/wasmstate/validator/explain",
}

// used finds the names of packages.
var used = regexp.MustCompile(`\b([a-z0-9]+)\.[A-Z]`)

// asFile returns a block as a file, whose positions are those in the page.
func asFile(b block, file string, complete bool) string {
	at := fmt.Sprintf("//line %s:%d\n", path.Base(file), b.start) // in the folder of place
	if complete {
		return at + b.code
	}
	var s strings.Builder
	s.WriteString("package program\n")
	names := used.FindAllString(b.code+b.value, -1)
	for _, p := range packages {
		if slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, path.Base(p)+".") }) {
			fmt.Fprintf(&s, "import %q\n", p)
		}
	}
	fmt.Fprintf(&s, "func _(%s) error {\n%s%spanic(0)\n}\n", b.value, at, b.code)
	return s.String()
}

// check type-checks the programs, each as a package.
func check(t *testing.T, fset *token.FileSet, programs []program) {
	t.Helper()
	imports := map[string]bool{}
	for _, p := range programs {
		for _, i := range p.file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			is.New(t).NoErr(err)
			imports[name] = true
		}
	}
	exports, err := exportData(imports)
	if err != nil {
		t.Skipf("the go command cannot be run, which compiles the packages that the code imports: %v", err)
	}
	from := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range programs {
		cfg := types.Config{Importer: from, Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && e.Soft && !p.complete {
				return // statements need not use what they declare
			}
			t.Error(err)
		}}
		_, _ = cfg.Check(p.place, fset, []*ast.File{p.file}, nil)
	}
}

// exportData returns the files in which the compiler has written about packages
// and all that they import, by import path.
func exportData(imports map[string]bool) (map[string]string, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}"}
	for name := range imports {
		args = append(args, name)
	}
	out, err := exec.Command("go", args...).Output()
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[name] = file
	}
	return files, err
}

// An explanation that a page shows is the one that the module gets.
func TestExplanations(t *testing.T) {
	is := is.New(t)
	shown := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.note != "explained" {
				continue
			}
			shown++
			wasm, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.value)))
			is.NoErr(err)
			_, err = validator.Validate(context.Background(), wasm)
			var refused *validator.Error
			is.True(errors.As(err, &refused))
			text := explain.Explain(wasm, refused).Text(explain.TextOptions{File: b.value})
			if text != b.code {
				t.Errorf("%s:%d: the explanation is now\n%s", p.file, b.start, text)
			}
		}
	}
	is.True(shown > 0)
}
