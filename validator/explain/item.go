package explain

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// describeSection describes a section.
func (x *explainer) describeSection(s section) *Section {
	d := &Section{ID: uint8(s.id), Name: s.id.String(), Offset: s.content, Size: s.end - s.content}
	if s.id == module.SectionCustom {
		d.Name = ""
		r := ops.NewReader(s.bytes(x.wasm), s.content, ops.All)
		if n, err := r.U32(); err == nil && int64(n) <= int64(r.Len()) {
			b, _ := r.Bytes(int(n))
			d.Name = clean(string(b), maxName)
		}
	}
	return d
}

// itemNames says what the items of each section are.
var itemNames = map[module.SectionID]string{
	module.SectionType: recGroup, module.SectionImport: "import", module.SectionFunction: "function",
	module.SectionTable: "table", module.SectionMemory: "memory", module.SectionGlobal: "global",
	module.SectionExport: "export", module.SectionElement: "element segment", module.SectionCode: "function body",
	module.SectionData: "data segment", module.SectionTag: "tag",
}

// item is one item of a section that is being read: what is known of it so far.
type item struct {
	Item
	fields []field      // in the order of the bytes
	exprs  []expression // its constant expressions
}

// field is a part of an item, up to the next one.
type field struct {
	offset int
	name   string
}

// expression is a constant expression of an item and the type that it must leave.
type expression struct {
	module.ConstExpr
	what string
	want ops.ValType
}

// explainItem explains an error in a section other than a function body: it looks
// for the item that contains the offset.
func (x *explainer) explainItem(s section) {
	at := x.err.Offset
	switch {
	case at < s.content:
		x.d.Item = &Item{What: wholeSection, Index: -1, Offset: s.offset, Field: "size"}
		if at == s.offset {
			x.d.Item.Field = "id"
		}
		return
	case s.id == module.SectionCustom:
		x.d.Item = &Item{What: wholeSection, Index: -1, Offset: s.content, Field: "name"}
		return
	case s.id == module.SectionStart || s.id == module.SectionDataCount:
		x.d.Item = &Item{What: wholeSection, Index: -1, Offset: s.content, Field: "function index"}
		if s.id == module.SectionDataCount {
			x.d.Item.Field = "number of data segments"
		}
		if at > s.content && x.err.Kind == validator.Malformed {
			x.d.Item.Field = "end"
		}
		return
	}
	it, ok := x.findItem(s)
	if !ok {
		x.d.Item = &Item{What: wholeSection, Index: -1, Offset: s.content, Field: sectionPart(s, at)}
		return
	}
	for _, f := range it.fields {
		if f.offset <= at {
			it.Field = f.name
		}
	}
	it.Name = clean(it.Name, 2*maxName+1)
	x.d.Item = &it.Item
	for _, e := range it.exprs {
		end := e.Offset + len(e.Bytes)
		if e.Bytes == nil { // it does not end
			e.Bytes = x.wasm[min(s.end, e.Offset):min(s.end, e.Offset+maxExpr)]
			end = e.Offset + len(e.Bytes) + 1
		}
		if at >= e.Offset && at < end {
			x.explainConst(s, it, e)
			return
		}
	}
}

// maxExpr is how much of a malformed constant expression is looked at, in bytes.
const maxExpr = 1 << 16

// numberOfItems is the field that a section begins with.
const numberOfItems = "number of items"

// sectionPart says which part of a section, apart from its items, lies at the
// offset.
func sectionPart(s section, offset int) string {
	switch {
	case offset >= s.end:
		return "end"
	case offset == s.content:
		return numberOfItems
	}
	return "bytes behind the last item"
}

// findItem reads the items of a section up to the one that contains the offset of
// the error, or in which reading ends.
func (x *explainer) findItem(s section) (it item, ok bool) {
	if s.id == module.SectionCode {
		return x.findBody(s)
	}
	if s.id == module.SectionData {
		return x.findData(s)
	}
	var r module.SectionReader
	r.Reset(s.whole(x.wasm), x.features())
	_, err := r.Count()
	if err != nil || x.err.Offset < r.Offset() {
		return it, false
	}
	for n := 0; ; n++ {
		if s.id == module.SectionImport {
			if !r.More() && r.Len() == 0 {
				return it, ok
			}
		} else if !r.More() {
			return it, false // behind the last item
		}
		it = item{Item: Item{What: itemNames[s.id], Number: n, Index: -1, Offset: r.Offset()}}
		more, err := x.readItem(&r, s.id, &it)
		if !more {
			return it, false
		}
		if err != nil || x.err.Offset < r.Offset() {
			it.Number = n
			return it, true
		}
	}
}

