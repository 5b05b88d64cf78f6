package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestExtendedConstantExpressions(t *testing.T) {
	m := func() *validatortest.Module {
		return validatortest.NewModule().Import("m", "a", "global i32").Import("m", "b", "global i64").Memory("1").Table("1 funcref")
	}
	for _, name := range []string{"add", "sub", "mul"} {
		t.Run(name, func(t *testing.T) {
			checkModules(t, ops.Wasm3, []moduleTest{
				{"i32", m().Global("i32", "i32.const 1 i32.const 2 i32."+name), ""},
				{"i64", m().Global("i64", "i64.const 1 i64.const 2 i64."+name), ""},
				{"i32, global", m().Global("i32", "global.get 0 i32.const 2 i32."+name), ""},
				{"i64, nested", m().Global("i64", "global.get 1 i64.const 2 i64.const 3 i64."+name+" i64."+name), ""},
				{"offset of data", m().Data("global.get 0 i32.const 2 i32."+name, "x"), ""},
				{"offset of elements", m().Elem("(offset global.get 0 i32.const 2 i32." + name + ") funcref"), ""},
				{"i32, first operand of another type", m().Global("i32", "i64.const 1 i32.const 2 @i32."+name), "type mismatch"},
				{"i32, second operand of another type", m().Global("i32", "i32.const 1 global.get 1 @i32."+name), "type mismatch"},
				{"i64, second operand of another type", m().Global("i64", "i64.const 1 i32.const 2 @i64."+name), "type mismatch"},
				{"i32, one operand", m().Global("i32", "i32.const 1 @i32."+name), "type mismatch"},
				{"i64, no operand", m().Global("i64", "@i64."+name), "type mismatch"},
				{"in data, no operand", m().Data("@i32."+name, "x"), "type mismatch"},
			})
			checkRefusals(t, ops.Wasm3, []refusedTest{
				{"i32, result of another type", m().Global("i64", "@i32.const 1 i32.const 2 i32."+name), invalidAfter(5, "type mismatch")},
				{"i64, result of another type", m().Global("i32", "@i64.const 1 i64.const 2 i64."+name), invalidAfter(5, "type mismatch")},
				{"operand left", m().Global("i32", "@i32.const 1 i32.const 1 i32.const 2 i32."+name), invalidAfter(7, "type mismatch")},
			})
		})
	}
}

func TestOtherOperatorsAreNotConstant(t *testing.T) {
	for _, code := range []string{
		"i32.const 1 i32.const 1 @i32.div_s", "i32.const 1 i32.const 1 @i32.and", "i32.const 1 @i32.clz",
		"i32.const 1 @i32.eqz", "i64.const 1 @i32.wrap_i64", "i32.const 1 i32.const 1 i32.const 1 @select",
		"i32.const 1 @nop", "i32.const 1 @drop", "@unreachable", "@block (result i32) i32.const 1 end",
		"i32.const 1 @local.tee 0", "@memory.size", "i32.const 1 @return", "f32.const 1 @i32.reinterpret_f32",
	} {
		t.Run(marked.FindStringSubmatch(code)[1], func(t *testing.T) {
			checkModule(t, ops.Wasm3, validatortest.NewModule().Memory("1").Global("i32", code), "constant expression required")
		})
	}
	checkModules(t, ops.Wasm3, []moduleTest{
		{"f32.add", validatortest.NewModule().Global("f32", "f32.const 1 f32.const 1 @f32.add"), "constant expression required"},
		{"i64.shl", validatortest.NewModule().Global("i64", "i64.const 1 i64.const 1 @i64.shl"), "constant expression required"},
		{"i32x4.add", validatortest.NewModule().Global("v128", "v128.const i64x2 0 0 v128.const i64x2 0 0 @i32x4.add"), "constant expression required"},
	})
}

func TestExtendedConstOff(t *testing.T) {
	m := validatortest.NewModule
	var tests []gatedTest
	for _, op := range []string{"i32.add", "i32.sub", "i32.mul", "i64.add", "i64.sub", "i64.mul"} {
		of := op[:3]
		tests = append(tests, gatedTest{op, m().Global(of, of+".const 1 "+of+".const 2 @"+op), validator.Invalid, "constant expression required", -1, 0})
	}
	tests = append(tests,
		gatedTest{"data", m().Memory("1").Data("i32.const 1 i32.const 2 @i32.add", "x"), validator.Invalid, "constant expression required", -1, 0},
		gatedTest{"elements", m().Table("1 funcref").Elem("(offset i32.const 1 i32.const 2 @i32.sub) funcref"), validator.Invalid, "constant expression required", -1, 0},
	)
	checkFeature(t, ops.Wasm3, "extended-const", tests)
}
