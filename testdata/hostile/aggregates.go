package hostile

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// maxFields is how many fields a structure may have.
const maxFields = 10_000

// aggregates are the attacks on operators that make or look at structures and
// arrays, or ask how reference types relate.
func aggregates() []Module {
	withStruct := func(fields, first, unit, last string) func(size int) []byte {
		return func(size int) []byte {
			m := validatortest.NewModule().Type("func").
				Type(fmt.Sprintf("struct (field %s)", words(maxFields, fields))).Type("array i32").
				Type(funcType("", words(wide, "i32")))
			addFunc(m, 0, "", asm(size, first, unit, last))
			return addFunc(m, 3, "", validatortest.Asm("unreachable")).Bytes()
		}
	}
	return []Module{
		valid("struct.new/unreachable", "structures of 10,000 fields in unreachable code",
			withStruct("i32", "unreachable", "struct.new 1 drop", "")),
		valid("struct.new/packed", "structures of 10,000 packed fields",
			withStruct("i8 i16", "", words(20, "call 1")+" struct.new 1 drop", "")),
		valid("struct.new_default", "structures of 10,000 fields with their defaults",
			withStruct("i32 anyref", "", "struct.new_default 1 drop", "")),
		valid("struct.get", "reads of the last of 10,000 fields",
			withStruct("i32", "unreachable", "struct.get 1 9999 drop", "")),
		valid("array.new_fixed/equal", "arrays of 10,000 elements",
			withStruct("i32", "", words(20, "call 1")+" array.new_fixed 2 10000 drop", "")),
		valid("array.new_fixed/unreachable", "arrays of 10,000 elements in unreachable code",
			withStruct("i32", "unreachable", "array.new_fixed 2 10000 drop", "")),
		valid("struct.new/shifted", "structures of 10,000 fields of operands that lie a little further each time", shiftedStructs),
		valid("ref.cast/chains", "casts along chains of 63 subtypes", func(size int) []byte {
			m := validatortest.NewModule().Type("sub (struct)")
			for i := range 63 {
				m.Type(fmt.Sprintf("sub %d (struct)", i))
			}
			m.Type("func (param (ref null 0))").Type("func (param (ref null 63))")
			addFunc(m, 64, "", asm(size, "unreachable", "ref.cast (ref null 0) ref.cast (ref null 63) call 0", ""))
			return addFunc(m, 65, "", nil).Bytes()
		}),
		valid("br_on_cast/wide", "br_on_casts to a label of 1,000 types", func(size int) []byte {
			list := words(wide-1, "i32")
			m := validatortest.NewModule().Type("func").Type(funcType("", list+" (ref null i31)")).Type(funcType("", list))
			addFunc(m, 0, "", asm(size, "block (type 1) call 1 ref.null any", "br_on_cast 0 anyref (ref null i31)", "unreachable end unreachable"))
			return addFunc(m, 2, "", validatortest.Asm("unreachable")).Bytes()
		}),
	}
}

// shiftedStructs returns a module that takes structures of the same operands, but of
// other ones for each field, in a thousand ways.
func shiftedStructs(size int) []byte {
	list := func(n int) string { return funcType("", words(n, "i31ref structref")) }
	m := validatortest.NewModule().Type("func").
		Type(fmt.Sprintf("struct (field %s)", words(maxFields, "eqref anyref"))).
		Type(list(wide)).Import("", "", "func 2")
	for i := range 10 {
		m.Type(list(1<<i)).Import("", "", fmt.Sprintf("func %d", 3+i))
	}
	unit := strings.Builder{}
	for shift := range wide {
		unit.WriteString(words(20, "call 0") + " ")
		for i := range 10 {
			if shift>>i&1 != 0 {
				fmt.Fprintf(&unit, "call %d ", 1+i)
			}
		}
		unit.WriteString("struct.new 1 drop unreachable ")
	}
	return addFunc(m, 0, "", asm(size, "", unit.String(), "")).Bytes()
}
