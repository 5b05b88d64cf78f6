package validator

import (
	"encoding/binary"
	"math/bits"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// wordLen is how many bytes the hot loop loads at once: an operator and, nearly
// always, its immediates.
const wordLen = 8

// run validates operators from code, starting at pos, as long as they are of the
// common kind, and returns the position of the first that is not: one that is
// rare, one that is wrong, or one that starts at or after limit. That operator
// has had no effect; the slow path decodes and checks it again. The operator
// before it may end after limit. len(code) must be at least limit+wordLen.
//
// run decides nothing that the slow path would decide otherwise: it is a short
// cut through the same rules, for operands that are there and have exactly the
// type wanted. It is one function, with the state of the body in local variables,
// because that is what keeps them in registers.
func (c *checker) run(code []byte, pos, limit int) int {
	stack := c.operands[:cap(c.operands)]
	sp := len(c.operands)
	frames := c.frames
	flat := c.locals.Flat
	locals := (*[state.ShortLocals]ops.ValType)(flat)
	table := c.fast
	top := &frames[len(frames)-1]
	base := int(top.Height)
	inits := c.locals.Inits() // the hot loop initialises no local

loop:
	for pos < limit {
		// One load and one bounds check serve the operator and its immediates.
		w := binary.LittleEndian.Uint64(code[pos:])
		row := &table[uint8(w)]
		if row.class <= lastSimple {
			size := int(row.size)
			local := locals[uint8(w>>8)%state.ShortLocals]
			if w&row.long != 0 {
				if size, local = longImmediate(w, row.class, flat); size == 0 {
					break loop
				}
			}
			want, result := row.a|local&row.set, row.r|local&row.get
			h := sp - int(row.pops)
			if h < base || uint(h) >= uint(len(stack)) || uint8(w>>8) > row.align {
				break loop
			}
			// The stack begins with two slots that are no operands, so there is
			// always something to look at.
			if (stack[sp-1]^want)&row.aMask|(stack[sp-2]^row.b)&row.bMask|result&state.NoLocal != 0 {
				break loop
			}
			stack[h] = result // above the stack when the operator pushes nothing
			sp = h + int(row.push)
			pos += size
			continue
		}
		switch row.class {
		case fastBrIf:
			l := int(uint8(w >> 8))
			if l >= len(frames) || l >= 0x80 || sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != ops.I32 {
				break loop
			}
			f := &frames[len(frames)-1-l]
			if f.Block != 0 && f.Kind != state.FrameLoop {
				t, ok := f.Block.Result()
				if !ok || sp-2 < base || stack[sp-2] != t {
					break loop
				}
			} else if f.Block > maxInlineBlock {
				break loop
			}
			sp--
			pos += 2

		case fastBlock, fastLoop:
			b, ok := shortBlock(uint8(w >> 8))
			if !ok || len(frames) == cap(frames) {
				break loop
			}
			kind := state.FrameBlock
			if row.class == fastLoop {
				kind = state.FrameLoop
			}
			frames = append(frames, state.Frame{Block: b, Kind: kind, Height: uint32(sp), Inits: inits, Start: uint32(pos)})
			top = &frames[len(frames)-1]
			base = sp
			pos += 2

		case fastIf:
			b, ok := shortBlock(uint8(w >> 8))
			if !ok || len(frames) == cap(frames) || sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != ops.I32 {
				break loop
			}
			sp--
			frames = append(frames, state.Frame{Block: b, Kind: state.FrameIf, Height: uint32(sp), Inits: inits, Start: uint32(pos)})
			top = &frames[len(frames)-1]
			base = sp
			pos += 2

		case fastEnd:
			if len(frames) < 2 || top.Inits != inits {
				break loop
			}
			if top.Block == 0 {
				if sp != base {
					break loop
				}
			} else {
				t, ok := top.Block.Result()
				if !ok || top.Kind == state.FrameIf {
					break loop
				}
				if sp == base && top.Unreachable && uint(sp) < uint(len(stack)) {
					stack[sp] = t
					sp++
				} else if sp != base+1 || uint(base) >= uint(len(stack)) || stack[base] != t {
					break loop
				}
			}
			frames = frames[:len(frames)-1]
			top = &frames[len(frames)-1]
			base = int(top.Height)
			pos++

		case fastElse:
			if top.Kind != state.FrameIf || top.Inits != inits {
				break loop
			}
			if top.Block == 0 {
				if sp != base {
					break loop
				}
			} else {
				t, ok := top.Block.Result()
				if !ok {
					break loop
				}
				if sp != base || !top.Unreachable {
					if sp != base+1 || uint(base) >= uint(len(stack)) || stack[base] != t {
						break loop
					}
				}
			}
			sp = base
			top.Kind, top.Unreachable = state.FrameElse, false
			pos++

		case fastBr:
			l := int(uint8(w >> 8))
			if l >= len(frames) || l >= 0x80 {
				break loop
			}
			f := &frames[len(frames)-1-l]
			if f.Block != 0 && f.Kind != state.FrameLoop {
				t, ok := f.Block.Result()
				if !ok || sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != t {
					break loop
				}
			} else if f.Block > maxInlineBlock {
				break loop
			}
			sp = base
			top.Unreachable = true
			pos += 2

		case fastCall, fastCallIndirect:
			var i uint32
			n := 2
			switch {
			case w&0x8000 == 0:
				i = uint32(w>>8) & 0x7F
			case w&0x800000 == 0:
				i, n = uint32(w>>8)&0x7F|uint32(w>>9)&0x3F80, 3
			case w&0x80000000 == 0:
				i, n = uint32(w>>8)&0x7F|uint32(w>>9)&0x3F80|uint32(w>>10)&0x1FC000, 4
			default:
				break loop
			}
			at := sp
			if row.class == fastCall {
				if uint(i) >= uint(len(c.decls.Funcs)) {
					break loop
				}
				i = c.decls.Funcs[i]
			} else {
				if uint8(w>>(8*n)) != 0 || !c.table0 || uint(i) >= uint(c.types.Len()) || c.types.Kind(i) != module.Func ||
					sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != ops.I32 {
					break loop
				}
				n++
				at--
			}
			params, results := c.types.Params(i), c.types.Results(i)
			lo := at - len(params)
			if len(params) > maxFastList || lo < base || uint(at) > uint(len(stack)) || lo+len(results) > len(stack) || len(results) > maxFastList {
				break loop
			}
			for k, t := range params {
				if stack[lo+k] != t {
					break loop
				}
			}
			sp = lo
			for _, t := range results {
				stack[sp] = t
				sp++
			}
			pos += n

		case fastSelect:
			if sp-3 < base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != ops.I32 || stack[sp-2] != stack[sp-3] || stack[sp-2]-ops.I32 > ops.V128-ops.I32 {
				break loop
			}
			sp -= 2
			pos++

		case fastGlobalGet, fastGlobalSet:
			i, n := int(w>>8)&0x7F, 2
			if w&0x8000 != 0 {
				if w&0x800000 != 0 {
					break loop
				}
				i, n = i|int(w>>9)&0x3F80, 3
			}
			if i >= len(c.decls.Globals) {
				break loop
			}
			g := &c.decls.Globals[i]
			if row.class == fastGlobalGet {
				if uint(sp) >= uint(len(stack)) {
					break loop
				}
				stack[sp] = g.Type
				sp++
			} else {
				if !g.Mutable || sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != g.Type {
					break loop
				}
				sp--
			}
			pos += n

		case fastReturn:
			switch len(c.returns) {
			case 0:
			case 1:
				if sp <= base || uint(sp-1) >= uint(len(stack)) || stack[sp-1] != c.returns[0] {
					break loop
				}
			default:
				break loop
			}
			sp = base
			top.Unreachable = true
			pos++

		case fastUnreachable:
			sp = base
			top.Unreachable = true
			pos++

		default:
			break loop
		}
	}
	c.operands, c.frames = stack[:sp], frames
	return pos
}

// maxInlineBlock is the largest block type that has no type index: one without
// parameters.
const maxInlineBlock = ops.BlockType(1)<<33 - 1

// maxFastList bounds the lists of a call that the hot loop goes through one by
// one; the slow path compares and copies longer ones as memory.
const maxFastList = 16

// longImmediate returns the length of a simple operator, in the word w, whose
// first immediate with continuation bits takes more than one byte; and the type
// of the local that it names, if it names one. The length is 0 where the slow
// path must look.
func longImmediate(w uint64, class fastClass, flat []ops.ValType) (size int, local ops.ValType) {
	if class == simpleLocal {
		i := uint32(w>>8)&0x7F | uint32(w>>9)&0x3F80
		if w&0x800000 != 0 || int(i) >= len(flat) {
			return 0, 0
		}
		return 3, flat[i]
	}
	skip := 8
	if class == simpleAccess {
		skip = 16
	}
	n := bits.TrailingZeros64(^w>>skip&0x0080808080808080)/8 + 1 + skip/8
	switch {
	case n <= 5 || class == simpleAccess && n == 6 || class == simpleI64 && n <= wordLen:
		return n, 0
	case class == simpleI32 && n == 6:
		// The fifth byte has four bits of the constant and three copies of its sign.
		if b := uint8(w >> 40); b < 0x08 || b >= 0x78 {
			return n, 0
		}
	}
	return 0, 0
}

// shortBlock returns the block type that the byte b encodes: none, or one
// number. The encodings count down from i32 as the constants count up.
func shortBlock(b uint8) (ops.BlockType, bool) {
	if b == 0x40 {
		return 0, true
	}
	return ops.BlockResult(ops.ValType(0x80 - b)), b >= 0x7C && b <= 0x7F
}
