package explain

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

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
		if m, err := x.declarations(skeleton(x.wasm, false)); err == nil {
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
