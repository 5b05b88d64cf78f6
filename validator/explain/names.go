package explain

import (
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// names is what the things of a module are called, by its name section, its
// exports and its imports.
type names struct {
	section *module.Names
	exports [module.ExternTag + 1]map[uint32]string
	imports [module.ExternTag + 1]map[uint32]string

	imported [module.ExternTag + 1]int // how many things are imported
}

// maxNames is how many imports and how many exports are looked at.
const maxNames = 100_000

// names reads the names of the module, as far as they can be read, when they are
// first asked for.
func (x *explainer) names() *names {
	if x.named != nil {
		return x.named
	}
	n := new(names)
	x.named = n
	for s := range sections(x.wasm) {
		switch {
		case s.id == module.SectionImport && n.imports[0] == nil:
			n.readImports(s.whole(x.wasm))
		case s.id == module.SectionExport && n.exports[0] == nil:
			n.readExports(s.whole(x.wasm))
		case s.id == module.SectionCustom && n.section == nil:
			if content, at, ok := customContent(x.wasm, s, "name"); ok {
				n.section, _ = module.ReadNames(content, at)
			}
		}
	}
	return n
}

// customContent returns what follows the name of a custom section, if it is the
// one called name.
func customContent(wasm []byte, s section, name string) (content []byte, offset int, ok bool) {
	r := ops.NewReader(s.bytes(wasm), s.content, ops.All)
	size, err := r.U32()
	if err != nil || int64(size) > int64(r.Len()) {
		return nil, 0, false
	}
	got, _ := r.Bytes(int(size))
	return r.Rest(), r.Offset(), string(got) == name
}

// readImports reads the names of the imports.
func (n *names) readImports(s module.Section) {
	for k := range n.imports {
		n.imports[k] = map[uint32]string{}
	}
	var r module.SectionReader
	r.Reset(s, ops.All)
	if _, err := r.Count(); err != nil {
		return
	}
	for i := 0; ; i++ {
		it, ok, err := r.Import()
		if !ok || err != nil || it.Kind > module.ExternTag {
			return
		}
		if i < maxNames {
			n.imports[it.Kind][uint32(n.imported[it.Kind])] = clean(it.Module, maxName) + "." + clean(it.Name, maxName)
		}
		n.imported[it.Kind]++
	}
}

// readExports reads the names of the exports.
func (n *names) readExports(s module.Section) {
	for k := range n.exports {
		n.exports[k] = map[uint32]string{}
	}
	var r module.SectionReader
	r.Reset(s, ops.All)
	if _, err := r.Count(); err != nil {
		return
	}
	for i := 0; r.More() && i < maxNames; i++ {
		it, err := r.Export()
		if err != nil || it.Kind > module.ExternTag {
			return
		}
		if _, ok := n.exports[it.Kind][it.Index]; !ok {
			n.exports[it.Kind][it.Index] = clean(it.Name, maxName)
		}
	}
}

// function returns the name of a function and where it is from.
func (n *names) function(index uint32) (name, from string) {
	return n.of(module.NameFunc, module.ExternFunc, index)
}

// of returns the name of a thing that may be imported and exported, and where the
// name is from.
func (n *names) of(kind module.NameKind, extern module.ExternKind, index uint32) (name, from string) {
	if name, ok := n.section.Name(kind, index); ok && strings.TrimSpace(name) != "" {
		return clean(name, maxName), "name section"
	}
	if name := n.exports[extern][index]; strings.TrimSpace(name) != "" {
		return name, "export"
	}
	if name, ok := n.imports[extern][index]; ok {
		return name, "import"
	}
	return "", ""
}

// externName returns the name of a thing that may be imported and exported, ""
// when it has none.
func (x *explainer) externName(extern module.ExternKind, index uint32) string {
	kinds := [...]module.NameKind{
		module.ExternFunc: module.NameFunc, module.ExternTable: module.NameTable, module.ExternMemory: module.NameMemory,
		module.ExternGlobal: module.NameGlobal, module.ExternTag: module.NameTag,
	}
	name, _ := x.names().of(kinds[extern], extern, index)
	return name
}

// nameIn returns the name of what the operator refers to, for a listing; "" without
// one.
func (x *explainer) nameIn(in *ops.Instr) string { return clean(x.referent(in), maxNote) }

// referent returns the name of what the operator refers to, "" without one.
func (x *explainer) referent(in *ops.Instr) string {
	row := in.Op.Row()
	if row == nil {
		return ""
	}
	switch row.Imm.Kind {
	case ops.ImmFunc:
		return x.externName(module.ExternFunc, in.Index)
	case ops.ImmGlobal, ops.ImmOrdGlobal:
		return x.externName(module.ExternGlobal, in.Index)
	case ops.ImmTag:
		return x.externName(module.ExternTag, in.Index)
	case ops.ImmLocal:
		return x.localName(in.Index)
	case ops.ImmTable:
		return x.externName(module.ExternTable, in.Index)
	case ops.ImmData, ops.ImmDataMem:
		return x.sectionName(module.NameData, in.Index)
	case ops.ImmElem, ops.ImmElemTable:
		return x.sectionName(module.NameElem, in.Index)
	case ops.ImmType, ops.ImmField, ops.ImmCallIndirect:
		return x.sectionName(module.NameType, in.Index)
	}
	return ""
}

// localName returns the name of a local of the function at fault.
func (x *explainer) localName(i uint32) string {
	if x.err.Func < 0 {
		return ""
	}
	name, _ := x.names().section.Local(uint32(x.err.Func), i)
	return strings.TrimSpace(clean(name, maxName))
}

// sectionName returns a name that only the name section can give.
func (x *explainer) sectionName(kind module.NameKind, i uint32) string {
	name, _ := x.names().section.Name(kind, i)
	return strings.TrimSpace(clean(name, maxName))
}
