package validator

import (
	"encoding/binary"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// wordLen is how many bytes the hot loop loads at once: an operator and, nearly
// always, its immediates.
const wordLen = 8

// windowLen is how many bytes of code the hot loop looks at without coming up for
// air. It sees them as an array, with room for one word behind, so that the
// compiler knows that every load is within bounds.
const windowLen = 4 << 10

type window [windowLen + wordLen]byte

// maxFastSize is more than the length of any operator that the hot loop serves.
const maxFastSize = 16

// run validates operators from code, starting at pos, as long as they are of the
// common kind, and returns the position of the first that is not: one that is
// rare, one that is wrong, or one that starts at or after limit. That operator
// has had no effect; the slow path decodes and checks it again. The operator
// before it may end after limit.
//
// run decides nothing that the slow path would decide otherwise: it is a short
// cut through the same rules, for operands that are there and have exactly the
// type wanted.
func (c *checker) run(code []byte, pos, limit int) int {
	limit = min(limit, pos+windowLen)
	if pos >= limit {
		return pos
	}
	var win *window
	if len(code)-pos >= len(win) {
		win = (*window)(code[pos:])
	} else {
		win = &c.pad
		copy(win[:limit-pos+wordLen], code[pos:])
	}
	stack, first := c.pack()
	at, end := uint(0), uint(limit-pos)
	for {
		at, stack = runSimple(win, at, end, stack, c.fast, &c.locals.Short)
		n, s := c.runControl(win, at, end, uint32(pos), stack)
		if n == 0 {
			break
		}
		at, stack = at+n, s
		if c.finished() {
			break
		}
	}
	c.unpack(stack, first)
	return pos + int(at)
}

// runSimple validates the operators at win[at:end] up to the first that is not
// simple or not as expected. An operator is simple when it touches nothing but the
// operand stack and the locals; four of five are. The function has little more
// than a dozen values to keep, which is what the registers hold.
func runSimple(win *window, at, end uint, stack uint64, table *fastTable, locals *[state.ShortLocals]uint8) (uint, uint64) {
	for at < end && at < windowLen {
		// One load serves the operator and its immediates.
		w := binary.LittleEndian.Uint64(win[at:])
		// One operator in four is local.get. A branch of its own is predicted better
		// than the jump of the switch, and leaves that one less to choose from: 5 %.
		if uint8(w) == uint8(ops.LocalGet) {
			t := uint64(locals[uint8(w>>8)%state.ShortLocals])
			if w&0x8000 != 0 || t == 0 || stack>>fullBits != 0 {
				return at, stack
			}
			stack = stack<<nibble | t
			at += 2
			continue
		}
		row := &table[uint8(w)]
		switch row.class {
		case fastI32Const:
			if stack>>fullBits != 0 {
				return at, stack
			}
			switch {
			case w&0x8000 == 0:
				at += 2
			case w&0x800000 == 0:
				at += 3
			case w&0x80000000 == 0:
				at += 4
			case w&0x8000000000 == 0:
				at += 5
			case uint8(w>>40) < 0x08 || uint8(w>>40)-0x78 < 0x08:
				at += 6 // the last byte has four bits of the constant and copies of its sign
			default:
				return at, stack
			}
			stack = stack<<nibble | uint64(ops.I32)

		case fastI64Const:
			if stack>>fullBits != 0 {
				return at, stack
			}
			switch {
			case w&0x8000 == 0:
				at += 2
			case w&0x800000 == 0:
				at += 3
			case w&0x80000000 == 0:
				at += 4
			case w&0x8000000000 == 0:
				at += 5
			case w&0x800000000000 == 0:
				at += 6
			case w&0x80000000000000 == 0:
				at += 7
			case w&0x8000000000000000 == 0:
				at += 8
			default:
				return at, stack
			}
			stack = stack<<nibble | uint64(ops.I64)

		case fastBinary:
			if uint8(stack) != row.take {
				return at, stack
			}
			stack = stack>>(2*nibble)<<nibble | uint64(row.leave)
			at++

		case fastUnary:
			if uint8(stack)&nibbleMask != row.take {
				return at, stack
			}
			stack = stack&^nibbleMask | uint64(row.leave)
			at++

		case fastLoad:
			n := accessLen(w, row.limit)
			if n == 0 || uint8(stack)&nibbleMask != row.take {
				return at, stack
			}
			at += n
			stack = stack&^nibbleMask | uint64(row.leave)

		case fastStore:
			n := accessLen(w, row.limit)
			if n == 0 || uint8(stack) != row.take {
				return at, stack
			}
			at += n
			stack >>= 2 * nibble

		case fastLocalSet:
			t := uint64(locals[uint8(w>>8)%state.ShortLocals])
			if w&0x8000 != 0 || t == 0 || stack&nibbleMask != t {
				return at, stack
			}
			stack >>= nibble
			at += 2

		case fastLocalTee:
			t := uint64(locals[uint8(w>>8)%state.ShortLocals])
			if w&0x8000 != 0 || t == 0 || stack&nibbleMask != t {
				return at, stack
			}
			at += 2

		case fastDrop:
			if t := stack & nibbleMask; t == 0 || t == barrier {
				return at, stack
			}
			stack >>= nibble
			at++

		case fastSelect:
			t := stack >> nibble & nibbleMask
			if stack&nibbleMask != uint64(ops.I32) || t != stack>>(2*nibble)&nibbleMask || t == 0 || t == barrier {
				return at, stack
			}
			stack >>= 2 * nibble
			at++

		case fastBits:
			if stack>>fullBits != 0 {
				return at, stack
			}
			stack = stack<<nibble | uint64(row.leave)
			at += 1 + uint(row.limit)

		case fastNop:
			at++

		default:
			return at, stack
		}
	}
	return at, stack
}

// accessLen returns the length of a load or store in the word w whose memory
// argument is short: an alignment of at most limit and an offset of at most four
// bytes. It is 0 for any other.
func accessLen(w uint64, limit uint8) uint {
	switch {
	case uint8(w>>8) > limit:
		return 0
	case w&0x800000 == 0:
		return 3
	case w&0x80000000 == 0:
		return 4
	case w&0x8000000000 == 0:
		return 5
	case w&0x800000000000 == 0:
		return 6
	}
	return 0
}

// runControl validates the operator at win[at], if it is one of the control
// instructions, of the calls, or of those on globals and on locals with long
// indices. It returns its length, 0 when the slow path must look, and the stack
// after it. The window lies start bytes from the start of the body.
func (c *checker) runControl(win *window, at, end uint, start uint32, stack uint64) (uint, uint64) {
	if at >= end || at >= windowLen {
		return 0, stack
	}
	w := binary.LittleEndian.Uint64(win[at:])
	row := &c.fast[uint8(w)]
	frames := c.frames
	top := &frames[len(frames)-1]
	switch row.class {
	case fastBrIf:
		l, n := shortIndex(w)
		if n == 0 || uint(l) >= uint(len(frames)) || stack&nibbleMask != uint64(ops.I32) {
			return 0, stack
		}
		if t := labelNibble(&frames[len(frames)-1-int(l)]); t != 0 && stack>>nibble&nibbleMask != t {
			return 0, stack
		}
		return n, stack >> nibble

	case fastEnd:
		if len(frames) < 2 {
			return c.runFinalEnd(stack)
		}
		if top.Inits != c.locals.Inits() {
			return 0, stack
		}
		if top.Block == 0 {
			if stack&nibbleMask != barrier {
				return 0, stack
			}
			stack >>= nibble
		} else {
			t, ok := top.Block.Result()
			if !ok || top.Kind == state.FrameIf || t > ops.V128 {
				return 0, stack
			}
			rest := stack
			switch {
			case uint8(stack) == barrier<<nibble|uint8(t):
				rest >>= nibble
			case !top.Unreachable || stack&nibbleMask != barrier:
				return 0, stack
			}
			stack = rest&^nibbleMask | uint64(t)
		}
		c.frames = frames[:len(frames)-1]
		return 1, stack

	case fastBlock, fastLoop:
		b, ok := shortBlock(uint8(w >> 8))
		if !ok || len(frames) >= min(cap(frames), c.limits.Nesting) || stack>>fullBits != 0 {
			return 0, stack
		}
		kind := state.FrameBlock
		if row.class == fastLoop {
			kind = state.FrameLoop
		}
		c.frames = append(frames, state.Frame{Block: b, Kind: kind, Inits: c.locals.Inits(), Start: start + uint32(at)})
		return 2, stack<<nibble | barrier

	case fastIf:
		b, ok := shortBlock(uint8(w >> 8))
		if !ok || len(frames) >= min(cap(frames), c.limits.Nesting) || stack&nibbleMask != uint64(ops.I32) {
			return 0, stack
		}
		c.frames = append(frames, state.Frame{Block: b, Kind: state.FrameIf, Inits: c.locals.Inits(), Start: start + uint32(at)})
		return 2, stack | barrier

	case fastElse:
		if top.Kind != state.FrameIf || top.Inits != c.locals.Inits() {
			return 0, stack
		}
		if top.Block != 0 && stack&nibbleMask != barrier {
			t, ok := top.Block.Result()
			if !ok || t > ops.V128 || uint8(stack) != barrier<<nibble|uint8(t) {
				return 0, stack
			}
			stack >>= nibble
		} else if stack&nibbleMask != barrier || top.Block > maxInlineBlock || top.Block != 0 && !top.Unreachable {
			return 0, stack
		}
		top.Kind, top.Unreachable = state.FrameElse, false
		return 1, stack

	case fastBr:
		l, n := shortIndex(w)
		if n == 0 || uint(l) >= uint(len(frames)) {
			return 0, stack
		}
		if t := labelNibble(&frames[len(frames)-1-int(l)]); t != 0 && stack&nibbleMask != t {
			return 0, stack
		}
		return leaveBlock(top, stack, n)

	case fastReturn:
		if len(c.returns) > 1 || len(c.returns) == 1 && stack&nibbleMask != uint64(c.returns[0]) {
			return 0, stack
		}
		return leaveBlock(top, stack, 1)

	case fastUnreachable:
		return leaveBlock(top, stack, 1)

	case fastCall:
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Funcs)) {
			return 0, stack
		}
		return c.runCall(c.decls.Funcs[i], n, stack, stack)

	case fastCallIndirect:
		i, n := shortIndex(w)
		if n == 0 || uint8(w>>(8*n)) != 0 || !c.table0 || stack&nibbleMask != uint64(ops.I32) ||
			uint(i) >= uint(c.types.Len()) || c.types.Kind(i) != module.Func {
			return 0, stack
		}
		return c.runCall(i, n+1, stack, stack>>nibble)

	case fastGlobalGet:
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Globals)) || c.decls.Globals[i].Type > ops.V128 || stack>>fullBits != 0 {
			return 0, stack
		}
		return n, stack<<nibble | uint64(c.decls.Globals[i].Type)

	case fastGlobalSet:
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Globals)) || !c.decls.Globals[i].Mutable ||
			stack&nibbleMask != uint64(c.decls.Globals[i].Type) {
			return 0, stack
		}
		return n, stack >> nibble

	case fastLocalGet, fastLocalSet, fastLocalTee:
		i, n := shortIndex(w)
		t := c.locals.At(i)
		switch {
		case n == 0 || t > ops.V128:
			return 0, stack
		case row.class == fastLocalGet:
			if stack>>fullBits != 0 {
				return 0, stack
			}
			return n, stack<<nibble | uint64(t)
		case stack&nibbleMask != uint64(t):
			return 0, stack
		case row.class == fastLocalSet:
			stack >>= nibble
		}
		return n, stack
	}
	return 0, stack
}

