package ops_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

// immCase is an operator with immediates: its canonical bytes, its text, and
// what the immediates need beyond the operator itself.
type immCase struct {
	hex  string
	text string
	need ops.Features
}

// immCases has one case or more for every kind of immediate.
var immCases = []immCase{
	{"01", "nop", 0},
	{"02 40", "block", 0},
	{"02 7f", "block (result i32)", 0},
	{"03 05", "loop (type 5)", ops.MultiValue},
	{"04 64 02", "if (result (ref 2))", ops.TypedRefs},
	{"06 40", "try", 0},
	{"07 81 01", "catch 129", 0},
	{"08 01", "throw 1", 0},
	{"09 03", "rethrow 3", 0},
	{"0c ff ff ff ff 0f", "br 4294967295", 0},
	{"0e 00 00", "br_table 0", 0},
	{"0e 02 01 80 01 03", "br_table 1 128 3", 0},
	{"10 07", "call 7", 0},
	{"11 03 00", "call_indirect (type 3)", 0},
	{"11 03 01", "call_indirect 1 (type 3)", ops.ReferenceTypes},
	{"13 03 00", "return_call_indirect (type 3)", 0},
	{"14 80 80 01", "call_ref 16384", 0},
	{"18 00", "delegate 0", 0},
	{"1c 00", "select", 0},
	{"1c 01 7f", "select (result i32)", 0},
	{"1c 02 7b 70", "select (result v128) (result funcref)", ops.SIMD},
	{"1f 40 00", "try_table", 0},
	{"1f 7f 04 00 01 02 01 03 04 02 05 03 06", "try_table (result i32) (catch 1 2) (catch_ref 3 4) (catch_all 5) (catch_all_ref 6)", 0},
	{"20 80 80 80 01", "local.get 2097152", 0},
	{"24 01", "global.set 1", 0},
	{"25 00", "table.get", 0},
	{"25 04", "table.get 4", 0},
	{"28 02 00", "i32.load", 0},
	{"28 00 08", "i32.load offset=8 align=1", 0},
	{"28 3f 80 01", "i32.load offset=128 align=9223372036854775808", 0},
	{"28 02 80 80 80 80 10", "i32.load offset=4294967296", ops.Memory64},
	{"28 42 01 00", "i32.load 1", ops.MultiMemory},
	{"36 02 ff ff ff ff 0f", "i32.store offset=4294967295", 0},
	{"3f 00", "memory.size", 0},
	{"40 02", "memory.grow 2", ops.MultiMemory},
	{"41 7f", "i32.const -1", 0},
	{"41 c0 00", "i32.const 64", 0},
	{"41 80 7f", "i32.const -128", 0},
	{"41 80 80 7d", "i32.const -49152", 0},
	{"41 80 80 40", "i32.const -1048576", 0},
	{"41 ff ff 3f", "i32.const 1048575", 0},
	{"41 80 80 80 40", "i32.const -134217728", 0},
	{"41 ff ff ff 3f", "i32.const 134217727", 0},
	{"41 80 80 80 80 7f", "i32.const -268435456", 0},
	{"41 80 80 80 80 78", "i32.const -2147483648", 0},
	{"42 40", "i64.const -64", 0},
	{"42 80 40", "i64.const -8192", 0},
	{"42 ff 3f", "i64.const 8191", 0},
	{"42 80 80 40", "i64.const -1048576", 0},
	{"42 80 80 80 40", "i64.const -134217728", 0},
	{"42 ff ff ff 3f", "i64.const 134217727", 0},
	{"42 80 80 80 80 40", "i64.const -17179869184", 0},
	{"10 ff ff 7f", "call 2097151", 0},
	{"10 ff ff ff 7f", "call 268435455", 0},
	{"28 02 ff ff 7f", "i32.load offset=2097151", 0},
	{"28 02 ff ff ff 7f", "i32.load offset=268435455", 0},
	{"42 3f", "i64.const 63", 0},
	{"42 ff ff ff 00", "i64.const 2097151", 0},
	{"42 80 80 80 80 80 80 80 80 80 7f", "i64.const -9223372036854775808", 0},
	{"43 00 00 80 3f", "f32.const 1", 0},
	{"43 00 00 c0 ff", "f32.const -nan", 0},
	{"43 01 00 80 7f", "f32.const nan:0x1", 0},
	{"43 00 00 80 7f", "f32.const inf", 0},
	{"44 00 00 00 00 00 00 f0 ff", "f64.const -inf", 0},
	{"44 00 00 00 00 00 00 f8 7f", "f64.const nan", 0},
	{"44 9a 99 99 99 99 99 b9 3f", "f64.const 0.1", 0},
	{"44 00 00 00 00 00 00 00 80", "f64.const -0", 0},
	{"d0 70", "ref.null func", 0},
	{"d0 03", "ref.null 3", ops.TypedRefs},
	{"d2 09", "ref.func 9", 0},
	{"e1 01 02", "cont.bind 1 2", 0},
	{"e2 03", "suspend 3", 0},
	{"e3 01 00", "resume 1", 0},
	{"e3 01 02 00 02 03 01 04", "resume 1 (on 2 3) (on 4 switch)", 0},
	{"e4 01 05 01 00 02 03", "resume_throw 1 5 (on 2 3)", 0},
	{"e6 01 02", "switch 1 2", 0},
	{"fb 02 01 02", "struct.get 1 2", 0},
	{"fb 08 01 0a", "array.new_fixed 1 10", 0},
	{"fb 09 01 02", "array.new_data 1 2", 0},
	{"fb 0a 01 02", "array.new_elem 1 2", 0},
	{"fb 11 01 02", "array.copy 1 2", 0},
	{"fb 14 6e", "ref.test (ref any)", 0},
	{"fb 15 03", "ref.test (ref null 3)", ops.TypedRefs},
	{"fb 17 71", "ref.cast (ref null none)", 0},
	{"fb 18 00 02 6e 6c", "br_on_cast 2 (ref any) (ref i31)", 0},
	{"fb 19 03 02 6e 00", "br_on_cast_fail 2 (ref null any) (ref null 0)", ops.TypedRefs},
	{"fb 18 01 02 6e 6c", "br_on_cast 2 (ref null any) (ref i31)", 0},
	{"fb 23 62 01", "ref.cast_desc_eq (ref (exact 1))", 0},
	{"fb 24 01", "ref.cast_desc_eq (ref null 1)", ops.TypedRefs},
	{"fc 00", "i32.trunc_sat_f32_s", 0},
	{"fc 08 01 00", "memory.init 1", 0},
	{"fc 08 01 02", "memory.init 2 1", ops.MultiMemory},
	{"fc 09 01", "data.drop 1", 0},
	{"fc 0a 00 00", "memory.copy", 0},
	{"fc 0a 00 01", "memory.copy 0 1", ops.MultiMemory},
	{"fc 0b 00", "memory.fill", 0},
	{"fc 0c 01 00", "table.init 1", 0},
	{"fc 0c 01 02", "table.init 2 1", ops.ReferenceTypes},
	{"fc 0d 01", "elem.drop 1", 0},
	{"fc 0e 01 00", "table.copy 1 0", ops.ReferenceTypes},
	{"fd 0c 01 00 00 00 02 00 00 00 03 00 00 00 ff ff ff ff", "v128.const i32x4 0x00000001 0x00000002 0x00000003 0xffffffff", 0},
	{"fd 0d 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 1f", "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31", 0},
	{"fd 15 0f", "i8x16.extract_lane_s 15", 0},
	{"fd 54 00 04 0f", "v128.load8_lane offset=4 15", 0},
	{"fd 54 41 07 04 0f", "", ops.MultiMemory}, // align 2 is not natural
	{"fd 80 02", "i8x16.relaxed_swizzle", 0},
	{"fe 03 00", "atomic.fence", 0},
	{"fe 10 02 00", "i32.atomic.load", 0},
	{"fe 4f 01 02", "global.atomic.get acq_rel 2", 0},
	{"fe 58 00 00", "table.atomic.get seq_cst", 0},
	{"fe 60 00 01 02", "struct.atomic.rmw.add seq_cst 1 2", 0},
	{"fe 67 01 03", "array.atomic.get acq_rel 3", 0},
	{"fe 72", "ref.i31_shared", 0},
}

