package explain

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

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
		if x.err.Offset < at {
			return nil
		}
		if e.Exprs {
			var c module.ConstExpr
			if c, err = r.ElemExpr(); err != nil || x.err.Offset < r.Offset() {
				it.expr(c, fmt.Sprintf("element %d", k), e.Type)
			}
		} else {
			_, _, err = r.ElemFunc()
		}
		if err != nil || x.err.Offset < r.Offset() {
			it.fields = append(it.fields, field{at, fmt.Sprintf("element %d", k)})
			return err
		}
	}
	return nil
}