// runFinalEnd is runControl for the end of the function. Nothing may be left
// beneath its operands; what is left of the locals no longer matters.
func (c *checker) runFinalEnd(stack uint64) (uint, uint64) {
	rest := stack
	switch {
	case len(c.returns) > 1 || len(c.operands) > 0:
		return 0, stack
	case len(c.returns) == 1 && stack == barrier<<nibble|uint64(c.returns[0]):
		rest >>= nibble
	case len(c.returns) == 1 && !c.frames[0].Unreachable:
		return 0, stack
	}
	if rest != barrier {
		return 0, stack
	}
	c.frames = c.frames[:0]
	return 1, 0
}

// runCall applies the function type at typeIdx to the packed stack, from which
// the caller has taken what it needs, and returns the length n of the operator and
// the stack after it, or 0 and the stack as it was before.
func (c *checker) runCall(typeIdx uint32, n uint, before, stack uint64) (uint, uint64) {
	params, results := c.types.Params(typeIdx), c.types.Results(typeIdx)
	if len(results) > 1 && len(c.operands) > c.limits.Operands-wordOperands {
		return 0, before
	}
	for i := len(params) - 1; i >= 0; i-- {
		if stack&nibbleMask != uint64(params[i]) {
			return 0, before
		}
		stack >>= nibble
	}
	for _, t := range results {
		if t > ops.V128 || stack>>fullBits != 0 {
			return 0, before
		}
		stack = stack<<nibble | uint64(t)
	}
	return n, stack
}