// decode reads the only operator of code.
func decode(t *testing.T, code []byte, f ops.Features) (in ops.Instr, need ops.Features) {
	t.Helper()
	d := ops.NewDecoder(code, 0, f)
	if err := d.Next(&in); err != nil {
		t.Fatalf("% x: %v", code, err)
	}
	if d.Len() != 0 {
		t.Fatalf("% x: %d bytes left", code, d.Len())
	}
	return in, d.Need()
}

func TestDecodeEveryKindOfImmediate(t *testing.T) {
	seen := map[ops.ImmKind]bool{}
	for _, c := range immCases {
		t.Run(c.hex, func(t *testing.T) {
			is := is.New(t)
			code := unhex(t, c.hex)
			in, need := decode(t, code, ops.All)
			row := in.Op.Row()
			seen[row.Imm.Kind] = true
			if c.text != "" {
				is.Equal(in.String(), c.text)
			}
			is.True(bytes.Equal(ops.AppendInstr(nil, &in), code)) // encodes to the same bytes
			var behind ops.Instr
			d := ops.NewDecoder(append(bytes.Clone(code), 1, 1, 1, 1), 0, ops.All)
			is.NoErr(d.Next(&behind)) // and what follows does not matter
			is.Equal(behind.String(), in.String())
			is.Equal(behind.Value, in.Value)
			is.Equal(d.Pos(), len(code))
			is.Equal(need&^row.Feature&^(ops.Floats|ops.GCTypes|ops.GC|ops.CustomDescriptors), c.need)

			// Exactly what was needed is enough, and any end before the last
			// byte is an error of the operator.
			_, again := decode(t, code, need.Minimal())
			is.Equal(again, need)
			for i := range code {
				d := ops.NewDecoder(code[:i], 9, ops.All)
				var in ops.Instr
				s := syntaxError(t, d.Next(&in))
				if s.Message != "length out of bounds" {
					is.Equal(s.Message, "unexpected end of section or function")
				}
				is.True(s.Offset >= 9 && s.Offset <= 9+i)
				is.Equal(d.Pos(), 0) // the decoder stands at the operator
			}
		})
	}
	for r := range ops.Rows() {
		if !seen[r.Imm.Kind] {
			t.Errorf("no case for the immediates of %v", r.Name)
			seen[r.Imm.Kind] = true
		}
	}
}

