package generate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// planContinuation plans the instructions of stack switching.
func (b *body) planContinuation(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok, known bool) {
	switch rule {
	case ops.RuleSuspend:
		return b.types.Params(b.tags[in.Index]), true, true
	case ops.RuleContBind:
		operands, ok = b.contBind(in)
		return operands, ok, true
	case ops.RuleSwitch:
		operands, ok = b.switchTo(in)
		return operands, ok, true
	case ops.RuleContNew, ops.RuleResume, ops.RuleResumeThrow, ops.RuleResumeThrowRef:
	default:
		return nil, false, false
	}
	if in.Index, ok = b.someType(module.Cont, func(uint32) bool { return true }); !ok {
		return nil, false, true
	}
	ft := b.types.Cont(in.Index)
	if rule == ops.RuleContNew {
		return []ops.ValType{ref(ft)}, true, true
	}
	for range b.below(3) {
		b.addHandler(in, ft)
	}
	switch rule {
	case ops.RuleResume:
		operands = b.types.Params(ft)
	case ops.RuleResumeThrow:
		if in.Index2, ok = b.exceptionTag(); !ok {
			return nil, false, true
		}
		operands = b.types.Params(b.tags[in.Index2])
	default:
		if !b.has(ops.Exceptions) {
			return nil, false, true
		}
		operands = []ops.ValType{ops.ExnRef}
	}
	return with(operands, ref(in.Index)), true, true
}

// contBind plans cont.bind: the second type is that of what is left of the first
// one when its first parameters are given.
func (b *body) contBind(in *ops.Instr) (operands []ops.ValType, ok bool) {
	any := func(uint32) bool { return true }
	if in.Index, ok = b.someType(module.Cont, any); !ok {
		return nil, false
	}
	from := b.types.Cont(in.Index)
	have, results := b.types.Params(from), b.types.Results(from)
	in.Index2, ok = b.someType(module.Cont, func(i uint32) bool {
		to := b.types.Cont(i)
		want := b.types.Params(to)
		return len(want) <= len(have) && slices.Equal(want, have[len(have)-len(want):]) && slices.Equal(results, b.types.Results(to))
	})
	if !ok {
		return nil, false
	}
	bound := len(have) - len(b.types.Params(b.types.Cont(in.Index2)))
	return with(have[:bound], ref(in.Index)), true
}

// addHandler adds a clause to a resume of a continuation of function type ft. It
// opens a block where no label takes what the clause gives.
func (b *body) addHandler(in *ops.Instr, ft uint32) {
	results := b.types.Results(ft)
	if b.one(3) {
		tag, ok := b.some(len(b.tags), func(i uint32) bool { return b.switchTag(i, results) })
		if ok {
			in.Handlers = append(in.Handlers, ops.Handler{Switch: true, Tag: tag})
		}
		return
	}
	var rest uint32
	tag, ok := b.some(len(b.tags), func(i uint32) (ok bool) {
		rest, ok = b.someType(module.Cont, func(c uint32) bool {
			f := b.types.Cont(c)
			return slices.Equal(b.types.Params(f), b.types.Results(b.tags[i])) && slices.Equal(b.types.Results(f), results)
		})
		return ok
	})
	if !ok {
		return
	}
	given := with(b.types.Params(b.tags[tag]), b.types.CanonVal(ref(rest)))
	l, opened, ok := b.target(given)
	if !ok {
		return
	}
	for i := range in.Handlers {
		if !in.Handlers[i].Switch {
			in.Handlers[i].Label += opened
		}
	}
	in.Handlers = append(in.Handlers, ops.Handler{Tag: tag, Label: l})
}

// switchTag reports whether the tag at index i takes nothing and gives the results.
func (b *body) switchTag(i uint32, results []ops.ValType) bool {
	t := b.tags[i]
	return len(b.types.Params(t)) == 0 && slices.Equal(b.types.Results(t), results)
}

