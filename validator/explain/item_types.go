package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// readType reads a recursion group and finds the definition at fault, and which
// part of it.
func (x *explainer) readType(r *module.SectionReader, it *item) error {
	g, err := r.TypeGroup()
	if err != nil {
		return err
	}
	if !g.Explicit {
		it.What, it.fields = singleType, nil
	}
	start, number := -1, 0
	var sub module.SubType
	for k := 0; err == nil && r.MoreSubTypes(); k++ {
		at := r.Offset()
		_, err = r.SubType(&sub)
		if at <= x.err.Offset {
			it.Index, start, number = x.types, at, k
		}
		x.types++
	}
	if start < 0 {
		return err
	}
	f := x.typeField(start)
	if g.Explicit {
		f.name = strings.TrimPrefix(f.name+" of ", " of ") + fmt.Sprintf("definition %d", number)
	}
	if f.name != "" {
		it.fields = []field{f}
	}
	return err
}

// typeField returns the part of the definition of a type that the error is about:
// the one at its offset or, where that is the offset of the definition, the one
// that names the type that the message names. Its name is empty when no part is at
// fault more than another.
func (x *explainer) typeField(start int) (found field) {
	r := ops.NewReader(x.wasm[start:], start, ops.All)
	unknown, named := numberAfter(x.err.Message, "unknown type ")
	named = named && x.err.Offset == start
	found = field{start, ""}
	for part, read := range typeParts(r) {
		at := r.Offset()
		if !named && at > x.err.Offset {
			return found
		}
		index, err := read()
		name := part()
		switch {
		case named && err == nil && index == int64(unknown):
			return field{start, name} // where the error is
		case !named && x.err.Offset > start:
			found = field{at, name}
		}
		if err != nil {
			return found
		}
	}
	return found
}

// typeParts yields the parts of the definition of a type: what each is called, and
// how it is read. Reading one returns the index of the type that it names, or -1.
func typeParts(r *ops.Reader) func(yield func(name func() string, read func() (int64, error)) bool) {
	return func(yield func(func() string, func() (int64, error)) bool) {
		n, more := int64(0), true
		part := func(name string, read func() (int64, error)) {
			more = more && yield(func() string { return name }, read)
		}
		list := func(number, each string, read func() (int64, error)) {
			part(number, func() (_ int64, err error) {
				v, err := r.U32()
				n = int64(v)
				return -1, err
			})
			for k := int64(0); more && k < n; k++ {
				more = yield(func() string { return fmt.Sprintf("%s %d", each, k) }, read)
			}
		}
		index := func() (int64, error) {
			i, err := r.U32()
			return int64(i), err
		}
		value := func() (int64, error) { return named(r.ValType()) }
		stored := func() (int64, error) {
			i, err := named(r.StorageType())
			if err == nil {
				_, err = r.Byte() // whether it is mutable
			}
			return i, err
		}
		for more {
			var b byte
			part("form", func() (_ int64, err error) {
				b, err = r.Byte()
				return -1, err
			})
			switch {
			case !more:
			case b == 0x4f || b == 0x50: // sub final, sub
				list("number of supertypes", "supertype", index)
			case b == 0x4c: // describes
				part("described type", index)
			case b == 0x4d: // descriptor
				part("descriptor", index)
			case b == 0x65: // shared
			case b == 0x60: // func
				list("number of parameters", "parameter", value)
				list("number of results", "result", value)
				return
			case b == 0x5f: // struct
				list("number of fields", "field", stored)
				return
			case b == 0x5e: // array
				part("element type", stored)
				return
			case b == 0x5d: // cont
				part("function type", index)
				return
			default:
				return
			}
		}
	}
}

// named returns the index of the type that a value type refers to, -1 without one.
func named(t ops.ValType, err error) (int64, error) {
	if i, ok := t.Heap().Index(); err == nil && t.IsRef() && ok {
		return int64(i), nil
	}
	return -1, err
}
