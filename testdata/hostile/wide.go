package hostile

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// relation is how the list of types on the stack relates to the one wanted.
type relation struct {
	name, aim string
	// declare adds the types that the lists refer to, the first of which has an
	// index given, and returns the lists. It adds as many as types says.
	declare func(m *validatortest.Module, first int) (have, want string)
	types   int
}

// relations are the ways in which lists match that cost something to find out.
var relations = []relation{
	{"equal", "equal lists", func(*validatortest.Module, int) (have, want string) {
		return words(wide, "i32 i64"), words(wide, "i32 i64")
	}, 0},
	{"last", "lists that differ in the last type", func(m *validatortest.Module, first int) (have, want string) {
		m.Type("sub (struct)")
		list := words(wide-1, "i32")
		return fmt.Sprintf("%s (ref %d)", list, first), list + " anyref"
	}, 1},
	subtypePairs("two", "two pairs of subtypes in turns", 2),
	subtypePairs("many", "500 pairs of subtypes in turns", 500),
}

// subtypePairs is a relation of n pairs of a type and its subtype.
func subtypePairs(name, aim string, n int) relation {
	return relation{name, aim, func(m *validatortest.Module, first int) (have, want string) {
		fields := func(i int) string { return words(i%10, "i32") + " " + words(i/10, "i64") }
		for i := range n {
			m.Type(fmt.Sprintf("sub (struct (field %s))", fields(i)))
		}
		for i := range n {
			m.Type(fmt.Sprintf("sub %d (struct (field %s f64))", first+i, fields(i)))
		}
		haves, wants := make([]string, wide), make([]string, wide)
		for i := range wide {
			haves[i] = fmt.Sprintf("(ref %d)", first+n+i%n)
			wants[i] = fmt.Sprintf("(ref null %d)", first+i%n)
		}
		return strings.Join(haves, " "), strings.Join(wants, " ")
	}, 2 * n}
}

// The main function of a wide module consists of one unit again and again, in
// unreachable code, inside of blocks that leave the list wanted, as it does. In a
// unit #name stands for the index of a type and $name for that of a function of
// this type.
var wideTypes = []struct{ name, params, results string }{
	{"main", "", "want"},
	{"push", "", "have"},
	{"take", "want", ""},
	{"keep", "want", "want"},
	{"turn", "want", "have"},
	{"match", "have", "want"},
	{"raise", "have", ""},
}

// consumers are the operators that compare lists. A unit leaves nothing on the
// stack, or ends in unreachable.
var consumers = []struct{ name, unit string }{
	{"br", "call $push br 0"},
	{"br_if", "call $push i32.const 0 br_if 0 unreachable"},
	{"br_table", "call $push i32.const 0 br_table " + each(blockDepth, "%d") + " 0"},
	{"br_on_null", "call $push ref.null any br_on_null 0 unreachable"},
	{"br_loop", "loop (type #take) call $push br 0 end"},
	{"return", "call $push return"},
	{"throw", "call $push throw 1"},
	{"call", "call $push call $take"},
	{"call/round", "call $turn"},
	{"call_indirect", "call $push i32.const 0 call_indirect (type #take)"},
	{"call_ref", "call $push ref.func $take call_ref #take"},
	{"return_call", "call $push return_call $keep"},
	{"return_call/results", "return_call $push"},
	{"block", "call $push block (type #take) unreachable end"},
	{"if", "call $push i32.const 0 if (type #take) unreachable else unreachable end"},
	{"if/no-else", "call $push i32.const 0 if (type #match) end unreachable"},
	{"else", "i32.const 0 if (type #main) call $push else call $push end unreachable"},
	{"end", "block (type #main) call $push end unreachable"},
	{"catch", "try_table (catch 0 0) end"},
	{"struct.new", strings.Repeat("call $push ", 10) + "struct.new #struct drop"},
	{"array.new_fixed", strings.Repeat("call $push ", 10) + "array.new_fixed #array 10000 drop"},
}

