package validator

import (
	"encoding/binary"
	"math/bits"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// wordLen is how many bytes the hot loop loads at once: an operator and, nearly
// always, its immediates.
const wordLen = 8

// windowLen is how many bytes of code the hot loop looks at without coming up for
// air. It sees them as an array, with room for two words behind, so that the
// compiler knows that every load is within bounds.
const windowLen = 4 << 10

type window [windowLen + 2*wordLen]byte

// shortI32 has the highest bit of each byte of the word that belongs to a 32-bit
// constant of at most four bytes behind its opcode.
const shortI32 = 0x80_8080_8000

// maxFastSize is more than the length of any operator that the hot loop serves, but
// for br_table, which it reads no further than the code that it is given.
const maxFastSize = 16

// run validates operators from code, starting at pos, as long as they are of the
// common kind, and returns the position of the first that is not: one that is
// rare, one that is wrong, or one that starts at or after limit. That operator
// has had no effect; the slow path decodes and checks it again. The operator
// before it may end after limit.
//
// run decides nothing that the slow path would decide otherwise: it is a short
// cut through the same rules, for operands of exactly the type wanted.
func (c *checker) run(code []byte, pos, limit int) int {
	limit = min(limit, pos+windowLen)
	if pos >= limit || c.fast == fastNone {
		return pos
	}
	var win *window
	if len(code)-pos >= len(win) {
		win = (*window)(code[pos:])
	} else {
		if c.pad == nil {
			c.pad = new(window)
		}
		win = c.pad
		copy(win[:limit-pos+2*wordLen], code[pos:])
	}
	at, end := uint(0), uint(limit-pos)
	stack, first := c.pack()
	for {
		before := at
		at, stack = c.runWindow(win, at, end, uint32(pos), stack)
		if c.finished() {
			return pos + int(at) // and the stack is empty
		}
		var ok bool
		if at, stack, ok = c.seldom(win, code[pos:], at, end, stack); ok {
			continue
		}
		switch {
		case stack>>fullBits != 0:
			first = c.unpack(stack, first, halfBits)
			stack &= 1<<halfBits - 1
		case stack>>(2*nibble) == 0 && at != before:
			c.unpack(stack, first, 0)
			stack, first = c.pack()
		default:
			c.unpack(stack, first, 0)
			return pos + int(at)
		}
	}
}

// runWindow validates the operators of win up to end, or to the first that is not
// as expected, and returns its position and the packed stack before it. The window
// lies start bytes from the start of the body.
//
// Most of the time goes into jumps that are predicted wrongly: which operator
// follows which is hardly known in advance, and the processor does not know better
// before it has looked at the byte. So the most frequent operators are told apart by
// comparisons of that byte, in an order that the opcodes suggest, and not by a class
// that would have to be loaded from the table first; on the bodies of SpiderMonkey,
// esbuild, sql.js and Pyodide that takes 12, 10, 10 and 8 % less time than a jump by
// class. What all numeric operators have in common, and all loads and stores, is data
// in their row, because a wrong jump costs more than a shift by nothing.
//
// Behind local.get, i32.const and numeric operators, more than half of all, the next
// opcode is taken from the word at hand: the processor need not wait for another load
// to learn that it has jumped wrongly, which is 4 % more. Elsewhere that gains nothing.
// The lengths of 32-bit constants, of which one in four is predicted wrongly, are
// computed, which is another 1 %; to compute that of any other integer takes as long as
// it saves, or longer.
//
// It is one function, though it does not fit a screen, and jumps with goto: it calls
// nothing that is not inlined, so that all it needs stays in registers. Control
// instructions in a function of their own cost 11 % more, nested statements in the
// place of goto 3 %.
func (c *checker) runWindow(win *window, at, end uint, start uint32, stack uint64) (uint, uint64) {
	table, locals := c.fast, &c.locals.Short
	maxFrames := min(cap(c.frames), c.limits.Nesting)
	var w uint64 // the operator and its immediates, in one load
	var op ops.Op

fetch:
	op = ops.Op(win[at%windowLen])
next: // op is the operator at the position at
	if at >= end {
		return at, stack
	}
	w = binary.LittleEndian.Uint64(win[at%windowLen:])
	if op == ops.LocalGet {
		goto localGet
	}
	if op >= firstNumeric {
		goto numeric
	}
	if op == ops.I32Const {
		goto i32Const
	}
	if op >= firstAccess {
		if op <= lastAccess {
			goto access
		}
		if op == ops.I64Const {
			goto i64Const
		}
		goto fixedConst
	}
	if op >= ops.LocalSet && op <= ops.LocalTee {
		goto localSet
	}
	switch op {
	case ops.End:
		goto end
	case ops.BrIf:
		goto brIf
	case ops.Block, ops.Loop:
		goto block
	case ops.If:
		goto ifThen
	case ops.Else:
		goto elseThen
	case ops.Br:
		goto br
	case ops.Return, ops.Unreachable:
		goto leave
	case ops.Call:
		goto call
	case ops.CallIndirect:
		goto callIndirect
	case ops.GlobalGet:
		goto globalGet
	case ops.GlobalSet:
		goto globalSet
	case ops.Drop:
		goto drop
	case ops.Select:
		goto selectOne
	case ops.Nop:
		at++
		goto fetch
	}
	return at, stack

localGet:
	if t := uint64(locals[uint8(w>>8)%state.ShortLocals]); w&0x8000 == 0 && t != 0 && stack>>fullBits == 0 {
		stack = stack<<nibble | t
		at += 2
		op = ops.Op(uint8(w >> 16))
		goto next
	}
	{
		i, n := shortIndex(w)
		t := c.locals.At(i)
		if n == 0 || t > ops.V128 || stack>>fullBits != 0 {
			return at, stack
		}
		stack = stack<<nibble | uint64(t)
		at += n
		goto fetch
	}

numeric:
	{
		row := table[uint8(op)]
		if uint8(stack)&row.mask() != row.take() {
			return at, stack
		}
		stack = stack>>row.pop() ^ row.change()
		at++
		op = ops.Op(uint8(w >> 8))
		goto next
	}

access:
	{
		row := table[uint8(op)]
		n := accessLen(w, row.limit())
		if n == 0 || uint8(stack)&row.mask() != row.take() {
			return at, stack
		}
		stack = stack>>row.pop() ^ row.change()
		at += n
		goto fetch
	}

i32Const:
	{
		if stack>>fullBits != 0 {
			return at, stack
		}
		last := ^w & shortI32 // the bytes that may be the last of the constant
		if last == 0 {
			goto longI32Const
		}
		n := uint(bits.TrailingZeros64(last)) + 1 // bits
		op = ops.Op(uint8(w >> (n & 63)))
		at += n / 8
		stack = stack<<nibble | uint64(ops.I32)
		goto next
	}

longI32Const:
	{
		if b := uint8(w >> 40); b >= 0x08 && b < 0x78 || b >= 0x80 {
			return at, stack // not four bits of the constant and copies of its sign
		}
		stack = stack<<nibble | uint64(ops.I32)
		at += 6
		goto fetch
	}

i64Const:
	{
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
			n := longI64Len(win[at%windowLen+wordLen:])
			if n == 0 {
				return at, stack
			}
			at += n
		}
		stack = stack<<nibble | uint64(ops.I64)
		goto fetch
	}

fixedConst:
	{
		row := table[uint8(op)]
		if row.class() != fastBits || stack>>fullBits != 0 {
			return at, stack
		}
		stack = stack<<nibble | row.change()
		at += 1 + uint(row.limit())
		goto fetch
	}

localSet:
	if t := uint64(locals[uint8(w>>8)%state.ShortLocals]); w&0x8000 == 0 && t != 0 && stack&nibbleMask == t {
		stack >>= uint(ops.LocalTee-op) * nibble & 63 // local.tee leaves the operand
		at += 2
		goto fetch
	}
	{
		i, n := shortIndex(w)
		if n == 0 || uint64(c.locals.At(i)) != stack&nibbleMask {
			return at, stack
		}
		stack >>= uint(ops.LocalTee-op) * nibble & 63
		at += n
		goto fetch
	}

drop:
	{
		if t := stack & nibbleMask; t == 0 || t == barrier {
			return at, stack
		}
		stack >>= nibble
		at++
		goto fetch
	}

selectOne:
	{
		t := stack >> nibble & nibbleMask
		if stack&nibbleMask != uint64(ops.I32) || t != stack>>(2*nibble)&nibbleMask || t == 0 || t == barrier {
			return at, stack
		}
		stack >>= 2 * nibble
		at++
		goto fetch
	}

brIf:
	{
		l, n := shortIndex(w)
		if n == 0 || uint(l) >= uint(len(c.frames)) || stack&nibbleMask != uint64(ops.I32) {
			return at, stack
		}
		if t := labelNibble(&c.frames[uint(len(c.frames)-1)-uint(l)]); t != 0 && stack>>nibble&nibbleMask != t {
			return at, stack
		}
		stack >>= nibble
		at += n
		goto fetch
	}

br:
	{
		l, n := shortIndex(w)
		if n == 0 || uint(l) >= uint(len(c.frames)) {
			return at, stack
		}
		if t := labelNibble(&c.frames[uint(len(c.frames)-1)-uint(l)]); t != 0 && stack&nibbleMask != t {
			return at, stack
		}
		rest := toBarrier(stack)
		if rest == 0 {
			return at, stack
		}
		c.frames[len(c.frames)-1].Unreachable = true
		stack = rest
		at += n
		goto fetch
	}

leave:
	{
		rest := toBarrier(stack)
		if rest == 0 || len(c.frames) == 0 {
			return at, stack
		}
		if op == ops.Return && (len(c.returns) > 1 || len(c.returns) == 1 && stack&nibbleMask != uint64(c.returns[0])) {
			return at, stack
		}
		c.frames[len(c.frames)-1].Unreachable = true
		stack = rest
		at++
		goto fetch
	}

block:
	{
		b, ok := shortBlock(uint8(w >> 8))
		n := len(c.frames)
		if !ok || n >= maxFrames || stack>>fullBits != 0 {
			return at, stack
		}
		c.frames = c.frames[:n+1]
		c.frames[n] = state.Frame{Block: b, Kind: table[uint8(op)].frame(), Inits: c.locals.Inits(), Start: start + uint32(at)}
		stack = stack<<nibble | barrier
		at += 2
		goto fetch
	}

ifThen:
	{
		b, ok := shortBlock(uint8(w >> 8))
		n := len(c.frames)
		if !ok || n >= maxFrames || stack&nibbleMask != uint64(ops.I32) {
			return at, stack
		}
		c.frames = c.frames[:n+1]
		c.frames[n] = state.Frame{Block: b, Kind: state.FrameIf, Inits: c.locals.Inits(), Start: start + uint32(at)}
		stack |= barrier
		at += 2
		goto fetch
	}

elseThen:
	{
		if len(c.frames) == 0 {
			return at, stack
		}
		top := &c.frames[len(c.frames)-1]
		if top.Kind != state.FrameIf || top.Inits != c.locals.Inits() {
			return at, stack
		}
		if top.Block != 0 && stack&nibbleMask != barrier {
			t, ok := top.Block.Result()
			if !ok || t > ops.V128 || uint8(stack) != barrier<<nibble|uint8(t) {
				return at, stack
			}
			stack >>= nibble
		} else if stack&nibbleMask != barrier || top.Block > maxInlineBlock || top.Block != 0 && !top.Unreachable {
			return at, stack
		}
		top.Kind, top.Unreachable = state.FrameElse, false
		at++
		goto fetch
	}

end:
	{
		n := uint(len(c.frames)) - 1
		if n >= uint(len(c.frames)) {
			return at, stack
		}
		if n == 0 {
			if !c.endsFunc(stack) {
				return at, stack
			}
			c.frames = c.frames[:0]
			return at + 1, 0
		}
		top := &c.frames[n]
		switch {
		case top.Inits != c.locals.Inits():
			return at, stack
		case top.Block == 0:
			if stack&nibbleMask != barrier {
				return at, stack
			}
			stack >>= nibble
		default:
			t, ok := top.Block.Result()
			switch {
			case !ok || top.Kind == state.FrameIf || t > ops.V128:
				return at, stack
			case uint8(stack) == barrier<<nibble|uint8(t):
				stack >>= nibble
			case !top.Unreachable || stack&nibbleMask != barrier:
				return at, stack
			}
			stack = stack&^nibbleMask | uint64(t)
		}
		c.frames = c.frames[:n]
		at++
		goto fetch
	}

call:
	{
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Funcs)) {
			return at, stack
		}
		i = c.decls.Funcs[i]
		if uint(i) >= uint(len(c.calls)) {
			return at, stack
		}
		f := &c.calls[i]
		rest := stack >> (f.pop & 63)
		if stack&f.mask != f.take || rest>>fullBits != 0 {
			return at, stack
		}
		stack = rest<<(f.push&63) | uint64(f.leave)
		at += n
		goto fetch
	}

