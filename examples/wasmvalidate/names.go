package main

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// nameSection is the name of the custom section that holds names.
//
// Specification: 7.6.1 "Name Section".
const nameSection = "name"

// funcName returns the name that wasm's name section gives the function at
// index, "" without one. The module need not be valid, only its sections must be
// where their sizes say.
func funcName(wasm []byte, index int) string {
	if index < 0 {
		return ""
	}
	content, offset := findCustom(wasm, nameSection)
	// What comes with an error are the names before it, good enough here.
	names, _ := module.ReadNames(content, offset)
	name, _ := names.Func(uint32(index))
	return name
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
