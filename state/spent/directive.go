package spent

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

const prefix = "//spent:"

// A directive is one comment of the form //spent:name arguments.
type directive struct {
	pos  token.Pos
	name string
	args []string
}

func directives(groups ...*ast.CommentGroup) []directive {
	var list []directive
	for _, g := range groups {
		if g == nil {
			continue
		}
		for _, c := range g.List {
			text, ok := strings.CutPrefix(c.Text, prefix)
			if !ok {
				continue
			}
			name, rest, _ := strings.Cut(text, " ")
			rest, _, _ = strings.Cut(rest, "//")
			list = append(list, directive{c.Pos(), strings.TrimSpace(name), strings.Fields(rest)})
		}
	}
	return list
}

// marked reports whether any file of the package holds a directive.
func marked(files []*ast.File) bool {
	for _, f := range files {
		for _, g := range f.Comments {
			for _, c := range g.List {
				if strings.HasPrefix(c.Text, prefix) {
					return true
				}
			}
		}
	}
	return false
}

// declare reads the directives of the package into the registry, and reports
// those that make no sense.
func (c *checker) declare() {
	for _, file := range c.pass.Files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				c.declareFunc(decl.Name, directives(decl.Doc))
			case *ast.GenDecl:
				if decl.Tok == token.TYPE {
					c.declareTypes(decl)
				}
			}
		}
	}
}

func (c *checker) declareTypes(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		spec := spec.(*ast.TypeSpec)
		docs := []*ast.CommentGroup{spec.Doc}
		if !decl.Lparen.IsValid() {
			docs = append(docs, decl.Doc)
		}
		name, _ := c.pass.TypesInfo.Defs[spec.Name].(*types.TypeName)
		for _, d := range directives(docs...) {
			switch {
			case d.name != "linear":
				c.reportf(d.pos, "//spent:%s has no meaning on a type", d.name)
			case name != nil:
				c.handleType(name).Linear = true
			}
		}
		if iface, ok := spec.Type.(*ast.InterfaceType); ok {
			for _, m := range iface.Methods.List {
				if len(m.Names) == 1 {
					c.declareFunc(m.Names[0], directives(m.Doc, m.Comment))
				}
			}
		}
	}
}

func (c *checker) handleType(name *types.TypeName) *typeFact {
	f := c.reg.types[name]
	if f == nil {
		f = new(typeFact)
		c.reg.types[name] = f
	}
	return f
}

func (c *checker) declareFunc(id *ast.Ident, list []directive) {
	fn, ok := c.pass.TypesInfo.Defs[id].(*types.Func)
	if !ok || len(list) == 0 {
		return
	}
	sig := fn.Signature()
	fact := c.reg.local(fn)
	kind := always
	for _, d := range list {
		if d.name == "unless-error" {
			kind = unlessError
			if !lastIsError(sig) {
				c.reportf(d.pos, "//spent:unless-error on a function whose last result is no error")
			}
		}
	}
	first := 0
	if sig.Recv() != nil {
		first = 1
	}
	spends := func(input int, t types.Type) {
		fact.Declared = true
		fact.Effects = append(fact.Effects, effect{Input: input, Spend: kind, Use: true, Touch: true, Consume: true})
		c.spentType(t, fn, input == 0 && first == 1)
	}
	for _, d := range list {
		switch d.name {
		case "receiver":
			if sig.Recv() == nil {
				c.reportf(d.pos, "//spent:receiver on a function that has no receiver")
				continue
			}
			spends(0, sig.Recv().Type())
		case "param":
			if len(d.args) == 0 {
				c.reportf(d.pos, "//spent:param needs the name of a parameter")
			}
			for _, name := range d.args {
				i := paramIndex(sig, name)
				if i < 0 {
					c.reportf(d.pos, "//spent:param: %s has no parameter %s", fn.Name(), name)
					continue
				}
				spends(first+i, sig.Params().At(i).Type())
			}
		case "must":
			if sig.Results().Len() == 0 {
				c.reportf(d.pos, "//spent:must on a function without results")
			}
			fact.Must = true
		case "safe":
			if sig.Recv() == nil {
				c.reportf(d.pos, "//spent:safe on a function that has no receiver")
			}
			fact.Safe = true
		case "unless-error", "ignore":
		default:
			c.reportf(d.pos, "unknown directive //spent:%s", d.name)
		}
	}
	if kind == unlessError && len(fact.Effects) == 0 {
		c.reportf(list[0].pos, "//spent:unless-error needs //spent:receiver or //spent:param")
	}
}

// spentType marks the type of a spent input as a handle, if it is declared in
// this package.
func (c *checker) spentType(t types.Type, fn *types.Func, receiver bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() != c.pass.Pkg {
		return
	}
	f := c.handleType(named.Origin().Obj())
	if receiver {
		f.Finishers = append(f.Finishers, fn.Name())
	}
}

func paramIndex(sig *types.Signature, name string) int {
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == name {
			return i
		}
	}
	return -1
}

func lastIsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isError(sig.Results().At(n-1).Type())
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
