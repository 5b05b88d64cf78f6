package validatortest

import (
	"slices"

	"github.com/wasmstate/wasmstate/ops"
)

// Module builds the bytes of a module. Every method but [Module.Bytes] and
// [Module.Mark] adds something and returns the module, so that calls chain. The
// sections come out in the order of the specification, whatever the order of
// the calls; only [Module.Raw] and [Module.Custom] stand where they were called.
//
// A Module must not be used by several goroutines at once.
type Module struct {
	sections  []*section
	dataCount *uint32 // as the test wants it
	needCount bool    // an expression uses an operator that needs it
}

// section is one section: its items, or raw bytes.
type section struct {
	id    byte
	items []code
	raw   bool
}

// NewModule returns a module without sections.
func NewModule() *Module { return &Module{} }

// The section numbers.
const (
	secCustom = iota
	secType
	secImport
	secFunc
	secTable
	secMemory
	secGlobal
	secExport
	secStart
	secElem
	secCode
	secData
	secDataCount
	secTag
)

// sectionOrder lists the sections in the order of a module.
//
// Specification: 5.5.17 "Modules".
var sectionOrder = []byte{
	secType, secImport, secFunc, secTable, secMemory, secTag, secGlobal, secExport,
	secStart, secElem, secDataCount, secCode, secData,
}

// add adds an item to the section id.
func (m *Module) add(id byte, item code) *Module {
	rank := slices.Index(sectionOrder, id)
	for i, s := range m.sections {
		if s.raw {
			continue
		}
		switch r := slices.Index(sectionOrder, s.id); {
		case r == rank:
			s.items = append(s.items, item)
			return m
		case r > rank:
			m.sections = slices.Insert(m.sections, i, &section{id: id, items: []code{item}})
			return m
		}
	}
	m.sections = append(m.sections, &section{id: id, items: []code{item}})
	return m
}

// Type adds one type outside of any recursion group, or in a group of its own:
// "func (param i32) (result i32)", "sub final 0 (struct (field (mut i8)))",
// "array (mut i8)", "cont 0", "shared (func)", "(descriptor 1) (struct)".
func (m *Module) Type(text string) *Module { return m.Rec(text) }

// Rec adds a recursion group of the types given, none of them too.
func (m *Module) Rec(types ...string) *Module {
	group := encode("", func(r *reader) { r.recType(len(types)) })
	for _, t := range types {
		group.join(encode(t, (*reader).subType))
	}
	return m.add(secType, group)
}

// join appends d to c.
func (c *code) join(d code) {
	if d.mark >= 0 {
		if c.mark >= 0 {
			panic("validatortest: a second mark")
		}
		c.mark = len(c.b) + d.mark
	}
	c.b = append(c.b, d.b...)
}

// Import adds an import: "func 0", "func (exact 0)", "table 1 funcref",
// "memory 1 2 shared", "global mut i32", "tag 0".
func (m *Module) Import(module, name, text string) *Module {
	item := code{mark: -1}
	item.name(module)
	item.name(name)
	item.join(encode(text, (*reader).externType))
	return m.add(secImport, item)
}

// ImportGroup adds imports from one module in the compact form: names and types
// in turns.
func (m *Module) ImportGroup(module string, namesAndTypes ...string) *Module {
	if len(namesAndTypes)%2 != 0 {
		panic("validatortest: ImportGroup wants names and types in turns")
	}
	item := code{mark: -1}
	item.name(module)
	item.name("")
	item.byte(0x7f)
	item.uint(uint64(len(namesAndTypes) / 2))
	for i := 0; i < len(namesAndTypes); i += 2 {
		item.name(namesAndTypes[i])
		item.join(encode(namesAndTypes[i+1], (*reader).externType))
	}
	return m.add(secImport, item)
}

