package explain_test

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// indexMistakes are operators with immediates that are out of range.
var indexMistakes = []mistake{
	{"local-off-by-one", func(p *patient) (expected, bool) {
		site, ok := p.find("local.get local.get", func(at place) bool { return len(p.around(at)) > 0 })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("local.get "+number(len(p.locals(site.body))))...)
		return expected{site: site, inBody: true, at: 0, message: "unknown local", hints: []string{explain.HintIndexRange},
			replace: "local.get " + number(len(p.locals(site.body))-1)}, true
	}},
	{"unknown-global", func(p *patient) (expected, bool) {
		return with("global.get "+number(p.module.NumGlobals())+" drop",
			expected{at: 0, message: "unknown global", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-function", func(p *patient) (expected, bool) {
		site, ok := p.find("call", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("call "+number(p.module.NumFuncs()))...)
		return expected{site: site, inBody: true, at: 0, message: "unknown function", hints: []string{explain.HintIndexRange},
			replace: "call " + number(p.module.NumFuncs()-1)}, true
	}},
	{"unknown-type-of-a-block", func(p *patient) (expected, bool) {
		return with("block (type "+number(p.module.Types().Len()+4)+") end",
			expected{at: 0, message: "unknown type", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-type-of-an-indirect-call", func(p *patient) (expected, bool) {
		return with("i32.const 0 call_indirect (type "+number(p.module.Types().Len())+")",
			expected{at: 1, message: "unknown type", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-table", func(p *patient) (expected, bool) {
		return with("i32.const 0 table.get "+number(p.module.NumTables())+" drop",
			expected{at: 1, message: "unknown table", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-memory", func(p *patient) (expected, bool) {
		return with("i32.const 0 i32.load "+number(p.module.NumMemories())+" offset=4 drop",
			expected{at: 1, message: "unknown memory", hints: []string{explain.HintIndexRange}, replace: "i32.load offset=4"})(p)
	}},
	{"unknown-data-segment", func(p *patient) (expected, bool) {
		n, ok := p.module.DataCount()
		if !ok {
			return expected{}, false
		}
		return with("data.drop "+number(int(n)), expected{at: 0, message: "unknown data segment", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-element-segment", func(p *patient) (expected, bool) {
		return with("elem.drop "+number(p.module.NumElems()), expected{at: 0, message: "unknown elem", hints: []string{explain.HintIndexRange}})(p)
	}},
	{"unknown-tag", with("throw 7", expected{at: 0, message: "unknown tag"})},
	{"lane-out-of-range", with("i32.const 3 i8x16.splat i8x16.extract_lane_u 16 drop",
		expected{at: 2, message: "invalid lane index"})},
	{"alignment-larger-than-natural", func(p *patient) (expected, bool) {
		site, ok := p.find("i32.load", func(at place) bool { return len(p.around(at)) > 0 })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("i32.load offset=12 align=8")...)
		return expected{site: site, inBody: true, at: 0, message: "alignment must not be larger than natural",
			hints: []string{explain.HintAlignment}}, true
	}},
	{"immutable-global", func(p *patient) (expected, bool) {
		p.extend(module.SectionGlobal, append([]byte{0x7F, 0}, 0x41, 5, 0x0B))
		return with("i32.const 1 global.set "+number(p.module.NumGlobals()),
			expected{at: 1, hints: []string{explain.HintImmutable}})(p)
	}},
	{"constant-out-of-range", func(p *patient) (expected, bool) {
		site, ok := p.find("i32.const", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, raw(0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F))
		return expected{site: site, inBody: true, at: 0, op: "41 ff ff ff ff 1f …", kind: validator.Malformed, message: "integer too large"}, true
	}},
}

// referenceMistakes are about references, structures and arrays. All of them
// need more than compilers of C make, and are inserted.
var referenceMistakes = []mistake{
	{"function-not-declared", func(p *patient) (expected, bool) {
		for i := range p.bodies {
			if index := uint32(p.imported + i); !p.module.FuncDeclared(index) {
				return with("ref.func "+number(int(index))+" drop",
					expected{at: 0, message: "undeclared function reference", hints: []string{explain.HintDeclareFunc}})(p)
			}
		}
		return expected{}, false
	}},
	{"local-read-before-it-is-set", func(p *patient) (expected, bool) {
		site := p.statement()
		local := len(p.locals(site.body))
		b := p.bodies[site.body]
		groups, n := uleb(b.locals)
		b.locals = append(ops.AppendU32(nil, groups+1), b.locals[n:]...)
		b.locals = append(b.locals, 1, 0x64, 0x70)
		p.replace(site, 0, asm("local.get "+number(local)+" drop")...)
		return expected{site: site, inBody: true, at: 0, message: "uninitialized local",
			hints: []string{explain.HintUninitialized}}, true
	}},
	{"null-where-none-may-be", func(p *patient) (expected, bool) {
		site := p.statement()
		local := len(p.locals(site.body))
		b := p.bodies[site.body]
		groups, n := uleb(b.locals)
		b.locals = append(ops.AppendU32(nil, groups+1), b.locals[n:]...)
		b.locals = append(b.locals, 1, 0x64, 0x70)
		p.replace(site, 0, asm("ref.null func local.set "+number(local))...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{wrong("(ref func)", "funcref", 0)}, hints: []string{explain.HintNullable}}, true
	}},
	{"field-missing", func(p *patient) (expected, bool) {
		s := p.addStruct()
		return with("i32.const 1 struct.new "+s+" drop", expected{at: 1, message: "type mismatch",
			wants: []wanted{missing("i32"), wrong("i64", "i32", 0)}})(p)
	}},
	{"immutable-field", func(p *patient) (expected, bool) {
		s := p.addStruct()
		return with("ref.null "+s+" i32.const 1 struct.set "+s+" 0", expected{at: 2, message: "immutable field",
			hints: []string{explain.HintImmutable}})(p)
	}},
	{"unknown-field", func(p *patient) (expected, bool) {
		s := p.addStruct()
		return with("ref.null "+s+" struct.get "+s+" 2 drop", expected{at: 1, message: "unknown field",
			hints: []string{explain.HintIndexRange}})(p)
	}},
	{"field-of-another-type", func(p *patient) (expected, bool) {
		s := p.addStruct()
		return with("ref.null "+s+" f32.const 1 struct.set "+s+" 1", expected{at: 2, message: "type mismatch",
			wants: []wanted{fits("(ref null "+s+")", 0), wrong("i64", "f32", 1)}})(p)
	}},
	{"array-index-of-another-type", func(p *patient) (expected, bool) {
		a := number(p.addType(0x5E, 0x7F, 1))
		return with("ref.null "+a+" f32.const 1 array.get "+a+" drop", expected{at: 2, message: "type mismatch",
			wants: []wanted{fits("(ref null "+a+")", 0), wrong("i32", "f32", 1)}})(p)
	}},
	{"cast-between-unrelated-types", with("ref.null extern ref.cast (ref any) drop", expected{at: 1, message: "type mismatch",
		wants: []wanted{wrong("anyref", "externref", 0)}})},
	{"reference-where-a-number-is-wanted", with("ref.null func i32.eqz drop", expected{at: 1, message: "type mismatch",
		wants: []wanted{wrong("i32", "funcref", 0)}})},
	{"number-where-a-reference-is-wanted", with("i32.const 0 ref.is_null drop", expected{at: 1, message: "type mismatch",
		wants: []wanted{{"", explain.Wrong, "i32", 0}}})},
	{"supertype-where-a-subtype-is-wanted", func(p *patient) (expected, bool) {
		s := p.addStruct()
		return with("ref.null struct struct.get "+s+" 0 drop", expected{at: 1, message: "type mismatch",
			wants: []wanted{wrong("(ref null "+s+")", "structref", 0)}, hints: []string{explain.HintCast}})(p)
	}},
}

// addStruct adds a structure with a constant i32 and a variable i64, and returns
// its index.
func (p *patient) addStruct() string { return number(p.addType(0x5F, 2, 0x7F, 0, 0x7E, 1)) }
