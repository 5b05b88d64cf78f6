// Package reduce makes modules smaller that show something: that two validators
// disagree, that one panics, that an error has the wrong offset.
//
// It takes a module apart as far as it decodes, and takes away what is not needed:
// sections, functions, items, operators and the ends that belong to them, bytes.
// What is left is the smallest module it finds for which the same still holds.
package reduce

// Module returns a module that is as small as can be found and for which holds is
// true. It must be true of wasm, which stays as it is; if it is not, wasm is
// returned.
//
// It asks holds at most tries times; 0 stands for 20,000.
func Module(wasm []byte, tries int, holds func([]byte) bool) []byte {
	if tries <= 0 {
		tries = 20_000
	}
	if !holds(wasm) {
		return wasm
	}
	r := &reducer{holds: holds, left: tries, best: wasm}
	for size := len(wasm) + 1; len(r.best) < size && r.left > 0; {
		size = len(r.best)
		r.round()
	}
	return r.best
}

// reducer is one reduction under way.
type reducer struct {
	holds func([]byte) bool
	left  int
	best  []byte
	root  *node
}

// round tries everything once, on the best module so far.
func (r *reducer) round() {
	r.root = parse(r.best)
	r.bodies()
	r.functions()
	r.lists(r.root)
	r.pairs(r.root)
	r.leaves(r.root)
}

// keeps reports whether the module as it is now will do, and notes it if so. A
// module that is no better than the best is not asked about.
func (r *reducer) keeps() bool {
	wasm := r.root.append(nil)
	if r.left <= 0 || !better(wasm, r.best) {
		return false
	}
	r.left--
	if !r.holds(wasm) {
		return false
	}
	r.best = wasm
	return true
}

// better reports whether a is smaller than b, or as small with smaller bytes.
func better(a, b []byte) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// lists takes children away from every list, in runs that get shorter.
func (r *reducer) lists(n *node) {
	for run := len(n.kids); run > 0; run /= 2 {
		for i := 0; i+run <= len(n.kids); {
			if !r.without(n, i, run) {
				i += run
			}
		}
	}
	for _, k := range n.kids {
		r.lists(k)
	}
}

// without takes run children away from i on, if it may.
func (r *reducer) without(n *node, i, run int) bool {
	before := n.kids
	n.kids = append(append([]*node(nil), before[:i]...), before[i+run:]...)
	if r.keeps() {
		return true
	}
	n.kids = before
	return false
}

// functions takes functions away: an entry of the function section and one of the
// code section.
func (r *reducer) functions() {
	funcs, code := r.root.section(secFunction), r.root.section(secCode)
	if funcs == nil || code == nil {
		return
	}
	for i := min(len(funcs.kids), len(code.kids)) - 1; i >= 0; i-- {
		f, c := funcs.kids, code.kids
		funcs.kids = append(append([]*node(nil), f[:i]...), f[i+1:]...)
		code.kids = append(append([]*node(nil), c[:i]...), c[i+1:]...)
		if !r.keeps() {
			funcs.kids, code.kids = f, c
		}
	}
}

// bodies replaces function bodies by one that does nothing.
func (r *reducer) bodies() {
	code := r.root.section(secCode)
	if code == nil {
		return
	}
	for i, k := range code.kids {
		code.kids[i] = &node{framed: true, bytes: []byte{0, opUnreachable, opEnd}}
		if !r.keeps() {
			code.kids[i] = k
		}
	}
}

// pairs takes blocks apart: the operator that opens one and the end that closes it.
func (r *reducer) pairs(n *node) {
	for i := 0; i < len(n.kids); i++ {
		if j := n.closes(i); j > 0 {
			before := n.kids
			n.kids = append(append([]*node(nil), before[:i]...), before[i+1:j]...)
			n.kids = append(n.kids, before[j+1:]...)
			if r.keeps() {
				i--
			} else {
				n.kids = before
			}
		}
		r.pairs(n.kids[max(i, 0)])
	}
}

// leaves makes the bytes of leaves fewer and smaller.
func (r *reducer) leaves(n *node) {
	for _, k := range n.kids {
		r.leaves(k)
	}
	if n.op {
		r.simpler(n)
	}
	for run := len(n.bytes); run > 0; run /= 2 {
		for i := 0; i+run <= len(n.bytes); {
			before := n.bytes
			n.bytes = append(append([]byte(nil), before[:i]...), before[i+run:]...)
			if !r.keeps() {
				n.bytes = before
				i += run
			}
		}
	}
	for i := range n.bytes {
		r.lower(n, i)
	}
}

// simpler replaces an operator by one without operands.
func (r *reducer) simpler(n *node) {
	before := n.bytes
	for _, simple := range [][]byte{{opUnreachable}, {opNop}, {opI32Const, 0}} {
		n.bytes = simple
		if r.keeps() {
			return
		}
	}
	n.bytes = before
}

// lower makes one byte smaller.
func (r *reducer) lower(n *node, i int) {
	before := n.bytes[i]
	n.bytes = append([]byte(nil), n.bytes...)
	for _, b := range []byte{0, 1, before / 2, before - 1} {
		if b < before {
			if n.bytes[i] = b; r.keeps() {
				return
			}
		}
	}
	n.bytes[i] = before
}
