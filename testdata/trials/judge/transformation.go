package judge

import (
	"fmt"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

// Transformation applies a transformation to a module, unless the features are not
// enough for it, and compares the verdicts before and after, as far as they must be
// the same. It returns what the module has become.
func Transformation(t mutate.Transformation, c mutate.Chooser, wasm []byte, f ops.Features) (changed []byte, diff string) {
	if f.Missing(t.Needs) != 0 || f.Missing(ops.BulkMemory) != 0 && !mutate.Parse(wasm).FirstStandard() {
		return wasm, ""
	}
	r := t.Apply(c, wasm)
	if diff = transformed(t, r, wasm, f); diff != "" {
		diff = fmt.Sprintf("%s: %s\nfeatures %v\nbefore % x\nafter  % x", t.Name, diff, f, wasm, r.Wasm)
	}
	return r.Wasm, diff
}

func transformed(t mutate.Transformation, r mutate.Transformed, wasm []byte, f ops.Features) string {
	before, err := Serial(wasm, f)
	b := plain(err)
	after, err := Serial(r.Wasm, f)
	a := plain(err)
	switch {
	case a.Kind == validator.Limit || b.Kind == validator.Limit:
		return "" // the module has become larger, or was too large already
	case b.Kind == 0 && a.Kind == 0:
		// What is written in another way needs what its form needs, and no more.
		if more := after.RequiredFeatures() &^ before.RequiredFeatures() &^ t.Needs.Effective(); more != 0 {
			return fmt.Sprintf("needs %v, and before %v", after.RequiredFeatures(), before.RequiredFeatures())
		}
		return ""
	case b.Kind == 0:
		return fmt.Sprintf("was valid, and is %v", &a)
	case t.Keeps == mutate.Valid:
		return ""
	case a.Kind == 0:
		return fmt.Sprintf("is valid, and was %v", &b)
	case a.Kind != b.Kind:
		return fmt.Sprintf("is %v, and was %v", &a, &b)
	case t.Keeps == mutate.Kind || t.Keeps == mutate.Message && b.Kind == validator.Malformed:
		return ""
	}
	at, ok := r.Offset(b.Offset)
	if b.Offset = at; t.Keeps == mutate.Message || !ok {
		b.Offset = a.Offset
	}
	if a != b {
		return fmt.Sprintf("got  %+v\nwant %+v", a, b)
	}
	return ""
}
