package hostile

import (
	"bytes"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// long32 is the number 0 in the longest encoding of an integer of 32 bits, as
// text for the assembler.
const long32 = "(bytes 0x80 0x80 0x80 0x80 0)"

// encodings are the attacks on the decoder: integers as long as they may be.
func encodings() []Module {
	run := func(name, aim, first, unit, last string) Module {
		return valid(name, aim, func(size int) []byte {
			m := validatortest.NewModule().Type("func").Memory("1").Table("1 funcref").Global("mut i32", "i32.const 0")
			return addFunc(m, 0, "v128 i32", asm(size, first, unit, last)).Bytes()
		})
	}
	operator := func(code string) string { return "(bytes " + code + ") " + long32 + " " }
	zero := []byte{0x80, 0x80, 0x80, 0x80, 0}
	return []Module{
		run("leb/i32.const", "constants of five bytes", "", operator("0x41")+"drop", ""),
		run("leb/i64.const", "constants of ten bytes", "", "(bytes 0x42 0x80 0x80 0x80 0x80 0x80 0x80 0x80 0x80 0x80 0) drop", ""),
		run("leb/local.get", "local indices of five bytes", "", operator("0x20")+operator("0x1a 0x20")+"drop", ""),
		run("leb/local.set", "local indices of five bytes", "local.get 0", operator("0x22"), "drop"),
		run("leb/call", "function indices of five bytes", "", operator("0x10"), ""),
		run("leb/call_indirect", "type and table indices of five bytes", "", "i32.const 0 "+operator("0x11")+long32, ""),
		run("leb/load", "alignments and offsets of five bytes", "i32.const 0", operator("0x28")+long32, "drop"),
		run("leb/br_if", "labels of five bytes", "", "i32.const 0 "+operator("0x0d"), ""),
		run("leb/block", "block types of five bytes", "", "block "+operator("0x02")+"end end", ""),
		run("leb/prefix", "operators of six bytes", "local.get 0", "(bytes 0xfd 0xcd 0x80 0x80 0x80 0)", "drop"),
		run("leb/global", "global indices of five bytes", "", operator("0x23")+operator("0x24"), ""),
		valid("leb/br_table", "a br_table whose labels have five bytes", func(size int) []byte {
			n := min(size, maxBody) / len(zero)
			return oneFunc("", join(validatortest.Asm("i32.const 0 (bytes 0x0e)"), leb(n), bytes.Repeat(zero, n+1)))
		}),
		valid("leb/sections", "functions, sizes and type indices in five bytes each", func(size int) []byte {
			entry := join([]byte{0x86, 0x80, 0x80, 0x80, 0}, zero, []byte{0x0b})
			n := min(many, max(1, size/(len(entry)+len(zero))))
			return validatortest.NewModule().Type("func").Raw(sectionFunc, join(leb(n), bytes.Repeat(zero, n))).
				Raw(sectionCode, join(leb(n), bytes.Repeat(entry, n))).Bytes()
		}),
		valid("leb/exports", "exports with indices and lengths in five bytes", func(size int) []byte {
			return withExports(numbered(size, many, func(b []byte, i int) []byte {
				name := shortName(nil, i)[1:]
				b = append(b, byte(len(name))|0x80, 0x80, 0x80, 0x80, 0)
				return append(append(append(b, name...), 0), zero...)
			}))
		}),
	}
}
