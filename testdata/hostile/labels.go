package hostile

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// blockDepth is how many labels have an index of one byte, less one for that of
// the function.
const blockDepth = 127

// hugeTable adds a function of type 0 with one br_table of a target a byte, to
// the labels of the blocks that open has opened, in turns. What open and operands
// write are operators; n is the number of blocks.
func hugeTable(m *validatortest.Module, size, n int, open, operands string) []byte {
	count := max(1, min(size, maxBody)-len(m.Bytes()))
	targets := leb(count)
	for i := range count {
		targets = append(targets, byte(i%n))
	}
	return addFunc(m, 0, "", join(
		validatortest.Asm(open), validatortest.Asm(operands), validatortest.Asm("i32.const 0 (bytes 0x0e)"),
		targets, []byte{0},
		validatortest.Asm(strings.Repeat("unreachable end ", n)+"unreachable"),
	)).Bytes()
}

// distinctLabels is a br_table to labels whose types are lists of one content and
// of different identity.
func distinctLabels(size int, r relation) []byte {
	m := validatortest.NewModule().Type("func")
	have, want := r.declare(m, 1)
	first := r.types + 1
	for i := range blockDepth {
		m.Rec(funcType("", want), fmt.Sprintf("struct (field %s)", words(i, "i32")))
	}
	push := first + 2*blockDepth
	m.Type(funcType("", have)).FuncType(uint32(push)).Body(validatortest.Asm("(bytes 0) unreachable end"), -1)
	open := ""
	for i := range blockDepth {
		open += fmt.Sprintf(" block (type %d)", first+2*i)
	}
	return hugeTable(m, size, blockDepth, open, "call 0")
}

// labels are the attacks on how a branch finds its label and compares the types.
func labels() []Module {
	i32s := words(wide, "i32")
	const push = "call 0"
	label := func() *validatortest.Module {
		m := validatortest.NewModule().Type("func").Type(funcType("", i32s))
		return addFunc(m, 1, "", validatortest.Asm("unreachable"))
	}
	modules := []Module{
		valid("br_table", "one br_table with a target a byte, all to one label of 1,000 types", func(size int) []byte {
			return hugeTable(label(), size, 1, "block (type 1)", push)
		}),
		valid("br_table/results", "one br_table to 127 labels of an inline type, in turns", func(size int) []byte {
			return hugeTable(label(), size, blockDepth, strings.Repeat("block (result i32) ", blockDepth), "i32.const 0")
		}),
		valid("br_table/empty", "one br_table to 127 labels without types, in turns", func(size int) []byte {
			return hugeTable(label(), size, blockDepth, strings.Repeat("block ", blockDepth), "")
		}),
		valid("br_table/unreachable", "one br_table in unreachable code to 127 labels of 1,000 types, in turns", func(size int) []byte {
			return hugeTable(label(), size, blockDepth, strings.Repeat("block (type 1) ", blockDepth), "unreachable")
		}),
		valid("br_table/small", "br_tables of one target each", func(size int) []byte {
			return oneFunc("", asm(size, "", "i32.const 0 br_table 0 0", ""))
		}),
		valid("br_table/reachable", "br_tables of one target, each in a block of its own", func(size int) []byte {
			return oneFunc("", asm(size, "", "block i32.const 0 br_table 0 0 end", ""))
		}),
		valid("br_if", "br_ifs to a label of 1,000 types", func(size int) []byte {
			return addFunc(label(), 0, "", asm(size, "block (type 1) "+push, "i32.const 0 br_if 0", "return end return")).Bytes()
		}),
		valid("br_if/deep", "br_ifs to the outermost of many nested blocks", func(size int) []byte {
			n := min(size, maxBody) / 6
			return oneFunc("", join(
				bytes.Repeat(validatortest.Asm("block"), n),
				asm(size/2, "", fmt.Sprintf("i32.const 0 br_if %d", n), ""),
				bytes.Repeat(validatortest.Asm("end"), n)))
		}),
	}
	for _, r := range relations {
		modules = append(modules, valid("br_table/distinct/"+r.name, "one br_table to 127 labels of distinct types, in turns, "+r.aim,
			func(size int) []byte { return distinctLabels(size, r) }))
	}
	return modules
}
