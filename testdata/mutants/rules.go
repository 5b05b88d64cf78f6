package main

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// rulesHook is what the overlay adds to package validator: switches for the changes
// that the source of the rules then holds.
//
//go:embed rules.go.txt
var rulesHook string

// rulesFiles are the sources of the rules for what stands in a function body.
var rulesFiles = []string{"rule_*.go", "rules.go", "operands.go", "const_expr.go"}

// rulesOverlay replaces the sources of the rules by ones in which every change is
// there and switched off.
func rulesOverlay(root, dir string) (map[string]string, error) {
	folder := filepath.Join(root, "validator")
	replace := map[string]string{}
	add := func(name, text string) error {
		file := filepath.Join(dir, "rules_"+name)
		replace[filepath.Join(folder, name)] = file
		return os.WriteFile(file, []byte(text), 0o666)
	}
	var r rewriter
	for _, pattern := range rulesFiles {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := r.rewrite(file)
			if err != nil {
				return nil, err
			}
			if err := add(filepath.Base(file), text); err != nil {
				return nil, err
			}
		}
	}
	tests, err := quickTests(folder)
	if err != nil {
		return nil, err
	}
	err = add("mutate.go", strings.ReplaceAll(rulesHook, "LIST", fmt.Sprintf("%q", r.list.String())))
	if err != nil {
		return nil, err
	}
	return replace, add("mutants_test.go", loop("validator", "validator", tests))
}

// quickTests returns the names of the tests that take no time, those of the rows
// first.
func quickTests(folder string) (names []string, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		return nil, err
	}
	test, skip := regexp.MustCompile(`(?m)^func Test(\w+)\(t \*testing\.T\)`), regexp.MustCompile(slow)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(string(text), "\npackage validator_test\n") && !strings.HasPrefix(string(text), "package validator_test\n") {
			continue
		}
		for _, match := range test.FindAllStringSubmatch(string(text), -1) {
			if !skip.MatchString("Test" + match[1]) {
				names = append(names, match[1])
			}
		}
	}
	ofRows := func(name string) int {
		if strings.HasPrefix(name, "Rows") || strings.HasPrefix(name, "Fixed") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(names, func(a, b string) int { return ofRows(a) - ofRows(b) })
	return names, nil
}

// rewriter puts changes into source text and numbers them.
type rewriter struct {
	list  strings.Builder // of all mutants, as the tests print it
	count int

	// The file at hand.
	text  string
	fset  *token.FileSet
	edits []edit
	fn    *ast.FuncDecl
	names map[string]int // how often a name was given in fn
}

// edit is text to be put in.
type edit struct {
	at     int
	text   string
	closes bool // what an earlier edit has opened
}

// rewrite returns the text of a file with all its changes.
func (r *rewriter) rewrite(name string) (string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	r.text, r.fset, r.edits = string(text), token.NewFileSet(), nil
	file, err := parser.ParseFile(r.fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && !textOnly(fn) {
			r.fn, r.names = fn, map[string]int{}
			ast.Inspect(fn.Body, r.visit)
		}
	}
	return r.apply(), nil
}

// textOnly reports whether a function only makes words for errors.
func textOnly(fn *ast.FuncDecl) bool {
	name := fn.Name.Name
	return fn.Body == nil || strings.HasSuffix(name, "Text") || strings.HasPrefix(name, "mismatch")
}

// apply returns the text with the edits. Of those at one place, what closes comes
// first, the innermost before the outer ones.
func (r *rewriter) apply() string {
	slices.Reverse(r.edits) // the inner ones come last
	slices.SortStableFunc(r.edits, func(a, b edit) int {
		switch {
		case a.at != b.at:
			return a.at - b.at
		case a.closes && !b.closes:
			return -1
		case b.closes && !a.closes:
			return 1
		}
		return 0
	})
	var b strings.Builder
	at := 0
	for i := 0; i < len(r.edits); {
		j := i
		for j < len(r.edits) && r.edits[j].at == r.edits[i].at && r.edits[j].closes == r.edits[i].closes {
			j++
		}
		b.WriteString(r.text[at:r.edits[i].at])
		at = r.edits[i].at
		group := r.edits[i:j]
		if !group[0].closes {
			slices.Reverse(group) // the outer one opens first
		}
		for _, e := range group {
			b.WriteString(e.text)
		}
		i = j
	}
	return b.String() + r.text[at:]
}

// source returns the text of a node.
func (r *rewriter) source(n ast.Node) string { return r.text[r.offset(n.Pos()):r.offset(n.End())] }

func (r *rewriter) offset(p token.Pos) int { return r.fset.Position(p).Offset }

// wrap puts text before and behind a node.
func (r *rewriter) wrap(n ast.Node, before, behind string) {
	r.edits = append(r.edits, edit{r.offset(n.Pos()), before, false})
	if behind != "" {
		r.edits = append(r.edits, edit{r.offset(n.End()), behind, true})
	}
}

