package main

import (
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// probe is a proposal, and modules that are valid only where it is known.
type probe struct {
	feature ops.Features
	flag    string // with which V8 knows it, if it does not without
	make    []func(m *validatortest.Module)
}

func (p probe) modules() (list [][]byte) {
	for _, f := range p.make {
		m := validatortest.NewModule()
		f(m)
		list = append(list, m.Bytes())
	}
	return list
}

// body returns what adds a function without parameters and results, of operators
// that use what declare adds.
func body(operators string, declare ...func(m *validatortest.Module)) func(m *validatortest.Module) {
	return func(m *validatortest.Module) {
		m.Type("func")
		for _, f := range declare {
			f(m)
		}
		m.Func(0, "", operators)
	}
}

func types(list ...string) func(m *validatortest.Module) {
	return func(m *validatortest.Module) {
		for _, t := range list {
			m.Type(t)
		}
	}
}

func memory(text string) func(m *validatortest.Module) {
	return func(m *validatortest.Module) { m.Memory(text) }
}

type builders = []func(m *validatortest.Module)

// probes lists the proposals, those first that others build on.
var probes = []probe{
	{ops.MutableGlobal, "", builders{func(m *validatortest.Module) { m.Import("", "", "global mut i32") }}},
	{ops.SaturatingFloatToInt, "", builders{body("f32.const 0 i32.trunc_sat_f32_s drop")}},
	{ops.SignExtension, "", builders{body("i32.const 0 i32.extend8_s drop")}},
	{ops.ReferenceTypes, "", builders{body("ref.null extern drop")}},
	{ops.MultiValue, "", builders{types("func (result i32 i32)")}},
	{ops.BulkMemory, "", builders{body("i32.const 0 i32.const 0 i32.const 0 memory.fill", memory("1"))}},
	{ops.SIMD, "", builders{body("v128.const i32x4 0 0 0 0 drop")}},
	{ops.RelaxedSIMD, "--experimental-wasm-relaxed-simd", builders{body("v128.const i32x4 0 0 0 0 v128.const i32x4 0 0 0 0 i8x16.relaxed_swizzle drop")}},
	{ops.Threads, "", builders{body("atomic.fence", memory("1 1 shared"))}},
	{ops.TailCall, "--experimental-wasm-return-call", builders{body("return_call 0")}},
	{ops.ExtendedConst, "--experimental-wasm-extended-const", builders{func(m *validatortest.Module) { m.Global("i32", "i32.const 1 i32.const 2 i32.add") }}},
	{ops.MultiMemory, "--experimental-wasm-multi-memory", builders{func(m *validatortest.Module) { m.Memory("1").Memory("1") }}},
	{ops.Memory64, "--experimental-wasm-memory64", builders{
		func(m *validatortest.Module) { m.Memory("i64 1") }, func(m *validatortest.Module) { m.Table("i64 1 funcref") },
	}},
	{ops.FunctionReferences | ops.GC, "--experimental-wasm-gc", builders{
		body("ref.null 0 call_ref 0"), body("i32.const 0 ref.i31 drop"), body("struct.new 1 drop", types("struct")),
		body("block (result eqref) ref.null any br_on_cast 0 anyref eqref drop ref.null eq end drop"),
		body("i32.const 0 array.new_default 1 array.len drop", types("array (mut i8)")),
	}},
	{ops.Exceptions, "--experimental-wasm-exnref", builders{body("try_table end"), body("ref.null exn drop")}},
	{ops.LegacyExceptions, "--experimental-wasm-legacy-eh", builders{body("try catch_all end")}},
	{ops.CustomPageSizes, "", builders{memory("1 pagesize=1")}},
	{ops.WideArithmetic, "", builders{body("i64.const 0 i64.const 0 i64.mul_wide_s drop drop")}},
	{ops.CompactImports, "", builders{func(m *validatortest.Module) { m.ImportGroup("m", "a", "global i32", "b", "global i32") }}},
	{ops.StackSwitching, "--experimental-wasm-wasmfx", builders{
		body("ref.null 0 cont.new 1 resume 1", types("cont 0")),
	}},
	{ops.CustomDescriptors, "--experimental-wasm-custom-descriptors", builders{
		func(m *validatortest.Module) {
			m.Type("func").Rec("(descriptor 2) (struct)", "(describes 1) (struct)").
				Func(0, "", "struct.new 2 struct.new_desc 1 ref.get_desc 1 drop")
		},
	}},
	{ops.SharedEverythingThreads, "--experimental-wasm-shared", builders{
		types("shared (struct)"), body("i32.const 0 ref.i31_shared drop"),
		body("global.atomic.get seq_cst 0 drop", func(m *validatortest.Module) { m.Global("shared mut i32", "i32.const 0") }),
	}},
}
