package validator_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// The first operator of a proposal in a body goes to the rules; from then on the hot
// loop serves it by tables of its own, of which there is one for each kind of first
// memory. So each operator with a fixed type is there twice, the second time in every
// encoding, with operands and immediates that are right and wrong.
func TestRowsAgain(t *testing.T) {
	for _, o := range append(readOperators(t), bulkOperators...) {
		t.Run(o.name, func(t *testing.T) {
			for _, a := range firstMemories {
				if a.at != "" || !o.addresses() {
					o.again(t, a)
					o.first(t, a)
				}
			}
		})
	}
}

// numberTypes are the types that the hot loop knows.
var numberTypes = []string{"i32", "i64", "f32", "f64", "v128"}

// bulkOperators are the operators on the first memory that have a rule of their own.
var bulkOperators = []operator{
	{op: ops.MemoryCopy, name: "memory.copy", feature: ops.BulkMemoryOpt, params: []string{"at", "at", "at"}},
}

// firstMemories are the address types of the first memory and table, and none.
var firstMemories = []addressing{{"", 0, "funcref"}, {"i32", 0, "funcref"}, {"i64", 0, "funcref"}}

// addresses reports whether o needs a memory or table.
func (o operator) addresses() bool {
	return o.align > 0 || strings.HasPrefix(o.name, "memory.") || strings.HasPrefix(o.name, "table.")
}

// again checks o behind itself, where the first memory is that of a.
func (o operator) again(t *testing.T, a addressing) {
	t.Helper()
	params, results := a.resolve(o.params), a.resolve(o.results)
	op := o.within(a)
	good := push(params) + op + pop(results)
	check := func(code, want string) {
		t.Helper()
		m := validatortest.NewModule().Type("func")
		if a.at != "" {
			m.Memory(a.at + " 1 2 shared").Table(a.at + " 1 funcref")
		}
		m.Func(0, localsOfEachType, good+code)
		expect(t, ops.All, m, want)
		expectByOperators(t, m, want)
	}
	encodings := o.encodings(op, a.at == "i64")
	for _, e := range encodings {
		check(push(params)+e+pop(results), "")
	}
	last := encodings[len(encodings)-1]
	for _, e := range []string{op, last} {
		check("block "+push(params)+e+pop(results)+"end", "")
		check("unreachable "+e+pop(results), "")
		check(push([]string{"f32"})+push(params)+e+pop(results)+pop([]string{"f32"}), "")
		for i := range params {
			for _, other := range numberTypes {
				if wrong := slices.Clone(params); other != wrong[i] {
					wrong[i] = other
					check(push(wrong)+"@"+e+pop(results), "type mismatch")
				}
			}
			check(push(params[i+1:])+"@"+e+pop(results), "type mismatch")
		}
		for i, typ := range results {
			code := push(params) + e + pop(results[i+1:])
			check(fmt.Sprintf("%s@local.set %d %s", code, localOf(otherThan(typ)), pop(results[:i])), "type mismatch")
		}
		check(push(params)+e+pop(results)+"@drop", "type mismatch")
	}
	// What follows is not taken for immediates: if it were, there would be too few operands.
	for n := 1; n <= 3; n++ {
		behind := strings.Repeat("unreachable ", n) + "nop" + strings.Repeat(" drop", len(results)+1)
		check(push(params)+op+behind, "")
		if o.align > 0 || strings.HasPrefix(o.name, "memory.") {
			check(push(params)+"@"+o.within(addressing{index: 1})+pop(results), "unknown memory 1")
		}
		if o.align > 0 && !strings.Contains(o.name, "atomic") {
			zeros := bytesOf(o.encoded(op, func(in *ops.Instr) { in.Mem.Align, in.Mem.Offset = 0, 0 }))
			check(push(params)+zeros+behind, "")
		}
	}
	if o.align > 0 && !strings.Contains(o.name, "atomic") {
		check(push(params)+bytesOf(o.encoded(op, func(in *ops.Instr) { in.Mem.Align = 0 }))+pop(results), "")
	}
	if o.align > 0 {
		check(push(params)+"@"+o.text(a, 2*o.align, max(o.lanes-1, 0))+pop(results), "alignment must not be larger than natural")
	}
	if o.align > 0 && a.at == "i32" { // 2^32 in five bytes
		code := bytesOf(o.encoded(op, func(in *ops.Instr) { in.Mem.Offset = 1 << 32 }))
		check(push(params)+"@"+code+pop(results), "offset out of range")
	}
}