// ImportNames adds imports from one module that all have one type, in the
// compact form.
func (m *Module) ImportNames(module, text string, names ...string) *Module {
	item := code{mark: -1}
	item.name(module)
	item.name("")
	item.byte(0x7e)
	item.join(encode(text, (*reader).externType))
	item.uint(uint64(len(names)))
	for _, n := range names {
		item.name(n)
	}
	return m.add(secImport, item)
}

// Func adds a function: the index of its type, its locals and its expression,
// to which the final end is added. Locals are value types, each after a count if
// there are several of it: "i32 2 i64 50000 (ref null 3)".
func (m *Module) Func(typeIdx uint32, locals, body string) *Module {
	c := encode(locals, (*reader).locals)
	c.join(m.expr(body))
	return m.FuncType(typeIdx).Body(c.b, c.mark)
}

// FuncType adds an entry to the function section only.
func (m *Module) FuncType(typeIdx uint32) *Module {
	entry := code{mark: -1}
	entry.uint(uint64(typeIdx))
	return m.add(secFunc, entry)
}

// Body adds an entry to the code section only: the bytes of locals and
// expression, and where in them the mark is, or -1.
func (m *Module) Body(body []byte, mark int) *Module {
	entry := code{mark: -1}
	entry.uint(uint64(len(body)))
	entry.join(code{b: body, mark: mark})
	return m.add(secCode, entry)
}

// locals writes the local declarations of a function.
//
// Specification: 5.5.13 "Code Section".
func (r *reader) locals() {
	groups := 0
	entries := reader{text: r.text, nodes: r.nodes, out: &code{mark: -1}}
	for s := &entries; s.more(); groups++ {
		count := uint64(1)
		if s.isNumber() {
			count = s.uint(32)
		}
		s.out.uint(count)
		s.writeValType()
	}
	r.nodes = nil
	r.out.uint(uint64(groups))
	r.out.join(*entries.out)
}

// expr encodes the operators of text and the final end.
func (m *Module) expr(text string) code {
	return encode(text, func(r *reader) {
		m.needCount = r.instrs() || m.needCount
		r.out.byte(opEnd)
	})
}

// Table adds a table, "1 10 funcref" or "funcref 1 10", with an expression of
// its initial value if one is given.
func (m *Module) Table(text string, init ...string) *Module {
	if len(init) == 0 {
		return m.add(secTable, encode(text, (*reader).tableType))
	}
	item := code{mark: -1}
	item.byte(0x40)
	item.byte(0)
	item.join(encode(text, (*reader).tableType))
	for _, i := range init {
		item.join(m.expr(i))
	}
	return m.add(secTable, item)
}

// Memory adds a memory: "1", "1 2", "i64 1 2 shared pagesize=1".
func (m *Module) Memory(text string) *Module {
	return m.add(secMemory, encode(text, (*reader).memoryType))
}

// Tag adds a tag with the function type at an index.
func (m *Module) Tag(typeIdx uint32) *Module {
	item := code{mark: -1}
	item.byte(0)
	item.uint(uint64(typeIdx))
	return m.add(secTag, item)
}

// Global adds a global: "i32", "mut i32", "shared mut i32", and its value.
func (m *Module) Global(text, init string) *Module {
	item := encode(text, (*reader).globalType)
	item.join(m.expr(init))
	return m.add(secGlobal, item)
}

// Export adds an export: "func 0", "table 0", "memory 0", "global 0", "tag 0".
func (m *Module) Export(name, text string) *Module {
	item := code{mark: -1}
	item.name(name)
	item.join(encode(text, func(r *reader) {
		r.out.byte(r.externKind())
		r.out.uint(r.uint(32))
	}))
	return m.add(secExport, item)
}

// Start names the start function.
func (m *Module) Start(index uint32) *Module {
	item := code{mark: -1}
	item.uint(uint64(index))
	return m.add(secStart, item)
}

