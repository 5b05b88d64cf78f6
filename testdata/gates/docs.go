package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// docs finds the programs and the exported identifiers without documentation:
// packages, constants, variables, types, functions, methods, and the fields and
// methods of exported types. One comment serves the constants of a group, and the lines under it up to
// the next empty one; a field needs none where the comment of its structure names
// it or where its type says it all, being a documented one of the same package; nor
// do the constants of such a type. staticcheck judges the form of comments.
func docs(root string, _ bool) (problems []string, err error) {
	packages, err := library(root)
	if err != nil {
		return nil, err
	}
	for _, pkg := range packages {
		c := commentChecker{fset: token.NewFileSet()}
		files, err := parse(c.fset, pkg.dir)
		if err != nil {
			return nil, err
		}
		c.pkg(pkg.path, files)
		problems = append(problems, c.problems...)
	}
	undocumented, err := programs(root)
	return append(problems, undocumented...), err
}

// parse returns the files of the package in a folder, for whatever platform they
// are, without its tests.
func parse(fset *token.FileSet, dir string) (files []*ast.File, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// commentChecker collects what has no comment.
type commentChecker struct {
	fset     *token.FileSet
	types    map[string]bool // those with a comment
	problems []string
}

// want notes the names that are exported if none of the comments is there.
func (c *commentChecker) want(what string, names []*ast.Ident, comments ...*ast.CommentGroup) {
	if slices.ContainsFunc(comments, written) {
		return
	}
	for _, name := range names {
		if name.IsExported() {
			c.problems = append(c.problems, fmt.Sprintf("%v: %s%s has no documentation", c.fset.Position(name.Pos()), what, name))
		}
	}
}

// written reports whether a comment says anything.
func written(comment *ast.CommentGroup) bool { return strings.TrimSpace(comment.Text()) != "" }

// paragraph remembers the comment over lines that follow one another.
type paragraph struct {
	comment *ast.CommentGroup
	end     int    // its last line so far
	typ     string // of the constants of the group
}

// next returns the comment of the paragraph that a node with a comment of its own,
// or without, belongs to.
func (p *paragraph) next(fset *token.FileSet, node ast.Node, doc *ast.CommentGroup) *ast.CommentGroup {
	first := fset.Position(node.Pos()).Line
	if written(doc) {
		p.comment = doc
	} else if first > p.end+1 {
		p.comment = nil
	}
	p.end = fset.Position(node.End()).Line
	return p.comment
}

// pkg checks the files of a package.
func (c *commentChecker) pkg(path string, files []*ast.File) {
	c.types = documentedTypes(files)
	documented := false
	for _, file := range files {
		documented = documented || file.Doc.Text() != ""
		if ast.IsGenerated(file) {
			continue
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if receiver := receiverName(d); receiver == "" || ast.IsExported(receiver) {
					c.want("func ", []*ast.Ident{d.Name}, d.Doc)
				}
			case *ast.GenDecl:
				var above paragraph
				for _, spec := range d.Specs {
					c.spec(d, spec, &above)
				}
			}
		}
	}
	if !documented {
		c.problems = append(c.problems, "package "+path+" has no documentation")
	}
}

// documentedTypes returns the names of the types with a comment.
func documentedTypes(files []*ast.File) map[string]bool {
	names := map[string]bool{}
	for _, file := range files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				for _, spec := range d.Specs {
					s := spec.(*ast.TypeSpec)
					names[s.Name.Name] = written(s.Doc) || written(s.Comment) || written(d.Doc)
				}
			}
		}
	}
	return names
}

// receiverName returns the name of the type whose method d is.
func receiverName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// spec checks one declaration of a group; above is the paragraph it may stand in.
func (c *commentChecker) spec(d *ast.GenDecl, spec ast.Spec, above *paragraph) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		doc := above.next(c.fset, s, s.Doc)
		if typ, ok := s.Type.(*ast.Ident); ok {
			above.typ = typ.Name
		}
		if d.Tok != token.CONST || !c.types[above.typ] {
			c.want(d.Tok.String()+" ", s.Names, doc, s.Comment, d.Doc)
		}
	case *ast.TypeSpec:
		c.want("type ", []*ast.Ident{s.Name}, s.Doc, s.Comment, d.Doc)
		if s.Name.IsExported() {
			c.members(s.Name.Name, s.Doc.Text()+d.Doc.Text(), s.Type)
		}
	}
}

// members checks the fields of a structure and the methods of an interface, whose
// type has the documentation doc.
func (c *commentChecker) members(name, doc string, typ ast.Expr) {
	var fields *ast.FieldList
	switch t := typ.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return
	}
	words := strings.FieldsFunc(doc, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var above paragraph
	for _, f := range fields.List {
		comment := above.next(c.fset, f, f.Doc)
		typ, ok := f.Type.(*ast.Ident)
		if ok && c.types[typ.Name] && typ.IsExported() {
			continue
		}
		named := func(name *ast.Ident) bool { return slices.Contains(words, name.Name) }
		c.want(name+".", slices.DeleteFunc(slices.Clone(f.Names), named), comment, f.Comment)
		if s, ok := f.Type.(*ast.StructType); ok && len(f.Names) > 0 {
			c.members(name+"."+f.Names[0].Name, doc, s)
		}
	}
}
