package validator_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// neverFails lists the operators whose typing rule nothing breaks, and which have
// no immediate that could be wrong.
var neverFails = []string{"nop", "unreachable"}

// Every row of the operator table is exercised both ways: a valid body goes
// through the operator, and an invalid one fails at it, for what the operator
// itself wants. What a row ought to be is written down beside the table, from the
// specification: in rowCases and in testdata/signatures.txt.
func TestRowsBothWays(t *testing.T) {
	cases := casesOfRows(t)
	for row := range ops.Rows() {
		t.Run(row.Name, func(t *testing.T) {
			is := is.New(t)
			passed, failed := 0, 0
			for _, c := range cases[row.Name] {
				m := c.module()
				e := expect(t, ops.All, m, c.want)
				switch {
				case c.want == "":
					is.True(c.has(row.Op)) // the body contains the operator
					passed++
				case e != nil && e.InOp && e.Op == row.Op:
					failed++
				}
			}
			if passed == 0 {
				t.Error("no valid body goes through the operator")
			}
			if never := slices.Contains(neverFails, row.Name); never != (failed == 0) {
				t.Errorf("%d bodies fail at the operator", failed)
			}
		})
	}
}

// An operator whose signature names no memory and no table needs none.
func TestRowsAlone(t *testing.T) {
	for _, o := range readOperators(t) {
		types := slices.Concat(o.params, o.results)
		if o.align == 0 && !slices.Contains(types, "at") && !slices.Contains(types, "t") {
			t.Run(o.name, func(t *testing.T) {
				code := push(o.params) + o.natural(addressings[0]) + pop(o.results)
				expect(t, ops.All, emptyTypes().Func(0, localsOfEachType, code), "")
			})
		}
	}
}

// Every case is of a row that exists.
func TestRowCasesHaveRows(t *testing.T) {
	for name := range casesOfRows(t) {
		if _, ok := ops.Lookup(name); !ok {
			t.Errorf("%s: not in the table", name)
		}
	}
}

// rowsOfGCTypes are the operators that gc-types takes away: they make references that it
// takes away, or work on nothing else, and have no immediate that says so.
var rowsOfGCTypes = []string{
	"ref.eq", "array.len", "any.convert_extern", "extern.convert_any", "ref.i31", "i31.get_s", "i31.get_u", "ref.i31_shared",
}

// Without the proposal that brought it, an operator with a rule of its own is as
// unknown as one that nobody defined. What its immediates need, it does not need.
func TestRowsFeatureOff(t *testing.T) {
	for name, cases := range rowCases {
		feature := list(t, name)
		switch feature {
		case 0:
			continue
		case ops.Exceptions | ops.LegacyExceptions | ops.StackSwitching:
			feature = ops.Tags
		}
		for _, c := range cases {
			if c.want != "" {
				continue
			}
			t.Run(c.row, func(t *testing.T) {
				is := is.New(t)
				op, ok := ops.Lookup(c.row)
				is.True(ok)
				is.Equal(op.Row().Feature&^ops.GCTypes, feature)
				is.Equal(op.Row().Feature&ops.GCTypes != 0, slices.Contains(rowsOfGCTypes, c.row))
				b := append([]byte{0}, c.encoding(op)...)
				m := emptyTypes().FuncType(0).Body(append(b, 0x0B), 1)
				if feature != ops.Tags {
					expectOff(t, feature, m, "malformed: illegal opcode")
				}
			})
		}
	}
}

// Operators of the first version have no proposal.
func TestRowsOfTheFirstVersion(t *testing.T) {
	for _, c := range rowCases["mvp"] {
		op, _ := ops.Lookup(c.row)
		is.New(t).Equal(op.Row().Feature, ops.Features(0))
	}
}

// casesOfRows returns the cases of every row, by its name: those of rowCases, and
// one of each kind that a signature and its immediates allow.
func casesOfRows(t *testing.T) map[string][]rowCase {
	t.Helper()
	cases := map[string][]rowCase{}
	for _, list := range rowCases {
		for _, c := range list {
			cases[c.row] = append(cases[c.row], c)
		}
	}
	for _, o := range readOperators(t) {
		cases[o.name] = append(cases[o.name], o.cases()...)
	}
	return cases
}