// mutant gives a change its number.
func (r *rewriter) mutant(kind, what string) int {
	what = strings.Join(strings.Fields(what), " ")
	key := kind + what
	r.names[key]++
	if n := r.names[key]; n > 1 {
		what += fmt.Sprintf(" (place %d)", n)
	}
	fmt.Fprintf(&r.list, "%d\t%s\t%s\t%s\n", r.count, kind, r.fn.Name.Name, what)
	r.count++
	return r.count - 1
}

// visit adds the changes of one node.
func (r *rewriter) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		r.condition(n.Cond)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, clause := range n.Body.List {
				for _, cond := range clause.(*ast.CaseClause).List {
					r.condition(cond)
				}
			}
		}
	case *ast.BinaryExpr:
		r.binary(n)
	case *ast.BlockStmt:
		r.statements(n.List)
	case *ast.CaseClause:
		r.statements(n.Body)
	case *ast.CallExpr:
		r.call(n)
	case *ast.FuncLit:
		return false
	}
	return true
}

// condition makes a condition always true, and always false. What makes an error
// out of the error of a call is left alone: that an operand is missing must show.
func (r *rewriter) condition(cond ast.Expr) {
	for _, value := range []string{"true", "false"} {
		if value == "true" && r.source(cond) == "err != nil" {
			continue // returns a nil error, as if nothing were wrong
		}
		number := r.mutant("condition", r.source(cond)+" becomes "+value)
		r.wrap(cond, fmt.Sprintf("becomes(%d, %s, ", number, value), ")")
	}
}

// binary changes the operands of && and || as conditions, and moves the bounds of
// comparisons by one.
func (r *rewriter) binary(n *ast.BinaryExpr) {
	x, y := r.source(n.X), r.source(n.Y)
	switch n.Op {
	case token.LAND, token.LOR:
		for _, operand := range []ast.Expr{n.X, n.Y} {
			if b, ok := operand.(*ast.BinaryExpr); ok && b.Op == n.Op {
				continue // its operands are changed
			}
			value := "true" // what leaves it to the other operand
			if n.Op == token.LOR {
				value = "false"
			}
			number := r.mutant("operand", fmt.Sprintf("%s in %s becomes %s", r.source(operand), r.source(n), value))
			r.wrap(operand, fmt.Sprintf("becomes(%d, %s, ", number, value), ")")
		}
	case token.LSS, token.GTR:
		number := r.mutant("bound", r.source(n)+" or equal")
		r.wrap(n, "(", fmt.Sprintf(" || on(%d) && (%s) == (%s))", number, x, y))
	case token.LEQ, token.GEQ:
		number := r.mutant("bound", r.source(n)+", not equal")
		r.wrap(n, "(", fmt.Sprintf(" && !(on(%d) && (%s) == (%s)))", number, x, y))
	}
}

// statements takes statements away: calls, assignments to what is there already,
// and what a call says that is returned.
func (r *rewriter) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt:
			r.delete(s)
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				r.delete(s)
			}
		case *ast.ReturnStmt:
			r.result(s)
		}
	}
}

func (r *rewriter) delete(s ast.Stmt) {
	number := r.mutant("statement", r.source(s)+" is gone")
	r.wrap(s, fmt.Sprintf("if !on(%d) { ", number), " }")
}

// result lets a function return no error instead of what a check says.
func (r *rewriter) result(s *ast.ReturnStmt) {
	types := r.fn.Type.Results
	if types == nil || len(s.Results) == 0 || r.source(types.List[len(types.List)-1].Type) != "error" {
		return
	}
	last := s.Results[len(s.Results)-1]
	call, ok := last.(*ast.CallExpr)
	if !ok || len(s.Results) == 1 && types.NumFields() > 1 {
		return
	}
	name := r.source(call.Fun)
	for _, word := range []string{"invalid", "malformed", "missing", "opError", "mismatch"} {
		if strings.HasSuffix(name, "."+word) {
			return // the condition of it is changed
		}
	}
	number := r.mutant("result", r.source(last)+" becomes nil")
	others := r.text[r.offset(s.Pos()):r.offset(last.Pos())]
	r.wrap(s, fmt.Sprintf("if on(%d) { %snil }; ", number, others), "")
}

// call changes the types that a call is given: i32 becomes f32, and what is
// nullable no longer is.
func (r *rewriter) call(n *ast.CallExpr) {
	for _, arg := range n.Args {
		if r.source(arg) == "ops.I32" {
			number := r.mutant("type", r.source(n)+": i32 becomes f32")
			r.wrap(arg, fmt.Sprintf("choose(%d, ops.F32, ", number), ")")
		}
	}
	if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "AsNull" {
		number := r.mutant("type", r.source(n)+" is not nullable")
		r.wrap(n, fmt.Sprintf("choose(%d, %s, ", number, r.source(s.X)), ")")
	}
}
