package ops_test

import (
	"bytes"
	"math/bits"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/ops/internal/opnames"
)

func TestTableHasNoDuplicates(t *testing.T) {
	is := is.New(t)
	codes, names, idents := map[ops.Op]bool{}, map[string]bool{}, map[string]bool{}
	last, n := ops.Op(0), 0
	for r := range ops.Rows() {
		is.True(!codes[r.Op])           // one row an encoding
		is.True(!names[r.Name])         // one row a name
		is.True(!idents[opnames.Go(r)]) // one row a constant
		is.True(n == 0 || r.Op > last)  // in the order of the encodings
		is.Equal(r.Op.Row(), r)         // found by its encoding
		op, ok := ops.Lookup(r.Name)    // found by its name
		is.True(ok && op == r.Op)       // found by its name
		is.Equal(r.Op.String(), r.Name) // written by its name
		is.True(r.Rule < ops.NumRules)  // the rule exists
		codes[r.Op], names[r.Name], idents[opnames.Go(r)] = true, true, true
		last = r.Op
		n++
	}
	is.Equal(n, 626)
}

func TestTableRefusesWhatItDoesNotHold(t *testing.T) {
	is := is.New(t)
	for _, c := range []struct {
		op   ops.Op
		text string
	}{
		{0x1D, "0x1d"}, {0xFF, "0xff"}, {0xFC, "0xfc"}, {0xFC_007F, "0xfc 0x7f"},
		{0xFD_FFFF, "0xfd 0xffff"}, {0xFF_0000, "0xff 0x00"}, {0x01_0000, "0x01 0x00"}, {0xFFFF_FFFF, "0xffff 0xffff"},
	} {
		is.True(c.op.Row() == nil) // no row
		is.Equal(c.op.String(), c.text)
	}
	_, ok := ops.Lookup("i32.nothing")
	is.True(!ok)
}

// TestTableMatchesTheSpecification compares names and encodings with the
// specification's own index, in both directions.
func TestTableMatchesTheSpecification(t *testing.T) {
	is := is.New(t)
	want := indexOfInstructions(t)
	for r := range ops.Rows() {
		if want[r.Op] != r.Name {
			t.Errorf("table has %q at %#x, the specification %q", r.Name, uint32(r.Op), want[r.Op])
		}
		delete(want, r.Op)
	}
	is.Equal(len(want), 0) // instructions that the table lacks
}

// indexOfInstructions reads testdata/instructions.txt into row names.
func indexOfInstructions(t *testing.T) map[ops.Op]string {
	text, err := os.ReadFile("testdata/instructions.txt")
	if err != nil {
		t.Fatal(err)
	}
	m := map[ops.Op]string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		op := must(t, one(strconv.ParseUint(words[0], 16, 8)))
		words = words[1:]
		if op >= 0xFB && op <= 0xFE {
			op = op<<16 | must(t, one(strconv.ParseUint(words[0], 16, 16)))
			words = words[1:]
		}
		m[ops.Op(op)] = rowName(words)
	}
	return m
}

// rowName returns the name in the table of an instruction of the index, given
// as its words.
func rowName(words []string) string {
	text := strings.Join(words, " ")
	switch {
	case text == "select t":
		return text
	case strings.HasPrefix(words[0], "ref.") && strings.Contains(text, "(ref null"):
		return words[0] + " null"
	}
	return words[0]
}

func TestTableCountPerProposal(t *testing.T) {
	is := is.New(t)
	count := map[ops.Features]int{}
	for r := range ops.Rows() {
		count[r.Feature&^ops.MVP]++
	}
	is.Equal(count, map[ops.Features]int{
		0:                           172,
		ops.SignExtension:           5,
		ops.SaturatingFloatToInt:    8,
		ops.BulkMemory:              5,
		ops.BulkMemoryOpt:           2,
		ops.ReferenceTypes:          9,
		ops.SIMD:                    236,
		ops.SIMD | ops.RelaxedSIMD:  20,
		ops.TailCall:                2,
		ops.FunctionReferences:      5,
		ops.GC:                      32,
		ops.Exceptions:              2,
		ops.Tags:                    1,
		ops.LegacyExceptions:        5,
		ops.Threads:                 67,
		ops.WideArithmetic:          4,
		ops.StackSwitching:          7,
		ops.CustomDescriptors:       7,
		ops.SharedEverythingThreads: 36,
		ops.MemoryControl:           1,
	})
}

func TestTableFloats(t *testing.T) {
	is := is.New(t)
	for r := range ops.Rows() {
		params, results := r.Signature()
		for _, v := range append(params, results...) {
			if v == ops.F32 || v == ops.F64 {
				is.True(r.Feature&ops.Floats != 0) // works on floating-point numbers
			}
		}
	}
	for _, op := range []ops.Op{ops.F32Const, ops.F64Load, ops.I32ReinterpretF32, ops.F32x4Add, ops.F64x2Splat, ops.I32x4TruncSatF64x2SZero} {
		is.True(op.Row().Feature&ops.Floats != 0)
	}
	for _, op := range []ops.Op{ops.I32Add, ops.I64Load, ops.I32x4Add, ops.V128Const, ops.Call} {
		is.True(op.Row().Feature&ops.Floats == 0)
	}
}

