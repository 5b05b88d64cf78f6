package spent

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/ssa"
)

// build makes the SSA form of the relevant functions, function literals
// included, in source order. The other functions lose their bodies: building
// those would cost most of the time, and they cannot touch a handle.
func (c *checker) build(relevant map[ast.Decl]bool) []*ssa.Function {
	prog := ssa.NewProgram(c.pass.Fset, 0)
	prog.SetNoReturn(c.pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs).NoReturn)
	for _, p := range c.pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	var decls []*ast.FuncDecl
	files := make([]*ast.File, len(c.pass.Files))
	for i, file := range c.pass.Files {
		pruned := *file
		pruned.Decls = make([]ast.Decl, len(file.Decls))
		for j, decl := range file.Decls {
			pruned.Decls[j] = decl
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if relevant[decl] {
				decls = append(decls, fn)
				continue
			}
			header := *fn
			header.Body = nil
			pruned.Decls[j] = &header
		}
		files[i] = &pruned
	}
	pkg := prog.CreatePackage(c.pass.Pkg, files, c.pass.TypesInfo, false)
	pkg.Build()

	var list []*ssa.Function
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		list = append(list, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	if init := pkg.Func("init"); init != nil {
		for _, anon := range init.AnonFuncs {
			add(anon)
		}
	}
	for _, decl := range decls {
		obj, ok := c.pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok {
			continue
		}
		if fn := prog.FuncValue(obj); fn != nil {
			add(fn)
		}
	}
	return list
}
