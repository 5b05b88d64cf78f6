package hostile

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// functions are the attacks on what is done for each function anew: many
// functions, each of which needs a lot of one thing.
func functions() []Module {
	i32s := words(wide, "i32")
	many := func(name, aim, locals, code string, more ...string) Module {
		return valid("functions/"+name, "functions "+aim, func(size int) []byte { return manyFuncs(size, locals, code, more...) })
	}
	pushing := func(name, aim string, n int) Module {
		return valid("functions/"+name, "functions "+aim, func(size int) []byte {
			m := validatortest.NewModule().Type("func").Type(funcType("", i32s)).Import("", "", "func 1")
			return addFuncs(m, size, "", words(2*n, "call 0")+" unreachable")
		})
	}
	nested := func(n int, open string) string { return strings.Repeat(open+" ", n) + strings.Repeat("end ", n) }
	return []Module{
		pushing("operands", "of 200,000 operands each", 200),
		pushing("operands-most", "of nearly as many operands each as the limit allows", 1000),
		pushing("operands-kept", "of 60,000 operands each", 60),
		many("nested", "of 20,000 nested blocks each", "", nested(20_000, "block")),
		many("nested-few", "of 10,000 nested blocks each", "", nested(10_000, "block")),
		many("labels", "with a br_table of 70,000 targets each", "", "i32.const 0 br_table "+words(70_000, "0")),
		many("catches", "with a try_table of 20,000 clauses each", "", "try_table "+strings.Repeat("(catch_all 0) ", 20_000)+"end"),
		many("groups", "with 20,000 groups of locals each", words(20_000, "i32 i64"), ""),
		many("initialised", "that initialise a local among 50,000", fmt.Sprintf("%d (ref 0)", maxLocals),
			"unreachable local.set 49999"),
		many("initialised-all", "that initialise 20,000 locals each", "20000 (ref 0)", "unreachable "+each(20_000, "local.set %d")),
		many("local.get", "that read the last of 50,000 locals", fmt.Sprintf("%d i32", maxLocals), "local.get 49999 drop"),
		many("proposals", "with an operator of many a proposal each", "v128",
			"i32.const 0 i32.extend8_s drop f32.const 0 i32.trunc_sat_f32_s drop local.get 0 i32x4.abs local.set 0 ref.null any drop atomic.fence"),
		many("block", "with a block of 1,000 results each", "", "block (type 1) unreachable end unreachable", funcType("", i32s)),
	}
}
