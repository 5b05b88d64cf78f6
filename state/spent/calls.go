package spent

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A call is what is known of one call, go or defer statement.
type call struct {
	instr  ssa.CallInstruction
	id     string
	name   string
	object *types.Func   // nil for closures and function values
	callee *ssa.Function // nil when it is chosen at run time
	fact   *funcFact     // nil when nothing is known

	// inputs are the receiver, the arguments and the captured variables.
	inputs   []ssa.Value
	receiver bool // inputs[0] is a receiver
	handle   bool // and the receiver is a handle
	err      ssa.Value
	clobbers bool // may replace handles anywhere outside
}

// resolve finds out what a call calls.
func (f *function) resolve(c *call) {
	common := c.instr.Common()
	switch callee := common.StaticCallee(); {
	case common.IsInvoke():
		c.object = common.Method
		c.inputs = append([]ssa.Value{common.Value}, common.Args...)
		c.receiver = true
	case callee != nil:
		f.resolveStatic(c, callee)
	default:
		c.inputs = common.Args
		c.name = "the function"
	}
	if c.object != nil {
		c.name = c.object.Name()
		c.object = c.object.Origin()
	}
	if c.receiver && len(c.inputs) > 0 {
		c.handle = f.c.reg.handle(c.inputs[0].Type()) != nil
	}
	c.fact = f.c.behaviour(c.object, c.callee)
	c.err = errorResult(c.instr)
	c.clobbers = f.clobbers(c)
}

func (f *function) resolveStatic(c *call, callee *ssa.Function) {
	common := c.instr.Common()
	obj, _ := callee.Object().(*types.Func)
	closure, _ := common.Value.(*ssa.MakeClosure)
	switch {
	case strings.HasPrefix(callee.Synthetic, "bound method"):
		c.object = obj
		c.inputs = append([]ssa.Value{closure.Bindings[0]}, common.Args...)
		c.receiver = true
	case obj != nil:
		c.object = obj
		c.inputs = common.Args
		c.receiver = obj.Signature().Recv() != nil
		if callee.Origin() != nil {
			callee = callee.Origin()
		}
		c.callee = callee
	default:
		c.callee = callee
		c.name = "the function literal"
		c.inputs = common.Args
		if closure != nil {
			c.inputs = append(append([]ssa.Value{}, common.Args...), closure.Bindings...)
		}
	}
}

// errorResult returns the value of the last result when that is an error that
// the program looks at, otherwise nil.
func errorResult(instr ssa.CallInstruction) ssa.Value {
	if !lastIsError(instr.Common().Signature()) {
		return nil
	}
	return lastResult(instr)
}

// lastResult returns the value of the last result, nil if nobody wants it.
func lastResult(instr ssa.CallInstruction) ssa.Value {
	v, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	if n := v.Call.Signature().Results().Len(); n > 1 {
		if e := extracted(v, n-1); e != nil {
			return e
		}
		return nil
	}
	return v
}

// extracted returns result i of a call with several, nil if nobody wants it.
func extracted(v *ssa.Call, i int) ssa.Value {
	if v.Call.Signature().Results().Len() == 1 {
		return v
	}
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			return e
		}
	}
	return nil
}

// clobbers reports whether a call may replace handles that other functions can
// reach: it is one of ours and does, or it may call back.
func (f *function) clobbers(c *call) bool {
	common := c.instr.Common()
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return false
	}
	if c.object != nil && c.object.Pkg() != nil && c.object.Pkg().Path() == "sync" {
		return true // it may wait for another goroutine, which replaces them
	}
	if c.fact != nil && (c.fact.Declared || c.fact.Complete) {
		return c.fact.Clobbers || c.passesFunction()
	}
	if c.handle {
		return false
	}
	if c.callee == nil && c.object == nil {
		return true
	}
	if c.object != nil && c.object.Pkg() == f.c.pass.Pkg && !common.IsInvoke() {
		return c.passesFunction() || c.callee != nil && c.callee.Blocks != nil
	}
	for _, in := range c.inputs {
		if m, ok := in.(*ssa.MakeInterface); ok {
			in = m.X
		}
		if f.c.reg.handle(in.Type()) == nil && f.c.reg.holds(in.Type()) {
			return true
		}
	}
	return c.passesFunction() || common.IsInvoke() && c.object.Pkg() == f.c.pass.Pkg
}

