package validator_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// bodyTest is a function body of type [] -> [] in a module that others share.
type bodyTest struct {
	name   string
	locals string
	code   string // with a mark at the operator at fault
	want   string // how the message begins; empty for a valid body
}

// marked finds the name of the operator at fault.
var marked = regexp.MustCompile(`@(\S+)`)

// checkBodies validates each body as the first function of what base makes, the
// type of which is that at index 0.
func checkBodies(t *testing.T, features ops.Features, base func() *validatortest.Module, tests []bodyTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := checkModule(t, features, base().Func(0, test.locals, test.code), test.want)
			if e == nil {
				return
			}
			is := is.New(t)
			is.True(e.InOp)
			is.True(e.Func >= 0)
			is.Equal(e.Op.Row().Keyword(), marked.FindStringSubmatch(test.code)[1])
		})
	}
}

// moduleTest is a module with a mark where it is at fault, unless it is valid.
type moduleTest struct {
	name   string
	module *validatortest.Module
	want   string // how the message begins; empty for a valid module
}

func checkModules(t *testing.T, features ops.Features, tests []moduleTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkModule(t, features, test.module, test.want) })
	}
}

// checkModule validates m. With an empty want it must be valid; otherwise it
// must be invalid at its mark, with a message that begins with want, and the
// error is returned.
func checkModule(t *testing.T, features ops.Features, m *validatortest.Module, want string) *validator.Error {
	t.Helper()
	is := is.New(t)
	_, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(features), validator.WithWorkers(1))
	if want == "" {
		is.NoErr(err)
		return nil
	}
	var e *validator.Error
	is.True(errors.As(err, &e)) // refused
	is.Equal(e.Kind, validator.Invalid)
	if !strings.HasPrefix(e.Message, want) {
		t.Errorf("message %q does not begin with %q", e.Message, want)
	}
	is.Equal(e.Offset, m.Mark())
	return e
}

// checkGated validates the bodies, which need the feature, without it: each is
// malformed at its mark, and the error names the feature.
func checkGated(t *testing.T, feature ops.Features, base func() *validatortest.Module, bodies []string) {
	t.Helper()
	for _, code := range bodies {
		t.Run(marked.FindStringSubmatch(code)[1], func(t *testing.T) {
			is := is.New(t)
			m := base().Func(0, "", code)
			_, err := validator.Validate(t.Context(), m.Bytes(), validator.WithFeatures(ops.Wasm3), validator.WithWorkers(1))
			var e *validator.Error
			is.True(errors.As(err, &e)) // refused
			is.Equal(e.Kind, validator.Malformed)
			is.Equal(e.Feature, feature)
			is.Equal(e.Offset, m.Mark())
			is.True(strings.HasPrefix(e.Message, "illegal opcode"))
		})
	}
}

const withDescriptors = ops.Wasm3 | ops.CustomDescriptors

// descriptorTypes declares a type 1 with descriptor 2, their subtypes 3 and 4,
// and types without descriptor.
func descriptorTypes() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Rec("sub (descriptor 2) (struct (field i32 (mut i64)))", "sub (describes 1) (struct)").
		Rec("sub 1 (descriptor 4) (struct (field i32 (mut i64)))", "sub 2 (describes 3) (struct)").
		Type("struct (field i32)"). // 5
		Type("array (mut i32)").    // 6
		Rec("(descriptor 8) (struct (field (ref 5)))", "(describes 7) (struct)")
}

