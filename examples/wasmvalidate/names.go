package main

import (
	"strconv"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// nameSection is the name of the custom section that holds names.
//
// Specification: 7.6.1 "Name Section".
const nameSection = "name"

// names are what the things in a module are called: by its name section, and
// where that is silent, functions by their exports and imports.
type names struct {
	section *module.Names
	exports map[uint32]string // the first name of each exported function
	module  *module.Module    // nil where there is none, because it is not valid
}

// newNames returns the names in a module, which need not be valid; only its
// sections must be where their sizes say.
func newNames(wasm []byte, m *module.Module) names {
	content, offset := findCustom(wasm, nameSection)
	// What comes with an error are the names before it, good enough here.
	section, _ := module.ReadNames(content, offset)
	return names{section, exportedFuncs(wasm), m}
}

// exportedFuncs returns the names under which functions are exported, as far as
// the module can be read.
func exportedFuncs(wasm []byte) map[uint32]string {
	exports := map[uint32]string{}
	p := module.NewParser(ops.All)
	for rest := wasm; ; {
		payload, n, err := p.Parse(rest, true)
		if err != nil || payload.Kind == module.End || payload.Kind == module.CodeStart {
			return exports
		}
		rest = rest[n:]
		if payload.Kind != module.WholeSection || payload.Section.ID != module.SectionExport {
			continue
		}
		var r module.SectionReader
		r.Reset(payload.Section, ops.All)
		_, err = r.Count()
		for err == nil && r.More() {
			var e module.ExportItem
			if e, err = r.Export(); err != nil || e.Kind != module.ExternFunc {
				continue
			}
			if _, known := exports[e.Index]; !known {
				exports[e.Index] = e.Name
			}
		}
		return exports
	}
}

// funcName returns the name of the function at index, "" without one.
func (n names) funcName(index int) string {
	if index < 0 {
		return ""
	}
	if name, ok := n.section.Func(uint32(index)); ok {
		return name
	}
	if name, ok := n.exports[uint32(index)]; ok || n.module == nil {
		return name
	}
	if uint32(index) < n.module.Decls().ImportedFuncs {
		for _, i := range n.module.Imports() {
			if i.Kind == module.ExternFunc && int(i.Index) == index {
				return i.Module + "." + i.Name
			}
		}
	}
	return ""
}

// findFunc returns the function with an index or name.
func (n names) findFunc(what string) (index int, ok bool) {
	if i, err := strconv.ParseUint(what, 0, 32); err == nil {
		return int(i), int64(i) < int64(n.module.NumFuncs())
	}
	what = strings.TrimPrefix(what, "$")
	for _, e := range n.module.Exports() {
		if e.Kind == module.ExternFunc && e.Name == what {
			return int(e.Index), true
		}
	}
	for i := range n.module.NumFuncs() {
		if name, ok := n.section.Func(uint32(i)); ok && name == what {
			return i, true
		}
	}
	return 0, false
}

// findCustom returns the contents of the custom section called name, and their
// offset in the module; nothing when there is none.
func findCustom(wasm []byte, name string) (content []byte, offset int) {
	const header = 8 // magic number and version
	r := ops.NewReader(wasm[min(header, len(wasm)):], header, ops.All)
	for r.Len() > 0 {
		id, err := r.Byte()
		if err != nil {
			return nil, 0
		}
		size, err := r.Count()
		if err != nil {
			return nil, 0
		}
		section, err := r.Bytes(size)
		if err != nil {
			return nil, 0
		}
		if module.SectionID(id) != module.SectionCustom {
			continue
		}
		s := ops.NewReader(section, r.Offset()-size, ops.All)
		n, err := s.Count()
		if err != nil {
			continue
		}
		if b, err := s.Bytes(n); err == nil && string(b) == name {
			content, _ := s.Bytes(s.Len())
			return content, r.Offset() - len(content)
		}
	}
	return nil, 0
}
