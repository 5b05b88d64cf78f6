package validatortest

import "slices"

// header is the magic number and the version.
//
// Specification: 5.5.17 "Modules".
const header = "\x00asm\x01\x00\x00\x00"

// Bytes returns the module.
func (m *Module) Bytes() []byte { return m.encode().b }

// Mark returns the offset in the module of what the sign @ stands in front of.
// It panics when there is none.
func (m *Module) Mark() int {
	c := m.encode()
	if c.mark < 0 {
		panic("validatortest: no mark in the module")
	}
	return c.mark
}

// encode joins the sections.
func (m *Module) encode() code {
	c := code{b: []byte(header), mark: -1}
	for _, s := range m.withDataCount() {
		content := code{mark: -1}
		if !s.raw && s.id != secStart && s.id != secDataCount {
			content.uint(uint64(len(s.items)))
		}
		for _, item := range s.items {
			content.join(item)
		}
		c.byte(s.id)
		c.uint(uint64(len(content.b)))
		c.join(content)
	}
	return c
}

// withDataCount returns the sections, and the data count section among them if
// there is to be one.
func (m *Module) withDataCount() []*section {
	n := uint64(0)
	for _, s := range m.sections {
		if s.id == secData && !s.raw {
			n = uint64(len(s.items))
		}
	}
	if m.dataCount != nil {
		n = uint64(*m.dataCount)
	} else if !m.needCount {
		return m.sections
	}
	item := code{mark: -1}
	item.uint(n)
	counted := Module{sections: slices.Clone(m.sections)}
	return counted.add(secDataCount, item).sections
}