// readItem reads the next item of a section; more is false when there is none.
func (x *explainer) readItem(r *module.SectionReader, id module.SectionID, it *item) (more bool, err error) {
	at := r.Offset()
	it.fields = []field{{at, ""}}
	switch id {
	case module.SectionType:
		return true, x.readType(r, it)
	case module.SectionImport:
		im, ok, err := r.Import()
		if ok {
			x.importItem(im, it)
		}
		if it.What == itemNames[id] { // its kind is not known
			x.namedFields(at, 2, it)
		}
		return ok, err
	case module.SectionFunction:
		_, _, err = r.Func()
		it.index(x.imported(module.ExternFunc))
		it.Name = x.externName(module.ExternFunc, uint32(it.Index))
		it.fields = []field{{at, "type index"}}
	case module.SectionTable:
		t, e := r.Table()
		err = e
		it.index(x.imported(module.ExternTable))
		it.Name = x.externName(module.ExternTable, uint32(it.Index))
		it.fields = []field{{at, "type"}}
		if t.HasInit && t.Init.Offset > 0 {
			it.expr(t.Init, "initial value", t.Type.Elem)
		}
	case module.SectionMemory:
		_, err = r.Memory()
		it.index(x.imported(module.ExternMemory))
		it.Name = x.externName(module.ExternMemory, uint32(it.Index))
		it.fields = []field{{at, "type"}}
	case module.SectionTag:
		_, _, err = r.Tag()
		it.index(x.imported(module.ExternTag))
		it.Name = x.externName(module.ExternTag, uint32(it.Index))
		it.fields = []field{{at, "type index"}}
	case module.SectionGlobal:
		g, e := r.Global()
		err = e
		it.index(x.imported(module.ExternGlobal))
		it.Name = x.externName(module.ExternGlobal, uint32(it.Index))
		it.fields = []field{{at, "type"}}
		if g.Init.Offset > 0 {
			it.expr(g.Init, "initial value", g.Type.Type)
		}
	case module.SectionExport:
		e, readErr := r.Export()
		err = readErr
		it.Name = e.Name
		it.fields = []field{{at, "name"}}
		if e.IndexOffset > 0 {
			it.fields = append(it.fields, field{e.IndexOffset - 1, "kind"}, field{e.IndexOffset, e.Kind.String() + " index"})
		} else {
			x.namedFields(at, 1, it)
		}
	case module.SectionElement:
		err = x.readElem(r, it)
	default:
		return false, nil
	}
	return true, err
}

// index sets the index of an item in its index space, behind those imported.
func (it *item) index(imported int) { it.Index = imported + it.Number }

// expr adds a constant expression as a field.
func (it *item) expr(e module.ConstExpr, what string, want ops.ValType) {
	it.fields = append(it.fields, field{e.Offset, what})
	it.exprs = append(it.exprs, expression{e, what, want})
}

// readType reads a recursion group and finds the definition at fault.
func (x *explainer) readType(r *module.SectionReader, it *item) error {
	g, err := r.TypeGroup()
	if err != nil {
		return err
	}
	if !g.Explicit {
		it.What, it.fields = singleType, nil
	}
	var sub module.SubType
	for k := 0; r.MoreSubTypes(); k++ {
		at := r.Offset()
		_, err := r.SubType(&sub)
		if at <= x.err.Offset {
			it.Index = x.types
			if g.Explicit {
				it.fields = []field{{at, fmt.Sprintf("definition %d", k)}}
			}
		}
		x.types++
		if err != nil {
			return err
		}
	}
	return nil
}

// importItem describes an import.
func (x *explainer) importItem(im module.ImportItem, it *item) {
	it.Offset = im.Offset
	it.fields = []field{{im.Offset, "name"}}
	if im.Module != "" || im.Name != "" {
		it.Name = clean(im.Module, maxName) + "." + clean(im.Name, maxName)
	}
	if im.TypeOffset > 0 && int(im.Kind) < len(x.imports) {
		it.Index = x.imports[im.Kind]
		x.imports[im.Kind]++
		it.What = importOfAKind + im.Kind.String()
		it.fields = append(it.fields, field{im.TypeOffset - 1, "kind"}, field{im.TypeOffset, "type"})
	}
}

// namedFields finds the fields of an import or export that could not be read: as
// many names, a kind, and what follows it.
func (x *explainer) namedFields(offset, names int, it *item) {
	r := ops.NewReader(x.wasm[offset:], offset, ops.All)
	for range names {
		size, err := r.U32()
		if err != nil || uint64(size) >= uint64(r.Len()) {
			return
		}
		r.Seek(r.Pos() + int(size))
	}
	it.fields = append(it.fields, field{r.Offset(), "kind"}, field{r.Offset() + 1, "type"})
}

// imported returns how many things of a kind are imported.
func (x *explainer) imported(kind module.ExternKind) int {
	return x.names().imported[kind]
}

// readElem reads an element segment and finds the element at fault.
func (x *explainer) readElem(r *module.SectionReader, it *item) error {
	e, err := r.Elem()
	it.Index = it.Number
	it.Name = x.sectionName(module.NameElem, uint32(it.Index))
	if e.Mode == module.Active && e.Start.Offset > 0 {
		if e.TableOffset != e.Start.Offset {
			it.fields = append(it.fields, field{e.TableOffset, "table index"})
		}
		it.expr(e.Start, "offset", x.addressOf(module.ExternTable, e.Table))
	}
	if err != nil {
		return err
	}
	it.fields = append(it.fields, field{e.TypeOffset, "element type"})
	for k := 0; r.MoreElems(); k++ {
		at := r.Offset()
		what := fmt.Sprintf("element %d", k)
		if x.err.Offset < at {
			return nil
		}
		if e.Exprs {
			var c module.ConstExpr
			if c, err = r.ElemExpr(); err != nil || x.err.Offset < r.Offset() {
				it.expr(c, what, e.Type)
			}
		} else {
			_, _, err = r.ElemFunc()
		}
		if err != nil || x.err.Offset < r.Offset() {
			it.fields = append(it.fields, field{at, what})
			return err
		}
	}
	return nil
}

