package validator_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// answers is all that an assigned validator says of the function it is at.
type answers struct {
	Index     uint32
	Features  ops.Features
	Locals    []ops.ValType
	Operands  []ops.ValType // the top last
	Frames    []state.Frame // the innermost last
	Below     ops.ValType   // the type of what lies below the operands; ops.Bot if the stack is polymorphic
	HasBelow  bool
	Reachable bool
}

// ask asks all questions.
func ask(t *testing.T, a assignedFunc) (s answers) {
	t.Helper()
	is := is.New(t)
	s = answers{Index: a.Index(), Features: a.Features(), Reachable: a.Reachable()}
	for i := range a.NumLocals() {
		l, err := a.LocalType(i)
		is.NoErr(err)
		s.Locals = append(s.Locals, l)
	}
	for depth := a.OperandStackHeight() - 1; depth >= 0; depth-- {
		o, err := a.OperandType(depth)
		is.NoErr(err)
		s.Operands = append(s.Operands, o)
	}
	for depth := a.ControlStackHeight() - 1; depth >= 0; depth-- {
		f, err := a.ControlFrame(depth)
		is.NoErr(err)
		s.Frames = append(s.Frames, f)
	}
	below, err := a.OperandType(a.OperandStackHeight())
	s.Below, s.HasBelow = below, err == nil
	return s
}

// Every question is answered between any two operators.
func TestQuestions(t *testing.T) {
	is := is.New(t)
	m, _ := spine(t, validatortest.NewModule().Type("func (param i32 f64) (result i64)").
		Type("func (param i64) (result i64)").
		Import("m", "f", "func 0").FuncType(0).Body([]byte{0, 0, 0x0b}, -1).Bytes())
	a, err := validator.New(m, ops.Wasm2).Assign(1, 0, 1000)
	is.NoErr(err)
	is.Equal(a.Resources(), m)
	is.NoErr(a.DefineLocals(1000, 2, ops.FuncRef))
	is.NoErr(a.DefineLocals(1002, 1, ops.V128))
	locals := []ops.ValType{ops.I32, ops.F64, ops.FuncRef, ops.FuncRef, ops.V128}
	function := state.Frame{Kind: state.FrameFunc, Block: ops.BlockIndex(0)}
	result := ops.BlockResult(ops.I64)
	offset := 1010
	for _, step := range []struct {
		op       string
		operands string
		frames   []state.Frame
		dead     bool
	}{
		{"i64.const 5", "i64", nil, false},
		{"block (type 1)", "i64", []state.Frame{{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}}, false},
		{"local.get 0", "i64 i32", []state.Frame{{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}}, false},
		{"if (result i64)", "i64", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameIf, Block: result, Height: 1, Start: 13}}, false},
		{"i64.const 6", "i64 i64", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameIf, Block: result, Height: 1, Start: 13}}, false},
		{"br 1", "bot", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameIf, Block: result, Height: 1, Start: 13, Unreachable: true}}, true},
		{"f32.add", "bot f32", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameIf, Block: result, Height: 1, Start: 13, Unreachable: true}}, true},
		{"drop", "bot", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameIf, Block: result, Height: 1, Start: 13, Unreachable: true}}, true},
		{"else", "i64", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameElse, Block: result, Height: 1, Start: 13}}, false},
		{"i64.const 7", "i64 i64", []state.Frame{
			{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}, {Kind: state.FrameElse, Block: result, Height: 1, Start: 13}}, false},
		{"end", "i64 i64", []state.Frame{{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}}, false},
		{"drop", "i64", []state.Frame{{Kind: state.FrameBlock, Block: ops.BlockIndex(1), Start: 11}}, false},
		{"end", "i64", nil, false},
	} {
		in := validatortest.Instrs(step.op)[0]
		is.NoErr(a.Op(offset, &in))
		s := ask(t, a)
		is.Equal(s.Index, uint32(1))
		is.Equal(s.Features, ops.Wasm2)
		is.Equal(s.Locals, locals)
		var operands []string
		for _, o := range s.Operands {
			operands = append(operands, o.String())
		}
		is.Equal(strings.Join(operands, " "), step.operands) // operands
		frames := append([]state.Frame{function}, step.frames...)
		for i, f := range s.Frames {
			f.Start = frames[i].Start
			is.Equal(f, frames[i])
		}
		is.Equal(len(s.Frames), len(frames))
		is.Equal(s.Reachable, !step.dead)
		is.Equal(s.HasBelow, step.dead)
		is.Equal(s.Below, ops.Bot)
		offset++
	}
	is.NoErr(a.Op(offset, &ops.Instr{Op: ops.End}))
	is.Equal(a.ControlStackHeight(), 0)
	is.Equal(a.OperandStackHeight(), 0) // the result is gone too
	is.True(!a.Reachable())
	_, err = a.Finish(offset + 1)
	is.NoErr(err)
}