func TestStructNewDesc(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"exact descriptor", "(ref (exact 1))", "i32.const 1 i64.const 2 struct.new 2 struct.new_desc 1 local.set 0", ""},
		{"null descriptor", "(ref (exact 1))", "i32.const 1 i64.const 2 ref.null none struct.new_desc 1 local.set 0", ""},
		{"nullable descriptor", "(ref null (exact 2))", "i32.const 1 i64.const 2 local.get 0 struct.new_desc 1 drop", ""},
		{"unreachable", "(ref (exact 1))", "unreachable struct.new_desc 1 local.set 0", ""},
		{"result is not of a subtype", "(ref 3)", "i32.const 1 i64.const 2 struct.new 2 struct.new_desc 1 @local.set 0", "type mismatch"},
		{"inexact descriptor", "(ref null 2)", "i32.const 1 i64.const 2 local.get 0 @struct.new_desc 1 drop", "type mismatch"},
		{"descriptor of a subtype", "", "i32.const 1 i64.const 2 struct.new 4 @struct.new_desc 1 drop", "type mismatch"},
		{"no descriptor", "", "i32.const 1 i64.const 2 @struct.new_desc 1 drop", "type mismatch"},
		{"field of another type", "", "i32.const 1 i32.const 2 struct.new 2 @struct.new_desc 1 drop", "type mismatch"},
		{"field missing", "", "i64.const 2 struct.new 2 @struct.new_desc 1 drop", "type mismatch"},
		{"type without descriptor", "", "i32.const 1 @struct.new_desc 5 drop", "type without descriptor requires non-descriptor allocation"},
		{"type is no structure", "", "@struct.new_desc 0 drop", "type mismatch"},
		{"unknown type", "", "@struct.new_desc 9 drop", "unknown type 9"},
	})
}

func TestStructNewDefaultDesc(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"exact descriptor", "(ref (exact 1))", "struct.new 2 struct.new_default_desc 1 local.set 0", ""},
		{"null descriptor", "", "ref.null none struct.new_default_desc 1 drop", ""},
		{"inexact descriptor", "(ref null 2)", "local.get 0 @struct.new_default_desc 1 drop", "type mismatch"},
		{"no descriptor", "", "@struct.new_default_desc 1 drop", "type mismatch"},
		{"field without default", "", "struct.new 8 @struct.new_default_desc 7 drop", "type mismatch"},
		{"type without descriptor", "", "@struct.new_default_desc 5 drop", "type without descriptor requires non-descriptor allocation"},
		{"type is no structure", "", "@struct.new_default_desc 6 drop", "type mismatch"},
		{"unknown type", "", "@struct.new_default_desc 9 drop", "unknown type 9"},
	})
}

func TestAllocationWithoutDescriptor(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"struct.new of a type with descriptor", "", "i32.const 1 i64.const 2 @struct.new 1 drop", "type with descriptor requires descriptor allocation"},
		{"struct.new_default of a type with descriptor", "", "@struct.new_default 1 drop", "type with descriptor requires descriptor allocation"},
		{"struct.new of a descriptor", "(ref (exact 2))", "struct.new 2 local.set 0", ""},
	})
}

func TestRefGetDesc(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"inexact", "(ref null 1) (ref 2)", "local.get 0 ref.get_desc 1 local.set 1", ""},
		{"exact", "(ref null (exact 1)) (ref (exact 2))", "local.get 0 ref.get_desc 1 local.set 1", ""},
		{"subtype", "(ref null 3) (ref 2)", "local.get 0 ref.get_desc 1 local.set 1", ""},
		{"exact subtype", "(ref null (exact 3)) (ref 2)", "local.get 0 ref.get_desc 1 local.set 1", ""},
		{"null", "(ref (exact 2))", "ref.null none ref.get_desc 1 local.set 0", ""},
		{"unreachable", "(ref (exact 2))", "unreachable ref.get_desc 1 local.set 0", ""},
		{"inexact gives no exact descriptor", "(ref null 1) (ref (exact 2))", "local.get 0 ref.get_desc 1 @local.set 1", "type mismatch"},
		{"exact subtype gives no exact descriptor", "(ref null (exact 3)) (ref (exact 2))", "local.get 0 ref.get_desc 1 @local.set 1", "type mismatch"},
		{"supertype", "(ref null 1)", "local.get 0 @ref.get_desc 3 drop", "type mismatch"},
		{"any reference", "anyref", "local.get 0 @ref.get_desc 1 drop", "type mismatch"},
		{"number", "", "i32.const 0 @ref.get_desc 1 drop", "type mismatch"},
		{"no operand", "", "@ref.get_desc 1 drop", "type mismatch"},
		{"type without descriptor", "(ref null 5)", "local.get 0 @ref.get_desc 5 drop", "type without descriptor"},
		{"array", "(ref null 6)", "local.get 0 @ref.get_desc 6 drop", "type without descriptor"},
		{"unknown type", "", "ref.null none @ref.get_desc 9 drop", "unknown type 9"},
	})
}