func TestTableSignatures(t *testing.T) {
	is := is.New(t)
	for r := range ops.Rows() {
		params, results := r.Signature()
		var words []string
		for _, v := range params {
			words = append(words, v.String())
		}
		words = append(words, "->")
		for _, v := range results {
			words = append(words, v.String())
		}
		text := strings.Join(words, " ")
		if r.Sig == "" {
			text = strings.TrimPrefix(text, "->")
		}
		is.Equal(text, r.Sig) // the parsed signature is the written one
		is.Equal(r.NumParams(), len(params))
		is.Equal(r.NumResults(), len(results))
		for i := range params {
			is.Equal(r.Param(i), params[i])
		}
		for i := range results {
			is.Equal(r.Result(i), results[i])
		}
		switch r.Rule {
		case ops.RulePlain, ops.RuleMemory, ops.RuleAtomic, ops.RuleTable, ops.RuleLane:
			is.True(r.Sig != "") // these rules read the signature
		}
	}
}

// TestTableMemoryOperators checks alignment and lanes against the operators'
// names, which say how wide an access is.
func TestTableMemoryOperators(t *testing.T) {
	is := is.New(t)
	for r := range ops.Rows() {
		if r.Imm.Kind != ops.ImmMemArg && r.Imm.Kind != ops.ImmMemArgLane {
			is.Equal(r.Imm.Align, uint8(0))
			continue
		}
		width := accessWidth(r.Name)
		is.Equal(uint(1)<<r.Imm.Align*8, width)
		if r.Imm.Kind == ops.ImmMemArgLane {
			is.Equal(uint(r.Imm.Lanes), 128/width)
		}
		is.Equal(r.Param(0), ops.AddrType)
	}
}

// accessWidth returns the number of bits that the operator name says it accesses.
func accessWidth(name string) uint {
	typ, rest, _ := strings.Cut(name, ".")
	digits := strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz._")
	for _, c := range []struct {
		prefix string
		width  uint
	}{{"8x8", 64}, {"16x4", 64}, {"32x2", 64}, {"16", 16}, {"32", 32}, {"64", 64}, {"8", 8}} {
		if strings.HasPrefix(digits, c.prefix) {
			return c.width
		}
	}
	if typ == "memory" {
		return 32
	}
	width, _ := strconv.ParseUint(typ[1:], 10, 8)
	return uint(width)
}

func TestTableConstantOperators(t *testing.T) {
	is := is.New(t)
	got := map[string]ops.Features{}
	for r := range ops.Rows() {
		if r.Const {
			got[r.Name] = r.ConstFeature
		}
		is.True(r.Const || r.ConstFeature == 0)
		is.True(bits.OnesCount64(uint64(r.ConstFeature)) <= 1)
	}
	is.Equal(got, map[string]ops.Features{
		"i32.const": 0, "i64.const": 0, "f32.const": 0, "f64.const": 0, "v128.const": 0,
		"ref.null": 0, "ref.func": 0, "global.get": 0,
		"i32.add": ops.ExtendedConst, "i32.sub": ops.ExtendedConst, "i32.mul": ops.ExtendedConst,
		"i64.add": ops.ExtendedConst, "i64.sub": ops.ExtendedConst, "i64.mul": ops.ExtendedConst,
		"ref.i31": ops.GC, "struct.new": ops.GC, "struct.new_default": ops.GC, "array.new": ops.GC,
		"array.new_default": ops.GC, "array.new_fixed": ops.GC,
		"any.convert_extern": ops.GC, "extern.convert_any": ops.GC,
		"struct.new_desc": ops.CustomDescriptors, "struct.new_default_desc": ops.CustomDescriptors,
		"ref.i31_shared": ops.SharedEverythingThreads,
	})
}

func TestKeyword(t *testing.T) {
	is := is.New(t)
	is.Equal(ops.RefTestNull.Row().Keyword(), "ref.test")
	is.Equal(ops.SelectT.Row().Keyword(), "select")
	is.Equal(ops.I32Add.Row().Keyword(), "i32.add")
}

func TestOpcodesAreUpToDate(t *testing.T) {
	is := is.New(t)
	want, err := opnames.Source()
	is.NoErr(err)
	got, err := os.ReadFile("opcodes.go")
	is.NoErr(err)
	is.True(bytes.Equal(got, want)) // run go generate ./ops
}

func BenchmarkRow(b *testing.B) {
	var sum ops.Rule
	for i := 0; b.Loop(); i++ {
		if row := ops.Op(i & 0x7F).Row(); row != nil {
			sum += row.Rule
		}
	}
	_ = sum
}
