package spent

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// behaviour returns what is declared, imported or inferred about a function:
// about obj, or about the function literal fn; nil if nothing is known.
func (c *checker) behaviour(obj *types.Func, fn *ssa.Function) *funcFact {
	known := c.reg.function(obj)
	if fn == nil || fn.Blocks == nil || fn.Synthetic != "" && fn.Syntax() == nil || known != nil && known.Declared {
		return known
	}
	f := c.function(fn)
	if f == nil || f.fact == nil {
		return known
	}
	return f.fact
}

// function returns the analysis of fn, nil while it is under way.
func (c *checker) function(fn *ssa.Function) *function {
	f, ok := c.functions[fn]
	if ok {
		if f.inProgress {
			return nil
		}
		return f
	}
	f = &function{c: c, fn: fn, inProgress: true}
	c.functions[fn] = f
	f.prepare()
	f.infer()
	f.inProgress = false
	return f
}

// checkFunctions builds and checks the relevant functions.
func (c *checker) checkFunctions(relevant map[ast.Decl]bool) {
	fns := c.build(relevant)
	for _, fn := range fns {
		if fn.Blocks != nil {
			c.function(fn)
		}
	}
	for _, fn := range fns {
		f := c.functions[fn]
		if f == nil {
			continue
		}
		for _, call := range f.inOrder() {
			f.checkSpending(call)
			f.checkDropping(call)
		}
		if obj, ok := fn.Object().(*types.Func); ok && f.fact.worthKeeping() {
			c.reg.funcs[obj] = f.fact
		}
	}
}

// inOrder returns the calls of the function in the order of the instructions.
func (f *function) inOrder() []*call {
	var list []*call
	for _, b := range f.fn.Blocks {
		for _, instr := range b.Instrs {
			if i, ok := instr.(ssa.CallInstruction); ok {
				list = append(list, f.calls[i])
			}
		}
	}
	return list
}

func (f *funcFact) worthKeeping() bool {
	return f != nil && !f.Declared
}

// infer finds out what f does to the handles that reach it through its inputs.
func (f *function) infer() {
	fact := &funcFact{Complete: true}
	obj, _ := f.fn.Object().(*types.Func)
	if known := f.c.reg.function(obj); known != nil {
		if known.Declared {
			f.fact = known
			return
		}
		fact.Must, fact.Safe = known.Must, known.Safe
	}
	f.scanWrites(fact)
	for _, key := range f.candidates() {
		input, path, ok := f.inputOf(key)
		if !ok {
			continue
		}
		e := effect{Input: input, Path: path}
		e.Touch, e.Consume = f.scanUses(key)
		e.Use = e.Touch && f.alwaysUses(key)
		e.Spend = f.spends(key)
		if obj != nil && obj.Signature().Recv() != nil && input == 0 && path == "" && f.c.reg.handle(obj.Signature().Recv().Type()) != nil {
			e.Consume = e.Spend != never // other methods of a handle borrow it
		}
		if e.Touch || e.Consume || e.Spend != never {
			fact.Effects = append(fact.Effects, e)
		}
	}
	fact.Births = f.inferBirths()
	f.fact = fact
}

// inputOf splits the key of a handle that came in through an input.
func (f *function) inputOf(key string) (input int, path string, ok bool) {
	rest, pointed := strings.CutPrefix(key, "@")
	i := 1
	for i < len(rest) && '0' <= rest[i] && rest[i] <= '9' {
		i++
	}
	if i == 1 {
		return 0, "", false
	}
	input, _ = strconv.Atoi(rest[1:i])
	switch rest[0] {
	case 'p':
	case 'f':
		input += len(f.fn.Params)
	default:
		return 0, "", false
	}
	if rest[i:] != "" && rest[i] != '!' || strings.ContainsAny(rest[i:], ".[@ ") {
		return 0, "", false
	}
	if pointed {
		return input, "*" + rest[i:], true
	}
	return input, rest[i:], true
}

// each runs over the body with what holds on every path.
func (f *function) each(visit func(s *state, instr ssa.Instruction)) {
	for _, b := range f.fn.DomPreorder() {
		s := &state{f: f, mem: f.in[b].clone()}
		for _, instr := range b.Instrs {
			visit(s, instr)
			if _, ok := instr.(*ssa.Phi); !ok {
				s.exec(instr)
			}
		}
	}
}

