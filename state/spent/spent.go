package spent

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/ssa"
)

// Analyzer reports uses of handles that were spent, handles that are dropped,
// and results that are ignored, as the directives of the package documentation
// declare them.
var Analyzer = &analysis.Analyzer{
	Name:      "spent",
	Doc:       doc,
	URL:       "https://pkg.go.dev/github.com/wasmstate/wasmstate/state/spent",
	Run:       run,
	Requires:  []*analysis.Analyzer{ctrlflow.Analyzer},
	FactTypes: []analysis.Fact{new(funcFact), new(typeFact), new(carrierFact)},
}

const doc = `report handles that are used after the call that spent them

A method marked //spent:receiver spends the value it is called on, and a function
marked //spent:param NAME spends an argument. The analyzer reports any use of such
a handle afterwards, handles of a type marked //spent:linear that are dropped, and
ignored results of functions marked //spent:must.`

// checker is the analysis of one package.
type checker struct {
	pass      *analysis.Pass
	reg       *registry
	functions map[*ssa.Function]*function
	reported  map[token.Pos]bool
	ignored   map[string]map[int]bool // lines with //spent:ignore, by file
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{
		pass:      pass,
		reg:       newRegistry(pass),
		functions: map[*ssa.Function]*function{},
		reported:  map[token.Pos]bool{},
	}
	declares := marked(pass.Files)
	if !declares && !c.importsCarrier() {
		return nil, nil
	}
	if declares {
		c.readIgnored()
		c.declare()
	}
	relevant := c.relevant()
	if !declares && len(relevant) == 0 {
		return nil, nil
	}
	pass.ExportPackageFact(new(carrierFact))
	if len(relevant) > 0 {
		c.checkIgnoredResults(relevant)
		c.checkFunctions(relevant)
	}
	c.export()
	return nil, nil
}

func (c *checker) importsCarrier() bool {
	for _, p := range c.pass.Pkg.Imports() {
		if c.reg.carrier(p) {
			return true
		}
	}
	return false
}

// relevant returns the declarations that mention a handle. Nothing else is
// looked at, which is what keeps the analyzer cheap.
func (c *checker) relevant() map[ast.Decl]bool {
	found := map[ast.Decl]bool{}
	for _, file := range c.pass.Files {
		for _, decl := range file.Decls {
			if c.mentions(decl) {
				found[decl] = true
			}
		}
	}
	return found
}

func (c *checker) mentions(decl ast.Decl) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		obj := c.pass.TypesInfo.ObjectOf(id)
		switch obj := obj.(type) {
		case *types.Func:
			found = c.reg.function(obj) != nil || c.reg.holds(obj.Signature())
		case *types.Var, *types.TypeName:
			found = c.reg.holds(obj.Type())
		}
		return !found
	})
	return found
}

func (c *checker) export() {
	for fn, f := range c.reg.funcs {
		if f != nil && fn.Pkg() == c.pass.Pkg {
			c.pass.ExportObjectFact(fn, f)
		}
	}
	for name, f := range c.reg.types {
		if f != nil && name.Pkg() == c.pass.Pkg {
			c.pass.ExportObjectFact(name, f)
		}
	}
}

// readIgnored collects the lines whose diagnostics //spent:ignore silences: the
// comment's own line and the one after it, the function that it documents, or
// the file, before the package clause.
func (c *checker) readIgnored() {
	c.ignored = map[string]map[int]bool{}
	for _, file := range c.pass.Files {
		for _, group := range file.Comments {
			for _, d := range directives(group) {
				if d.name == "ignore" {
					c.ignore(d.pos, d.pos, 1)
					if d.pos < file.Package {
						c.ignore(file.FileStart, file.FileEnd, 0)
					}
				}
			}
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for _, d := range directives(fn.Doc) {
				if d.name == "ignore" {
					c.ignore(fn.Pos(), fn.End(), 0)
				}
			}
		}
	}
}

// ignore silences the lines from one position to another, and some more.
func (c *checker) ignore(from, to token.Pos, more int) {
	first, last := c.pass.Fset.Position(from), c.pass.Fset.Position(to)
	lines := c.ignored[first.Filename]
	if lines == nil {
		lines = map[int]bool{}
		c.ignored[first.Filename] = lines
	}
	for line := first.Line; line <= last.Line+more; line++ {
		lines[line] = true
	}
}
