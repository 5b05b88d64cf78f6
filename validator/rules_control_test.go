package validator_test

import (
	"testing"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// wasm2 is the second edition of the standard, and threads.
const wasm2 = ops.Wasm2 | ops.Threads

// controlTypes declares, for each i from 0 to 5, function i of type i.
func controlTypes() *validatortest.Module {
	m := validatortest.NewModule().
		Type("func").
		Type("func (result i32)").
		Type("func (param i32) (result i32)").
		Type("func (param i32 i64) (result f32)").
		Type("func (result i32 i64)").
		Type("func (param i32)")
	for _, f := range []string{"func 0", "func 1", "func 2", "func 3", "func 4", "func 5"} {
		m.Import("m", f, f)
	}
	return m.Table("1 funcref").Table("1 externref")
}

func TestUnreachable(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"alone", "", "unreachable", ""},
		{"after a value", "", "i32.const 0 unreachable", ""},
		{"leaves what is wanted", "", "unreachable i32.add drop", ""},
		{"leaves one of two operands", "", "unreachable i32.const 0 i32.add drop", ""},
		{"ends a block with a result", "", "block (result i32) unreachable end drop", ""},
		{"ends a block with results", "", "block (type 4) i64.const 0 unreachable end drop drop", ""},
		{"lower result of a block missing", "", "block (type 4) unreachable i64.const 0 end drop drop", ""},
		{"drop and select", "", "unreachable drop select drop", ""},
		{"select of one known type", "", "unreachable i64.const 0 i32.const 0 select i64.eqz drop", ""},
		{"wrong operand above", "", "unreachable i64.const 0 @i32.add drop", "type mismatch"},
		{"wrong operand below", "", "unreachable i64.const 0 i32.const 0 @i32.add drop", "type mismatch"},
		{"wrong result of a block", "", "block (result i32) unreachable i64.const 0 @end drop", "type mismatch"},
		{"too many results of a block", "", "block unreachable i32.const 0 @end", "type mismatch"},
		{"one result too many of a function", "", "unreachable i32.const 0 @", "type mismatch"},
		{"select of two known types", "", "unreachable i64.const 0 i32.const 0 i32.const 0 @select drop", "type mismatch"},
		{"only inside its block", "", "block unreachable end @i32.eqz drop", "type mismatch"},
	})
}

func TestNop(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"alone", "", "nop", ""},
		{"leaves nothing", "", "nop @drop", "type mismatch"},
	})
}

func TestBlock(t *testing.T) {
	for _, op := range []string{"block", "loop"} {
		t.Run(op, func(t *testing.T) {
			checkCode(t, wasm2, controlTypes, []codeCase{
				{"empty", "", op + " end", ""},
				{"nested", "", op + " " + op + " end end", ""},
				{"result", "", op + " (result i32) i32.const 0 end drop", ""},
				{"vector result", "v128", op + " (result v128) local.get 0 end drop", ""},
				{"reference result", "externref", op + " (result externref) local.get 0 end drop", ""},
				{"type", "", "i32.const 0 " + op + " (type 2) i32.eqz end drop", ""},
				{"parameters pass through", "", "i32.const 0 " + op + " (type 2) end drop", ""},
				{"results", "", op + " (type 4) i32.const 0 i64.const 0 end drop drop", ""},
				{"parameters lie above others", "", "f32.const 0 i32.const 0 i64.const 0 " + op + " (type 3) drop drop f32.const 0 end f32.add drop", ""},
				{"result missing", "", op + " (result i32) @end drop", "type mismatch"},
				{"result of another type", "", op + " (result i32) i64.const 0 @end drop", "type mismatch"},
				{"result too many", "", op + " i32.const 0 @end", "type mismatch"},
				{"one of two results missing", "", op + " (type 4) i64.const 0 @end drop drop", "type mismatch"},
				{"results in the other order", "", op + " (type 4) i64.const 0 i32.const 0 @end drop drop", "type mismatch"},
				{"result is not on the stack after it", "", op + " end @drop", "type mismatch"},
				{"result is of the type declared", "", op + " (result i32) i32.const 0 end @i64.eqz drop", "type mismatch"},
				{"operand of the block outside is out of reach", "", "i32.const 0 " + op + " @drop end drop", "type mismatch"},
				{"parameter missing", "", "@" + op + " (type 2) end drop", "type mismatch"},
				{"parameter of another type", "", "i64.const 0 @" + op + " (type 2) end drop", "type mismatch"},
				{"lower parameter of another type", "", "i64.const 0 i64.const 0 @" + op + " (type 3) drop drop f32.const 0 end drop", "type mismatch"},
				{"unused parameters", "", "i32.const 0 i64.const 0 " + op + " (type 3) f32.const 0 @end drop", "type mismatch"},
				{"unknown type", "", "@" + op + " (type 6) end", "unknown type 6"},
				{"value left behind", "", op + " end i32.const 0 @", "type mismatch"},
			})
		})
	}
}