// Elem adds an element segment. What it contains is "func 0 1 2" or a
// reference type and expressions in parentheses, "funcref (ref.func 0)
// (ref.null func)". In front of it, an active segment has an offset and
// perhaps a table, "(table 1) (offset i32.const 0)", and a declarative one the
// word "declare"; without them it is passive. The form with the shortest
// encoding is taken.
func (m *Module) Elem(text string) *Module {
	return m.add(secElem, encode(text, func(r *reader) { m.elem(r) }))
}

// The bits of the number in front of an element segment.
//
// Specification: 5.5.12 "Element Section".
const (
	elemNotActive = 1
	elemExplicit  = 2 // a table index, or a declarative segment
	elemExprs     = 4
)

func (m *Module) elem(r *reader) {
	table, hasTable := r.acceptList("table")
	offset, active := r.acceptList("offset")
	declare := r.accept("declare")
	exprs := r.isRefType()
	flags := byte(0)
	if !active {
		flags |= elemNotActive
	}
	// Without a table index there is no place for a type either.
	if hasTable || declare || active && exprs && r.peek().word != "funcref" {
		flags |= elemExplicit
	}
	if exprs {
		flags |= elemExprs
	}
	r.out.byte(flags)
	if active {
		if flags&elemExplicit != 0 {
			i := uint64(0)
			if hasTable {
				i = table.uint(32)
			}
			r.out.uint(i)
		}
		m.subExpr(offset)
	}
	typed := flags&(elemNotActive|elemExplicit) != 0
	if exprs {
		m.elemExprs(r, typed)
		return
	}
	elemFuncs(r, typed)
}

// elemExprs writes a reference type and expressions.
func (m *Module) elemExprs(r *reader, typed bool) {
	if t := r.valType(); typed {
		r.out.append(ops.AppendValType(nil, t))
	}
	r.out.uint(uint64(len(r.nodes)))
	for r.more() {
		n := r.next("an expression")
		s := r.sub(n.list)
		s.accept("item")
		m.subExpr(s)
	}
}

// elemFuncs writes the function indices of a segment.
func elemFuncs(r *reader, typed bool) {
	if !r.accept("func") {
		r.fail(r.peek().String(), "want func or a reference type")
	}
	if typed {
		r.out.byte(0)
	}
	r.out.uint(uint64(len(r.nodes)))
	for r.more() {
		r.out.uint(r.uint(32))
	}
}

// subExpr writes the operators that are left in r, and the final end.
func (m *Module) subExpr(r *reader) {
	m.needCount = r.instrs() || m.needCount
	r.out.byte(opEnd)
}

// Data adds a data segment: passive where text is empty, otherwise active at
// the offset that text writes, "i32.const 0", with the memory in front of it if
// it is not the first: "(memory 1) i32.const 0".
func (m *Module) Data(text, data string) *Module {
	item := encode(text, func(r *reader) {
		memory, explicit := r.acceptList("memory")
		switch {
		case explicit:
			r.out.byte(2)
			r.out.uint(memory.uint(32))
			memory.end()
		case r.more():
			r.out.byte(0)
		default:
			r.out.byte(1)
			return
		}
		m.subExpr(r)
	})
	item.name(data)
	return m.add(secData, item)
}

// DataCount sets the number in the data count section. Without it, the section
// is there with the right number when a body uses an operator that needs it.
func (m *Module) DataCount(n uint32) *Module {
	m.dataCount = &n
	return m
}

// Custom adds a custom section after the sections that are there.
func (m *Module) Custom(name string, content []byte) *Module {
	c := code{mark: -1}
	c.name(name)
	c.append(content)
	return m.Raw(secCustom, c.b)
}

// Raw adds a section of the bytes given after the sections that are there. Text
// for sections that are not there yet may still bring them in front of it.
func (m *Module) Raw(id byte, content []byte) *Module {
	m.sections = append(m.sections, &section{id: id, items: []code{{b: content, mark: -1}}, raw: true})
	return m
}
