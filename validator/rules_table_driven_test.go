package validator_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// operator is one line of testdata/signatures.txt: what the specification says
// about an instruction, written down without looking at the operator table.
type operator struct {
	op              ops.Op
	name            string
	feature         ops.Features // 0 for the MVP
	params, results []string
	align           int // natural, in bytes; 0 for what does not access memory
	lanes           int
}

// readOperators reads testdata/signatures.txt.
func readOperators(t *testing.T) (list []operator) {
	t.Helper()
	is := is.New(t)
	text, err := os.ReadFile("testdata/signatures.txt")
	is.NoErr(err)
	var feature ops.Features
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "feature: "); ok {
			feature, err = ops.ParseFeatures(name)
			is.NoErr(err)
			continue
		}
		if line != "" && line[0] != '#' {
			o := readOperator(t, line)
			o.feature = feature &^ ops.MVP
			list = append(list, o)
		}
	}
	return list
}

// readOperator reads one line.
func readOperator(t *testing.T, line string) (o operator) {
	t.Helper()
	number := func(s string, base int) int {
		n, err := strconv.ParseUint(s, base, 16)
		is.New(t).NoErr(err)
		return int(n)
	}
	parts := strings.Split(line, ", ")
	for _, p := range parts[1:] {
		if n, ok := strings.CutPrefix(p, "align "); ok {
			o.align = number(n, 10)
		}
		if n, ok := strings.CutPrefix(p, "lanes "); ok {
			o.lanes = number(n, 10)
		}
	}
	left, right, _ := strings.Cut(parts[0], "->")
	words := strings.Fields(left)
	o.results = strings.Fields(right)
	o.op = ops.Op(number(words[0], 16))
	words = words[1:]
	if o.op >= 0xFB && o.op <= 0xFE {
		o.op = o.op<<16 | ops.Op(number(words[0], 16))
		words = words[1:]
	}
	o.name, o.params = words[0], words[1:]
	return o
}

// fixed reports whether the typing rule of a row is one that has no more to it
// than a signature.
func fixed(r ops.Rule) bool {
	switch r {
	case ops.RulePlain, ops.RuleMemory, ops.RuleAtomic, ops.RuleTable, ops.RuleLane:
		return true
	}
	return false
}

// Every row of the operator table with a fixed type is in the list, and the
// other way round, with the same name.
func TestSignaturesCoverTheTable(t *testing.T) {
	is := is.New(t)
	listed := map[ops.Op]bool{}
	for _, o := range readOperators(t) {
		is.True(!listed[o.op]) // listed once
		listed[o.op] = true
		row := o.op.Row()
		if row == nil {
			t.Errorf("%s: not in the table", o.name)
			continue
		}
		is.Equal(row.Name, o.name)
		if o.feature != 0 {
			is.True(row.Feature&o.feature != 0) // it belongs to its proposal
		}
	}
	for row := range ops.Rows() {
		if fixed(row.Rule) && !listed[row.Op] {
			t.Errorf("%s: not in testdata/signatures.txt", row.Name)
		}
		if !fixed(row.Rule) && listed[row.Op] {
			t.Errorf("%s: its rule is not that of a fixed type", row.Name)
		}
	}
}

// addressing is what an operator finds its memory and table to be.
type addressing struct {
	at    string // the address type
	index uint32 // of the memory and of the table
	elem  string // the element type of the table
}

var addressings = []addressing{{"i32", 0, "funcref"}, {"i64", 1, "externref"}}

// fixedTypes declares the memories and tables of addressings.
func fixedTypes() *validatortest.Module {
	return validatortest.NewModule().Type("func").
		Memory("1 2 shared").Memory("i64 1 2 shared").
		Table("1 funcref").Table("i64 1 externref")
}

// The locals of the tests, one of each type: localOf gives their index.
const localsOfEachType = "i32 i64 f32 f64 v128 funcref externref"