// Start is where a block begins, in bytes from the start of the body.
func TestControlFrameStart(t *testing.T) {
	is := is.New(t)
	m, _ := spine(t, validatortest.NewModule().Type("func").Bytes())
	a, err := validator.New(m, ops.Default).Assign(0, 0, 500)
	is.NoErr(err)
	for i, op := range []ops.Op{ops.Block, ops.Loop} {
		is.NoErr(a.Op(503+10*i, &ops.Instr{Op: op}))
		f, err := a.ControlFrame(0)
		is.NoErr(err)
		is.Equal(f.Start, uint32(3+10*i))
	}
	is.NoErr(a.Abandon().Err())
}

func TestQuestionsOutOfRange(t *testing.T) {
	is := is.New(t)
	m, _ := spine(t, validatortest.NewModule().Type("func (param i32)").Bytes())
	a, err := validator.New(m, ops.Default).Assign(0, 0, 0)
	is.NoErr(err)
	_, err = a.LocalType(1)
	is.True(err != nil)
	for _, depth := range []int{-1, 0, 1, 1 << 30} {
		_, err = a.OperandType(depth)
		is.True(err != nil)
	}
	for _, depth := range []int{-1, 1, 1 << 30} {
		_, err = a.ControlFrame(depth)
		is.True(err != nil)
	}
	is.NoErr(a.Op(0, &ops.Instr{Op: ops.Unreachable}))
	for _, depth := range []int{0, 1, 1 << 30} {
		o, err := a.OperandType(depth)
		is.NoErr(err)
		is.Equal(o, ops.Bot)
	}
	_, err = a.OperandType(-1)
	is.True(err != nil)
	is.NoErr(a.Abandon().Err())
}

// Calls in the wrong order are refused, and say nothing of the function.
func TestOrderOfCalls(t *testing.T) {
	m, _ := spine(t, validatortest.NewModule().Type("func").Func(0, "", "").Bytes())
	locals := func(a assignedFunc) error { return a.DefineLocals(0, 1, ops.I32) }
	op := func(a assignedFunc) error { return a.Op(0, &ops.Instr{Op: ops.Nop}) }
	try := func(a assignedFunc) error { return a.TryOp(0, &ops.Instr{Op: ops.Nop}) }
	whole := func(a assignedFunc) error {
		_, funcs := spine(t, validatortest.NewModule().Type("func").Func(0, "", "").Bytes())
		return a.Validate(funcs[0].Body)
	}
	for _, c := range []struct {
		name          string
		first, second func(assignedFunc) error
	}{
		{"locals after Op", op, locals},
		{"locals after TryOp", try, locals},
		{"Validate after Op", op, whole},
		{"Validate after locals", locals, whole},
		{"Validate twice", whole, whole},
		{"Op after Validate", whole, op},
		{"TryOp after Validate", whole, try},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			a, err := validator.New(m, ops.Default).Assign(0, 0, 0)
			is.NoErr(err)
			is.NoErr(c.first(a))
			is.True(c.second(a) != nil)
		})
	}
	t.Run("locals after a TryOp that failed", func(t *testing.T) {
		is := is.New(t)
		a, err := validator.New(m, ops.Default).Assign(0, 0, 0)
		is.NoErr(err)
		is.True(a.TryOp(0, &ops.Instr{Op: ops.Drop}) != nil)
		is.NoErr(locals(a))
	})
}

