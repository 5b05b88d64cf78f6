package spent

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// births returns the results of a call that the caller has to finish.
func (f *function) births(c *call) []int {
	if c.fact == nil || c.instr.Value() == nil {
		return nil
	}
	if !c.fact.Declared && !c.fact.Must {
		return c.fact.Births
	}
	var list []int
	results := c.instr.Common().Signature().Results()
	for i := range results.Len() {
		if f.c.reg.linear(results.At(i).Type()) {
			list = append(list, i)
		}
	}
	return list
}

// checkDropping follows each linear handle that a call of f returns, and reports
// the one that a path loses.
func (f *function) checkDropping(c *call) {
	for _, i := range f.births(c) {
		v := extracted(c.instr.Value(), i)
		if v == nil && f.c.isStatement(c) {
			continue // an ignored result, which is reported as such
		}
		st := f.startState(c.instr)
		st.exec(c.instr)
		st.handle = "no such handle"
		if v != nil {
			st.handle = f.ids[v]
		}
		f.followDropped(c, i, v, st)
	}
}

func (f *function) followDropped(c *call, result int, v ssa.Value, st *state) {
	birth := c.instr.Block()
	w := &walk{f: f, start: birth, seen: map[string]bool{}}
	switch ok := lastResult(c.instr); {
	case c.err != nil:
		w.err = st.succeeded(c)
	case ok != nil && ok != v && types.Identical(ok.Type(), types.Typ[types.Bool]):
		// The handle comes with true.
		w.err = f.ids[ok]
		st.facts[w.err] = "=#true"
		st.pinned = ok
	}
	if v == c.instr.Value() {
		st.keys[v] = followed
	} else {
		st.born = v
	}
	reported := false
	w.visit = func(s *state, instr ssa.Instruction) bool {
		if reported || w.err != "" && f.asserts(s, instr, w.err) {
			return false
		}
		if s.consumes(instr, followed) {
			return false
		}
		_, leaves := instr.(*ssa.Return)
		if leaves || instr == ssa.Instruction(c.instr) {
			if f.lost(c, s) {
				reported = true
				f.c.reportDropped(c, result, instr)
			}
			return false
		}
		return true
	}
	w.branch = func(s *state, from, to *ssa.BasicBlock) bool {
		return !to.Dominates(from) || !s.keptAcross(from, to)
	}
	for i, instr := range birth.Instrs {
		if instr == ssa.Instruction(c.instr) {
			w.from(st, birth, i+1)
			return
		}
	}
}

// keptAcross reports whether a variable that outlives an iteration of the loop
// at header holds the handle.
func (s *state) keptAcross(from, header *ssa.BasicBlock) bool {
	next := s.clone()
	next.phis(from, header)
	for v, key := range next.keys {
		if phi, ok := v.(*ssa.Phi); ok && key == followed && phi.Block() == header {
			return true
		}
	}
	for place, content := range s.mem.cells {
		if content != followed || place[0] != '<' {
			continue
		}
		root := s.f.byID[place[:strings.IndexByte(place, '>')+1]]
		if i, ok := root.(ssa.Instruction); ok && !header.Dominates(i.Block()) {
			return true
		}
	}
	return false
}

// lost reports whether the end of a path is sure to lose the handle. A path that
// went by several conditions which each guard a finishing call may be one that
// the program excludes.
func (f *function) lost(c *call, s *state) bool {
	birth := c.instr.Block()
	old := 0
	for _, d := range s.taken.all() {
		if d.fresh || avoids(d.other, func(b *ssa.BasicBlock) bool { return f.mayConsume(b, s) }) {
			continue
		}
		if !birth.Dominates(d.block) {
			return false
		}
		old++
	}
	return old <= 1
}

