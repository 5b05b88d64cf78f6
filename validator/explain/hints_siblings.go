package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// hintOrigin looks for another operator that the wrong operand may have been meant
// to come from.
func (a *attempt) hintOrigin(depth int, want ops.ValType) {
	r, ok := a.origins.at(a.scope.OperandStackHeight() - 1 - depth)
	if !ok {
		return
	}
	in, ok := a.decode(r.offset)
	if !ok {
		return
	}
	row := in.Op.Row()
	var other *ops.Instr
	switch {
	case row.Rule == ops.RuleLocalGet || row.Rule == ops.RuleGlobalGet:
		other = a.readBeside(in, want)
	case row.Imm.Kind == ops.ImmI32 || row.Imm.Kind == ops.ImmI64 || row.Imm.Kind == ops.ImmMemArg:
		other = a.resultSibling(in, want)
	}
	if other == nil {
		return
	}
	kind := HintSiblingOperator
	if row.Rule == ops.RuleLocalGet || row.Rule == ops.RuleGlobalGet {
		kind = HintIndexRange
	}
	a.x.hint(Hint{
		Kind: kind, Offset: r.offset, Replace: instrText(other),
		Text: fmt.Sprintf("%s pushes the operand; `%s` would push %s", a.named(r.offset), instrText(other), article(want.String())),
	})
}

// resultSibling returns the operator of the same name as in for the type wanted.
func (a *attempt) resultSibling(in *ops.Instr, want ops.ValType) *ops.Instr {
	row := in.Op.Row()
	for r := range ops.Rows() {
		if r.Op == row.Op || r.Rule != row.Rule || r.NumParams() != row.NumParams() || r.NumResults() != 1 || r.Result(0) != want ||
			generic(r.Name) != generic(row.Name) || !a.allows(r) || !sameParams(r, row) {
			continue
		}
		both := func(k ops.ImmKind) bool { return k == row.Imm.Kind || k == ops.ImmI32 || k == ops.ImmI64 }
		if both(r.Imm.Kind) && both(row.Imm.Kind) {
			return sibling(in, r)
		}
	}
	return nil
}

// sameParams reports whether two operators that take as many operands take the same.
func sameParams(r, s *ops.Row) bool {
	for i := range r.NumParams() {
		if r.Param(i) != s.Param(i) {
			return false
		}
	}
	return true
}

// sibling returns in as the operator of the row r, with the natural alignment if
// it had that.
func sibling(in *ops.Instr, r *ops.Row) *ops.Instr {
	other := withOp(in, r.Op)
	if in.Mem.Align == uint32(in.Op.Row().Imm.Align) || other.Mem.Align > uint32(r.Imm.Align) {
		other.Mem.Align = uint32(r.Imm.Align)
	}
	return other
}

// generic replaces the types in the name of an operator.
var generic = strings.NewReplacer("i32", "T", "i64", "T", "f32", "T", "f64", "T").Replace

// unsigned leaves out whether an operator is signed.
func unsigned(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "_s"), "_u")
}

// hintSibling looks for an operator of the same name, for other types, that takes
// what is there.
func (a *attempt) hintSibling() {
	row := a.in.Op.Row()
	if row.NumParams() == 0 {
		return
	}
	for _, same := range []func(string) string{func(s string) string { return s }, unsigned} {
		for r := range ops.Rows() {
			if r.Op == row.Op || r.Rule != row.Rule || r.Imm.Kind != row.Imm.Kind || r.NumParams() != row.NumParams() || r.NumResults() != row.NumResults() ||
				same(generic(r.Name)) != same(generic(row.Name)) || !a.allows(r) {
				continue
			}
			in := sibling(&a.in, r)
			o := *a
			var ok bool
			if o.takes, ok = a.scope.takes(in); !ok || !o.fit(a.stack) {
				continue
			}
			a.x.hint(Hint{
				Kind: HintSiblingOperator, Offset: a.offset, Replace: instrText(in),
				Text: fmt.Sprintf("`%s` takes %s, which is there", instrText(in), o.takes.text()),
			})
			return
		}
	}
}
