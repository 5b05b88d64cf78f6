package validator_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// stackLists are long lists that are equal, nearly equal, shifted, or match each
// other by subtyping.
var stackLists = [][]string{
	inTurns(100, "i32 i64"),
	inTurns(100, "i32 i64"), // of another type
	append(inTurns(99, "i32 i64"), "i32"),
	append([]string{"i64"}, inTurns(99, "i64 i32")...),
	inTurns(100, "nullref nullref i32"),
	inTurns(100, "anyref eqref i32"),
	inTurns(70, "i32 i64"),
	inTurns(63, "i32 i64"), // not long enough to be remembered
}

func inTurns(n int, pattern string) []string {
	unit, list := strings.Fields(pattern), make([]string, n)
	for i := range list {
		list[i] = unit[i%len(unit)]
	}
	return list
}

// stackOp is an operator with its signature; a block is a pair of operators.
type stackOp struct {
	text        string
	take, leave []string
	polymorphic bool // take is one operand of any type
}

// stackModule returns a module whose function 0 is empty and has type 0, and the
// operators that it offers on long lists, after those that change single operands.
func stackModule() (m *validatortest.Module, list []stackOp) {
	m = validatortest.NewModule().Type("func")
	list = []stackOp{
		{text: "drop", polymorphic: true},
		{text: "i32.const 0", leave: []string{"i32"}},
		{text: "i64.const 0", leave: []string{"i64"}},
		{text: "ref.null none", leave: []string{"nullref"}},
		{text: "i32.eqz", take: []string{"i32"}, leave: []string{"i32"}},
		{text: "i64.eqz", take: []string{"i64"}, leave: []string{"i32"}},
		{text: "i64.extend_i32_s", take: []string{"i32"}, leave: []string{"i64"}},
		{text: "local.set 0", take: []string{"i32"}},
		{text: "local.tee 1", take: []string{"i64"}, leave: []string{"i64"}},
	}
	typeIdx, funcs := 1, 0
	call := func(take, leave []string) {
		params, results := strings.Join(take, " "), strings.Join(leave, " ")
		m.Rec(fmt.Sprintf("func (param %s) (result %s)", params, results), fmt.Sprintf("struct (field %s)", strings.Repeat("i32 ", typeIdx)))
		m.Import("m", fmt.Sprint(funcs), fmt.Sprintf("func %d", typeIdx))
		list = append(list, stackOp{text: fmt.Sprintf("call %d", funcs), take: take, leave: leave})
		typeIdx, funcs = typeIdx+2, funcs+1
	}
	block := func(l []string) {
		text := fmt.Sprintf("block (type %d) end", typeIdx)
		call(l, l)
		list = append(list, stackOp{text: text, take: l, leave: l})
	}
	for i, l := range stackLists {
		call(nil, l)
		call(l, nil)
		block(l)
		next := stackLists[(i+1)%len(stackLists)]
		call(l, next)
		// Several lists, and single operands between and above them, as one.
		call(slices.Concat(l, []string{"i32"}), nil)
		call(slices.Concat(l, l), nil)
		block(slices.Concat(l, l))
		call(slices.Concat(l, next), l)
		call(slices.Concat(l, []string{"i32"}, next, []string{"i64"}), nil)
	}
	for _, element := range []string{"nullref", "eqref", "anyref"} {
		call(nil, inTurns(100, element))
		block(inTurns(100, element))
		for _, n := range []int{10, 100, 130, 200, 250} {
			m.Type("array " + element)
			list = append(list, stackOp{
				text: fmt.Sprintf("array.new_fixed %d %d", typeIdx, n), take: inTurns(n, element), leave: []string{"eqref"},
			})
			typeIdx++
		}
	}
	return m, list
}

// apply returns the stack after the operator; ok is false when it does not fit.
func (o *stackOp) apply(stack []string) (after []string, ok bool) {
	n := len(stack) - len(o.take)
	if o.polymorphic {
		n--
	}
	if n < 0 {
		return stack, false
	}
	for i, want := range o.take {
		have := stack[n+i]
		if have != want && !(have == "nullref" && (want == "anyref" || want == "eqref")) && !(have == "eqref" && want == "anyref") {
			return stack, false
		}
	}
	return append(slices.Clone(stack[:n]), o.leave...), true
}

