package generate

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// constExpr makes a constant expression of a value of type t, its end included. It
// may refer to the first globals globals. ok is false when there is none.
//
// Specification: 3.4.13 "Expressions", constant expressions.
func (p *program) constExpr(t ops.ValType, globals int) (expr []byte, ok bool) {
	c := constant{program: p, globals: globals}
	if !c.value(t, 3) {
		return nil, false
	}
	return append(c.code, byte(ops.End)), true
}

// constant is a constant expression in the making.
type constant struct {
	*program
	globals int
	code    []byte
}

func (c *constant) emit(in ops.Instr) { c.code = ops.AppendInstr(c.code, &in) }

// value appends operators that leave a value of type t, nested no deeper than
// depth. When it fails it appends nothing.
func (c *constant) value(t ops.ValType, depth int) bool {
	if depth > 0 && c.one(3) && c.global(t) {
		return true
	}
	if !t.IsRef() {
		c.number(t, depth)
		return true
	}
	if t.Nullable() && (depth <= 0 || c.one(3)) {
		c.emit(ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{t}})
		return c.has(ops.ReferenceTypes)
	}
	before := len(c.code)
	for range 8 {
		if depth > 0 && c.reference(t, depth) {
			return true
		}
		c.code = c.code[:before]
	}
	if t.Nullable() {
		c.emit(ops.Instr{Op: ops.RefNull, Type: [2]ops.ValType{t}})
		return c.has(ops.ReferenceTypes)
	}
	return c.global(t)
}

// global reads a global of type t, if there is one.
func (c *constant) global(t ops.ValType) bool {
	var fit []uint32
	for i, g := range c.visible() {
		if !g.Mutable && c.matches(g.Type, t) && (i < c.importedGlobals || c.has(ops.GC)) {
			fit = append(fit, uint32(i))
		}
	}
	if len(fit) == 0 {
		return false
	}
	c.emit(ops.Instr{Op: ops.GlobalGet, Index: pick(c.choices, fit)})
	return true
}

// visible returns the globals that the expression may refer to.
func (c *constant) visible() []global { return c.program.globals[:c.globals] }

// number leaves a number or vector.
func (c *constant) number(t ops.ValType, depth int) {
	if depth > 0 && c.has(ops.ExtendedConst) && c.one(4) && (t == ops.I32 || t == ops.I64) {
		c.number(t, depth-1)
		c.number(t, depth-1)
		list := []ops.Op{ops.I32Add, ops.I32Sub, ops.I32Mul}
		if t == ops.I64 {
			list = []ops.Op{ops.I64Add, ops.I64Sub, ops.I64Mul}
		}
		c.emit(ops.Instr{Op: pick(c.choices, list)})
		return
	}
	c.emit(literal(c.choices, t))
}

// literal is the constant operator of a number or vector.
func literal(c choices, t ops.ValType) ops.Instr {
	switch t {
	case ops.I64:
		return ops.Instr{Op: ops.I64Const, Value: c.word(64)}
	case ops.F32:
		return ops.Instr{Op: ops.F32Const, Value: uint64(uint32(c.word(32)))}
	case ops.F64:
		return ops.Instr{Op: ops.F64Const, Value: c.word(64)}
	case ops.V128:
		in := ops.Instr{Op: ops.V128Const}
		for i := range in.Bytes {
			in.Bytes[i] = byte(c.below(256))
		}
		return in
	default:
		return ops.Instr{Op: ops.I32Const, Value: uint64(int64(int32(c.word(32))))}
	}
}

// reference tries one way of making a reference of type t that is not null.
func (c *constant) reference(t ops.ValType, depth int) bool {
	switch c.below(5) {
	case 0:
		return c.function(t)
	case 1:
		i31, op := ops.HeapI31, ops.RefI31
		if c.has(ops.SharedEverythingThreads) && c.one(2) {
			i31, op = i31.WithShared(), ops.RefI31Shared
		}
		if !c.has(ops.GC) || !c.matches(i31.Ref(), t) || !c.value(ops.I32, depth-1) {
			return false
		}
		c.emit(ops.Instr{Op: op})
		return true
	case 2:
		return c.convert(t, depth)
	}
	if !c.has(ops.GC) || c.types.Len() == 0 {
		return false
	}
	if i, ok := t.Heap().Index(); ok && c.one(2) {
		return c.aggregate(i, t, depth)
	}
	return c.aggregate(uint32(c.below(c.types.Len())), t, depth)
}

