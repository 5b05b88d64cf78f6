package explain_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// patient is a module taken apart, so that one place of it can be changed and
// all sizes in front of it still be right.
type patient struct {
	sections []part
	bodies   []*body // of the code section
	imported int     // functions that are imported
	module   *module.Module
	names    *module.Names
}

// part is one section.
type part struct {
	id      module.SectionID
	name    string // of a custom section
	content []byte // without the name; not used for the code section
}

// body is one function body. It is taken apart when somebody asks for its code.
type body struct {
	whole  []byte
	locals []byte
	code   []piece
}

// piece is one operator, or bytes in the place of one.
type piece struct {
	bytes []byte
	op    ops.Op
	index uint32 // its first index, if it has one
}

// place is an operator of a body.
type place struct{ body, at int }

// next is the n-th operator after p.
func (p place) next(n int) place { return place{p.body, p.at + n} }

// uleb reads an unsigned integer of a module that is valid.
func uleb(b []byte) (v uint32, n int) {
	u, n := binary.Uvarint(b)
	return uint32(u), n
}

// dissect takes a valid module apart.
func dissect(t testing.TB, wasm []byte, m *module.Module) *patient {
	t.Helper()
	p := &patient{module: m, imported: m.NumFuncs() - m.NumBodies()}
	for at := 8; at < len(wasm); {
		id := module.SectionID(wasm[at])
		size, n := uleb(wasm[at+1:])
		at += 1 + n
		s := part{id: id, content: wasm[at : at+int(size)]}
		offset := at
		at += int(size)
		if id == module.SectionCustom {
			length, n := uleb(s.content)
			s.name, s.content = string(s.content[n:n+int(length)]), s.content[n+int(length):]
		}
		if id == module.SectionCustom && s.name == "name" {
			var err error
			if p.names, err = module.ReadNames(s.content, offset); err != nil {
				t.Fatal(err)
			}
		}
		if id == module.SectionCode {
			p.dissectCode(s.content)
		}
		p.sections = append(p.sections, s)
	}
	return p
}

// dissectCode takes the code section apart.
func (p *patient) dissectCode(code []byte) {
	count, at := uleb(code)
	for range count {
		size, n := uleb(code[at:])
		at += n
		p.bodies = append(p.bodies, &body{whole: code[at : at+int(size)]})
		at += int(size)
	}
}

// code is the operators of a body.
func (p *patient) code(i int) []piece {
	b := p.bodies[i]
	if b.code == nil {
		l, err := module.NewFuncBody(0, b.whole).Locals(ops.All)
		for err == nil && l.More() {
			_, err = l.Next()
		}
		if err != nil {
			panic(err) // the module was valid
		}
		b.locals, b.code = b.whole[:l.Pos()], pieces(b.whole[l.Pos():])
	}
	return b.code
}

// pieces decodes operators, which must be well-formed.
func pieces(code []byte) (list []piece) {
	d := ops.NewDecoder(code, 0, ops.All)
	var in ops.Instr
	for d.Len() > 0 {
		start := d.Offset()
		if err := d.Next(&in); err != nil {
			panic(fmt.Sprintf("%v in %x", err, code))
		}
		list = append(list, piece{code[start:d.Offset()], in.Op, in.Index})
	}
	return list
}

// asm assembles operators.
func asm(text string) []piece { return pieces(validatortest.Asm(text)) }

// raw is bytes in the place of an operator.
func raw(b ...byte) piece { return piece{bytes: b} }

// assemble puts the module together, and says where each operator of the bodies
// that were taken apart is.
func (p *patient) assemble() (wasm []byte, offsets map[place]int) {
	offsets = map[place]int{}
	wasm = []byte("\x00asm\x01\x00\x00\x00")
	for _, s := range p.sections {
		content := s.content
		switch s.id {
		case module.SectionCustom:
			content = append(binaryName(s.name), s.content...)
		case module.SectionCode:
			content = p.assembleCode(offsets)
		}
		wasm = ops.AppendU32(append(wasm, byte(s.id)), uint32(len(content)))
		if s.id == module.SectionCode {
			for at := range offsets {
				offsets[at] += len(wasm)
			}
		}
		wasm = append(wasm, content...)
	}
	return wasm, offsets
}

// assembleCode is the contents of the code section.
func (p *patient) assembleCode(offsets map[place]int) []byte {
	code := ops.AppendU32(nil, uint32(len(p.bodies)))
	for i, b := range p.bodies {
		if b.code == nil {
			code = append(ops.AppendU32(code, uint32(len(b.whole))), b.whole...)
			continue
		}
		size := len(b.locals)
		for _, c := range b.code {
			size += len(c.bytes)
		}
		code = append(ops.AppendU32(code, uint32(size)), b.locals...)
		for j, c := range b.code {
			offsets[place{i, j}] = len(code)
			code = append(code, c.bytes...)
		}
		offsets[place{i, len(b.code)}] = len(code)
	}
	return code
}

