package validatortest

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// This file writes declarations: what stands in the sections before the code.

func (c *code) byte(b byte)     { c.b = append(c.b, b) }
func (c *code) uint(v uint64)   { c.b = binary.AppendUvarint(c.b, v) }
func (c *code) name(s string)   { c.uint(uint64(len(s))); c.b = append(c.b, s...) }
func (c *code) append(b []byte) { c.b = append(c.b, b...) }

// writeValType takes a value type and writes it.
func (r *reader) writeValType() { r.out.append(ops.AppendValType(nil, r.valType())) }

// recType writes the members of a recursion group, or the one type that needs
// none.
//
// Specification: 5.3.8 "Recursive Types".
func (r *reader) recType(members int) {
	if members != 1 {
		r.out.byte(0x4e)
		r.out.uint(uint64(members))
	}
}

// subType writes a type definition: "sub final 0 (struct …)", "func …".
//
// Specification: 5.3.8 "Recursive Types", subtype, and 5.3.7 "Composite Types".
func (r *reader) subType() {
	if s, ok := r.acceptList("sub"); ok {
		s.supertypes()
		return
	}
	if r.accept("sub") {
		r.supertypes()
		return
	}
	r.compType()
}

func (r *reader) supertypes() {
	if r.accept("final") {
		r.out.byte(0x4f)
	} else {
		r.out.byte(0x50)
	}
	n := 0
	for n < len(r.nodes) && !r.nodes[n].isList && strings.IndexByte("0123456789", r.nodes[n].word[0]) >= 0 {
		n++
	}
	r.out.uint(uint64(n))
	for range n {
		r.out.uint(r.uint(32))
	}
	r.compType()
}

// compType writes a composite type and what stands in front of it: shared,
// (describes n), (descriptor n).
func (r *reader) compType() {
	for _, prefix := range []struct {
		word string
		code byte
	}{{"describes", 0x4c}, {"descriptor", 0x4d}} {
		if s, ok := r.acceptList(prefix.word); ok {
			r.out.byte(prefix.code)
			r.out.uint(s.uint(32))
			s.end()
			r.compType()
			return
		}
	}
	n := r.next("a composite type")
	if n.isList {
		s := r.sub(n.list)
		s.compType()
		r.end()
		return
	}
	switch n.word {
	case "shared":
		r.out.byte(0x65)
		r.compType()
	case "func":
		r.out.byte(0x60)
		r.valTypes("param")
		r.valTypes("result")
	case "struct":
		r.out.byte(0x5f)
		r.fields()
	case "array":
		r.out.byte(0x5e)
		r.field()
	case "cont":
		r.out.byte(0x5d)
		r.out.append(ops.AppendHeapType(nil, r.heapType()))
	default:
		r.fail(n.word, "want a composite type")
	}
	r.end()
}

// valTypes writes the value types of all lists with the head given as one
// vector.
func (r *reader) valTypes(head string) {
	r.vector(head, (*reader).writeValType)
}

// fields writes the fields of a structure type.
func (r *reader) fields() { r.vector("field", (*reader).field) }

// vector writes the elements of all lists with the head given, and their
// number in front.
func (r *reader) vector(head string, element func(*reader)) {
	var nodes []node
	for s, ok := r.acceptList(head); ok; s, ok = r.acceptList(head) {
		nodes = append(nodes, s.nodes...)
	}
	r.out.uint(uint64(len(nodes)))
	for s := r.sub(nodes); s.more(); {
		element(s)
	}
}

// field writes a field type: a storage type, (mut t) when it is mutable.
func (r *reader) field() {
	if s, ok := r.acceptList("mut"); ok {
		s.writeValType()
		s.end()
		r.out.byte(1)
		return
	}
	r.writeValType()
	r.out.byte(0)
}

// limits are the limits of a table or memory with what is encoded among them.
type limits struct {
	min, max               uint64
	hasMax, shared, addr64 bool
	pageSize               uint64 // bytes; 0 when it is not written
}