func localOf(typ string) int {
	for i, name := range strings.Fields(localsOfEachType) {
		if name == typ {
			return i
		}
	}
	panic("no local of type " + typ)
}

// resolve replaces at and t in a list of types.
func (a addressing) resolve(types []string) []string {
	list := make([]string, len(types))
	for i, typ := range types {
		switch typ {
		case "at":
			typ = a.at
		case "t":
			typ = a.elem
		}
		list[i] = typ
	}
	return list
}

// otherThan returns a type that is not typ.
func otherThan(typ string) string {
	switch typ {
	case "i32":
		return "i64"
	case "funcref":
		return "externref"
	}
	return map[bool]string{true: "funcref", false: "i32"}[typ == "externref"]
}

// push writes code that pushes a value of each type.
func push(types []string) string {
	var b strings.Builder
	for _, typ := range types {
		fmt.Fprintf(&b, "local.get %d ", localOf(typ))
	}
	return b.String()
}

// pop writes code that pops a value of each type into a local of just that type.
func pop(types []string) string {
	var b strings.Builder
	for i := len(types) - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "local.set %d ", localOf(types[i]))
	}
	return b.String()
}

// text writes the operator, with the alignment in bytes and the lane given.
func (o operator) text(a addressing, align, lane int) string {
	row := o.op.Row()
	words := []string{o.name}
	switch row.Imm.Kind {
	case ops.ImmMem, ops.ImmTable, ops.ImmMemArg, ops.ImmMemArgLane:
		words = append(words, strconv.Itoa(int(a.index)))
	}
	if o.align > 0 {
		words = append(words, fmt.Sprintf("offset=8 align=%d", align))
	}
	switch row.Imm.Kind {
	case ops.ImmLane, ops.ImmMemArgLane:
		words = append(words, strconv.Itoa(lane))
	case ops.ImmShuffle:
		words = append(words, strings.Repeat("0 ", 15), strconv.Itoa(lane))
	case ops.ImmI32, ops.ImmI64, ops.ImmF32, ops.ImmF64:
		words = append(words, "1")
	case ops.ImmV128:
		words = append(words, "i64x2 1 2")
	}
	return strings.Join(words, " ") + " "
}

// natural writes the operator with its natural alignment and its last lane.
func (o operator) natural(a addressing) string { return o.text(a, o.align, max(o.lanes-1, 0)) }

// Each operator with a fixed type passes with operands of that type and leaves
// results of that type; and fails for each operand that is of another type or
// missing, whether the code can be reached or not.
func TestFixedTypes(t *testing.T) {
	for _, o := range readOperators(t) {
		for _, a := range addressings {
			t.Run(o.name+"/"+a.at, func(t *testing.T) {
				check := func(code, want string) {
					t.Helper()
					expect(t, ops.All, fixedTypes().Func(0, localsOfEachType, code), want)
				}
				op := o.natural(a)
				params, results := a.resolve(o.params), a.resolve(o.results)
				check(push(params)+op+pop(results), "")
				check("block "+push(params)+op+pop(results)+"end", "")
				check("unreachable "+op+pop(results), "")
				for i := range params {
					wrong := append([]string{}, params...)
					wrong[i] = otherThan(wrong[i])
					check(push(wrong)+"@"+op+pop(results), "type mismatch")
					check("unreachable "+push(wrong[i:])+"@"+op+pop(results), "type mismatch")
					check("unreachable "+push(params[i+1:])+op+pop(results), "")
					check(push(params[i+1:])+"@"+op+pop(results), "type mismatch")
					check(push(params[:i+1])+"block "+push(params[i+1:])+"@"+op+pop(results)+"end", "type mismatch")
				}
				for i, typ := range results {
					other := localOf(otherThan(typ))
					after := pop(results[i+1:])
					check(fmt.Sprintf("%s%s%s@local.set %d %s", push(params), op, after, other, pop(results[:i])), "type mismatch")
				}
				check(push(params)+op+pop(results)+"@drop", "type mismatch")
			})
		}
	}
}

