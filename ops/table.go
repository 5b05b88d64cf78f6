package ops

import (
	"fmt"
	"iter"
	"strings"
	"sync"
)

//go:generate go run opcodes_gen.go

// entry is one line of the table as it is written down: encoding, name,
// signature, immediates, typing rule, and the proposals that gate the operator.
//
// The last column also says whether the operator may stand in a constant
// expression: F<<constant, when the proposal F is on; anywhere, always. What
// the other columns already say is not repeated there: that an operator on
// floating-point numbers needs Floats follows from its name.
type entry struct {
	op   Op
	name string
	sig  string
	imm  Imm
	rule Rule
	need Features
}

const (
	mvp      Features = 0
	constant          = 32
	anywhere Features = 1 << 63
)

// parts lists the parts of the table.
var parts = [...][]entry{
	controlTable[:], variableTable[:], tableTable[:], memoryTable[:], referenceTable[:],
	aggregateTable[:], numericTable[:], vectorTable[:], atomicTable[:], sharedTable[:],
}

// The index of the table has one page for the operators of one byte and one for
// each prefix byte, 0xFB to 0xFE.
const (
	firstPrefix = 0xFB
	lastPrefix  = 0xFE
	numPages    = lastPrefix - firstPrefix + 2
	pageSize    = 0x120
)

var (
	rows  []Row
	index [numPages][pageSize]*Row
)

func init() {
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	rows = make([]Row, n)
	n = 0
	for _, part := range parts {
		for i := range part {
			rows[n].fill(&part[i])
			if i > 0 && part[i].sig == part[i-1].sig {
				rows[n].sig = rows[n-1].sig
			} else {
				rows[n].sig = parseSignature(part[i].sig)
			}
			page, code, _ := rows[n].Op.place()
			index[page][code] = &rows[n]
			n++
		}
	}
	fillLeading()
}

// fill makes r the row that e describes, but for its parsed signature.
func (r *Row) fill(e *entry) {
	r.Op, r.Name, r.Sig, r.Imm, r.Rule = e.op, e.name, e.sig, e.imm, e.rule
	r.Feature = e.need & (1<<constant - 1)
	if namesFloats(e.name) {
		r.Feature |= Floats
	}
	r.Const = e.need>>constant != 0
	r.ConstFeature = (e.need &^ anywhere) >> constant
	r.toNull = e.imm.Kind == ImmRefNull || strings.HasSuffix(e.name, " null")
}

// namesFloats reports whether the name of an operator has f32 or f64 in it.
func namesFloats(name string) bool {
	for i := 0; i+2 < len(name); i++ {
		if name[i] == 'f' && (name[i+1:i+3] == "32" || name[i+1:i+3] == "64") {
			return true
		}
	}
	return false
}

// place returns where the index holds the row of op.
func (op Op) place() (page, code uint32, ok bool) {
	page, code = uint32(op)>>16, uint32(op)&0xFFFF
	if page != 0 {
		page -= firstPrefix - 1
	}
	return page, code, page < numPages && code < pageSize
}

// Row returns the row of op, nil when no operator has that encoding. The caller
// must not change it.
func (op Op) Row() *Row {
	page, code, ok := op.place()
	if !ok {
		return nil
	}
	return index[page][code]
}

// String returns the name of op, or its bytes, as "0xfc 0x7f", when no operator
// has that encoding.
func (op Op) String() string {
	if r := op.Row(); r != nil {
		return r.Name
	}
	return "0x" + strings.ReplaceAll(op.code(), " ", " 0x")
}

// code returns the opcode in hexadecimal: the byte, or the prefix byte and the
// number after it.
func (op Op) code() string {
	if op < 1<<16 {
		return fmt.Sprintf("%02x", uint32(op))
	}
	return fmt.Sprintf("%02x %02x", uint32(op)>>16, uint32(op)&0xFFFF)
}

// Rows returns the rows of the table in the order of their encodings: the
// operators of one byte, then those behind each prefix byte. The caller must
// not change them.
func Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for page := range index {
			for _, r := range index[page] {
				if r != nil && !yield(r) {
					return
				}
			}
		}
	}
}

// names maps the name of every operator to its encoding. Few programs ask for
// it, so it is made when the first one does.
var names = sync.OnceValue(func() map[string]Op {
	m := make(map[string]Op, len(rows))
	for i := range rows {
		m[rows[i].Name] = rows[i].Op
	}
	return m
})

// Lookup returns the operator that has the given [Row.Name].
func Lookup(name string) (Op, bool) {
	op, ok := names()[name]
	return op, ok
}
