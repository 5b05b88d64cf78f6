package validator_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

// FuzzOperators looks for a body of which the hot loop and the rules say different
// things, as FuzzBody does, but the input makes the choices of what puts operators
// together: the body is valid, and then an operator or two are changed.
func FuzzOperators(f *testing.F) {
	for k := range bodyModules {
		for i := range 8 {
			f.Add(uint8(k), []byte{byte(i), 40, 200, byte(60 * i), 3, 130, 77})
		}
	}
	f.Fuzz(func(t *testing.T, k uint8, choices []byte) {
		m := &bodyModules[int(k)%len(bodyModules)]
		r := rand.New(newChoices(choices))
		body := newBodyMaker(t, r, m).body(t, 1+r.IntN(30), 0)
		if err := m.agreeOnBody(t, body); err != nil {
			t.Fatalf("%v: the body % x", err, body)
		}
		list := operatorsOf(body[len(m.header()):], m.features)
		for range 6 {
			m.agreeOnBody(t, append(m.header(), changeOperators(r, list)...))
		}
	})
}

// choices is a source of numbers whose highest bits are those of the bytes that a
// fuzzer has, as long as there are any.
type choices struct {
	bytes []byte
	rest  *rand.PCG
}

func newChoices(b []byte) *choices { return &choices{b, rand.NewPCG(uint64(len(b)), 9)} }

func (c *choices) Uint64() uint64 {
	v := c.rest.Uint64()
	if len(c.bytes) > 0 {
		v = v>>8 | uint64(c.bytes[0])<<56
		c.bytes = c.bytes[1:]
	}
	return v
}

// operatorsOf decodes the operators of an expression, those after the first that is
// malformed apart.
func operatorsOf(code []byte, f ops.Features) (list []ops.Instr) {
	d := ops.NewDecoder(code, 0, f)
	for d.Len() > 0 {
		var in ops.Instr
		if d.Next(&in) != nil {
			break
		}
		list = append(list, in)
	}
	return list
}

// changeOperators encodes the operators with one or two of them changed: in an
// immediate, or for one with immediates of the same kind, or gone, or there twice. Some
// numbers behind a prefix byte are longer than they need be.
func changeOperators(r *rand.Rand, list []ops.Instr) (code []byte) {
	list = slices.Clone(list)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(list))
		switch in := &list[i]; r.IntN(6) {
		case 0:
			in.Index += uint32(r.IntN(3)) - 1
			in.Mem.Align += uint32(r.IntN(3)) - 1
			in.Mem.Align &= 63
		case 1:
			in.Index = uint32(r.IntN(140))
			in.Mem.Offset = 1<<r.IntN(40) - 1
		case 2, 3:
			same := func(row *ops.Row) bool { return row.Imm.Kind == in.Op.Row().Imm.Kind }
			rows := slices.Collect(ops.Rows())
			rows = slices.DeleteFunc(rows, func(row *ops.Row) bool { return !same(row) })
			in.Op = rows[r.IntN(len(rows))].Op
		case 4:
			if len(list) > 1 {
				list = slices.Delete(list, i, i+1)
			}
		case 5:
			list = slices.Insert(list, r.IntN(len(list)), *in)
		}
	}
	for i := range list {
		b := ops.AppendInstr(nil, &list[i])
		if list[i].Op >= 1<<16 && r.IntN(4) == 0 {
			b = lengthened(b, 1, 1+r.IntN(5))
		}
		code = append(code, b...)
	}
	return code
}
