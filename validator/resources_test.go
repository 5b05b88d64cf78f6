package validator_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// mockFunc is a function for resources that record what they are asked.
type mockFunc = validator.FuncToValidate[*validatortest.Resources]

// everything are resources with two of each thing.
func everything() *validatortest.Resources {
	return validatortest.NewResources().
		AddType("func (param i32) (result i32)").AddType("func").
		AddFunc(0).AddFunc(1).Declare(1).
		AddTable("1 funcref").AddTable("1 externref").AddMemory("1").AddMemory("i64 1").
		AddGlobal("i64").AddGlobal("mut i32").AddTag(1).AddTag(1).
		AddElem("funcref").AddElem("externref").AddData().AddData()
}

// Every question is asked once when a validator is made, and never while it works,
// whatever the body refers to.
func TestResourcesAreAskedOnce(t *testing.T) {
	is := is.New(t)
	r := everything()
	body, _ := validatortest.Body("", `
		global.get 0 drop global.get 1 global.set 1 ref.func 1 drop
		i32.const 0 i32.load i32.const 0 i32.const 0 i32.const 0 memory.init 1 data.drop 0
		call 0 i32.const 0 call_indirect 0 (type 0) i32.const 0 i32.const 0 i32.const 0 table.init 1 1 elem.drop 0
		block throw 1 end`)
	f := mockFunc{Resources: r, Features: ops.All, Body: module.NewFuncBody(0, body)}
	a, err := f.IntoValidator(nil)
	is.NoErr(err)
	asked := r.Asked()
	seen := map[validatortest.Question]int{}
	for _, q := range asked {
		seen[q]++
		is.Equal(seen[q], 1) // asked twice
	}
	is.Equal(len(asked), 1+6+1+3*2+5*2) // types, counts, data count; each function three times, all else once

	for range 3 {
		is.NoErr(a.Validate(f.Body))
		u, err := a.Finish(0)
		is.NoErr(err)
		a, err = f.Assign(u)
		is.NoErr(err)
	}
	for _, in := range validatortest.Instrs("global.get 0 drop local.get 0 call 0 i64.const 0 i32.load 1 i32.add end") {
		is.NoErr(a.Op(0, &in))
	}
	_, err = a.Finish(0)
	is.NoErr(err)
	is.Equal(len(r.Asked()), len(asked))
}

// A rule of each kind, on resources of a few words.
func TestRulesOnMocks(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"global type", "global.get 0", "type mismatch: instruction requires [i32] but stack has [i64]"},
		{"immutable global", "i64.const 0 global.set 0", "immutable global: "},
		{"undeclared function", "ref.func 0", "undeclared function reference"},
		{"declared function", "ref.func 1 drop i32.const 0", ""},
		{"address of a 64-bit memory", "i32.const 0 i32.load 1", "type mismatch: instruction requires [i64] but stack has [i32]"},
		{"table of references of the host", "i32.const 0 table.get 1 ref.is_null", ""},
		{"data segment", "data.drop 2", "unknown data segment 2"},
		{"element segment", "elem.drop 2", "unknown elem segment 2"},
		{"tag", "throw 2", "unknown tag 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			body, _ := validatortest.Body("", c.code)
			a, err := validator.New(everything(), ops.All).Assign(0, 0, 0)
			is.NoErr(err)
			err = a.Validate(module.NewFuncBody(0, body))
			is.NoErr(a.Abandon().Err())
			checkMessage(t, err, c.want)
		})
	}
}

// Functions of which only a supertype is known are not exact, wherever they stand.
func TestResourcesExactFunctions(t *testing.T) {
	r := validatortest.NewResources().AddType("func (result (ref (exact 0)))").
		AddFunc(0).AddInexactFunc(0).AddFunc(0).Declare(0, 1, 2)
	for _, c := range []struct{ name, code, want string }{
		{"before", "ref.func 0", ""},
		{"inexact", "ref.func 1", "type mismatch"},
		{"after", "ref.func 2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			body, _ := validatortest.Body("", c.code)
			a, err := validator.New(r, ops.All).Assign(0, 0, 0)
			is.NoErr(err)
			err = a.Validate(module.NewFuncBody(0, body))
			is.NoErr(a.Abandon().Err())
			checkMessage(t, err, c.want)
		})
	}
}

// checkMessage fails unless err is a *validator.Error whose message begins with
// want, or nil when want is empty.
func checkMessage(t *testing.T, err error, want string) {
	t.Helper()
	is := is.New(t)
	if want == "" {
		is.NoErr(err)
		return
	}
	e, ok := err.(*validator.Error)
	is.True(ok)
	is.True(len(e.Message) >= len(want))
	is.Equal(e.Message[:len(want)], want)
}

