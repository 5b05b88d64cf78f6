package hostile

import (
	"bytes"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// nest returns as many of the units as fit into size bytes, and as many ends.
func nest(size int, unit string) []byte {
	open := validatortest.Asm(unit)
	n := max(1, min(size, maxBody)/(len(open)+1))
	return join(bytes.Repeat(open, n), bytes.Repeat(validatortest.Asm("end"), n))
}

// blocks are the attacks on the control stack.
func blocks() []Module {
	list := words(wide, "i32")
	keeper := func(code []byte) []byte {
		m := validatortest.NewModule().Type("func").Type(funcType(list, list))
		return addFunc(m, 0, "", join(validatortest.Asm(words(2*wide, "i32.const 0")), code, validatortest.Asm("return"))).Bytes()
	}
	legacy := ops.Default | ops.LegacyExceptions
	return []Module{
		valid("block", "nested blocks", func(size int) []byte { return oneFunc("", nest(size, "block")) }),
		valid("block/wide", "empty blocks with 1,000 parameters and results", func(size int) []byte {
			return keeper(asm(size, "", "block (type 1) end", ""))
		}),
		valid("block/wide-nested", "nested blocks with 1,000 parameters and results", func(size int) []byte {
			return keeper(nest(size, "block (type 1)"))
		}),
		valid("block/unreachable", "nested blocks in unreachable code", func(size int) []byte {
			return oneFunc("", nest(size, "unreachable block"))
		}),
		valid("block/result", "blocks with a result and a branch", func(size int) []byte {
			return oneFunc("", asm(size, "", "block (result i32) i32.const 0 br 0 end drop", ""))
		}),
		valid("loop/nested", "nested loops", func(size int) []byte { return oneFunc("", nest(size, "loop")) }),
		valid("if/nested", "nested ifs", func(size int) []byte { return oneFunc("", nest(size, "i32.const 0 if")) }),
		valid("if/else", "ifs with an else", func(size int) []byte {
			return oneFunc("", asm(size, "", "i32.const 0 if else end", ""))
		}),
		valid("if/else-nested", "nested ifs with an else", func(size int) []byte {
			return oneFunc("", nest(size, "i32.const 0 if else"))
		}),
		valid("if/wide", "ifs without else with 1,000 parameters and results", func(size int) []byte {
			return keeper(asm(size, "", "i32.const 0 if (type 1) end", ""))
		}),
		valid("try_table/nested", "nested try_tables with a catch", func(size int) []byte {
			return oneFunc("", nest(size, "try_table (catch_all 0)"))
		}),
		valid("try_table/catches", "one try_table with as many catches as fit", func(size int) []byte {
			n := min(size, maxBody) / 3
			m := validatortest.NewModule().Type("func").Tag(0)
			return addFunc(m, 0, "", join(validatortest.Asm("(bytes 0x1f 0x40)"), leb(n), bytes.Repeat([]byte{0, 0, 0}, n),
				validatortest.Asm("end"))).Bytes()
		}),
		valid("try_table/catches-wide", "one try_table with as many catches of 1,000 types as fit", func(size int) []byte {
			n := min(size, maxBody) / 3
			m := validatortest.NewModule().Type(funcType("", list)).Type(funcType(list, "")).Tag(1)
			return addFunc(m, 0, "", join(validatortest.Asm("(bytes 0x1f 0x40)"), leb(n), bytes.Repeat([]byte{0, 0, 0}, n),
				validatortest.Asm("end unreachable"))).Bytes()
		}),
		{Name: "try/nested", Aim: "nested legacy tries", Verdict: "valid", Features: legacy, Make: func(size int) []byte {
			return oneFunc("", nest(size, "try"))
		}},
		{Name: "try/catches", Aim: "legacy tries with catch and catch_all", Verdict: "valid", Features: legacy, Make: func(size int) []byte {
			m := validatortest.NewModule().Type("func").Tag(0)
			return addFunc(m, 0, "", asm(size, "", "try catch 0 catch_all end", "")).Bytes()
		}},
		{Name: "try/delegate", Aim: "nested legacy tries that delegate", Verdict: "valid", Features: legacy, Make: func(size int) []byte {
			n := min(size, maxBody) / 4
			return oneFunc("", join(bytes.Repeat(validatortest.Asm("try"), n), bytes.Repeat(validatortest.Asm("delegate 0"), n)))
		}},
	}
}
