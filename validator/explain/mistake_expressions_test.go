package explain_test

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// constant is a constant expression of a module, with what it is about.
type constant struct {
	module *module.Module // what is declared in front of it
	expr   module.ConstExpr
	want   ops.ValType
}

// declarations collects what a module declares as far as the constant expression
// that contains an offset.
type declarations struct {
	b      *module.Builder
	r      module.SectionReader
	offset int
	found  *constant
}

// constantAt finds the constant expression that contains an offset; nil if none
// does.
func constantAt(wasm []byte, f ops.Features, offset int) *constant {
	d := &declarations{b: module.NewBuilder(), offset: offset}
	p := module.NewParser(f)
	for at := 0; d.found == nil; {
		payload, n, err := p.Parse(wasm[at:], true)
		at += n
		switch {
		case err != nil || payload.Kind == module.End:
			return nil
		case payload.Kind == module.WholeSection:
			d.r.Reset(payload.Section, f)
			if d.section(payload.Section.ID) != nil {
				return nil
			}
		case payload.Kind == module.DataSegmentHead && payload.Data.Mode == module.Active:
			if i := payload.Data.Memory; int64(i) < int64(len(d.b.Decls().Memories)) {
				d.look(payload.Data.Start, d.b.Decls().Memories[i].AddrType())
			}
		}
	}
	d.found.module = d.b.Module()
	return d.found
}

// look takes a constant expression if it contains the offset.
func (d *declarations) look(e module.ConstExpr, want ops.ValType) {
	if d.found == nil && d.offset >= e.Offset && d.offset < e.Offset+len(e.Bytes) {
		d.found = &constant{nil, e, want}
	}
}

// canon is t with the representative of its type.
func (d *declarations) canon(t ops.ValType) ops.ValType {
	if i, ok := t.Heap().Index(); ok && t.IsRef() && i >= uint32(d.b.Types().Len()) {
		return t
	}
	return d.b.Types().CanonVal(t)
}

// section reads one section.
func (d *declarations) section(id module.SectionID) (err error) {
	if id == module.SectionStart || id == module.SectionDataCount {
		return nil
	}
	if _, err := d.r.Count(); err != nil {
		return err
	}
	for d.found == nil && d.r.More() && err == nil {
		switch id {
		case module.SectionType:
			err = d.group()
		case module.SectionImport:
			err = d.imported()
		case module.SectionFunction:
			var t uint32
			t, _, err = d.r.Func()
			d.b.AddFunc(t)
		case module.SectionTable:
			err = d.table()
		case module.SectionMemory:
			var m module.MemoryItem
			m, err = d.r.Memory()
			d.b.AddMemory(m.Type)
		case module.SectionTag:
			var t uint32
			t, _, err = d.r.Tag()
			d.b.AddTag(t)
		case module.SectionGlobal:
			var g module.GlobalItem
			g, err = d.r.Global()
			g.Type.Type = d.canon(g.Type.Type)
			d.look(g.Init, g.Type.Type)
			d.b.AddGlobal(g.Type)
		case module.SectionElement:
			err = d.elements()
		default:
			return nil
		}
	}
	return err
}

// group reads a recursion group.
func (d *declarations) group() error {
	g, err := d.r.TypeGroup()
	if err != nil {
		return err
	}
	d.b.Types().BeginGroup(g.Count)
	for d.r.MoreSubTypes() {
		var t module.SubType
		if _, err := d.r.SubType(&t); err != nil {
			return err
		}
		if err := d.b.Types().Define(&t); err != nil {
			return err
		}
	}
	return d.b.Types().EndGroup()
}

// imported reads an import.
func (d *declarations) imported() error {
	it, ok, err := d.r.Import()
	if err != nil || !ok {
		return err
	}
	switch it.Kind {
	case module.ExternFunc:
		d.b.ImportFunc(it.Module, it.Name, it.TypeIdx, it.Exact)
	case module.ExternTable:
		it.Table.Elem = d.canon(it.Table.Elem)
		d.b.ImportTable(it.Module, it.Name, it.Table)
	case module.ExternMemory:
		d.b.ImportMemory(it.Module, it.Name, it.Memory)
	case module.ExternGlobal:
		it.Global.Type = d.canon(it.Global.Type)
		d.b.ImportGlobal(it.Module, it.Name, it.Global)
	case module.ExternTag:
		d.b.ImportTag(it.Module, it.Name, it.TypeIdx)
	}
	return nil
}

// table reads a table.
func (d *declarations) table() error {
	t, err := d.r.Table()
	if err != nil {
		return err
	}
	t.Type.Elem = d.canon(t.Type.Elem)
	if t.HasInit {
		d.look(t.Init, t.Type.Elem)
	}
	d.b.AddTable(t.Type)
	return nil
}

// elements reads an element segment.
func (d *declarations) elements() error {
	s, err := d.r.Elem()
	if err != nil {
		return err
	}
	if tables := d.b.Decls().Tables; s.Mode == module.Active && int64(s.Table) < int64(len(tables)) {
		d.look(s.Start, tables[s.Table].AddrType())
	}
	for d.found == nil && d.r.MoreElems() && err == nil {
		if !s.Exprs {
			_, _, err = d.r.ElemFunc()
			continue
		}
		var e module.ConstExpr
		e, err = d.r.ElemExpr()
		d.look(e, d.canon(s.Type))
	}
	return err
}

// find runs the algorithm over the expression.
func (c *constant) find(f ops.Features) (mismatch, error) {
	a := &algorithm{constant: true}
	return a.start(c.module, f, []ops.ValType{c.want}, c.expr.Offset, c.expr.Bytes, c.expr.Offset)
}
