package explain

import (
	"context"
	"errors"
	"strings"
	"testing"

	matryer "github.com/matryer/is" // the package has a function is

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Blocks are counted, and of very many the inner ones are remembered.
func TestNesting(t *testing.T) {
	is := matryer.New(t)
	var n nesting
	_, ok := n.label(0)
	is.True(!ok)
	is.True(!n.close())
	const many = 5*kept + 3
	for i := range many {
		n.open(block{offset: i, op: ops.Block})
		is.True(len(n.inner) < 2*kept)
	}
	for i := range many {
		is.Equal(n.depth(), many-i)
		if b, ok := n.label(0); ok {
			is.Equal(b.offset, many-1-i)
		} else {
			is.True(i >= kept)
		}
		is.True(n.close())
	}
	is.True(!n.close())
	n.open(block{offset: 7})
	b, ok := n.label(0)
	is.True(ok)
	is.Equal(b.offset, 7)
	is.Equal(n.depth(), 1)
}

// Of very many operands the origins of the topmost are remembered.
func TestOriginsOfMany(t *testing.T) {
	is := matryer.New(t)
	var o origins
	const many = 5*kept + 3
	for i := range many {
		o.push(i, i+1, 10+i, -1, false)
		is.True(len(o) < 2*kept)
	}
	for i := range kept {
		r, ok := o.at(many - 1 - i)
		is.True(ok)
		is.Equal(r.offset, 10+many-1-i)
	}
	_, ok := o.at(0)
	is.True(!ok)
	is.Equal(o.source(0), -1)
	o.push(5, 6, 1, -1, false) // the others were taken
	r, ok := o.at(5)
	is.True(ok)
	is.Equal(r.offset, 1)
	_, ok = o.at(4)
	is.True(!ok)
}

// What is not remembered is not shown, and not taken for something else.
func TestExplainForgotten(t *testing.T) {
	const many = 3 * kept
	for _, c := range []struct{ name, body, want string }{
		{"operand", strings.Repeat("i32.const 0 ", many) + strings.Repeat("drop ", many-1) + "i64.eqz drop", ""},
		{"label", strings.Repeat("block ", many) + strings.Repeat("end ", many-1) + "br 2 end", ""},
		{"end missing", strings.Repeat("block ", many) + strings.Repeat("end ", many-2), "1 block and the function are open: an `end` is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := matryer.New(t)
			wasm := validatortest.NewModule().Type("func").Func(0, "", c.body).Bytes()
			_, err := validator.Validate(context.Background(), wasm)
			var e *validator.Error
			is.True(errors.As(err, &e))
			d := Explain(wasm, e)
			is.True(strings.Contains(d.Text(TextOptions{Width: 200}), c.want))
			if c.name == "operand" {
				is.Equal(d.Stack[0].Origin, nil)
			} else {
				is.Equal(d.Frames[0].Text, "")
			}
			is.Equal(d.Frames[len(d.Frames)-1].Kind, "func")
		})
	}
}
