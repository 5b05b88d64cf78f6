package validatortest

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// Resources are the declarations of a module that does not exist, for tests of
// function validators: they satisfy the interface Resources of package validator.
// They record what they are asked, and on demand answer wrongly or fail.
//
// The methods that begin with Add, and Declare, Lie and Fail, return the resources,
// so that calls chain. All of these come before a validator is made for them.
// Declarations are written as for [Module], and a mistake in the text panics. As
// there, nothing checks that they are valid, except that types must be well-formed
// for there to be any.
//
// The methods that ask are safe for concurrent use.
type Resources struct {
	types    *module.Types
	funcs    []resourceFunc
	tables   []module.TableType
	memories []module.MemoryType
	globals  []module.GlobalType
	tags     []uint32
	elems    []ops.ValType
	data     uint32
	hasData  bool

	mu      sync.Mutex
	asked   []Question
	answers map[Question]any
}

type resourceFunc struct {
	typeIdx           uint32
	declared, inexact bool
}

// Question is a call of one of the methods that validators ask resources.
type Question struct {
	Method string // its name
	Index  uint32 // 0 for a method that takes none
}

// failure is the answer of a method that is to panic.
type failure struct{ value any }

// NewResources returns resources without declarations.
func NewResources() *Resources {
	return &Resources{types: module.NewTypes(), answers: map[Question]any{}}
}

// AddType adds one type outside of any recursion group: "func (param i32)".
func (r *Resources) AddType(text string) *Resources { return r.AddRec(text) }

// AddRec adds a recursion group of the types given.
func (r *Resources) AddRec(types ...string) *Resources {
	item := encode("", func(r *reader) { r.recType(len(types)) })
	for _, t := range types {
		item.join(encode(t, (*reader).subType))
	}
	s := readSection(module.SectionType, item)
	head, err := s.TypeGroup()
	must(err)
	r.types.BeginGroup(head.Count)
	for s.MoreSubTypes() {
		var t module.SubType
		_, err := s.SubType(&t)
		must(err)
		must(r.types.Define(&t))
	}
	must(r.types.EndGroup())
	return r
}

// AddFunc adds a function of the type at typeIdx. Function bodies may refer to it
// by ref.func only after [Resources.Declare].
func (r *Resources) AddFunc(typeIdx uint32) *Resources {
	r.funcs = append(r.funcs, resourceFunc{typeIdx: typeIdx})
	return r
}

// AddInexactFunc adds a function that may be of a subtype of the type at typeIdx,
// as imports may.
func (r *Resources) AddInexactFunc(typeIdx uint32) *Resources {
	r.funcs = append(r.funcs, resourceFunc{typeIdx: typeIdx, inexact: true})
	return r
}

// Declare lets ref.func refer to the functions given.
func (r *Resources) Declare(funcs ...uint32) *Resources {
	for _, f := range funcs {
		r.funcs[f].declared = true
	}
	return r
}

// AddTable adds a table: "1 10 funcref".
func (r *Resources) AddTable(text string) *Resources {
	it, err := readSection(module.SectionTable, encode(text, (*reader).tableType)).Table()
	must(err)
	r.tables = append(r.tables, it.Type)
	return r
}

// AddMemory adds a memory: "1 2", "i64 1 2 shared pagesize=1".
func (r *Resources) AddMemory(text string) *Resources {
	it, err := readSection(module.SectionMemory, encode(text, (*reader).memoryType)).Memory()
	must(err)
	r.memories = append(r.memories, it.Type)
	return r
}

// AddGlobal adds a global: "i32", "mut i32".
func (r *Resources) AddGlobal(text string) *Resources {
	item := encode(text, (*reader).globalType)
	item.byte(opEnd)
	it, err := readSection(module.SectionGlobal, item).Global()
	must(err)
	r.globals = append(r.globals, it.Type)
	return r
}

// AddTag adds a tag of the function type at typeIdx.
func (r *Resources) AddTag(typeIdx uint32) *Resources {
	r.tags = append(r.tags, typeIdx)
	return r
}

// AddElem adds an element segment of a reference type: "funcref".
func (r *Resources) AddElem(text string) *Resources {
	r.elems = append(r.elems, ValType(text))
	return r
}

// AddData adds a data segment, which the data count section announces.
func (r *Resources) AddData() *Resources {
	r.data, r.hasData = r.data+1, true
	return r
}

// readSection returns a reader of a section with one item, which stands behind the
// count.
func readSection(id module.SectionID, item code) *module.SectionReader {
	s := new(module.SectionReader)
	s.Reset(module.Section{ID: id, Content: append([]byte{1}, item.b...)}, ops.All)
	_, err := s.Count()
	must(err)
	return s
}

