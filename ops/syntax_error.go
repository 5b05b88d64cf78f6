package ops

import "fmt"

// SyntaxError says that bytes do not follow the binary grammar: the module is
// malformed (specification 5 "Binary Format").
type SyntaxError struct {
	// Offset is where the operator or field at fault begins, in bytes from the
	// start of the module.
	Offset int
	// Message begins with the words of the specification's test suite.
	Message string
	// Feature names the proposal that would have allowed the bytes, if one would.
	Feature Features
	// Op is the operator whose encoding is at fault; it means something only
	// when InOp is set.
	Op   Op
	InOp bool
}

// Error returns the message with its offset.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s (at offset 0x%x)", e.Message, e.Offset)
}