func TestRefCastDescEq(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"to the type", "anyref (ref null 2) (ref 1)", "local.get 0 local.get 1 ref.cast_desc_eq (ref 1) local.set 2", ""},
		{"to the type or null", "anyref (ref null 2) (ref null 1)", "local.get 0 local.get 1 ref.cast_desc_eq (ref null 1) local.set 2", ""},
		{"to the exact type", "anyref (ref null (exact 2)) (ref (exact 1))", "local.get 0 local.get 1 ref.cast_desc_eq (ref (exact 1)) local.set 2", ""},
		{"with the descriptor of a subtype", "anyref (ref null 4) (ref 1)", "local.get 0 local.get 1 ref.cast_desc_eq (ref 1) local.set 2", ""},
		{"upwards", "(ref null 3) (ref null 2) (ref 1)", "local.get 0 local.get 1 ref.cast_desc_eq (ref 1) local.set 2", ""},
		{"unreachable", "(ref (exact 1))", "unreachable ref.cast_desc_eq (ref (exact 1)) local.set 0", ""},
		{"nullable target gives null", "anyref (ref null 2) (ref 1)", "local.get 0 local.get 1 ref.cast_desc_eq (ref null 1) @local.set 2", "type mismatch"},
		{"exact target with inexact descriptor", "anyref (ref null 2)", "local.get 0 local.get 1 @ref.cast_desc_eq (ref (exact 1)) drop", "type mismatch"},
		{"exact target with descriptor of a subtype", "anyref (ref null (exact 4))", "local.get 0 local.get 1 @ref.cast_desc_eq (ref (exact 1)) drop", "type mismatch"},
		{"descriptor of another type", "anyref (ref null 5)", "local.get 0 local.get 1 @ref.cast_desc_eq (ref 1) drop", "type mismatch"},
		{"operand of another hierarchy", "externref (ref null 2)", "local.get 0 local.get 1 @ref.cast_desc_eq (ref 1) drop", "type mismatch"},
		{"no operand", "(ref null 2)", "local.get 0 @ref.cast_desc_eq (ref 1) drop", "type mismatch"},
		{"no descriptor", "", "@ref.cast_desc_eq (ref 1) drop", "type mismatch"},
		{"type without descriptor", "anyref", "local.get 0 local.get 0 @ref.cast_desc_eq (ref 5) drop", "type 5 does not have a descriptor"},
		{"exact type without descriptor", "anyref", "local.get 0 local.get 0 @ref.cast_desc_eq (ref (exact 5)) drop", "type (exact 5) does not have a descriptor"},
		{"abstract type", "anyref", "local.get 0 local.get 0 @ref.cast_desc_eq anyref drop", "type any does not have a descriptor"},
		{"unknown type", "anyref", "local.get 0 local.get 0 @ref.cast_desc_eq (ref 9) drop", "unknown type 9"},
	})
}

