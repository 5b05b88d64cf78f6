package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// noteOperands says what the types are whose indices occur in the operands at fault.
func (t *trace) noteOperands(takes operands) {
	var noted []uint32
	n := takes.len()
	for depth := range min(n, maxWant) {
		have, err := t.scope.operand(depth)
		want := takes.at(n - 1 - depth)
		if err != nil || t.scope.fits(have, want) {
			continue
		}
		for _, typ := range []ops.ValType{want, have} {
			i, ok := typ.Heap().Index()
			if !typ.IsRef() || !ok || slices.Contains(noted, i) || len(noted) == 3 || int64(i) >= int64(t.scope.types.Len()) {
				continue
			}
			noted = append(noted, i)
			t.x.note(fmt.Sprintf("Type %d is %s.", i, t.x.typeText(t.scope.types, i)))
		}
	}
}

// noteImmediate says what the type is that an operator names, if the message does so, too.
func (t *trace) noteImmediate() {
	i, ok := numberAfter(t.x.err.Message, "type ")
	if !ok || int64(i) >= int64(t.scope.types.Len()) {
		return
	}
	if i == t.in.Index || i == t.in.Index2 {
		t.x.note(fmt.Sprintf("Type %d is %s.", i, t.x.typeText(t.scope.types, i)))
	}
}

// noteSupertype shows a type and the supertype that it does not match, or may not
// have.
func (x *explainer) noteSupertype() {
	sub, ok := numberAfter(x.err.Message, "sub type ")
	super, found := numberAfter(x.err.Message, "super type ")
	if !ok || !found || !strings.HasPrefix(x.err.Message, "sub type ") {
		return
	}
	s, ok := find(x.wasm, module.SectionType)
	if !ok {
		return
	}
	types := x.unrelatedTypes(s, max(sub, super))
	for _, i := range []uint32{sub, super} {
		if int64(i) >= int64(types.Len()) {
			continue
		}
		text := x.typeText(types, i)
		if i == super && types.Final(i) {
			text += ", which is final"
		}
		x.note(fmt.Sprintf("Type %d is %s.", i, text))
	}
}

// unrelatedTypes returns the types of a type section up to the group of the one at
// index last, without their supertypes.
func (x *explainer) unrelatedTypes(s section, last uint32) *module.Types {
	types := module.NewTypes()
	var r module.SectionReader
	r.Reset(s.whole(x.wasm), x.features())
	if _, err := r.Count(); err != nil {
		return types
	}
	var sub module.SubType
	for r.More() && int64(types.Len()) <= int64(last) {
		g, err := r.TypeGroup()
		types.BeginGroup(g.Count)
		for err == nil && r.MoreSubTypes() {
			if _, err = r.SubType(&sub); err == nil {
				sub.NumSupers = 0
				err = types.Define(&sub)
			}
		}
		if err != nil || types.EndGroup() != nil {
			return types
		}
	}
	return types
}

// typeText writes the type at an index of types, which there is.
func (x *explainer) typeText(types *module.Types, i uint32) string {
	text := types.Describe(i)
	if super, ok := types.Super(i); ok {
		text = fmt.Sprintf("%s, a subtype of type %d", clean(text, maxType), super)
	}
	if name := x.sectionName(module.NameType, i); name != "" {
		return "$" + name + ", " + clean(text, 2*maxType)
	}
	return clean(text, 2*maxType)
}
