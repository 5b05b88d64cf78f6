package module

import (
	"sort"

	"github.com/wasmstate/wasmstate/ops"
)

// NameKind is the kind of thing that a subsection of the name section names; the
// values are its encoding.
type NameKind uint8

const (
	NameModule NameKind = iota
	NameFunc
	NameLocal // of a function
	NameLabel // of a function
	NameType
	NameTable
	NameMemory
	NameGlobal
	NameElem
	NameData
	NameField // of a type
	NameTag
	numNameKinds
)

// String returns what is named: "module", "function", "local", …
func (k NameKind) String() string {
	if k >= numNameKinds {
		return "unknown"
	}
	return [...]string{"module", "function", "local", "label", "type", "table", "memory", "global", "elem", "data", "field", "tag"}[k]
}

// indirect reports whether the names of this kind belong to a function or type.
func (k NameKind) indirect() bool { return k == NameLocal || k == NameLabel || k == NameField }

// Names is the contents of a name section. It keeps a view of the bytes and the
// places of some of the names in them; a name is looked for when it is asked
// for. The zero value, and nil, have no names. Safe for concurrent use.
//
// Specification: 7.6.1 "Name Section".
type Names struct {
	module string
	// marks of each kind, by their index: places in bytes or, where the kind is
	// indirect, in inner.
	marks [numNameKinds][]nameMark
	inner []nameMark // of all name maps in indirect ones, places in bytes
	bytes []byte
}

// nameMark is the place of one association of a name map: every markEvery-th one,
// and all of those of an indirect name map, whose value is a name map.
type nameMark struct {
	index uint32 // of what is named
	pos   uint32 // of the association in Names.bytes, or of the marks of a map in Names.inner
	count uint32 // of associations from here to the next mark, or of marks
}

// markEvery is how many associations may have to be read to find one.
const markEvery = 16

// ReadNames reads the contents of a name section, which lie offset bytes from
// the start of the module. The error, an *ops.SyntaxError, says nothing about
// the module; with it come the names of the subsections before the one at fault.
// The caller must not change content while the names are used.
func ReadNames(content []byte, offset int) (*Names, error) {
	n := &Names{bytes: content}
	var r ops.Reader
	r.Reset(content, offset, ops.All)
	last := -1
	for r.Len() > 0 {
		start := r.Offset()
		kind, sub, err := subsection(&r)
		if err != nil {
			return n, err
		}
		if int(kind) <= last {
			return n, syntaxError(start, "unexpected name subsection: "+NameKind(kind).String()+" names out of order")
		}
		last = int(kind)
		if NameKind(kind) >= numNameKinds {
			continue
		}
		if err := n.read(NameKind(kind), &sub, offset); err != nil {
			n.marks[kind] = nil
			if NameKind(kind) == NameModule {
				n.module = ""
			}
			return n, err
		}
	}
	return n, nil
}

// subsection reads the number and the size of a subsection, and returns a reader
// of its contents.
func subsection(r *ops.Reader) (kind byte, sub ops.Reader, err error) {
	if kind, err = r.Byte(); err != nil {
		return 0, sub, err
	}
	start := r.Offset()
	size, err := r.U32()
	if err != nil {
		return 0, sub, err
	}
	if uint64(size) > uint64(r.Len()) {
		return 0, sub, syntaxError(start, errLength)
	}
	at := r.Offset()
	b, err := r.Bytes(int(size))
	sub.Reset(b, at, ops.All)
	return kind, sub, err
}

// read reads one subsection.
func (n *Names) read(kind NameKind, r *ops.Reader, base int) (err error) {
	switch {
	case kind == NameModule:
		var start, size int
		if start, size, err = nameRange(r); err == nil {
			n.module = string(n.bytes[start-base : start-base+size])
		}
	case kind.indirect():
		err = n.readIndirect(kind, r, base)
	default:
		n.marks[kind], err = readMap(n.marks[kind], r, base)
	}
	if err == nil && r.Len() > 0 {
		err = syntaxError(r.Offset(), "section size mismatch: "+kind.String()+" names")
	}
	return err
}

