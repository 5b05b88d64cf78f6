package explain_test

import (
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// blockMistakes are blocks that are not opened, divided, left or ended as they
// should.
var blockMistakes = []mistake{
	{"operand-left-at-end-of-function", func(p *patient) (expected, bool) {
		body, ok := p.funcWith(-1, 0)
		if !ok {
			return expected{}, false
		}
		site := place{body, len(p.code(body)) - 1}
		if p.heights(body)[site.at] < 0 {
			return expected{}, false
		}
		p.replace(site, 0, asm("i32.const 1")...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch",
			wants: []wanted{extra("i32", 0)}, target: nth(-1), hints: []string{explain.HintMissingDrop}}, true
	}},
	{"operand-left-at-end-of-block", with("block i32.const 1 i32.const 2 drop end", expected{at: 4, message: "type mismatch",
		wants: []wanted{extra("i32", 1)}, target: nth(0), hints: []string{explain.HintMissingDrop, explain.HintBlockType}})},
	{"drop-missing", func(p *patient) (expected, bool) {
		site, ok := p.find("drop end", func(at place) bool { return p.heights(at.body)[at.at] == 1 })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1)
		return expected{site: site, inBody: true, at: 0, message: "type mismatch",
			wants: []wanted{{verdict: explain.Extra, from: -1}}, hints: []string{explain.HintMissingDrop}}, true
	}},
	{"result-missing-at-end-of-function", func(p *patient) (expected, bool) {
		for i := range p.bodies {
			code := p.code(i)
			last := place{i, len(code) - 2}
			if p.arity(p.bodies[i], -1, 1) && len(code) > 10 && p.leaves(i, p.piece(last)) == "i32" && p.empty(last) {
				p.replace(last, 1)
				return expected{site: last, inBody: true, at: 0, message: "type mismatch",
					wants: []wanted{missing("i32")}, target: nth(-1)}, true
			}
		}
		return expected{}, false
	}},
	{"result-of-another-type-at-end-of-function", func(p *patient) (expected, bool) {
		for i := range p.bodies {
			code := p.code(i)
			last := place{i, len(code) - 2}
			if p.arity(p.bodies[i], -1, 1) && len(code) > 10 && p.leaves(i, p.piece(last)) == "i32" {
				p.replace(last, 1, asm("f32.const 1")...)
				return expected{site: last, inBody: true, at: 1, message: "type mismatch",
					wants: []wanted{wrong("i32", "f32", 0)}, target: nth(-1)}, true
			}
		}
		return expected{}, false
	}},
	{"block-type-lacks-a-result", with("block i32.const 9 end drop", expected{at: 2, message: "type mismatch",
		wants: []wanted{extra("i32", 1)}, target: nth(0), hints: []string{explain.HintBlockType, explain.HintMissingDrop}})},
	{"block-type-has-one-result-too-many", with("block (result i32) nop end drop", expected{at: 2, message: "type mismatch",
		wants: []wanted{missing("i32")}, target: nth(0)})},
	{"if-without-else", with("i32.const 1 if (result i32) i32.const 2 end drop", expected{at: 3, message: "type mismatch",
		target: nth(1), hints: []string{explain.HintMissingElse}})},
	{"arm-of-an-if-leaves-another-type", with("i32.const 1 if (result i32) i32.const 2 else i64.const 3 end drop",
		expected{at: 5, message: "type mismatch", wants: []wanted{wrong("i32", "i64", 4)}, target: nth(1)})},
	{"first-arm-of-an-if-leaves-nothing", with("i32.const 1 if (result i32) else i32.const 3 end drop",
		expected{at: 2, message: "type mismatch", wants: []wanted{missing("i32")}, target: nth(1)})},
	{"else-without-if", with("block nop else end", expected{at: 2, kind: validator.Malformed,
		hints: []string{explain.HintMisplaced}, blocks: true})},
	{"end-missing", func(p *patient) (expected, bool) {
		body := p.statement().body
		site := place{body, len(p.code(body)) - 1}
		p.replace(site, 1)
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed, message: "END opcode expected",
			hints: []string{explain.HintMissingEnd}}, true
	}},
	{"end-of-an-inner-block-missing", func(p *patient) (expected, bool) {
		site, ok := p.find("end end", func(at place) bool { return len(p.around(at)) > 1 && p.empty(at.next(1)) })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1)
		site.at = len(p.code(site.body))
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed, message: "END opcode expected",
			hints: []string{explain.HintMissingEnd}}, true
	}},
	{"end-too-many", func(p *patient) (expected, bool) {
		body := p.statement().body
		site := place{body, len(p.code(body))}
		p.replace(site, 0, asm("end")...)
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed,
			hints: []string{explain.HintExtraEnd}}, true
	}},
	{"operator-after-the-end", func(p *patient) (expected, bool) {
		body := p.statement().body
		site := place{body, len(p.code(body))}
		p.replace(site, 0, asm("i32.const 1 drop")...)
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed}, true
	}},
	{"branch-one-too-deep", func(p *patient) (expected, bool) {
		site, ok := p.find("br", func(at place) bool { return p.heights(at.body)[at.at] >= 0 })
		if !ok {
			return expected{}, false
		}
		p.replace(site, 1, asm("br "+number(len(p.around(site))+1))...)
		return expected{site: site, inBody: true, at: 0, message: "unknown label",
			hints: []string{explain.HintIndexRange, explain.HintBranchDepth}}, true
	}},
	{"branch-without-its-value", with("block (result i64) br 0 end drop", expected{at: 1, message: "type mismatch",
		wants: []wanted{missing("i64")}, target: nth(0)})},
	{"branch-with-another-value", with("block (result i64) i32.const 5 br 0 end drop", expected{at: 2, message: "type mismatch",
		wants: []wanted{wrong("i64", "i32", 1)}, target: nth(0)})},
	{"branch-to-the-wrong-label", with("block (result i32) block (result f32) i32.const 5 br 0 end drop i32.const 6 end drop",
		expected{at: 3, message: "type mismatch", wants: []wanted{wrong("f32", "i32", 2)}, target: nth(1),
			hints: []string{explain.HintBranchDepth}})},
	{"branch-if-with-another-value", with("block (result i64) i32.const 5 i32.const 1 br_if 0 drop i64.const 0 end drop",
		expected{at: 3, message: "type mismatch", wants: []wanted{wrong("i64", "i32", 1), fits("i32", 2)}, target: nth(0)})},
	{"branch-table-of-labels-that-differ-in-number", with("block (result i32) block i32.const 0 br_table 0 1 end i32.const 1 end drop",
		expected{at: 3, message: "type mismatch"})},
	{"branch-table-of-labels-that-differ-in-type", with("block (result i32) block (result f32) i32.const 7 i32.const 0 br_table 0 1 end drop i32.const 1 end drop",
		expected{at: 4, message: "type mismatch", wants: []wanted{wrong("f32", "i32", 2), fits("i32", 3)}, target: nth(1)})},
	{"loop-takes-what-is-not-there", func(p *patient) (expected, bool) {
		t := p.addType(0x60, 1, 0x7F, 1, 0x7F)
		return with("loop (type "+number(t)+") end drop", expected{at: 0, message: "type mismatch", wants: []wanted{missing("i32")}})(p)
	}},
	{"catch-to-a-label-of-another-type", func(p *patient) (expected, bool) {
		tag := p.addTag()
		return with("block (result f32) try_table (catch "+number(tag)+" 0) end f32.const 1 end drop",
			expected{at: 1, message: "type mismatch"})(p)
	}},
	{"tail-call-with-other-results", func(p *patient) (expected, bool) {
		caller, ok := p.funcWith(-1, 0)
		callee, ok2 := p.funcWith(0, 1)
		if !ok2 {
			callee, ok2 = p.funcWith(1, 1)
		}
		if !ok || !ok2 {
			return expected{}, false
		}
		site := place{caller, 0}
		code := asm("unreachable return_call " + number(p.imported+callee))
		p.replace(site, 0, code...)
		return expected{site: site, inBody: true, at: 1, message: "type mismatch"}, true
	}},
}