// An alignment above the natural one is invalid; of an atomic access, so is one
// below it.
func TestFixedAlignment(t *testing.T) {
	for _, o := range readOperators(t) {
		if o.align == 0 {
			continue
		}
		atomic := strings.Contains(o.name, "atomic.")
		for _, a := range addressings {
			t.Run(o.name+"/"+a.at, func(t *testing.T) {
				for align := 1; align <= 32; align *= 2 {
					code, want := "unreachable ", ""
					switch {
					case align > o.align:
						code, want = code+"@", "alignment must not be larger than natural"
					case atomic && align < o.align:
						code, want = code+"@", "atomic alignment must be natural"
					}
					code += o.text(a, align, 0) + pop(a.resolve(o.results))
					expect(t, ops.All, fixedTypes().Func(0, localsOfEachType, code), want)
				}
			})
		}
	}
}

// A lane is below the number of lanes.
func TestFixedLanes(t *testing.T) {
	for _, o := range readOperators(t) {
		if o.lanes == 0 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			for _, lane := range []int{0, 1, o.lanes - 1, o.lanes, o.lanes + 1, 127, 128, 255} {
				code, want := "unreachable ", ""
				if lane >= o.lanes {
					code, want = code+"@", "invalid lane index"
				}
				code += o.text(addressings[0], o.align, lane) + pop(addressings[0].resolve(o.results))
				expect(t, ops.All, fixedTypes().Func(0, localsOfEachType, code), want)
			}
		})
	}
}

// Without a memory or table of its index, an operator is invalid.
func TestFixedIndices(t *testing.T) {
	for _, o := range readOperators(t) {
		unknown := ""
		switch {
		case o.align > 0, strings.HasPrefix(o.name, "memory."):
			unknown = "unknown memory "
		case strings.HasPrefix(o.name, "table."):
			unknown = "unknown table "
		default:
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			none := func() *validatortest.Module { return validatortest.NewModule().Type("func") }
			code := "unreachable @" + o.natural(addressings[0])
			expect(t, ops.All, none().Func(0, "", code), unknown+"0")
			code = "unreachable @" + o.natural(addressing{index: 2})
			expect(t, ops.All, fixedTypes().Func(0, "", code), unknown+"2")
			code = "unreachable @" + o.natural(addressing{index: 300})
			expect(t, ops.All, fixedTypes().Func(0, "", code), unknown+"300")
		})
	}
}

// Without its proposal, an operator is as unknown as one that nobody defined.
func TestFixedFeatureOff(t *testing.T) {
	for _, o := range readOperators(t) {
		if o.feature == 0 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			m := validatortest.NewModule().Type("func").Func(0, "", "unreachable @"+o.natural(addressings[0]))
			expectOff(t, o.feature, m, "malformed: illegal opcode")
		})
	}
}

// Without floats, so is every operator that takes, leaves, loads or stores
// floating-point numbers, or calculates with lanes that are such.
func TestFixedFloatsOff(t *testing.T) {
	for _, o := range readOperators(t) {
		m := func(mark string) *validatortest.Module {
			return validatortest.NewModule().Type("func").Memory("1 2 shared").Table("1 funcref").
				Func(0, "", "unreachable "+mark+o.natural(addressings[0])+" unreachable")
		}
		types := strings.Join(append(o.params, o.results...), " ")
		t.Run(o.name, func(t *testing.T) {
			if strings.Contains(types, "f32") || strings.Contains(types, "f64") ||
				strings.Contains(o.name, "f32") || strings.Contains(o.name, "f64") {
				expectOff(t, ops.Floats, m("@"), "malformed: illegal opcode")
			} else {
				expect(t, allBut(t, ops.Floats), m(""), "")
			}
		})
	}
}
