package reduce

import (
	"encoding/binary"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// node is a piece of a module: bytes, then perhaps how many children there are, the
// children themselves, and bytes that did not decode.
type node struct {
	id      []byte // in front of the length
	framed  bool   // its length stands in front of it
	counted bool   // the number of its children stands in front of them
	op      bool   // an operator
	opens   bool   // an operator that opens a block
	bytes   []byte
	kids    []*node
	rest    []byte
}

// The encodings that the reducer writes.
const (
	opUnreachable = byte(ops.Unreachable)
	opNop         = byte(ops.Nop)
	opI32Const    = byte(ops.I32Const)
	opEnd         = byte(ops.End)

	secFunction = byte(module.SectionFunction)
	secCode     = byte(module.SectionCode)

	headerSize = 8
)

// append appends the bytes of n to b.
func (n *node) append(b []byte) []byte {
	b = append(b, n.id...)
	content := n.bytes
	if n.framed || n.counted || len(n.kids) > 0 || len(n.rest) > 0 {
		content = append([]byte(nil), n.bytes...)
		if n.counted {
			content = binary.AppendUvarint(content, uint64(len(n.kids)))
		}
		for _, k := range n.kids {
			content = k.append(content)
		}
		content = append(content, n.rest...)
	}
	if n.framed {
		b = binary.AppendUvarint(b, uint64(len(content)))
	}
	return append(b, content...)
}

// section returns the section with the id, nil if there is none.
func (n *node) section(id byte) *node {
	for _, k := range n.kids {
		if len(k.id) == 1 && k.id[0] == id {
			return k
		}
	}
	return nil
}

// closes returns which child ends the block that child i opens; 0 if it opens none.
func (n *node) closes(i int) int {
	if !n.kids[i].opens {
		return 0
	}
	depth := 0
	for j := i; j < len(n.kids); j++ {
		switch k := n.kids[j]; {
		case k.opens:
			depth++
		case k.op && len(k.bytes) > 0 && (k.bytes[0] == opEnd || k.bytes[0] == byte(ops.Delegate)):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return 0
}

// parse takes a module apart. What does not decode is one piece.
func parse(wasm []byte) *node {
	head := min(headerSize, len(wasm))
	root := &node{bytes: wasm[:head]}
	for rest := wasm[head:]; len(rest) > 0; {
		size, n := binary.Uvarint(rest[1:])
		if n <= 0 || size > uint64(len(rest)-1-n) {
			root.rest = rest
			break
		}
		content := rest[1+n:][:size]
		root.kids = append(root.kids, parseSection(rest[0], content))
		rest = rest[1+n+int(size):]
	}
	return root
}

// parseSection takes a section apart.
func parseSection(id byte, content []byte) *node {
	s := &node{id: []byte{id}, framed: true}
	switch module.SectionID(id) {
	case module.SectionCustom, module.SectionStart, module.SectionDataCount:
		s.bytes = content
	case module.SectionCode:
		s.counted = true
		parseCode(s, content)
	case module.SectionData:
		parseDatas(s, content)
	default:
		parseItems(s, content)
	}
	return s
}

// parseItems divides a section into items.
func parseItems(s *node, content []byte) {
	var r module.SectionReader
	r.Reset(module.Section{ID: module.SectionID(s.id[0]), Size: uint32(len(content)), Content: content}, ops.All)
	if _, err := r.Count(); err != nil {
		s.bytes = content
		return
	}
	s.counted = true
	start := r.Offset()
	for r.More() {
		if readItem(&r, module.SectionID(s.id[0])) != nil {
			break
		}
		s.kids = append(s.kids, &node{bytes: content[start:r.Offset()]})
		start = r.Offset()
	}
	s.rest = content[start:]
}

// readItem reads one item of a section.
func readItem(r *module.SectionReader, id module.SectionID) (err error) {
	switch id {
	case module.SectionType:
		_, err = r.TypeGroup()
		for err == nil && r.MoreSubTypes() {
			var t module.SubType
			_, err = r.SubType(&t)
		}
	case module.SectionImport:
		_, _, err = r.Import()
		for err == nil && r.Grouped() > 0 {
			_, _, err = r.Import()
		}
	case module.SectionFunction:
		_, _, err = r.Func()
	case module.SectionTable:
		_, err = r.Table()
	case module.SectionMemory:
		_, err = r.Memory()
	case module.SectionTag:
		_, _, err = r.Tag()
	case module.SectionGlobal:
		_, err = r.Global()
	case module.SectionExport:
		_, err = r.Export()
	case module.SectionElement:
		var it module.ElemItem
		it, err = r.Elem()
		for err == nil && r.MoreElems() {
			if it.Exprs {
				_, err = r.ElemExpr()
			} else {
				_, _, err = r.ElemFunc()
			}
		}
	default:
		_, err = r.Len(), errUnknown
	}
	return err
}

// parseCode divides the code section into bodies, and these into locals and
// operators.
func parseCode(s *node, content []byte) {
	r := ops.NewReader(content, 0, ops.All)
	n, err := r.Count()
	if err != nil {
		s.counted, s.bytes = false, content
		return
	}
	for range n {
		start := r.Offset()
		body, err := framed(r)
		if err != nil {
			s.rest = content[start:]
			return
		}
		s.kids = append(s.kids, parseBody(body))
	}
	s.rest = content[r.Offset():]
}

// framed reads bytes with their length in front.
func framed(r *ops.Reader) ([]byte, error) {
	n, err := r.U32()
	if err != nil || int64(n) > int64(r.Len()) {
		return nil, errUnknown
	}
	return r.Bytes(int(n))
}

// parseBody divides a function body.
func parseBody(content []byte) *node {
	b := &node{framed: true}
	r := ops.NewReader(content, 0, ops.All)
	n, err := r.Count()
	locals := &node{counted: true}
	for range n {
		start := r.Offset()
		if _, err = r.U32(); err == nil {
			_, err = r.ValType()
		}
		if err != nil {
			break
		}
		locals.kids = append(locals.kids, &node{bytes: content[start:r.Offset()]})
	}
	if err != nil {
		b.bytes = content
		return b
	}
	code := &node{}
	b.kids = []*node{locals, code}
	d := ops.NewDecoder(content[r.Offset():], r.Offset(), ops.All)
	for start, in := range d.All() {
		code.kids = append(code.kids, &node{op: true, opens: opens(in.Op), bytes: content[start:d.Offset()]})
	}
	b.rest = content[d.Offset():]
	return b
}

// opens reports whether the operator opens a block.
func opens(op ops.Op) bool {
	switch op {
	case ops.Block, ops.Loop, ops.If, ops.Try, ops.TryTable:
		return true
	}
	return false
}
