package module

import (
	"fmt"
	"math"

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
}

// Error returns the message.
func (e *TypeError) Error() string { return e.Message }

// AddGroup adds a recursion group, whose types take the indices from Len on,
// and keeps no part of it. The group must be well-formed: its references must
// lie within it or before it, and its declared subtyping must hold. It is a
// *TypeError that says it is not; the table is then as it was before.
//
// Specification: 3.2.9 "Recursive Types".
func (t *Types) AddGroup(group []SubType) error {
	if len(group) > ops.MaxTypeIndex-len(t.defs) {
		return &TypeError{Message: "too many types", Limit: true}
	}
	g := newGroup{Types: t, start: uint32(len(t.defs)), lists: len(t.lists), fields: len(t.fields), needBefore: t.need}
	g.end = g.start + uint32(len(group))
	for k := range group {
		if err := g.define(&group[k]); err != nil {
			return g.undo(k, err)
		}
	}
	if len(group) == 0 {
		return nil
	}
	t.defs[g.start].flags |= flagFirst
	t.defs[g.end-1].flags |= flagLast
	if equal, ok := t.groups.find(t, g.start, g.end); ok {
		g.represent(equal)
		return nil
	}
	if i, err := g.check(); err != nil {
		return g.undo(int(i-g.start), err)
	}
	t.groups.add(t, g.start, g.end)
	return nil
}

// AddFunc adds a final function type in a group of its own and returns its
// index.
func (t *Types) AddFunc(params, results []ops.ValType) (uint32, error) {
	group := [1]SubType{{Kind: Func, Final: true, Params: params, Results: results}}
	index := uint32(len(t.defs))
	return index, t.AddGroup(group[:])
}

// newGroup is a recursion group on its way into the table: its definitions are
// appended as if no equal group existed.
type newGroup struct {
	*Types
	start, end    uint32
	lists, fields int // lengths of the arenas before it
	needBefore    ops.Features
}

// undo takes the group out again and returns the error for its definition k.
func (g *newGroup) undo(k int, err error) error {
	t := g.Types
	t.defs, t.lists, t.fields, t.need = t.defs[:g.start], t.lists[:g.lists], t.fields[:g.fields], g.needBefore
	if e, ok := err.(*TypeError); ok {
		e.Index = k
		return e
	}
	return &TypeError{Index: k, Message: err.Error()}
}

// represent replaces the definitions of the group by those of the equal group
// that begins at index first.
func (g *newGroup) represent(first uint32) {
	t := g.Types
	copy(t.defs[g.start:g.end], t.defs[first:first+(g.end-g.start)])
	t.lists, t.fields = t.lists[:g.lists], t.fields[:g.fields]
}

// define appends the definition s, its references made canonical.
func (g *newGroup) define(s *SubType) error {
	t := g.Types
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
	if err := g.defineClauses(&d, s); err != nil {
		return err
	}
	err := error(nil)
	switch s.Kind {
	case Func:
		d.n1, d.n2 = uint32(len(s.Params)), uint32(len(s.Results))
		if d.n2 > 1 {
			t.need |= ops.MultiValue
		}
		if err = g.appendList(s.Params); err == nil {
			err = g.appendList(s.Results)
		}
	case Struct, Array:
		if s.Kind == Array && len(s.Fields) != 1 {
			return fmt.Errorf("array type %d has %d fields instead of one", i, len(s.Fields))
		}
		d.n1, d.n2 = uint32(len(s.Fields)), uint32(len(t.fields))
		err = g.appendFields(&d, s.Fields)
	case Cont:
		d.n1, err = g.resolve(s.Cont)
	}
	t.defs = append(t.defs, d)
	return err
}

// defineClauses sets what d says about other types: its supertype, and the
// clauses of custom-descriptors.
func (g *newGroup) defineClauses(d *def, s *SubType) (err error) {
	if s.NumSupers > 1 {
		return fmt.Errorf("sub type %d has %d super types, at most one is allowed", d.canon, s.NumSupers)
	}
	if s.NumSupers == 1 {
		if d.super, err = g.resolve(s.Super); err != nil {
			return err
		}
		if s.Super >= d.canon {
			return fmt.Errorf("forward use of type %d in sub type definition", s.Super)
		}
		d.flags |= flagSuper
	}
	if s.HasDescriptor {
		d.flags |= flagDescriptor
		if d.descriptor = s.Descriptor; s.Descriptor < g.start || s.Descriptor >= g.end {
			return fmt.Errorf("descriptor type is outside rec group: type %d", s.Descriptor)
		}
	}
	if s.HasDescribes {
		d.flags |= flagDescribes
		if d.describes = s.Describes; s.Describes < g.start || s.Describes >= g.end {
			return fmt.Errorf("described type is outside rec group: type %d", s.Describes)
		}
	}
	return nil
}

