package spent

import (
	"fmt"
	"go/token"
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
		return "g:" + v.Name()
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

// exec carries the effect of one instruction, phis excepted, into the state.
func (s *state) exec(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.UnOp:
		s.execUnOp(i)
	case *ssa.BinOp:
		if k := comparison(i.Op, s.key(i.X), s.key(i.Y)); k != "" {
			s.set(i, k)
		} else {
			s.renew(i)
		}
	case *ssa.ChangeType:
		s.set(i, s.key(i.X))
	case *ssa.ChangeInterface:
		s.set(i, s.key(i.X))
	case *ssa.MakeInterface:
		if _, ok := i.X.(*ssa.Const); ok {
			s.renew(i)
		} else {
			s.set(i, s.key(i.X))
		}
	case *ssa.TypeAssert:
		if i.CommaOk {
			s.renew(i)
		} else {
			s.set(i, s.key(i.X))
		}
	case *ssa.Extract:
		s.execExtract(i)
	case *ssa.Lookup:
		if place := s.element(i); place != "" && !i.CommaOk {
			s.read(i, place)
		} else {
			s.renew(i)
		}
	case *ssa.MapUpdate:
		s.forgetMaps()
		s.mem.cells[s.key(i.Map)+"{"+s.key(i.Key)+"}"] = s.key(i.Value)
	case *ssa.FieldAddr:
		s.set(i, fmt.Sprintf("%s.%d", s.key(i.X), i.Field))
	case *ssa.Field:
		s.set(i, s.current(fmt.Sprintf("%s!%d", s.key(i.X), i.Field)))
	case *ssa.IndexAddr:
		s.set(i, s.key(i.X)+"["+s.key(i.Index)+"]")
	case *ssa.Alloc:
		s.renew(i)
		if zero := zeroKey(deref(i.Type())); zero != "" {
			s.mem.cells[s.f.ids[i]] = zero
		}
	case *ssa.Store:
		s.store(i)
	case ssa.CallInstruction:
		s.execCall(i)
	case ssa.Value:
		s.renew(i)
	}
}

func (s *state) execExtract(i *ssa.Extract) {
	if i.Index == 0 {
		switch t := i.Tuple.(type) {
		case *ssa.TypeAssert:
			s.set(i, s.key(t.X))
			return
		case *ssa.Lookup:
			if place := s.element(t); place != "" {
				s.read(i, place)
				return
			}
		}
	}
	s.renew(i)
}

// element returns the place of what a lookup finds in a map.
func (s *state) element(i *ssa.Lookup) string {
	if _, ok := i.X.Type().Underlying().(*types.Map); !ok {
		return ""
	}
	return s.key(i.X) + "{" + s.key(i.Index) + "}"
}

// read gives v the key of what place holds.
func (s *state) read(v ssa.Value, place string) {
	own := s.f.ids[v]
	if k, ok := s.mem.cells[place]; !ok || k == own {
		s.renew(v)
	}
	s.set(v, s.load(place, own))
}

func (s *state) execUnOp(i *ssa.UnOp) {
	switch i.Op {
	case token.MUL:
		s.read(i, s.key(i.X))
	case token.NOT:
		s.set(i, negate(s.key(i.X)))
	default:
		s.renew(i)
	}
}

// store carries an assignment through a pointer.
func (s *state) store(i *ssa.Store) {
	place, content := s.key(i.Addr), s.key(i.Val)
	for p := range s.mem.cells {
		if p != place && (strings.HasPrefix(p, place+".") || strings.HasPrefix(p, place+"[")) {
			delete(s.mem.cells, p)
		}
	}
	if !s.f.isLocal(i.Addr) {
		s.forgetAliases(place, i.Addr)
	}
	s.mem.cells[place] = content
}

// zeroKey returns the key of the zero value of simple types, otherwise "".
func zeroKey(t types.Type) string {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return ""
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case t.Info()&types.IsBoolean != 0:
			return "#false"
		case t.Info()&types.IsInteger != 0:
			return "#0"
		}
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return "#nil"
	case *types.Interface:
		return "#nil"
	}
	return ""
}

// forgetAliases drops the variables that may be the one at addr by another name.
func (s *state) forgetAliases(place string, addr ssa.Value) {
	tail := ""
	switch addr.(type) {
	case *ssa.FieldAddr:
		tail = place[strings.LastIndexByte(place, '.'):]
	case *ssa.IndexAddr:
		tail = "]"
	case *ssa.FreeVar, *ssa.Global:
		return
	}
	s.forget(func(p string) bool { return strings.HasSuffix(p, tail) })
	if tail == "" || tail == "]" {
		s.mem.pristine = false
	}
}

