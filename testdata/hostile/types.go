package hostile

import (
	"bytes"
	"encoding/binary"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The bytes of the type section that its attacks consist of.
//
// Specification: 5.3 "Types".
const (
	codeRec    = 0x4e
	codeSub    = 0x50
	codeFinal  = 0x4f
	codeFunc   = 0x60
	codeStruct = 0x5f
	codeArray  = 0x5e
	codeRef    = 0x64
	codeI32    = 0x7f
	codeI64    = 0x7e
)

// types returns a module of a type section only.
func types(content []byte) []byte {
	return validatortest.NewModule().Raw(sectionType, content).Bytes()
}

// signedIndex appends a type index as a heap type, a signed integer.
func signedIndex(b []byte, i int) []byte {
	for ; i >= 0x40; i >>= 7 {
		b = append(b, byte(i)|0x80)
	}
	return append(b, byte(i))
}

// reference appends a structure with one field, a reference to the type at i.
func reference(b []byte, i int) []byte {
	return append(signedIndex(append(b, codeStruct, 1, codeRef), i), 0)
}

// binaryFields appends a structure with a field for each of 20 bits of i, so that
// all of them differ.
func binaryFields(b []byte, i int) []byte {
	b = append(b, codeStruct, 20)
	for bit := range 20 {
		b = append(b, codeI64+byte(i>>bit&1), 0)
	}
	return b
}

// typeDefinitions are the attacks on recursion groups, their identity and
// subtyping.
func typeDefinitions() []Module {
	return []Module{
		valid("types/equal", "as many equal types as fit", func(size int) []byte {
			return types(vector(size, many, []byte{codeFunc, 0, 0}))
		}),
		valid("types/distinct", "as many distinct types as fit", func(size int) []byte {
			return types(numbered(size, many, binaryFields))
		}),
		valid("types/small", "as many small distinct types as fit", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte {
				if i == 0 {
					return append(b, codeStruct, 0)
				}
				return reference(b, i-1)
			}))
		}),
		valid("types/empty-groups", "as many empty recursion groups as fit", func(size int) []byte {
			return types(vector(size, many, []byte{codeRec, 0}))
		}),
		valid("types/groups-of-one", "as many recursion groups of one type as fit, which refer to themselves", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte { return reference(append(b, codeRec, 1), i) }))
		}),
		valid("types/groups-of-two", "as many equal recursion groups of two types as fit", func(size int) []byte {
			return types(numbered(size, many/2, func(b []byte, i int) []byte {
				b = append(b, codeRec, 2)
				return reference(reference(b, 2*i+1), 2*i)
			}))
		}),
		valid("types/one-group", "one recursion group of as many types as fit, each referring to the one after it", func(size int) []byte {
			n := min(many, size/7)
			b := append([]byte{1, codeRec}, leb(n)...)
			for i := range n {
				b = reference(b, (i+1)%n)
			}
			return types(b)
		}),
		valid("types/groups-of-many", "equal recursion groups of 10,000 types", func(size int) []byte {
			const members = 10_000
			return types(numbered(size, many/members, func(b []byte, g int) []byte {
				b = append(append(b, codeRec), leb(members)...)
				for i := range members {
					b = reference(b, g*members+(i+1)%members)
				}
				return b
			}))
		}),
		valid("types/groups-of-many-last", "recursion groups of 10,000 types that differ in the last", func(size int) []byte {
			const members = 10_000
			return types(numbered(size, many/members, func(b []byte, g int) []byte {
				b = append(append(b, codeRec), leb(members)...)
				for i := range members - 1 {
					b = reference(b, g*members+i+1)
				}
				return binaryFields(b, g)
			}))
		}),
		valid("types/lists", "function types of 1,000 parameters and results that differ in the last", func(size int) []byte {
			list := join(leb(wide), bytes.Repeat([]byte{codeI32}, wide))
			return types(numbered(size, many, func(b []byte, i int) []byte {
				b = append(append(append(b, codeFunc), list...), list...)
				for bit := range 20 {
					b[len(b)-1-bit] -= byte(i >> bit & 1)
				}
				return b
			}))
		}),
		valid("types/chains", "chains of 63 subtypes", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte {
				if i%64 == 0 {
					return append(b, codeSub, 0, codeStruct, 0)
				}
				return append(binary.AppendUvarint(append(b, codeSub, 1), uint64(i-1)), codeStruct, 0)
			}))
		}),
		valid("types/chains-wide", "chains of 63 subtypes of 10,000 fields, each a reference to a subtype", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte {
				if i%64 == 0 {
					b = append(b, codeSub, 0)
				} else {
					b = binary.AppendUvarint(append(b, codeSub, 1), uint64(i-1))
				}
				b = append(append(b, codeStruct), leb(10_000)...)
				field := append(signedIndex([]byte{codeRef}, i), 0)
				return append(b, bytes.Repeat(field, 10_000)...)
			}))
		}),
		valid("types/siblings", "as many subtypes of one type of 1,000 fields as fit", func(size int) []byte {
			list := join([]byte{codeStruct}, leb(wide), bytes.Repeat([]byte{codeI32, 0}, wide))
			return types(numbered(size, many, func(b []byte, i int) []byte {
				if i == 0 {
					return append(append(b, codeSub, 0), list...)
				}
				return append(append(b, codeFinal, 1, 0), list...)
			}))
		}),
		valid("types/arrays", "as many arrays of arrays as fit", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte {
				if i == 0 {
					return append(b, codeArray, codeI32, 0)
				}
				return append(signedIndex(append(b, codeArray, codeRef), i-1), 0)
			}))
		}),
	}
}
