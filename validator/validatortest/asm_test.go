package validatortest_test

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func ExampleAsm() {
	fmt.Printf("%x\n", validatortest.Asm("local.get 0 i32.const 5 i32.add"))
	// Output: 200041056a
}

// The encodings are written out from chapter 5.4 of the specification and the
// overviews of the proposals.
func TestAsm(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"nop ;; a comment\n end", "01 0b"},
		{"i32.const -1 i32.const 0xffffffff i64.const -9223372036854775808", "41 7f 41 7f 42 8080808080808080807f"},
		{"i32.const 1_000", "41 e807"},
		{"i32.const 010 i32.const -0x10", "41 0a 41 70"},
		{"f32.const nan f32.const -nan f64.const nan f64.const -nan", "43 0000c07f 43 0000c0ff 44 000000000000f87f 44 000000000000f8ff"},
		{"f32.const 1 f32.const -nan:0x200000 f64.const inf", "43 0000803f 43 0000a0ff 44 000000000000f07f"},
		{"block end", "02 40 0b"},
		{"block (result i32) end loop (type 3) end", "02 7f 0b 03 03 0b"},
		{"if (result (ref null 70)) else end", "04 63 c600 05 0b"},
		{"br 1 br_if 300 br_table 0 1 2", "0c 01 0d ac02 0e 02 00 01 02"},
		{"call 5 call_indirect (type 7) call_indirect 1 (type 7)", "10 05 11 07 00 11 07 01"},
		{"select select (result i64)", "1b 1c 01 7e"},
		{"table.get table.set 2", "25 00 26 02"},
		{"table.init 3 table.init 1 3 table.copy table.copy 1 2 elem.drop 4", "fc 0c 03 00 fc 0c 03 01 fc 0e 00 00 fc 0e 01 02 fc 0d 04"},
		{"memory.init 3 memory.init 1 3 memory.copy 1 2 data.drop 4", "fc 08 03 00 fc 08 03 01 fc 0a 01 02 fc 09 04"},
		{"i32.load i64.load offset=8 align=1 i32.load8_u 1 offset=0x80", "28 02 00 29 00 08 2d 40 01 8001"},
		{"memory.size memory.grow 1 memory.fill", "3f 00 40 01 fc 0b 00"},
		{"ref.null func ref.null 3 ref.func 2 ref.is_null", "d0 70 d0 03 d2 02 d1"},
		{"ref.null (shared any)", "d0 65 6e"},
		{"ref.test (ref 2) ref.test (ref null 2) ref.cast eqref ref.cast (ref (exact 5))", "fb 14 02 fb 15 02 fb 17 6d fb 16 62 05"},
		{"br_on_cast 1 anyref (ref 4) br_on_cast_fail 0 (ref any) (ref null i31)", "fb 18 01 01 6e 04 fb 19 02 00 6e 6c"},
		{"struct.new 1 struct.get 1 2 array.new_fixed 3 4 array.new_data 1 2 array.copy 0 1", "fb 00 01 fb 02 01 02 fb 08 03 04 fb 09 01 02 fb 11 00 01"},
		{"try_table (result i32) (catch 0 1) (catch_all 2) (catch_ref 3 4) (catch_all_ref 5) end", "1f 7f 04 00 00 01 02 02 01 03 04 03 05 0b"},
		{"try_table end throw 1 throw_ref", "1f 40 00 0b 08 01 0a"},
		{"try catch 0 catch_all rethrow 0 end try delegate 1", "06 40 07 00 19 09 00 0b 06 40 18 01"},
		{"resume 1 (on 2 3) (on 4 switch) resume_throw 1 2 switch 1 2", "e3 01 02 00 02 03 01 04 e4 01 02 00 e6 01 02"},
		{"v128.const i32x4 1 -1 0 2 i8x16.extract_lane_u 15", "fd 0c 01000000 ffffffff 00000000 02000000 fd 16 0f"},
		{"v128.const f64x2 1 -0", "fd 0c 000000000000f03f 0000000000000080"},
		{"i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31", "fd 0d 000102030405060708090a0b0c0d0e1f"},
		{"v128.load8_lane 3 v128.load16_lane 1 offset=2 3", "fd 54 00 00 03 fd 55 41 01 02 03"},
		{"i32.atomic.load atomic.fence memory.atomic.notify offset=4", "fe 10 02 00 fe 03 00 fe 00 02 04"},
		{"global.atomic.get acq_rel 1 struct.atomic.rmw.add seq_cst 1 2", "fe 4f 01 01 fe 60 00 01 02"},
		{"i64.add128 return_call 1 return_call_ref 2", "fc 13 12 01 15 02"},
		{"(bytes 0xff 1) nop", "ff 01 01"},
	} {
		t.Run(test.text, func(t *testing.T) {
			is := is.New(t)
			want := strings.ReplaceAll(test.want, " ", "")
			is.Equal(hex.EncodeToString(validatortest.Asm(test.text)), want)
		})
	}
}

