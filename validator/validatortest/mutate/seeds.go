package mutate

import (
	"sync"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// Seed is a small valid module to begin with.
type Seed struct {
	Name string // unique
	// Features are enough for the module.
	Features ops.Features
	Wasm     []byte // the caller must not change it
}

// Seeds returns modules that have something of every section, of every proposal
// and of every operator among them. The caller must not change the list.
func Seeds() []Seed { return allSeeds() }

var allSeeds = sync.OnceValue(func() []Seed {
	list := []Seed{{"fixed types", ops.All, everyOperator()}}
	for _, s := range seeds {
		list = append(list, Seed{s.name, s.features, s.make().Bytes()})
	}
	return list
})

func newModule() *validatortest.Module { return validatortest.NewModule() }

var seeds = []struct {
	name     string
	features ops.Features
	make     func() *validatortest.Module
}{
	{"nothing", ops.MVP, newModule},
	{"numbers", ops.Wasm1, func() *validatortest.Module {
		return newModule().Type("func (param i32 i64 f32 f64) (result i32)").
			Func(0, "2 i32 f64", "local.get 0 i32.const 5 i32.add local.tee 4 local.get 1 i32.wrap_i64 i32.mul").
			Func(0, "", "local.get 3 local.get 2 f64.promote_f32 f64.max i32.trunc_f64_s").
			Func(0, "", "local.get 0 if (result i32) i32.const 1 else local.get 0 i32.clz end").
			Export("f", "func 0").Export("g", "func 2")
	}},
	{"control", ops.Wasm2, func() *validatortest.Module {
		return newModule().Type("func (param i32) (result i32)").Type("func (result i32 i64)").Type("func").
			Func(0, "i32", `block (result i32) i32.const 7 local.get 0 br_if 0 drop
				loop local.get 0 i32.eqz br_if 0 local.get 0 br_table 0 0 0 end unreachable end
				block (type 1) i32.const 1 i64.const 2 end i32.wrap_i64 i32.add i32.add return`).
			Func(2, "", "i32.const 0 call 0 i32.const 2 i32.const 1 select drop i32.const 3 i32.const 0 call_indirect (type 0) drop").
			Table("4 8 funcref").Elem("(offset i32.const 1) func 0 1").Start(1)
	}},
	{"imports", ops.Wasm1 | ops.Exceptions | ops.MultiMemory, func() *validatortest.Module {
		return newModule().Type("func (param i32)").Type("func").
			Import("env", "f", "func 0").Import("env", "t", "table 1 funcref").Import("env", "g", "global i32").
			Import("env", "h", "global mut i64").Import("env", "m", "memory 1 2").Import("env", "e", "tag 0").Import("env", "k", "func 1").
			Memory("1").Global("i32", "global.get 0").
			Func(1, "", "global.get 0 call 0 call 1 i64.const -1 global.set 1 global.get 2 call 0").
			Elem("(offset global.get 0) func 0 2").Export("f", "func 2").Export("g", "global 1").Export("m", "memory 0")
	}},
	{"compact imports", ops.Default, func() *validatortest.Module {
		return newModule().Type("func (param i32)").
			ImportGroup("env", "a", "func 0", "b", "global i32", "c", "memory 1").ImportNames("env", "func 0", "d", "e", "f").
			Func(0, "", "local.get 0 call 2 global.get 0 call 0 ref.func 3 drop").Export("d", "func 3")
	}},
	{"memory", ops.Default, func() *validatortest.Module {
		return newModule().Type("func").Memory("1 2").Memory("i64 1 2").Memory("1 1 shared").
			Data("i32.const 8", "hello").Data("", "passive").Data("(memory 1) i64.const 8", "world").
			Func(0, "i64", `i32.const 0 i32.const 0 i32.load offset=8 align=2 i32.store8 offset=300
				i64.const 0 i64.load 1 offset=0x100000000 drop i32.const 0 v128.load drop
				i32.const 1 i32.const 2 i32.const 3 memory.copy i64.const 0 i32.const 0 i64.const 4 memory.fill 1
				i32.const 0 i32.const 0 i32.const 1 memory.init 1 data.drop 1 memory.size memory.grow 0 drop
				i32.const 0 i64.const 1 i64.atomic.rmw.add 2 drop atomic.fence`)
	}},
	{"tables", ops.Default, func() *validatortest.Module {
		return newModule().Type("func").Table("2 funcref").Table("i64 3 4 externref").Table("1 (ref func)", "ref.func 0").
			Elem("(offset i32.const 0) func 0").Elem("funcref (ref.func 0) (ref.null func)").Elem("declare func 0").
			Elem("(table 1) (offset i64.const 1) externref (ref.null extern)").
			Func(0, "externref", `i32.const 0 table.get 0 drop i64.const 0 local.get 0 table.set 1 table.size 1 drop
				local.get 0 i64.const 1 table.grow 1 drop i32.const 0 ref.null func i32.const 1 table.fill 0
				i32.const 0 i32.const 0 i32.const 1 table.init 0 1 elem.drop 1 i32.const 0 i32.const 0 i32.const 1 table.copy 0 0`)
	}},
	{"references", ops.Default, func() *validatortest.Module {
		return newModule().Type("func (param i32) (result i32)").Type("func (param (ref null 0)) (result i32)").
			Global("(ref 0)", "ref.func 0").Global("mut (ref null func)", "ref.null nofunc").
			Func(0, "", "local.get 0 i32.const 1 i32.add").
			Func(1, "(ref 0)", `ref.func 0 local.set 1 block i32.const 1 local.get 0 br_on_null 0 call_ref 0 return end
				i32.const 2 local.get 1 return_call_ref 0`).
			Elem("declare func 0")
	}},
	{"structs and arrays", ops.Default, func() *validatortest.Module {
		return newModule().Type("sub (struct (field i32 (mut i64)))").Type("sub 0 (struct (field i32 (mut i64) (mut i8)))").
			Rec("sub (struct (field (ref null 3)))", "sub (struct (field (mut (ref null 2))))").
			Type("array (mut i16)").Type("array (ref null 0)").Type("func (param (ref null 0)) (result i32)").
			Global("(ref 0)", "i32.const 1 i64.const 2 struct.new 0").Global("anyref", "i32.const 7 ref.i31").
			Data("", "abcd").Elem("(ref null 0) (ref.null 0)").
			Func(6, "(ref null 4)", `i32.const 9 array.new_default 4 local.tee 1 i32.const 0 array.get_u 4
				local.get 0 struct.get 0 0 i32.add local.get 0 i64.const 3 struct.set 0 1
				block (result (ref null 1)) local.get 0 br_on_cast 0 (ref null 0) (ref null 1) drop ref.null 1 end drop
				local.get 1 array.len i32.add ref.null 2 struct.get 2 0 drop global.get 1 ref.test (ref i31) i32.add
				i32.const 0 i32.const 1 array.new_data 4 0 drop ref.null 0 ref.null none array.new_fixed 5 2 drop`)
	}},
	{"exceptions", ops.Default, func() *validatortest.Module {
		return newModule().Type("func (param i32)").Type("func").Type("func (result i32 exnref)").Tag(0).Tag(1).
			Func(1, "exnref", `block (type 2) try_table (catch_ref 0 0) (catch_all 1) i32.const 1 throw 0 end unreachable end
				throw_ref`).
			Func(1, "", "block (result i32) try_table (catch 0 0) throw 1 end i32.const 0 end drop").Export("t", "tag 0")
	}},
	{"legacy exceptions", ops.All, func() *validatortest.Module {
		return newModule().Type("func (param i32)").Type("func").Tag(0).
			Func(1, "", "try i32.const 1 throw 0 catch 0 drop rethrow 0 catch_all try nop delegate 0 end")
	}},
	{"tail calls", ops.Default, func() *validatortest.Module {
		return newModule().Type("func (param i32) (result i32)").Table("1 funcref").
			Func(0, "", "local.get 0 i32.eqz if (result i32) i32.const 1 else local.get 0 return_call 0 end").
			Func(0, "", "local.get 0 i32.const 0 return_call_indirect (type 0)")
	}},
	{"vectors", ops.Default, func() *validatortest.Module {
		return newModule().Type("func (param v128) (result v128)").Memory("1").
			Func(0, "", `local.get 0 local.get 0 i8x16.extract_lane_u 3 i8x16.splat local.get 0
				i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 v128.const i32x4 1 2 3 4 i32x4.add
				i32.const 0 local.get 0 v128.load8_lane 5 f32x4.relaxed_madd`)
	}},
	{"stack switching", ops.All, func() *validatortest.Module {
		return newModule().Type("func").Type("cont 0").Type("func (result (ref null 1))").Tag(0).
			Func(0, "(ref null 1)", `block (type 2) ref.func 0 cont.new 1 resume 1 (on 0 0) return end
				local.set 0 suspend 0`).Elem("declare func 0")
	}},
	{"descriptors", ops.All, func() *validatortest.Module {
		return newModule().Rec("sub (descriptor 1) (struct (field i32))", "sub (describes 0) (struct)").Type("func").
			Func(2, "", "i32.const 1 struct.new_default 1 struct.new_desc 0 ref.get_desc 0 drop")
	}},
	{"shared", ops.All, func() *validatortest.Module {
		return newModule().Type("shared (struct (field (mut i32)))").Type("func").Global("shared mut i32", "i32.const 0").
			Func(1, "", "global.atomic.get seq_cst 0 struct.new 0 struct.atomic.get seq_cst 0 0 drop")
	}},
	{"custom sections", ops.Wasm1, func() *validatortest.Module {
		return newModule().Custom("first", []byte("x")).Type("func").Custom("", nil).Func(0, "", "nop").
			Custom("name", []byte("\x00\x02\x01m\x01\x04\x01\x00\x01f"))
	}},
}

// everyOperator returns a module with every operator whose type does not depend on
// its immediates, in code that cannot be reached.
func everyOperator() []byte {
	m := newModule().Type("func").Memory("1").Table("1 funcref")
	code, n := []byte(nil), 0
	flush := func() {
		m.FuncType(0).Body(append(append([]byte{0}, code...), byte(ops.End)), -1)
		code = nil
	}
	for _, row := range allRows() {
		switch row.Rule {
		case ops.RulePlain, ops.RuleMemory, ops.RuleAtomic, ops.RuleTable, ops.RuleLane:
			in := ops.Instr{Op: row.Op, Mem: ops.MemArg{Align: uint32(row.Imm.Align)}}
			code = ops.AppendInstr(append(code, byte(ops.Unreachable)), &in)
			code = append(code, byte(ops.Unreachable))
			if n++; n%50 == 0 {
				flush()
			}
		}
	}
	flush()
	return m.Bytes()
}
