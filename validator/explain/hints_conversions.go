package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// hintConversion looks for an operator that makes the type wanted of the one
// that is there.
func (a *attempt) hintConversion(depth int, want ops.ValType) {
	have := a.stack[len(a.stack)-1-depth]
	kind, list := HintConversion, a.conversions(have, want)
	if len(list) == 0 {
		kind, list = a.references(have, want)
	}
	if len(list) == 0 {
		return
	}
	h := Hint{Kind: kind, Offset: a.offset, Insert: list[0]}
	place := fmt.Sprintf("in front of %s", a.here())
	if depth > 0 {
		r, ok := a.behind(a.scope.OperandStackHeight() - 1 - depth)
		if !ok {
			return // there is no place where the operand is on top
		}
		h.Offset, h.Insert = r.offset, ""
		place = "behind " + a.named(r.offset)
	}
	for i := range list {
		list[i] = quoteOp(list[i])
	}
	h.Text = fmt.Sprintf("%s %s would make %s of %s", strings.Join(list, " or "), place, article(want.String()), article(have.String()))
	a.x.hint(h)
}

// behind returns the origin of the operand at a height of the stack, if that leaves the
// operand on top: if it is not also the origin of the one above.
func (a *attempt) behind(height int) (run, bool) {
	r, ok := a.origins.at(height)
	above, there := a.origins.at(height + 1)
	return r, ok && !(there && above.offset == r.offset)
}

// conversions returns the operators that convert numbers: those whose names say
// from what to what.
func (a *attempt) conversions(have, want ops.ValType) (list []string) {
	switch {
	case have.IsNum() && want == ops.V128:
		return a.lanes(have, want, ".splat", "")
	case have == ops.V128 && want.IsNum():
		return a.lanes(have, want, ".extract_lane", " 0")
	case !have.IsNum() || !want.IsNum():
		return nil
	}
	for r := range ops.Rows() {
		if r.Rule != ops.RulePlain || r.NumParams() != 1 || r.NumResults() != 1 || r.Param(0) != have || r.Result(0) != want ||
			!strings.Contains(r.Name, "_"+have.String()) || !a.allows(r) || len(list) == 2 {
			continue
		}
		if strings.Contains(r.Name, "sat") || strings.Contains(r.Name, "reinterpret") {
			continue
		}
		list = append(list, r.Name)
	}
	return list
}

// lanes returns the operators between a number and a vector, whose names end with
// the suffix.
func (a *attempt) lanes(have, want ops.ValType, suffix, immediate string) (list []string) {
	for r := range ops.Rows() {
		if r.NumParams() == 1 && r.NumResults() == 1 && r.Param(0) == have && r.Result(0) == want &&
			strings.HasSuffix(r.Name, suffix) && a.allows(r) && len(list) < 3 {
			list = append(list, r.Name+immediate)
		}
	}
	return list
}

// references returns the operators that make one reference of another, or of a
// number.
func (a *attempt) references(have, want ops.ValType) (kind string, list []string) {
	types := a.scope.types
	switch {
	case have == ops.I32 && want.IsRef() && types.Match(ops.HeapI31.Ref(), want):
		return HintConversion, []string{"ref.i31"}
	case have.IsRef() && want.IsRef() && types.Match(have, ops.ExternRef) && types.Match(ops.AnyRef, want):
		return HintConversion, []string{"any.convert_extern"}
	case have.IsRef() && want.IsRef() && types.Match(have, ops.AnyRef) && types.Match(ops.ExternRef, want):
		return HintConversion, []string{"extern.convert_any"}
	case a.constant():
		return "", nil // the others are not constant
	case want == ops.I32 && have.IsRef() && types.Match(have, ops.I31Ref):
		return HintConversion, []string{"i31.get_s", "i31.get_u"}
	case !have.IsRef() || !want.IsRef():
		return "", nil
	case types.Match(have.NonNull(), want):
		return HintNullable, []string{"ref.as_non_null"}
	case types.Match(want.NonNull(), have):
		null := ""
		if want.Nullable() {
			null = "null "
		}
		return HintCast, []string{"ref.cast (ref " + null + want.Heap().String() + ")"}
	}
	return "", nil
}