// What the assembler writes, the decoder reads, for every operator of the table.
func TestAsmEveryOperator(t *testing.T) {
	immediates := map[ops.ImmKind]string{
		ops.ImmLabel: "1", ops.ImmLabels: "1 2", ops.ImmFunc: "1", ops.ImmCallIndirect: "1 (type 2)",
		ops.ImmBlock: "(result i64)", ops.ImmTry: "(type 1) (catch 1 2) (catch_all_ref 3)",
		ops.ImmType: "1", ops.ImmTypeType: "1 2", ops.ImmField: "1 2", ops.ImmTypeData: "1 2",
		ops.ImmTypeElem: "1 2", ops.ImmTypeCount: "1 2", ops.ImmLocal: "1", ops.ImmGlobal: "1",
		ops.ImmTable: "1", ops.ImmTableTable: "1 2", ops.ImmElemTable: "1 2", ops.ImmElem: "1",
		ops.ImmMem: "1", ops.ImmMemMem: "1 2", ops.ImmDataMem: "1 2", ops.ImmData: "1",
		ops.ImmMemArg: "1 offset=300 align=1", ops.ImmMemArgLane: "1 offset=300 1", ops.ImmLane: "1",
		ops.ImmShuffle: "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", ops.ImmV128: "i64x2 1 -2",
		ops.ImmI32: "-5", ops.ImmI64: "-5", ops.ImmF32: "-1.5", ops.ImmF64: "-1.5",
		ops.ImmSelect: "(result i32)", ops.ImmRefNull: "extern", ops.ImmRefType: "(ref 1)",
		ops.ImmCastBranch: "1 anyref (ref eq)", ops.ImmTag: "1", ops.ImmTypeTag: "1 2",
		ops.ImmResume: "1 (on 2 3)", ops.ImmResumeThrow: "1 2 (on 3 switch)",
		ops.ImmOrdGlobal: "acq_rel 1", ops.ImmOrdTable: "acq_rel 1", ops.ImmOrdType: "acq_rel 1",
		ops.ImmOrdField: "acq_rel 1 2",
	}
	for row := range ops.Rows() {
		t.Run(row.Name, func(t *testing.T) {
			is := is.New(t)
			text := row.Keyword() + " " + immediates[row.Imm.Kind]
			if strings.HasSuffix(row.Name, " null") {
				text = row.Keyword() + " (ref null 1)"
			}
			wrote := validatortest.Instrs(text)[0]
			is.Equal(wrote.Op, row.Op)
			var got ops.Instr
			code := validatortest.Asm(text)
			d := ops.NewDecoder(code, 0, ops.All)
			is.NoErr(d.Next(&got))
			is.Equal(d.Pos(), len(code))
			is.Equal(got.String(), wrote.String())
		})
	}
}

func TestAsmMark(t *testing.T) {
	is := is.New(t)
	code, mark := validatortest.AsmMark("i32.const 300 @ drop nop")
	is.Equal(code[mark], byte(0x1a))
	_, mark = validatortest.AsmMark("nop")
	is.Equal(mark, -1)
	code, mark = validatortest.Body("i32 2 i64", "@drop")
	is.Equal(hex.EncodeToString(code), "02017f027e1a0b")
	is.Equal(mark, 5)
}

func TestInstrs(t *testing.T) {
	is := is.New(t)
	list := validatortest.Instrs("i32.const -5 ref.test (ref null 1) f64.const 0.5")
	is.Equal(len(list), 3)
	is.Equal(int32(list[0].Value), int32(-5))
	is.Equal(list[1].Type[0], ops.IndexHeap(1).RefNull())
	is.Equal(math.Float64frombits(list[2].Value), 0.5)
}

func TestTypes(t *testing.T) {
	for _, text := range []string{
		"i32", "v128", "i8", "funcref", "nullexnref", "(ref func)", "(ref null 3)", "(ref (exact 2))",
		"(ref null (shared any))",
	} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			is.Equal(validatortest.ValType(text).String(), text)
		})
	}
	is := is.New(t)
	is.Equal(validatortest.HeapType("(exact 3)"), ops.IndexHeap(3).WithExact())
}

// A mistake in the text of a test panics and says where.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"i32.addd", `unknown operator: at "i32.addd"`},
		{"i32.const", "a number is missing"},
		{"i32.const x", `want an unsigned integer of 32 bits: at "x"`},
		{"i32.const 0x1_0000_0000", "want an unsigned integer of 32 bits"},
		{"block (result i32 i64) end", `unexpected: at "i64"`},
		{"nop @", "nothing follows the mark"},
		{"@nop @nop", "a second mark"},
		{"(result", "a parenthesis is open"},
		{"nop )", "nothing to close"},
		{"i32.load align=3", "a power of two"},
		{"ref.null i32", `want a heap type: at "i32"`},
		{"v128.const i32x4 1 2 3", "a number is missing"},
		{"br_table", "a number is missing"},
		{"f32.const nan:0x800000", "want an unsigned integer of 23 bits"},
		{"f32.const nano", "want a float"},
	} {
		t.Run(test.text, func(t *testing.T) {
			is := is.New(t)
			defer func() {
				is.True(strings.Contains(fmt.Sprint(recover()), test.want)) // the message says what is wrong
			}()
			validatortest.Asm(test.text)
		})
	}
}
