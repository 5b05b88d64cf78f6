package validator_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// bodyModule is what the bodies of a property test find around them.
type bodyModule struct {
	features ops.Features
	typeIdx  uint32
	locals   string
	declare  func() *validatortest.Module
}

// The locals lie on both sides of the indices at which an encoding gets longer.
var bodyModules = []bodyModule{
	{ops.Default, 1, "125 i32 f32 f64 i64 v128 funcref (ref 0) 16251 i64 f32 f64", func() *validatortest.Module {
		return validatortest.NewModule().
			Type("func").Type("func (param i32 i64) (result i32)").Type("func (result i32 i64 f32 f64)").
			Type("func (param f32) (result v128)").Type("func (param i32) (result i32)").Type("func (param f64)").
			Import("m", "f", "func 1").Import("m", "f", "func 2").Import("m", "f", "func 3").Import("m", "f", "func 5").
			Table("10 funcref").Memory("1").Tag(5).Elem("func 0").
			Global("mut i32", "i32.const 0").Global("i64", "i64.const 0").Global("mut f64", "f64.const 0").
			Global("mut funcref", "ref.null func").Global("mut f32", "f32.const 0")
	}},
	{ops.Wasm1, 0, "100 i32 28 f32 f64 i64", func() *validatortest.Module {
		return validatortest.NewModule().
			Type("func").Type("func (param i32 i64) (result i32)").Type("func (result f64)").
			Import("m", "f", "func 1").Import("m", "f", "func 2").
			Table("10 funcref").Memory("1").Global("mut i32", "i32.const 0").Global("f32", "f32.const 0")
	}},
	{ops.All &^ ops.SignExtension, 1, "i64 v128 (ref 0) exnref", func() *validatortest.Module {
		return validatortest.NewModule().
			Type("func").Type("func (param i32)(result i64)").Import("m", "f", "func 1").
			Memory("i64 1").Table("i64 10 funcref").Tag(0).Elem("func 0").Global("shared mut i32", "i32.const 0")
	}},
	{ops.All, 1, "i64 (ref null (shared any))", func() *validatortest.Module {
		return validatortest.NewModule().
			Type("shared (func)").Type("shared (func (param i32)(result i64))").Type("func (param i32)(result i32)").
			Import("m", "f", "func 2").Import("m", "f", "func 1").Global("mut i32", "i32.const 0").Global("shared mut i32", "i32.const 0")
	}},
}

// wasm returns a module with the body, followed by so many bytes that are not code.
func (m *bodyModule) wasm(body []byte, behind int) []byte {
	b := m.declare().FuncType(m.typeIdx).Body(body, -1)
	if behind > 0 {
		b.Custom("x", make([]byte, behind))
	}
	return b.Bytes()
}

// header returns the local declarations, encoded.
func (m *bodyModule) header() []byte {
	b, _ := validatortest.Body(m.locals, "")
	return b[:len(b)-1]
}

// agreeOnBody validates the body in its module by the hot loop, which reads ahead
// into what follows, and operator by operator, with and without the short cut of
// Op. The verdicts must be the same.
func (m *bodyModule) agreeOnBody(t *testing.T, body []byte) (err error) {
	t.Helper()
	for _, behind := range []int{0, 10, 100, 5000} {
		wasm := m.wasm(body, behind)
		want, wantErr := validator.Validate(t.Context(), wasm, validator.WithFeatures(m.features), validator.WithWorkers(1))
		for _, try := range []bool{false, true} {
			var e engine
			got, err := eachBody(wasm, m.features, func(f funcToValidate) error { return e.validate(f, try) })
			if diff := sameVerdict(driver{byFunc: true}, got, err, want, wantErr); diff != "" {
				t.Fatalf("%v, %d bytes behind, try %t: body % x\n%s", m.features, behind, try, body, diff)
			}
		}
		err = wantErr
	}
	return err
}

