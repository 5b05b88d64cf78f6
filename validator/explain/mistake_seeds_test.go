package explain_test

import (
	"slices"
	"strconv"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// mistake is one kind of mistake: how to make it in a module, and what an
// explanation of it has to say. Seed reports false for a module that has no
// place for it.
type mistake struct {
	name string
	seed func(p *patient) (expected, bool)
}

// expected is what an explanation has to say. Operators are counted from site,
// whose number 0 is.
type expected struct {
	kind     validator.Kind // Invalid unless given
	message  string         // what the message begins with
	features ops.Features   // with which to validate; those of the module unless given
	own      bool           // the module has the construct already that they do not allow
	after    func(wasm []byte) []byte

	site   place
	inBody bool
	at     int    // the operator at fault
	op     string // its text; that of the operator at the place unless given
	noOp   bool   // the error is not in an operator

	wants  []wanted
	target *int // where the block begins that the operator ends or branches to; -1 is the function
	blocks bool // the site is not nested as it was: the seed says nothing of the blocks

	section module.SectionID
	item    string // what the item is
	number  int    // of the item in its section
	field   string // part of the item; not compared when empty

	hints   []string // one of them has to be the first, unless empty
	replace string   // of that hint, unless empty
	hintAt  *int     // the operator that the hint is about
	feature string   // that would have allowed it
	limit   string   // that it goes past
}

// wanted is one operand that the operator wants, with what it finds there.
type wanted struct {
	want    string // a type; not compared when empty
	verdict string
	found   string // its type
	from    int    // the operator that has pushed it
}

// nth makes a pointer to the number of an operator.
func nth(n int) *int { return &n }

// fits is an operand that is right.
func fits(t string, from int) wanted { return wanted{t, explain.Fits, t, from} }

// wrong is an operand of a wrong type.
func wrong(want, found string, from int) wanted { return wanted{want, explain.Wrong, found, from} }

// missing is an operand that is not there.
func missing(want string) wanted { return wanted{want, explain.Missing, "", 0} }

// extra is an operand that is left over.
func extra(found string, from int) wanted { return wanted{"", explain.Extra, found, from} }

// heights is the number of operands of the innermost block before each operator
// of a body that was not changed; -1 where it cannot be reached.
func (p *patient) heights(i int) []int {
	b := module.NewFuncBody(0, p.bodies[i].whole)
	stacks, err := operandsAt(p.module, uint32(p.imported+i), b)
	if err != nil {
		panic(err)
	}
	code := p.code(i)
	heights, at := make([]int, len(code)), len(p.bodies[i].locals)
	for j, c := range code {
		heights[j] = -1
		if s, ok := stacks[at]; ok {
			heights[j] = len(s)
		}
		at += len(c.bytes)
	}
	return heights
}

// empty reports whether the innermost block has no operands at a place.
func (p *patient) empty(at place) bool { return p.heights(at.body)[at.at] == 0 }

// statement is a place in the middle of a function, in a block, with no operands
// on the stack of that block.
func (p *patient) statement() place {
	for i := range p.bodies {
		code := p.code(i)
		if len(code) < 30 || len(code) > 2000 {
			continue
		}
		heights := p.heights(i)
		for j := 6; j < len(code)-6; j++ {
			set := code[j-1].op == ops.LocalSet || code[j-1].op == ops.I32Store
			if set && heights[j] == 0 && len(p.around(place{i, j})) > 0 {
				return place{i, j}
			}
		}
	}
	return place{0, 0}
}

// with is the mistake of operators that are inserted where none belong. Tests that
// run at the same time may make it, so what is expected is copied.
func with(text string, every expected) func(*patient) (expected, bool) {
	return func(p *patient) (expected, bool) {
		e := every
		e.site, e.inBody = p.statement(), true
		p.replace(e.site, 0, asm(text)...)
		return e, true
	}
}

// number is n in decimal.
func number(n int) string { return strconv.Itoa(n) }

// funcWith is the first body whose function has the numbers of parameters and
// results; -1 means any.
func (p *patient) funcWith(params, results int) (index int, ok bool) {
	i := slices.IndexFunc(p.bodies, func(b *body) bool { return len(b.whole) > 30 && p.arity(b, params, results) })
	if i < 0 {
		i = slices.IndexFunc(p.bodies, func(b *body) bool { return p.arity(b, params, results) })
	}
	return i, i >= 0
}

// arity reports whether a body has the numbers of parameters and results.
func (p *patient) arity(b *body, params, results int) bool {
	t := p.module.FuncType(uint32(p.imported + slices.Index(p.bodies, b)))
	return (params < 0 || len(p.module.Types().Params(t)) == params) &&
		(results < 0 || len(p.module.Types().Results(t)) == results)
}

// mistakes is all of them.
func mistakes() []mistake {
	return slices.Concat(operandMistakes, blockMistakes, indexMistakes, referenceMistakes,
		featureMistakes, malformedMistakes, sectionMistakes)
}
