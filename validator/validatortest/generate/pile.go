package generate

import (
	"fmt"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Some bodies let operands pile up: half of their operators work with what is
// there, calls above all, or add another number. The stacks get deep, blocks begin
// with operands beneath them, and many operators have just the operands that they
// need, or one of the wrong type among them, or end a block in the middle of it.

// pileRules are the rules of the operators that work with what is there. What is
// named more often is chosen more often.
var pileRules = []ops.Rule{
	ops.RuleCall, ops.RuleCall, ops.RuleCall, ops.RuleCall, ops.RuleCallIndirect, ops.RuleBlock, ops.RuleLoop, ops.RuleIf,
	ops.RuleBr, ops.RuleBrIf, ops.RuleBrTable, ops.RuleReturn, ops.RuleUnreachable, ops.RuleDrop, ops.RuleSelect,
	ops.RuleLocalGet, ops.RuleLocalSet, ops.RuleLocalTee, ops.RuleGlobalGet, ops.RuleGlobalSet,
}

// diverting are those of them behind which nothing is reached.
var diverting = []ops.Rule{ops.RuleBr, ops.RuleBrTable, ops.RuleReturn, ops.RuleUnreachable}

// choosePile decides whether operands pile up, and finds the rows of the rules.
func (b *body) choosePile() {
	if !b.one(2) {
		return
	}
	for _, rule := range pileRules {
		for _, row := range b.rows {
			if row.Rule == rule {
				b.pileRows = append(b.pileRows, row)
			}
		}
	}
}

// pile makes a few operators that work with what is there.
func (b *body) pile() {
	for range 1 + b.below(8) {
		if b.one(2) {
			b.value(pick(b.choices, b.numbers), 1)
		} else {
			b.lastOperands(pick(b.choices, b.pileRows))
		}
	}
}

// lastOperands makes an operator of the row, and of its operands only the last
// ones, if any: the others must be there.
func (b *body) lastOperands(row *ops.Row) {
	if slices.Contains(diverting, row.Rule) && (b.a.ControlStackHeight() == 1 || !b.one(4)) {
		return // the rest of the body would not be reached
	}
	in := ops.Instr{Op: row.Op}
	operands, ok := b.plan(row, &in)
	if row.Rule == ops.RuleCall || row.Rule == ops.RuleCallIndirect {
		for n := 0; n < 3 && len(operands) < 3; n++ {
			operands, ok = b.plan(row, &in) // rather one with more operands
		}
	}
	if ok && b.values(operands[b.below(len(operands)+1):], 1) {
		b.try(in)
	}
}

// wordOperands is about as many operands as fit a machine word at four bits each.
const wordOperands = 16

// addCallees adds function types whose parameters are of a few types of numbers, so
// that a pile of these often has what a call wants.
func (p *program) addCallees() {
	all := slices.DeleteFunc([]ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64, ops.V128}, func(t ops.ValType) bool { return !p.has(t.Needs()) })
	for range 1 + p.below(3) {
		p.numbers = append(p.numbers, pick(p.choices, all))
	}
	results := 2
	if p.has(ops.MultiValue) {
		results = 4
	}
	for range 2 + p.below(3) {
		params := p.below(8)
		if p.one(8) {
			params = wordOperands - 4 + p.below(8)
		}
		p.addFunc(p.someNumbers(params), p.someNumbers(p.below(results)))
	}
}

// someNumbers returns n types of numbers.
func (p *program) someNumbers(n int) []ops.ValType {
	list := make([]ops.ValType, n)
	for i := range list {
		list[i] = pick(p.choices, p.numbers)
	}
	return list
}

// importCallees imports functions to call: now and then so many that an index takes
// two bytes.
func (p *program) importCallees() {
	n := 0
	switch {
	case p.one(24):
		n = 120 + p.below(20)
	case p.one(3):
		n = p.below(8)
	}
	for i := range n {
		p.imports = append(p.imports, external{module: "env", name: fmt.Sprint("callee", i), kind: module.ExternFunc, index: len(p.funcs)})
		p.funcs = append(p.funcs, pick(p.choices, p.byKind[module.Func]))
	}
}
