package spent

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// reportf reports a diagnostic, one for each place, unless it is silenced.
func (c *checker) reportf(pos token.Pos, format string, args ...any) {
	c.report(analysis.Diagnostic{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) report(d analysis.Diagnostic) {
	p := c.pass.Fset.Position(d.Pos)
	if c.reported[d.Pos] || c.ignored[p.Filename][p.Line] {
		return
	}
	c.reported[d.Pos] = true
	c.pass.Report(d)
}

// where names a place the way a reader looks it up.
func (c *checker) where(pos token.Pos) string {
	p := c.pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

func (c *checker) reportSpent(spend *call, e effect, u use, itself bool) {
	var text strings.Builder
	fmt.Fprintf(&text, "%s was spent by %s at %s", u.what, spend.name, c.where(spend.instr.Pos()))
	if itself {
		text.WriteString(", in an earlier iteration")
	}
	if c.returnsHandle(spend) {
		fmt.Fprintf(&text, "; use the handle that %s returned", spend.name)
	} else {
		text.WriteString("; it must not be used again")
	}
	c.report(analysis.Diagnostic{
		Pos:     u.pos,
		Message: text.String(),
		Related: []analysis.RelatedInformation{{Pos: spend.instr.Pos(), Message: "spent here"}},
	})
}

func (c *checker) returnsHandle(call *call) bool {
	for v := range call.instr.Common().Signature().Results().Variables() {
		if c.reg.handle(v.Type()) != nil {
			return true
		}
	}
	return false
}

func (c *checker) reportDropped(birth *call, result int, end ssa.Instruction) {
	t := birth.instr.Common().Signature().Results().At(result).Type()
	how := "being spent"
	if f := c.reg.handle(t); f != nil && len(f.Finishers) > 0 {
		how = strings.Join(f.Finishers, " or ")
	}
	at := "the end of the function"
	if end == ssa.Instruction(birth.instr) {
		at = "the next call of " + birth.name
	} else if end.Pos().IsValid() {
		at = "the return at " + c.where(end.Pos())
	}
	d := analysis.Diagnostic{
		Pos:     birth.instr.Pos(),
		Message: fmt.Sprintf("the handle that %s returned is dropped: %s is reached without %s", birth.name, at, how),
	}
	if end.Pos().IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: end.Pos(), Message: "dropped here"}}
	}
	c.report(d)
}

// argument returns the place and the source text of input n of a call.
func (c *checker) argument(call *call, n int) (token.Pos, string) {
	node, ok := c.enclosing(call.instr.Common().Pos(), func(n ast.Node) bool { _, ok := n.(*ast.CallExpr); return ok }).(*ast.CallExpr)
	if !ok {
		return call.instr.Pos(), "the handle"
	}
	if call.receiver {
		sel, ok := ast.Unparen(node.Fun).(*ast.SelectorExpr)
		if ok && c.pass.TypesInfo.Selections[sel] != nil && c.pass.TypesInfo.Selections[sel].Kind() == types.MethodVal {
			if n == 0 {
				return sel.X.Pos(), types.ExprString(sel.X)
			}
			n--
		} else if ok && c.pass.TypesInfo.Selections[sel] != nil {
			// A method expression has the receiver among its arguments.
		} else if n == 0 {
			return node.Pos(), "the receiver of " + types.ExprString(node.Fun)
		} else {
			n--
		}
	}
	if n < len(node.Args) {
		return node.Args[n].Pos(), types.ExprString(node.Args[n])
	}
	return node.Pos(), "the handle"
}

// result returns the place and the source text of result n of a return.
func (c *checker) result(r *ssa.Return, n int) (token.Pos, string) {
	node, ok := c.enclosing(r.Pos(), func(n ast.Node) bool { _, ok := n.(*ast.ReturnStmt); return ok }).(*ast.ReturnStmt)
	if ok && n < len(node.Results) && len(node.Results) == len(r.Results) {
		return node.Results[n].Pos(), types.ExprString(node.Results[n])
	}
	if r.Pos().IsValid() {
		return r.Pos(), "a handle that is returned"
	}
	return r.Parent().Pos(), "a handle that is returned"
}

// enclosing returns the innermost node around pos that want holds for.
func (c *checker) enclosing(pos token.Pos, want func(ast.Node) bool) ast.Node {
	for _, file := range c.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			path, _ := astutil.PathEnclosingInterval(file, pos, pos)
			for _, n := range path {
				if want(n) {
					return n
				}
			}
		}
	}
	return nil
}

// isStatement reports whether a call stands alone, with its results ignored.
func (c *checker) isStatement(call *call) bool {
	v := call.instr.Value()
	if v == nil || len(*v.Referrers()) > 0 {
		return false
	}
	found := c.enclosing(v.Pos(), func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt, *ast.FuncLit:
			return true
		}
		return false
	})
	_, ok := found.(*ast.ExprStmt)
	return ok
}