// What is remembered of long lists on the stack never decides what comparing the
// operands would not: random operators on such lists, and on the operands at their
// end, fit exactly when a plain stack says so, however they are validated.
func TestLongListsAgainstModel(t *testing.T) {
	is := is.New(t)
	base, list := stackModule()
	m, _, err := validator.Spine(context.Background(), base.Bytes(), validator.WithFeatures(ops.Wasm3))
	is.NoErr(err)
	r := rand.New(rand.NewPCG(8, 2))
	u := validator.New(m, ops.Wasm3)
	verdicts := map[bool]int{}
	for range 2000 {
		var stack []string
		var text []string
		fits := true
		tried, err := u.Assign(0, 0, 0)
		is.NoErr(err)
		is.NoErr(tried.DefineLocals(0, 1, ops.I32))
		is.NoErr(tried.DefineLocals(0, 1, ops.I64))
		for k := 0; k < 40 && fits; k++ {
			o := &list[r.IntN(len(list))]
			if r.IntN(4) == 0 {
				o = &list[r.IntN(9)]
			}
			after, ok := o.apply(stack)
			for range r.IntN(20) { // most operators do not fit
				if ok {
					break
				}
				o = &list[r.IntN(len(list))]
				after, ok = o.apply(stack)
			}
			if !ok && r.IntN(20) > 0 {
				if tryOps(tried, o.text) == nil {
					t.Fatalf("%s: fits after %q", o.text, text)
				}
				continue // most mistakes are only tried
			}
			if ok && tryOps(tried, o.text) != nil {
				t.Fatalf("%s: does not fit after %q", o.text, text)
			}
			text, stack, fits = append(text, o.text), after, ok
		}
		u = tried.Abandon()
		if fits {
			text = append(text, strings.Repeat("drop ", len(stack)), "end")
		}
		verdicts[fits]++
		code := validatortest.Asm("(bytes 2 1 0x7f 1 0x7e) " + strings.Join(text, " "))
		if !fits {
			code = append(code, validatortest.Asm("end")...)
		}
		for name, drive := range map[string]func(validator.AssignedFuncValidator[*module.Module], []byte) error{"Validate": validateCode, "Op": opCode} {
			a, err := u.Assign(0, 0, 0)
			is.NoErr(err)
			err = drive(a, code)
			u = a.Abandon()
			if (err == nil) != fits {
				t.Fatalf("%s: %v, want that it fits to be %v: %q", name, err, fits, text)
			}
		}
	}
	is.True(verdicts[true] > 500 && verdicts[false] > 500)
}

// tryOps tries the operators of the text. When the first fits, so do the others.
func tryOps(a validator.AssignedFuncValidator[*module.Module], text string) error {
	d := ops.NewDecoder(validatortest.Asm(text), 0, ops.Wasm3)
	for offset, in := range d.All() {
		if err := a.TryOp(offset, in); err != nil {
			return err
		}
	}
	return d.Err()
}

// validateCode validates the bytes of a body as a whole.
func validateCode(a validator.AssignedFuncValidator[*module.Module], code []byte) error {
	return a.Validate(module.NewFuncBody(0, code))
}

// opCode validates the bytes of a body, of five bytes of locals, operator by operator.
func opCode(a validator.AssignedFuncValidator[*module.Module], code []byte) error {
	_ = a.DefineLocals(0, 1, ops.I32)
	_ = a.DefineLocals(0, 1, ops.I64)
	d := ops.NewDecoder(code[5:], 5, ops.Wasm3)
	for offset, in := range d.All() {
		if err := a.Op(offset, in); err != nil {
			return err
		}
	}
	return d.Err()
}

// Nothing is remembered of the function before.
func TestLongListsOfTheFunctionBefore(t *testing.T) {
	is := is.New(t)
	base, _ := stackModule()
	m, _, err := validator.Spine(context.Background(), base.Bytes(), validator.WithFeatures(ops.Wasm3))
	is.NoErr(err)
	a, err := validator.New(m, ops.Wasm3).Assign(0, 0, 0)
	is.NoErr(err)
	is.NoErr(tryOps(a, "call 0"))
	a, err = a.Abandon().Assign(0, 0, 0)
	is.NoErr(err)
	is.NoErr(tryOps(a, strings.Repeat("i64.const 0 ", 100)))
	is.True(tryOps(a, "call 1") != nil)
	_ = a.Abandon()
}

// An operator that is only tried may have made a list less precise before it turned
// out not to fit.
func TestLongListsAfterATrial(t *testing.T) {
	is := is.New(t)
	subtypes, supertypes := strings.Repeat("nullref ", 100), strings.Repeat("anyref ", 100)
	wasm := validatortest.NewModule().Type("func").
		Type("func (param "+supertypes+") (result "+supertypes+")").
		Type("func (result "+subtypes+")").
		Type("func (param "+subtypes+") (result "+subtypes+")").
		Import("m", "0", "func 2").Import("m", "1", "func 3").Func(0, "", "").Bytes()
	limits := validator.DefaultLimits()
	limits.Nesting = 2
	_, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(ops.Wasm3), validator.WithLimits(limits))
	is.NoErr(err)
	a, err := funcs[0].IntoValidator(nil)
	is.NoErr(err)
	is.NoErr(tryOps(a, "block call 0"))
	is.True(tryOps(a, "block (type 1)") != nil) // too deep
	is.NoErr(tryOps(a, "call 1"))               // the list is still one of subtypes
	_ = a.Abandon()
}
