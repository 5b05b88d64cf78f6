package report

import (
	"cmp"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// The kinds of a [Node].
const (
	KindModule   = "module"
	KindHeader   = "header" // what says what is where: magic number, sizes, counts
	KindSection  = "section"
	KindCustom   = "custom section"
	KindFunction = "function"
	KindSegment  = "data segment"
	KindPart     = "part of a custom section"
	KindSmaller  = "smaller ones"
	KindUnread   = "not read"
)

// Node is a piece of a module. The sizes of its children, if it has any, add up
// to its own.
type Node struct {
	Kind string `json:"kind"`
	// Name is for people: it may come from the module, and be anything.
	Name string `json:"name"`
	// Section is the section that a piece is, or lies in: "code", "custom", …
	Section string `json:"section,omitempty"`
	// Index is that of a function or data segment, -1 for everything else.
	Index int `json:"index"`
	// Offset is in bytes from the start of the module. That of smaller ones, which
	// lie scattered, is -1.
	Offset   int     `json:"offset"`
	Size     int     `json:"size"`               // in bytes
	Count    int     `json:"count,omitempty"`    // of the items of a section, or of smaller ones
	Children []*Node `json:"children,omitempty"` // the largest first
}

// maxPieces is how many pieces of one section are told apart.
const maxPieces = 5000

// SizeMap returns the module as a tree of pieces: its sections, and in them the
// functions, the data segments and the parts of the name section, the largest
// first. The module need not be valid; what comes after the place where its
// sections no longer make sense is one piece that was not read.
func SizeMap(wasm []byte) *Node {
	m := mapper{wasm: wasm, names: readNames(wasm)}
	m.root = &Node{Kind: KindModule, Name: m.names.module(), Index: -1, Size: len(wasm)}
	m.read()
	for _, section := range m.root.Children {
		m.complete(section)
	}
	if rest := len(wasm) - m.end; rest > 0 {
		m.root.Children = append(m.root.Children,
			&Node{Kind: KindUnread, Name: "not read", Index: -1, Offset: m.end, Size: rest})
	}
	sortBySize(m.root.Children)
	return m.root
}

// mapper makes the tree while a parser walks the module.
type mapper struct {
	wasm    []byte
	names   *names
	root    *Node
	section *Node // the one whose items are being read
	end     int   // of what was read, in bytes from the start of the module
}

// read adds the sections and their items in the order of the module, as far as
// the parser comes.
func (m *mapper) read() {
	parser := module.NewParser(ops.All)
	imported := importedFuncs(m.wasm)
	for {
		payload, _, err := parser.Parse(m.wasm[parser.Offset():], true)
		if err != nil || payload.Kind == module.End {
			return
		}
		switch payload.Kind {
		case module.Version:
			m.addHeader(parser.Offset())
		case module.WholeSection, module.CodeStart, module.DataStart, module.Custom:
			m.addSection(payload)
		case module.Body:
			if !payload.Truncated {
				m.addFunc(imported+int(payload.Index), payload.SizeOffset, payload.Body)
			}
		case module.DataSegmentHead:
			m.addData(int(payload.Index), payload.Data)
		}
	}
}

func (m *mapper) addHeader(size int) {
	m.root.Children = append(m.root.Children,
		&Node{Kind: KindHeader, Name: "magic number and version", Index: -1, Size: size})
	m.end = size
}

// addSection adds a section, whose items will follow. One that does not fit into
// the module is left out.
func (m *mapper) addSection(payload *module.Payload) {
	s := payload.Section
	end := int64(s.ContentOffset) + int64(s.Size)
	if s.Truncated || end > int64(len(m.wasm)) {
		m.section = nil
		return
	}
	m.section = &Node{Kind: KindSection, Name: s.ID.String(), Section: s.ID.String(), Index: -1,
		Offset: s.Offset, Size: int(end) - s.Offset}
	if payload.Kind == module.Custom {
		m.section.Kind, m.section.Name = KindCustom, readable(payload.Custom.Name)
		if payload.Custom.Name == nameSection {
			m.section.Children = nameParts(m.wasm[payload.Custom.Offset:end], payload.Custom.Offset)
		}
	}
	m.root.Children = append(m.root.Children, m.section)
	m.end = int(end)
}

func (m *mapper) addFunc(index, offset int, body module.FuncBody) {
	m.add(&Node{Kind: KindFunction, Name: m.names.function(index), Index: index, Offset: offset,
		Size: body.Offset() + body.Size() - offset})
}

func (m *mapper) addData(index int, data module.DataItem) {
	name, _ := m.names.section.Name(module.NameData, uint32(index))
	end := int64(data.BytesOffset) + int64(data.Size)
	if end > int64(m.end) {
		return
	}
	m.add(&Node{Kind: KindSegment, Name: readable(name), Index: index, Offset: data.Offset, Size: int(end) - data.Offset})
}

// add adds an item to the current section, which is nil when that is too long
// for the module.
func (m *mapper) add(item *Node) {
	if m.section != nil && item.Offset+item.Size <= m.end {
		item.Section = m.section.Section
		m.section.Children = append(m.section.Children, item)
	}
}

// complete makes the items of a section add up to it, with a piece for what is
// none of them, and puts the smaller ones together.
func (m *mapper) complete(section *Node) {
	if len(section.Children) == 0 {
		return
	}
	rest := section.Size
	for _, item := range section.Children {
		rest -= item.Size
	}
	section.Count = len(section.Children)
	sortBySize(section.Children)
	section.Children = fold(section.Children)
	if rest > 0 {
		section.Children = append(section.Children, &Node{Kind: KindHeader, Name: "header of the section",
			Section: section.Section, Index: -1, Offset: section.Offset, Size: rest})
	}
}

// fold puts all but the largest of the items, which are sorted, into one.
func fold(items []*Node) []*Node {
	if len(items) <= maxPieces {
		return items
	}
	smaller := items[maxPieces:]
	rest := &Node{Kind: KindSmaller, Section: smaller[0].Section, Index: -1, Offset: -1, Count: len(smaller)}
	for _, item := range smaller {
		rest.Size += item.Size
	}
	return append(items[:maxPieces:maxPieces], rest)
}

// sortBySize sorts nodes, the largest first; those of one size remain in the
// order of the module.
func sortBySize(nodes []*Node) {
	slices.SortStableFunc(nodes, func(a, b *Node) int { return cmp.Compare(b.Size, a.Size) })
}
