package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// nameSection is the name of the custom section that holds names.
//
// Specification: 7.6.1 "Name Section".
const nameSection = "name"

// names are what the functions of a module are called: by its name section, and
// by its exports and imports where that says nothing. The module need not be
// valid.
type names struct {
	section *module.Names
	others  map[int]string // from imports and exports, by function index
}

// readNames returns the names in wasm, as far as they can be read.
func readNames(wasm []byte) *names {
	n := &names{others: make(map[int]string)}
	var imported int
	for s := range sections(wasm) {
		switch s.Section.ID {
		case module.SectionImport:
			for it := range imports(s.Section) {
				if it.Kind == module.ExternFunc {
					n.others[imported] = it.Module + "." + it.Name
					imported++
				}
			}
		case module.SectionExport:
			for it := range exports(s.Section) {
				if it.Kind == module.ExternFunc {
					n.others[int(it.Index)] = it.Name
				}
			}
		case module.SectionCustom:
			if s.Custom.Name == nameSection && n.section == nil {
				// What comes with an error are the names before it.
				n.section, _ = module.ReadNames(s.Content, s.Custom.Offset)
			}
		}
	}
	return n
}

// function returns the name of a function, "" if it has none.
func (n *names) function(index int) string {
	if name, ok := n.section.Func(uint32(index)); ok {
		return readable(name)
	}
	return readable(n.others[index])
}

// module returns the name of the module, "" if it has none.
func (n *names) module() string { return readable(n.section.Module()) }

// maxName is how much of a name is shown, in bytes.
const maxName = 240

// readable returns a name as it may be shown: not too long, and without
// characters that cannot be seen or that change how others are seen.
func readable(name string) string {
	if len(name) > maxName {
		end := maxName
		for !utf8.RuneStart(name[end]) {
			end--
		}
		name = name[:end] + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
}

// nameParts returns the subsections of a name section with the contents given,
// which lie offset bytes from the start of the module.
func nameParts(content []byte, offset int) []*Node {
	var parts []*Node
	r := ops.NewReader(content, offset, ops.All)
	for r.Len() > 0 {
		start := r.Offset()
		kind, err := r.Byte()
		if err != nil {
			return parts
		}
		size, err := r.Count()
		if err != nil {
			return parts
		}
		if _, err := r.Bytes(size); err != nil {
			return parts
		}
		name := "unknown"
		if module.NameKind(kind) <= module.NameTag {
			name = module.NameKind(kind).String()
		}
		parts = append(parts, &Node{Kind: KindPart, Name: name + " names", Section: module.SectionCustom.String(),
			Index: -1, Offset: start, Size: r.Offset() - start})
	}
	return parts
}
