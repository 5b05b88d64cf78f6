package explain_test

import (
	"bytes"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// featureMistakes are constructs of proposals that are off.
var featureMistakes = []mistake{
	{"vectors-are-off", with("i32.const 64 v128.load offset=16 drop", expected{at: 1, op: "v128.load", kind: validator.Malformed, message: "illegal opcode",
		features: ops.Wasm2 &^ (ops.SIMD | ops.RelaxedSIMD), feature: "simd", hints: []string{explain.HintFeature}})},
	{"vector-local-while-vectors-are-off", func(p *patient) (expected, bool) {
		for i := range p.bodies {
			if p.code(i); slices.Contains(p.locals(i), ops.V128) {
				return expected{site: place{i, 0}, inBody: true, noOp: true, kind: validator.Malformed, message: "malformed value type",
					features: ops.Default &^ (ops.SIMD | ops.RelaxedSIMD), own: true, feature: "simd", hints: []string{explain.HintFeature}}, true
			}
		}
		return expected{}, false
	}},
	{"threads-are-off", with("i32.const 64 i32.const 1 i32.atomic.rmw.add drop", expected{at: 2, op: "i32.atomic.rmw.add", kind: validator.Malformed,
		message: "illegal opcode", features: ops.Wasm2, feature: "threads", hints: []string{explain.HintFeature}})},
	{"shared-memory-while-threads-are-off", func(p *patient) (expected, bool) {
		n := slices.IndexFunc(p.module.Imports(), func(i module.Import) bool { return i.Kind == module.ExternMemory })
		if n < 0 || !p.module.Memory(0).Shared {
			return expected{}, false
		}
		return expected{kind: validator.Malformed, features: ops.Default &^ ops.Threads, own: true, feature: "threads",
			section: module.SectionImport, item: "imported memory", number: n, hints: []string{explain.HintFeature}}, true
	}},
	{"tail-calls-are-off", func(p *patient) (expected, bool) {
		return firstOf(p, func(r *ops.Row) bool { return r.Feature&ops.TailCall != 0 },
			expected{features: ops.Default &^ ops.TailCall, own: true, feature: "tail-call"})
	}},
	{"exceptions-are-off", with("unreachable throw_ref", expected{at: 1, op: "throw_ref", kind: validator.Malformed, message: "illegal opcode",
		features: ops.Wasm2 | ops.Threads | ops.TailCall, feature: "exceptions", hints: []string{explain.HintFeature}, blocks: true})},
	{"garbage-collection-is-off", with("i32.const 1 ref.i31 drop", expected{at: 1, op: "ref.i31", kind: validator.Malformed, message: "illegal opcode",
		features: ops.Wasm2 | ops.Threads | ops.TailCall, feature: "gc", hints: []string{explain.HintFeature}})},
	{"bulk-memory-is-off", func(p *patient) (expected, bool) {
		return with("i32.const 0 i32.const 0 i32.const 8 memory.fill", expected{at: 3, op: "memory.fill", kind: validator.Malformed,
			message: "illegal opcode", features: ops.Wasm1, hints: []string{explain.HintFeature}})(p)
	}},
	{"64-bit-memory-is-off", func(p *patient) (expected, bool) {
		s := p.section(module.SectionMemory)
		if s == nil {
			return expected{}, false
		}
		s.content = []byte{1, 4, 1}
		return expected{features: ops.Wasm2 | ops.Threads | ops.TailCall, kind: validator.Malformed, feature: "memory64",
			section: module.SectionMemory, item: "memory"}, true
	}},
	{"several-memories-are-off", func(p *patient) (expected, bool) {
		if p.section(module.SectionMemory) == nil {
			return expected{}, false
		}
		p.extend(module.SectionMemory, []byte{0, 1})
		return expected{features: ops.Wasm2 | ops.Threads | ops.TailCall, message: "multiple memories", feature: "multi-memory",
			section: module.SectionMemory, item: "memory", number: 1}, true
	}},
}

// firstOf is the mistake of not allowing the first operator that is of a kind.
func firstOf(p *patient, ok func(*ops.Row) bool, e expected) (expected, bool) {
	for i := range p.bodies {
		for j, c := range p.code(i) {
			if ok(c.op.Row()) {
				e.site, e.inBody = place{i, j}, true
				e.kind, e.message, e.op = validator.Malformed, "illegal opcode", c.op.Row().Keyword()
				e.hints = []string{explain.HintFeature}
				return e, true
			}
		}
	}
	return e, false
}

// malformedMistakes break the binary grammar.
var malformedMistakes = []mistake{
	{"integer-in-too-many-bytes", func(p *patient) (expected, bool) {
		site := p.statement()
		p.replace(site, 0, append([]piece{raw(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)}, asm("drop")...)...)
		return expected{site: site, inBody: true, op: "41 80 80 80 80 80 …", kind: validator.Malformed, message: "integer representation too long",
			hints: []string{explain.HintLEB}}, true
	}},
	{"illegal-opcode", func(p *patient) (expected, bool) {
		site := p.statement()
		p.replace(site, 0, raw(0x27))
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed, message: "illegal opcode 27"}, true
	}},
	{"illegal-opcode-behind-a-prefix", func(p *patient) (expected, bool) {
		site := p.statement()
		p.replace(site, 0, raw(0xFC, 0x63))
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed, message: "illegal opcode fc 63"}, true
	}},
	{"illegal-type-of-a-local", func(p *patient) (expected, bool) {
		site := place{p.statement().body, 0}
		b := p.bodies[site.body]
		p.code(site.body)
		b.locals = []byte{1, 2, 0x11}
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed}, true
	}},
	{"size-of-a-section", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, after: func(wasm []byte) []byte {
			wasm = bytes.Clone(wasm)
			wasm[9]-- // the size of the type section, or its lowest bits
			return wasm
		}, section: module.SectionType}, true
	}},
	{"sections-out-of-order", func(p *patient) (expected, bool) {
		i := slices.IndexFunc(p.sections, func(s part) bool { return s.id == module.SectionFunction })
		j := slices.IndexFunc(p.sections, func(s part) bool { return s.id == module.SectionMemory })
		if i < 0 || j < 0 {
			return expected{}, false
		}
		p.sections[i], p.sections[j] = p.sections[j], p.sections[i]
		return expected{kind: validator.Malformed, hints: []string{explain.HintSectionOrder}}, true
	}},
	{"section-twice", func(p *patient) (expected, bool) {
		s := p.section(module.SectionMemory)
		if s == nil {
			return expected{}, false
		}
		i := slices.IndexFunc(p.sections, func(s part) bool { return s.id == module.SectionMemory })
		p.sections = slices.Insert(p.sections, i+1, *s)
		return expected{kind: validator.Malformed, hints: []string{explain.HintSectionOrder}}, true
	}},
	{"more-functions-than-bodies", func(p *patient) (expected, bool) {
		p.extend(module.SectionFunction, []byte{0})
		return expected{kind: validator.Malformed, message: "function and code section have inconsistent lengths"}, true
	}},
	{"data-count-missing", func(p *patient) (expected, bool) {
		for i := range p.bodies {
			for j, c := range p.code(i) {
				if c.op == ops.MemoryInit || c.op == ops.DataDrop {
					p.sections = slices.DeleteFunc(p.sections, func(s part) bool { return s.id == module.SectionDataCount })
					return expected{site: place{i, j}, inBody: true, kind: validator.Malformed, op: c.op.String(),
						message: "data count section required", hints: []string{explain.HintDataCount}}, true
				}
			}
		}
		return expected{}, false
	}},
	{"name-is-not-utf-8", func(p *patient) (expected, bool) {
		n := p.extend(module.SectionExport, []byte{2, 'a', 0xFF, 0, 0})
		return expected{kind: validator.Malformed, message: "malformed UTF-8", section: module.SectionExport, item: "export", number: n}, true
	}},
	{"cut-short", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, message: "length out of bounds", hints: []string{explain.HintTruncated},
			after: func(wasm []byte) []byte { return wasm[:len(wasm)*2/3] }}, true
	}},
	{"web-page", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, message: "magic header", hints: []string{explain.HintFormat},
			after: func([]byte) []byte { return []byte("<!DOCTYPE html>\n<html><head><title>404 Not Found</title>\n") }}, true
	}},
	{"text-format", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, message: "magic header", hints: []string{explain.HintFormat},
			after: func([]byte) []byte { return []byte("(module\n  (func (export \"main\"))\n)\n") }}, true
	}},
	{"empty-file", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, message: "unexpected end", hints: []string{explain.HintFormat, explain.HintTruncated},
			after: func([]byte) []byte { return nil }}, true
	}},
	{"component", func(p *patient) (expected, bool) {
		return expected{kind: validator.Malformed, message: "unknown binary version", hints: []string{explain.HintFormat},
			after: func(wasm []byte) []byte { return append([]byte("\x00asm\x0d\x00\x01\x00"), wasm[8:]...) }}, true
	}},
	{"locals-beyond-the-limit", func(p *patient) (expected, bool) {
		site := place{p.statement().body, 0}
		p.code(site.body)
		b := p.bodies[site.body]
		b.locals = append(ops.AppendU32([]byte{1}, 60_000), 0x7F)
		return expected{site: site, inBody: true, noOp: true, kind: validator.Limit, limit: "Locals", hints: []string{explain.HintLimit}}, true
	}},
	{"more-locals-than-can-be-counted", func(p *patient) (expected, bool) {
		site := place{p.statement().body, 0}
		p.code(site.body)
		b := p.bodies[site.body]
		b.locals = append(ops.AppendU32([]byte{2, 1, 0x7F}, 1<<32-1), 0x7E)
		return expected{site: site, inBody: true, noOp: true, kind: validator.Malformed, message: "too many locals"}, true
	}},
}

