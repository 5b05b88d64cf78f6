package validator_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// relationTypes are types by name, each with those that it matches.
var relationTypes = map[string][]string{
	"nullref":     {"nullref", "i31ref", "structref", "arrayref", "eqref", "anyref"},
	"i31ref":      {"i31ref", "eqref", "anyref"},
	"structref":   {"structref", "eqref", "anyref"},
	"arrayref":    {"arrayref", "eqref", "anyref"},
	"eqref":       {"eqref", "anyref"},
	"(ref i31)":   {"(ref i31)", "(ref eq)", "i31ref", "eqref", "anyref"},
	"(ref none)":  {"(ref none)", "(ref i31)", "(ref array)", "(ref eq)", "nullref", "i31ref", "structref", "arrayref", "eqref", "anyref"},
	"(ref array)": {"(ref array)", "(ref eq)", "arrayref", "eqref", "anyref"},
	"(ref eq)":    {"(ref eq)", "eqref", "anyref"},
	"anyref":      {"anyref"},
}

// structureTypes are as many types of structures as make, with the others, more than are
// remembered of lists that are compared together.
var structureTypes = func() (list []string) {
	for i := range 8 {
		list = append(list, fmt.Sprintf("(ref %d)", i))
		relationTypes[list[i]] = []string{list[i], "(ref eq)", "structref", "eqref", "anyref"}
	}
	return list
}()

// relationList returns n types; all but a few of them are among the usual.
func relationList(r *rand.Rand, n int, usual, others []string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = usual[r.IntN(len(usual))]
	}
	list[r.IntN(n)] = others[r.IntN(len(others))]
	return list
}

// Every pair of many long lists is compared, in turns, in one br_table for each
// list: once with all labels that it matches, and once with one more that it does
// not. Pairs are told apart by a table of subtypes that the library does not know.
func TestListRelations(t *testing.T) {
	const haves, wants = 40, 6 * 64
	length := func(i int) int { return 80 + i%2 } // lists of two lengths are compared in turns
	few := []string{"nullref", "i31ref"}
	many := []string{
		"(ref none)", "nullref", "i31ref", "structref", "arrayref", "(ref i31)", "(ref array)", "(ref eq)", "eqref", "anyref",
	}
	for _, tt := range []struct {
		name          string
		usual, others []string
	}{
		{"few types in a column", few, few},
		{"an odd type in a column", few, []string{"structref", "arrayref", "eqref"}},
		{"many types in a column", many[:9], many[:9]},
		{"more types than are remembered", slices.Concat(many[:9], structureTypes), many[:9]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			r := rand.New(rand.NewPCG(1, 2))
			var have, want [][]string
			m := validatortest.NewModule()
			for i := range structureTypes { // each another
				m.Type("sub (struct" + strings.Repeat(" (field i32)", i) + ")")
			}
			first := len(structureTypes)
			for i := range haves {
				have = append(have, relationList(r, length(i), tt.usual, tt.others))
				m.Type("func (result "+strings.Join(have[i], " ")+")").Import("", "", fmt.Sprintf("func %d", first+i))
			}
			open := ""
			for i := range wants {
				list := relationList(r, length(i), []string{"eqref", "anyref", "i31ref"}[:2+i/2%2], many)
				if i%10 < 2 {
					list = have[i%haves] // an equal one
				}
				want = append(want, list)
				m.Type("func (result " + strings.Join(list, " ") + ")")
				open += fmt.Sprintf("block (type %d) ", first+haves+i)
			}
			m.Type("func")
			closed := "unreachable " + strings.Repeat("end unreachable ", wants)
			var valid []bool
			for i := range haves {
				var matching, others []int
				for j := range want {
					switch {
					case length(i) != length(j):
					case allMatch(have[i], want[j]):
						matching = append(matching, wants-1-j)
					default:
						others = append(others, wants-1-j)
					}
				}
				is.True(len(matching) > 10 && len(others) > 10) // or nothing is tested
				labels := strings.Trim(fmt.Sprint(matching), "[]")
				for range 2 {
					m.Func(uint32(first+haves+wants), "", fmt.Sprintf("%s call %d i32.const 0 br_table %s %s", open, i, labels, closed))
					valid = append(valid, true)
				}
				other := others[r.IntN(len(others))]
				m.Func(uint32(first+haves+wants), "", fmt.Sprintf("%s call %d i32.const 0 br_table %s %d %s", open, i, labels, other, closed))
				valid = append(valid, false)
			}
			_, funcs := spine(t, m.Bytes())
			u := validator.New(funcs[0].Resources, ops.Default)
			for k, f := range funcs {
				a, err := f.Assign(u)
				is.NoErr(err)
				err = a.Validate(f.Body)
				is.Equal(err == nil, valid[k])
				u = a.Abandon()
			}
		})
	}
}

// allMatch reports whether the types of one list match those of the other.
func allMatch(have, want []string) bool {
	for i, t := range have {
		if !slices.Contains(relationTypes[t], want[i]) {
			return false
		}
	}
	return true
}
