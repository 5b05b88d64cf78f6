package validator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// checkAssignable validates that a value of type from may be put where one of
// type to belongs, in a module that declares what base makes; or that it may not.
// The function type [] -> [] is added after the types of base, at index n.
func checkAssignable(t *testing.T, base *validatortest.Module, n uint32, from, to string, want bool) {
	t.Helper()
	m := base.Type("func").Func(n, "", "").Export("f", "func 0")
	if want {
		m.Func(n, to, "unreachable block (result "+from+") unreachable end local.set 0")
		checkModule(t, ops.Wasm3, m, "")
		return
	}
	m.Func(n, to, "unreachable block (result "+from+") unreachable end @local.set 0")
	checkModule(t, ops.Wasm3, m, "type mismatch")
}

// groups makes a module of recursion groups; types in a group are divided by
// semicolons.
func groups(list ...string) (m *validatortest.Module, types uint32) {
	m = validatortest.NewModule()
	for _, group := range list {
		members := strings.Split(group, ";")
		m.Rec(members...)
		types += uint32(len(members))
	}
	return m, types
}

func TestTypeEquality(t *testing.T) {
	const long = "struct (field i8 (mut i16) i32 (mut i64) f32 f64 v128 funcref (ref null any))"
	tests := []struct {
		name   string
		groups []string
		a, b   int
		equal  bool
	}{
		{"structures", []string{"struct (field i32)", "struct (field i32)"}, 0, 1, true},
		{"structures of many fields", []string{long, long}, 0, 1, true},
		{"arrays", []string{"array (mut i8)", "array (mut i8)"}, 0, 1, true},
		{"functions", []string{"func (param i32) (result i64)", "func (param i32) (result i64)"}, 0, 1, true},
		{"empty", []string{"struct", "struct"}, 0, 1, true},
		{"final is what a type is without sub", []string{"struct", "sub final (struct)"}, 0, 1, true},
		{"final and not final", []string{"struct", "sub (struct)"}, 0, 1, false},
		{"another field type", []string{"struct (field i32)", "struct (field i64)"}, 0, 1, false},
		{"another packed type", []string{"array i8", "array i16"}, 0, 1, false},
		{"packed and not", []string{"array i8", "array i32"}, 0, 1, false},
		{"another mutability", []string{"struct (field i32)", "struct (field (mut i32))"}, 0, 1, false},
		{"another mutability of an array", []string{"array i32", "array (mut i32)"}, 0, 1, false},
		{"another number of fields", []string{"struct (field i32)", "struct (field i32 i32)"}, 0, 1, false},
		{"fields in another order", []string{"struct (field i32 i64)", "struct (field i64 i32)"}, 0, 1, false},
		{"another parameter", []string{"func (param i32)", "func (param i64)"}, 0, 1, false},
		{"parameter and result", []string{"func (param i32)", "func (result i32)"}, 0, 1, false},
		{"parameters divided otherwise", []string{"func (param i32) (result i32 i32)", "func (param i32 i32) (result i32)"}, 0, 1, false},
		{"structure and array", []string{"struct (field i32)", "array i32"}, 0, 1, false},
		{"another nullability", []string{"struct (field anyref)", "struct (field (ref any))"}, 0, 1, false},
		{"another heap type", []string{"array anyref", "array eqref"}, 0, 1, false},

		{"groups, first", []string{"struct;array i8", "struct;array i8"}, 0, 2, true},
		{"groups, second", []string{"struct;array i8", "struct;array i8"}, 1, 3, true},
		{"groups, equal members at other positions", []string{"struct;struct", "struct;struct"}, 0, 3, false},
		{"members that look equal", []string{"struct;struct"}, 0, 1, false},
		{"groups, equal members at equal positions", []string{"struct;struct", "struct;struct"}, 1, 3, true},
		{"groups in another order", []string{"struct;array i8", "array i8;struct"}, 0, 3, false},
		{"member and single type", []string{"struct;array i8", "struct"}, 0, 2, false},
		{"group with one more", []string{"struct;array i8", "struct;array i8;struct"}, 0, 2, false},
		{"groups that differ in a field of the other member", []string{"struct;array i8", "struct;array i16"}, 0, 2, false},
		{"groups that differ in mutability of the other member", []string{"struct;array i8", "struct;array (mut i8)"}, 0, 2, false},

		{"refers to itself", []string{"struct (field (ref null 0))", "struct (field (ref null 1))"}, 0, 1, true},
		{"refers to itself, nullability", []string{"struct (field (ref null 0))", "struct (field (ref 1))"}, 0, 1, false},
		{"refers to the other one", []string{"struct (field (ref null 0))", "struct (field (ref null 0))"}, 0, 1, false},
		{"unrolled once", []string{"struct (field (ref null 0))", "struct (field (ref null 0));array i8"}, 0, 1, false},
		{"function that takes itself", []string{"func (param (ref 0))", "func (param (ref 1))"}, 0, 1, true},
		{"refer to each other", []string{"struct (field (ref null 1));struct (field (ref null 0))", "struct (field (ref null 3));struct (field (ref null 2))"}, 0, 2, true},
		{"refer to each other, crosswise", []string{"struct (field (ref null 1));struct (field (ref null 0))"}, 0, 1, false},
		{"refer to each other and to themselves", []string{"struct (field (ref null 1));struct (field (ref null 0))", "struct (field (ref null 2));struct (field (ref null 3))"}, 0, 2, false},
		{"group refers to an earlier group", []string{"struct (field (ref null 1));struct (field (ref null 0))", "struct (field (ref null 1));struct (field (ref null 0))"}, 0, 2, false},

		{"refer to equal types", []string{"struct", "struct", "array (ref null 0)", "array (ref null 1)"}, 2, 3, true},
		{"refer to different types", []string{"struct", "sub (struct)", "array (ref null 0)", "array (ref null 1)"}, 2, 3, false},
		{"refer to one type", []string{"struct", "array (ref 0)", "array (ref 0)"}, 1, 2, true},
		{"refer to equal members", []string{"struct;array i8", "struct;array i8", "func (param (ref 1))", "func (param (ref 3))"}, 4, 5, true},
		{"refer to members at different positions", []string{"struct;struct", "func (param (ref 0))", "func (param (ref 1))"}, 2, 3, false},
		{"four levels", []string{"struct", "struct", "array (ref 0)", "array (ref 1)", "func (result (ref 2))", "func (result (ref 3))", "struct (field (ref 4) (ref 5))", "struct (field (ref 5) (ref 4))"}, 6, 7, true},
		{"four levels that differ at the first", []string{"struct", "sub (struct)", "array (ref 0)", "array (ref 1)", "func (result (ref 2))", "func (result (ref 3))", "struct (field (ref 4))", "struct (field (ref 5))"}, 6, 7, false},
		{"groups over equal groups", []string{"struct", "struct", "struct (field (ref 0) (ref 3));array (ref 2)", "struct (field (ref 1) (ref 5));array (ref 4)"}, 3, 5, true},

		{"declared supertypes that are equal", []string{"sub (struct)", "sub (struct)", "sub 0 (struct)", "sub 1 (struct)"}, 2, 3, true},
		{"declared supertypes that differ", []string{"sub (struct)", "sub 0 (struct)", "sub 0 (struct)", "sub 1 (struct)"}, 2, 3, false},
		{"with and without supertype", []string{"sub (struct)", "sub 0 (struct)"}, 0, 1, false},
		{"supertype in the group", []string{"sub (struct);sub 0 (struct)", "sub (struct);sub 2 (struct)"}, 1, 3, true},
		{"supertype in the group and before it", []string{"sub (struct);sub 0 (struct)", "sub (struct);sub 0 (struct)"}, 1, 3, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// Arrays of the types tell them apart even where one is a subtype of
			// the other.
			for _, dir := range [][2]int{{test.a, test.b}, {test.b, test.a}} {
				m, n := groups(test.groups...)
				m.Type(fmt.Sprintf("array (mut (ref null %d))", dir[0])).Type(fmt.Sprintf("array (mut (ref null %d))", dir[1]))
				checkAssignable(t, m, n+2, fmt.Sprintf("(ref %d)", n), fmt.Sprintf("(ref null %d)", n+1), test.equal)
			}
		})
	}
}

