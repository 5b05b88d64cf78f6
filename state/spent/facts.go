package spent

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A spendKind says when a call spends one of its inputs.
type spendKind uint8

const (
	never       spendKind = iota
	always                // the input is spent when the call returns
	unlessError           // the input is spent where the call's error is nil
	sometimes             // the input is spent on a condition the caller cannot see
)

// An effect is what a call does to one handle that it can reach from an input.
type effect struct {
	// Input counts the receiver, then the parameters, then the free variables.
	Input int
	// Path leads from the input to the handle: empty for the input itself, "*"
	// for what it points to, then "!2" for each field.
	Path string

	Spend   spendKind
	Use     bool // used, or spent, on every path through the function
	Touch   bool // used on some path
	Consume bool // spent, or kept somewhere, on some path
	Write   bool // replaced on some path
}

// funcFact holds the declared and the inferred behaviour of a function.
type funcFact struct {
	Effects []effect
	// Declared says that a directive gives the spending effects.
	Declared bool
	// Complete says that an input without an effect is only borrowed.
	Complete bool
	// Clobbers says that a call may replace handles that are not reached from
	// its inputs.
	Clobbers bool
	Must     bool  // the result must not be ignored
	Safe     bool  // may be called on a spent receiver
	Births   []int // results of linear type that the caller has to finish
}

// AFact marks funcFact as a fact.
func (*funcFact) AFact() {}

func (f *funcFact) String() string {
	var parts []string
	for _, e := range f.Effects {
		if e.Spend == always || e.Spend == unlessError {
			s := fmt.Sprintf("spends %d%s", e.Input, e.Path)
			if e.Spend == unlessError {
				s += " unless error"
			}
			parts = append(parts, s)
		}
	}
	if f.Must {
		parts = append(parts, "must")
	}
	if f.Safe {
		parts = append(parts, "safe")
	}
	return strings.Join(parts, ", ")
}

func (f *funcFact) effect(input int, path string) (effect, bool) {
	if f != nil {
		for _, e := range f.Effects {
			if e.Input == input && e.Path == path {
				return e, true
			}
		}
	}
	return effect{}, false
}

// typeFact says that values of a type are handles.
type typeFact struct {
	// Linear handles have to be spent before they go out of reach.
	Linear bool
	// Finishers are the methods that spend the handle.
	Finishers []string
}

// AFact marks typeFact as a fact.
func (*typeFact) AFact() {}

func (f *typeFact) String() string {
	if f.Linear {
		return "linear handle"
	}
	return "handle"
}

// carrierFact says that a package declares or mentions handles. Only importers
// of such a package have anything to look at.
type carrierFact struct{}

// AFact marks carrierFact as a fact.
func (*carrierFact) AFact() {}

func (*carrierFact) String() string { return "carrier" }

// registry looks up facts about this package and the ones it imports.
type registry struct {
	pass     *analysis.Pass
	funcs    map[*types.Func]*funcFact
	types    map[*types.TypeName]*typeFact
	carriers map[*types.Package]bool
	contains map[types.Type]bool
}

func newRegistry(pass *analysis.Pass) *registry {
	return &registry{
		pass:     pass,
		funcs:    map[*types.Func]*funcFact{},
		types:    map[*types.TypeName]*typeFact{},
		carriers: map[*types.Package]bool{},
		contains: map[types.Type]bool{},
	}
}

// function returns what is known about fn, or nil.
func (r *registry) function(fn *types.Func) *funcFact {
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	if f, ok := r.funcs[fn]; ok {
		return f
	}
	var fact *funcFact
	if fn.Pkg() != nil && fn.Pkg() != r.pass.Pkg {
		f := new(funcFact)
		if r.pass.ImportObjectFact(fn, f) {
			fact = f
		}
	}
	if fn.Pkg() != r.pass.Pkg {
		r.funcs[fn] = fact
	}
	return fact
}

// local returns the fact of a function of this package, made if need be.
func (r *registry) local(fn *types.Func) *funcFact {
	f := r.funcs[fn]
	if f == nil {
		f = new(funcFact)
		r.funcs[fn] = f
	}
	return f
}

// handle returns what is known about a handle type, or about the one that t
// points to; nil when t is no handle.
func (r *registry) handle(t types.Type) *typeFact {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	name := named.Origin().Obj()
	if f, ok := r.types[name]; ok {
		return f
	}
	if name.Pkg() == nil || name.Pkg() == r.pass.Pkg {
		return nil
	}
	var fact *typeFact
	f := new(typeFact)
	if r.pass.ImportObjectFact(name, f) {
		fact = f
	}
	r.types[name] = fact
	return fact
}

func (r *registry) linear(t types.Type) bool {
	f := r.handle(t)
	return f != nil && f.Linear
}

// carrier reports whether a package declares or mentions handles.
func (r *registry) carrier(pkg *types.Package) bool {
	if pkg == nil {
		return false
	}
	if pkg == r.pass.Pkg {
		return true
	}
	c, ok := r.carriers[pkg]
	if !ok {
		c = r.pass.ImportPackageFact(pkg, new(carrierFact))
		r.carriers[pkg] = c
	}
	return c
}

// holds reports whether a value of type t is a handle, or leads to one.
func (r *registry) holds(t types.Type) bool {
	if t == nil {
		return false
	}
	if known, ok := r.contains[t]; ok {
		return known
	}
	r.contains[t] = false // cuts recursive types
	found := r.search(t)
	r.contains[t] = found
	return found
}

func (r *registry) search(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if r.handle(t) != nil {
			return true
		}
		for arg := range t.TypeArgs().Types() {
			if r.holds(arg) {
				return true
			}
		}
		if !r.carrier(t.Obj().Pkg()) {
			return false
		}
		return r.holds(t.Underlying())
	case *types.Pointer:
		return r.holds(t.Elem())
	case *types.Slice:
		return r.holds(t.Elem())
	case *types.Array:
		return r.holds(t.Elem())
	case *types.Chan:
		return r.holds(t.Elem())
	case *types.Map:
		return r.holds(t.Key()) || r.holds(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if r.holds(f.Type()) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if r.holds(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return t.Recv() != nil && r.holds(t.Recv().Type()) || r.holds(t.Params()) || r.holds(t.Results())
	case *types.Interface:
		for m := range t.Methods() {
			if f := r.function(m); f != nil && f.Declared {
				return true
			}
		}
	}
	return false
}
