package hostile

import (
	"bytes"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// mistakes are modules that are wrong, in a way that makes it expensive to say
// so: what follows an invalid part has to be decoded still.
func mistakes() []Module {
	wrong := func(name, aim, verdict string, make func(size int) []byte) Module {
		return Module{Name: name, Aim: aim, Verdict: verdict, Features: ops.Default, Make: make}
	}
	list := words(wide, "i32")
	return []Module{
		wrong("wrong/first-operator", "an invalid operator in front of a long function", "invalid", func(size int) []byte {
			return oneFunc("", asm(size, "drop", "i32.const 0 drop", ""))
		}),
		wrong("wrong/nested", "an invalid operator inside of many nested blocks", "invalid", func(size int) []byte {
			n := max(1, min(size, maxBody)/3)
			return oneFunc("", join(bytes.Repeat(validatortest.Asm("block"), n), validatortest.Asm("drop"),
				bytes.Repeat(validatortest.Asm("end"), n)))
		}),
		wrong("wrong/first-function", "an invalid function in front of as many as fit", "invalid", func(size int) []byte {
			good, bad := []byte{2, 0, 0x0b}, []byte{3, 0, 0x1a, 0x0b}
			n := min(many-1, size/4)
			return validatortest.NewModule().Type("func").Raw(sectionFunc, join(leb(n+1), make([]byte, n+1))).
				Raw(sectionCode, join(leb(n+1), bad, bytes.Repeat(good, n))).Bytes()
		}),
		wrong("wrong/every-segment", "functions, and data segments without a memory", "invalid", func(size int) []byte {
			segments := min(maxSegments, size/40)
			n := min(many, (size-5*segments)/4)
			return validatortest.NewModule().Type("func").Raw(sectionFunc, join(leb(n), make([]byte, n))).
				Raw(sectionCode, join(leb(n), bytes.Repeat([]byte{2, 0, 0x0b}, n))).
				Raw(sectionData, join(leb(segments), bytes.Repeat([]byte{0, 0x41, 0, 0x0b, 0}, segments))).Bytes()
		}),
		wrong("wrong/malformed-last", "an invalid operator in front of a long function with an unknown opcode at its end", "malformed", func(size int) []byte {
			return oneFunc("", asm(size, "drop", "i32.const 0 drop", "(bytes 0xff)"))
		}),
		wrong("wrong/every-function", "as many invalid functions as fit", "invalid", func(size int) []byte {
			return manyFuncs(size, "", "drop")
		}),
		wrong("wrong/last-operator", "an invalid operator at the end of a long function", "invalid", func(size int) []byte {
			return oneFunc("", asm(size, "", "i32.const 0 drop", "drop"))
		}),
		wrong("wrong/last-function", "an invalid function behind as many as fit", "invalid", func(size int) []byte {
			good, bad := []byte{2, 0, 0x0b}, []byte{3, 0, 0x1a, 0x0b}
			n := min(many-1, size/4)
			return validatortest.NewModule().Type("func").Raw(sectionFunc, join(leb(n+1), make([]byte, n+1))).
				Raw(sectionCode, join(leb(n+1), bytes.Repeat(good, n), bad)).Bytes()
		}),
		wrong("wrong/last-wide", "an invalid operator behind calls that take and leave 1,000 operands each", "invalid", func(size int) []byte {
			m := validatortest.NewModule().Type("func").Type(funcType(list, list)).Import("", "", "func 1")
			return addFunc(m, 0, "", asm(size, "unreachable", "call 0", "i64.eqz unreachable")).Bytes()
		}),
		wrong("wrong/last-operands", "an invalid operator behind as many operands as fit", "invalid", func(size int) []byte {
			return oneFunc("", asm(size, "", "i32.const 0", "i64.eqz unreachable"))
		}),
		wrong("wrong/last-nested", "an invalid operator in the innermost of many nested blocks", "invalid", func(size int) []byte {
			n := max(1, min(size, maxBody)/4)
			return oneFunc("", join(bytes.Repeat(validatortest.Asm("block nop"), n), validatortest.Asm("drop"),
				bytes.Repeat(validatortest.Asm("end"), n)))
		}),
		wrong("wrong/last-labels", "an invalid operator behind a br_table with a target a byte", "invalid", func(size int) []byte {
			n := min(size, maxBody)
			return oneFunc("", join(validatortest.Asm("block i32.const 0 (bytes 0x0e)"), leb(n), make([]byte, n+1),
				validatortest.Asm("end drop")))
		}),
		wrong("wrong/last-locals", "an invalid operator behind as many groups of no locals as fit", "invalid", func(size int) []byte {
			n := min(size, maxBody) / 2
			body := join(leb(n), bytes.Repeat([]byte{0, codeI32}, n), validatortest.Asm("drop end"))
			return validatortest.NewModule().Type("func").FuncType(0).Body(body, -1).Bytes()
		}),
		wrong("wrong/br_table", "a br_table with a target a byte, the last of which is unknown", "invalid", func(size int) []byte {
			n := min(size, maxBody)
			return oneFunc("", join(validatortest.Asm("i32.const 0 (bytes 0x0e)"), leb(n), make([]byte, n), []byte{1}))
		}),
		wrong("wrong/select", "a select with a type a byte", "invalid", func(size int) []byte {
			n := min(size, maxBody)
			return oneFunc("", join(validatortest.Asm("unreachable (bytes 0x1c)"), leb(n), bytes.Repeat([]byte{codeI32}, n)))
		}),
		wrong("wrong/name", "a long name whose last byte is not UTF-8", "malformed", func(size int) []byte {
			name := append(bytes.Repeat([]byte("語"), size/3), 0xe8)
			return withExports(join([]byte{1}, sized(name), []byte{0, 0}))
		}),
		wrong("wrong/lists", "an operand stack of as many operands as fit, where none is wanted", "invalid", func(size int) []byte {
			m := validatortest.NewModule().Type("func").Type(funcType("", list))
			addFunc(m, 0, "", asm(min(size, 2000), "", "call 1", ""))
			return addFunc(m, 1, "", asm(size, "", "nop", "unreachable")).Bytes()
		}),
		wrong("wrong/type", "an unknown type in front of as many types as fit", "invalid", func(size int) []byte {
			return types(numbered(size, many, func(b []byte, i int) []byte { return reference(b, many+i) }))
		}),
		wrong("wrong/export", "two exports of one name at the end of as many as fit", "invalid", func(size int) []byte {
			return withExports(numbered(size, many, func(b []byte, i int) []byte {
				if len(b)+8 > size {
					i = 0
				}
				return append(shortName(b, i), 0, 0)
			}))
		}),
		wrong("wrong/data", "a memory that is not there in front of long data", "invalid", func(size int) []byte {
			return validatortest.NewModule().Raw(sectionData, vector(size, maxDataSegments, []byte{0, 0x41, 0, 0x0b, 1, 0})).Bytes()
		}),
		wrong("wrong/sizes", "a code section that announces a million functions", "malformed", func(size int) []byte {
			return validatortest.NewModule().Type("func").Raw(sectionFunc, vector(size, many, []byte{0})).
				Raw(sectionCode, join(leb(many), []byte{2, 0, 0x0b})).Bytes()
		}),
	}
}
