package spent

import (
	"fmt"
	"go/types"
	"maps"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Every SSA value has a key, a string. Two values with one key are the same
// value: copies, loads of a variable that was not written in between, equal
// comparisons. Keys look like this:
//
//	p0 f1 <12>     a parameter, a free variable, any other instruction
//	#nil #3        a constant
//	K.1 K[k]       the address of a field or an element
//	K!1            the field of a struct value
//	@K             what the address K held when the function was entered
//	(== a b) !c    a comparison, a negation
//
// The key of an address names the variable that is there.

// memory says what the variables of a function hold, at one point of it.
type memory struct {
	cells map[string]string // from the address's key to the content's key
	// pristine says that what is reachable from the inputs and missing in
	// cells is as it was on entry.
	pristine bool
}

func (m *memory) clone() *memory {
	return &memory{maps.Clone(m.cells), m.pristine}
}

// function is the analysis of one function body.
type function struct {
	c     *checker
	fn    *ssa.Function
	ids   map[ssa.Value]string
	byID  map[string]ssa.Value
	local map[*ssa.Alloc]bool  // variables that only this function and its closures reach
	keys  map[ssa.Value]string // what holds on every path
	in    map[*ssa.BasicBlock]*memory
	calls map[ssa.CallInstruction]*call

	// rewritten are the variables that a closure may write to.
	rewritten map[*ssa.Alloc]bool
	// swallowed are the variables whose handle a closure may spend or keep.
	swallowed map[*ssa.Alloc]bool

	fact       *funcFact // inferred
	loops      bool      // some block can run again
	work       int       // done by all walks
	inProgress bool
}

// state is what is known at one point of one path.
type state struct {
	f    *function
	keys map[ssa.Value]string // overrides f.keys; nil while f.keys is being made
	mem  *memory

	// handle is the key of the handle that is followed; on the path its copies
	// have the key "I", so that a new value of the same instruction differs.
	handle string
	facts  map[string]string // from a key to "=k", or to "!k1;k2;"
	pinned ssa.Value         // about to be defined, with facts that hold already
	born   ssa.Value         // about to be defined, and the handle to follow
	taken  *decision
	failed bool // a call has failed to spend the handle
}

const followed = "I"

// prepare computes everything that holds on all paths.
func (f *function) prepare() {
	f.ids = map[ssa.Value]string{}
	f.byID = map[string]ssa.Value{}
	f.local = map[*ssa.Alloc]bool{}
	f.keys = map[ssa.Value]string{}
	f.in = map[*ssa.BasicBlock]*memory{}
	f.calls = map[ssa.CallInstruction]*call{}
	f.rewritten = map[*ssa.Alloc]bool{}
	f.swallowed = map[*ssa.Alloc]bool{}
	for i, p := range f.fn.Params {
		f.ids[p] = fmt.Sprintf("p%d", i)
	}
	for i, v := range f.fn.FreeVars {
		f.ids[v] = fmt.Sprintf("f%d", i)
	}
	f.number()
	for _, b := range f.fn.Blocks {
		for _, succ := range b.Succs {
			f.loops = f.loops || succ.Dominates(b)
		}
	}
	for _, call := range f.inOrder() {
		f.resolve(call)
	}
	f.readClosures()
	f.fixpoint()
}

// number gives the instructions their identifiers.
func (f *function) number() {
	n := 0
	for _, b := range f.fn.Blocks {
		for _, instr := range b.Instrs {
			id := fmt.Sprintf("<%d>", n)
			n++
			if i, ok := instr.(ssa.CallInstruction); ok {
				f.calls[i] = &call{instr: i, id: id}
			}
			v, ok := instr.(ssa.Value)
			if !ok {
				continue
			}
			f.ids[v] = id
			f.byID[id] = v
			if a, ok := v.(*ssa.Alloc); ok {
				f.local[a] = private(a)
			}
		}
	}
}

// private reports whether the address in v is only loaded from, stored to, or
// captured by closures.
func private(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
		case *ssa.Store:
			if ref.Val == v {
				return false
			}
		case *ssa.FieldAddr:
			if !private(ref) {
				return false
			}
		case *ssa.IndexAddr:
			if !private(ref) {
				return false
			}
		case ssa.CallInstruction:
			// A handle's method borrows the variable that holds the handle.
			common := ref.Common()
			callee := common.StaticCallee()
			if callee == nil || callee.Signature.Recv() == nil || common.Args[0] != v {
				return false
			}
			for _, arg := range common.Args[1:] {
				if arg == v {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// fixpoint computes what each block finds in memory, and the keys.
func (f *function) fixpoint() {
	blocks := f.fn.Blocks
	out := map[*ssa.BasicBlock]*memory{}
	const rounds = 8
	for round := range rounds {
		changed := false
		for _, b := range f.fn.DomPreorder() {
			m := f.merge(b, out)
			if round == rounds-1 {
				m = &memory{cells: map[string]string{}} // not settled: know nothing
			}
			f.in[b] = m.clone()
			st := &state{f: f, mem: m}
			for _, instr := range b.Instrs {
				if phi, ok := instr.(*ssa.Phi); ok {
					f.keys[phi] = f.phiKey(phi, out)
					continue
				}
				st.exec(instr)
			}
			if !sameMemory(out[b], m) {
				out[b] = m
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	for _, b := range blocks {
		if f.in[b] == nil { // the recover block
			f.in[b] = &memory{cells: map[string]string{}}
		}
	}
}

func (f *function) phiKey(phi *ssa.Phi, out map[*ssa.BasicBlock]*memory) string {
	st := &state{f: f}
	key := ""
	for i, e := range phi.Edges {
		if out[phi.Block().Preds[i]] == nil {
			return f.ids[phi]
		}
		k := st.key(e)
		if key != "" && key != k {
			return f.ids[phi]
		}
		key = k
	}
	return key
}

func (f *function) merge(b *ssa.BasicBlock, out map[*ssa.BasicBlock]*memory) *memory {
	if b.Index == 0 {
		return &memory{map[string]string{}, true}
	}
	var m *memory
	for _, p := range b.Preds {
		o := out[p]
		if o == nil {
			continue
		}
		if m == nil {
			m = o.clone()
			continue
		}
		for place := range o.cells {
			if _, ok := m.cells[place]; !ok {
				m.cells[place] = m.initial(place)
			}
		}
		for place, content := range m.cells {
			other, ok := o.cells[place]
			if !ok {
				other = o.initial(place)
			}
			if other != content || content == "" {
				m.cells[place] = fmt.Sprintf("m%d:%s", b.Index, place)
			}
		}
		m.pristine = m.pristine && o.pristine
	}
	if m == nil {
		m = &memory{cells: map[string]string{}}
	}
	return m
}

func sameMemory(a, b *memory) bool {
	return a != nil && a.pristine == b.pristine && maps.Equal(a.cells, b.cells)
}

// initial is what place holds when nothing was written since the entry, or ""
// when that is not known.
func (m *memory) initial(place string) string {
	if !m.pristine || strings.HasSuffix(place, "}") || place[0] != 'p' && place[0] != 'f' && place[0] != '@' {
		return ""
	}
	if i := strings.LastIndexByte(place, '.'); i > 0 && !strings.ContainsAny(place[i:], "[]") {
		root := place[:i]
		if c, ok := m.cells[root]; ok {
			return c + "!" + place[i+1:]
		}
		if in := m.initial(root); in != "" {
			return in + "!" + place[i+1:]
		}
	}
	return "@" + place
}

// key returns the key of a value.
func (s *state) key(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return "#nil"
		}
		return "#" + v.Value.ExactString()
	case *ssa.Global:
		return "g:" + v.RelString(nil) // with its package
	case *ssa.Function:
		return "func:" + v.Name()
	case *ssa.Builtin:
		return "builtin:" + v.Name()
	}
	if k, ok := s.keys[v]; ok {
		return k
	}
	k, ok := s.f.keys[v]
	if !ok {
		k = s.f.ids[v]
	}
	if s.handle != "" && k == s.handle {
		return followed
	}
	return k
}

// load returns the key of what place holds.
func (s *state) load(place, own string) string {
	if k, ok := s.mem.cells[place]; ok {
		return k
	}
	k := s.mem.initial(place)
	if k == "" {
		k = s.fieldOfStored(place, own)
	}
	if k != own || k[0] == '<' {
		k = s.current(k)
	}
	s.mem.cells[place] = k
	return k
}

// current returns the key of the followed handle for k, if k stands for it and
// not for a later value of the same instruction.
func (s *state) current(k string) string {
	if s.handle == "" || k != s.handle {
		return k
	}
	if i := strings.IndexByte(k, '<'); i >= 0 {
		id := k[i : i+strings.IndexByte(k[i:], '>')+1]
		if _, again := s.keys[s.f.byID[id]]; again {
			return k
		}
	}
	return followed
}

// fieldOfStored finds a field in a struct that was stored as a whole.
func (s *state) fieldOfStored(place, own string) string {
	if i := strings.LastIndexByte(place, '.'); i > 0 && !strings.ContainsAny(place[i:], "[]") {
		if c, ok := s.mem.cells[place[:i]]; ok {
			return c + "!" + place[i+1:]
		}
	}
	return own
}

// set gives v its key.
func (s *state) set(v ssa.Value, key string) {
	if len(key) > 200 {
		key = s.f.ids[v]
	}
	if s.keys != nil {
		s.keys[v] = key
	} else {
		s.f.keys[v] = key
	}
}

// renew forgets what was known of an earlier value of the same instruction.
func (s *state) renew(v ssa.Value) {
	id := s.f.ids[v]
	if s.born == v {
		s.born = nil
		s.set(v, followed)
		return
	}
	if s.pinned == v {
		s.pinned = nil
		s.set(v, id)
		return
	}
	for place, content := range s.mem.cells {
		if strings.Contains(place, id) || strings.Contains(content, id) {
			delete(s.mem.cells, place)
		}
	}
	for k := range s.facts {
		if strings.Contains(k, id) {
			delete(s.facts, k)
		}
	}
	if s.f.loops {
		for copied, k := range s.keys {
			if k == id && copied != v {
				s.keys[copied] = "~" + id
			}
		}
	}
	s.set(v, id)
}

// deref returns the type that a pointer type points to.
func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
