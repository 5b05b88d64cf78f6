package module_test

import (
	"fmt"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// decoding is what reading a module from end to end gives: a line for each
// payload, the first error of the grammar, and the first error of a type.
type decoding struct {
	lines   []string
	err     error
	typeErr error
	types   *module.Types
	need    ops.Features
}

// decodeAll reads the module in pieces, whose sizes next returns; a size of 0
// or less means all that is left.
func decodeAll(wasm []byte, f ops.Features, next func() int) decoding {
	d := decoding{types: module.NewTypes()}
	p := module.NewParser(f)
	var sections module.SectionReader
	buffered, given := 0, 0
	grow := func() {
		n := next()
		if n <= 0 || n > len(wasm)-given {
			n = len(wasm) - given
		}
		given += n
	}
	grow()
	for {
		payload, n, err := p.Parse(wasm[buffered:given:given], given == len(wasm))
		buffered += n
		if err != nil {
			d.err = err
			return d
		}
		switch payload.Kind {
		case module.NeedMore:
			grow()
			continue
		case module.WholeSection:
			err = d.section(&sections, payload.Section, f)
		case module.Body:
			err = skipBody(payload.Body, f)
		}
		s := payload.Section
		d.lines = append(d.lines, fmt.Sprint(payload.Kind, s.ID, s.Offset, s.Size, len(s.Content), payload.Count, payload.CountOffset,
			payload.Index, payload.Body.Offset(), payload.Body.Size(), payload.SizeOffset, payload.Truncated, payload.Custom,
			payload.Data.Mode, payload.Data.BytesOffset, payload.Data.Size))
		if err != nil || payload.Kind == module.End {
			d.err = err
			d.need |= p.Need()
			return d
		}
	}
}

func whole() int { return 0 }

func skipBody(b module.FuncBody, f ops.Features) error {
	l, err := b.Locals(f)
	for err == nil && l.More() {
		_, err = l.Next()
	}
	if err != nil {
		return err
	}
	return ops.SkipExpr(ops.NewDecoder(b.Bytes()[l.Pos():], b.Offset()+l.Pos(), f))
}

func (d *decoding) section(r *module.SectionReader, s module.Section, f ops.Features) error {
	r.Reset(s, f)
	defer func() { d.need |= r.Need() }()
	switch s.ID {
	case module.SectionStart:
		if _, _, err := r.Start(); err != nil {
			return err
		}
		return r.End()
	case module.SectionDataCount:
		if _, _, err := r.DataCount(); err != nil {
			return err
		}
		return r.End()
	}
	if _, err := r.Count(); err != nil {
		return err
	}
	for r.More() {
		if err := d.item(r, s.ID); err != nil {
			return err
		}
	}
	return r.End()
}

func (d *decoding) item(r *module.SectionReader, id module.SectionID) (err error) {
	switch id {
	case module.SectionType:
		return d.group(r)
	case module.SectionImport:
		_, _, err = r.Import()
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
		return elements(r)
	}
	return err
}

func (d *decoding) group(r *module.SectionReader) error {
	g, err := r.TypeGroup()
	if err != nil {
		return err
	}
	if d.typeErr == nil {
		d.types.BeginGroup(g.Count)
	}
	for r.MoreSubTypes() {
		var t module.SubType
		if _, err := r.SubType(&t); err != nil {
			return err
		}
		if d.typeErr == nil {
			d.typeErr = d.types.Define(&t)
		}
	}
	if d.typeErr == nil {
		d.typeErr = d.types.EndGroup()
	}
	return nil
}

func elements(r *module.SectionReader) error {
	e, err := r.Elem()
	for err == nil && r.MoreElems() {
		if e.Exprs {
			_, err = r.ElemExpr()
		} else {
			_, _, err = r.ElemFunc()
		}
	}
	return err
}
