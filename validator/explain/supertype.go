package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
)

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
		if int64(i) < int64(types.Len()) {
			x.note(fmt.Sprintf("Type %d is %s.", i, x.typeText(types, i)))
		}
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
		text = fmt.Sprintf("%s, a subtype of type %d", clean(text, maxText), super)
	}
	if name := x.sectionName(module.NameType, i); name != "" {
		return "$" + name + ", " + clean(text, 2*maxText)
	}
	return clean(text, 2*maxText)
}
