package module

import (
	"fmt"
	"math"
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// MaxSubtypeDepth is how many supertypes a type may have above it; it is the
// limit that the JavaScript embedding sets, and what makes a subtype question
// cost a constant.
const MaxSubtypeDepth = 63

// TypeError says why a recursion group was refused.
type TypeError struct {
	Index   int    // the definition at fault, counted within its group
	Message string // begins with the words of the specification's test suite
	Limit   bool   // the group may be valid, and goes past a limit of this table
	// Feature is the proposal that would have allowed the definition; 0 when
	// none would. See [Types.Allow].
	Feature ops.Features
}

// Error returns the message.
func (e *TypeError) Error() string { return e.Message }

// AddGroup adds a recursion group, whose types take the indices from Len on,
// and keeps no part of it. The group must be well-formed: its references must
// lie within it or before it, and its declared subtyping must hold. It is a
// *TypeError that says it is not; the table is then as it was before.
//
// It is BeginGroup, Define for each type, and EndGroup; call these where the
// types of a group do not lie in memory together.
//
// Specification: 3.2.11 "Recursive Types".
func (t *Types) AddGroup(group []SubType) error {
	t.BeginGroup(uint32(min(len(group), math.MaxInt32)))
	for k := range group {
		if err := t.Define(&group[k]); err != nil {
			return err
		}
	}
	return t.EndGroup()
}

// BeginGroup begins a recursion group of n types. A group that has begun and not ended
// is taken out again.
func (t *Types) BeginGroup(n uint32) {
	if t.group.start != t.group.end {
		t.discard()
	}
	start := uint32(len(t.defs))
	t.group = newGroup{start: start, end: start + min(n, math.MaxUint32-start), lists: len(t.lists), fields: len(t.fields), need: t.need}
}

// Define adds the next type of the group that BeginGroup began. An error ends
// the group.
func (t *Types) Define(s *SubType) error {
	k := len(t.defs) - int(t.group.start)
	if err := t.define(s); err != nil {
		return t.undo(k, err)
	}
	return nil
}

// EndGroup ends the group, all types of which were defined.
func (t *Types) EndGroup() error {
	start, end := t.group.start, t.group.end
	switch {
	case uint64(len(t.defs)) != uint64(end):
		return t.undo(0, fmt.Errorf("recursion group of %d types has %d", end-start, len(t.defs)-int(start)))
	case start == end:
		return nil
	}
	t.defs[start].flags |= flagFirst
	t.defs[end-1].flags |= flagLast
	if equal, ok := t.groups.find(t, start, end); ok {
		t.represent(equal)
	} else {
		if i, err := t.check(); err != nil {
			return t.undo(int(i-start), err)
		}
		t.groups.add(t, start, end)
	}
	t.group.start = end // which no call takes out again
	t.group.lists, t.group.fields, t.group.need = len(t.lists), len(t.fields), t.need
	return nil
}

// AddFunc adds a final function type in a group of its own and returns its
// index.
func (t *Types) AddFunc(params, results []ops.ValType) (uint32, error) {
	group := [1]SubType{{Kind: Func, Final: true, Params: params, Results: results}}
	if err := t.AddGroup(group[:]); err != nil {
		return uint32(len(t.defs)), err
	}
	return uint32(len(t.defs) - 1), nil
}

// newGroup is a recursion group on its way into the table: its definitions are
// appended as if no equal group existed.
type newGroup struct {
	start, end    uint32       // its types
	lists, fields int          // lengths of the arenas before it
	need          ops.Features // before it
}

// discard takes the group out again.
func (t *Types) discard() {
	g := &t.group
	t.defs, t.lists, t.fields, t.need = t.defs[:g.start], t.lists[:g.lists], t.fields[:g.fields], g.need
	g.end = g.start
}

// undo takes the group out again and returns the error for its definition k.
func (t *Types) undo(k int, err error) error {
	t.discard()
	if e, ok := err.(*TypeError); ok {
		e.Index = k
		return e
	}
	return &TypeError{Index: k, Message: err.Error()}
}

// represent replaces the definitions of the group by those of the equal group
// that begins at index first.
func (t *Types) represent(first uint32) {
	g := &t.group
	copy(t.defs[g.start:g.end], t.defs[first:first+(g.end-g.start)])
	t.lists, t.fields = t.lists[:g.lists], t.fields[:g.fields]
}

// define appends the definition s, its references made canonical.
func (t *Types) define(s *SubType) error {
	if uint64(len(t.defs)) >= uint64(t.group.end) {
		return fmt.Errorf("recursion group has more than %d types", t.group.end-t.group.start)
	}
	if len(t.defs) >= ops.MaxTypeIndex { // which stands for every larger index
		return &TypeError{Message: "too many types", Limit: true}
	}
	if len(t.lists) > math.MaxInt32-len(s.Params)-len(s.Results)-len(s.Fields) {
		return &TypeError{Message: "type section too large", Limit: true}
	}
	i := uint32(len(t.defs))
	d := def{canon: i, list: uint32(len(t.lists)), kind: s.Kind}
	if s.Final {
		d.flags |= flagFinal
	}
	if s.Shared {
		d.flags |= flagShared
	}
	if err := t.defineClauses(&d, s); err != nil {
		return err
	}
	err := error(nil)
	switch s.Kind {
	case Func:
		d.n1, d.n2 = uint32(len(s.Params)), uint32(len(s.Results))
		if d.n2 > 1 {
			err = t.use(ops.MultiValue, "invalid result arity: %d results", d.n2)
		}
		if err == nil {
			err = t.appendList(s.Params)
		}
		if err == nil {
			err = t.appendList(s.Results)
		}
	case Struct, Array:
		if s.Kind == Array && len(s.Fields) != 1 {
			return fmt.Errorf("array type %d has %d fields instead of one", i, len(s.Fields))
		}
		d.n1, d.n2 = uint32(len(s.Fields)), uint32(len(t.fields))
		err = t.appendFields(&d, s.Fields)
	case Cont:
		d.n1, err = t.resolve(s.Cont)
	}
	t.defs = append(t.defs, d)
	return err
}

// defineClauses sets what d says about other types: its supertype, and the
// clauses of custom-descriptors.
func (t *Types) defineClauses(d *def, s *SubType) (err error) {
	if s.NumSupers > 1 {
		return fmt.Errorf("sub type %d has %d super types, at most one is allowed", d.canon, s.NumSupers)
	}
	if s.NumSupers == 1 {
		if d.super, err = t.resolve(s.Super); err != nil {
			return err
		}
		if s.Super >= d.canon {
			return fmt.Errorf("forward use of type %d in sub type definition", s.Super)
		}
		d.flags |= flagSuper
		d.jump = s.Super // as written, for messages, until checkSuper
	}
	if s.HasDescriptor {
		d.flags |= flagDescriptor
		if d.descriptor = s.Descriptor; s.Descriptor < t.group.start || s.Descriptor >= t.group.end {
			return fmt.Errorf("descriptor type is outside rec group: type %d", s.Descriptor)
		}
	}
	if s.HasDescribes {
		d.flags |= flagDescribes
		if d.describes = s.Describes; s.Describes < t.group.start || s.Describes >= t.group.end {
			return fmt.Errorf("described type is outside rec group: type %d", s.Describes)
		}
	}
	return nil
}

// resolve returns the index that stands for type i from now on.
func (t *Types) resolve(i uint32) (uint32, error) {
	switch {
	case i < t.group.start:
		return t.defs[i].canon, nil
	case i < t.group.end:
		return i, t.use(ops.GC, "unknown type %d: a reference into its own recursion group", i)
	}
	return 0, fmt.Errorf("unknown type %d", i)
}

// use notes that a definition needs f; the error is that f is off.
func (t *Types) use(f ops.Features, format string, arg uint32) error {
	t.need |= f
	if missing := t.off & f; missing != 0 {
		return &TypeError{Message: fmt.Sprintf(format, arg), Feature: missing}
	}
	return nil
}

// resolveVal does for a storage type what resolve does for an index.
func (t *Types) resolveVal(v ops.ValType) (ops.ValType, error) {
	if !v.IsRef() {
		return v, nil
	}
	i, ok := v.Heap().Index()
	if !ok {
		return v, nil
	}
	c, err := t.resolve(i)
	return withIndex(v, c), err
}

// appendList appends the types of a list to the arena, their references canonical. The
// arena doubles when it is full; append alone would copy a large one several times as
// often.
func (t *Types) appendList(list []ops.ValType) error {
	if cap(t.lists)-len(t.lists) < len(list) {
		t.lists = slices.Grow(t.lists, max(len(list), len(t.lists)))
	}
	for _, v := range list {
		v, err := t.resolveVal(v)
		if err != nil {
			return err
		}
		t.lists = append(t.lists, v)
	}
	return nil
}

// appendFields appends the fields of d to the arenas, their references canonical.
func (t *Types) appendFields(d *def, fields []Field) error {
	d.flags |= flagDefaultable
	for _, f := range fields {
		v, err := t.resolveVal(f.Type)
		if err != nil {
			return err
		}
		if !v.Defaultable() {
			d.flags &^= flagDefaultable
		}
		t.fields = append(t.fields, Field{Type: v, Mutable: f.Mutable})
		t.lists = append(t.lists, v.Unpacked())
	}
	return nil
}

// check applies the rules to a group that is new, each rule to all definitions
// before the next, and returns the first definition that breaks one.
func (t *Types) check() (i uint32, err error) {
	for i = t.group.start; i < t.group.end; i++ {
		if err = t.checkDescriptors(i); err != nil {
			return i, err
		}
	}
	for i = t.group.start; i < t.group.end; i++ {
		if err = t.checkShape(i); err != nil {
			return i, err
		}
	}
	for i = t.group.start; i < t.group.end; i++ {
		if err = t.checkSuper(i); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// checkDescriptors checks that type i and its descriptor name each other, the
// described type first (custom-descriptors).
func (t *Types) checkDescriptors(i uint32) error {
	d := &t.defs[i]
	if d.flags&flagDescribes != 0 {
		described := &t.defs[d.describes]
		if described.flags&flagDescriptor == 0 || described.descriptor != i {
			return fmt.Errorf("described type is not described by descriptor: type %d", d.describes)
		}
		if d.describes >= i {
			return fmt.Errorf("forward use of described type %d", d.describes)
		}
	}
	if d.flags&flagDescriptor != 0 {
		descriptor := &t.defs[d.descriptor]
		if descriptor.flags&flagDescribes == 0 || descriptor.describes != i {
			return fmt.Errorf("type is not described by its descriptor: type %d", d.descriptor)
		}
		if (d.flags^descriptor.flags)&flagShared != 0 {
			return fmt.Errorf("type %d and its descriptor %d must both be shared or both not", i, d.descriptor)
		}
	}
	return nil
}

// checkShape checks what type i says about itself, supertypes apart.
func (t *Types) checkShape(i uint32) error {
	d := &t.defs[i]
	if d.kind != Struct {
		if d.flags&flagDescriptor != 0 {
			return fmt.Errorf("descriptor type must be a struct: type %d", i)
		}
		if d.flags&flagDescribes != 0 {
			return fmt.Errorf("described type must be a struct: type %d", i)
		}
	}
	if d.kind == Cont && t.defs[d.n1].kind != Func {
		return fmt.Errorf("non-function type %d", d.n1)
	}
	if d.flags&flagShared == 0 {
		return nil
	}
	if d.kind == Cont && !t.Shared(d.n1) {
		return fmt.Errorf("shared type %d mentions the type %d, which is not shared", i, d.n1)
	}
	for _, v := range t.operands(d) {
		if !t.ValShared(v) {
			return fmt.Errorf("shared type %d mentions the type %v, which is not shared", i, v)
		}
	}
	return nil
}

// operands returns all value types that d mentions.
func (t *Types) operands(d *def) []ops.ValType {
	switch d.kind {
	case Func:
		return t.lists[d.list : d.list+d.n1+d.n2]
	case Cont:
		return nil
	}
	return t.lists[d.list : d.list+d.n1]
}

// checkSuper checks type i against its declared supertype, and places it below
// that one.
//
// Specification: 3.2.11 "Recursive Types", subtype.
func (t *Types) checkSuper(i uint32) error {
	d := &t.defs[i]
	if d.flags&flagSuper == 0 {
		d.jump = i
		return nil
	}
	super, written := &t.defs[d.super], d.jump
	if super.flags&flagFinal != 0 {
		return fmt.Errorf("sub type %d has final super type %d", i, written)
	}
	if err := t.matchClauses(d, super, written); err != nil {
		return err
	}
	if !t.matchComposite(d, super) {
		return fmt.Errorf("sub type %d does not match super type %d", i, written)
	}
	if super.depth >= MaxSubtypeDepth {
		return &TypeError{Message: fmt.Sprintf("sub type hierarchy too deep: more than %d super types", MaxSubtypeDepth), Limit: true}
	}
	d.depth = super.depth + 1
	d.jump = t.jumpBelow(d.super)
	return nil
}