// limits takes "i64 1 2 shared pagesize=1", each part but the first number
// optional, in any order.
func (r *reader) limits() limits {
	var l limits
	numbers := 0
	for r.more() {
		switch {
		case r.accept("i64"):
			l.addr64 = true
		case r.accept("i32"):
		case r.accept("shared"):
			l.shared = true
		case strings.HasPrefix(r.peek().word, "pagesize="):
			n := r.next("a page size")
			l.pageSize = r.parseUint(strings.TrimPrefix(n.word, "pagesize="), n.word, 64)
		case r.isNumber() && numbers == 0:
			l.min = r.uint(64)
			numbers++
		case r.isNumber() && numbers == 1:
			l.max, l.hasMax = r.uint(64), true
			numbers++
		default:
			if numbers == 0 {
				r.fail(r.peek().String(), "want limits")
			}
			return l
		}
	}
	if numbers == 0 {
		r.fail("", "want limits")
	}
	return l
}

// write writes l.
//
// Specification: 5.3.9 "Limits"; the proposals threads and custom page sizes.
func (l limits) write(r *reader) {
	var flags byte
	for i, set := range []bool{l.hasMax, l.shared, l.addr64, l.pageSize != 0} {
		if set {
			flags |= 1 << i
		}
	}
	r.out.byte(flags)
	r.out.uint(l.min)
	if l.hasMax {
		r.out.uint(l.max)
	}
	if l.pageSize != 0 {
		if l.pageSize&(l.pageSize-1) != 0 {
			r.fail(r.text, "a page size that is not a power of two")
		}
		r.out.uint(uint64(bits.TrailingZeros64(l.pageSize)))
	}
}

// tableType writes "1 10 funcref" or "funcref 1 10".
func (r *reader) tableType() {
	if r.isRefType() {
		r.writeValType()
		r.limits().write(r)
		return
	}
	l := r.limits()
	r.writeValType()
	l.write(r)
}

func (r *reader) isRefType() bool { return r.more() && isRefType(r.peek()) }

// memoryType writes "1 2".
func (r *reader) memoryType() { r.limits().write(r) }

// globalType writes "i32", "mut i32", "(mut i32)", "shared mut i32".
func (r *reader) globalType() {
	var flags byte
	for {
		if s, ok := r.acceptList("mut"); ok {
			s.writeValType()
			s.end()
			r.out.byte(flags | 1)
			return
		}
		if s, ok := r.acceptList("shared"); ok {
			s.globalType()
			s.end()
			r.out.b[len(r.out.b)-1] |= 2
			return
		}
		switch {
		case r.accept("mut"):
			flags |= 1
			continue
		case r.accept("shared"):
			flags |= 2
			continue
		}
		r.writeValType()
		r.out.byte(flags)
		return
	}
}

// externType writes the kind and type of an import: "func 0", "func (exact 0)",
// "table 1 funcref", "memory 1", "global mut i32", "tag 0".
//
// Specification: 5.3.14 "External Types".
func (r *reader) externType() {
	kind := r.externKind()
	exact := kind == kindFunc && r.peek().head() == "exact"
	if exact {
		r.out.byte(kind | 0x20)
	} else {
		r.out.byte(kind)
	}
	switch kind {
	case kindFunc:
		s := r
		if exact {
			s, _ = r.acceptList("exact")
		}
		r.out.uint(s.uint(32))
		s.end()
	case kindTable:
		r.tableType()
	case kindMemory:
		r.memoryType()
	case kindGlobal:
		r.globalType()
	case kindTag:
		r.out.byte(0)
		r.out.uint(r.uint(32))
	}
}

// The kinds of imports and exports.
const (
	kindFunc = iota
	kindTable
	kindMemory
	kindGlobal
	kindTag
)

// externKind takes the word for a kind.
func (r *reader) externKind() byte {
	n := r.next("func, table, memory, global or tag")
	for i, name := range []string{"func", "table", "memory", "global", "tag"} {
		if n.word == name {
			return byte(i)
		}
	}
	r.fail(n.String(), "want func, table, memory, global or tag")
	return 0
}