// binaryName is a name of the binary format.
func binaryName(s string) []byte { return append(ops.AppendU32(nil, uint32(len(s))), s...) }

// piece is the operator at a place.
func (p *patient) piece(at place) *piece { return &p.code(at.body)[at.at] }

// replace puts operators in the place of n.
func (p *patient) replace(at place, n int, with ...piece) {
	b := p.bodies[at.body]
	b.code = slices.Replace(slices.Clone(p.code(at.body)), at.at, at.at+n, with...)
}

// function is the index of the function that a place lies in.
func (p *patient) function(at place) int { return p.imported + at.body }

// section is the section with an id, nil without one.
func (p *patient) section(id module.SectionID) *part {
	i := slices.IndexFunc(p.sections, func(s part) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return &p.sections[i]
}

// rank is the order of the sections that are not custom.
func rank(id module.SectionID) int {
	order := []module.SectionID{
		module.SectionType, module.SectionImport, module.SectionFunction, module.SectionTable, module.SectionMemory,
		module.SectionTag, module.SectionGlobal, module.SectionExport, module.SectionStart, module.SectionElement,
		module.SectionDataCount, module.SectionCode, module.SectionData,
	}
	return slices.Index(order, id)
}

// extend adds items to a section that is a vector, which it makes if there is
// none, and returns the number of the first of them.
func (p *patient) extend(id module.SectionID, items ...[]byte) int {
	s := p.section(id)
	if s == nil {
		i := slices.IndexFunc(p.sections, func(s part) bool { return s.id != module.SectionCustom && rank(s.id) > rank(id) })
		if i < 0 {
			i = len(p.sections)
		}
		p.sections = slices.Insert(p.sections, i, part{id: id, content: []byte{0}})
		s = &p.sections[i]
	}
	count, n := uleb(s.content)
	content := append(ops.AppendU32(nil, count+uint32(len(items))), s.content[n:]...)
	s.content = slices.Concat(append([][]byte{content}, items...)...)
	return int(count)
}

// find is the first place where operators with these names stand one after the
// other and ok holds. A name may end in *, for whatever follows, and =i32 is any
// constant, local.get or global.get that leaves an i32.
func (p *patient) find(names string, ok func(at place) bool) (place, bool) {
	want := strings.Fields(names)
	for i := range p.bodies {
		code := p.code(i)
		for j := 0; j+len(want) <= len(code); j++ {
			fits := true
			for k := 0; fits && k < len(want); k++ {
				fits = p.fits(i, &code[j+k], want[k])
			}
			if fits && (ok == nil || ok(place{i, j})) {
				return place{i, j}, true
			}
		}
	}
	return place{}, false
}

// fits reports whether an operator is what a word of find asks for.
func (p *patient) fits(body int, c *piece, want string) bool {
	if t, ok := strings.CutPrefix(want, "="); ok {
		return p.leaves(body, c) == t
	}
	if prefix, ok := strings.CutSuffix(want, "*"); ok {
		return strings.HasPrefix(c.op.String(), prefix)
	}
	return c.op.String() == want
}

// leaves is the type that an operator leaves that takes nothing: a constant, a
// local or a global.
func (p *patient) leaves(body int, c *piece) string {
	switch c.op {
	case ops.I32Const, ops.I64Const, ops.F32Const, ops.F64Const:
		return c.op.String()[:3]
	case ops.GlobalGet:
		return p.module.Global(c.index).Type.String()
	case ops.LocalGet:
		return p.local(body, c.index)
	}
	return ""
}

// local is the type of a local.
func (p *patient) local(fn int, index uint32) string {
	types := p.locals(fn)
	return types[index].String()
}

// locals is the types of the locals of a body, parameters included.
func (p *patient) locals(fn int) []ops.ValType {
	types := slices.Clone(p.module.Types().Params(p.module.FuncType(uint32(p.imported + fn))))
	l, err := module.NewFuncBody(0, p.bodies[fn].locals).Locals(ops.All)
	for err == nil && l.More() {
		var g module.LocalGroup
		if g, err = l.Next(); err == nil {
			for range g.Count {
				types = append(types, g.Type)
			}
		}
	}
	if err != nil {
		panic(err)
	}
	return types
}

// around is the operators that open the blocks around a place, the innermost
// first.
func (p *patient) around(at place) (open []place) {
	for j, c := range p.code(at.body)[:at.at] {
		switch c.op {
		case ops.Block, ops.Loop, ops.If, ops.TryTable:
			open = append(open, place{at.body, j})
		case ops.End:
			open = open[:max(len(open)-1, 0)]
		}
	}
	slices.Reverse(open)
	return open
}