// bodyMaker makes bodies by trying operators until one fits.
type bodyMaker struct {
	r     *rand.Rand
	m     *bodyModule
	f     funcToValidate
	rows  []*ops.Row // of one byte, the numeric ones apart
	plain []*ops.Row
	a     assignedFunc
	code  []byte

	decoder ops.Decoder
}

func newBodyMaker(t *testing.T, r *rand.Rand, m *bodyModule) *bodyMaker {
	_, funcs := spine(t, m.wasm(append(m.header(), byte(ops.Unreachable), byte(ops.End)), 0), validator.WithFeatures(m.features))
	b := &bodyMaker{r: r, m: m, f: funcs[0]}
	for row := range ops.Rows() {
		switch {
		case row.Rule == ops.RulePlain || row.Rule == ops.RuleMemory:
			b.plain = append(b.plain, row)
		case row.Op < 256:
			b.rows = append(b.rows, row)
		}
	}
	return b
}

// body returns a valid body, local declarations included, of about n operators,
// after so many times nop.
func (b *bodyMaker) body(t *testing.T, n, nops int) []byte {
	a, err := b.f.IntoValidator(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.a = a
	locals, err := b.f.Body.Locals(b.f.Features)
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil {
			err = a.DefineLocals(0, g.Count, g.Type)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	b.code = append(b.m.header(), bytes.Repeat([]byte{byte(ops.Nop)}, nops)...)
	kind := b.r.IntN(4)
	for k := 0; k < n; {
		in := b.propose(kind)
		if in.Op == ops.End && b.a.ControlStackHeight() == 1 {
			continue
		}
		if b.try(&in) {
			k++
		}
	}
	for b.a.ControlStackHeight() > 0 {
		if b.op(ops.End) || b.op(ops.Unreachable) && b.op(ops.End) || b.op(ops.Else) {
			continue
		}
		t.Fatalf("cannot end the body % x", b.code)
	}
	_ = b.a.Abandon()
	return b.code
}

// op tries an operator without immediates.
func (b *bodyMaker) op(op ops.Op) bool { return b.try(&ops.Instr{Op: op}) }

// try appends the operator if it fits.
func (b *bodyMaker) try(in *ops.Instr) bool {
	before := len(b.code)
	b.code = ops.AppendInstr(b.code, in)
	if !b.decodes(b.code[before:], in) || b.a.TryOp(before, in) != nil {
		b.code = b.code[:before]
		return false
	}
	switch in.Op.Row().Imm.Kind {
	case ops.ImmLocal, ops.ImmGlobal, ops.ImmLabel, ops.ImmFunc, ops.ImmMemArg:
		b.lengthen(5, 0)
	case ops.ImmI32:
		b.lengthen(5, byte(int64(in.Value)>>63)&0x7F)
	case ops.ImmI64:
		b.lengthen(10, byte(int64(in.Value)>>63)&0x7F)
	}
	return true
}

// decodes reports whether the features allow the operator and its immediates, and
// puts into in what its code means.
func (b *bodyMaker) decodes(code []byte, in *ops.Instr) bool {
	if in.Op == ops.Else {
		return true // which the decoder knows only within an if
	}
	b.decoder.Reset(code, 0, b.m.features)
	b.decoder.RefuseData()
	return b.decoder.Next(in) == nil
}

// lengthen makes the LEB at the end of the code longer than it need be, sometimes;
// fill is the sign.
func (b *bodyMaker) lengthen(most int, fill byte) {
	n := 1
	for b.code[len(b.code)-1-n] >= 0x80 {
		n++
	}
	if b.r.IntN(4) != 0 || n >= most {
		return
	}
	for more := b.r.IntN(most - n + 1); more > 0; more-- {
		b.code[len(b.code)-1] |= 0x80
		b.code = append(b.code, fill)
	}
}

var (
	edgeLocals = []uint32{0, 1, 2, 3, 99, 100, 126, 127, 128, 129, 130, 131, 132, 133, 134, 16382, 16383, 16384, 16385, 16386}
	edgeValues = []int64{0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, 1 << 20, -1 << 20, 1<<27 - 1, 1 << 27, -1 << 27, -1<<27 - 1,
		1<<31 - 1, -1 << 31, 1 << 34, -1 << 41, 1 << 48, -1 << 55, 1<<62 - 1, 1<<63 - 1, -1 << 63}
	blockOps = []ops.Op{ops.Block, ops.Loop, ops.If, ops.End, ops.Else, ops.Br, ops.BrIf, ops.Unreachable, ops.Return}
	pushOps  = []ops.Op{ops.LocalGet, ops.LocalGet, ops.I32Const, ops.I64Const, ops.F64Const, ops.GlobalGet, ops.Call}
	stackOps = []ops.Op{ops.LocalSet, ops.LocalTee, ops.Drop, ops.Select, ops.GlobalSet}
)

// propose returns an operator that may fit.
func (b *bodyMaker) propose(kind int) ops.Instr {
	var in ops.Instr
	switch n := b.r.IntN(10 + 3*kind); {
	case n < 2:
		in = randomInstr(b.r, b.rows)
	case n < 6:
		in = randomInstr(b.r, []*ops.Row{b.numeric()})
	default:
		list := [][]ops.Op{blockOps, pushOps, stackOps, pushOps}[b.r.IntN(4)]
		if kind == 3 && b.r.IntN(2) == 0 {
			list = []ops.Op{ops.LocalGet, ops.Block, ops.Loop, ops.I32Const}
		}
		in = randomInstr(b.r, []*ops.Row{list[b.r.IntN(len(list))].Row()})
	}
	if b.r.IntN(8) != 0 {
		in.Mem.Memory = 0
	}
	in.Mem.Offset = uint64(edgeValues[b.r.IntN(len(edgeValues))]) & (1<<32 - 1)
	v := edgeValues[b.r.IntN(len(edgeValues))]
	switch in.Op.Row().Imm.Kind {
	case ops.ImmLocal:
		in.Index = edgeLocals[b.r.IntN(len(edgeLocals))]
	case ops.ImmI32:
		in.Value = uint64(int64(int32(v)))
	case ops.ImmI64, ops.ImmF64:
		in.Value = uint64(v)
	case ops.ImmLabel:
		in.Index = uint32(b.r.IntN(b.a.ControlStackHeight() + 1))
	}
	return in
}

// numeric returns a row whose last operand is on top of the stack.
func (b *bodyMaker) numeric() *ops.Row {
	top, _ := b.a.OperandType(0)
	for {
		row := b.plain[b.r.IntN(len(b.plain))]
		if n := row.NumParams(); n == 0 || top == ops.Bot || row.Param(n-1) == top || row.Param(n-1) > ops.V128 || b.r.IntN(20) == 0 {
			return row
		}
	}
}

// spoil returns the body with a few bytes of its operators changed.
func spoil(r *rand.Rand, body []byte, first int) []byte {
	b := bytes.Clone(body)
	for range 1 + r.IntN(2) {
		i := first + r.IntN(len(b)-first)
		if r.IntN(3) == 0 { // near the end, where the hot loop reads beyond it
			i = max(first, len(b)-1-r.IntN(min(10, len(b))))
		}
		switch r.IntN(7) {
		case 0:
			b = slices.Insert(b, i, byte(r.Uint32()))
		case 1:
			b = slices.Delete(b, i, i+1)
		case 2:
			b = b[:i]
		case 3:
			b[i] ^= 0x80
		case 4:
			b[i]++
		case 5:
			n := min(1+r.IntN(6), len(b)-i)
			b = slices.Insert(b, first+r.IntN(len(b)-first), bytes.Clone(b[i:i+n])...)
		default:
			b[i] = byte(r.Uint32())
		}
		if len(b) <= first {
			return b
		}
	}
	return b
}

// The hot loop says what the rules say, of bodies that are valid and of bodies
// that are nearly so.
func TestHotLoopAgreesWithTheRules(t *testing.T) {
	bodies := 160
	if raceEnabled {
		bodies = 10
	}
	for k := range bodyModules {
		m := &bodyModules[k]
		t.Run(m.features.String(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, uint64(k)))
			b, first := newBodyMaker(t, r, m), len(m.header())
			for i := range bodies {
				nops := 0
				switch i % 32 {
				case 3: // an operator lies across the end of a window
					nops = 4096 - 20 + r.IntN(20)
				case 5: // or where the hot loop pauses
					nops = 32<<10 - 20 + r.IntN(20)
				}
				body := b.body(t, 1+r.IntN(150), nops)
				if err := m.agreeOnBody(t, body); err != nil {
					t.Fatalf("%v: the body % x", err, body)
				}
				for range 8 {
					m.agreeOnBody(t, spoil(r, body, first))
				}
			}
		})
	}
}