callIndirect:
	{
		i, n := shortIndex(w)
		if n == 0 || uint8(w>>(8*n)) != 0 || !c.table0 || stack&nibbleMask != uint64(ops.I32) || uint(i) >= uint(len(c.calls)) {
			return at, stack
		}
		f := &c.calls[i]
		rest := stack >> nibble >> (f.pop & 63)
		if stack>>nibble&f.mask != f.take || rest>>fullBits != 0 {
			return at, stack
		}
		stack = rest<<(f.push&63) | uint64(f.leave)
		at += n + 1
		goto fetch
	}

globalGet:
	{
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Globals)) || c.decls.Globals[i].Type > ops.V128 || stack>>fullBits != 0 {
			return at, stack
		}
		stack = stack<<nibble | uint64(c.decls.Globals[i].Type)
		at += n
		goto fetch
	}

globalSet:
	{
		i, n := shortIndex(w)
		if n == 0 || uint(i) >= uint(len(c.decls.Globals)) || !c.decls.Globals[i].Mutable ||
			stack&nibbleMask != uint64(c.decls.Globals[i].Type) {
			return at, stack
		}
		stack >>= nibble
		at += n
		goto fetch
	}
}

// endsFunc reports whether the packed stack is what the end of the function wants:
// its results with nothing beneath them. What is left of the locals no longer
// matters.
func (c *checker) endsFunc(stack uint64) bool {
	switch {
	case len(c.returns) > 1 || len(c.operands) > 0:
		return false
	case len(c.returns) == 1 && stack == barrier<<nibble|uint64(c.returns[0]):
		return true
	case len(c.returns) == 1 && !c.frames[0].Unreachable:
		return false
	}
	return stack == barrier
}

// maxInlineBlock is the largest block type that has no type index: one without
// parameters.
const maxInlineBlock = ops.BlockType(1)<<33 - 1

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