// switchTo plans switch: to a continuation that takes the one that is left, with a
// tag that gives what both end with.
func (b *body) switchTo(in *ops.Instr) (operands []ops.ValType, ok bool) {
	in.Index, ok = b.someType(module.Cont, func(i uint32) bool {
		f := b.types.Cont(i)
		params := b.types.Params(f)
		if len(params) == 0 {
			return false
		}
		back, ok := params[len(params)-1].Heap().Index()
		if !ok || !params[len(params)-1].IsRef() || b.types.Kind(back) != module.Cont {
			return false
		}
		results := b.types.Results(b.types.Cont(back))
		in.Index2, ok = b.some(len(b.tags), func(t uint32) bool { return b.switchTag(t, results) })
		return ok && slices.Equal(results, b.types.Results(f))
	})
	if !ok {
		return nil, false
	}
	params := b.types.Params(b.types.Cont(in.Index))
	return with(params[:len(params)-1], ref(in.Index)), true
}

// planAtomic plans the atomic accesses of shared-everything threads to globals,
// tables, fields and elements.
func (b *body) planAtomic(rule ops.Rule, in *ops.Instr) (operands []ops.ValType, ok bool) {
	number := func(t ops.ValType) bool { return t == ops.I32 || t == ops.I64 }
	within := func(h ops.HeapType) func(ops.ValType) bool {
		return func(t ops.ValType) bool {
			return number(t) || b.matches(t, h.RefNull()) || b.matches(t, h.WithShared().RefNull())
		}
	}
	access := func(fits func(ops.ValType) bool, values int) ([]ops.ValType, bool) {
		address, t, ok := b.place(rule, in, fits)
		if !ok {
			return nil, false
		}
		for range values {
			address = append(address, t.Unpacked())
		}
		return address, true
	}
	switch rule {
	case ops.RuleStructAtomicGetPacked, ops.RuleArrayAtomicGetPacked:
		return access(ops.ValType.IsPacked, 0)
	case ops.RuleGlobalAtomicGet, ops.RuleTableAtomicGet, ops.RuleStructAtomicGet, ops.RuleArrayAtomicGet:
		return access(within(ops.HeapAny), 0)
	case ops.RuleGlobalAtomicRMW, ops.RuleStructAtomicRMW, ops.RuleArrayAtomicRMW:
		return access(number, 1)
	case ops.RuleGlobalAtomicSet, ops.RuleTableAtomicSet, ops.RuleStructAtomicSet, ops.RuleArrayAtomicSet,
		ops.RuleGlobalAtomicXchg, ops.RuleTableAtomicXchg, ops.RuleStructAtomicXchg, ops.RuleArrayAtomicXchg:
		return access(within(ops.HeapAny), 1)
	case ops.RuleGlobalAtomicCmpxchg, ops.RuleTableAtomicCmpxchg, ops.RuleStructAtomicCmpxchg, ops.RuleArrayAtomicCmpxchg:
		return access(within(ops.HeapEq), 2)
	}
	return nil, true
}

// place finds a mutable place of a type that fits, of the kind that the rule
// accesses, and returns the operands that say where it is.
func (b *body) place(rule ops.Rule, in *ops.Instr, fits func(ops.ValType) bool) (address []ops.ValType, t ops.ValType, ok bool) {
	field := func(f module.Field) bool { return f.Mutable && fits(f.Type) }
	switch in.Op.Row().Imm.Kind {
	case ops.ImmOrdGlobal:
		in.Index, ok = b.someGlobal(func(g module.GlobalType) bool { return g.Mutable && fits(g.Type) })
		if ok {
			t = b.globals[in.Index].Type
		}
	case ops.ImmOrdTable:
		in.Index, ok = b.some(len(b.tables), func(i uint32) bool { return fits(b.tables[i].Elem) })
		if ok {
			t, address = b.tables[in.Index].Elem, []ops.ValType{b.tables[in.Index].AddrType()}
		}
	case ops.ImmOrdField:
		var f module.Field
		f, ok = b.field(in, field)
		t, address = f.Type, []ops.ValType{ref(in.Index)}
	default:
		var f module.Field
		f, ok = b.array(in, field)
		t, address = f.Type, []ops.ValType{ref(in.Index), ops.I32}
	}
	return address, t, ok
}