func TestBrOnCastDescEq(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"to the type", "anyref (ref null 2) (ref 1)",
			"block (result (ref 1)) local.get 0 local.get 1 br_on_cast_desc_eq 0 anyref (ref 1) drop unreachable end local.set 2", ""},
		{"to the exact type", "anyref (ref null (exact 2)) (ref (exact 1))",
			"block (result (ref (exact 1))) local.get 0 local.get 1 br_on_cast_desc_eq 0 anyref (ref (exact 1)) drop unreachable end local.set 2", ""},
		{"between types that are not related", "(ref null 5) (ref null 2)",
			"block (result (ref 1)) local.get 0 local.get 1 br_on_cast_desc_eq 0 (ref null 5) (ref 1) drop unreachable end drop", ""},
		{"what is left is not null", "anyref (ref null 2) (ref any)",
			"block (result (ref null 1)) local.get 0 local.get 1 br_on_cast_desc_eq 0 anyref (ref null 1) local.set 2 unreachable end drop", ""},
		{"what is left may be null", "anyref (ref null 2) (ref any)",
			"block (result (ref null 1)) local.get 0 local.get 1 br_on_cast_desc_eq 0 anyref (ref 1) @local.set 2 unreachable end drop", "type mismatch"},
		{"descriptor is not exact", "anyref (ref null 2)",
			"block (result (ref 1)) local.get 0 local.get 1 @br_on_cast_desc_eq 0 anyref (ref (exact 1)) drop unreachable end drop", "type mismatch"},
		{"other hierarchy", "externref (ref null 2)",
			"block (result (ref 1)) local.get 0 local.get 1 @br_on_cast_desc_eq 0 externref (ref 1) drop unreachable end drop", "type mismatch"},
		{"operand is not of the source type", "anyref (ref null 2)",
			"block (result (ref 1)) local.get 0 local.get 1 @br_on_cast_desc_eq 0 eqref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes another type", "anyref (ref null 2)",
			"block (result (ref 3)) local.get 0 local.get 1 @br_on_cast_desc_eq 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes nothing", "anyref (ref null 2)", "block local.get 0 local.get 1 @br_on_cast_desc_eq 0 anyref (ref 1) drop end", "type mismatch"},
		{"unknown label", "anyref (ref null 2)", "local.get 0 local.get 1 @br_on_cast_desc_eq 3 anyref (ref 1) drop", "unknown label 3"},
		{"type without descriptor", "anyref", "block (result anyref) local.get 0 local.get 0 @br_on_cast_desc_eq 0 anyref (ref 5) drop unreachable end drop", "type 5 does not have a descriptor"},
		{"abstract type", "anyref", "block (result anyref) local.get 0 local.get 0 @br_on_cast_desc_eq 0 anyref (ref none) drop unreachable end drop", "type none does not have a descriptor"},
		{"unknown type", "anyref", "block (result anyref) local.get 0 local.get 0 @br_on_cast_desc_eq 0 anyref (ref 9) drop unreachable end drop", "unknown type 9"},
	})
}

func TestBrOnCastDescEqFail(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"to the type", "anyref (ref null 2) (ref 1)",
			"block (result anyref) local.get 0 local.get 1 br_on_cast_desc_eq_fail 0 anyref (ref 1) local.set 2 unreachable end drop", ""},
		{"to the exact type", "anyref (ref null (exact 2)) (ref (exact 1))",
			"block (result anyref) local.get 0 local.get 1 br_on_cast_desc_eq_fail 0 anyref (ref (exact 1)) local.set 2 unreachable end drop", ""},
		{"the branch carries no null", "anyref (ref null 2)",
			"block (result (ref any)) local.get 0 local.get 1 br_on_cast_desc_eq_fail 0 anyref (ref null 1) drop unreachable end drop", ""},
		{"the branch may carry null", "anyref (ref null 2)",
			"block (result (ref any)) local.get 0 local.get 1 @br_on_cast_desc_eq_fail 0 anyref (ref 1) drop unreachable end drop", "type mismatch"},
		{"descriptor is not exact", "anyref (ref null 2)",
			"block (result anyref) local.get 0 local.get 1 @br_on_cast_desc_eq_fail 0 anyref (ref (exact 1)) drop unreachable end drop", "type mismatch"},
		{"other hierarchy", "externref (ref null 2)",
			"block (result externref) local.get 0 local.get 1 @br_on_cast_desc_eq_fail 0 externref (ref 1) drop unreachable end drop", "type mismatch"},
		{"label takes nothing", "anyref (ref null 2)", "block local.get 0 local.get 1 @br_on_cast_desc_eq_fail 0 anyref (ref 1) drop end", "type mismatch"},
		{"type without descriptor", "anyref", "block (result anyref) local.get 0 local.get 0 @br_on_cast_desc_eq_fail 0 anyref (ref 5) drop unreachable end drop", "type 5 does not have a descriptor"},
		{"unknown type", "anyref", "block (result anyref) local.get 0 local.get 0 @br_on_cast_desc_eq_fail 0 anyref (ref 9) drop unreachable end drop", "unknown type 9"},
	})
}