// readMap reads a name map and adds marks of some of its associations.
func readMap(marks []nameMark, r *ops.Reader, base int) ([]nameMark, error) {
	err := walkNames(r, func(i, index uint32, pos, _, _ int) {
		if i%markEvery == 0 {
			marks = append(marks, nameMark{index: index, pos: uint32(pos - base)})
		}
		marks[len(marks)-1].count++
	})
	return marks, err
}

// readIndirect reads an indirect name map and marks each of the name maps in it, and
// some of their associations.
func (n *Names) readIndirect(kind NameKind, r *ops.Reader, base int) error {
	count, err := vectorLen(r)
	last := int64(-1)
	for ; err == nil && count > 0; count-- {
		start := r.Offset()
		var index uint32
		if index, err = r.U32(); err != nil {
			break
		}
		if int64(index) <= last {
			return syntaxError(start, "name map out of order")
		}
		last = int64(index)
		first := len(n.inner)
		n.inner, err = readMap(n.inner, r, base)
		n.marks[kind] = append(n.marks[kind], nameMark{index: index, pos: uint32(first), count: uint32(len(n.inner) - first)})
	}
	return err
}

// walkNames reads a name map and calls visit for each association: its number,
// its index, where it is and where its name is.
func walkNames(r *ops.Reader, visit func(i, index uint32, pos, name, size int)) error {
	count, err := vectorLen(r)
	last := int64(-1)
	for i := uint32(0); err == nil && i < count; i++ {
		pos := r.Offset()
		var index uint32
		if index, err = r.U32(); err != nil {
			break
		}
		if int64(index) <= last {
			return syntaxError(pos, "name map out of order")
		}
		last = int64(index)
		var name, size int
		if name, size, err = nameRange(r); err == nil {
			visit(i, index, pos, name, size)
		}
	}
	return err
}

// Module returns the name of the module.
func (n *Names) Module() string {
	if n == nil {
		return ""
	}
	return n.module
}

// Name returns the name of the thing at index in the index space of kind, which
// must not be NameLocal, NameLabel or NameField; ok is false if it has none.
func (n *Names) Name(kind NameKind, index uint32) (name string, ok bool) {
	if n == nil || kind >= numNameKinds || kind.indirect() {
		return "", false
	}
	return n.lookUp(n.marks[kind], index)
}

// Within returns the name of a local or label of a function, or of a field of a
// type: outer is the index of the function or type.
func (n *Names) Within(kind NameKind, outer, index uint32) (name string, ok bool) {
	if n == nil || kind >= numNameKinds || !kind.indirect() {
		return "", false
	}
	m, ok := find(n.marks[kind], outer)
	if !ok || m.index != outer {
		return "", false
	}
	return n.lookUp(n.inner[m.pos:m.pos+m.count], index)
}

// lookUp returns the name of index in the name map with the marks.
func (n *Names) lookUp(marks []nameMark, index uint32) (name string, ok bool) {
	m, ok := find(marks, index)
	if !ok {
		return "", false
	}
	return n.search(m.pos, m.count, index)
}

// find returns the last mark that is not beyond index.
func find(marks []nameMark, index uint32) (m nameMark, ok bool) {
	i := sort.Search(len(marks), func(i int) bool { return marks[i].index > index })
	if i == 0 {
		return m, false
	}
	return marks[i-1], true
}

// search looks for index among the count associations from pos on.
func (n *Names) search(pos, count, index uint32) (string, bool) {
	var r ops.Reader
	r.Reset(n.bytes[pos:], int(pos), ops.All)
	for ; count > 0; count-- {
		i, err := r.U32()
		if err != nil {
			return "", false
		}
		size, err := r.U32()
		if err != nil || i > index {
			return "", false
		}
		b, err := r.Bytes(int(size))
		if err != nil {
			return "", false
		}
		if i == index {
			return string(b), true
		}
	}
	return "", false
}

// Func returns the name of the function at index; ok is false if it has none.
func (n *Names) Func(index uint32) (name string, ok bool) { return n.Name(NameFunc, index) }

// Local returns the name of a local of a function.
func (n *Names) Local(fn, index uint32) (name string, ok bool) {
	return n.Within(NameLocal, fn, index)
}