func TestDecodeMalformedOperators(t *testing.T) {
	for _, c := range []struct {
		hex      string
		features ops.Features
		message  string
		offset   int
		feature  ops.Features
	}{
		{"ff", ops.All, "illegal opcode ff", 0, 0},
		{"27", ops.All, "illegal opcode 27", 0, 0},
		{"f3 00", ops.All, "illegal opcode f3", 0, 0},
		{"fc 7f", ops.All, "illegal opcode fc 7f", 0, 0},
		{"fd ff ff ff ff 0f", ops.All, "illegal opcode fd ffff", 0, 0},
		{"fc 80 80 80 80 80 00", ops.All, "integer representation too long", 1, 0},
		{"fc 80 80 80 80 10", ops.All, "integer too large", 1, 0},
		{"02 7a", ops.All, "malformed value type", 1, 0},
		{"03 00", ops.MVP, "malformed value type", 1, ops.MultiValue},
		{"0c 80 80 80 80 80 00", ops.All, "integer representation too long", 1, 0},
		{"0e 03 00 00", ops.All, "length out of bounds", 1, 0},
		{"0e ff ff ff ff 0f 00", ops.All, "length out of bounds", 1, 0},
		{"0e 02 00 00", ops.All, "unexpected end of section or function", 4, 0},
		{"11 00 01", ops.MVP, "zero byte expected", 2, ops.ReferenceTypes},
		{"11 00 81 00", ops.MVP, "zero byte expected", 2, ops.CallIndirectOverlong},
		{"11 00 80 00", ops.MVP, "zero byte expected", 2, ops.CallIndirectOverlong},
		{"11 00 01", ops.Lime1, "zero byte expected", 2, ops.ReferenceTypes},
		{"1c 02 7f", ops.All, "length out of bounds", 1, 0},
		{"1c 01 7a", ops.All, "malformed value type", 2, 0},
		{"1f 40 01 04 00", ops.All, "malformed catch clause", 3, 0},
		{"1f 40 09 04 00", ops.All, "length out of bounds", 2, 0},
		{"28 80 01 00", ops.All, "malformed memop flags", 1, 0},
		{"28 80 02 00", ops.All, "malformed memop flags", 1, 0},
		{"28 42 00 00", ops.Wasm2, "malformed memop flags", 1, ops.MultiMemory},
		{"28 02 80 80 80 80 10", ops.Wasm2, "integer too large", 2, ops.Memory64},
		{"28 02 80 80 80 80 80 00", ops.Wasm2, "integer representation too long", 2, ops.Memory64},
		{"28 02 ff ff ff ff ff ff ff ff ff 02", ops.All, "integer too large", 2, 0},
		{"28 02 ff ff ff ff ff ff ff ff ff 02", ops.Wasm2, "integer too large", 2, 0},
		{"3f 01", ops.Wasm2, "zero byte expected", 1, ops.MultiMemory},
		{"40 80 00", ops.Wasm2, "zero byte expected", 1, ops.MultiMemory},
		{"fc 08 00 01", ops.Wasm2, "zero byte expected", 3, ops.MultiMemory},
		{"fc 0a 00 01", ops.Wasm2, "zero byte expected", 3, ops.MultiMemory},
		{"fc 0e 01 00", ops.BulkMemory, "zero byte expected", 2, ops.ReferenceTypes},
		{"20 80 80 80 80 10", ops.All, "integer too large", 1, 0},
		{"20 80 80 80 80 10 0b 0b", ops.Wasm1, "integer too large", 1, 0},
		{"41 80 80 80 80 08 0b", ops.All, "integer too large", 1, 0},
		{"41 80 80 80 80 70", ops.All, "integer too large", 1, 0},
		{"42 80 80 80 80 80 80 80 80 80 80 00", ops.All, "integer representation too long", 1, 0},
		{"d0 7f", ops.All, "malformed heap type", 1, 0},
		{"d0 6e", ops.Wasm2, "malformed heap type", 1, ops.GC},
		{"d0 6f", ops.Wasm2 | ops.WithoutGCTypes, "malformed heap type", 1, ops.GCTypes},
		{"e3 00 01 02 00", ops.All, "malformed on clause", 3, 0},
		{"fb 18 04 00 6e 6e", ops.All, "malformed br_on_cast flags", 2, 0},
		{"fe 03 01", ops.All, "zero byte expected", 2, 0},
		{"fe 4f 02 00", ops.All, "malformed memory ordering", 2, 0},
		{"c0", ops.MVP, "illegal opcode c0: i32.extend8_s", 0, ops.SignExtension},
		{"fc 0b 00", ops.Wasm1, "illegal opcode fc 0b: memory.fill", 0, ops.BulkMemoryOpt},
		{"fd 00 00 00", ops.Wasm1, "illegal opcode fd 00: v128.load", 0, ops.SIMD},
		{"fd 80 02", ops.Wasm2, "illegal opcode fd 100: i8x16.relaxed_swizzle", 0, ops.RelaxedSIMD},
		{"08 00", ops.Wasm2, "illegal opcode 08: throw", 0, ops.Exceptions},
		{"06 40", ops.Wasm3, "illegal opcode 06: try", 0, ops.LegacyExceptions},
		{"0a", ops.Wasm2 | ops.LegacyExceptions, "illegal opcode 0a: throw_ref", 0, ops.Exceptions},
		{"92", ops.Wasm1 | ops.WithoutFloats, "illegal opcode 92: f32.add", 0, ops.Floats},
		{"02 7d", ops.Wasm1 | ops.WithoutFloats, "malformed value type", 1, ops.Floats},
	} {
		t.Run(c.hex+" "+c.features.String(), func(t *testing.T) {
			is := is.New(t)
			d := ops.NewDecoder(unhex(t, c.hex), 1000, c.features)
			var in ops.Instr
			s := syntaxError(t, d.Next(&in))
			is.Equal(s.Message, c.message)
			is.Equal(s.Offset, 1000+c.offset)
			is.Equal(s.Feature, c.feature)
			is.Equal(d.Pos(), 0)
		})
	}
}