// Equal types are one in every place that asks for a type.
func TestEqualTypesAreOne(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().
			Type("func").
			Rec("func (param i32)", "struct (field (mut i32))").
			Rec("func (param i32)", "struct (field (mut i32))").
			Rec("func (param i32)", "struct (field (mut i64))"). // 5, 6
			Type("func (param (ref 1))").
			Type("func (param (ref 3))").
			Func(1, "", "").Export("f", "func 0").
			Table("1 (ref null 3)").Elem("(offset i32.const 0) (ref null 1) (ref.func 0)").
			Global("(ref 3)", "ref.func 0").
			Tag(7)
	}
	bodySuite{ops.Wasm3, base, 1}.check(t, []bodyTest{
		{"call_ref", "", "i32.const 0 ref.func 0 call_ref 3", ""},
		{"call_ref of a type that differs in the other member", "", "i32.const 0 ref.func 0 @call_ref 5", "type mismatch"},
		{"call through a reference of either type", "(ref null 7)", "ref.func 0 local.get 0 call_ref 8", ""},
		{"struct.get", "", "i32.const 0 struct.new 2 struct.get 4 0 drop", ""},
		{"struct.set", "", "i32.const 0 struct.new 4 i32.const 0 struct.set 2 0", ""},
		{"struct.get of a type that differs", "", "i32.const 0 struct.new 2 @struct.get 6 0 drop", "type mismatch"},
		{"table.set", "", "i32.const 0 ref.func 0 table.set 0", ""},
		{"global.get", "(ref 1)", "global.get 0 local.set 0", ""},
		{"throw", "", "ref.func 0 throw 0", ""},
		{"block type", "(ref null 3)", "block (result (ref null 1)) local.get 0 end drop", ""},
		{"block type of a type that differs", "(ref null 5)", "block (result (ref null 1)) local.get 0 @end drop", "type mismatch"},
		{"br_on_cast", "anyref", "block (result (ref 4)) local.get 0 br_on_cast 0 anyref (ref 2) unreachable end drop", ""},
		{"br_on_cast between equal types", "(ref null 2)", "block (result (ref 4)) local.get 0 br_on_cast 0 (ref null 4) (ref 2) unreachable end drop", ""},
		{"br_on_cast to a type that differs", "anyref", "block (result (ref 6)) local.get 0 @br_on_cast 0 anyref (ref 2) unreachable end drop", "type mismatch"},
	})
}