// A branch to a loop takes its parameters, one to a block its results.
func TestLoopLabel(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"no operands", "", "loop br 0 end", ""},
		{"no operands in spite of a result", "", "loop (result i32) br 0 end drop", ""},
		{"parameter", "", "i32.const 0 loop (type 2) br 0 end drop", ""},
		{"parameter dropped", "", "i32.const 0 loop (type 2) drop @br 0 end drop", "type mismatch"},
		{"result is not what it takes", "", "i32.const 0 i64.const 0 loop (type 3) drop drop f32.const 0 @br 0 end drop", "type mismatch"},
	})
}

func TestIf(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"alone", "", "i32.const 0 if end", ""},
		{"else", "", "i32.const 0 if else end", ""},
		{"results", "", "i32.const 0 if (result i64) i64.const 0 else i64.const 1 end drop", ""},
		{"parameter", "", "i32.const 0 i32.const 0 if (type 2) i32.eqz else i32.eqz end drop", ""},
		{"parameters are results without else", "", "i32.const 0 i32.const 0 if (type 2) i32.eqz end drop", ""},
		{"unreachable then", "", "i32.const 0 if (result i64) unreachable else i64.const 0 end drop", ""},
		{"unreachable else", "", "i32.const 0 if (result i64) i64.const 0 else unreachable end drop", ""},
		{"branch out", "", "i32.const 0 if (result i64) i64.const 0 br 0 else i64.const 0 br 0 end drop", ""},
		{"condition missing", "", "@if end", "type mismatch"},
		{"condition of another type", "", "i64.const 0 @if end", "type mismatch"},
		{"condition out of reach", "", "i32.const 0 block @if end end drop", "type mismatch"},
		{"parameter missing", "", "i32.const 0 @if (type 2) end drop", "type mismatch"},
		{"parameter of another type", "", "i64.const 0 i32.const 0 @if (type 2) end drop", "type mismatch"},
		{"result without else", "", "i32.const 0 if (result i32) i32.const 0 @end drop", "type mismatch"},
		{"parameters other than results without else", "", "i32.const 0 i64.const 0 i32.const 0 if (type 3) drop drop f32.const 0 @end drop", "type mismatch"},
		{"then: result missing", "", "i32.const 0 if (result i32) @else i32.const 0 end drop", "type mismatch"},
		{"then: result of another type", "", "i32.const 0 if (result i32) i64.const 0 @else i32.const 0 end drop", "type mismatch"},
		{"then: result too many", "", "i32.const 0 if i32.const 0 @else end", "type mismatch"},
		{"else: result missing", "", "i32.const 0 if (result i32) i32.const 0 else @end drop", "type mismatch"},
		{"else: result of another type", "", "i32.const 0 if (result i32) i32.const 0 else i64.const 0 @end drop", "type mismatch"},
		{"else: result too many", "", "i32.const 0 if else i32.const 0 @end", "type mismatch"},
		{"else: parameter out of then is gone", "", "i32.const 0 i32.const 0 if (type 2) else drop @end drop", "type mismatch"},
		{"unreachable then says nothing of else", "", "i32.const 0 if (result i32) unreachable else @end drop", "type mismatch"},
		{"unknown type", "", "i32.const 0 @if (type 6) end", "unknown type 6"},
		{"else of a block", "", "block @else end", "malformed: END opcode expected"},
		{"else of a loop", "", "loop @else end", "malformed: END opcode expected"},
		{"else of a function", "", "@else", "malformed: END opcode expected"},
		{"second else", "", "i32.const 0 if else @else end", "malformed: END opcode expected"},
	})
}