// FuzzBody looks for a body of which the hot loop and the rules say different
// things. The input is the bytes of the body behind its local declarations.
func FuzzBody(f *testing.F) {
	for k := range bodyModules {
		for _, text := range []string{
			"unreachable end",
			"i32.const 1 if (result i32) i32.const 2 else i32.const 3 end drop unreachable end",
			"i64.const 0 " + strings.Repeat("block (result i32) local.get 0 ", 20) + strings.Repeat("br 0 end drop ", 20) + "unreachable end",
			strings.Repeat("local.get 0 ", 20) + strings.Repeat("i32.add ", 10) + "unreachable select drop end",
		} {
			f.Add(uint8(k), validatortest.Asm(text))
		}
	}
	f.Fuzz(func(t *testing.T, k uint8, code []byte) {
		m := &bodyModules[int(k)%len(bodyModules)]
		m.agreeOnBody(t, append(m.header(), code...))
	})
}

// brTable returns a br_table of n times the label, the default among them.
func brTable(n int, label uint32) string {
	in := ops.Instr{Op: ops.BrTable, Labels: slices.Repeat([]uint32{label}, n)}
	return string(ops.AppendInstr(nil, &in))
}

// The longest operators that the hot loop reads by itself, those at its borders, and
// what lies one beyond them.
func TestHotLoopEdges(t *testing.T) {
	const (
		i32   = "\x41\x00"
		i64   = "\x42\x00"
		v128  = "\xFD\x0C0123456789abcdef"
		block = "\x02\x40"
		drop  = "\x1A"
		end   = "\x0B"
		leave = "\x00" + end // the end of the function, which has a result
	)
	deep := strings.Repeat(block, 40)
	ends := strings.Repeat(end, 40)
	for _, c := range []struct {
		name, code, message string
	}{
		{"br_table of one label", block + i32 + brTable(1, 0) + end + leave, ""},
		{"br_table of 127 labels", deep + i32 + brTable(128, 39) + ends + leave, ""},
		{"br_table of 128 labels", deep + i32 + brTable(129, 39) + ends + leave, ""},
		{"br_table that spans windows", deep + i32 + brTable(5000, 39) + ends + leave, ""},
		{"br_table across the end of a window", strings.Repeat("\x01", 4000) + deep + i32 + brTable(100, 39) + ends + leave, ""},
		{"br_table to labels of two bytes", strings.Repeat(block, 130) + i32 + brTable(200, 128) + strings.Repeat(end, 130) + leave, ""},
		{"br_table without its operand", block + brTable(1, 0) + end + leave, "type mismatch"},
		{"br_table with another operand", block + i64 + brTable(1, 0) + end + leave, "type mismatch"},
		{"br_table to an unknown label", block + i32 + brTable(100, 2) + end + leave, "unknown label"},
		{"br_table to a label with an operand", block + i32 + brTable(100, 1) + end + leave, "type mismatch"},
		{"br_table with operands left over", block + i64 + i64 + i32 + brTable(9, 0) + end + leave, ""},
		{"br_table cut off by the end", block + i32 + "\x0E\x20\x00\x00", "length out of bounds"},
		{"br_table cut off by the end, before what could be its labels", strings.Repeat(block, 200) + i32 + "\x0E\x7F" + strings.Repeat("\x00", 30), "length out of bounds"},
		{"br_table with more operands left over than a word holds", block + strings.Repeat(i64, 20) + i32 + brTable(9, 0) + end + leave, ""},
		{"br_table to labels of three bytes", strings.Repeat(block, 17000) + i32 + brTable(9000, 1<<14) + strings.Repeat(end, 17000) + leave, ""},
		{"br_table with a count of four bytes", block + i32 + brTable(1<<21+2, 0) + end + leave, ""},
		{"br_table with a count of four bytes and a wrong label", block + i32 + "\x0E\x80\x80\x80\x01" + strings.Repeat("\x00", 1<<21) + "\x02" + end + leave, "unknown label"},
		{"br_table with a count of four bytes that needs one", deep + i32 + "\x0E\x88\x80\x80\x00" + strings.Repeat("\x06", 9) + ends + leave, ""},
		{"br_table with a count of five bytes that needs one", deep + i32 + "\x0E\x88\x80\x80\x80\x00" + strings.Repeat("\x06", 9) + ends + leave, ""},
		{"br_table cut off before its count", block + i32 + "\x0E", "unexpected end"},
		{"br_table cut off in a label of two bytes", strings.Repeat(block, 130) + i32 + "\x0E\x03\x00\x00\x00\x80", "unexpected end"},
		{"br_table with labels longer than they must be", block + i32 + "\x0E\x82\x80\x00\x80\x00\x80\x80\x00\x80\x80\x80\x80\x00" + end + leave, ""},
		{"br_table with a label that is too long", block + i32 + "\x0E\x01\x80\x80\x80\x80\x80\x00\x00" + end + leave, "integer representation too long"},
		{"i32.const of five bytes on a full word", strings.Repeat(i32, 15) + "\x41\x80\x80\x80\x80\x07" + strings.Repeat("\x6A", 15) + end, ""},
		{"i64.const of eight bytes", "\x42\x80\x80\x80\x80\x80\x80\x80\x00" + drop + leave, ""},
		{"i64.const of nine bytes", "\x42\x80\x80\x80\x80\x80\x80\x80\x80\x7F" + drop + leave, ""},
		{"i64.const of ten bytes", "\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7F" + drop + leave, ""},
		{"i64.const of ten bytes with wrong bits", "\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01" + drop + leave, "integer too large"},
		{"i64.const of eleven bytes", "\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00" + drop + leave, "integer representation too long"},
		{"memory.copy", i32 + i32 + i32 + "\xFC\x0A\x00\x00" + leave, ""},
		{"memory.copy, its number of three bytes", i32 + i32 + i32 + "\xFC\x8A\x80\x00\x00\x00" + leave, ""},
		{"memory.copy from an unknown memory", i32 + i32 + i32 + "\xFC\x0A\x00\x01" + leave, "unknown memory 1"},
		{"memory.copy to an unknown memory", i32 + i32 + i32 + "\xFC\x0A\x01\x00" + leave, "unknown memory 1"},
		{"memory.copy twice, once with another operand", i32 + i32 + i32 + "\xFC\x0A\x00\x00" + i32 + i64 + i32 + "\xFC\x0A\x00\x00" + leave, "type mismatch"},
		{"memory.fill twice", i32 + i32 + i32 + "\xFC\x0B\x00" + i32 + i32 + i32 + "\xFC\x0B\x00" + leave, ""},
		{"memory.fill twice, once of an unknown memory", i32 + i32 + i32 + "\xFC\x0B\x00" + i32 + i32 + i32 + "\xFC\x0B\x01" + leave, "unknown memory 1"},
		{"v128.load twice", i32 + "\xFD\x00\x04\x00" + i32 + "\xFD\x00\x00\x80\x80\x80\x01" + drop + drop + leave, ""},
		{"v128.load twice, once aligned too much", i32 + "\xFD\x00\x04\x00" + i32 + "\xFD\x00\x05\x00" + drop + drop + leave, "alignment must not be larger than natural"},
		{"i8x16.add twice", v128 + v128 + "\xFD\x6E" + v128 + "\xFD\xEE\x00" + drop + leave, ""},
		{"i8x16.add twice, once with another operand", v128 + v128 + "\xFD\x6E" + i32 + "\xFD\x6E" + drop + leave, "type mismatch"},
		{"v128.bitselect twice", v128 + v128 + v128 + "\xFD\x52" + v128 + v128 + "\xFD\x52" + drop + leave, ""},
		{"v128.bitselect twice, once with an operand too few", v128 + v128 + v128 + "\xFD\x52" + v128 + "\xFD\x52" + drop + leave, "type mismatch"},
		{"i64.add128 leaves two", i64 + i64 + i64 + i64 + "\xFC\x13" + i64 + i64 + "\xFC\x13" + drop + drop + leave, ""},
		{"as many operands as a word holds", strings.Repeat(i32, 16) + strings.Repeat("\x6A", 15) + end, ""},
		{"more operands than a word holds", strings.Repeat(i32, 100) + strings.Repeat("\x6A", 99) + end, ""},
		{"one operand too few below a full word", strings.Repeat(i32, 100) + strings.Repeat("\x6A", 100) + end, "type mismatch"},
		{"operands and blocks in turns", strings.Repeat(i32+block, 20) + strings.Repeat(end+drop, 20) + leave, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &bodyModules[0]
			err := m.agreeOnBody(t, append(m.header(), c.code...))
			switch {
			case c.message == "" && err != nil:
				t.Fatal(err)
			case c.message != "" && (err == nil || !strings.Contains(err.Error(), c.message)):
				t.Fatalf("got %v, want %q", err, c.message)
			}
		})
	}
}

