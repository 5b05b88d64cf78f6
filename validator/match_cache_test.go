package validator_test

import (
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Long lists that match by subtyping, again and again, and then one that equals
// none of those before and does not match.
func TestLongListsOfSubtypes(t *testing.T) {
	const n = 100
	list := func(pair string) string { return strings.Repeat(" "+pair, n/2) }
	base := func() *validatortest.Module {
		return validatortest.NewModule().
			Type("func").
			Type("func (result"+list("nullref nullfuncref")+")").
			Type("func (param"+list("anyref funcref")+")").
			Type("func (result"+list("nullref nullfuncref")[:(n/2-1)*len(" nullref nullfuncref")]+" nullref nullexternref)").
			Import("m", "subtypes", "func 1").Import("m", "supertypes", "func 2").Import("m", "others", "func 3")
	}
	again := strings.Repeat("call 0 call 1 ", 10)
	checkBodies(t, ops.Wasm3, base, []bodyTest{
		{"all match", "", again, ""},
		{"the last of a later list does not", "", again + "call 2 @call 1", "type mismatch"},
		{"the list below matches", "", again + "i32.const 0 call 0 call 1 drop " + again, ""},
	})
}