// mayConsume reports whether a block has a call that could take the handle.
func (f *function) mayConsume(b *ssa.BasicBlock, s *state) bool {
	for _, instr := range b.Instrs {
		if s.consumes(instr, followed) {
			return true
		}
		i, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		c := f.calls[i]
		if c.fact == nil {
			continue
		}
		for _, e := range c.fact.Effects {
			if e.Consume && e.Input < len(c.inputs) && f.c.reg.linear(deref(c.inputs[e.Input].Type())) {
				return true
			}
		}
	}
	return false
}

// consumes reports whether an instruction spends the handle with the given key,
// or puts it where the analysis does not see it any more.
func (s *state) consumes(instr ssa.Instruction, key string) bool {
	switch i := instr.(type) {
	case ssa.CallInstruction:
		return s.consumesInCall(s.f.calls[i], key)
	case *ssa.Return:
		for _, r := range i.Results {
			if s.key(r) == key {
				return true
			}
		}
	case *ssa.Store:
		return s.key(i.Val) == key && !s.keeps(i.Addr)
	case *ssa.UnOp:
		return s.holdsInside(s.key(i.X), key)
	case *ssa.MakeClosure:
		return s.consumedByClosure(i, key)
	case *ssa.Send:
		return s.key(i.X) == key
	case *ssa.MapUpdate:
		return s.key(i.Value) == key || s.key(i.Key) == key
	case *ssa.MakeInterface:
		return s.key(i.X) == key
	case *ssa.Select:
		for _, st := range i.States {
			if st.Send != nil && s.key(st.Send) == key {
				return true
			}
		}
	}
	return false
}

// keeps reports whether a handle stored at addr stays in sight.
func (s *state) keeps(addr ssa.Value) bool {
	if !s.f.isLocal(addr) {
		return false
	}
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			return false
		case *ssa.Alloc:
			return !s.f.swallowed[a]
		default:
			return false
		}
	}
}

// holdsInside reports whether the struct at place, loaded as a whole, holds the
// handle in a field.
func (s *state) holdsInside(place, key string) bool {
	for p, content := range s.mem.cells {
		if content == key && len(p) > len(place) && p[:len(place)] == place && (p[len(place)] == '.' || p[len(place)] == '[') {
			return true
		}
	}
	return false
}

func (s *state) consumedByClosure(m *ssa.MakeClosure, key string) bool {
	fn := m.Fn.(*ssa.Function)
	fact := s.f.c.behaviour(nil, fn)
	for i, b := range m.Bindings {
		if s.key(b) == key {
			return true
		}
		if _, consume := closureEffects(fact, len(fn.Params)+i); !consume {
			continue
		}
		place := s.key(b)
		if s.mem.cells[place] == key || s.holdsInside(place, key) {
			return true
		}
	}
	return false
}

func (s *state) consumesInCall(c *call, key string) bool {
	for n, in := range c.inputs {
		stored := false
		if s.f.storage(in) {
			stored = s.load(s.key(in), "?"+c.id+s.key(in)) == key
		} else if _, ok := in.Type().Underlying().(*types.Pointer); ok {
			place := s.key(in)
			stored = s.mem.cells[place] == key || s.holdsInside(place, key)
		}
		if (stored || s.key(in) == key) && s.takes(c, n) {
			return true
		}
	}
	return false
}

// takes reports whether a call spends or keeps its input n, or may do so.
func (s *state) takes(c *call, n int) bool {
	for _, e := range c.effects() {
		if e.Input == n && e.Consume {
			return true
		}
	}
	if c.fact != nil && (c.fact.Complete || c.fact.Safe) {
		return false
	}
	if c.receiver && n == 0 && c.handle {
		return s.f.returnsSame(c)
	}
	return true
}

func (c *call) effects() []effect {
	if c.fact == nil {
		return nil
	}
	return c.fact.Effects
}

// returnsSame reports whether a method returns a handle of its receiver's type,
// which may be the receiver.
func (f *function) returnsSame(c *call) bool {
	for v := range c.instr.Common().Signature().Results().Variables() {
		if types.Identical(deref(v.Type()), deref(c.inputs[0].Type())) {
			return true
		}
	}
	return false
}