// richModule declares something for every operator to work on.
func richModule() *validatortest.Module {
	return validatortest.NewModule().
		Type("func").
		Type("func (param i32 i64) (result i32)").
		Type("sub (struct (field i32 (mut i64) (mut i8)))").
		Type("array (mut i32)").
		Type("array (mut i8)").
		Type("cont 1").
		Type("func (param i32)").
		Type("func (result i32 (ref null 5))").
		Type("cont 0").
		Rec("sub (descriptor 10) (struct (field i32))", "sub (describes 9) (struct)").
		Type("shared (struct (field (mut i32) (mut i8)))").
		Type("shared (array (mut i64))").
		Type("array (mut funcref)").
		Import("m", "f", "func 0").
		Table("10 funcref").Table("i64 10 externref").Table("1 (ref null (shared any))").
		Memory("1 2 shared").Memory("i64 1").
		Tag(6).Tag(0).
		Global("mut i32", "i32.const 0").Global("i64", "i64.const 0").Global("shared mut i32", "i32.const 0").
		Global("mut anyref", "ref.null none").
		Export("f", "func 0").
		Elem("func 0").Elem("externref (ref.null extern)").
		Data("", "abc").
		Func(1, "f32 f64 v128 funcref externref (ref null 2) (ref 3) (ref null 4) (ref null 5) anyref exnref (ref 9) (ref null 11) (ref 12)",
			"data.drop 0 i32.const 0")
}

// randomInstr returns an operator with immediates that are often right.
func randomInstr(r *rand.Rand, rows []*ops.Row) ops.Instr {
	small := func() uint32 { return uint32(r.IntN(6)) }
	valType := func() ops.ValType {
		types := []ops.ValType{ops.I32, ops.I64, ops.F32, ops.F64, ops.V128, ops.FuncRef, ops.ExternRef,
			ops.HeapAny.RefNull(), ops.HeapEq.RefNull(), ops.HeapI31.Ref(), ops.HeapNone.RefNull(), ops.HeapExn.RefNull()}
		if r.IntN(2) == 0 {
			return ops.IndexHeap(uint32(r.IntN(16))).RefNull()
		}
		return types[r.IntN(len(types))]
	}
	in := ops.Instr{
		Op: rows[r.IntN(len(rows))].Op, Index: small(), Index2: small(), Value: uint64(r.IntN(100)), Lane: uint8(r.IntN(40)),
		Mem:  ops.MemArg{Align: uint32(r.IntN(5)), Memory: uint32(r.IntN(3)), Offset: uint64(r.IntN(100))},
		Type: [2]ops.ValType{valType(), valType()}, Ordering: ops.Ordering(r.IntN(2)),
	}
	if r.IntN(3) == 0 {
		in.Index = uint32(r.IntN(20))
	}
	if align := in.Op.Row().Imm.Align; r.IntN(2) == 0 {
		in.Mem.Align = uint32(align)
	}
	switch r.IntN(3) {
	case 0:
		in.Block = ops.BlockResult(valType())
	case 1:
		in.Block = ops.BlockIndex(uint32(r.IntN(18)))
	}
	in.Labels = []uint32{small()}
	for range r.IntN(3) {
		in.Labels = append(in.Labels, small())
		in.Types = append(in.Types, valType())
		in.Catches = append(in.Catches, ops.Catch{Kind: ops.CatchKind(r.IntN(4)), Tag: small(), Label: small()})
		in.Handlers = append(in.Handlers, ops.Handler{Switch: r.IntN(2) == 0, Tag: small(), Label: small()})
	}
	return in
}

