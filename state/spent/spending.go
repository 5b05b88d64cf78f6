package spent

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// checkSpending follows each handle that a call of f spends, and reports the
// uses that come after.
func (f *function) checkSpending(c *call) {
	if c.fact == nil {
		return
	}
	for _, e := range c.fact.Effects {
		if e.Spend != always && e.Spend != unlessError || e.Input >= len(c.inputs) {
			continue
		}
		st := f.startState(c.instr)
		if key, _ := st.subject(c, e); key[0] != '#' {
			u, _ := st.useInCall(c, key)
			f.followSpent(c, e, st, key, u)
		}
	}
}

func (f *function) followSpent(c *call, e effect, st *state, key string, first use) {
	st.follow(key)
	w := &walk{f: f, start: c.instr.Block(), seen: map[string]bool{}}
	w.visit = func(s *state, instr ssa.Instruction) bool {
		if w.err != "" && f.asserts(s, instr, w.err) {
			return false
		}
		if f.spentAgain(c, s, instr) {
			f.c.reportSpent(c, e, first, true)
			return false
		}
		u, ok := s.useOf(instr, followed)
		if !ok {
			return true
		}
		if f.certain(c, s, instr, u) {
			f.c.reportSpent(c, e, u, instr == c.instr)
		}
		return false
	}
	if _, ok := c.instr.(*ssa.Defer); ok {
		// It is spent when the function ends, in the reverse order of the defers.
		return
	}
	st.exec(c.instr)
	if e.Spend == unlessError && c.err != nil {
		w.err = st.succeeded(c)
	}
	b := c.instr.Block()
	for i, instr := range b.Instrs {
		if instr == ssa.Instruction(c.instr) {
			w.from(st, b, i+1)
			return
		}
	}
}

// succeeded assumes that the call just carried out returned no error, and returns
// the key of that error.
func (s *state) succeeded(c *call) string {
	s.pinned = c.err
	key := s.f.ids[c.err]
	s.facts[key] = "=#nil"
	return key
}

// spentAgain reports whether an instruction ends one iteration of a range over a
// function, whose body f is, and the next one finds the spent handle where the
// call c took it from.
func (f *function) spentAgain(c *call, s *state, instr ssa.Instruction) bool {
	ret, ok := instr.(*ssa.Return)
	if !ok || !f.isRangeBody() || s.key(ret.Results[0]) != "#true" {
		return false
	}
	place, ok := strings.CutPrefix(s.handle, "@")
	if !ok || place[0] != 'f' || s.load(place, "?") != followed {
		return false
	}
	return f.storedIn(f.fn.Blocks, place, c.instr.Block(), s)
}

// isRangeBody reports whether f is the body of a range over a function.
func (f *function) isRangeBody() bool {
	_, ok := f.fn.Syntax().(*ast.RangeStmt)
	return ok
}

// asserts reports whether an instruction hands something computed from the error
// to a call, other than the error itself: a test's assertion, for instance.
func (f *function) asserts(s *state, instr ssa.Instruction, err string) bool {
	i, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	for _, arg := range f.calls[i].inputs {
		switch arg.(type) {
		case *ssa.BinOp, *ssa.Call, *ssa.UnOp:
			if s.key(arg) != err && s.derived(arg, err, 4) {
				return true
			}
		}
	}
	return false
}

// certain reports whether a use that the path in s leads to is a mistake however
// the conditions on the path hang together. When the call and the use are each
// behind a condition, a correct program may make them exclude each other.
func (f *function) certain(c *call, s *state, at ssa.Instruction, u use) bool {
	spend, target := c.instr.Block(), at.Block()
	for _, d := range s.taken.all() {
		if d.fresh || !f.escapes(d, at) {
			continue
		}
		switch {
		case d.again:
			if !f.refreshes(s, spend, u) {
				return false
			}
		case spend.Dominates(d.block), spend.Dominates(target):
		default:
			return false
		}
	}
	return true
}

// escapes reports whether the way that a decision did not take can come to the
// end of the function, or to the instruction, without using the spent handle.
func (f *function) escapes(d *decision, at ssa.Instruction) bool {
	escaped := false
	w := &walk{f: f, start: d.block, seen: map[string]bool{}}
	w.visit = func(s *state, instr ssa.Instruction) bool {
		if escaped {
			return false
		}
		if _, ok := s.useOf(instr, followed); ok {
			return false
		}
		_, leaves := instr.(*ssa.Return)
		escaped = leaves || instr == at
		return !escaped
	}
	w.edge(d.state.clone(), d.block, d.other)
	return escaped
}

// refreshes reports whether the program means the handle to be usable in the
// next iteration: it is one and the same in all of them, or what comes after the
// spending call puts another one in its place on some other path.
func (f *function) refreshes(s *state, spend *ssa.BasicBlock, u use) bool {
	if u.value == nil {
		return f.storedAfter(u.place, spend, s)
	}
	for v, key := range s.keys {
		phi, ok := v.(*ssa.Phi)
		if !ok || key != followed {
			continue
		}
		for i, e := range phi.Edges {
			if e != phi && f.keys[e] != s.handle && s.key(e) != followed && spend.Dominates(phi.Block().Preds[i]) {
				return true
			}
		}
	}
	if load, ok := u.value.(*ssa.UnOp); ok {
		return f.storedAfter(s.key(load.X), spend, s)
	}
	_, isPhi := u.value.(*ssa.Phi)
	return !isPhi
}

// storedAfter reports whether the variable at place gets another handle where
// the spending call was made before, or nowhere on the way back to that call.
func (f *function) storedAfter(place string, spend *ssa.BasicBlock, s *state) bool {
	if a, ok := f.byID[place].(*ssa.Alloc); ok && f.rewritten[a] {
		return false
	}
	return f.storedIn(reachable(spend), place, spend, s)
}

func (f *function) storedIn(blocks []*ssa.BasicBlock, place string, spend *ssa.BasicBlock, s *state) bool {
	stored := false
	for _, b := range blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && s.key(st.Addr) == place {
				stored = true
				if spend.Dominates(b) {
					return true
				}
			}
		}
	}
	return !stored
}

// reachable returns the blocks that can run after b.
func reachable(b *ssa.BasicBlock) []*ssa.BasicBlock {
	seen := map[*ssa.BasicBlock]bool{}
	list := []*ssa.BasicBlock{}
	for queue := []*ssa.BasicBlock{b}; len(queue) > 0; queue = queue[1:] {
		for _, succ := range queue[0].Succs {
			if !seen[succ] {
				seen[succ] = true
				list = append(list, succ)
				queue = append(queue, succ)
			}
		}
	}
	return list
}