func TestSyntaxErrorNamesTheOperator(t *testing.T) {
	is := is.New(t)
	var in ops.Instr
	s := syntaxError(t, ops.NewDecoder(unhex(t, "3f 01"), 0, 0).Next(&in))
	is.True(s.InOp)
	is.Equal(s.Op, ops.MemorySize)
	s = syntaxError(t, ops.NewDecoder(unhex(t, "fc 0b 00"), 0, 0).Next(&in))
	is.True(s.InOp)
	is.Equal(s.Op, ops.MemoryFill)
	s = syntaxError(t, ops.NewDecoder(unhex(t, "ff"), 0, 0).Next(&in))
	is.True(!s.InOp)
	is.Equal(s.Error(), "illegal opcode ff (at offset 0x0)")
}

// sample returns some immediates for the operator of r.
func sample(r *ops.Row) ops.Instr {
	heap := ops.IndexHeap(200)
	in := ops.Instr{
		Op: r.Op, Index: 300, Index2: 5, Block: ops.BlockIndex(70), Lane: 3, Value: 77,
		Mem:      ops.MemArg{Align: 2, Memory: 1, Offset: 1 << 40},
		Type:     [2]ops.ValType{heap.Ref(), heap.RefNull()},
		Labels:   []uint32{1, 200, 3},
		Types:    []ops.ValType{ops.I32, ops.AnyRef},
		Catches:  []ops.Catch{{Kind: ops.CatchRef, Tag: 1, Label: 2}, {Kind: ops.CatchAll, Label: 3}},
		Handlers: []ops.Handler{{Tag: 1, Label: 2}, {Switch: true, Tag: 3}},
		Ordering: ops.AcqRel,
	}
	if strings.HasSuffix(r.Name, " null") {
		in.Type[0] = heap.RefNull()
	}
	for i := range in.Bytes {
		in.Bytes[i] = byte(i * 17)
	}
	return in
}

