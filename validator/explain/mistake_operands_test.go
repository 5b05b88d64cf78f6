package explain_test

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// operandMistakes are operators with operands that they do not want.
var operandMistakes = []mistake{
	{"operand-of-another-type", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 =i32 i32.add", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site.next(1), 1, asm("i64.const 7")...)
		return expected{site: site, inBody: true, at: 2, message: "type mismatch",
			wants: []wanted{fits("i32", 0), wrong("i32", "i64", 1)},
			hints: []string{explain.HintConversion, explain.HintSiblingOperator}}, true
	}},
	{"operands-swapped", func(p *patient) (expected, bool) {
		for _, t := range []string{"f64", "i64", "f32"} {
			if site, ok := p.find("=i32 ="+t+" "+t+".store", nil); ok {
				first, second := *p.piece(site), *p.piece(site.next(1))
				p.replace(site, 2, second, first)
				return expected{site: site, inBody: true, at: 2, message: "type mismatch",
					wants: []wanted{wrong("i32", t, 0), wrong(t, "i32", 1)},
					hints: []string{explain.HintSwappedOperands}}, true
			}
		}
		return expected{}, false
	}},
	{"operands-swapped-inserted", with("i64.const -1 i32.const 64 i64.store offset=8", expected{at: 2, message: "type mismatch",
		wants: []wanted{wrong("i32", "i64", 0), wrong("i64", "i32", 1)},
		hints: []string{explain.HintSwappedOperands}})},
	{"operand-missing", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 =i32 i32.*", func(at place) bool {
			return p.piece(at.next(2)).op.Row().Rule == ops.RulePlain && p.piece(at.next(2)).op.Row().NumParams() == 2 && p.empty(at)
		})
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{missing("i32"), fits("i32", 0)}, hints: []string{explain.HintMissingOperand}}, true
	}},
	{"all-operands-missing", with("i32.rem_s drop", expected{at: 0, message: "type mismatch",
		wants: []wanted{missing("i32"), missing("i32")}, hints: []string{explain.HintMissingOperand}})},
	{"nothing-to-drop", with("drop", expected{at: 0, message: "type mismatch", wants: []wanted{missing("")}})},
	{"set-for-tee", func(p *patient) (expected, bool) {
		site, ok := p.find("local.tee i32.*", func(at place) bool {
			row := p.piece(at.next(1)).op.Row()
			return row.NumParams() == 1 && row.Rule != ops.RuleTable && p.local(at.body, p.piece(at).index) == "i32" &&
				p.heights(at.body)[at.at] == 1
		})
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("local.set "+number(int(p.piece(site).index)))...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{missing("i32")}, hints: []string{explain.HintSetForTee}, hintAt: nth(0),
			replace: "local.tee " + number(int(p.piece(site).index))}, true
	}},
	{"tee-for-set", func(p *patient) (expected, bool) {
		site, ok := p.find("local.set end", func(at place) bool {
			return p.heights(at.body)[at.at] == 1 && p.heights(at.body)[at.at+1] == 0
		})
		if !ok {
			return expected{}, false
		}
		local := p.piece(site).index
		p.replace(site, 1, asm("local.tee "+number(int(local)))...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{extra(p.local(site.body, local), 0)}, hints: []string{explain.HintTeeForSet}, hintAt: nth(0),
			replace: "local.set " + number(int(local))}, true
	}},
	{"sibling-of-operands", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 =i32 i32.add", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site.next(2), 1, asm("i64.add")...)
		return expected{site: site, inBody: true, at: 2, message: "type mismatch",
			wants: []wanted{wrong("i64", "i32", 0), wrong("i64", "i32", 1)},
			hints: []string{explain.HintSiblingOperator}, replace: "i32.add", hintAt: nth(2)}, true
	}},
	{"sibling-of-load", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 i32.load =i32 i32.add", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site.next(1), 1, asm("i64.load offset=8")...)
		return expected{site: site, inBody: true, at: 3, message: "type mismatch",
			wants: []wanted{wrong("i32", "i64", 1), fits("i32", 2)},
			hints: []string{explain.HintSiblingOperator}, replace: "i32.load offset=8", hintAt: nth(1)}, true
	}},
	{"sibling-of-floats", func(p *patient) (expected, bool) {
		site, ok := p.find("=f64 =f64 f64.*", nil)
		if !ok || p.piece(site.next(2)).op.Row().NumParams() != 2 {
			return expected{}, false
		}
		p.replace(site.next(2), 1, asm("f32.mul")...)
		return expected{site: site, inBody: true, at: 2, message: "type mismatch",
			wants: []wanted{wrong("f32", "f64", 0), wrong("f32", "f64", 1)},
			hints: []string{explain.HintSiblingOperator}, replace: "f64.mul"}, true
	}},
	{"condition-is-a-float", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 br_if", nil)
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("f32.const 1.5")...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{wrong("i32", "f32", 0)}}, true
	}},
	{"argument-of-another-type", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 call", func(at place) bool { return p.lastParam(at.next(1)) == "i32" })
		if !ok {
			return expected{}, false
		}
		var wants []wanted
		for range p.params(site.next(1))[1:] {
			wants = append(wants, wanted{verdict: explain.Fits, from: -1})
		}
		p.replace(site, 1, asm("i64.const 64")...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: append(wants, wrong("i32", "i64", 0)), hints: []string{explain.HintSiblingOperator}, replace: "i32.const 64"}, true
	}},
	{"argument-missing", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 call", func(at place) bool { return len(p.params(at.next(1))) == 1 && p.empty(at) })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1)
		return expected{site: site, inBody: true, at: 0, message: "type mismatch",
			wants: []wanted{missing("i32")}, hints: []string{explain.HintMissingOperand}}, true
	}},
	{"table-index-of-another-type", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 call_indirect", nil)
		if !ok {
			site, ok = p.find("i32.load call_indirect", nil)
		}
		if !ok {
			return expected{}, false
		}
		params := p.module.Types().Params(p.piece(site.next(1)).index)
		p.replace(site, 1, asm("f64.const 3")...)
		var wants []wanted
		for range params {
			wants = append(wants, wanted{verdict: "", from: -1})
		}
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: append(wants, wrong("i32", "f64", 0))}, true
	}},
	{"return-of-another-type", func(p *patient) (expected, bool) {
		body, ok := p.funcWith(-1, 1)
		if !ok || p.module.Types().Results(p.module.FuncType(uint32(p.imported + body)))[0] != ops.I32 {
			return expected{}, false
		}
		site := place{body, 0}
		p.replace(site, 0, asm("i64.const 3 return")...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{wrong("i32", "i64", 0)}, target: nth(-1), hints: []string{explain.HintSiblingOperator}, replace: "i32.const 3"}, true
	}},
	{"select-of-two-types", with("i32.const 1 f32.const 2 i32.const 0 select drop", expected{at: 3, message: "type mismatch",
		wants: []wanted{wrong("f32", "i32", 0), fits("f32", 1), fits("i32", 2)}})},
	{"select-of-references", with("ref.null func ref.null func i32.const 0 select drop", expected{at: 3, message: "type mismatch",
		wants: []wanted{{}, {"", explain.Wrong, "funcref", 1}, fits("i32", 2)}, hints: []string{explain.HintSelectType}})},
	{"typed-select", with("ref.null func i32.const 1 i32.const 0 select (result funcref) drop", expected{at: 3, message: "type mismatch",
		wants: []wanted{fits("funcref", 0), wrong("funcref", "i32", 1), fits("i32", 2)}})},
	{"local-of-another-type", func(p *patient) (expected, bool) {
		site, ok := p.find("=i32 local.set", func(at place) bool { return p.empty(at) })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("f64.const 0.5")...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{wrong("i32", "f64", 0)}}, true
	}},
	{"global-of-another-type", with("i64.const 5 global.set 0", expected{at: 1, message: "type mismatch",
		wants: []wanted{wrong("i32", "i64", 0)}, hints: []string{explain.HintSiblingOperator}, replace: "i32.const 5"})},
	{"memory-grow-of-another-type", with("i64.const 1 memory.grow drop", expected{at: 1, message: "type mismatch",
		wants: []wanted{wrong("i32", "i64", 0)}, hints: []string{explain.HintSiblingOperator}, replace: "i32.const 1"})},
	{"memory-fill-operands-in-wrong-order", with("i32.const 8 i32.const 0 i64.const 3 memory.fill", expected{at: 3, message: "type mismatch",
		wants: []wanted{fits("i32", 0), fits("i32", 1), wrong("i32", "i64", 2)}})},
	{"result-of-a-block-is-wrong-operand", with("i32.const 1 block (result f32) f32.const 2 end i32.add drop", expected{at: 4, message: "type mismatch",
		wants: []wanted{fits("i32", 0), wrong("i32", "f32", 3)}})},
	{"throw-of-another-type", func(p *patient) (expected, bool) {
		tag := p.addTag()
		return with("f32.const 1 throw "+number(tag), expected{at: 1, message: "type mismatch",
			wants: []wanted{wrong("i32", "f32", 0)}})(p)
	}},
}

// params is the parameters of the function that a call calls.
func (p *patient) params(call place) []ops.ValType {
	return p.module.Types().Params(p.module.FuncType(p.piece(call).index))
}

// lastParam is the type of the last of them, "" without one.
func (p *patient) lastParam(call place) string {
	params := p.params(call)
	if len(params) == 0 {
		return ""
	}
	return params[len(params)-1].String()
}

// addType adds a type and returns its index.
func (p *patient) addType(b ...byte) int {
	p.extend(module.SectionType, b)
	return p.module.Types().Len()
}

// addTag adds a tag with one parameter of type i32 and returns its index.
func (p *patient) addTag() int {
	t := p.addType(0x60, 1, 0x7F, 0)
	return p.extend(module.SectionTag, append([]byte{0}, ops.AppendU32(nil, uint32(t))...))
}