func must(err error) {
	if err != nil {
		panic("validatortest: " + err.Error())
	}
}

// Asked returns the questions so far, in order.
func (r *Resources) Asked() []Question {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}

// Count returns how often a method was asked, with whatever index.
func (r *Resources) Count(method string) int {
	n := 0
	for _, q := range r.Asked() {
		if q.Method == method {
			n++
		}
	}
	return n
}

// always stands for every index that a method is asked with.
const always = math.MaxUint32

// Lie makes a method answer what it should not: for the indices given, or always
// if none is. The answer is of the method's result type; for DataCount it is a
// uint32, or nil when there is to be no such section.
func (r *Resources) Lie(method string, answer any, indices ...uint32) *Resources {
	if len(indices) == 0 {
		indices = []uint32{always}
	}
	for _, i := range indices {
		r.answers[Question{method, i}] = answer
	}
	return r
}

// Fail makes a method panic with a value: for the indices given, or always if none
// is.
func (r *Resources) Fail(method string, value any, indices ...uint32) *Resources {
	return r.Lie(method, failure{value}, indices...)
}

// ask records a question and returns the answer: the truth, unless there is a lie.
func ask[T any](r *Resources, method string, index uint32, truth func() T) T {
	r.mu.Lock()
	r.asked = append(r.asked, Question{method, index})
	answer, lie := r.answers[Question{method, index}]
	if !lie {
		answer, lie = r.answers[Question{method, always}]
	}
	r.mu.Unlock()
	if !lie {
		return truth()
	}
	switch answer := answer.(type) {
	case nil:
		var none T
		return none
	case failure:
		panic(answer.value)
	case T:
		return answer
	}
	panic(fmt.Sprintf("validatortest: %s does not return a %T", method, answer))
}

// Types returns the defined types.
func (r *Resources) Types() *module.Types {
	return ask(r, "Types", 0, func() *module.Types { return r.types })
}

// NumFuncs returns the number of functions.
func (r *Resources) NumFuncs() int { return ask(r, "NumFuncs", 0, func() int { return len(r.funcs) }) }

// FuncType returns the type index of function i.
func (r *Resources) FuncType(i uint32) uint32 {
	return ask(r, "FuncType", i, func() uint32 { return r.funcs[i].typeIdx })
}

// FuncDeclared reports whether [Resources.Declare] was called for function i.
func (r *Resources) FuncDeclared(i uint32) bool {
	return ask(r, "FuncDeclared", i, func() bool { return r.funcs[i].declared })
}

// FuncExact reports whether function i is of exactly its type.
func (r *Resources) FuncExact(i uint32) bool {
	return ask(r, "FuncExact", i, func() bool { return !r.funcs[i].inexact })
}

// NumTables returns the number of tables.
func (r *Resources) NumTables() int {
	return ask(r, "NumTables", 0, func() int { return len(r.tables) })
}

// Table returns the type of table i.
func (r *Resources) Table(i uint32) module.TableType {
	return ask(r, "Table", i, func() module.TableType { return r.tables[i] })
}

// NumMemories returns the number of memories.
func (r *Resources) NumMemories() int {
	return ask(r, "NumMemories", 0, func() int { return len(r.memories) })
}

// Memory returns the type of memory i.
func (r *Resources) Memory(i uint32) module.MemoryType {
	return ask(r, "Memory", i, func() module.MemoryType { return r.memories[i] })
}

// NumGlobals returns the number of globals.
func (r *Resources) NumGlobals() int {
	return ask(r, "NumGlobals", 0, func() int { return len(r.globals) })
}

// Global returns the type of global i.
func (r *Resources) Global(i uint32) module.GlobalType {
	return ask(r, "Global", i, func() module.GlobalType { return r.globals[i] })
}

// NumTags returns the number of tags.
func (r *Resources) NumTags() int { return ask(r, "NumTags", 0, func() int { return len(r.tags) }) }

// Tag returns the type index of tag i.
func (r *Resources) Tag(i uint32) uint32 {
	return ask(r, "Tag", i, func() uint32 { return r.tags[i] })
}

// NumElems returns the number of element segments.
func (r *Resources) NumElems() int { return ask(r, "NumElems", 0, func() int { return len(r.elems) }) }

// Elem returns the type of element segment i.
func (r *Resources) Elem(i uint32) ops.ValType {
	return ask(r, "Elem", i, func() ops.ValType { return r.elems[i] })
}

// DataCount returns the number of data segments; ok is false if there is none.
func (r *Resources) DataCount() (n uint32, ok bool) {
	count := ask(r, "DataCount", 0, func() any {
		if r.hasData {
			return r.data
		}
		return nil
	})
	n, ok = count.(uint32)
	return n, ok
}
