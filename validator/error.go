package validator

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
)

// Kind says in which way a module was refused.
type Kind uint8

const (
	// Malformed modules break the binary grammar (specification 5).
	Malformed Kind = iota + 1
	// Invalid modules decode, and break a validation rule (specification 3).
	Invalid
	// Limit means that the module goes past one of the [Limits]; it may be valid.
	Limit
)

// String returns "malformed", "invalid" or "limit".
func (k Kind) String() string {
	switch k {
	case Malformed:
		return "malformed"
	case Invalid:
		return "invalid"
	case Limit:
		return "limit"
	}
	return "unknown"
}

// MarshalText returns the text of [Kind.String].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Error is the one error type with which this package refuses a module. Every
// other error that comes back is about the call: a context that ended, a reader
// that failed, a spent handle.
type Error struct {
	Kind Kind
	// Offset is where the operator or field at fault begins, in bytes from the
	// start of the module.
	Offset int
	// Func is the index of the function at fault, imports counted; -1 outside a
	// function body.
	Func int
	// Op is the operator at fault; it means something only when InOp is set.
	Op ops.Op
	// InOp says that the error lies in an operator of a function body or of a
	// constant expression.
	InOp bool
	// Message begins with the words of the specification's test suite.
	Message string
	// Feature is the proposal that would have allowed the module's construct;
	// 0 when none would.
	Feature ops.Features
}

// maxQuoted is how many bytes of a name a message has. A name may have a hundred
// thousand.
const maxQuoted = 100

// quoted writes a name, which is valid UTF-8, for a message.
func quoted(name string) string {
	if len(name) <= maxQuoted {
		return strconv.Quote(name)
	}
	end := maxQuoted
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return fmt.Sprintf("%q… of %d bytes", name[:end], len(name))
}

// quantity writes a number of things for a message.
func quantity(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Error returns the message with kind, function, operator and offset.
func (e *Error) Error() string {
	s := e.Kind.String() + ": "
	if e.Func >= 0 {
		s += fmt.Sprintf("func %d: ", e.Func)
	}
	if e.InOp {
		s += e.Op.String() + ": "
	}
	s += fmt.Sprintf("%s (at offset 0x%x)", e.Message, e.Offset)
	if e.Feature != 0 {
		s += fmt.Sprintf("; the %v feature would allow it", e.Feature)
	}
	return s
}

// outsideOp makes e an error that is not about an operator.
func (e *Error) outsideOp() *Error {
	e.Op, e.InOp = 0, false
	return e
}

// fromSyntax turns a decoding error into the error of this package.
func fromSyntax(err error) error {
	s, ok := err.(*ops.SyntaxError)
	if !ok {
		return err
	}
	return &Error{Kind: Malformed, Offset: s.Offset, Func: -1, Op: s.Op, InOp: s.InOp, Message: s.Message, Feature: s.Feature}
}
