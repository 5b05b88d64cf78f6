package hostile

import (
	"bytes"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// maxName is how many bytes a name may have.
const maxName = 100_000

// shortName appends a name that no other number has.
func shortName(b []byte, i int) []byte {
	var name []byte
	for ; i > 0; i /= 64 {
		name = append(name, byte('0'+i%64))
	}
	return append(append(b, leb(len(name))...), name...)
}

// longName returns a name of n bytes, of characters of three bytes.
func longName(n int) []byte { return sized(bytes.Repeat([]byte("語"), n/3)) }

// withExports returns a module of one function with an export section.
func withExports(content []byte) []byte {
	return validatortest.NewModule().Type("func").FuncType(0).Raw(sectionExport, content).Raw(sectionCode, emptyFunc).Bytes()
}

// declarations are the attacks on the sections in front of the code.
func declarations() []Module {
	imports := func(items []byte) []byte {
		return validatortest.NewModule().Type("func").Raw(sectionImport, items).Bytes()
	}
	return []Module{
		valid("imports", "as many imports with empty names as fit", func(size int) []byte {
			return imports(vector(size, many, []byte{0, 0, 0, 0}))
		}),
		valid("imports/compact", "as many imports of one type from one module as fit", func(size int) []byte {
			n := min(many, size)
			return imports(join([]byte{1, 0, 0, 0x7e, 0, 0}, leb(n), bytes.Repeat([]byte{0}, n)))
		}),
		{"imports/compact-memories", "as many imported memories from one module as fit, of which few are allowed", "limit", ops.Default, func(size int) []byte {
			n := min(many, size)
			return imports(join([]byte{1, 0, 0, 0x7e, 2, 0, 0}, leb(n), bytes.Repeat([]byte{0}, n)))
		}},
		valid("imports/groups", "as many empty groups of imports as fit", func(size int) []byte {
			return imports(vector(size, many, []byte{0, 0, 0x7f, 0}))
		}),
		valid("imports/globals", "as many imported globals of reference types as fit", func(size int) []byte {
			return imports(vector(size, many, []byte{0, 0, 3, codeRef, 0, 1}))
		}),
		valid("imports/long-names", "imports with names of 100,000 bytes", func(size int) []byte {
			return imports(vector(size, many, join(longName(maxName), longName(maxName), []byte{0, 0})))
		}),
		valid("functions", "as many empty functions as fit", func(size int) []byte { return manyFuncs(size, "", "") }),
		valid("tables", "100,000 tables", func(size int) []byte {
			return validatortest.NewModule().Raw(sectionTable, vector(size, 100_000, []byte{0x70, 0, 0})).Bytes()
		}),
		valid("tags", "as many tags as fit", func(size int) []byte {
			return validatortest.NewModule().Type("func").Raw(sectionTag, vector(size, many, []byte{0, 0})).Bytes()
		}),
		valid("globals", "as many globals as fit", func(size int) []byte {
			return validatortest.NewModule().Raw(sectionGlobal, vector(size, many, []byte{codeI32, 0, 0x41, 0, 0x0b})).Bytes()
		}),
		valid("globals/chain", "as many globals as fit, each with the value of the one before", func(size int) []byte {
			return validatortest.NewModule().Raw(sectionGlobal, numbered(size, many, func(b []byte, i int) []byte {
				if i == 0 {
					return append(b, codeI32, 0, 0x41, 0, 0x0b)
				}
				return append(append(append(b, codeI32, 0, 0x23), leb(i-1)...), 0x0b)
			})).Bytes()
		}),
		valid("globals/long-expression", "a global whose constant expression is as long as fits", func(size int) []byte {
			value := fill(size, []byte{0x41, 0}, []byte{0x41, 0, 0x6a}, []byte{0x0b})
			return validatortest.NewModule().Raw(sectionGlobal, join([]byte{1, codeI32, 0}, value)).Bytes()
		}),
		valid("globals/structures", "globals whose values are structures of 10,000 fields", func(size int) []byte {
			global := join([]byte{codeRef, 0, 0}, validatortest.Asm("struct.new_default 0 end"))
			return validatortest.NewModule().Type("struct (field "+words(maxFields, "i32 anyref")+")").
				Raw(sectionGlobal, vector(size, many, global)).Bytes()
		}),
		valid("exports", "as many exports as fit", func(size int) []byte {
			return withExports(numbered(size, many, func(b []byte, i int) []byte { return append(shortName(b, i), 0, 0) }))
		}),
		valid("exports/long-names", "exports with names of 100,000 bytes that differ in the last", func(size int) []byte {
			return withExports(numbered(size, many, func(b []byte, i int) []byte {
				suffix := shortName(nil, i)[1:]
				return append(append(b, sized(join(bytes.Repeat([]byte("z"), maxName-len(suffix)), suffix))...), 0, 0)
			}))
		}),
		valid("custom", "as many custom sections as fit, and no larger than they must be", func(size int) []byte {
			n := max(1, min(many, size/3))
			section := join([]byte{0}, sized(join([]byte{0}, make([]byte, max(0, size/n-3)))))
			return append(validatortest.NewModule().Bytes(), bytes.Repeat(section, n)...)
		}),
		valid("custom/names", "a name section of as many names as fit", func(size int) []byte {
			names := numbered(size, many, func(b []byte, i int) []byte { return append(append(b, leb(i)...), 0) })
			return validatortest.NewModule().Custom("name", join([]byte{1}, sized(names))).Bytes()
		}),
	}
}