// The fifth byte of an i32.const has four bits of it and three copies of its sign.
func TestI32ConstFifthByte(t *testing.T) {
	m := &bodyModules[0]
	for b := range 256 {
		code := []byte{0x01, 0x41, 0x80, 0x80, 0x80, 0x80, byte(b), 0x1A, 0x00, 0x0B} // the rules decide the first operator
		want := ""
		switch {
		case b >= 0x80:
			want = "integer" // too long, or too large already
		case b >= 0x08 && b < 0x78:
			want = "integer too large"
		}
		err := m.agreeOnBody(t, append(m.header(), code...))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("last byte %#x: got %v, want %q", b, err, want)
		}
	}
}

// The hot loop looks at several labels of a table at once: one that differs from the
// others must be found wherever it stands.
func TestBrTableOneLabelDiffers(t *testing.T) {
	m := &bodyModules[0]
	for _, depth := range []int{1, 127, 128, 129, 300} {
		for _, n := range []int{1, 7, 8, 9, 16, 19} {
			for at := range n {
				// The outermost label is that of the function, which carries an operand.
				for label, message := range map[int]string{0: "", depth - 1: "", depth: "type mismatch", depth + 1: "unknown label"} {
					for _, others := range []int{0, depth - 1} {
						in := ops.Instr{Op: ops.BrTable, Labels: slices.Repeat([]uint32{uint32(others)}, n)}
						in.Labels[at] = uint32(label)
						code := slices.Concat(m.header(), bytes.Repeat([]byte{0x02, 0x40}, depth), []byte{0x41, 0x00},
							ops.AppendInstr(nil, &in), bytes.Repeat([]byte{0x0B}, depth), []byte{0x00, 0x0B})
						err := m.agreeOnBody(t, code)
						if message == "" && err != nil || message != "" && (err == nil || !strings.Contains(err.Error(), message)) {
							t.Fatalf("depth %d, labels %d: got %v, want %q", depth, in.Labels, err, message)
						}
					}
				}
			}
		}
	}
}