// A group of one type is the type alone, however it is written.
func TestGroupOfOneType(t *testing.T) {
	m := validatortest.NewModule().
		Raw(1, []byte{3, 0x4e, 1, 0x5f, 0, 0x5f, 0, 0x60, 0, 0}).
		Func(2, "(ref null 1)", "struct.new 0 local.set 0")
	checkModule(t, ops.Wasm3, m, "")
	empty := validatortest.NewModule().Raw(1, []byte{4, 0x4e, 0, 0x5f, 0, 0x4e, 0, 0x60, 0, 0}).Func(1, "(ref null 0)", "")
	checkModule(t, ops.Wasm3, empty, "")
}

func TestReferencesBetweenTypes(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"backward", validatortest.NewModule().Type("struct").Type("array (ref 0)"), ""},
		{"to itself", validatortest.NewModule().Type("array (ref null 0)"), ""},
		{"forward inside the group", validatortest.NewModule().Rec("array (ref null 1)", "struct"), ""},
		{"forward outside the group, field", validatortest.NewModule().Type("@struct (field (ref null 1))").Type("struct"), "unknown type 1"},
		{"forward outside the group, element", validatortest.NewModule().Type("@array (ref null 1)").Type("struct"), "unknown type 1"},
		{"forward outside the group, parameter", validatortest.NewModule().Type("@func (param (ref null 1))").Type("struct"), "unknown type 1"},
		{"forward outside the group, result", validatortest.NewModule().Type("@func (result (ref null 1))").Type("struct"), "unknown type 1"},
		{"past the group", validatortest.NewModule().Rec("array (ref null 1)", "@array (ref null 2)").Type("struct"), "unknown type 2"},
		{"past the types", validatortest.NewModule().Type("@struct (field (ref 1))"), "unknown type 1"},
		{"supertype past the types", validatortest.NewModule().Type("@sub 1 (struct)"), "unknown type 1"},
	})
}