// cases returns a valid body and an invalid one of an operator with a fixed type.
func (o operator) cases() []rowCase {
	words := func(format string, types []string) (text string) {
		for _, typ := range addressings[0].resolve(types) {
			text += fmt.Sprintf(format, typ)
		}
		return text
	}
	op := o.natural(addressings[0])
	results := slices.Clone(o.results)
	slices.Reverse(results)
	valid := rowCase{o.name, words("<%s> ", o.params) + op + words("=%s ", results), ""}
	invalid := rowCase{row: o.name}
	switch {
	case slices.Contains(neverFails, o.name):
		return []rowCase{valid}
	case len(o.params) > 0:
		wrong := slices.Clone(o.params)
		wrong[0] = otherThan(addressings[0].resolve(wrong)[0])
		invalid.code, invalid.want = words("<%s> ", wrong)+"@"+op, "type mismatch"
	case strings.HasPrefix(o.name, "memory."):
		invalid.code, invalid.want = "@"+o.natural(addressing{index: 99}), "unknown memory 99"
	case strings.HasPrefix(o.name, "table."):
		invalid.code, invalid.want = "@"+o.natural(addressing{index: 99}), "unknown table 99"
	case o.name == "atomic.fence":
		invalid.code, invalid.want = "(bytes 0xFE 3) @(bytes 1)", "malformed: zero byte expected"
	case strings.HasPrefix(o.name, "i"):
		invalid.code = fmt.Sprintf("(bytes %#x) @(bytes%s)", uint32(o.op), strings.Repeat(" 0x80", 11))
		invalid.want = "malformed: integer representation too long"
	default:
		invalid.code, invalid.want = "(bytes "+opcodeBytes(o.op)+") @", "malformed: unexpected end"
	}
	return []rowCase{valid, invalid}
}

// opcodeBytes writes the bytes of an opcode.
func opcodeBytes(op ops.Op) string {
	if op < 1<<16 {
		return fmt.Sprintf("%#x", uint32(op))
	}
	return fmt.Sprintf("%#x %#x", uint32(op)>>16, uint32(op)&0xFFFF)
}

// module returns a module with the body of c.
func (c rowCase) module() source {
	typeIdx, code := 0, c.code
	if text, rest, ok := strings.Cut(strings.TrimPrefix(code, "["), "] "); ok && code[0] == '[' {
		typeIdx, _ = strconv.Atoi(text)
		code = rest
	}
	if rest, ok := strings.CutSuffix(code, "@"); ok {
		b, _ := validatortest.Body(rowLocalTypes(), rest)
		return rowModule().FuncType(uint32(typeIdx)).Body(b, len(b)-1)
	}
	return rowModule().Func(uint32(typeIdx), rowLocalTypes(), expandLocals(code))
}

// rowLocalTypes returns the types of the locals of a case.
func rowLocalTypes() string {
	var types []string
	for _, l := range rowLocals {
		types = append(types, l.typ)
	}
	return strings.Join(types, " ")
}

// expandLocals replaces the words that push and pop locals.
func expandLocals(code string) string {
	words := strings.Fields(code)
	for i, word := range words {
		mark := word[:len(word)-len(strings.TrimPrefix(word, "@"))]
		word = word[len(mark):]
		op := "local.get"
		if word[0] == '=' {
			op, word = "local.set", "<"+word[1:]+">"
		}
		if word[0] == '<' {
			words[i] = fmt.Sprintf("%s%s %d", mark, op, rowLocal(strings.Trim(word, "<>")))
		}
	}
	return strings.Join(words, " ")
}

// rowLocal returns the index of the local with a name.
func rowLocal(name string) int {
	i := slices.IndexFunc(rowLocals, func(l struct{ name, typ string }) bool { return l.name == name })
	if i < 0 {
		panic("no local " + name)
	}
	return i
}

// instrs returns the operators of the code.
func (c rowCase) instrs() []ops.Instr {
	code := c.code
	if code[0] == '[' {
		_, code, _ = strings.Cut(code, "] ")
	}
	return validatortest.Instrs(expandLocals(code))
}

// has reports whether the code contains an operator.
func (c rowCase) has(op ops.Op) bool {
	return slices.ContainsFunc(c.instrs(), func(in ops.Instr) bool { return in.Op == op })
}

// encoding returns the bytes of the first op in the code.
func (c rowCase) encoding(op ops.Op) []byte {
	for _, in := range c.instrs() {
		if in.Op == op {
			return ops.AppendInstr(nil, &in)
		}
	}
	return nil
}