// wideModule returns a module whose main function consists of the unit.
func wideModule(size int, unit string, r relation) []byte {
	m := validatortest.NewModule()
	have, want := r.declare(m, 0)
	lists := map[string]string{"have": have, "want": want}
	var names []string
	for i, t := range wideTypes {
		m.Type(funcType(lists[t.params], lists[t.results]))
		names = append(names, "#"+t.name, fmt.Sprint(r.types+i), "$"+t.name, fmt.Sprint(i))
	}
	index := r.types + len(wideTypes)
	m.Type(fmt.Sprintf("struct (field %s)", strings.Repeat(want+" ", 10))).Type("array anyref")
	names = append(names, "#struct", fmt.Sprint(index), "#array", fmt.Sprint(index+1))
	operators := strings.NewReplacer(names...)
	asm := func(text string) []byte { return validatortest.Asm(operators.Replace(text)) }

	m.Table("0 funcref").Elem("declare func " + each(len(wideTypes), "%d"))
	m.Tag(uint32(r.types + len(wideTypes) - 1)).Tag(uint32(r.types + 2))
	addFunc(m, uint32(r.types), "", fill(size,
		asm(strings.Repeat("block (type #main) ", blockDepth)+"unreachable"),
		asm(unit),
		asm("unreachable "+strings.Repeat("end ", blockDepth))))
	for i := range wideTypes[1:] {
		addFunc(m, uint32(r.types+i+1), "", asm("unreachable"))
	}
	return m.Bytes()
}

// wideLists are the attacks on the comparison of lists of types.
func wideLists() (modules []Module) {
	for _, c := range consumers {
		for _, r := range relations {
			if c.name == "array.new_fixed" && !strings.HasPrefix(r.aim, "two") && r.name != "many" {
				continue // the elements of an array are all references
			}
			modules = append(modules, valid("wide/"+c.name+"/"+r.name, c.name+", "+r.aim, func(size int) []byte {
				return wideModule(size, c.unit, r)
			}))
		}
	}
	a, b, shifted := words(wide-1, "i32")+" i32", words(wide-1, "i32")+" i64", "call 1 i32.const 0 call 2 drop"
	odd, even := words(wide, "i32 i64"), words(wide, "i64 i32")
	return append(modules,
		valid("wide/call/same", "calls of a function whose results are its parameters", func(size int) []byte {
			return callsInTurns(size, "call 1", funcType(a, a), "func")
		}),
		valid("wide/call/turns", "calls of two functions in turns, whose lists differ in the last type", func(size int) []byte {
			return callsInTurns(size, "call 1 call 2", funcType(a, b), funcType(b, a))
		}),
		valid("wide/call/shifted", "calls that take the list of the call before shifted by one", func(size int) []byte {
			return callsInTurns(size, shifted, funcType(odd, odd), funcType(even, even))
		}),
		valid("wide/call/drop", "calls that push 1,000 operands, and the drops of them", func(size int) []byte {
			return callsInTurns(size, "call 1 "+words(wide, "drop"), funcType("", a), "func")
		}),
		Module{Name: "wide/catch/legacy", Aim: "legacy catches that push 1,000 operands each", Verdict: "valid",
			Features: ops.Default | ops.LegacyExceptions, Make: func(size int) []byte {
				m := validatortest.NewModule().Type("func").Type(funcType(a, "")).Tag(1)
				return addFunc(m, 0, "", asm(size, "try unreachable", "catch 0 unreachable", "end")).Bytes()
			}},
		Module{Name: "wide/resume", Aim: "a resume with handlers for a tag of 1,000 types", Verdict: "valid",
			Features: ops.All, Make: wideResume},
		Module{Name: "wide/cont.bind", Aim: "cont.binds between types of equal lists", Verdict: "valid",
			Features: ops.All, Make: func(size int) []byte {
				m := validatortest.NewModule().Type("func").Type(funcType(odd, odd)).Rec(funcType(odd, odd), "struct").
					Type("cont 1").Type("cont 2")
				return addFunc(m, 0, "", asm(size, "unreachable", "cont.bind 4 5 cont.bind 5 4", "drop")).Bytes()
			}},
	)
}

// callsInTurns is a function that repeats the unit in unreachable code; functions
// 1 and 2 have the types given.
func callsInTurns(size int, unit, one, two string) []byte {
	m := validatortest.NewModule().Type("func").Type(one).Type(two)
	addFunc(m, 0, "", asm(size, "unreachable", unit, "unreachable"))
	addFunc(m, 1, "", validatortest.Asm("unreachable"))
	return addFunc(m, 2, "", validatortest.Asm("unreachable")).Bytes()
}

// wideResume is one resume with as many handlers as fit. The tag hands over 999
// values, and the label takes those and the continuation.
func wideResume(size int) []byte {
	list := words(wide-1, "i32")
	m := validatortest.NewModule().Type("func").Type("cont 0").
		Type(funcType(list, "")).                 // of the tag
		Type(funcType("", list+" (ref null 1)")). // of the label
		Tag(2)
	n := min(size, maxBody) / 3
	code := join(validatortest.Asm("block (type 3) ref.null 1 (bytes 0xe3 1)"), leb(n), []byte(strings.Repeat("\x00\x00\x00", n)),
		validatortest.Asm("unreachable end unreachable"))
	return addFunc(m, 0, "", code).Bytes()
}
