package explain

import (
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
	case at < s.content || s.unsized:
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
