package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Branch hints are a custom section, and no custom section makes a module
// invalid, whatever is in it and wherever it stands (specification 5.5.3 "Custom Section").
func TestBranchHintsDoNotMatter(t *testing.T) {
	const name = "metadata.code.branch_hint"
	hints := map[string][]byte{
		"one hint":                     {1, 0, 1, 3, 1, 1},
		"none":                         {0},
		"empty":                        {},
		"for a function that is not":   {1, 9, 1, 3, 1, 1},
		"where no branch is":           {1, 0, 1, 0, 1, 1},
		"neither likely nor unlikely":  {1, 0, 1, 3, 1, 2},
		"of a wrong size":              {1, 0, 1, 3, 2, 1, 1},
		"functions in falling order":   {2, 1, 1, 3, 1, 1, 0, 1, 3, 1, 1},
		"cut":                          {1, 0, 1, 3},
		"with bytes left":              {0, 1, 2, 3},
		"with a count of four billion": {0xff, 0xff, 0xff, 0xff, 0x0f},
	}
	declarations := func() *validatortest.Module { return validatortest.NewModule().Type("func").FuncType(0) }
	body, _ := validatortest.Body("", "i32.const 0 if end")
	wrong, mark := validatortest.Body("", "@if end")
	for test, content := range hints {
		t.Run(test, func(t *testing.T) {
			for _, features := range []ops.Features{ops.MVP, ops.Wasm3, ops.All} {
				checkModule(t, features, declarations().Custom(name, content).Body(body, -1), "")
				checkModule(t, features, declarations().Body(body, -1).Custom(name, content), "")
				checkModule(t, features, validatortest.NewModule().Custom(name, content).Type("func").Func(0, "", "i32.const 0 if end"), "")
				checkModule(t, features, declarations().Custom(name, content).Custom(name, content).Body(body, -1), "")
				checkRefused(t, features, declarations().Custom(name, content).Body(wrong, mark), refusal{kind: validator.Invalid, message: "type mismatch"})
			}
		})
	}
	// Its name, like every custom section's, is part of the binary grammar.
	checkRefusedAt(t, ops.Wasm3, validatortest.NewModule().Raw(0, []byte{2, 0xc3, 0x28}), 10, refusal{kind: validator.Malformed, message: "malformed UTF-8 encoding", fn: -1})
}
