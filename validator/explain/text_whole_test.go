package explain_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// TestFaultIsWhole checks that the text has all of the operator at fault, however
// long it is and however little room there is.
func TestFaultIsWhole(t *testing.T) {
	base := func() *validatortest.Module {
		return validatortest.NewModule().Type("func (param i32)").Memory("1").Tag(0)
	}
	tests := []struct{ name, body string }{
		{"lanes", "local.get 0 local.get 0 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 drop"},
		{"clauses", "block (result i64) try_table (catch 0 0) (catch_all 1) (catch_all_ref 0) end i64.const 1 end drop"},
		{"deep", strings.Repeat("block ", 20) + "i64.const 0 i32.load offset=123456789 align=2 drop" + strings.Repeat(" end", 20)},
		{"labels", "local.get 0 br_table 0 0 0 0 0 0 0 0 0 0 7 0"},
		{"name", "call 1"},
	}
	for _, tt := range tests {
		for _, width := range []int{0, 40, 44, 60, 100} {
			is := is.New(t)
			name := strings.Repeat("n", 58)
			d := diagnose(t, base().Type("func (param f32)").Func(0, "", tt.body).Func(1, "", "").Export(name, "func 1"))
			want := d.Op.Text
			if tt.name == "name" {
				want += " $" + name
			}
			text := d.Text(explain.TextOptions{Width: width})
			_, text, _ = strings.Cut(text, "\n>")
			_, text, _ = strings.Cut(text, "| ")
			text, _, _ = strings.Cut(text, "^")
			text = strings.NewReplacer(" ", "", "\n", "", "|", "", "╰>", "").Replace(text)
			is.Equal(text, strings.ReplaceAll(want, " ", ""))
		}
	}
}

// TestCutBetweenWords checks that an operator beside the one at fault that is too
// long for its line ends with a whole immediate.
func TestCutBetweenWords(t *testing.T) {
	is := is.New(t)
	d := diagnose(t, validatortest.NewModule().Type("func (param i32)").
		Func(0, "", "f32.const 0 drop local.get 0 br_table 0 0 0 0 0 0 0 0 0 0 0 0 0 0 f32.neg f64.neg drop"))
	is.Equal(d.Op.Text, "f64.neg")
	is.True(strings.Contains(d.Text(explain.TextOptions{}), "br_table 0 0 0 0 0 0 0 0 0 0 0 0 … 2 more\n"))
	is = is.New(t)
	d = diagnose(t, validatortest.NewModule().Type("func (param i32)").
		Func(0, "", "unreachable i8x16.shuffle 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 f32.neg"))
	is.True(strings.Contains(d.Text(explain.TextOptions{}), "i8x16.shuffle 10 11 12 13 14 15 16 17 18 …  ; v128, but f32 is wanted\n"))
}