// candidates returns the keys of handles that the function meets.
func (f *function) candidates() []string {
	found := map[string]bool{}
	for _, p := range f.fn.Params {
		if f.c.reg.handle(p.Type()) != nil {
			found[f.ids[p]] = true
		}
	}
	f.each(func(s *state, instr ssa.Instruction) {
		if v, ok := instr.(ssa.Value); ok && f.c.reg.handle(v.Type()) != nil {
			found[s.key(v)] = true
		}
		i, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		c := f.calls[i]
		for _, e := range c.effects() {
			key, _ := s.subject(c, e)
			found[key] = true
		}
		for _, in := range c.inputs {
			if f.storage(in) {
				found[s.load(s.key(in), "?"+c.id+s.key(in))] = true
			}
		}
	})
	var list []string
	for k := range found {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func (f *function) scanUses(key string) (touch, consume bool) {
	f.each(func(s *state, instr ssa.Instruction) {
		if _, ok := s.useOf(instr, key); ok {
			touch = true
		}
		if s.consumes(instr, key) {
			consume = true
		}
	})
	return touch, consume
}

// scanWrites finds the variables of others that the function may replace.
func (f *function) scanWrites(fact *funcFact) {
	write := func(place string, t types.Type) {
		if input, path, ok := f.inputOf("@" + strings.ReplaceAll(place, ".", "!")); ok {
			fact.Effects = append(fact.Effects, effect{Input: input, Path: path, Write: true})
		} else if f.c.reg.holds(t) {
			fact.Clobbers = true
		}
	}
	f.each(func(s *state, instr ssa.Instruction) {
		switch i := instr.(type) {
		case *ssa.Store:
			if variable(i.Addr) == nil {
				write(s.key(i.Addr), i.Val.Type())
			}
		case ssa.CallInstruction:
			c := f.calls[i]
			fact.Clobbers = fact.Clobbers || c.clobbers && (c.fact == nil || c.fact.Clobbers)
			if c.fact == nil {
				return
			}
			for _, e := range c.fact.Effects {
				if e.Write {
					_, place := s.subject(c, e)
					if place != "" && !f.localPlace(place) {
						write(place, deref(c.inputs[e.Input].Type()))
					}
				}
			}
		}
	})
}

// alwaysUses reports whether every path through the function uses the handle.
func (f *function) alwaysUses(key string) bool {
	uses := true
	w := &walk{f: f, start: f.fn.Blocks[0], seen: map[string]bool{}}
	w.visit = func(s *state, instr ssa.Instruction) bool {
		if _, ok := s.useOf(instr, followed); ok {
			return false
		}
		if _, ok := instr.(*ssa.Return); ok {
			uses = false
		}
		return uses
	}
	w.from(f.entryState(key), f.fn.Blocks[0], 0)
	return uses && !w.cut
}

func (f *function) entryState(key string) *state {
	s := f.startState(f.fn.Blocks[0].Instrs[0])
	s.follow(key)
	return s
}

// spends says on which paths the function spends the handle.
func (f *function) spends(key string) spendKind {
	var spent, kept, keptNil, keptUntried bool
	w := &walk{f: f, start: f.fn.Blocks[0], seen: map[string]bool{}}
	w.visit = func(s *state, instr ssa.Instruction) bool {
		switch i := instr.(type) {
		case *ssa.Return:
			kept = true
			keptNil = keptNil || s.mayReturnNil(i)
			keptUntried = keptUntried || !s.failed
		case ssa.CallInstruction:
			c := f.calls[i]
			switch s.spendsInCall(c) {
			case always:
				spent = true
				return false
			case unlessError:
				spent = true
				s.failed = true
				if c.err != nil {
					s.facts[f.ids[c.err]] = "!#nil;"
					s.pinned = c.err
				}
			case sometimes:
				spent, kept, keptNil, keptUntried = true, true, true, true
			}
		}
		return true
	}
	w.from(f.entryState(key), f.fn.Blocks[0], 0)
	switch {
	case !spent:
		return never
	case w.cut:
		return sometimes
	case !kept:
		return always
	case !keptNil:
		return unlessError
	case !keptUntried && f.tellsNothing():
		return always
	}
	return sometimes
}

// tellsNothing reports whether a caller cannot know if a transition in f failed.
// It has to take its handle for spent then.
func (f *function) tellsNothing() bool {
	for v := range f.fn.Signature.Results().Variables() {
		if f.c.reg.handle(v.Type()) == nil {
			return false
		}
	}
	writes := &funcFact{}
	f.scanWrites(writes)
	return len(writes.Effects) == 0 && !writes.Clobbers
}

// spendsInCall says when a call spends the followed handle.
func (s *state) spendsInCall(c *call) spendKind {
	kind := never
	for _, e := range c.effects() {
		if e.Spend == never || e.Input >= len(c.inputs) {
			continue
		}
		if k, _ := s.subject(c, e); k == followed && (kind == never || e.Spend < kind) {
			kind = e.Spend
		}
	}
	return kind
}

// mayReturnNil reports whether a return can give a nil error, or none.
func (s *state) mayReturnNil(r *ssa.Return) bool {
	if !lastIsError(s.f.fn.Signature) {
		return true
	}
	last := r.Results[len(r.Results)-1]
	if v, known := s.eval(comparison(token.EQL, s.key(last), "#nil")); known {
		return v
	}
	switch v := last.(type) {
	case *ssa.MakeInterface:
		return false
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil || callee.Pkg == nil {
			return true
		}
		path, name := callee.Pkg.Pkg.Path(), callee.Name()
		return !(path == "fmt" && name == "Errorf" || path == "errors" && name == "New")
	}
	return true
}

// inferBirths finds the results that hand a new linear handle to the caller.
func (f *function) inferBirths() []int {
	var list []int
	for i := range f.fn.Signature.Results().Len() {
		if f.c.reg.linear(f.fn.Signature.Results().At(i).Type()) && f.returnsNew(i) {
			list = append(list, i)
		}
	}
	return list
}

// returnsNew reports whether result i is always zero or a new handle.
func (f *function) returnsNew(result int) bool {
	born := map[ssa.Value]bool{}
	for _, c := range f.inOrder() {
		for _, i := range f.births(c) {
			born[extracted(c.instr.Value(), i)] = true
		}
	}
	found, other := false, false
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		if born[v] {
			found = true
			return
		}
		switch v := v.(type) {
		case *ssa.Const:
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e)
			}
		default:
			other = true
		}
	}
	for _, b := range f.fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != f.fn.Recover {
			visit(r.Results[result])
		}
	}
	return found && !other
}