// TestEveryOperatorReadsBack encodes each operator of the table, decodes it and
// encodes it again.
func TestEveryOperatorReadsBack(t *testing.T) {
	for r := range ops.Rows() {
		in := sample(r)
		code := ops.AppendInstr(nil, &in)
		got, need := decode(t, code, ops.All)
		is := is.New(t)
		is.Equal(got.Op, r.Op)
		is.Equal(got.String(), in.String())
		is.True(bytes.Equal(ops.AppendInstr(nil, &got), code))
		is.Equal(need&r.Feature, r.Feature)                   // the row's feature was noted
		is.True(strings.HasPrefix(got.String(), r.Keyword())) // and the text begins with the name
	}
}

// TestEveryOperatorNeedsItsFeature decodes each operator with everything on but
// one of the features of its row.
func TestEveryOperatorNeedsItsFeature(t *testing.T) {
	const tags = ops.Exceptions | ops.LegacyExceptions | ops.StackSwitching
	for r := range ops.Rows() {
		in := sample(r)
		code := ops.AppendInstr(nil, &in)
		for m := r.Feature; m != 0; m &= m - 1 {
			is := is.New(t)
			off, want := m&-m, m&-m
			f := ops.All &^ off
			switch off {
			case ops.Floats:
				f |= ops.WithoutFloats
			case ops.GCTypes:
				f |= ops.WithoutGCTypes
			case ops.BulkMemoryOpt:
				f &^= ops.BulkMemory
			case ops.Tags:
				f, want = f&^tags, ops.Exceptions
			}
			var in ops.Instr
			s := syntaxError(t, ops.NewDecoder(code, 0, f).Next(&in))
			is.Equal(s.Feature, want)
			is.True(strings.HasPrefix(s.Message, "illegal opcode "))
			is.Equal(s.Offset, 0)
		}
	}
}

