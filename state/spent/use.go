package spent

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A use is a place where a handle is used.
type use struct {
	pos   token.Pos
	value ssa.Value // what is used, nil when a function uses a variable
	place string    // that variable
	what  string    // its name in the source
}

// useOf finds a use of the handle with the given key in an instruction. Copying
// a handle to a variable is none; handing it on is.
func (s *state) useOf(instr ssa.Instruction, key string) (use, bool) {
	switch i := instr.(type) {
	case ssa.CallInstruction:
		return s.useInCall(s.f.calls[i], key)
	case *ssa.Return:
		for n, r := range i.Results {
			if s.key(r) == key && s.f.c.reg.handle(r.Type()) != nil {
				pos, what := s.f.c.result(i, n)
				return use{pos, r, "", what}, true
			}
		}
	case *ssa.Send:
		if s.key(i.X) == key {
			return use{i.Pos(), i.X, "", "the handle that is sent"}, true
		}
	case *ssa.RunDefers:
		return s.useInDefers(i, key)
	}
	return use{}, false
}

func (s *state) useInCall(c *call, key string) (use, bool) {
	if c.fact != nil && c.fact.Safe && c.receiver {
		return use{}, false
	}
	for n, in := range c.inputs {
		if f, ok := in.(*ssa.MakeClosure); ok {
			if place := s.closureUses(f, key); place != "" {
				pos, _ := s.f.c.argument(c, n)
				if !pos.IsValid() {
					pos = f.Fn.Pos() // the body of a range over a function
				}
				return use{pos, nil, place, "a handle that this function literal uses"}, true
			}
		}
		if !s.handsOver(c, n, key) {
			continue
		}
		pos, what := s.f.c.argument(c, n)
		return use{pos, in, "", what}, true
	}
	if c.fact == nil {
		return use{}, false
	}
	for _, e := range c.fact.Effects {
		if e.Path == "" || !e.Use || e.Input >= len(c.inputs) {
			continue
		}
		if k, place := s.subject(c, e); k == key {
			what := "a handle that " + c.name + " uses"
			return use{c.instr.Pos(), nil, place, what}, true
		}
	}
	return use{}, false
}

// handsOver reports whether input n of a call is the handle, or the variable
// that holds it, and the callee has a use for it.
func (s *state) handsOver(c *call, n int, key string) bool {
	in := c.inputs[n]
	receiver := c.receiver && n == 0
	if s.f.storage(in) {
		e, known := c.fact.effect(n, "")
		uses := receiver && c.handle || known && e.Use
		return uses && s.load(s.key(in), "?"+c.id+s.key(in)) == key
	}
	if s.key(in) != key {
		return false
	}
	if m, ok := in.(*ssa.MakeInterface); ok && !receiver {
		return s.f.c.callsThrough(m)
	}
	if types.IsInterface(in.Type()) && !receiver && s.f.c.reg.handle(in.Type()) == nil {
		return false
	}
	if c.fact != nil && c.fact.Complete && !c.fact.Declared && !receiver {
		e, known := c.fact.effect(n, "")
		return known && e.Touch
	}
	return true
}

// callsThrough reports whether a handle is converted to an interface that has
// methods a spent handle does not bear. In an empty interface it may be printed,
// compared or asserted on.
func (c *checker) callsThrough(m *ssa.MakeInterface) bool {
	iface, ok := m.Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for method := range iface.Methods() {
		obj, _, _ := types.LookupFieldOrMethod(m.X.Type(), true, method.Pkg(), method.Name())
		fn, _ := obj.(*types.Func)
		if fact := c.reg.function(fn); fact == nil || !fact.Safe {
			return true
		}
	}
	return false
}

// closureUses returns the captured variable through which a function literal is
// sure to use the handle when it runs, otherwise "".
func (s *state) closureUses(f *ssa.MakeClosure, key string) string {
	fn := f.Fn.(*ssa.Function)
	fact := s.f.c.behaviour(nil, fn)
	if fact == nil {
		return ""
	}
	for i, b := range f.Bindings {
		e, ok := fact.effect(len(fn.Params)+i, "*")
		if ok && e.Use && s.load(s.key(b), "?"+s.f.ids[f]) == key {
			return s.key(b)
		}
	}
	return ""
}

// useInDefers looks at the deferred calls that run for certain.
func (s *state) useInDefers(run *ssa.RunDefers, key string) (use, bool) {
	for _, c := range s.f.inOrder() {
		d, ok := c.instr.(*ssa.Defer)
		if !ok || !d.Block().Dominates(run.Block()) || c.fact == nil || c.fact.Safe {
			continue
		}
		for _, e := range c.fact.Effects {
			if !e.Use || e.Input >= len(c.inputs) {
				continue
			}
			if e.Path == "" && s.f.storage(c.inputs[e.Input]) {
				continue // which value was there is decided at the defer statement
			}
			if k, place := s.subject(c, e); k == key {
				return use{d.Pos(), nil, place, "a handle that this deferred call uses"}, true
			}
		}
	}
	return use{}, false
}
