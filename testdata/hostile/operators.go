package hostile

import (
	"strings"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// operators are long runs of operators that have no short way through a
// validator.
func operators() []Module {
	run := func(name, aim, first, unit, last string) Module {
		return valid(name, aim, func(size int) []byte {
			m := validatortest.NewModule().Type("func").Type("sub (struct)").Memory("1").Table("1 funcref").
				Global("mut i32", "i32.const 0").Elem("declare func 0")
			return addFunc(m, 0, "2 i32 2 funcref v128 (ref null 1)", asm(size, first, unit, last)).Bytes()
		})
	}
	return []Module{
		run("run/nop", "nops", "", "nop", ""),
		run("run/unreachable", "unreachables", "", "unreachable", ""),
		run("run/unreachable-binary", "binary operators on a polymorphic stack", "unreachable", "i32.add", "drop"),
		run("run/unreachable-unary", "unary operators and drops on a polymorphic stack", "unreachable", "i64.eqz drop", ""),
		run("run/unreachable-mixed", "calls, selects and branches on a polymorphic stack", "unreachable",
			"select drop br_if 0 call 0 local.set 0 i32.store table.get 0 drop", ""),
		run("run/unreachable-drop", "drops of a polymorphic stack", "unreachable", "drop", ""),
		run("run/unreachable-select", "selects of a polymorphic stack", "unreachable", "select", "drop"),
		run("run/unreachable-ref", "reference operators on a polymorphic stack", "unreachable", "ref.as_non_null ref.is_null drop", ""),
		run("run/unreachable-typed", "selects with a type on a polymorphic stack", "unreachable", "select (result i64) drop", ""),
		run("run/select", "selects", "i32.const 0", "i32.const 0 i32.const 0 select", "drop"),
		run("run/select-typed", "selects with a type", "local.get 2", "local.get 2 i32.const 0 select (result funcref)", "drop"),
		run("run/select-vector", "selects of vectors", "local.get 4", "local.get 4 i32.const 0 select", "drop"),
		run("run/subtypes", "writes of subtypes to a local", "", "ref.null none local.set 5", ""),
		run("run/ref.func", "references to functions", "", "ref.func 0 drop", ""),
		run("run/vector", "vector operators", "local.get 4", "i32x4.abs i32x4.neg", "drop"),
		run("run/vector-const", "vector constants", "", "v128.const i64x2 0 0 drop", ""),
		run("run/shuffle", "vector shuffles", "local.get 4", "local.get 4 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "drop"),
		run("run/atomic", "atomic operators", "", "atomic.fence", ""),
		run("run/table", "table operators", "", "table.size 0 drop i32.const 0 table.get 0 drop", ""),
		run("run/memory", "memory operators", "", "memory.size drop i32.const 0 memory.grow drop", ""),
		run("run/global", "writes of a global", "", "global.get 0 global.set 0", ""),
		run("run/push", "pushes that nothing takes", "", "local.get 0", "return"),
		run("run/push-drop", "pushes and their drops, on a stack that grows", "", "local.get 0 "+strings.Repeat("local.get 0 drop ", 20), "return"),
	}
}