// TryOp leaves the validator as it was when the operator is wrong, whatever the
// operator and its immediates are, and does what Op does when it is right. A
// second validator, which gets only the operators that fit, is always in the same
// state.
func TestTryOp(t *testing.T) {
	rows := slices.Collect(ops.Rows())
	_, funcs, err := validator.Spine(t.Context(), richModule().Bytes(), validator.WithFeatures(ops.All))
	is.New(t).NoErr(err)
	failed, fitted := map[ops.Op]int{}, map[ops.Op]int{}
	_, narrow, err := validator.Spine(t.Context(), richModule().Bytes(), validator.WithFeatures(ops.All),
		validator.WithLimits(validator.Limits{Operands: 8, Nesting: 4}))
	is.New(t).NoErr(err)
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(7, seed))
		f := []funcToValidate{funcs[0], narrow[0]}[seed%2]
		tried, twin := randomStart(t, f), randomStart(t, f)
		for offset := 100; offset < 1000 && tried.ControlStackHeight() > 0; offset++ {
			in := randomInstr(r, rows)
			if tried.ControlStackHeight() == 1 && in.Op == ops.End && r.IntN(20) > 0 {
				continue // go on for a while
			}
			before := ask(t, tried)
			err := tried.TryOp(offset, &in)
			if err == nil {
				fitted[in.Op]++
				if err := twin.Op(offset, &in); err != nil {
					t.Fatalf("seed %d: TryOp took %v, and Op says %v", seed, &in, err)
				}
				if a, b := ask(t, tried), ask(t, twin); !reflect.DeepEqual(a, b) {
					t.Fatalf("seed %d: after %v\nTryOp %+v\nOp    %+v", seed, &in, a, b)
				}
				continue
			}
			failed[in.Op]++
			var e *validator.Error
			if !errors.As(err, &e) || e.Offset != offset || e.Op != in.Op || !e.InOp {
				t.Fatalf("seed %d: %v: %T %v", seed, &in, err, err)
			}
			if after := ask(t, tried); !reflect.DeepEqual(before, after) {
				t.Fatalf("seed %d: %v failed (%v)\nbefore %+v\nafter  %+v", seed, &in, err, before, after)
			}
		}
		if tried.ControlStackHeight() == 0 {
			if _, err := tried.Finish(0); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		} else {
			_ = tried.Abandon()
		}
		_ = twin.Abandon()
	}
	never := 0
	for _, row := range rows {
		if failed[row.Op] == 0 && canFail(row) {
			t.Errorf("%s never failed", row.Name)
		}
		if fitted[row.Op] == 0 {
			never++
		}
	}
	t.Logf("%d of %d operators fitted at least once", len(rows)-never, len(rows))
	is.New(t).True(never < len(rows)/4)
}

// canFail reports whether an operator can be wrong anywhere.
func canFail(row *ops.Row) bool {
	return row.Imm.Kind != ops.ImmNone && row.Rule != ops.RulePlain || row.NumParams() > 0
}

// randomStart assigns a new validator to f and declares its locals.
func randomStart(t *testing.T, f funcToValidate) assignedFunc {
	t.Helper()
	is := is.New(t)
	a, err := f.IntoValidator(nil)
	is.NoErr(err)
	locals, err := f.Body.Locals(f.Features)
	for err == nil && locals.More() {
		g, lerr := locals.Next()
		is.NoErr(lerr)
		is.NoErr(a.DefineLocals(g.Offset, g.Count, g.Type))
	}
	is.NoErr(err)
	return a
}

