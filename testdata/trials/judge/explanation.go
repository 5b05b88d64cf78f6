package judge

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// The size that an explanation does not go beyond, in bytes, whatever the module.
const (
	maxText = 32 << 10
	maxJSON = 128 << 10
)

// Explanation explains a module that is refused, for a person and for a program.
func Explanation(_ *rand.Rand, wasm []byte, f ops.Features) string {
	_, err := Serial(wasm, f)
	var e *validator.Error
	if !errors.As(err, &e) {
		return ""
	}
	diff := ""
	if d := explain.Explain(wasm, e, validator.WithFeatures(f)); d == nil {
		diff = "there is no explanation"
	} else if d.Message == "" || d.Kind != e.Kind || d.Offset != e.Offset {
		diff = fmt.Sprintf("it explains %v %q at %#x", d.Kind, d.Message, d.Offset)
	} else if text := d.Text(explain.TextOptions{}); text == "" || len(text) > maxText || !utf8.ValidString(text) {
		diff = fmt.Sprintf("a text of %d bytes: %q", len(text), text)
	} else if b, err := json.Marshal(d); err != nil || len(b) > maxJSON {
		diff = fmt.Sprintf("%d bytes of JSON, %v", len(b), err)
	}
	if diff != "" {
		diff = fmt.Sprintf("%s\nerror %v\nfeatures %v\nmodule % x", diff, err, f, wasm)
	}
	return diff
}