// shortIndex reads the index of at most three bytes that follows the operator in
// the word w, and returns the length of both; 0 if it is longer.
func shortIndex(w uint64) (i uint32, n uint) {
	switch {
	case w&0x8000 == 0:
		return uint32(w>>8) & 0x7F, 2
	case w&0x800000 == 0:
		return uint32(w>>8)&0x7F | uint32(w>>9)&0x3F80, 3
	case w&0x80000000 == 0:
		return uint32(w>>8)&0x7F | uint32(w>>9)&0x3F80 | uint32(w>>10)&0x1FC000, 4
	}
	return 0, 0
}

// maxInlineBlock is the largest block type that has no type index: one without
// parameters.
const maxInlineBlock = ops.BlockType(1)<<33 - 1

// unknownNibble is a nibble that no operand has.
const unknownNibble = nibbleMask - 1

// labelNibble returns the nibble of the one operand that a branch to the frame
// carries, 0 if it carries none, and unknownNibble where the slow path must look.
func labelNibble(f *state.Frame) uint64 {
	switch {
	case f.Block == 0 || f.Kind == state.FrameLoop && f.Block <= maxInlineBlock:
		return 0
	case f.Block <= maxInlineBlock && ops.ValType(f.Block) <= ops.V128:
		return uint64(uint32(f.Block))
	}
	return unknownNibble
}

// leaveBlock makes the rest of the innermost block unreachable: it drops the
// operands above the topmost barrier of the word. It returns the length n of the
// operator and the stack after it, or 0 when there is no barrier.
func leaveBlock(top *state.Frame, stack uint64, n uint) (uint, uint64) {
	rest := stack
	for rest&nibbleMask != barrier {
		if rest >>= nibble; rest == 0 {
			return 0, stack
		}
	}
	top.Unreachable = true
	return n, rest
}

// shortBlock returns the block type that the byte b encodes: none, or one
// number. The encodings count down from i32 as the constants count up.
func shortBlock(b uint8) (ops.BlockType, bool) {
	if b == 0x40 {
		return 0, true
	}
	return ops.BlockResult(ops.ValType(0x80 - b)), b >= 0x7C && b <= 0x7F
}