func (c *call) passesFunction() bool {
	for _, in := range c.inputs {
		if _, ok := in.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// readClosures finds what the closures of the function do to its variables.
func (f *function) readClosures() {
	for _, b := range f.fn.Blocks {
		for _, instr := range b.Instrs {
			mc, ok := instr.(*ssa.MakeClosure)
			if !ok {
				continue
			}
			fn := mc.Fn.(*ssa.Function)
			fact := f.c.behaviour(nil, fn)
			for i, binding := range mc.Bindings {
				a, ok := binding.(*ssa.Alloc)
				if !ok {
					continue
				}
				write, consume := closureEffects(fact, len(fn.Params)+i)
				f.rewritten[a] = f.rewritten[a] || write
				f.swallowed[a] = f.swallowed[a] || consume
			}
		}
	}
}

// closureEffects says whether a closure may write to, and whether it may consume
// what is in, one captured variable.
func closureEffects(fact *funcFact, input int) (write, consume bool) {
	if fact == nil || !fact.Complete {
		return true, true
	}
	for _, e := range fact.Effects {
		if e.Input == input {
			write = write || e.Write
			consume = consume || e.Consume
		}
	}
	return write, consume
}

// storage reports whether v is the address of a variable that holds a handle,
// rather than a handle that is a pointer.
func (f *function) storage(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global, *ssa.FreeVar:
		return f.c.reg.handle(deref(v.Type())) != nil
	}
	return false
}

// subject returns the handle that an effect of a call is about, and the variable
// that holds it when the call is given the variable.
func (s *state) subject(c *call, e effect) (key, place string) {
	if e.Input >= len(c.inputs) {
		return "#nil", ""
	}
	arg := c.inputs[e.Input]
	if fields, ok := strings.CutPrefix(e.Path, "*"); ok {
		place = s.key(arg) + strings.ReplaceAll(fields, "!", ".")
		return s.load(place, "?"+c.id+place), place
	}
	if e.Path == "" && s.f.storage(arg) {
		place = s.key(arg)
		return s.load(place, "?"+c.id+place), place
	}
	return s.key(arg) + e.Path, ""
}

// execCall carries out what a call does to memory.
func (s *state) execCall(i ssa.CallInstruction) {
	c := s.f.calls[i]
	if v, ok := i.(*ssa.Call); ok {
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			s.execBuiltin(v, b.Name())
			return
		}
		s.renew(v)
	}
	if _, ok := i.(*ssa.Defer); ok {
		return
	}
	if c.clobbers {
		s.forgetShared()
	}
	if c.callee == nil && c.object == nil || c.passesFunction() {
		for a := range s.f.rewritten {
			s.taint(s.f.ids[a], c)
		}
	}
	for n, in := range c.inputs {
		if _, ok := in.Type().Underlying().(*types.Pointer); !ok {
			continue
		}
		switch {
		case c.fact != nil && c.fact.Complete:
			for _, e := range c.fact.Effects {
				if e.Input == n && e.Write {
					_, place := s.subject(c, e)
					if place == "" {
						place = s.key(in)
					}
					s.taint(place, c)
				}
			}
		case c.handle && n == 0, c.fact != nil && c.fact.Declared:
		default:
			s.taint(s.key(in), c)
		}
	}
}

func (s *state) execBuiltin(v *ssa.Call, name string) {
	switch name {
	case "len", "cap":
		s.set(v, name+"("+s.key(v.Call.Args[0])+")")
		return
	case "delete", "clear":
		s.forgetMaps()
	case "copy":
		s.forgetAliases("", v)
	}
	s.renew(v)
}

// taint says that a call may have replaced what place holds.
func (s *state) taint(place string, c *call) {
	for p := range s.mem.cells {
		if strings.HasPrefix(p, place+".") || strings.HasPrefix(p, place+"[") {
			delete(s.mem.cells, p)
		}
	}
	s.mem.cells[place] = "w" + c.id + place
}
