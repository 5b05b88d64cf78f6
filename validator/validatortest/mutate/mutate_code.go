package mutate

import (
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// operators changes the operators of an expression. Blocks keep their ends, but
// rarely.
func (m *mutator) operators() {
	e := m.pick(func(n *node) bool { return n.what == anExpr && len(n.kids) > 0 })
	if e == nil {
		return
	}
	structured := m.rarely()
	i := m.c.IntN(len(e.kids))
	for tries := 0; tries < 4 && !structured && frames(e.kids[i]); tries++ {
		i = m.c.IntN(len(e.kids))
	}
	movable := structured || !frames(e.kids[i])
	switch choice := m.c.IntN(8); {
	case choice == 0 || !movable && choice < 5:
		e.kids = slices.Insert(e.kids, i, m.randomOperators(structured)...)
	case choice == 1:
		e.kids = slices.Replace(e.kids, i, i+1, m.randomOperators(structured)...)
	case choice == 2:
		m.opcode(e.kids[i])
	case choice == 3:
		e.kids = slices.Delete(e.kids, i, i+1)
	case choice == 4:
		e.kids = slices.Insert(e.kids, i, e.kids[i].clone())
	case choice == 5:
		if j := m.c.IntN(len(e.kids)); movable && (structured || !frames(e.kids[j])) {
			e.kids[i], e.kids[j] = e.kids[j], e.kids[i]
		}
	case choice == 6:
		m.enclose(e, i)
	default:
		m.graft(e, i, structured)
	}
}

// frames reports whether an operator begins, ends or divides a block.
func frames(n *node) bool {
	switch firstByte(n) {
	case ops.Block, ops.Loop, ops.If, ops.Else, ops.End, ops.TryTable, ops.Try, ops.LegacyCatch, ops.LegacyCatchAll, ops.Delegate:
		return true
	}
	return false
}

// randomOperators returns a new operator; a block comes with its end.
func (m *mutator) randomOperators(structured bool) []*node {
	for range 4 {
		in := RandomInstr(m.c)
		n := operator(&in)
		switch in.Op {
		case ops.Block, ops.Loop, ops.If, ops.TryTable, ops.Try:
			return []*node{n, operator(&ops.Instr{Op: ops.End})}
		}
		if structured || !frames(n) {
			return []*node{n}
		}
	}
	return nil
}

// enclose puts some operators, from place i on, into a block.
func (m *mutator) enclose(e *node, i int) {
	j := i
	for end := i + m.c.IntN(6); j < end && j < len(e.kids) && !frames(e.kids[j]); {
		j++
	}
	block := ops.Instr{Op: one(m.c, []ops.Op{ops.Block, ops.Loop, ops.If, ops.TryTable}), Block: randomBlock(m.c)}
	e.kids = slices.Insert(e.kids, j, operator(&ops.Instr{Op: ops.End}))
	e.kids = slices.Insert(e.kids, i, operator(&block))
}

// graft inserts operators of another expression at place i.
func (m *mutator) graft(e *node, i int, structured bool) {
	from := m.similar(e)
	if from == nil || len(from.kids) == 0 {
		return
	}
	k := m.c.IntN(len(from.kids))
	for _, o := range slices.Clone(from.kids[k:min(len(from.kids), k+1+m.c.IntN(6))]) {
		if structured || !frames(o) {
			e.kids = slices.Insert(e.kids, i, o.clone())
			i++
		}
	}
}

// opcode gives an operator the opcode of another that has immediates of the same
// shape.
func (m *mutator) opcode(n *node) {
	p := &parser{b: n.append(nil, nil)}
	p.end = len(p.b)
	if _, row := p.operator(); row != nil {
		n.kids[0] = opcode(one(m.c, rowsOf(row.Imm.Kind)).Op)
	}
}