func TestFunctionEnd(t *testing.T) {
	body := func(typeIdx uint32, code string) *validatortest.Module {
		b, _ := validatortest.Body("", code)
		return controlTypes().FuncType(typeIdx).Body(b, len(b)-1)
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"result", body(1, "i32.const 0"), ""},
		{"results", body(4, "i32.const 0 i64.const 0"), ""},
		{"unreachable", body(4, "unreachable"), ""},
		{"result missing", body(1, ""), "type mismatch"},
		{"result of another type", body(1, "i64.const 0"), "type mismatch"},
		{"result too many", body(1, "i32.const 0 i32.const 0"), "type mismatch"},
		{"one of two results missing", body(4, "i64.const 0"), "type mismatch"},
		{"results in the other order", body(4, "i64.const 0 i32.const 0"), "type mismatch"},
		{"value without result", body(0, "i32.const 0"), "type mismatch"},
		{"unreachable result of another type", body(1, "unreachable i64.const 0"), "type mismatch"},
		{"parameter is no operand", body(2, ""), "type mismatch"},
		{"operator after the end", controlTypes().Func(0, "", "end @nop"), "malformed: "},
		{"block without end", controlTypes().FuncType(0).Body([]byte{0, 0x02, 0x40, 0x0B}, 4), "malformed: unexpected end"},
		{"no end", controlTypes().FuncType(0).Body([]byte{0, 0x01}, 2), "malformed: unexpected end"},
	})
}

func TestBr(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"to the function", "", "br 0", ""},
		{"to the function from a block", "", "block br 1 end", ""},
		{"result", "", "block (result i32) i32.const 0 br 0 end drop", ""},
		{"results", "", "block (type 4) i32.const 0 i64.const 0 br 0 end drop drop", ""},
		{"others below are dropped", "", "block (result i32) f32.const 0 i32.const 0 br 0 end drop", ""},
		{"nothing can be reached after it", "", "block (result i32) i32.const 0 br 0 i32.add end drop", ""},
		{"out of two blocks", "", "block (result i32) block i32.const 0 br 1 end i32.const 1 end drop", ""},
		{"result missing", "", "block (result i32) @br 0 end drop", "type mismatch"},
		{"result of another type", "", "block (result i32) i64.const 0 @br 0 end drop", "type mismatch"},
		{"one of two results missing", "", "block (type 4) i64.const 0 @br 0 end drop drop", "type mismatch"},
		{"result out of reach", "", "block (result i32) i32.const 0 block @br 1 end end drop", "type mismatch"},
		{"unknown label", "", "@br 1", "unknown label"},
		{"unknown label in a block", "", "block @br 2 end", "unknown label"},
		{"label of a block that has ended", "", "block end @br 1", "unknown label"},
		{"largest label", "", "@br 0xffff_ffff", "unknown label"},
	})
}

func TestBrIf(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"no result", "", "i32.const 0 br_if 0", ""},
		{"result stays", "", "block (result i32) i32.const 0 i32.const 1 br_if 0 end drop", ""},
		{"results stay", "", "block (type 4) i32.const 0 i64.const 0 i32.const 1 br_if 0 end drop drop", ""},
		{"to a loop", "", "i32.const 0 loop (type 2) i32.const 0 br_if 0 end drop", ""},
		{"code after it can be reached", "", "i32.const 0 br_if 0 @drop", "type mismatch"},
		{"condition missing", "", "@br_if 0", "type mismatch"},
		{"condition of another type", "", "i64.const 0 @br_if 0", "type mismatch"},
		{"result missing", "", "block (result i32) i32.const 0 @br_if 0 end drop", "type mismatch"},
		{"result of another type", "", "block (result i32) i64.const 0 i32.const 1 @br_if 0 end drop", "type mismatch"},
		{"result out of reach", "", "block (result i32) i32.const 0 block i32.const 0 @br_if 1 end end drop", "type mismatch"},
		{"unreachable results take the type of the label", "", "block (result i32) unreachable br_if 0 i32.eqz end drop", ""},
		{"and are no other", "", "block (result i32) unreachable br_if 0 @i64.eqz end drop", "type mismatch"},
		{"unreachable operand of another type", "", "block (result i32) unreachable i64.const 0 i32.const 0 @br_if 0 end drop", "type mismatch"},
		{"unknown label", "", "i32.const 0 @br_if 1", "unknown label"},
		{"unknown label, condition missing", "", "@br_if 1", "unknown label"},
	})
}

