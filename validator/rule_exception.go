package validator

import (
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// exceptionTag returns the parameters of the tag at index i, which must be that
// of an exception: its type has no results.
//
// Specification: 3.2.13 "Tag Types".
func (c *checker) exceptionTag(i uint32) ([]ops.ValType, error) {
	t, err := c.tagType(i)
	if err != nil {
		return nil, err
	}
	if results := c.types.Results(t); len(results) != 0 {
		return nil, c.invalid("non-empty tag result type: tag %d has results %s", i, typesText(results))
	}
	return c.types.Params(t), nil
}

// ruleThrow: [t1* t*] -> [t2*]
func (c *checker) ruleThrow(in *ops.Instr) error {
	params, err := c.exceptionTag(in.Index)
	if err != nil {
		return err
	}
	if err := c.popAll(params); err != nil {
		return err
	}
	c.unreachable()
	return nil
}

// ruleThrowRef: [t1* exnref] -> [t2*]
func (c *checker) ruleThrowRef(*ops.Instr) error {
	if err := c.pop(ops.ExnRef); err != nil {
		return err
	}
	c.unreachable()
	return nil
}

// ruleTryTable: [t1*] -> [t2*]. The labels of the catch clauses are those
// outside the block.
func (c *checker) ruleTryTable(in *ops.Instr) error {
	var seen catchCache
	for i := range in.Catches {
		if err := c.catchClause(&in.Catches[i], &seen); err != nil {
			return err
		}
	}
	return c.enterBlock(state.FrameTryTable, in.Block)
}

// catchCache remembers the last clause whose types were checked: a hostile
// module repeats a clause whose types are long.
type catchCache struct {
	valid bool
	catch ops.Catch
}

// catchClause checks that the label of one clause takes what the clause gives.
//
// Specification: 3.4.2 "Control Instructions", catch clauses.
func (c *checker) catchClause(catch *ops.Catch, seen *catchCache) error {
	if seen.valid && *catch == seen.catch {
		return nil
	}
	var given []ops.ValType
	if catch.Kind == ops.CatchTag || catch.Kind == ops.CatchRef {
		params, err := c.exceptionTag(catch.Tag)
		if err != nil {
			return err
		}
		given = params
	}
	f, err := c.label(catch.Label)
	if err != nil {
		return err
	}
	want := c.labelTypes(f, &c.one)
	rest := want
	withRef := catch.Kind == ops.CatchRef || catch.Kind == ops.CatchAllRef
	if withRef && len(want) > 0 {
		rest = want[:len(want)-1]
	}
	fits := len(rest) == len(given) && (!withRef || len(want) > 0 && c.types.Match(ops.HeapExn.Ref(), want[len(want)-1]))
	if !fits || c.compareLists(given, rest) == different {
		if withRef {
			given = append(given[:len(given):len(given)], ops.HeapExn.Ref())
		}
		return c.invalid("type mismatch: catch clause gives %s but label %d takes %s", typesText(given), catch.Label, typesText(want))
	}
	seen.valid, seen.catch = true, *catch
	return nil
}

// The legacy exception instructions: try ... catch ... catch_all ... end and
// try ... delegate (exception handling proposal, legacy/Exceptions.md).

// ruleCatch ends the try or the catch before it, and gives the tag's parameters.
func (c *checker) ruleCatch(in *ops.Instr) error {
	if err := c.leaveTry(true); err != nil {
		return err
	}
	params, err := c.exceptionTag(in.Index)
	if err != nil {
		return err
	}
	if err := c.room(int(c.top().Height), params); err != nil {
		return err // before locals are taken back, which TryOp could not undo
	}
	c.restart(state.FrameCatch)
	return c.pushAll(params)
}

func (c *checker) ruleCatchAll(*ops.Instr) error {
	if err := c.leaveTry(true); err != nil {
		return err
	}
	c.restart(state.FrameCatchAll)
	return nil
}

// ruleDelegate ends a try without catches. Its label is counted outside the try.
func (c *checker) ruleDelegate(in *ops.Instr) error {
	if err := c.leaveTry(false); err != nil {
		return err
	}
	if int64(in.Index) >= int64(len(c.frames)-1) {
		return c.invalid("unknown label %d", in.Index)
	}
	return c.popFrame()
}

// leaveTry checks that the operator stands where a try ends, or where a catch of
// it does if it may come after one. In front of a catch it takes the results.
func (c *checker) leaveTry(afterCatch bool) error {
	kind := c.top().Kind
	if kind != state.FrameTry && !(afterCatch && kind == state.FrameCatch) {
		return c.malformed("%s", ops.Misplaced(c.op))
	}
	if !afterCatch {
		return nil
	}
	return c.popResults()
}

// ruleRethrow: [t1*] -> [t2*], to the label of a catch.
func (c *checker) ruleRethrow(in *ops.Instr) error {
	f, err := c.label(in.Index)
	if err != nil {
		return err
	}
	if f.Kind != state.FrameCatch && f.Kind != state.FrameCatchAll {
		return c.invalid("invalid rethrow label: label %d is that of a %v and not of a catch", in.Index, f.Kind)
	}
	c.unreachable()
	return nil
}
