package guide_test

import (
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// qualified is a name of one of the packages in a code span, with a member of it
// if the span goes on.
var qualified = regexp.MustCompile(`\b(ops|module|state|validator|explain)\.([A-Z]\w*)(?:(?:\[R\]|\(\w*\))?\.([A-Z]\w*))?`)

// Every name of a package that a page mentions between backquotes is there.
func TestNamesInProse(t *testing.T) {
	is := is.New(t)
	const prefix = "github.com/wasmstate/wasmstate/"
	paths := map[string]string{
		"ops": prefix + "ops", "module": prefix + "module", "state": prefix + "state",
		"validator": prefix + "validator", "explain": prefix + "validator/explain",
	}
	imports := map[string]bool{}
	for _, path := range paths {
		imports[path] = true
	}
	exports, err := exportData(imports)
	if err != nil {
		t.Skipf("the go command cannot be run: %v", err)
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	names := 0
	for _, p := range pages(t) {
		for _, l := range p.commands {
			for _, m := range qualified.FindAllStringSubmatch(l.text, -1) {
				names++
				pkg, err := from.Import(paths[m[1]])
				is.NoErr(err)
				if !known(pkg, m[2], m[3]) {
					t.Errorf("%s:%d: there is no %s", p.file, l.number, m[0])
				}
			}
		}
	}
	is.True(names >= 100)
}

// known reports whether a package exports a name, and the name has a field or
// method, if one is given. What a function returns is not looked into.
func known(pkg *types.Package, name, member string) bool {
	o := pkg.Scope().Lookup(name)
	if o == nil || !o.Exported() {
		return false
	}
	if _, ok := o.(*types.Func); ok || member == "" {
		return true
	}
	found, _, _ := types.LookupFieldOrMethod(o.Type(), true, pkg, strings.TrimSpace(member))
	return found != nil
}
