package spent

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

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
	case *ssa.Select:
		s.forgetShared()
		s.renew(i)
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
	case token.ARROW:
		s.forgetShared()
		s.renew(i)
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

// forgetShared drops all that is known of variables that others can reach: of those that
// a call may replace, and of those that other goroutines may have replaced while this one
// has waited for them.
func (s *state) forgetShared() {
	s.forget(func(string) bool { return true })
	s.mem.pristine = false
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