func TestDeclaredSubtypes(t *testing.T) {
	tests := []struct {
		name       string
		super, sub string // each of its own group, after types 0, 1, 2 below; sub says "sub 3"
		valid      bool
	}{
		{"structure, same", "struct (field i32)", "struct (field i32)", true},
		{"structure, wider", "struct (field i32)", "struct (field i32 i64)", true},
		{"structure, narrower", "struct (field i32 i64)", "struct (field i32)", false},
		{"structure, empty super type", "struct", "struct (field (mut i8))", true},
		{"structure, field put in front", "struct (field i32)", "struct (field i64 i32)", false},
		{"structure, field of another type", "struct (field i32)", "struct (field i64)", false},
		{"structure, deeper", "struct (field anyref)", "struct (field eqref)", true},
		{"structure, deeper in a defined type", "struct (field (ref null 0))", "struct (field (ref null 1))", true},
		{"structure, shallower in a defined type", "struct (field (ref null 1))", "struct (field (ref null 0))", false},
		{"structure, shallower", "struct (field eqref)", "struct (field anyref)", false},
		{"structure, non-null", "struct (field (ref null 0))", "struct (field (ref 0))", true},
		{"structure, nullable", "struct (field (ref 0))", "struct (field (ref null 0))", false},
		{"structure, mutable and same", "struct (field (mut anyref))", "struct (field (mut anyref))", true},
		{"structure, mutable and deeper", "struct (field (mut anyref))", "struct (field (mut eqref))", false},
		{"structure, mutable and non-null", "struct (field (mut anyref))", "struct (field (mut (ref any)))", false},
		{"structure, mutable of an equal type", "struct (field (mut (ref 2)))", "struct (field (mut (ref 2)))", true},
		{"structure, becomes mutable", "struct (field i32)", "struct (field (mut i32))", false},
		{"structure, becomes immutable", "struct (field (mut i32))", "struct (field i32)", false},
		{"structure, packed and same", "struct (field i8 (mut i16))", "struct (field i8 (mut i16))", true},
		{"structure, packed otherwise", "struct (field i16)", "struct (field i8)", false},
		{"structure, packed", "struct (field i32)", "struct (field i8)", false},
		{"structure, unpacked", "struct (field i8)", "struct (field i32)", false},
		{"array, same", "array i32", "array i32", true},
		{"array, deeper", "array structref", "array (ref 0)", true},
		{"array, shallower", "array (ref 0)", "array structref", false},
		{"array, mutable and same", "array (mut (ref 0))", "array (mut (ref 0))", true},
		{"array, mutable and deeper", "array (mut (ref 0))", "array (mut (ref 1))", false},
		{"array, becomes mutable", "array i32", "array (mut i32)", false},
		{"array, becomes immutable", "array (mut i32)", "array i32", false},
		{"array, packed otherwise", "array i8", "array i16", false},
		{"array, unpacked", "array i8", "array i32", false},
		{"function, same", "func (param i32) (result i64)", "func (param i32) (result i64)", true},
		{"function, parameter of a supertype", "func (param eqref)", "func (param anyref)", true},
		{"function, parameter of a subtype", "func (param anyref)", "func (param eqref)", false},
		{"function, parameter nullable", "func (param (ref any))", "func (param anyref)", true},
		{"function, parameter non-null", "func (param anyref)", "func (param (ref any))", false},
		{"function, result of a subtype", "func (result anyref)", "func (result eqref)", true},
		{"function, result of a supertype", "func (result eqref)", "func (result anyref)", false},
		{"function, parameter of a defined supertype", "func (param (ref 1))", "func (param (ref 0))", true},
		{"function, parameter of a defined subtype", "func (param (ref 0))", "func (param (ref 1))", false},
		{"function, result of a defined subtype", "func (result (ref 0))", "func (result (ref 1))", true},
		{"function, one more parameter", "func", "func (param i32)", false},
		{"function, one parameter less", "func (param i32)", "func", false},
		{"function, one more result", "func", "func (result i32)", false},
		{"function, one result less", "func (result i32)", "func", false},
		{"function, second parameter of another type", "func (param i32 i32)", "func (param i32 i64)", false},
		{"function, second result of another type", "func (result i32 i32)", "func (result i32 i64)", false},
		{"structure of array", "array i32", "struct (field i32)", false},
		{"array of structure", "struct (field i32)", "array i32", false},
		{"function of structure", "struct", "func", false},
		{"structure of function", "func", "struct", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base := func() *validatortest.Module {
				return validatortest.NewModule().Type("sub (struct)").Type("sub 0 (struct)").Type("struct").Type("sub (" + test.super + ")")
			}
			if !test.valid {
				const message = "sub type 4 does not match super type 3"
				checkModule(t, ops.Wasm3, base().Type("@sub 3 ("+test.sub+")"), message)
				checkModule(t, ops.Wasm3, base().Rec("@sub 3 ("+test.sub+")", "struct"), message)
				return
			}
			checkModule(t, ops.Wasm3, base().Type("sub 3 ("+test.sub+")"), "")
			checkAssignable(t, base().Type("sub 3 ("+test.sub+")"), 5, "(ref 4)", "(ref null 3)", true)
			checkAssignable(t, base().Type("sub 3 ("+test.sub+")"), 5, "(ref 3)", "(ref null 4)", false)
			checkAssignable(t, base().Type("sub ("+test.sub+")"), 5, "(ref 4)", "(ref null 3)", test.super == test.sub)
		})
	}
}

