package explain

import (
	"iter"
	"math"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// headerSize is the length of what a module begins with.
const headerSize = 8

// section is one section as it lies in the bytes, whether or not it may be there.
type section struct {
	id      module.SectionID
	offset  int // of the id
	content int // of the contents
	end     int // of the contents, at most that of the module
	size    uint32
	cut     bool // it is longer than the module
	unsized bool // its size cannot be read
}

// sections yields the sections of a module as far as they can be told apart.
func sections(wasm []byte) iter.Seq[section] {
	return func(yield func(section) bool) {
		if len(wasm) < headerSize || string(wasm[:4]) != "\x00asm" {
			return
		}
		for at := headerSize; at < len(wasm); {
			r := ops.NewReader(wasm[at+1:], at+1, ops.All)
			size, err := r.U32()
			s := section{id: module.SectionID(wasm[at]), offset: at, content: r.Offset(), size: size}
			if err != nil {
				s.content, s.end, s.unsized = len(wasm), len(wasm), true
				yield(s)
				return
			}
			s.cut = uint64(size) > uint64(len(wasm)-s.content)
			s.end = len(wasm)
			if !s.cut {
				s.end = s.content + int(size)
			}
			if !yield(s) {
				return
			}
			at = s.end
		}
	}
}

// find returns the first section with the id.
func find(wasm []byte, id module.SectionID) (section, bool) {
	for s := range sections(wasm) {
		if s.id == id {
			return s, true
		}
	}
	return section{}, false
}

// containing returns the section that an error at the offset is about. Where one
// section ends and the next begins it is the second, unless the error is that the
// first is too short.
func containing(wasm []byte, offset int, tooShort bool) (found section, ok bool) {
	for s := range sections(wasm) {
		if s.offset > offset || s.offset == offset && tooShort && ok {
			break
		}
		found, ok = s, s.end >= offset
	}
	return found, ok
}

// bytes returns the contents of the section.
func (s section) bytes(wasm []byte) []byte { return wasm[s.content:s.end] }

// whole returns the section as a [module.SectionReader] wants it.
func (s section) whole(wasm []byte) module.Section {
	return module.Section{
		ID: s.id, Offset: s.offset, SizeOffset: s.offset + 1, ContentOffset: s.content,
		Size: uint32(min(uint64(s.end-s.content), math.MaxUint32)), Content: s.bytes(wasm),
	}
}

// bodyAt returns the body that contains the offset and its number in the code
// section.
func bodyAt(wasm []byte, offset int) (b module.FuncBody, number int, ok bool) {
	code, ok := find(wasm, module.SectionCode)
	if !ok || offset < code.content || offset > code.end {
		return b, 0, false
	}
	r := ops.NewReader(code.bytes(wasm), code.content, ops.All)
	if _, err := r.U32(); err != nil {
		return b, 0, false
	}
	for ; r.Len() > 0; number++ {
		size, err := r.U32()
		if err != nil {
			return b, 0, false
		}
		start := r.Offset()
		n := int(min(uint64(size), uint64(r.Len())))
		if offset <= start+n {
			if offset < start {
				return b, 0, false // in the size
			}
			return module.NewFuncBody(start, wasm[start:start+n:start+n]), number, true
		}
		r.Seek(r.Pos() + n)
	}
	return b, 0, false
}