// findBody finds the function body whose size is at fault.
func (x *explainer) findBody(s section) (it item, ok bool) {
	r := ops.NewReader(s.bytes(x.wasm), s.content, ops.All)
	if _, err := r.U32(); err != nil || x.err.Offset < r.Offset() {
		return it, false
	}
	imported := x.imported(module.ExternFunc)
	for n := 0; r.Len() > 0; n++ {
		it = item{Item: Item{What: "function body", Number: n, Index: imported + n, Offset: r.Offset()}}
		it.fields = []field{{r.Offset(), "size"}}
		size, err := r.U32()
		if err != nil || x.err.Offset < r.Offset() || uint64(size) > uint64(r.Len()) {
			it.Name = x.externName(module.ExternFunc, uint32(it.Index))
			return it, true
		}
		r.Seek(r.Pos() + int(size))
	}
	return it, false
}

// findData finds the data segment at fault. A parser that is given this section
// alone reads it, so that its offsets are those of a shorter module.
func (x *explainer) findData(s section) (it item, ok bool) {
	p := module.NewParser(x.features())
	if _, _, err := p.Parse(x.wasm[:headerSize], false); err != nil {
		return it, false
	}
	data := x.wasm[s.offset:s.end]
	delta := s.offset - headerSize
	for n := -1; ; {
		start := p.Offset() + delta
		payload, consumed, err := p.Parse(data, true)
		if err == nil {
			data = data[consumed:]
			if payload.Kind == module.DataStart {
				if x.err.Offset < p.Offset()+delta {
					return it, false
				}
				n = 0
				continue
			}
			if payload.Kind != module.DataSegmentHead {
				return it, false
			}
		} else if n < 0 || start >= s.end {
			return it, false
		}
		it = item{Item: Item{What: "data segment", Number: n, Index: n, Offset: start}}
		it.fields = []field{{start, "kind"}}
		if err != nil {
			x.dataExpr(start, &it)
		} else if payload.Data.Mode == module.Active {
			head := &payload.Data
			head.Start.Offset += delta
			if head.MemoryOffset+delta != head.Start.Offset {
				it.fields = append(it.fields, field{head.MemoryOffset + delta, "memory index"})
			}
			it.expr(head.Start, "offset", x.addressOf(module.ExternMemory, head.Memory))
			it.fields = append(it.fields, field{head.Start.Offset + len(head.Start.Bytes), "size"})
		}
		if err != nil || x.err.Offset < p.Offset()+delta {
			it.Name = x.sectionName(module.NameData, uint32(n))
			return it, true
		}
		n++
	}
}

// dataExpr finds the offset expression of a malformed data segment, in which or
// behind which it is malformed.
func (x *explainer) dataExpr(start int, it *item) {
	r := ops.NewReader(x.wasm[start:], start, ops.All)
	kind, err := r.U32()
	memory := uint32(0)
	if err == nil && kind == 2 {
		memory, err = r.U32()
	}
	if err == nil && kind == 1 {
		it.size(r)
	}
	if err != nil || kind == 1 {
		return
	}
	e := module.ConstExpr{Offset: r.Offset()}
	d := ops.NewDecoder(r.Rest()[:min(r.Len(), maxExpr)], r.Offset(), x.features())
	if ops.SkipExpr(d) == nil {
		e.Bytes = x.wasm[e.Offset:d.Offset()]
	}
	it.expr(e, "offset", x.addressOf(module.ExternMemory, memory))
	if e.Bytes != nil {
		r.Seek(d.Offset() - start)
		it.size(r)
	}
}

// size adds the size of a data segment and its contents as fields.
func (it *item) size(r *ops.Reader) {
	it.fields = append(it.fields, field{r.Offset(), "size"})
	if _, err := r.U32(); err == nil {
		it.fields = append(it.fields, field{r.Offset(), "contents"})
	}
}

// addressOf returns the type of the addresses of a table or memory: that of the
// first index, if there is none at this one.
func (x *explainer) addressOf(kind module.ExternKind, index uint32) ops.ValType {
	if !x.looked {
		x.looked = true
		if m, _, err := x.spine(skeleton(x.wasm, false)); err == nil {
			x.decls = m
		}
	}
	m := x.decls
	switch {
	case m == nil:
	case kind == module.ExternTable && int64(index) < int64(m.NumTables()):
		return m.Table(index).AddrType()
	case kind == module.ExternMemory && int64(index) < int64(m.NumMemories()):
		return m.Memory(index).AddrType()
	}
	return ops.I32
}
