package explain

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// explainConst explains an error in a constant expression of an item of section s.
// It is traced as the body of a function that is added to the declarations that
// come before it and that returns the value wanted.
func (x *explainer) explainConst(s section, it item, e expression) {
	code := append([]byte{0}, e.Bytes...) // no locals
	b := module.NewFuncBody(e.Offset-1, code)
	walk := func(sc *scope) {
		t := &trace{x: x, scope: sc, body: b, ended: -1}
		if t.locals() {
			t.walk()
			t.describe(sc)
		}
	}
	m, funcs, err := x.spine(x.skeletonBefore(s, it, e.want))
	if err != nil || len(funcs) == 0 {
		walk(nil)
		return
	}
	x.decls = m
	last := funcs[len(funcs)-1]
	assigned(validator.FuncToValidate[*loose]{
		Resources: &loose{Module: m}, Features: last.Features, Index: last.Index, TypeIdx: last.TypeIdx, Body: b,
	}, walk)
}

// skeletonBefore returns a module with the declarations before an item of section
// s, and at the end of its functions one without parameters that returns want.
func (x *explainer) skeletonBefore(s section, it item, want ops.ValType) []byte {
	out := append(make([]byte, 0, headerSize), x.wasm[:headerSize]...)
	types, hasTypes := find(x.wasm, module.SectionType)
	newType := uint32(0)
	typeItem := ops.AppendValType([]byte{0x60, 0, 1}, want)
	if hasTypes {
		newType = x.countTypes(types)
		out = appendLonger(out, module.SectionType, types.bytes(x.wasm), typeItem)
	} else {
		out = appendSection(out, module.SectionType, 1, string(typeItem))
	}
	funcs := uint32(0)
	addFunc := func(content []byte) {
		funcs = leadingCount(content) + 1
		out = appendLonger(out, module.SectionFunction, content, ops.AppendU32(nil, newType))
	}
	for c := range sections(x.wasm) {
		if funcs == 0 && c.id != module.SectionCustom && c.id != module.SectionType && c.id != module.SectionImport && c.id != module.SectionFunction {
			addFunc([]byte{0})
		}
		if c.offset >= s.offset {
			break
		}
		switch c.id {
		case module.SectionFunction:
			addFunc(c.bytes(x.wasm))
		case module.SectionImport, module.SectionTable, module.SectionMemory, module.SectionTag, module.SectionGlobal:
			out = append(out, x.wasm[c.offset:c.end]...)
		}
	}
	if s.id == module.SectionGlobal || s.id == module.SectionTable {
		out = appendItems(out, s, x.wasm, it)
	}
	if uint64(funcs) > uint64(len(x.wasm)) {
		return nil
	}
	return appendSection(out, module.SectionCode, funcs, "\x02\x00\x0b")
}

// appendItems appends section s with the items before it.
func appendItems(b []byte, s section, wasm []byte, it item) []byte {
	r := ops.NewReader(s.bytes(wasm), s.content, ops.All)
	if _, err := r.U32(); err != nil || it.Number == 0 {
		return b
	}
	content := append(ops.AppendU32(nil, uint32(it.Number)), wasm[r.Offset():it.Offset]...)
	b = ops.AppendU32(append(b, byte(s.id)), uint32(len(content)))
	return append(b, content...)
}

// appendLonger appends a section whose contents are a vector, with one more item.
func appendLonger(b []byte, id module.SectionID, content, item []byte) []byte {
	r := ops.NewReader(content, 0, ops.All)
	n, _ := r.U32()
	longer := append(ops.AppendU32(nil, n+1), r.Rest()...)
	longer = append(longer, item...)
	b = ops.AppendU32(append(b, byte(id)), uint32(len(longer)))
	return append(b, longer...)
}

// countTypes returns how many types a type section defines.
func (x *explainer) countTypes(s section) (n uint32) {
	var r module.SectionReader
	r.Reset(s.whole(x.wasm), x.features())
	if _, err := r.Count(); err != nil {
		return 0
	}
	var sub module.SubType
	for r.More() {
		g, err := r.TypeGroup()
		for err == nil && r.MoreSubTypes() {
			_, err = r.SubType(&sub)
		}
		if err != nil {
			return n
		}
		n += g.Count
	}
	return n
}
