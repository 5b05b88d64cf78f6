package explain

import (
	"context"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// withFunc calls f for the function whose body is number number in the code
// section: with its scope while a validator is assigned to it, or with nil when
// the declarations of the module do not allow that. Of the declarations it is the
// spine of the module that decides, so that they mean what they meant in the
// validation.
func (x *explainer) withFunc(number int, b module.FuncBody, f func(*scope)) {
	m, funcs, err := x.spine(skeleton(x.wasm, true))
	if err == nil && number < len(funcs) {
		x.decls = m
		fn := funcs[number]
		fn.Body = b
		assigned(fn, f)
		return
	}
	// Exports, the start function and elements may be wrong; a body does not
	// depend on them but for the types of element segments.
	m, funcs, err = x.spine(skeleton(x.wasm, false))
	if err != nil || number >= len(funcs) {
		f(nil)
		return
	}
	x.decls = m
	r := &loose{Module: m, elems: x.elemTypes(m.Types())}
	assigned(validator.FuncToValidate[*loose]{
		Resources: r, Features: funcs[number].Features, Index: funcs[number].Index, TypeIdx: funcs[number].TypeIdx, Body: b,
	}, f)
}

// spine is [validator.Spine] with the options of the validation.
func (x *explainer) spine(wasm []byte) (*module.Module, []validator.FuncToValidate[*module.Module], error) {
	opts := append(x.opts[:len(x.opts):len(x.opts)], validator.WithProgress(nil), validator.WithWorkers(1))
	return validator.Spine(context.Background(), wasm, opts...)
}

// declarations is what spine returns without the functions, for which there may have to
// be twenty times as many bytes as they are long.
func (x *explainer) declarations(wasm []byte) (*module.Module, error) {
	opts := append(x.opts[:len(x.opts):len(x.opts)], validator.WithProgress(nil), validator.WithWorkers(1))
	return validator.Validate(context.Background(), wasm, opts...)
}

// assigned calls f with the scope of the function.
func assigned[R validator.Resources](fn validator.FuncToValidate[R], f func(*scope)) {
	a, err := fn.IntoValidator(nil)
	if err != nil {
		f(nil)
		return
	}
	f(&scope{Resources: fn.Resources, types: fn.Resources.Types(), body: a, features: fn.Features, typeIdx: fn.TypeIdx, index: fn.Index})
	_ = a.Abandon()
}

// loose is the declarations of a module whose elements are invalid.
type loose struct {
	*module.Module
	elems []ops.ValType
}

func (l *loose) NumElems() int             { return len(l.elems) }
func (l *loose) Elem(i uint32) ops.ValType { return l.elems[i] }
func (l *loose) FuncDeclared(uint32) bool  { return true }

// elemTypes returns the types of the element segments, as many as can be read.
func (x *explainer) elemTypes(types *module.Types) (list []ops.ValType) {
	sec, ok := find(x.wasm, module.SectionElement)
	if !ok {
		return nil
	}
	var r module.SectionReader
	r.Reset(sec.whole(x.wasm), x.features())
	if _, err := r.Count(); err != nil {
		return nil
	}
	s := scope{types: types}
	for r.More() {
		it, err := r.Elem()
		if err != nil {
			return list
		}
		for r.MoreElems() {
			if it.Exprs {
				_, err = r.ElemExpr()
			} else {
				_, _, err = r.ElemFunc()
			}
			if err != nil {
				return list
			}
		}
		t, ok := s.canonical(it.Type)
		if !ok {
			return list
		}
		list = append(list, t)
	}
	return list
}

// skeleton returns the module with empty bodies and data, and without custom
// sections: what decides about its declarations and no more. It has exports, the
// start function and elements if all is set.
func skeleton(wasm []byte, all bool) []byte {
	out := append(make([]byte, 0, headerSize), wasm[:min(len(wasm), headerSize)]...)
	funcs, data, hasData := uint32(0), uint32(0), false
	for s := range sections(wasm) {
		switch s.id {
		case module.SectionCustom:
			continue
		case module.SectionExport, module.SectionStart, module.SectionElement:
			if !all {
				continue
			}
		case module.SectionFunction:
			funcs = leadingCount(s.bytes(wasm))
		case module.SectionDataCount:
			data, hasData = leadingCount(s.bytes(wasm)), true
		}
		if s.id == module.SectionCode || s.id == module.SectionData {
			break
		}
		out = append(out, wasm[s.offset:s.end]...)
	}
	// No more of them than the module could have.
	if uint64(funcs) > uint64(len(wasm)) || uint64(data) > uint64(len(wasm)) {
		return out
	}
	if funcs > 0 {
		out = appendSection(out, module.SectionCode, funcs, "\x03\x00\x00\x0b") // unreachable, so that it is valid
	}
	if hasData {
		out = appendSection(out, module.SectionData, data, "\x01\x00")
	}
	return out
}

// leadingCount returns the number that the contents of a section begin with.
func leadingCount(content []byte) uint32 {
	n, _ := ops.NewReader(content, 0, ops.All).U32()
	return n
}

// appendSection appends a section of n equal items.
func appendSection(b []byte, id module.SectionID, n uint32, item string) []byte {
	count := ops.AppendU32(nil, n)
	b = append(b, byte(id))
	b = ops.AppendU32(b, uint32(min(uint64(len(count))+uint64(n)*uint64(len(item)), 1<<32-1)))
	b = append(b, count...)
	b = slices.Grow(b, int(n)*len(item)) // which is bounded as the module is
	for range n {
		b = append(b, item...)
	}
	return b
}

// features returns the features that the module was validated with.
func (x *explainer) features() ops.Features {
	if x.known == nil {
		f := ops.Default
		// A module of one function, which tells with what it would be validated.
		tiny := "\x00asm\x01\x00\x00\x00" + "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x0a\x04\x01\x02\x00\x0b"
		if _, funcs, err := x.spine([]byte(tiny)); err == nil && len(funcs) == 1 {
			f = funcs[0].Features
		}
		x.known = &f
	}
	return *x.known
}