// Every instruction that makes a reference to a defined type makes an exact one.
func TestExactResults(t *testing.T) {
	base := func() *validatortest.Module {
		return descriptorTypes().Data("", "ab").Elem("func 0")
	}
	checkBodies(t, withDescriptors, base, []bodyTest{
		{"struct.new", "(ref (exact 5))", "i32.const 1 struct.new 5 local.set 0", ""},
		{"struct.new_default", "(ref (exact 5))", "struct.new_default 5 local.set 0", ""},
		{"array.new", "(ref (exact 6))", "i32.const 1 i32.const 2 array.new 6 local.set 0", ""},
		{"array.new_default", "(ref (exact 6))", "i32.const 2 array.new_default 6 local.set 0", ""},
		{"array.new_fixed", "(ref (exact 6))", "i32.const 2 array.new_fixed 6 1 local.set 0", ""},
		{"array.new_data", "(ref (exact 6))", "i32.const 0 i32.const 0 array.new_data 6 0 local.set 0", ""},
		{"ref.func", "(ref (exact 0))", "ref.func 0 local.set 0", ""},
		{"ref.cast to an exact type", "anyref (ref (exact 3))", "local.get 0 ref.cast (ref (exact 3)) local.set 1", ""},
		{"exact matches inexact", "(ref null (exact 3)) (ref null 1)", "local.get 0 local.set 1", ""},
		{"inexact does not match exact", "(ref null 3) (ref null (exact 3))", "local.get 0 @local.set 1", "type mismatch"},
		{"exact subtype does not match exact", "(ref null (exact 3)) (ref null (exact 1))", "local.get 0 @local.set 1", "type mismatch"},
		{"null matches exact", "(ref null (exact 3))", "ref.null none local.set 0", ""},
		{"unknown exact type", "", "@ref.cast (ref (exact 9)) drop", "unknown type 9"},
	})
}

func TestExactFunctionImports(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").
			Import("m", "inexact", "func 0").Import("m", "exact", "func (exact 0)")
	}
	const exactRef = "(ref (exact 0))"
	checkModules(t, withDescriptors, []moduleTest{
		{"exact", base().Global(exactRef, "ref.func 1"), ""},
		{"defined", base().Global(exactRef, "ref.func 2").Func(0, "", ""), ""},
		{"inexact as inexact", base().Global("(ref 0)", "ref.func 0"), ""},
		{"inexact as exact", base().Global(exactRef, "ref.func 0 @(bytes)"), "type mismatch"},
	})
}

// Branches on a cast need no subtyping any more, only a common hierarchy.
func TestBrOnCastHierarchy(t *testing.T) {
	checkBodies(t, withDescriptors, descriptorTypes, []bodyTest{
		{"br_on_cast between unrelated types", "(ref null 5)", "block (result (ref 6)) local.get 0 br_on_cast 0 (ref null 5) (ref 6) drop unreachable end drop", ""},
		{"br_on_cast_fail between unrelated types", "(ref null 5)", "block (result (ref null 5)) local.get 0 br_on_cast_fail 0 (ref null 5) (ref 6) drop unreachable end drop", ""},
		{"br_on_cast between hierarchies", "anyref", "block (result funcref) local.get 0 @br_on_cast 0 anyref funcref drop unreachable end drop", "type mismatch"},
		{"br_on_cast_fail between hierarchies", "anyref", "block (result anyref) local.get 0 @br_on_cast_fail 0 anyref funcref drop unreachable end drop", "type mismatch"},
	})
	withoutDescriptors := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").Type("struct (field i32)").Type("array i8")
	}
	checkBodies(t, ops.Wasm3, withoutDescriptors, []bodyTest{
		{"br_on_cast without the proposal", "(ref null 1)", "block (result (ref 2)) local.get 0 @br_on_cast 0 (ref null 1) (ref 2) drop unreachable end drop", "type mismatch"},
	})
}

func TestDescriptorConstantExpressions(t *testing.T) {
	checkModules(t, withDescriptors, []moduleTest{
		{"struct.new_desc", descriptorTypes().Global("(ref (exact 1))", "i32.const 1 i64.const 2 struct.new 2 struct.new_desc 1"), ""},
		{"struct.new_default_desc", descriptorTypes().Global("(ref 1)", "struct.new 2 struct.new_default_desc 1"), ""},
		{"wrong descriptor", descriptorTypes().Global("(ref 1)", "struct.new 4 @struct.new_default_desc 1"), "type mismatch"},
		{"ref.get_desc", descriptorTypes().Global("(ref 2)", "ref.null none @ref.get_desc 1"), "constant expression required"},
		{"ref.cast_desc_eq", descriptorTypes().Global("(ref 1)", "ref.null none ref.null none @ref.cast_desc_eq (ref 1)"), "constant expression required"},
	})
}

