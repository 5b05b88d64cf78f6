package spent

import (
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A decision is a branch on a condition that nothing is known about.
type decision struct {
	earlier *decision
	block   *ssa.BasicBlock
	other   *ssa.BasicBlock // the way that was not taken
	state   *state          // what is known there
	fresh   bool            // the condition is the error of a call on the path
	again   bool            // taken in a later iteration of the loop around the start
}

// all returns the decisions of a path.
func (d *decision) all() []*decision {
	var list []*decision
	for ; d != nil; d = d.earlier {
		list = append(list, d)
	}
	return list
}

// A walk follows one handle along all feasible paths from one point. The visitor
// sees each instruction before it is carried out, and says whether to go on.
type walk struct {
	f      *function
	start  *ssa.BasicBlock
	err    string // key of the error that the fate of the handle hangs on
	visit  func(s *state, instr ssa.Instruction) bool
	branch func(s *state, from, to *ssa.BasicBlock) bool // may stop at an edge
	seen   map[string]bool                               // signatures of the states that were followed
	work   int
	cut    bool // some path was given up
	again  bool // the path is in a later iteration of the loop around start
}

// A walk gives up, and stays silent, when it has done so much work, or when all
// the walks in its function have. A unit is about eight values copied.
const (
	maxWork         = 200_000
	maxFunctionWork = 20 * maxWork
)

// startState returns the state at an instruction, as far as it holds on every
// path that leads there.
func (f *function) startState(at ssa.Instruction) *state {
	b := at.Block()
	st := &state{f: f, keys: map[ssa.Value]string{}, mem: f.in[b].clone(), facts: map[string]string{}}
	for child, d := b, b.Idom(); d != nil; child, d = d, d.Idom() {
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, succ := range d.Succs {
			if succ.Dominates(child) && len(succ.Preds) == 1 {
				st.assume(st.key(cond.Cond), i == 0)
			}
		}
	}
	for _, instr := range b.Instrs {
		if instr == at {
			break
		}
		if _, ok := instr.(*ssa.Phi); !ok {
			st.exec(instr)
		}
	}
	st.keys = map[ssa.Value]string{}
	return st
}

// follow makes key the handle that the state follows.
func (s *state) follow(key string) {
	s.handle = key
	for place, content := range s.mem.cells {
		if content == key {
			s.mem.cells[place] = followed
		}
	}
}

// clone copies a state for one of two branches.
func (s *state) clone() *state {
	c := *s
	c.keys = maps.Clone(s.keys)
	c.mem = s.mem.clone()
	c.facts = maps.Clone(s.facts)
	return &c
}

// from follows the paths from instruction index i of block b.
func (w *walk) from(s *state, b *ssa.BasicBlock, i int) {
	for ; i < len(b.Instrs); i++ {
		instr := b.Instrs[i]
		if _, ok := instr.(*ssa.Phi); ok {
			continue
		}
		if !w.visit(s, instr) {
			return
		}
		switch instr := instr.(type) {
		case *ssa.If:
			w.fork(s, b, instr)
			return
		case *ssa.Jump:
			w.edge(s, b, b.Succs[0])
			return
		}
		s.exec(instr)
	}
}

func (w *walk) fork(s *state, b *ssa.BasicBlock, i *ssa.If) {
	key := s.key(i.Cond)
	if v, known := s.eval(key); known {
		succ := b.Succs[1]
		if v {
			succ = b.Succs[0]
		}
		w.edge(s, b, succ)
		return
	}
	if w.err != "" && s.derived(i.Cond, w.err, 5) {
		w.cut = true // the program asks about the error in its own way
		return
	}
	fresh := s.fresh(i.Cond)
	for n, succ := range b.Succs {
		branch, other := s.clone(), s.clone()
		branch.assume(key, n == 0)
		other.assume(key, n == 1)
		branch.taken = &decision{s.taken, b, b.Succs[1-n], other, fresh, w.again}
		w.edge(branch, b, succ)
	}
}

// edge goes from one block to the next.
func (w *walk) edge(s *state, from, to *ssa.BasicBlock) {
	work := 1 + len(s.keys)/8
	w.work += work
	w.f.work += work
	if w.work > maxWork || w.f.work > maxFunctionWork {
		w.cut = true
		return
	}
	if w.branch != nil && !w.branch(s, from, to) {
		return
	}
	was := w.again
	if to.Dominates(from) && to.Dominates(w.start) {
		w.again = true
	}
	defer func() { w.again = was }()
	s.phis(from, to)
	sig := s.signature(to, w.again)
	if w.seen[sig] {
		return
	}
	w.seen[sig] = true
	w.from(s, to, 0)
}

// phis gives the phis of a block the values that they get along an edge.
func (s *state) phis(from, to *ssa.BasicBlock) {
	pred := slices.Index(to.Preds, from)
	var phis []*ssa.Phi
	var keys []string
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, phi)
		keys = append(keys, s.key(phi.Edges[pred]))
	}
	for i, phi := range phis {
		id := s.f.ids[phi]
		if keys[i] != id {
			s.renew(phi)
		}
		s.set(phi, keys[i])
	}
}

// signature tells states apart that can go on differently.
func (s *state) signature(b *ssa.BasicBlock, again bool) string {
	var parts []string
	for v, k := range s.keys {
		if k == followed {
			parts = append(parts, s.f.ids[v])
		}
		if _, ok := v.(*ssa.Phi); ok && k[0] == '#' {
			parts = append(parts, s.f.ids[v]+k)
		}
	}
	for p, k := range s.mem.cells {
		if k == followed || k[0] == '#' {
			parts = append(parts, p+k)
		}
	}
	for k, v := range s.facts {
		parts = append(parts, k+v)
	}
	slices.Sort(parts)
	if again {
		parts = append(parts, "again")
	}
	return b.String() + " " + strings.Join(parts, " ")
}

// fresh reports whether a condition compares with nil an error that a call on
// this path returned. Such a condition is taken to hang on nothing else.
func (s *state) fresh(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !isError(cmp.X.Type()) {
		return false
	}
	v, ok := s.f.byID[s.key(cmp.X)]
	if !ok {
		return false
	}
	switch v.(type) {
	case *ssa.Call, *ssa.Extract:
		_, onPath := s.keys[v]
		return onPath
	}
	return false
}

// derived reports whether v is computed from the value with the given key.
func (s *state) derived(v ssa.Value, key string, depth int) bool {
	if s.key(v) == key {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || depth == 0 {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && s.derived(*op, key, depth-1) {
			return true
		}
	}
	return false
}

// avoids reports whether a return can be reached from b without entering a
// block that stop holds for.
func avoids(b *ssa.BasicBlock, stop func(*ssa.BasicBlock) bool) bool {
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if seen[b] || stop(b) {
			return false
		}
		seen[b] = true
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		return slices.ContainsFunc(b.Succs, visit)
	}
	return visit(b)
}