// within writes the operator, within one memory if it names two.
func (o operator) within(a addressing) string {
	if o.op == ops.MemoryCopy {
		return fmt.Sprintf("%s %d %d ", o.name, a.index, a.index)
	}
	return o.natural(a)
}

// first checks that the first o of a body is not served without its proposal, though
// its operands are all there.
func (o operator) first(t *testing.T, a addressing) {
	t.Helper()
	locals := "i32 i64 f32 f64"
	switch {
	case o.feature == 0, o.feature == ops.SIMD && slices.Contains(o.params, "v128"), slices.Contains(o.params, "t"):
		return // operands that are of the proposal
	case o.feature == ops.RelaxedSIMD:
		locals += " v128"
	}
	m := validatortest.NewModule().Type("func")
	if a.at != "" {
		m.Memory(a.at + " 1 2").Table(a.at + " 1 funcref")
	}
	m.Func(0, locals, push(a.resolve(o.params))+"@"+o.within(a)+"unreachable")
	expectOff(t, o.feature, m, "malformed: illegal opcode")
}

// expectByOperators checks the verdict on the one body of m, operator by operator.
func expectByOperators(t *testing.T, m *validatortest.Module, want string) {
	t.Helper()
	_, funcs := spine(t, m.Bytes(), validator.WithFeatures(ops.All))
	var e engine
	if err := e.validate(funcs[0], false); (err == nil) != (want == "") {
		t.Errorf("operator by operator: got %v, want %q", err, want)
	}
}

// encodings returns the operator that the text writes as it is, and in bytes: with its
// number, if it has one, and with its offset in every length that they may have.
func (o operator) encodings(text string, wide bool) []string {
	list := []string{text}
	numbers, offsets := 1, 1
	if o.op >= 1<<16 {
		numbers = 5
	}
	if o.align > 0 {
		if offsets = 5; wide {
			offsets = 10
		}
	}
	for number := 1; number <= numbers; number++ {
		for offset := 1; offset <= offsets; offset++ {
			// The last byte of an offset would be the end of the function.
			b := o.encoded(text, func(in *ops.Instr) {
				if offset > 1 && offset < 10 {
					in.Mem.Offset = uint64(ops.End) << (7 * (offset - 1))
				}
			})
			if o.op >= 1<<16 {
				b = lengthened(b, 1, number)
			}
			list = append(list, bytesOf(b))
		}
	}
	return list
}

// encoded returns the bytes of the operator that the text writes, changed.
func (o operator) encoded(text string, change func(*ops.Instr)) []byte {
	in := validatortest.Instrs(text)[0]
	change(&in)
	return ops.AppendInstr(nil, &in)
}

// lengthened returns b with the LEB at the position at in so many bytes, if it is
// shorter.
func lengthened(b []byte, at, size int) []byte {
	n := 1
	for b[at+n-1] >= 0x80 {
		n++
	}
	for ; n < size; n++ {
		b[at+n-1] |= 0x80
		b = slices.Insert(b, at+n, 0)
	}
	return b
}

// bytesOf writes bytes as code.
func bytesOf(b []byte) string {
	words := []string{"(bytes"}
	for _, c := range b {
		words = append(words, strconv.Itoa(int(c)))
	}
	return strings.Join(words, " ") + ") "
}