// function makes a reference to a function.
func (c *constant) function(t ops.ValType) bool {
	if len(c.funcs) == 0 || !c.has(ops.ReferenceTypes) {
		return false
	}
	i := c.below(len(c.funcs))
	ref := ops.IndexHeap(c.funcs[i]).Ref()
	exact := i >= c.importedFuncs
	for _, x := range c.imports {
		exact = exact || x.kind == module.ExternFunc && x.index == i && x.exact
	}
	if exact && c.has(ops.CustomDescriptors) {
		ref = ops.IndexHeap(c.funcs[i]).WithExact().Ref()
	}
	if !c.matches(ref, t) {
		return false
	}
	c.emit(ops.Instr{Op: ops.RefFunc, Index: uint32(i)})
	return true
}

// convert makes a reference of the other of two hierarchies and converts it.
func (c *constant) convert(t ops.ValType, depth int) bool {
	if !c.has(ops.GC) {
		return false
	}
	from, to, op := ops.HeapAny, ops.HeapExtern, ops.ExternConvertAny
	if t.Heap().Abs() == ops.HeapAny {
		from, to, op = to, from, ops.AnyConvertExtern
	}
	if t.Heap().Shared() {
		from, to = from.WithShared(), to.WithShared()
	}
	if !c.matches(to.Ref(), t) || !c.value(from.Ref(), depth-1) {
		return false
	}
	c.emit(ops.Instr{Op: op})
	return true
}

// aggregate makes a structure or array of the type at index i.
func (c *constant) aggregate(i uint32, t ops.ValType, depth int) bool {
	kind := c.types.Kind(i)
	made := ops.IndexHeap(i)
	if c.has(ops.CustomDescriptors) {
		made = made.WithExact()
	}
	if kind != module.Struct && kind != module.Array || !c.matches(made.Ref(), t) {
		return false
	}
	if kind == module.Array {
		return c.array(i, depth)
	}
	descriptor, described := c.types.Descriptor(i)
	byDefault := c.types.Defaultable(i) && c.one(2)
	if !byDefault {
		for _, f := range c.types.FieldOperands(i) {
			if !c.value(f, depth-1) {
				return false
			}
		}
	}
	if described && !c.value(ops.IndexHeap(descriptor).WithExact().Ref(), depth-1) {
		return false
	}
	c.emit(ops.Instr{Op: structNew(byDefault, described), Index: i})
	return true
}

// structNew is the operator that makes a structure.
func structNew(byDefault, described bool) ops.Op {
	switch {
	case byDefault && described:
		return ops.StructNewDefaultDesc
	case byDefault:
		return ops.StructNewDefault
	case described:
		return ops.StructNewDesc
	}
	return ops.StructNew
}

// array makes an array of the type at index i.
func (c *constant) array(i uint32, depth int) bool {
	elem := c.types.Elem(i).Type.Unpacked()
	switch n := c.below(3); {
	case n == 0 && c.types.Defaultable(i):
		c.emit(ops.Instr{Op: ops.I32Const, Value: 3})
		c.emit(ops.Instr{Op: ops.ArrayNewDefault, Index: i})
	case n == 1:
		if !c.value(elem, depth-1) {
			return false
		}
		c.emit(ops.Instr{Op: ops.I32Const, Value: 3})
		c.emit(ops.Instr{Op: ops.ArrayNew, Index: i})
	default:
		size := uint32(c.below(3))
		for range size {
			if !c.value(elem, depth-1) {
				return false
			}
		}
		c.emit(ops.Instr{Op: ops.ArrayNewFixed, Index: i, Index2: size})
	}
	return true
}
