package validatortest_test

import (
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

var _ validator.Resources = (*validatortest.Resources)(nil)

func ExampleResources() {
	r := validatortest.NewResources().AddType("func (result i32)").AddGlobal("mut i64")
	a, _ := validator.New(r, ops.Default).Assign(0, 0, 0)
	body, _ := validatortest.Body("", "global.get 0")
	fmt.Println(a.Validate(module.NewFuncBody(0, body)))
	fmt.Println(a.Abandon().Err(), r.Count("Global"))
	// Output:
	// invalid: func 0: end: type mismatch: instruction requires [i32] but stack has [i64] (at offset 0x3)
	// <nil> 1
}

func ExampleResources_Lie() {
	r := validatortest.NewResources().AddType("func").AddMemory("1").Lie("NumMemories", 0)
	a, _ := validator.New(r, ops.Default).Assign(0, 0, 0)
	body, _ := validatortest.Body("", "memory.size drop")
	fmt.Println(a.Validate(module.NewFuncBody(0, body)))
	_ = a.Abandon()
	// Output:
	// invalid: func 0: memory.size: unknown memory 0 (at offset 0x1)
}

// What the text says is what the methods answer, and every question is recorded.
func TestResources(t *testing.T) {
	is := is.New(t)
	r := validatortest.NewResources().
		AddType("func (param i32) (result (ref null 0))").AddRec("sub (struct)", "array (mut i8)").
		AddFunc(0).AddInexactFunc(0).Declare(1).
		AddTable("1 10 funcref").AddMemory("i64 1 2 shared").AddGlobal("mut f32").
		AddTag(0).AddElem("(ref 0)").AddData().AddData()
	is.Equal(r.Types().Len(), 3)
	is.Equal(r.Types().Kind(2), module.Array)
	is.Equal(r.NumFuncs(), 2)
	is.Equal(r.FuncType(1), uint32(0))
	is.True(!r.FuncDeclared(0) && r.FuncDeclared(1))
	is.True(r.FuncExact(0) && !r.FuncExact(1))
	is.Equal(r.NumTables(), 1)
	is.Equal(r.Table(0), module.TableType{Elem: ops.FuncRef, Limits: module.Limits{Min: 1, Max: 10, HasMax: true}})
	is.Equal(r.NumMemories(), 1)
	is.Equal(r.Memory(0).AddrType(), ops.I64)
	is.Equal(r.NumGlobals(), 1)
	is.Equal(r.Global(0), module.GlobalType{Type: ops.F32, Mutable: true})
	is.Equal(r.NumTags(), 1)
	is.Equal(r.Tag(0), uint32(0))
	is.Equal(r.NumElems(), 1)
	is.Equal(r.Elem(0), validatortest.ValType("(ref 0)"))
	n, ok := r.DataCount()
	is.True(ok && n == 2)
	asked := r.Asked()
	is.Equal(len(asked), 19)
	is.Equal(asked[3], validatortest.Question{Method: "FuncType", Index: 1})
	is.Equal(r.Count("FuncExact"), 2)
	_, ok = validatortest.NewResources().DataCount()
	is.True(!ok)
}

func TestResourcesLieAndFail(t *testing.T) {
	is := is.New(t)
	r := validatortest.NewResources().AddType("func").AddFunc(0).AddFunc(0).AddData().
		Lie("FuncType", uint32(7), 1).Lie("DataCount", nil).Lie("Types", nil).Lie("Tag", "text").
		Fail("Global", "no globals today").Fail("Table", "broken", 3)
	is.Equal(r.FuncType(0), uint32(0))
	is.Equal(r.FuncType(1), uint32(7))
	_, ok := r.DataCount()
	is.True(!ok)
	is.True(r.Types() == nil)
	for _, c := range []struct {
		call func()
		want any
	}{
		{func() { r.Global(9) }, "no globals today"},
		{func() { r.Table(3) }, "broken"},
		{func() { r.Tag(0) }, "validatortest: Tag does not return a string"},
		{func() { r.AddType("func (param (ref 9))") }, "validatortest: unknown type 9"},
		{func() { r.AddGlobal("mut") }, `validatortest: the text ends, a value type is missing: at "" in "mut"`},
	} {
		func() {
			defer func() { is.Equal(recover(), c.want) }()
			c.call()
		}()
	}
	is.Equal(r.Count("Global"), 1) // what fails was asked all the same
}
