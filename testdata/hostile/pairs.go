package hostile

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// listPairs is how many lists of each kind the attacks on what is remembered of lists
// have: the more, the more pairs of them there are to be compared.
const listPairs = 40

// chainDepth is how many structures there are, each a subtype of the one before,
// of which the lists consist.
const chainDepth = 8

// differentList returns a list of references, of which no other number has an equal.
// Those below half of the chain match those above it.
func differentList(i, low, high int, format string) string {
	types := make([]string, high-low)
	for k := range types {
		types[k] = fmt.Sprintf(format, low+k)
	}
	return shuffled(i, types)
}

// pairsOf declares the structures, and functions of which each of the first n puts
// a list on the stack, and each of the next n takes one that all of these match. It
// returns the type index of the first of n block types that leave what the latter
// take; as many tags have what the former put as their parameters.
func pairsOf(m *validatortest.Module, n int) (blocks int) {
	m.Type("sub (struct)")
	for i := range chainDepth - 1 {
		m.Type(fmt.Sprintf("sub %d (struct)", i))
	}
	have := func(i int) string { return differentList(i, chainDepth/2, chainDepth, "(ref %d)") }
	want := func(i int) string { return differentList(i, 0, chainDepth/2, "(ref null %d)") }
	for i := range n {
		m.Type(funcType("", have(i))).Import("", "", fmt.Sprintf("func %d", chainDepth+i))
	}
	for i := range n {
		m.Type(funcType(want(i), "")).Import("", "", fmt.Sprintf("func %d", chainDepth+n+i))
	}
	for i := range n {
		m.Type(funcType(have(i), "")).Tag(uint32(chainDepth + 2*n + i))
	}
	for i := range n {
		m.Type(funcType("", want(i)))
	}
	return chainDepth + 3*n
}

// insideBlocks returns a module whose last function consists of the unit, again and
// again, inside of blocks of the types from first on, n in all.
func insideBlocks(m *validatortest.Module, size, first, n int, unit string) []byte {
	open := ""
	for i := range n {
		open += fmt.Sprintf("block (type %d) ", first+i)
	}
	ends := "unreachable " + strings.Repeat("end unreachable ", n)
	m.Type("func")
	size -= len(m.Bytes()) // the lists are most of a small module
	return addFunc(m, uint32(first+n), "", asm(size, open+"unreachable", unit, ends)).Bytes()
}

// pairs are the attacks on what is remembered of lists that have been compared:
// lists of subtypes, each of which is compared with many others.
func pairs() []Module {
	family := func(name, aim string, unit func() string) Module {
		return valid("pairs/"+name, aim, func(size int) []byte {
			m := validatortest.NewModule()
			first := pairsOf(m, listPairs)
			return insideBlocks(m, size, first, listPairs, unit())
		})
	}
	forAll := func(format string, first int) string {
		text := strings.Builder{}
		for i := range listPairs {
			for k := range listPairs {
				fmt.Fprintf(&text, format, i, first+k)
			}
		}
		return text.String()
	}
	return []Module{
		family("call", "calls that take what another has put, in all pairs", func() string { return forAll("call %d call %d ", listPairs) }),
		family("br", "branches with what a call has put, in all pairs", func() string { return forAll("call %d br %d ", 0) }),
		family("br_table", "br_tables to labels of 40 lists, with each of 40 lists", func() string {
			text := ""
			for i := range listPairs {
				text += fmt.Sprintf("call %d i32.const 0 br_table %s 0 ", i, each(listPairs, "%d"))
			}
			return text
		}),
		family("catches", "try_tables with clauses of all pairs", func() string {
			return "try_table " + forAll("(catch %d %d) ", 0) + "end"
		}),
		valid("pairs/new", "br_tables that compare each of many lists with each of as many others, once and then again", newPairs),
		valid("pairs/labels", "one br_table to 300 labels of as many lists, in turns", func(size int) []byte {
			const n = 300
			m := validatortest.NewModule().Type("sub (struct)")
			for i := range chainDepth - 1 {
				m.Type(fmt.Sprintf("sub %d (struct)", i))
			}
			m.Type(funcType("", differentList(0, chainDepth/2, chainDepth, "(ref %d)"))).Import("", "", fmt.Sprintf("func %d", chainDepth))
			for i := range n {
				m.Type(funcType("", differentList(i, 0, chainDepth/2, "(ref null %d)")))
			}
			return insideBlocks(m, size, chainDepth+1, n, "call 0 i32.const 0 br_table "+words(20*n, each(n, "%d"))+" 0")
		}),
	}
}

// newPairs returns a module in which no pair of lists is compared twice before as
// many others have been as there are: half of it are lists, of types of one byte
// each, and half are br_tables to the labels of as many lists.
func newPairs(size int) []byte {
	const most = 900 // lists of each kind, in 1.8 MB
	n := max(2, min(most, size/2/(2*wide)))
	lower, upper := []string{"nullref", "i31ref", "structref", "arrayref"}, []string{"anyref", "eqref"}
	m := validatortest.NewModule()
	for i := range n {
		m.Type(funcType("", shuffled(i, lower))).Import("", "", fmt.Sprintf("func %d", i))
	}
	for i := range n {
		m.Type(funcType("", shuffled(i, upper)))
	}
	unit := strings.Builder{}
	for i := range n {
		fmt.Fprintf(&unit, "call %d i32.const 0 br_table %s 0 ", i, each(n, "%d"))
	}
	return insideBlocks(m, size, n, n, unit.String())
}

// shuffled returns a list of the types, of which no other number has an equal.
func shuffled(i int, types []string) string {
	r := rand.New(rand.NewPCG(uint64(i), uint64(len(types))))
	list := make([]string, wide)
	for k := range list {
		list[k] = types[r.IntN(len(types))]
	}
	return strings.Join(list, " ")
}
