package mutate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// bodies returns the function bodies that could be taken apart.
func bodies(root *node) []*node {
	return root.all(func(n *node) bool { return n.what == aBody && len(n.kids) == 2 })
}

// operatorsOf takes operators apart.
func operatorsOf(list ...ops.Instr) (nodes []*node) {
	for i := range list {
		nodes = append(nodes, operator(&list[i]))
	}
	return nodes
}

// neutral returns operators that do nothing, wherever they stand.
func neutral(c Chooser) []*node {
	constant := ops.Instr{Op: ops.I32Const, Value: uint64(c.IntN(100))}
	end := ops.Instr{Op: ops.End}
	switch c.IntN(5) {
	case 0:
		return operatorsOf(constant, ops.Instr{Op: ops.Drop})
	case 1:
		return operatorsOf(ops.Instr{Op: ops.Block}, end)
	case 2:
		return operatorsOf(ops.Instr{Op: ops.Loop}, ops.Instr{Op: ops.Nop}, end)
	case 3:
		return operatorsOf(constant, ops.Instr{Op: ops.If}, ops.Instr{Op: ops.Unreachable}, ops.Instr{Op: ops.Else}, end)
	}
	return operatorsOf(ops.Instr{Op: ops.Nop})
}

// dead returns operators that do nothing where code cannot be reached and the
// operand stack is empty.
func dead(c Chooser) []*node {
	switch c.IntN(4) {
	case 0:
		return operatorsOf(ops.Instr{Op: ops.Unreachable})
	case 1:
		return operatorsOf(ops.Instr{Op: ops.I32Add}, ops.Instr{Op: ops.Drop})
	case 2:
		return operatorsOf(ops.Instr{Op: ops.Drop}, ops.Instr{Op: ops.Drop})
	}
	return operatorsOf(ops.Instr{Op: ops.BrTable, Labels: []uint32{0, 0}}, ops.Instr{Op: ops.Drop})
}

// addNeutral adds operators that do nothing, and code that is not reached.
func addNeutral(c Chooser, root *node) {
	for _, b := range bodies(root) {
		e := b.kids[1]
		for more := c.IntN(4); more > 0; more-- {
			i := c.IntN(len(e.kids))
			add := neutral(c)
			if i > 0 && diverges(e.kids[i-1]) && c.IntN(4) > 0 {
				add = append(dead(c), add...)
			}
			e.kids = slices.Insert(e.kids, i, add...)
		}
	}
}

// diverges reports whether what follows the operator cannot be reached.
func diverges(n *node) bool {
	switch firstByte(n) {
	case ops.Unreachable, ops.Br, ops.Return, ops.ReturnCall, ops.Throw, ops.ThrowRef:
		return true
	}
	return false
}

// splitLocals divides groups of locals.
func splitLocals(c Chooser, root *node) {
	for _, b := range bodies(root) {
		list := b.kids[0]
		for i := len(list.kids) - 1; i >= 0; i-- {
			count := list.kids[i].kids[0]
			if count.value > 1<<31 || c.IntN(2) == 0 {
				continue
			}
			part := uint64(c.IntN(int(count.value) + 1))
			first := list.kids[i].clone()
			first.kids[0].value = part
			count.value -= part
			list.kids = slices.Insert(list.kids, i, first)
		}
	}
}

// addLocals adds locals that are not used.
func addLocals(c Chooser, root *node) {
	for _, b := range bodies(root) {
		for more := c.IntN(3); more > 0; more-- {
			p := &parser{b: []byte{byte(c.IntN(5)), one(c, []byte{0x7F, 0x7E})}, end: 2}
			b.kids[0].kids = append(b.kids[0].kids, p.all(aLocals, p.u(aCount), p.valType)().clone())
		}
	}
}

// addFuncs adds functions that are not used, and their types.
func addFuncs(c Chooser, root *node) {
	types, funcs, code := items(root, module.SectionType), items(root, module.SectionFunction), items(root, module.SectionCode)
	if types == nil || funcs == nil || code == nil {
		return
	}
	index := uint64(countTypes(types))
	p := &parser{b: []byte{codeFunc, 0, 0}, end: 3}
	types.kids = append(types.kids, p.group().clone())
	for more := 1 + c.IntN(3); more > 0; more-- {
		funcs.kids = append(funcs.kids, &node{what: aTypeIdx, form: formU, value: index, at: -1})
		b := []byte{4, 0, byte(ops.Nop), byte(ops.Unreachable), byte(ops.End)}
		p := &parser{b: b, end: len(b)}
		code.kids = append(code.kids, p.body().clone())
	}
}
