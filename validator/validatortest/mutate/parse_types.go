package mutate

// The encodings of types that are more than one byte.
const (
	codeExact   = 0x62
	codeRefNull = 0x63
	codeRef     = 0x64
	codeEmpty   = 0x40
)

// valType reads a value, reference or storage type.
//
// Specification: 5.3.5 "Value Types".
func (p *parser) valType() *node {
	switch p.peek() {
	case codeRef, codeRefNull:
		return p.all(aType, p.flag, p.heapType)()
	}
	return p.absType(aType)
}

// absType reads a type of one byte, with or without its shared mark.
func (p *parser) absType(w what) *node {
	if p.peek() == codeShared {
		return p.all(w, p.flag, p.typeByte)()
	}
	return p.all(w, p.typeByte)()
}

func (p *parser) typeByte() *node {
	if p.peek() >= 0x80 {
		p.bad = true
	}
	return p.flag()
}

// heapType reads a heap type.
//
// Specification: 5.3.3 "Heap Types".
func (p *parser) heapType() *node {
	switch c := p.peek(); {
	case c == codeExact:
		return p.all(aHeapType, p.flag, p.u(aTypeIdx))()
	case c&0xC0 == 0x40:
		return p.absType(aHeapType)
	}
	return p.all(aHeapType, p.s(aHeapIdx))()
}

// blockType reads the type of a block.
//
// Specification: 5.4.2 "Control Instructions", blocktype.
func (p *parser) blockType() *node {
	switch c := p.peek(); {
	case c == codeEmpty:
		return p.all(aBlockType, p.flag)()
	case c&0xC0 == 0x40:
		return p.all(aBlockType, p.valType)()
	}
	return p.all(aBlockType, p.s(aHeapIdx))()
}