func TestDecodeReusesTheInstr(t *testing.T) {
	is := is.New(t)
	code := unhex(t, "0e 02 01 02 03 0e 00 07 1c 02 7f 7e 1c 00 1f 40 01 02 00 1f 40 00")
	var in ops.Instr
	var texts []string
	d := ops.NewDecoder(code, 0, ops.All)
	for d.Len() > 0 {
		is.NoErr(d.Next(&in))
		texts = append(texts, in.String())
	}
	is.Equal(texts, []string{"br_table 1 2 3", "br_table 7", "select (result i32) (result i64)",
		"select", "try_table (catch_all 0)", "try_table"})
}

func TestDecodeAllocatesNothing(t *testing.T) {
	is := is.New(t)
	var code []byte
	for r := range ops.Rows() {
		in := sample(r)
		code = ops.AppendInstr(code, &in)
	}
	var d ops.Decoder
	var in ops.Instr
	is.Equal(testing.AllocsPerRun(10, func() {
		d.Reset(code, 0, ops.All)
		for d.Len() > 0 {
			if d.Next(&in) != nil {
				panic("the operators do not decode")
			}
		}
	}), 0.0)
}

func TestDecoderAll(t *testing.T) {
	is := is.New(t)
	d := ops.NewDecoder(unhex(t, "41 2a 20 00 6a 0b"), 30, ops.MVP)
	var offsets []int
	var texts []string
	for offset, in := range d.All() {
		offsets, texts = append(offsets, offset), append(texts, in.String())
	}
	is.NoErr(d.Err())
	is.Equal(offsets, []int{30, 32, 34, 35})
	is.Equal(texts, []string{"i32.const 42", "local.get 0", "i32.add", "end"})

	d = ops.NewDecoder(unhex(t, "01 ff 01"), 30, ops.MVP)
	n := 0
	for range d.All() {
		n++
	}
	is.Equal(n, 1)
	is.Equal(syntaxError(t, d.Err()).Offset, 31)

	d = ops.NewDecoder(unhex(t, "01 01"), 0, ops.MVP)
	for range d.All() {
		break
	}
	is.NoErr(d.Err())
	is.Equal(d.Pos(), 1) // the loop can be taken up again
}

func TestDecoderEndOfExpr(t *testing.T) {
	is := is.New(t)
	var in ops.Instr
	d := ops.NewDecoder(nil, 3, 0)
	is.Equal(syntaxError(t, d.Next(&in)).Message, "unexpected end of section or function")
	d.SetEndOfExpr("END opcode expected")
	is.Equal(*syntaxError(t, d.Next(&in)), ops.SyntaxError{Offset: 3, Message: "END opcode expected"})
	d.Reset([]byte{0x41}, 0, 0)
	d.SetEnd("unexpected end")
	is.Equal(syntaxError(t, d.Next(&in)).Message, "unexpected end")
}

func TestDecoderRefusesData(t *testing.T) {
	is := is.New(t)
	for _, text := range []string{"fc 08 01 00", "fc 09 01", "fb 09 00 01", "fb 12 00 01"} {
		var in ops.Instr
		d := ops.NewDecoder(unhex(t, text), 5, ops.All)
		d.RefuseData()
		s := syntaxError(t, d.Next(&in))
		is.Equal(s.Message, "data count section required")
		is.Equal(s.Offset, 5)
		d.Reset(unhex(t, text), 5, ops.All)
		is.NoErr(d.Next(&in))
	}
}

func TestDecodeRealModules(t *testing.T) {
	is := is.New(t)
	for _, name := range []string{"algorithms.wasm", "shapes.wasm"} {
		n := 0
		for _, f := range bodies(t, readModule(t, name)) {
			d := ops.NewDecoder(f.code, f.offset, ops.Default)
			is.NoErr(ops.SkipExpr(d))
			is.Equal(d.Len(), 0) // the expression ends where the body does
			n++
		}
		is.True(n > 0)
	}
}
