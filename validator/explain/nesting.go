package explain

import "github.com/wasmstate/wasmstate/ops"

// kept is how many of the innermost blocks, and of the topmost operands, are
// remembered whatever becomes of the others. Nobody is shown more than a few, and a
// function that is made for it has millions.
const kept = 1 << 14

// block is one open block, as the bytes tell it.
type block struct {
	offset  int // of the operator that opened it
	divided int // of its else or last catch; 0 without one
	op      ops.Op
}

// nesting is the open blocks. Where there are very many, the outer ones are only
// counted.
type nesting struct {
	inner []block
	outer int // how many of them there are outside of those
}

// depth returns how many blocks are open.
func (n *nesting) depth() int { return n.outer + len(n.inner) }

// label returns the block with the label, 0 being the innermost; ok is false when
// there is none, or it is not remembered.
func (n *nesting) label(l int) (b *block, ok bool) {
	if l < 0 || l >= len(n.inner) {
		return nil, false
	}
	return &n.inner[len(n.inner)-1-l], true
}

// open opens a block.
func (n *nesting) open(b block) {
	n.inner = append(n.inner, b)
	if len(n.inner) == 2*kept {
		n.inner = n.inner[:copy(n.inner, n.inner[kept:])]
		n.outer += kept
	}
}

// close closes the innermost block; it returns false when none is open.
func (n *nesting) close() bool {
	switch {
	case len(n.inner) > 0:
		n.inner = n.inner[:len(n.inner)-1]
	case n.outer > 0:
		n.outer--
	default:
		return false
	}
	return true
}