func TestSupertypes(t *testing.T) {
	checkModules(t, ops.Wasm3, []moduleTest{
		{"in the group", validatortest.NewModule().Rec("sub (struct)", "sub 0 (struct)"), ""},
		{"an equal type of another group", validatortest.NewModule().Type("sub (struct)").Type("sub (struct)").Type("sub final 1 (struct)"), ""},
		{"final by itself", validatortest.NewModule().Type("sub final (struct)").Type("@sub 0 (struct)"), "sub type 1"},
		{"final for want of sub", validatortest.NewModule().Type("struct").Type("@sub 0 (struct)"), "sub type 1"},
		{"final subtype of an open type has no subtypes", validatortest.NewModule().Type("sub (struct)").Type("sub final 0 (struct)").Type("@sub 1 (struct)"), "sub type 2"},
		{"final in the group", validatortest.NewModule().Rec("struct", "@sub 0 (struct)"), "sub type 1"},
		{"unknown", validatortest.NewModule().Type("@sub 9 (struct)"), "unknown type 9"},
	})
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"itself", validatortest.NewModule().Type("@sub 0 (struct)"), invalidAfter(0, "forward use of type")},
		{"later in the group", validatortest.NewModule().Rec("@sub 1 (struct)", "sub (struct)"), invalidAfter(0, "forward use of type")},
		{"two", validatortest.NewModule().Type("sub (struct)").Type("sub (struct)").Type("@sub 0 1 (struct)"), invalidAfter(0, "sub type 2")},
	})
}

// chain declares a chain of n types below type 0, each the supertype of the next.
func chain(n int) *validatortest.Module {
	m := validatortest.NewModule().Type("sub (struct)")
	for i := range n {
		m.Type(fmt.Sprintf("sub %d (struct)", i))
	}
	return m
}

func TestSubtypingDepth(t *testing.T) {
	checkModule(t, ops.Wasm3, chain(63), "")
	checkRefusals(t, ops.Wasm3, []refusedTest{
		{"one too deep", chain(63).Type("@sub 63 (struct)"), refusal{kind: validator.Limit, fn: -1}},
	})
	for _, step := range []int{1, 2, 31, 62, 63} {
		checkAssignable(t, chain(63), 64, "(ref 63)", fmt.Sprintf("(ref null %d)", 63-step), true)
		checkAssignable(t, chain(63), 64, fmt.Sprintf("(ref %d)", 63-step), "(ref null 63)", false)
	}
	// Depth counts what is declared, not what is equal.
	checkAssignable(t, chain(10).Type("sub (struct)").Type("sub 11 (struct)"), 13, "(ref 12)", "(ref null 1)", true)
	checkAssignable(t, chain(10).Type("sub (struct)").Type("sub 11 (struct)"), 13, "(ref 12)", "(ref null 2)", false)
}