// Resources that contradict themselves are refused when the validator is made.
func TestResourcesThatLie(t *testing.T) {
	none := ops.IndexHeap(99).RefNull()
	for _, c := range []struct {
		method string
		answer any
		want   string
	}{
		{"FuncType", uint32(99), "the type of function 1 is 99, which is no function type"},
		{"FuncType", uint32(1<<32 - 1), "the type of function 1 is 4294967295, which is no function type"},
		{"FuncType", uint32(2), "the type of function 1 is 2, which is no function type"},
		{"Tag", uint32(2), "the type of tag 1 is 2, which is no function type"},
		{"Table", module.TableType{Elem: none}, "the type of table 1 is (ref null 99), and there is no type 99"},
		{"Global", module.GlobalType{Type: none}, "the type of global 1 is (ref null 99), and there is no type 99"},
		{"Elem", none, "the type of element segment 1 is (ref null 99), and there is no type 99"},
		{"Table", module.TableType{Elem: ops.I32}, "the type of table 1 is i32, which is no reference type"},
		{"Elem", ops.V128, "the type of element segment 1 is v128, which is no reference type"},
		{"Global", module.GlobalType{}, "the type of global 1 is bot, which no value has"},
		{"Global", module.GlobalType{Type: ops.I8}, "the type of global 1 is i8, which no value has"},
		{"Global", module.GlobalType{Type: ops.HeapBot.Ref()}, "the type of global 1 is (ref bot), which no value has"},
	} {
		t.Run(c.want, func(t *testing.T) {
			is := is.New(t)
			r := everything().AddType("struct").Lie(c.method, c.answer, 1)
			defer func() { is.Equal(recover(), "validator: resources: "+c.want) }()
			validator.New(r, ops.All)
			t.Error("New believed it")
		})
	}
}

// Resources that panic leave the buffers where they were.
//
//spent:ignore what panics spends nothing
func TestResourcesThatPanicTakeNoBuffers(t *testing.T) {
	is := is.New(t)
	allocations := validator.New(everything(), ops.All).IntoAllocations()
	bad := everything().Lie("Tag", uint32(99), 1)
	for range 2 {
		func() {
			defer func() { is.True(recover() != nil) }()
			_ = validator.NewWithAllocations(bad, ops.All, allocations)
		}()
		func() {
			defer func() { is.True(recover() != nil) }()
			_, _ = mockFunc{Resources: bad}.IntoValidator(allocations)
		}()
	}
	u := validator.NewWithAllocations(everything(), ops.All, allocations)
	is.NoErr(u.Err())
}

// Of equal types, it does not matter which one resources refer to.
func TestResourcesEqualTypes(t *testing.T) {
	is := is.New(t)
	r := validatortest.NewResources().AddType("array i32").AddType("array i32").AddType("func (result (ref null 0))").
		AddGlobal("(ref null 1)").AddTable("1 (ref null 1)").AddElem("(ref null 1)")
	body, _ := validatortest.Body("", `i32.const 0 i32.const 0 i32.const 0 table.init 0 0
		i32.const 0 global.get 0 table.set 0 block (result (ref null 1)) global.get 0 end`)
	a, err := validator.New(r, ops.Default).Assign(0, 2, 0)
	is.NoErr(err)
	is.NoErr(a.Validate(module.NewFuncBody(0, body)))
	is.NoErr(a.Abandon().Err())
}

// Resources that fail, fail where they are asked: when the validator is made.
func TestResourcesThatFail(t *testing.T) {
	is := is.New(t)
	r := everything().Fail("Global", "broken", 1)
	defer func() { is.Equal(recover(), "broken") }()
	validator.New(r, ops.Default)
	t.Error("New did not ask")
}

// changing are resources that cannot be compared, and of which the second reading is
// wrong.
type changing struct {
	*validatortest.Resources
	readings *int
	_        []int
}

func (c changing) NumTags() int {
	if *c.readings++; *c.readings > 1 {
		panic("read again")
	}
	return c.Resources.NumTags()
}

// IntoValidator reads resources once.
func TestIntoValidatorReadsOnce(t *testing.T) {
	is := is.New(t)
	f := validator.FuncToValidate[changing]{Resources: changing{Resources: everything(), readings: new(int)}, Features: ops.All, TypeIdx: 1}
	a, err := f.IntoValidator(nil)
	is.NoErr(err)
	is.NoErr(a.Abandon().Err())
	is.Equal(*f.Resources.readings, 1)
}