// The kinds of mistakes that an operator can make, each tried where all of what a
// validator knows could be disturbed.
func TestTryOpLeavesNoTrace(t *testing.T) {
	const prefix = "i32.const 1 i64.const 2 ref.null 2 block i32.const 3 f32.const 0 "
	for _, c := range []struct{ name, prefix, op string }{
		{"no such operand", prefix, "f64.neg"},
		{"second operand is wrong", prefix, "f32.add"},
		{"operands of the enclosing block", prefix + "drop drop ", "i64.eqz"},
		{"end leaves too much", prefix, "end"},
		{"end leaves too little", "block (result i32) ", "end"},
		{"end leaves the wrong type", "block (result i32) f32.const 0 ", "end"},
		{"end of if without else", "i32.const 0 if (result i32) i32.const 0 ", "end"},
		{"end of the function", "", "end"},
		{"else outside if", prefix, "else"},
		{"else leaves too much", "i32.const 0 if i32.const 0 ", "else"},
		{"else sees the wrong type", "i32.const 0 if (result i32) i64.const 0 ", "else"},
		{"catch outside try", prefix, "catch 0"},
		{"catch leaves too much", "try i32.const 0 ", "catch 0"},
		{"catch_all leaves too much", "try i32.const 0 ", "catch_all"},
		{"delegate to an unknown label", "try ", "delegate 9"},
		{"if without condition", prefix, "if"},
		{"block without parameters", prefix, "block (type 1)"},
		{"loop without parameters", prefix, "loop (type 1)"},
		{"unknown block type", prefix, "block (type 99)"},
		{"try_table with a wrong clause", prefix, "try_table (catch 0 0)"},
		{"branch to an unknown label", prefix, "br 9"},
		{"branch without values", "block (result i32 ) ", "br 0"},
		{"br_if without values", "block (result i32) i32.const 0 ", "br_if 0"},
		{"br_table of different labels", "block (result i32) block (result i64) i32.const 1 i32.const 0 ", "br_table 0 1"},
		{"br_on_null without values", "block (result i32) ref.null 2 ", "br_on_null 0"},
		{"br_on_non_null of the wrong type", "block (result (ref 3)) ref.null 2 ", "br_on_non_null 0"},
		{"br_on_cast of the wrong type", "block (result (ref 3)) ref.null 2 ", "br_on_cast 0 (ref null 2) (ref 2)"},
		{"call without arguments", prefix, "call 1"},
		{"call with one wrong argument", "f64.const 0 i64.const 0 ", "call 1"},
		{"unknown function", prefix, "call 99"},
		{"call_indirect without index", "i32.const 0 i64.const 0 ", "call_indirect 0 (type 1)"},
		{"return_call of other results", "", "return_call 0"},
		{"return without result", prefix, "return"},
		{"unknown local", prefix, "local.get 99"},
		{"uninitialised local", prefix, "local.get 8"},
		{"local.set of the wrong type", prefix, "local.set 8"},
		{"local.tee of the wrong type", prefix, "local.tee 8"},
		{"local.set in unreachable code", "unreachable i32.const 0 ", "local.set 8"},
		{"immutable global", "i64.const 0 ", "global.set 1"},
		{"alignment", "i32.const 0 ", "i32.load align=8"},
		{"store of the wrong type", "i32.const 0 f32.const 0 ", "i32.store"},
		{"lane", "local.get 4 ", "(bytes 0xfd 0x15 0x20)"},
		{"struct.new with wrong fields", "i32.const 0 i32.const 0 i32.const 0 ", "struct.new 2"},
		{"array.new_fixed with too few", "i32.const 0 ", "array.new_fixed 3 2"},
		{"array.copy", "ref.null 3 i32.const 0 ref.null 4 i32.const 0 i32.const 0 ", "array.copy 3 4"},
		{"select of two types", "i32.const 0 i64.const 0 i32.const 0 ", "select"},
		{"throw without values", "", "throw 0"},
		{"resume without operands", "i32.const 0 i64.const 0 ref.null 8 ", "resume 5 (on 0 0)"},
		{"polymorphic stack", "block i32.const 0 br 0 f64.const 0 ", "i64.add"},
		{"polymorphic stack, first operand is wrong", "unreachable i32.const 0 i64.const 0 ", "i64.add"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			_, funcs, err := validator.Spine(t.Context(), richModule().Bytes(), validator.WithFeatures(ops.All))
			is.NoErr(err)
			a := randomStart(t, funcs[0])
			for _, in := range validatortest.Instrs(c.prefix) {
				is.NoErr(a.TryOp(0, &in))
			}
			in := instr(t, c.op)
			before := ask(t, a)
			err = a.TryOp(0, &in)
			is.True(err != nil)
			is.Equal(fmt.Sprintf("%+v", ask(t, a)), fmt.Sprintf("%+v", before))
			is.Equal(a.TryOp(0, &in), err) // the same again
			is.NoErr(a.TryOp(0, &ops.Instr{Op: ops.Unreachable}))
			is.Equal(a.Op(0, &ops.Instr{Op: ops.LocalGet, Index: 99}).Error(), "invalid: func 1: local.get: unknown local 99 (at offset 0x0)")
			is.NoErr(a.Abandon().Err())
		})
	}
}