// forgetMaps drops the elements of maps: two maps may be one.
func (s *state) forgetMaps() {
	for p := range s.mem.cells {
		if strings.HasSuffix(p, "}") {
			delete(s.mem.cells, p)
		}
	}
}

// forget drops what is known of variables that others can reach.
func (s *state) forget(drop func(place string) bool) {
	for p := range s.mem.cells {
		if !s.f.localPlace(p) && drop(p) {
			delete(s.mem.cells, p)
		}
	}
}

// variable returns the variable of this function that addr is the address of,
// or of a part of; nil when it is someone else's.
func variable(addr ssa.Value) *ssa.Alloc {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		case *ssa.Alloc:
			return a
		default:
			return nil
		}
	}
}

// isLocal reports whether addr is in a variable that nobody else reaches.
func (f *function) isLocal(addr ssa.Value) bool {
	a := variable(addr)
	return a != nil && f.local[a]
}

func (f *function) localPlace(place string) bool {
	if place[0] != '<' {
		return false
	}
	a, ok := f.byID[place[:strings.IndexByte(place, '>')+1]].(*ssa.Alloc)
	return ok && f.local[a]
}

// comparison returns the key of a comparison, or "" for other operators. There
// is one key for a comparison and its mirror image, and the negation of it for
// the opposite.
func comparison(op token.Token, a, b string) string {
	switch op {
	case token.EQL, token.NEQ:
		if a[0] == '#' || b[0] != '#' && b < a {
			a, b = b, a
		}
		k := "(== " + a + " " + b + ")"
		if op == token.NEQ {
			return negate(k)
		}
		return k
	case token.LSS:
		return "(< " + a + " " + b + ")"
	case token.GTR:
		return "(< " + b + " " + a + ")"
	case token.LEQ:
		return negate("(< " + b + " " + a + ")")
	case token.GEQ:
		return negate("(< " + a + " " + b + ")")
	}
	return ""
}

func negate(key string) string {
	switch {
	case key == "#true":
		return "#false"
	case key == "#false":
		return "#true"
	case key[0] == '!':
		return key[1:]
	}
	return "!" + key
}

// equality splits the key of an equality.
func equality(key string) (a, b string, ok bool) {
	inner, ok := strings.CutPrefix(key, "(== ")
	if !ok {
		return "", "", false
	}
	inner = strings.TrimSuffix(inner, ")")
	depth := 0
	for i := range len(inner) {
		switch inner[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth == 0 {
				return inner[:i], inner[i+1:], true
			}
		}
	}
	return "", "", false
}

// eval returns what a condition is on this path, if that is known.
func (s *state) eval(key string) (value, known bool) {
	switch {
	case key == "#true":
		return true, true
	case key == "#false":
		return false, true
	case key[0] == '!':
		v, known := s.eval(key[1:])
		return !v, known
	}
	if a, b, ok := equality(key); ok {
		return s.evalEqual(a, b)
	}
	f := s.facts[key]
	return f == "=#true", f == "=#true" || f == "=#false"
}

func (s *state) evalEqual(a, b string) (value, known bool) {
	if a == b {
		return true, true
	}
	if b[0] != '#' {
		f := s.facts["(== "+a+" "+b+")"]
		return f == "=#true", f != ""
	}
	if a[0] == '#' {
		return false, true
	}
	if b == "#true" || b == "#false" {
		v, known := s.eval(a)
		return v == (b == "#true"), known
	}
	f := s.facts[a]
	switch {
	case strings.HasPrefix(f, "="):
		return f[1:] == b, true
	case strings.HasPrefix(f, "!") && strings.Contains(f[1:], b+";"):
		return false, true
	}
	return false, false
}

// assume records that a condition holds, or does not.
func (s *state) assume(key string, truth bool) {
	if key[0] == '!' {
		s.assume(key[1:], !truth)
		return
	}
	if a, b, ok := equality(key); ok && b[0] == '#' {
		switch {
		case b == "#true" || b == "#false":
			s.assume(a, truth == (b == "#true"))
		case truth:
			s.facts[a] = "=" + b
		case s.facts[a] == "":
			s.facts[a] = "!" + b + ";"
		case s.facts[a][0] == '!':
			s.facts[a] += b + ";"
		}
		return
	}
	if key[0] != '#' {
		s.facts[key] = map[bool]string{true: "=#true", false: "=#false"}[truth]
	}
}

// deref returns the type that a pointer type points to.
func deref(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