// sectionMistakes are invalid declarations.
var sectionMistakes = []mistake{
	{"export-twice", func(p *patient) (expected, bool) {
		exports := p.module.Exports()
		if len(exports) == 0 {
			return expected{}, false
		}
		n := p.extend(module.SectionExport, append(binaryName(exports[0].Name), 0, 0))
		return expected{message: "duplicate export name", section: module.SectionExport, item: "export", number: n,
			hints: []string{explain.HintDuplicate}}, true
	}},
	{"export-of-an-unknown-function", func(p *patient) (expected, bool) {
		n := p.extend(module.SectionExport, append(append(binaryName("missing"), 0), ops.AppendU32(nil, uint32(p.module.NumFuncs()))...))
		return expected{message: "unknown function", section: module.SectionExport, item: "export", number: n,
			hints: []string{explain.HintIndexRange}}, true
	}},
	{"export-of-a-memory-that-is-missing", func(p *patient) (expected, bool) {
		number := slices.IndexFunc(p.module.Exports(), func(e module.Export) bool { return e.Kind == module.ExternMemory })
		if number < 0 || p.section(module.SectionMemory) == nil {
			return expected{}, false
		}
		p.sections = slices.DeleteFunc(p.sections, func(s part) bool { return s.id == module.SectionMemory })
		return expected{message: "unknown memory", section: module.SectionExport, item: "export", number: number}, true
	}},
	{"import-of-an-unknown-type", func(p *patient) (expected, bool) {
		item := append(append(binaryName("env"), binaryName("log")...), 0)
		n := p.extend(module.SectionImport, append(item, ops.AppendU32(nil, uint32(p.module.Types().Len()))...))
		return expected{message: "unknown type", section: module.SectionImport, item: "imported function", number: n,
			hints: []string{explain.HintIndexRange}}, true
	}},
	{"function-of-an-unknown-type", func(p *patient) (expected, bool) {
		n := p.extend(module.SectionFunction, ops.AppendU32(nil, uint32(p.module.Types().Len()+2)))
		p.bodies = append(p.bodies, &body{whole: []byte{0, 0x0B}})
		return expected{message: "unknown type", section: module.SectionFunction, item: "function", number: n}, true
	}},
	{"initial-value-is-not-constant", func(p *patient) (expected, bool) {
		n := p.extend(module.SectionGlobal, []byte{0x7F, 0, 0x41, 1, 0x67, 0x0B})
		return expected{message: "constant expression required", section: module.SectionGlobal, item: "global", number: n,
			op: "i32.clz", hints: []string{explain.HintConstant}}, true
	}},
	{"initial-value-of-another-type", func(p *patient) (expected, bool) {
		n := p.extend(module.SectionGlobal, []byte{0x7F, 0, 0x42, 1, 0x0B})
		return expected{message: "type mismatch", section: module.SectionGlobal, item: "global", number: n}, true
	}},
	{"start-function-with-parameters", func(p *patient) (expected, bool) {
		body, ok := p.funcWith(1, -1)
		if !ok {
			return expected{}, false
		}
		index := ops.AppendU32(nil, uint32(p.imported+body))
		if s := p.section(module.SectionStart); s != nil {
			s.content = index
		} else {
			p.extend(module.SectionStart)
			p.section(module.SectionStart).content = index
		}
		return expected{message: "start function", section: module.SectionStart}, true
	}},
	{"element-is-an-unknown-function", func(p *patient) (expected, bool) {
		item := append([]byte{1, 0, 1}, ops.AppendU32(nil, uint32(p.module.NumFuncs()))...)
		n := p.extend(module.SectionElement, item)
		return expected{message: "unknown function", section: module.SectionElement, item: "element segment", number: n}, true
	}},
	{"memory-smaller-than-its-minimum", func(p *patient) (expected, bool) {
		s := p.section(module.SectionMemory)
		if s == nil {
			return expected{}, false
		}
		s.content = []byte{1, 1, 9, 3}
		return expected{message: "size minimum must not be greater than maximum", section: module.SectionMemory, item: "memory"}, true
	}},
	{"memory-larger-than-its-addresses", func(p *patient) (expected, bool) {
		s := p.section(module.SectionMemory)
		if s == nil {
			return expected{}, false
		}
		s.content = append([]byte{1, 0}, ops.AppendU32(nil, 65537)...)
		return expected{message: "memory size", section: module.SectionMemory, item: "memory"}, true
	}},
	{"data-for-an-unknown-memory", func(p *patient) (expected, bool) {
		if p.section(module.SectionData) == nil || p.section(module.SectionDataCount) != nil {
			return expected{}, false
		}
		n := p.extend(module.SectionData, append(append([]byte{2}, ops.AppendU32(nil, uint32(p.module.NumMemories()))...), 0x41, 0, 0x0B, 1, 'x'))
		return expected{message: "unknown memory", section: module.SectionData, item: "data segment", number: n}, true
	}},
	{"tag-with-a-result", func(p *patient) (expected, bool) {
		t := p.addType(0x60, 0, 1, 0x7F)
		n := p.extend(module.SectionTag, append([]byte{0}, ops.AppendU32(nil, uint32(t))...))
		return expected{message: "non-empty tag result type", section: module.SectionTag, item: "tag", number: n}, true
	}},
	{"supertype-that-does-not-fit", func(p *patient) (expected, bool) {
		base := p.addType(0x50, 0, 0x5F, 1, 0x7F, 0)
		item := append(append([]byte{0x50, 1}, ops.AppendU32(nil, uint32(base))...), 0x5F, 1, 0x7E, 0)
		n := p.extend(module.SectionType, item)
		return expected{message: "sub type", section: module.SectionType, item: "type", number: n}, true
	}},
}
