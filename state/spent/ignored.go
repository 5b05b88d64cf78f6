package spent

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// checkIgnoredResults reports calls of functions marked //spent:must that stand
// as statements. An explicit blank is a decision, and passes.
func (c *checker) checkIgnoredResults(relevant map[ast.Decl]bool) {
	for _, file := range c.pass.Files {
		for _, decl := range file.Decls {
			if relevant[decl] {
				c.ignoredIn(decl)
			}
		}
	}
}

func (c *checker) ignoredIn(decl ast.Decl) {
	ast.Inspect(decl, func(n ast.Node) bool {
		var e ast.Expr
		switch n := n.(type) {
		case *ast.ExprStmt:
			e = n.X
		case *ast.GoStmt:
			e = n.Call
		case *ast.DeferStmt:
			e = n.Call
		}
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
		if !ok {
			return true
		}
		if f := c.reg.function(fn); f != nil && f.Must {
			c.reportf(call.Pos(), "the result of %s is ignored%s", types.ExprString(call.Fun), c.lost(fn))
		}
		return true
	})
}

// lost says what goes with an ignored result.
func (c *checker) lost(fn *types.Func) string {
	for v := range fn.Signature().Results().Variables() {
		if c.reg.handle(v.Type()) != nil {
			return ": the handle that it returns is lost"
		}
	}
	return ""
}
