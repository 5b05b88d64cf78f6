package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

const (
	// wide is how many parameters, and how many results, a function type may have.
	wide = 1000
	// many is how many types, functions, imports or globals a module may have.
	many = 1_000_000
	// maxSegments is how many data segments a module may have.
	maxSegments = 100_000
	// maxBody is how many bytes of operators go into one function: a little less
	// than the limit of a body, so that the rest of it fits too.
	maxBody = 7_000_000
)

// Numbers of the sections that are written as they are.
const (
	sectionType   = 1
	sectionImport = 2
	sectionFunc   = 3
	sectionTable  = 4
	sectionGlobal = 6
	sectionExport = 7
	sectionElem   = 9
	sectionCode   = 10
	sectionData   = 11
	sectionTag    = 13
)

// emptyFunc is the content of a code section of one function that does nothing.
var emptyFunc = []byte{1, 2, 0, 0x0b}

// words returns the words of the pattern again and again, n in all.
func words(n int, pattern string) string {
	unit := strings.Fields(pattern)
	list := make([]string, n)
	for i := range list {
		list[i] = unit[i%len(unit)]
	}
	return strings.Join(list, " ")
}

// each returns the format with each of the numbers below n.
func each(n int, format string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(list, " ")
}

// funcType returns the text of a function type.
func funcType(params, results string) string {
	return fmt.Sprintf("func (param %s) (result %s)", params, results)
}

// fill returns first, unit as often as it fits into size bytes together with the
// other two, but at least once, and last.
func fill(size int, first, unit, last []byte) []byte {
	n := max(1, (min(size, maxBody)-len(first)-len(last))/len(unit))
	return join(first, bytes.Repeat(unit, n), last)
}

// asm is fill for the text of operators.
func asm(size int, first, unit, last string) []byte {
	return fill(size, validatortest.Asm(first), validatortest.Asm(unit), validatortest.Asm(last))
}

// join returns the parts in one new slice.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// leb returns v as an unsigned LEB128 integer.
func leb(v int) []byte { return binary.AppendUvarint(nil, uint64(v)) }

// sized returns b with its length in front.
func sized(b []byte) []byte { return join(leb(len(b)), b) }

// vector returns a vector of the item as often as it fits into size bytes, but at
// least once and at most limit times.
func vector(size, limit int, item []byte) []byte {
	n := min(limit, max(1, size/len(item)))
	return join(leb(n), bytes.Repeat(item, n))
}

// numbered returns a vector of the items that the function makes of the numbers
// from 0 on, as many as fit into size bytes, but at most limit.
func numbered(size, limit int, item func(b []byte, i int) []byte) []byte {
	var b []byte
	n := 0
	for n < limit && (n == 0 || len(b) < size) {
		b = item(b, n)
		n++
	}
	return join(leb(n), b)
}

// addFunc adds a function of the type at an index: its locals, its operators, and
// the final end.
func addFunc(m *validatortest.Module, typeIdx uint32, locals string, code []byte) *validatortest.Module {
	declared, _ := validatortest.Body(locals, "")
	end := len(declared) - 1
	return m.FuncType(typeIdx).Body(join(declared[:end], code, declared[end:]), -1)
}

// oneFunc returns a module of one function, without parameters and results.
func oneFunc(locals string, code []byte) []byte {
	return addFunc(validatortest.NewModule().Type("func"), 0, locals, code).Bytes()
}