func TestBrTable(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"default only", "", "i32.const 0 br_table 0", ""},
		{"several", "", "block block i32.const 0 br_table 0 1 2 end end", ""},
		{"result", "", "block (result i32) block (result i32) i32.const 0 i32.const 1 br_table 0 1 0 end end drop", ""},
		{"results", "", "block (type 4) i32.const 0 i64.const 0 i32.const 1 br_table 0 0 end drop drop", ""},
		{"block and loop of one type", "", "block loop i32.const 0 br_table 0 1 end end", ""},
		{"nothing can be reached after it", "", "i32.const 0 br_table 0 i32.add drop", ""},
		{"index missing", "", "@br_table 0", "type mismatch"},
		{"index of another type", "", "i64.const 0 @br_table 0", "type mismatch"},
		{"result missing", "", "block (result i32) i32.const 0 @br_table 0 end drop", "type mismatch"},
		{"result of another type", "", "block (result i32) i64.const 0 i32.const 0 @br_table 0 end drop", "type mismatch"},
		{"the largest label there is", "", "i32.const 0 @br_table 0xffffffff 0", "unknown label 4294967295"},
		{"fewer results than the default", "", "block (result i32) i32.const 0 i32.const 0 @br_table 1 0 end drop", "type mismatch"},
		{"more results than the default", "", "block (result i32) i32.const 0 i32.const 0 @br_table 0 1 end drop", "type mismatch"},
		{"result of another type than the default", "", "block (result i32) block (result i64) i64.const 0 i32.const 0 @br_table 1 0 end drop i32.const 0 end drop", "type mismatch"},
		{"unreachable, labels of two types", "", "block (result i32) block (result i64) unreachable br_table 1 0 end drop i32.const 0 end drop", ""},
		{"unreachable, labels of two arities", "", "block (result i32) unreachable @br_table 0 1 end drop", "type mismatch"},
		{"unreachable, operand of another type", "", "block (result i32) unreachable i64.const 0 i32.const 0 @br_table 0 end drop", "type mismatch"},
		{"unknown label", "", "i32.const 0 @br_table 1 0", "unknown label"},
		{"unknown label in the middle", "", "i32.const 0 @br_table 0 1 0", "unknown label"},
		{"unknown default label", "", "i32.const 0 @br_table 0 1", "unknown label"},
		{"unknown default label, index missing", "", "@br_table 0 1", "unknown label"},
	})
}

func TestReturn(t *testing.T) {
	body := func(typeIdx uint32, code string) *validatortest.Module {
		return controlTypes().Func(typeIdx, "", code)
	}
	checkModuleCases(t, wasm2, []moduleCase{
		{"no result", body(0, "return"), ""},
		{"result", body(1, "i32.const 0 return"), ""},
		{"results from a block", body(4, "block i32.const 0 i64.const 0 return end unreachable"), ""},
		{"others below are dropped", body(1, "f32.const 0 i32.const 0 return"), ""},
		{"nothing can be reached after it", body(0, "return i32.add drop"), ""},
		{"result missing", body(1, "@return"), "type mismatch"},
		{"result of another type", body(1, "i64.const 0 @return"), "type mismatch"},
		{"result out of reach", body(1, "i32.const 0 block @return end"), "type mismatch"},
		{"one of two results missing", body(4, "i64.const 0 @return"), "type mismatch"},
	})
}

func TestCall(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"nothing", "", "call 0", ""},
		{"itself", "", "call 6", ""},
		{"parameters and result", "", "i32.const 0 i64.const 0 call 3 f32.neg drop", ""},
		{"results", "", "call 4 i64.eqz drop i32.eqz drop", ""},
		{"result is a parameter", "", "call 1 call 2 drop", ""},
		{"unreachable", "", "unreachable call 3 drop", ""},
		{"parameter missing", "", "@call 2 drop", "type mismatch"},
		{"lower parameter missing", "", "i64.const 0 @call 3 drop", "type mismatch"},
		{"parameter of another type", "", "i64.const 0 @call 2 drop", "type mismatch"},
		{"lower parameter of another type", "", "f32.const 0 i64.const 0 @call 3 drop", "type mismatch"},
		{"parameters in the other order", "", "i64.const 0 i32.const 0 @call 3 drop", "type mismatch"},
		{"unreachable parameter of another type", "", "unreachable i32.const 0 @call 3 drop", "type mismatch"},
		{"result of another type", "", "call 1 @i64.eqz drop", "type mismatch"},
		{"no result", "", "call 0 @drop", "type mismatch"},
		{"result left behind", "", "call 1 @", "type mismatch"},
		{"unknown function", "", "@call 7", "unknown function 7"},
		{"unknown function, unreachable", "", "unreachable @call 0xffff_ffff", "unknown function 4294967295"},
	})
}

