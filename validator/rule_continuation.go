package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// The instructions of the stack switching proposal. A continuation type stands
// for a function type: what the continuation takes when it is resumed, and what
// it leaves when it ends.
//
// Specification: stack switching proposal, "Instructions".

// contType returns the index of the function type of the continuation type at
// index i.
func (c *checker) contType(i uint32) (funcType uint32, err error) {
	if int64(i) >= int64(c.types.Len()) {
		return 0, c.invalid("unknown type %d", i)
	}
	if c.types.Kind(i) != module.Cont {
		return 0, c.invalid("non-continuation type %d", i)
	}
	return c.types.Cont(i), c.sharedType(i)
}

// tagType returns the type index of the tag at index i.
func (c *checker) tagType(i uint32) (uint32, error) {
	if int64(i) >= int64(len(c.decls.Tags)) {
		return 0, c.invalid("unknown tag %d", i)
	}
	t := c.decls.Tags[i]
	return t, c.sharedAccess(c.types.Shared(t), "tags")
}

// contOf returns the function type of the continuation that a value of type t
// refers to; ok is false when t is no reference to a defined continuation type.
func (c *checker) contOf(t ops.ValType) (funcType uint32, ok bool) {
	i, ok := t.Heap().Index()
	if !ok || !t.IsRef() || c.types.Kind(i) != module.Cont {
		return 0, false
	}
	return c.types.Cont(i), true
}

// ruleContNew: [(ref null $ft)] -> [(ref $ct)]
func (c *checker) ruleContNew(in *ops.Instr) error {
	ft, err := c.contType(in.Index)
	if err != nil {
		return err
	}
	if err := c.popTypeRef(ft); err != nil {
		return err
	}
	c.push(c.refTo(in.Index))
	return nil
}

// ruleContBind: [t3* (ref null $ct)] -> [(ref $ct')], where $ct takes [t3* t1*].
func (c *checker) ruleContBind(in *ops.Instr) error {
	from, err := c.contType(in.Index)
	if err != nil {
		return err
	}
	to, err := c.contType(in.Index2)
	if err != nil {
		return err
	}
	have, want := c.types.Params(from), c.types.Params(to)
	if len(have) < len(want) {
		return c.invalid("type mismatch in continuation arguments: type %d takes %d and type %d takes %d", in.Index, len(have), in.Index2, len(want))
	}
	bound, rest := have[:len(have)-len(want)], have[len(have)-len(want):]
	if !c.matchLists(want, rest) || !c.matchLists(c.types.Results(from), c.types.Results(to)) {
		return c.invalid("type mismatch in continuation types: type %d, with %s bound, does not match type %d", in.Index, quantity(len(bound), "argument"), in.Index2)
	}
	if err := c.popTypeRef(in.Index); err != nil {
		return err
	}
	if err := c.popAll(bound); err != nil {
		return err
	}
	c.push(c.refTo(in.Index2))
	return nil
}

// ruleSuspend: [t1*] -> [t2*]
func (c *checker) ruleSuspend(in *ops.Instr) error {
	t, err := c.tagType(in.Index)
	if err != nil {
		return err
	}
	return c.call(t)
}

// ruleResume: [t1* (ref null $ct)] -> [t2*]
func (c *checker) ruleResume(in *ops.Instr) error {
	ft, err := c.resumed(in)
	if err != nil {
		return err
	}
	return c.resume(in.Index, c.types.Params(ft), ft)
}

// ruleResumeThrow: [te* (ref null $ct)] -> [t2*]
func (c *checker) ruleResumeThrow(in *ops.Instr) error {
	ft, err := c.resumed(in)
	if err != nil {
		return err
	}
	thrown, err := c.exceptionTag(in.Index2)
	if err != nil {
		return err
	}
	return c.resume(in.Index, thrown, ft)
}

// ruleResumeThrowRef: [exnref (ref null $ct)] -> [t2*]
func (c *checker) ruleResumeThrowRef(in *ops.Instr) error {
	ft, err := c.resumed(in)
	if err != nil {
		return err
	}
	return c.resume(in.Index, []ops.ValType{ops.ExnRef}, ft)
}

