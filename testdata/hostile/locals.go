package hostile

import (
	"bytes"
	"fmt"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// maxLocals is how many locals a function may have.
const maxLocals = 50_000

// manyFuncs returns a module of functions of type 0 with the locals and operators
// given, as many as fit; more declares the types from 1 on.
func manyFuncs(size int, locals, code string, more ...string) []byte {
	m := validatortest.NewModule().Type("func")
	for _, t := range more {
		m.Type(t)
	}
	return addFuncs(m, size, locals, code)
}

// addFuncs adds functions of type 0 with the locals and operators given, as many as
// fit, and returns the module.
func addFuncs(m *validatortest.Module, size int, locals, code string) []byte {
	body, _ := validatortest.Body(locals, code)
	entry := sized(body)
	n := min(many, max(1, size/(len(entry)+1)))
	return m.Raw(sectionFunc, join(leb(n), bytes.Repeat([]byte{0}, n))).
		Raw(sectionCode, join(leb(n), bytes.Repeat(entry, n))).Bytes()
}

// locals are the attacks on the table of locals.
func locals() []Module {
	groups := words(maxLocals, "i32 i64")
	refs := fmt.Sprintf("%d (ref 0)", maxLocals)
	const last = maxLocals - 1
	initialise := func(first int) (text string) {
		for i := range 100 {
			text += fmt.Sprintf("ref.func 0 local.set %d ", first+i)
		}
		return text
	}
	declared := func(locals string, code []byte) []byte {
		return addFunc(validatortest.NewModule().Type("func").Elem("declare func 0"), 0, locals, code).Bytes()
	}
	return []Module{
		valid("locals/one-group", "functions with 50,000 locals in a few bytes", func(size int) []byte {
			return manyFuncs(size, fmt.Sprintf("%d i64", maxLocals), "")
		}),
		valid("locals/references", "functions with 50,000 locals that have no default in a few bytes", func(size int) []byte {
			return manyFuncs(size, refs, "")
		}),
		valid("locals/groups", "functions with 50,000 locals in as many groups", func(size int) []byte {
			return manyFuncs(size, groups, "")
		}),
		valid("locals/no-locals", "a function with as many groups of no locals as fit", func(size int) []byte {
			n := min(size, maxBody) / 2
			body := join(leb(n), bytes.Repeat([]byte{0, 0x7f}, n), []byte{0x0b})
			return validatortest.NewModule().Type("func").FuncType(0).Body(body, -1).Bytes()
		}),
		valid("locals/parameters", "functions with 1,000 parameters", func(size int) []byte {
			body := validatortest.Asm("(bytes 2 0) end")
			n := min(many, size/4)
			return validatortest.NewModule().Type(funcType(words(wide, "i32 i64"), "")).
				Raw(sectionFunc, join(leb(n), bytes.Repeat([]byte{0}, n))).
				Raw(sectionCode, join(leb(n), bytes.Repeat(body, n))).Bytes()
		}),
		valid("local.get/far", "reads of the last of 50,000 locals in as many groups", func(size int) []byte {
			return oneFunc(groups, asm(size, "", fmt.Sprintf("local.get %d drop", last), ""))
		}),
		valid("local.get/scattered", "reads of 50,000 locals in as many groups, far apart", func(size int) []byte {
			unit := ""
			for i := range 500 {
				unit += fmt.Sprintf("local.get %d drop ", (i*7919)%maxLocals)
			}
			return oneFunc(groups, asm(size, "", unit, ""))
		}),
		valid("local.set/far", "writes of the last of 50,000 locals in as many groups", func(size int) []byte {
			return oneFunc(groups, asm(size, "", fmt.Sprintf("local.get %d local.set %d", last, last), ""))
		}),
		valid("local.set/nested", "initialisation of a local in each of many nested blocks", func(size int) []byte {
			return declared(refs, nestInits(size))
		}),
		valid("local.set/blocks", "blocks that each initialise 100 locals, which their end takes back", func(size int) []byte {
			return declared(refs, asm(size, "", "block "+initialise(10000)+" end block "+initialise(40000)+" end", ""))
		}),
		valid("local.set/else", "ifs and elses that initialise 100 locals each", func(size int) []byte {
			return declared(refs, asm(size, "", "i32.const 0 if "+initialise(0)+" else "+initialise(0)+" end", ""))
		}),
		valid("local.get/initialised", "reads of a local that is initialised outside of many nested blocks", func(size int) []byte {
			return declared(refs, join(validatortest.Asm("ref.func 0 local.set 49999"),
				nest(size, "block local.get 49999 drop")))
		}),
	}
}

// nestInits returns nested blocks, each of which initialises a local of its own
// as long as there are such.
func nestInits(size int) []byte {
	n := max(1, min(size, maxBody)/9)
	var b []byte
	for i := range n {
		b = append(b, validatortest.Asm("block ref.func 0 (bytes 0x21)")...)
		b = append(b, leb(i%maxLocals)...)
	}
	return join(b, bytes.Repeat(validatortest.Asm("end"), n))
}
