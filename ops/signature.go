package ops

import (
	"fmt"
	"strings"
)

// The pseudo types of a signature. They are none of the value types: the
// immediates of the operator decide which type each stands for.
const (
	AddrType      ValType = iota + 16 // "at": the address type of the memory
	TableAddrType                     // "tt": the address type of the table
	ElemType                          // "te": the element type of the table
)

// The longest signatures of the table.
const (
	maxParams  = 4
	maxResults = 2
)

// signature is the parsed form of Row.Sig. It holds its types itself, so that
// reading one touches nothing but the row.
type signature struct {
	params     [maxParams]ValType
	results    [maxResults]ValType
	numParams  uint8
	numResults uint8
}

// NumParams returns the number of operands that the row's signature takes.
func (r *Row) NumParams() int { return int(r.sig.numParams) }

// Param returns the type of operand i, the lowest on the stack first.
func (r *Row) Param(i int) ValType { return r.sig.params[i] }

// NumResults returns the number of results that the row's signature leaves.
func (r *Row) NumResults() int { return int(r.sig.numResults) }

// Result returns the type of result i, the lowest on the stack first.
func (r *Row) Result(i int) ValType { return r.sig.results[i] }

// Signature returns the types left and right of the arrow in [Row.Sig]; both
// are empty where the rule computes the types. The caller must not change them.
func (r *Row) Signature() (params, results []ValType) {
	s := &r.sig
	return s.params[:s.numParams:s.numParams], s.results[:s.numResults:s.numResults]
}

// parseSignature reads the text of a signature.
func parseSignature(text string) (s signature) {
	left, right, _ := strings.Cut(text, "->")
	s.numParams = parseTypes(s.params[:], left)
	s.numResults = parseTypes(s.results[:], right)
	return s
}

// parseTypes reads types separated by spaces into list.
func parseTypes(list []ValType, text string) (n uint8) {
	for {
		text = strings.TrimLeft(text, " ")
		if text == "" {
			return n
		}
		end := strings.IndexByte(text, ' ')
		if end < 0 {
			end = len(text)
		}
		list[n] = parseSigType(text[:end])
		text = text[end:]
		n++
	}
}

// parseSigType returns the type of one word of a signature. It panics on a word
// that is none: the table is part of the program.
func parseSigType(word string) ValType {
	switch word {
	case "i32":
		return I32
	case "i64":
		return I64
	case "f32":
		return F32
	case "f64":
		return F64
	case "v128":
		return V128
	case "at":
		return AddrType
	case "tt":
		return TableAddrType
	case "te":
		return ElemType
	}
	panic(fmt.Sprintf("ops: %q in a signature is not a type", word))
}