// instr returns one operator, which need not be decodable.
func instr(t *testing.T, text string) ops.Instr {
	t.Helper()
	var in ops.Instr
	if err := ops.NewDecoder(validatortest.Asm(text), 0, ops.All).Next(&in); err != nil {
		in = ops.Instr{Op: ops.I8x16ExtractLaneS, Lane: 0x20}
	}
	return in
}

// What is wrong after the end of the function does not stay either.
func TestTryOpAfterTheEnd(t *testing.T) {
	is := is.New(t)
	m, _ := spine(t, validatortest.NewModule().Type("func").Bytes())
	a, err := validator.New(m, ops.Default).Assign(0, 0, 0)
	is.NoErr(err)
	is.NoErr(a.TryOp(0, &ops.Instr{Op: ops.End}))
	is.True(a.TryOp(1, &ops.Instr{Op: ops.Nop}) != nil)
	_, err = a.Finish(1)
	is.NoErr(err)
}

// No operator makes the rules panic, whatever its immediates are and whatever
// the features: an engine's own decoder may be wrong.
func TestOpWithAnyImmediates(t *testing.T) {
	rows := slices.Collect(ops.Rows())
	_, funcs, err := validator.Spine(t.Context(), richModule().Bytes(), validator.WithFeatures(ops.All))
	is.New(t).NoErr(err)
	for _, start := range []string{"", "unreachable", "block unreachable", "try", "i32.const 0 if unreachable"} {
		a := randomStart(t, funcs[0])
		for _, in := range validatortest.Instrs(start) {
			is.New(t).NoErr(a.Op(0, &in))
		}
		for _, row := range rows {
			for _, n := range []uint32{0, 1, 0x7fffffff, 0xffffffff} {
				in := ops.Instr{
					Op: row.Op, Index: n, Index2: n, Block: ops.BlockType(n), Value: uint64(n) << 32, Lane: uint8(n),
					Mem: ops.MemArg{Align: n, Memory: n, Offset: uint64(n) << 32}, Type: [2]ops.ValType{ops.ValType(n), ops.ValType(n)},
					Ordering: ops.Ordering(n),
				}
				_ = a.TryOp(0, &in)
				in.Labels, in.Types = []uint32{n}, []ops.ValType{ops.ValType(n)}
				in.Catches = []ops.Catch{{Kind: ops.CatchKind(n), Tag: n, Label: n}}
				in.Handlers = []ops.Handler{{Tag: n, Label: n}}
				_ = a.TryOp(0, &in)
				if a.ControlStackHeight() != 1+strings.Count(start, "block")+strings.Count(start, "try")+strings.Count(start, "if") {
					_ = a.Abandon()
					a = randomStart(t, funcs[0])
					for _, in := range validatortest.Instrs(start) {
						is.New(t).NoErr(a.Op(0, &in))
					}
				}
			}
		}
		_ = a.Abandon()
	}
	for _, typ := range []ops.ValType{ops.Bot, ops.I8, ops.AddrType, 1 << 31, ops.FuncRef + 100, ops.HeapBot.Ref(), ops.HeapAny.WithBotShare().Ref()} {
		a := randomStart(t, funcs[0])
		for _, row := range rows {
			switch row.Imm.Kind {
			case ops.ImmRefNull, ops.ImmRefType, ops.ImmCastBranch, ops.ImmSelect:
				in := ops.Instr{Op: row.Op, Type: [2]ops.ValType{typ, typ}, Types: []ops.ValType{typ}}
				is.New(t).True(row.Rule == ops.RuleSelect || a.TryOp(0, &in) != nil)
			case ops.ImmBlock:
				is.New(t).True(a.TryOp(0, &ops.Instr{Op: row.Op, Block: ops.BlockResult(typ)}) != nil)
			}
		}
		_ = a.Abandon()
		a, err := funcs[0].IntoValidator(nil)
		is.New(t).NoErr(err)
		is.New(t).True(a.DefineLocals(0, 1, typ) != nil)
		_ = a.Abandon()
	}
	var none ops.Instr
	none.Op = ^ops.Op(0)
	a := randomStart(t, funcs[0])
	is.New(t).True(a.TryOp(0, &none) != nil) // no such operator
	_ = a.Abandon()
}