func TestDescriptorDefinitions(t *testing.T) {
	rec := func(types ...string) *validatortest.Module { return validatortest.NewModule().Rec(types...) }
	const super, superDesc = "sub (descriptor 1) (struct)", "sub (describes 0) (struct)"
	checkModules(t, withDescriptors, []moduleTest{
		{"pair", rec("(descriptor 1) (struct)", "(describes 0) (struct)"), ""},
		{"chain", rec("(descriptor 1) (struct)", "(describes 0) (descriptor 2) (struct)", "(describes 1) (struct)"), ""},
		{"subtypes", rec(super, superDesc, "sub 0 (descriptor 3) (struct (field i32))", "sub 1 (describes 2) (struct)"), ""},
		{"subtypes in a later group", rec(super, superDesc).Rec("sub 0 (descriptor 3) (struct)", "sub 1 (describes 2) (struct)"), ""},
		{"subtype adds a descriptor", rec("sub (struct)", "sub 0 (descriptor 2) (struct)", "(describes 1) (struct)"), ""},
		{"descriptor outside group", rec("struct").Rec("@(descriptor 0) (struct)"), "descriptor type is outside rec group"},
		{"described type outside group", rec("struct").Rec("@(describes 0) (struct)"), "described type is outside rec group"},
		{"descriptor describes another", rec("struct", "@(descriptor 2) (struct)", "(describes 0) (struct)"), "type is not described by its descriptor"},
		{"described type has no descriptor", rec("struct", "@(describes 0) (struct)"), "described type is not described by descriptor"},
		{"descriptor first", rec("@(describes 1) (struct)", "(descriptor 0) (struct)"), "forward use of described type"},
		{"own descriptor", rec("@(describes 0) (descriptor 0) (struct)"), "forward use of described type"},
		{"described array", rec("@(descriptor 1) (array i8)", "(describes 0) (struct)"), "descriptor type must be a struct"},
		{"function as descriptor", rec("(descriptor 1) (struct)", "@(describes 0) (func)"), "described type must be a struct"},
		{"subtype has no descriptor", rec(super, superDesc, "@sub 0 (struct)"), "sub type 2 does not match super type 0"},
		{"subtype describes nothing", rec(super, superDesc, "@sub 1 (struct)"), "sub type 2 does not match super type 1"},
		{"supertype describes nothing", rec("sub (struct)", "(descriptor 2) (struct)", "@sub 0 (describes 1) (struct)"), "sub type 2 does not match super type 0"},
		{"descriptors are not related", rec(super, superDesc, "@sub 0 (descriptor 3) (struct)", "(describes 2) (struct)"), "descriptor type 3 does not match"},
		{"described types are not related", rec(super, superDesc, "(descriptor 3) (struct)", "@sub 1 (describes 2) (struct)"), "described type 2 does not match"},
	})
}

// Clauses are part of what a type is.
func TestDescriptorIdentity(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func").
			Rec("(descriptor 2) (struct)", "(describes 1) (struct)").
			Rec("(descriptor 4) (struct)", "(describes 3) (struct)").
			Rec("struct", "struct")
	}
	checkBodies(t, withDescriptors, base, []bodyTest{
		{"equal groups", "(ref null (exact 1)) (ref null (exact 3))", "local.get 0 local.set 1", ""},
		{"group without clauses", "(ref null 1) (ref null 5)", "local.get 0 @local.set 1", "type mismatch"},
	})
}

func TestDescriptorsGated(t *testing.T) {
	base := func() *validatortest.Module { return validatortest.NewModule().Type("func").Type("struct") }
	checkGated(t, ops.CustomDescriptors, base, []string{
		"@struct.new_desc 1 drop", "@struct.new_default_desc 1 drop", "@ref.get_desc 1 drop", "@ref.cast_desc_eq (ref 1) drop",
		"@br_on_cast_desc_eq 0 anyref (ref 1) drop", "@br_on_cast_desc_eq_fail 0 anyref (ref 1) drop",
	})
}
