package module

import (
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// Describe returns the composite type of type i as the text format writes it:
// "(func (param i32) (result i64))", "(struct (field (mut i8)))".
func (t *Types) Describe(i uint32) string {
	var b strings.Builder
	d := &t.defs[i]
	if d.flags&flagShared != 0 {
		b.WriteString("(shared ")
	}
	b.WriteString("(" + d.kind.String())
	switch d.kind {
	case Func:
		describeList(&b, "param", t.Params(i))
		describeList(&b, "result", t.Results(i))
	case Struct:
		for n := range d.n1 {
			b.WriteString(" (field " + t.Field(i, n).String() + ")")
		}
	case Array:
		b.WriteString(" " + t.Elem(i).String())
	case Cont:
		b.WriteString(" " + ops.IndexHeap(d.n1).String())
	}
	b.WriteByte(')')
	if d.flags&flagShared != 0 {
		b.WriteByte(')')
	}
	return b.String()
}

// String returns f as the text format writes it: "i8", "(mut (ref 3))".
func (f Field) String() string {
	if f.Mutable {
		return "(mut " + f.Type.String() + ")"
	}
	return f.Type.String()
}

// describeList writes a list of types after the word, if there are any.
func describeList(b *strings.Builder, word string, list []ops.ValType) {
	if len(list) == 0 {
		return
	}
	b.WriteString(" (" + word)
	for _, v := range list {
		b.WriteString(" " + v.String())
	}
	b.WriteByte(')')
}