// resume takes a reference to the continuation type at index ct and, below it,
// the operands, and leaves the results of the continuation's function type ft.
func (c *checker) resume(ct uint32, operands []ops.ValType, ft uint32) error {
	if err := c.popTypeRef(ct); err != nil {
		return err
	}
	if err := c.popAll(operands); err != nil {
		return err
	}
	return c.pushAll(c.types.Results(ft))
}

// resumed checks the immediates that all resumptions have, and returns the
// function type of the continuation.
func (c *checker) resumed(in *ops.Instr) (funcType uint32, err error) {
	ft, err := c.contType(in.Index)
	if err != nil {
		return 0, err
	}
	for i, h := range in.Handlers {
		// A hostile module repeats a handler whose types are long.
		if i > 0 && h == in.Handlers[i-1] {
			continue
		}
		if h.Switch {
			err = c.switchHandler(h, ft)
		} else {
			err = c.suspendHandler(h, ft)
		}
		if err != nil {
			return 0, err
		}
	}
	return ft, nil
}

// suspendHandler checks (on $tag $l) of a continuation of function type ft: the
// label takes the parameters of the tag and a continuation that goes on from the
// results of the tag to the results of ft.
func (c *checker) suspendHandler(h ops.Handler, ft uint32) error {
	tag, err := c.tagType(h.Tag)
	if err != nil {
		return err
	}
	params, cont, err := c.labelRef(h.Label)
	if err != nil {
		return err
	}
	rest, ok := c.contOf(cont)
	if !ok {
		return c.invalid("type mismatch: non-continuation type %v at the end of label %d", cont, h.Label)
	}
	if given := c.types.Params(tag); !c.matchLists(given, params) {
		return c.invalid("type mismatch between tag type and label type: tag %d gives %s but label %d takes %s before the continuation", h.Tag, typesText(given), h.Label, typesText(params))
	}
	if !c.matchLists(c.types.Params(rest), c.types.Results(tag)) || !c.matchLists(c.types.Results(ft), c.types.Results(rest)) {
		return c.invalid("type mismatch in continuation type: label %d does not take what is left after tag %d", h.Label, h.Tag)
	}
	return nil
}

// switchHandler checks (on $tag switch) of a continuation of function type ft:
// the tag takes nothing and has exactly the results of ft.
func (c *checker) switchHandler(h ops.Handler, ft uint32) error {
	tag, err := c.tagType(h.Tag)
	if err != nil {
		return err
	}
	params, results, want := c.types.Params(tag), c.types.Results(tag), c.types.Results(ft)
	if len(params) != 0 || len(results) != len(want) || !sameTypes(results, want) {
		return c.invalid("type mismatch: switch tag does not match continuation: tag %d is %s -> %s and must be [] -> %s", h.Tag, typesText(params), typesText(results), typesText(want))
	}
	return nil
}

// ruleSwitch: [t1* (ref null $ct1)] -> [t2*], where $ct1 takes
// [t1* (ref null? $ct2)] and $ct2 takes [t2*].
func (c *checker) ruleSwitch(in *ops.Instr) error {
	ft, err := c.contType(in.Index)
	if err != nil {
		return err
	}
	tag, err := c.tagType(in.Index2)
	if err != nil {
		return err
	}
	if params := c.types.Params(tag); len(params) != 0 {
		return c.invalid("type mismatch in switch tag: tag %d has parameters %s", in.Index2, typesText(params))
	}
	params := c.types.Params(ft)
	if len(params) == 0 {
		return c.invalid("type mismatch: instruction requires a continuation reference but type %d takes nothing", in.Index)
	}
	n := len(params) - 1
	back, ok := c.contOf(params[n])
	if !ok {
		return c.invalid("type mismatch: instruction requires a continuation reference but type %d ends with %v, a non-continuation type", in.Index, params[n])
	}
	results := c.types.Results(tag)
	if !c.matchLists(c.types.Results(ft), results) || !c.matchLists(results, c.types.Results(back)) {
		return c.invalid("type mismatch in continuation types: tag %d has results %s", in.Index2, typesText(results))
	}
	if err := c.popTypeRef(in.Index); err != nil {
		return err
	}
	if err := c.popAll(params[:n]); err != nil {
		return err
	}
	return c.pushAll(c.types.Params(back))
}
