package generate

import (
	"bytes"
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// encodingFaults are bytes in a function body that do not decode.
//
// Specification: 5.2 "Values", 5.4 "Instructions", 5.5.13 "Code Section".
var encodingFaults = []Fault{
	{Name: "opcode that is none", Kind: validator.Malformed, Message: "illegal opcode", code: func(b *body) (int, bool) {
		at := len(b.code)
		b.code = append(b.code, []byte{0x16, 0x17, 0x1d, 0x27, 0xc5, 0xd7, 0xe7, 0xff}[b.below(8)])
		return at, true
	}},
	{Name: "integer of too many bytes", Kind: validator.Malformed, Message: "integer representation too long", code: func(b *body) (int, bool) {
		b.code = append(b.code, byte(ops.I32Const))
		at := len(b.code)
		b.code = append(b.code, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)
		return at, true
	}},
	{Name: "integer of too many bits", Kind: validator.Malformed, Message: "integer too large", code: func(b *body) (int, bool) {
		b.code = append(b.code, byte(ops.I32Const))
		at := len(b.code)
		b.code = append(b.code, 0x80, 0x80, 0x80, 0x80, 0x70)
		return at, true
	}},
	{Name: "index of too many bits", Kind: validator.Malformed, Message: "integer too large", code: func(b *body) (int, bool) {
		b.code = append(b.code, byte(ops.LocalGet))
		at := len(b.code)
		b.code = append(b.code, 0x80, 0x80, 0x80, 0x80, 0x10)
		return at, true
	}},
	{Name: "alignment that is none", Kind: validator.Malformed, Message: "malformed memop flags", code: func(b *body) (int, bool) {
		b.code = append(b.code, byte(ops.I32Load))
		at := len(b.code)
		b.code = append(b.code, 0x80, 0x01, 0x00)
		return at, true
	}},
	{Name: "else outside of an if", Kind: validator.Malformed, code: func(b *body) (int, bool) {
		at := b.wrong(emptyOpen, ops.Instr{Op: ops.Else})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "two else", Kind: validator.Malformed, code: func(b *body) (int, bool) {
		at := b.wrong(constant32(1), ops.Instr{Op: ops.If}, ops.Instr{Op: ops.Else}, ops.Instr{Op: ops.Else})
		b.wrong(endInstr)
		return at, true
	}},
	{Name: "end missing", Kind: validator.Malformed, code: func(b *body) (int, bool) {
		b.wrong(emptyOpen) // which nothing closes
		return -1, true
	}},
	{Name: "end too many", Kind: validator.Malformed, code: func(b *body) (int, bool) {
		for range b.a.ControlStackHeight() {
			b.wrong(endInstr)
		}
		return -1, true
	}},
}

// appendSection returns wasm with one more section at its end, and the offset of
// it.
func appendSection(wasm []byte, id module.SectionID, content []byte) ([]byte, int) {
	return slices.Concat(wasm, frame(id, content)), len(wasm)
}

// fileFaults are wrong frames of a module.
//
// Specification: 5.5 "Modules".
var fileFaults = []Fault{
	{Name: "magic number", Kind: validator.Malformed, Message: "magic header not detected", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		wasm[p.below(4)] ^= 1 << p.below(8)
		return wasm, 0, true
	}},
	{Name: "version", Kind: validator.Malformed, Message: "unknown binary version", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		wasm[4+p.below(4)] ^= 1 << p.below(8)
		return wasm, 4, true
	}},
	{Name: "section that is none", Kind: validator.Malformed, Message: "malformed section id", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		wasm, at := appendSection(wasm, module.SectionID(14+p.below(100)), nil)
		return wasm, at, true
	}},
	{Name: "section twice", Kind: validator.Malformed, Message: "unexpected content after last section", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		wasm, at := appendSection(wasm, module.SectionCode, []byte{0})
		return wasm, at, true
	}},
	{Name: "section out of order", Kind: validator.Malformed, Message: "unexpected content after last section", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		wasm, at := appendSection(wasm, module.SectionType, []byte{0})
		return wasm, at, true
	}},
	{Name: "section longer than the module", Kind: validator.Malformed, bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		return append(wasm, 0, 5, 1, 'a'), -1, true
	}},
	{Name: "section longer than its contents", Kind: validator.Malformed, Message: "section size mismatch", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		at := p.sites[site{module.SectionCode, -1, whole}]
		return longer(wasm, at), -1, true
	}},
	{Name: "name that is no UTF-8", Kind: validator.Malformed, Message: "malformed UTF-8 encoding", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		bad := pick(p.choices, []string{"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xff", "\xe2\x82"})
		wasm, at := appendSection(wasm, module.SectionCustom, append([]byte{byte(len(bad))}, bad...))
		return wasm, at + 2, true
	}},
	{Name: "module cut short", Kind: validator.Malformed, bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		return wasm[:len(wasm)-1], -1, true
	}},
	{Name: "nothing", Kind: validator.Malformed, Message: "unexpected end", bytes: func(p *program, wasm []byte) ([]byte, int, bool) {
		return wasm[:p.below(4)], -1, true
	}},
}

// longer returns wasm with one byte more in the section at an offset, which its
// size counts and its items do not.
func longer(wasm []byte, at int) []byte {
	r := ops.NewReader(wasm[at+1:], at+1, ops.All)
	size, _ := r.U32()
	rest := wasm[r.Offset():]
	return slices.Concat(wasm[:at], frame(module.SectionID(wasm[at]), append(bytes.Clone(rest[:size]), 0)), rest[size:])
}

// featureFaults are operators of proposals that are off.
func featureFaults() (list []Fault) {
	for _, f := range []struct {
		feature ops.Features
		op      ops.Op
		after   []byte // the immediates
	}{
		{ops.SignExtension, ops.I32Extend8S, nil},
		{ops.SaturatingFloatToInt, ops.I32TruncSatF32S, nil},
		{ops.SIMD, ops.I8x16Splat, nil},
		{ops.RelaxedSIMD, ops.I8x16RelaxedSwizzle, nil},
		{ops.Threads, ops.AtomicFence, []byte{0}},
		{ops.TailCall, ops.ReturnCall, []byte{0}},
		{ops.GC, ops.RefI31, nil},
		{ops.WideArithmetic, ops.I64Add128, nil},
		{ops.LegacyExceptions, ops.Try, []byte{0x40, byte(ops.End)}},
		{ops.Exceptions, ops.ThrowRef, nil},
		{ops.StackSwitching, ops.ContNew, []byte{0}},
		{ops.CustomDescriptors, ops.RefGetDesc, []byte{0}},
		{ops.MemoryControl, ops.MemoryDiscard, []byte{0}},
		{ops.SharedEverythingThreads, ops.RefI31Shared, nil},
	} {
		list = append(list, Fault{
			Name: "without " + f.feature.String(), Without: f.feature, Kind: validator.Malformed, Message: "illegal opcode",
			code: func(b *body) (int, bool) {
				at := b.wrong(ops.Instr{Op: f.op})
				b.code = append(b.code[:at+opcodeSize(f.op)], f.after...)
				return at, true
			},
		})
	}
	return list
}

// opcodeSize is the length of the encoding of an operator, without immediates.
func opcodeSize(op ops.Op) int {
	if op < 1<<16 {
		return 1
	}
	return 1 + len(ops.AppendU32(nil, uint32(op)&0xFFFF))
}
