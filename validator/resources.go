package validator

import (
	"fmt"
	"reflect"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Resources is what a function body may ask of its module: the declarations
// that the rules of instructions refer to (specification 3.1.6 "Contexts").
// [*module.Module] satisfies it, and so can a type of your own.
//
// Each index space is counted from 0, imports first. An index that is asked for
// is always below the count of its space. The answers must not change while
// validators use the resources: they are read once, when a validator is made for
// them, and never during the validation of a function. The methods are called
// from the goroutine that makes the validator.
//
// The types that they refer to must exist, and those of functions and tags must be
// function types: to make a validator for resources that contradict themselves
// panics, and says what is wrong.
type Resources interface {
	// Types are the defined types.
	Types() *module.Types
	// NumFuncs counts the functions and FuncType gives the type index of one.
	NumFuncs() int
	FuncType(i uint32) uint32
	NumTables() int
	Table(i uint32) module.TableType
	NumMemories() int
	Memory(i uint32) module.MemoryType
	NumGlobals() int
	Global(i uint32) module.GlobalType
	// NumTags counts the tags and Tag gives the type index of one.
	NumTags() int
	Tag(i uint32) uint32
	// NumElems counts the element segments and Elem gives the type of one.
	NumElems() int
	Elem(i uint32) ops.ValType
	// DataCount is the number of data segments that the data count section
	// announces; ok is false when there is no such section.
	DataCount() (n uint32, ok bool)
	// FuncDeclared reports whether ref.func may refer to the function: whether
	// it occurs outside function bodies and data segments (specification 3.5.13,
	// "Modules").
	FuncDeclared(i uint32) bool
	// FuncExact reports whether the function is known to have exactly its type:
	// every function but an import that may be of a subtype. It matters with
	// custom descriptors only.
	FuncExact(i uint32) bool
}

// declarations returns the flat tables that the rules read. A module hands over
// its own; other resources are asked once for everything. The test is for the
// very type: a user's type that embeds a *module.Module may answer differently.
func declarations[R Resources](r R) *module.Decls {
	if isNil(r) {
		return &module.Decls{Types: module.NewTypes()}
	}
	if m, ok := any(r).(*module.Module); ok {
		if m.Decls().Types == nil { // the zero value
			return &module.Decls{Types: module.NewTypes()}
		}
		return m.Decls()
	}
	types := r.Types()
	if types == nil {
		types = module.NewTypes()
	}
	d := functions(r)
	d.Types = types
	d.Tables = collect(r.NumTables(), r.Table)
	d.Memories = collect(r.NumMemories(), r.Memory)
	d.Globals = collect(r.NumGlobals(), r.Global)
	d.Tags = collect(r.NumTags(), r.Tag)
	d.Elems = collect(r.NumElems(), r.Elem)
	d.DataCount, d.HasDataCount = r.DataCount()
	for i := range d.Funcs {
		if r.FuncDeclared(uint32(i)) {
			d.DeclareFunc(uint32(i))
		}
	}
	settle(d)
	return d
}

// settle makes sure that all types exist that a user's resources refer to, and
// puts the representatives of equal types in their place, as the rules want them.
func settle(d *module.Decls) {
	for i, t := range d.Funcs {
		mustBeFunc(d.Types, t, "function", i)
	}
	for i, t := range d.Tags {
		mustBeFunc(d.Types, t, "tag", i)
	}
	for i := range d.Tables {
		mustBeRef(d.Tables[i].Elem, "table", i)
		d.Tables[i].Elem = representative(d.Types, d.Tables[i].Elem, "table", i)
	}
	for i := range d.Globals {
		d.Globals[i].Type = representative(d.Types, d.Globals[i].Type, "global", i)
	}
	for i := range d.Elems {
		mustBeRef(d.Elems[i], "element segment", i)
		d.Elems[i] = representative(d.Types, d.Elems[i], "element segment", i)
	}
}

// mustBeFunc panics unless the type of thing i is a function type.
func mustBeFunc(types *module.Types, typeIdx uint32, what string, i int) {
	if int64(typeIdx) >= int64(types.Len()) || types.Kind(typeIdx) != module.Func {
		panic(fmt.Sprintf("validator: resources: the type of %s %d is %d, which is no function type", what, i, typeIdx))
	}
}

// mustBeRef panics unless the type of thing i is a reference type.
func mustBeRef(t ops.ValType, what string, i int) {
	if !t.IsRef() {
		panic(fmt.Sprintf("validator: resources: the type of %s %d is %v, which is no reference type", what, i, t))
	}
}

// representative returns t, the type of thing i, with its type index replaced by that
// of the representative. It panics when there is no such type, or no value has it.
func representative(types *module.Types, t ops.ValType, what string, i int) ops.ValType {
	if !t.IsValue() {
		panic(fmt.Sprintf("validator: resources: the type of %s %d is %v, which no value has", what, i, t))
	}
	if typeIdx, ok := t.Heap().Index(); ok && t.IsRef() && int64(typeIdx) >= int64(types.Len()) {
		panic(fmt.Sprintf("validator: resources: the type of %s %d is %v, and there is no type %d", what, i, t, typeIdx))
	}
	return types.CanonVal(t)
}

// functions returns declarations of the functions alone. Those that are not of
// exactly their type, and the ones before them, count as imports.
func functions[R Resources](r R) *module.Decls {
	n := r.NumFuncs()
	exact := collect(n, r.FuncExact)
	imports := len(exact)
	for imports > 0 && exact[imports-1] {
		imports--
	}
	b := module.NewBuilder()
	for i, t := range collect(n, r.FuncType) {
		if i < imports {
			b.ImportFunc("", "", t, exact[i])
		} else {
			b.AddFunc(t)
		}
	}
	return b.Decls()
}

// isNil reports whether there are no resources: an interface or a pointer that
// is nil.
func isNil[R Resources](r R) bool {
	v := reflect.ValueOf(any(r))
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// collect asks for the n items of one index space.
func collect[T any](n int, item func(uint32) T) []T {
	if n <= 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = item(uint32(i))
	}
	return list
}