// matching says what each heap type matches besides itself, in a module that
// declares: 0 an open structure, 1 a subtype of it, 2 an array, 3 a function.
//
// Specification: 3.3.3 "Heap Types".
var matching = map[string][]string{
	"any": {}, "eq": {"any"}, "i31": {"eq", "any"}, "struct": {"eq", "any"}, "array": {"eq", "any"},
	"func": {}, "extern": {}, "exn": {},
	"0": {"struct", "eq", "any"}, "1": {"0", "struct", "eq", "any"}, "2": {"array", "eq", "any"}, "3": {"func"},
	"none":   {"i31", "struct", "array", "eq", "any", "0", "1", "2"},
	"nofunc": {"func", "3"}, "noextern": {"extern"}, "noexn": {"exn"},
}

func TestReferenceTypeMatching(t *testing.T) {
	types := func() *validatortest.Module {
		return validatortest.NewModule().Type("sub (struct)").Type("sub 0 (struct)").Type("array i32").Type("func (param i32)")
	}
	for from, supers := range matching {
		t.Run(from, func(t *testing.T) {
			for to := range matching {
				match := from == to || slices.Contains(supers, to)
				checkAssignable(t, types(), 4, "(ref "+from+")", "(ref "+to+")", match)
				checkAssignable(t, types(), 4, "(ref "+from+")", "(ref null "+to+")", match)
				checkAssignable(t, types(), 4, "(ref null "+from+")", "(ref null "+to+")", match)
				checkAssignable(t, types(), 4, "(ref null "+from+")", "(ref "+to+")", false)
			}
			for _, number := range []string{"i32", "i64", "f32", "f64", "v128"} {
				checkAssignable(t, types(), 4, "(ref "+from+")", number, false)
				checkAssignable(t, types(), 4, number, "(ref null "+from+")", false)
			}
		})
	}
}

// matches says whether a reference type matches another, by their heap types and
// whether they may be null.
func matches(from string, fromNull bool, to string, toNull bool) bool {
	return (!fromNull || toNull) && (from == to || slices.Contains(matching[from], to))
}

// top returns the heap type that all of its hierarchy match.
func top(heap string) string {
	if supers := matching[heap]; len(supers) > 0 && slices.Contains(supers, "any") {
		return "any"
	} else if len(supers) > 0 {
		return supers[0] // the others have two levels below the top at most
	}
	return heap
}

// reference writes a reference type.
func reference(heap string, null bool) string {
	if null {
		return "(ref null " + heap + ")"
	}
	return "(ref " + heap + ")"
}

// A cast goes to any type of the hierarchy; a branch on it only downwards.
func TestCastsBetweenAllTypes(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("sub (struct)").Type("sub 0 (struct)").Type("array i32").Type("func (param i32)").Type("func")
	}
	check := func(valid bool, locals, format string, args ...any) {
		t.Helper()
		mark, want := "@", "type mismatch"
		if valid {
			mark, want = "", ""
		}
		code := fmt.Sprintf(strings.Replace(format, "@", mark, 1), args...)
		checkModule(t, ops.Wasm3, base().Func(4, locals, code), want)
	}
	for from := range matching {
		for to := range matching {
			for i := range 4 {
				null, toNull := i&1 != 0, i&2 != 0
				source, target := reference(from, null), reference(to, toNull)
				operand := "unreachable block (result " + source + ") unreachable end "
				check(top(from) == top(to), "", operand+"@ref.test %s drop", target)
				check(top(from) == top(to), target, operand+"@ref.cast %s local.set 0", target)
				down := matches(to, toNull, from, null)
				rest := reference(from, null && !toNull)
				check(down, rest, "block (result %s) "+operand+"@br_on_cast 0 %s %s local.set 0 unreachable end drop", target, source, target)
				check(down, target, "block (result %s) "+operand+"@br_on_cast_fail 0 %s %s local.set 0 unreachable end drop", rest, source, target)
			}
		}
	}
}
