package explain_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
)

// What trials and fuzzing have found, each as the smallest module that shows it.

// A data segment may begin in a section and go on behind its end.
func TestExpressionBehindTheEndOfItsSection(t *testing.T) {
	explained(t, []byte("\x00asm\x01\x00\x00\x00\x0B\x04\x00\xB3\xDD\xAA\x00\x00"), ops.Default)
}
