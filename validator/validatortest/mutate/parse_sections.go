package mutate

import "github.com/wasmstate/wasmstate/module"

// The encodings of imports, tables and definitions that are more than one field.
const (
	codeExactFunc   = 0x20
	codeImportItems = 0x7F
	codeImportNames = 0x7E
	codeTableInit   = 0x40

	codeFunc       = 0x60
	codeStruct     = 0x5F
	codeArray      = 0x5E
	codeCont       = 0x5D
	codeSub        = 0x50
	codeSubFinal   = 0x4F
	codeRec        = 0x4E
	codeDescriptor = 0x4D
	codeDescribes  = 0x4C
	codeShared     = 0x65
)

// group reads a recursion group.
//
// Specification: 5.3.8 "Recursive Types".
func (p *parser) group() *node {
	if p.peek() == codeRec {
		return p.all(aGroup, p.flag, p.vec(aList, p.subType))()
	}
	return p.all(aGroup, p.subType)()
}

func (p *parser) subType() *node {
	n := p.seq(aSubType)
	add := func(fields ...func() *node) { n.kids = append(n.kids, p.content(fields...)...) }
	if c := p.peek(); c == codeSub || c == codeSubFinal {
		add(p.flag, p.vec(aList, p.u(aTypeIdx)))
	}
	if p.peek() == codeShared {
		add(p.flag)
	}
	if p.peek() == codeDescribes {
		add(p.flag, p.u(aTypeIdx))
	}
	if p.peek() == codeDescriptor {
		add(p.flag, p.u(aTypeIdx))
	}
	switch p.peek() {
	case codeFunc:
		add(p.flag, p.vec(aList, p.valType), p.vec(aList, p.valType))
	case codeStruct:
		add(p.flag, p.vec(aList, p.field))
	case codeArray:
		add(p.flag, p.field)
	case codeCont:
		add(p.flag, p.s(aHeapIdx))
	default:
		p.bad = true
	}
	return n
}

func (p *parser) field() *node { return p.all(aField, p.valType, p.flag)() }

// imported reads an import, or a group of compact-imports.
//
// Specification: 5.5.5 "Import Section"; compact-imports, "Binary Format".
func (p *parser) imported() *node {
	n := p.all(anImport, p.name, p.name)()
	add := func(fields ...func() *node) *node {
		n.kids = append(n.kids, p.content(fields...)...)
		return n
	}
	switch {
	case len(n.kids[1].bytes) == 0 && p.peek() == codeImportItems:
		return add(p.flag, p.vec(aList, p.all(anItem, p.name, p.external)))
	case len(n.kids[1].bytes) == 0 && p.peek() == codeImportNames:
		return add(p.flag, p.external, p.vec(aList, p.name))
	}
	return add(p.external)
}

// external reads the kind and the type of an import.
func (p *parser) external() *node {
	switch k := p.peek(); {
	case k == byte(module.ExternFunc) || k == codeExactFunc:
		return p.all(anItem, p.flag, p.u(aTypeIdx))()
	case k == byte(module.ExternTable):
		return p.all(anItem, p.flag, p.tableType)()
	case k == byte(module.ExternMemory):
		return p.all(anItem, p.flag, p.memoryType)()
	case k == byte(module.ExternGlobal):
		return p.all(anItem, p.flag, p.globalType)()
	case k == byte(module.ExternTag):
		return p.all(anItem, p.flag, p.tagType)()
	}
	p.bad = true
	return p.flag()
}

func (p *parser) table() *node {
	if p.peek() == codeTableInit {
		return p.all(anItem, p.flag, p.flag, p.tableType, p.expr)()
	}
	return p.tableType()
}

func (p *parser) tableType() *node { return p.all(anItem, p.valType, p.limits)() }

func (p *parser) memoryType() *node { return p.all(anItem, p.limits)() }

// limits reads the size of a table or memory, the size of pages too.
//
// Specification: 5.3.9 "Limits"; custom-page-sizes, "Binary Format".
func (p *parser) limits() *node {
	n := p.all(anItem, p.flag, p.u(aBound))()
	flags := n.kids[0].bytes[0]
	if flags&1 != 0 {
		n.kids = append(n.kids, p.u(aBound)())
	}
	if flags&8 != 0 {
		n.kids = append(n.kids, p.u(aCount)())
	}
	return n
}

func (p *parser) globalType() *node { return p.all(anItem, p.valType, p.flag)() }

func (p *parser) tagType() *node { return p.all(anItem, p.flag, p.u(aTypeIdx))() }

// externIndices are the indices of what can be exported, by its kind.
var externIndices = [...]what{
	module.ExternFunc: aFuncIdx, module.ExternTable: aTableIdx, module.ExternMemory: aMemoryIdx,
	module.ExternGlobal: aGlobalIdx, module.ExternTag: aTagIdx,
}

func (p *parser) export() *node {
	n := p.all(anItem, p.name, p.flag)()
	kind := int(n.kids[1].bytes[0])
	if kind >= len(externIndices) {
		p.bad = true
		return n
	}
	n.kids = append(n.kids, p.u(externIndices[kind])())
	return n
}

// elem reads an element segment.
//
// Specification: 5.5.12 "Element Section".
func (p *parser) elem() *node {
	n := p.all(anItem, p.u(aCount))()
	add := func(fields ...func() *node) { n.kids = append(n.kids, p.content(fields...)...) }
	flags := n.kids[0].value
	if flags > 7 {
		p.bad = true
	}
	if flags&1 == 0 {
		if flags&2 != 0 {
			add(p.u(aTableIdx))
		}
		add(p.expr)
	}
	switch typed := flags&3 != 0; {
	case flags&4 == 0 && typed:
		add(p.flag, p.vec(aList, p.u(aFuncIdx)))
	case flags&4 == 0:
		add(p.vec(aList, p.u(aFuncIdx)))
	case typed:
		add(p.valType, p.vec(aList, p.expr))
	default:
		add(p.vec(aList, p.expr))
	}
	return n
}

// data reads a data segment.
//
// Specification: 5.5.14 "Data Section".
func (p *parser) data() *node {
	n := p.all(anItem, p.u(aCount))()
	switch n.kids[0].value {
	case 0:
		n.kids = append(n.kids, p.content(p.expr, p.name)...)
	case 1:
		n.kids = append(n.kids, p.name())
	case 2:
		n.kids = append(n.kids, p.content(p.u(aMemoryIdx), p.expr, p.name)...)
	default:
		p.bad = true
	}
	n.kids[len(n.kids)-1].what = aData
	return n
}