// resolve returns the index that stands for type i from now on.
func (g *newGroup) resolve(i uint32) (uint32, error) {
	switch {
	case i < g.start:
		return g.defs[i].canon, nil
	case i < g.end:
		g.need |= ops.GC
		return i, nil
	}
	return 0, fmt.Errorf("unknown type %d", i)
}

// resolveVal does for a storage type what resolve does for an index.
func (g *newGroup) resolveVal(v ops.ValType) (ops.ValType, error) {
	if !v.IsRef() {
		return v, nil
	}
	i, ok := v.Heap().Index()
	if !ok {
		return v, nil
	}
	c, err := g.resolve(i)
	return withIndex(v, c), err
}

func (g *newGroup) appendList(list []ops.ValType) error {
	for _, v := range list {
		v, err := g.resolveVal(v)
		if err != nil {
			return err
		}
		g.Types.lists = append(g.Types.lists, v)
	}
	return nil
}

func (g *newGroup) appendFields(d *def, fields []Field) error {
	t := g.Types
	d.flags |= flagDefaultable
	for _, f := range fields {
		v, err := g.resolveVal(f.Type)
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
func (g *newGroup) check() (i uint32, err error) {
	for i = g.start; i < g.end; i++ {
		if err = g.checkDescriptors(i); err != nil {
			return i, err
		}
	}
	for i = g.start; i < g.end; i++ {
		if err = g.checkShape(i); err != nil {
			return i, err
		}
	}
	for i = g.start; i < g.end; i++ {
		if err = g.checkSuper(i); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// checkDescriptors checks that type i and its descriptor name each other, the
// described type first (custom-descriptors).
func (g *newGroup) checkDescriptors(i uint32) error {
	d := &g.defs[i]
	if d.flags&flagDescribes != 0 {
		described := &g.defs[d.describes]
		if described.flags&flagDescriptor == 0 || described.descriptor != i {
			return fmt.Errorf("described type is not described by descriptor: type %d", d.describes)
		}
		if d.describes >= i {
			return fmt.Errorf("forward use of described type %d", d.describes)
		}
	}
	if d.flags&flagDescriptor != 0 {
		descriptor := &g.defs[d.descriptor]
		if descriptor.flags&flagDescribes == 0 || descriptor.describes != i {
			return fmt.Errorf("type is not described by its descriptor: type %d", d.descriptor)
		}
	}
	return nil
}

// checkShape checks what type i says about itself, supertypes apart.
func (g *newGroup) checkShape(i uint32) error {
	d := &g.defs[i]
	if d.kind != Struct {
		if d.flags&flagDescriptor != 0 {
			return fmt.Errorf("descriptor type must be a struct: type %d", i)
		}
		if d.flags&flagDescribes != 0 {
			return fmt.Errorf("described type must be a struct: type %d", i)
		}
	}
	if d.kind == Cont && g.defs[d.n1].kind != Func {
		return fmt.Errorf("non-function type %d", d.n1)
	}
	if d.flags&flagShared == 0 {
		return nil
	}
	for _, v := range g.operands(d) {
		if !g.ValShared(v) {
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
// Specification: 3.2.9 "Recursive Types", subtype.
func (g *newGroup) checkSuper(i uint32) error {
	d := &g.defs[i]
	if d.flags&flagSuper == 0 {
		d.jump = i
		return nil
	}
	super := &g.defs[d.super]
	if super.flags&flagFinal != 0 {
		return fmt.Errorf("sub type %d has final super type %d", i, d.super)
	}
	if err := g.matchClauses(d, super); err != nil {
		return err
	}
	if !g.matchComposite(d, super) {
		return fmt.Errorf("sub type %d does not match super type %d", i, d.super)
	}
	if super.depth >= MaxSubtypeDepth {
		return &TypeError{Message: fmt.Sprintf("sub type hierarchy too deep: more than %d super types", MaxSubtypeDepth), Limit: true}
	}
	d.depth = super.depth + 1
	d.jump = g.jumpBelow(d.super)
	return nil
}