func TestCallIndirect(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"nothing", "", "i32.const 0 call_indirect (type 0)", ""},
		{"parameters and result", "", "i32.const 0 i64.const 0 i32.const 0 call_indirect (type 3) f32.neg drop", ""},
		{"results", "", "i32.const 0 call_indirect (type 4) drop drop", ""},
		{"index missing", "", "@call_indirect (type 0)", "type mismatch"},
		{"index of another type", "", "i64.const 0 @call_indirect (type 0)", "type mismatch"},
		{"parameter missing", "", "i32.const 0 @call_indirect (type 2) drop", "type mismatch"},
		{"parameter of another type", "", "i64.const 0 i32.const 0 @call_indirect (type 2) drop", "type mismatch"},
		{"no result", "", "i32.const 0 call_indirect (type 0) @drop", "type mismatch"},
		{"table of other references", "", "i32.const 0 @call_indirect 1 (type 0)", "type mismatch"},
		{"unknown table", "", "i32.const 0 @call_indirect 2 (type 0)", "unknown table 2"},
		{"unknown type", "", "i32.const 0 @call_indirect (type 6)", "unknown type 6"},
	})
	none := validatortest.NewModule().Type("func").Func(0, "", "i32.const 0 @call_indirect (type 0)")
	expect(t, wasm2, none, "unknown table 0")
}

func TestDrop(t *testing.T) {
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"number", "", "f64.const 0 drop", ""},
		{"vector", "", "v128.const i64x2 0 0 drop", ""},
		{"reference", "", "ref.null extern drop", ""},
		{"nothing", "", "@drop", "type mismatch"},
		{"out of reach", "", "i32.const 0 block @drop end drop", "type mismatch"},
	})
}

func TestSelect(t *testing.T) {
	const all = "i32 i64 f32 f64 v128 funcref externref"
	checkCode(t, wasm2, controlTypes, []codeCase{
		{"i32", all, "local.get 0 local.get 0 i32.const 0 select i32.eqz drop", ""},
		{"i64", all, "local.get 1 local.get 1 i32.const 0 select i64.eqz drop", ""},
		{"f32", all, "local.get 2 local.get 2 i32.const 0 select f32.neg drop", ""},
		{"f64", all, "local.get 3 local.get 3 i32.const 0 select f64.neg drop", ""},
		{"v128", all, "local.get 4 local.get 4 i32.const 0 select v128.not drop", ""},
		{"operands of two types", all, "local.get 0 local.get 1 i32.const 0 @select drop", "type mismatch"},
		{"condition of another type", all, "local.get 0 local.get 0 i64.const 0 @select drop", "type mismatch"},
		{"condition missing", all, "@select drop", "type mismatch"},
		{"one operand", all, "local.get 1 i32.const 0 @select drop", "type mismatch"},
		{"no operands", all, "i32.const 0 @select drop", "type mismatch"},
		{"operands out of reach", all, "local.get 0 block local.get 0 i32.const 0 @select drop end drop", "type mismatch"},
		{"references", all, "local.get 5 local.get 5 i32.const 0 @select drop", "type mismatch"},
		{"unreachable reference", all, "unreachable local.get 6 i32.const 0 @select drop", "type mismatch"},
		{"unreachable condition of another type", all, "unreachable i64.const 0 @select drop", "type mismatch"},
		{"unreachable result is of any type", all, "unreachable select local.set 6", ""},
		{"typed i32", all, "local.get 0 local.get 0 i32.const 0 select (result i32) i32.eqz drop", ""},
		{"typed v128", all, "local.get 4 local.get 4 i32.const 0 select (result v128) v128.not drop", ""},
		{"typed funcref", all, "local.get 5 local.get 5 i32.const 0 select (result funcref) local.set 5", ""},
		{"typed externref", all, "local.get 6 local.get 6 i32.const 0 select (result externref) local.set 6", ""},
		{"typed, unreachable", all, "unreachable select (result externref) local.set 6", ""},
		{"typed, operand of another type", all, "local.get 0 local.get 1 i32.const 0 @select (result i32) drop", "type mismatch"},
		{"typed, lower operand of another type", all, "local.get 1 local.get 0 i32.const 0 @select (result i32) drop", "type mismatch"},
		{"typed, operands of another type", all, "local.get 1 local.get 1 i32.const 0 @select (result i32) drop", "type mismatch"},
		{"typed, condition of another type", all, "local.get 0 local.get 0 i64.const 0 @select (result i32) drop", "type mismatch"},
		{"typed, one operand", all, "local.get 0 i32.const 0 @select (result i32) drop", "type mismatch"},
		{"typed, result of another type", all, "unreachable select (result funcref) @local.set 6", "type mismatch"},
		{"no types", all, "unreachable @(bytes 0x1c 0)", "invalid result arity"},
		{"two types", all, "unreachable @(bytes 0x1c 2 0x7f 0x7f)", "invalid result arity"},
	})
}
