package validator_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Validators of one module share what is derived from its types, also where these are
// many; each has its own of another module. The first function calls itself as it should,
// the second calls it as the other module would have it.
func TestManyTypesInTurns(t *testing.T) {
	is := is.New(t)
	many := func(param, other string) (*module.Module, []funcToValidate) {
		m := validatortest.NewModule()
		for _, result := range []string{"i32", "i64", "f32", "f64"} {
			for n := range 6 {
				m.Type("func (param" + strings.Repeat(" i32", n) + " " + param + ") (result " + result + ")")
			}
		}
		return spine(t, m.Func(0, "", param+".const 0 call 0 drop i32.const 0").
			Func(0, "", other+".const 0 call 0 drop i32.const 0").Bytes())
	}
	a, as := many("i64", "f64")
	b, bs := many("f64", "i64")
	ua, ub, either := validator.New(a, ops.Default), validator.New(b, ops.Default), validator.New(a, ops.Default)
	turn := func(u validator.UnassignedFuncValidator[*module.Module], funcs []funcToValidate) validator.UnassignedFuncValidator[*module.Module] {
		u, err := validateFunc(u, funcs[0])
		is.NoErr(err)
		u, err = validateFunc(u, funcs[1])
		is.True(err != nil)
		return u
	}
	for range 3 {
		ua, ub = turn(ua, as), turn(ub, bs)
		either = turn(turn(either, bs), as)
	}
	_, _, _ = ua.IntoAllocations(), ub.IntoAllocations(), either.IntoAllocations()
}
