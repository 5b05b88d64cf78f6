package judge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Operators validates each function as a whole and again operator by operator, and
// compares the verdicts: a whole body goes through the hot loop, a single operator
// through its rule or through a short cut of its own.
func Operators(r *rand.Rand, wasm []byte, f ops.Features) string {
	m, funcs, err := validator.Spine(context.Background(), wasm, validator.WithFeatures(f))
	if err != nil {
		return ""
	}
	u := validator.New(m, f)
	for _, fn := range funcs {
		a, err := fn.Assign(u)
		if err != nil {
			return err.Error()
		}
		whole := plain(a.Validate(fn.Body))
		if a, err = fn.Assign(a.Abandon()); err != nil {
			return err.Error()
		}
		single, more := step(r, a, fn.Body)
		u = a.Abandon()
		if diff := compareSteps(whole, single, more); diff != "" {
			return fmt.Sprintf("function %d: %s\nfeatures %v\nmodule % x", fn.Index, diff, f, wasm)
		}
	}
	return ""
}

// step validates a body operator by operator up to the first error, and reports
// whether there is more behind the end of the function.
func step(r *rand.Rand, a validator.AssignedFuncValidator[*module.Module], body module.FuncBody) (err error, more bool) {
	locals, err := body.Locals(a.Features())
	var wrong error // a group beyond a limit does not keep the next from being malformed
	for err == nil && locals.More() {
		var g module.LocalGroup
		if g, err = locals.Next(); err == nil && wrong == nil {
			wrong = a.DefineLocals(g.Offset, g.Count, g.Type)
		}
	}
	if err == nil {
		err = wrong
	}
	if err != nil {
		return err, false
	}
	d := ops.NewDecoder(body.Bytes(), body.Offset(), a.Features())
	if _, ok := a.Resources().DataCount(); !ok {
		d.RefuseData()
	}
	d.Seek(locals.Pos())
	var in ops.Instr
	for err == nil && a.ControlStackHeight() > 0 {
		offset := d.Offset()
		if err = d.Next(&in); err != nil {
			break
		}
		if r.IntN(2) == 0 {
			err = a.TryOp(offset, &in)
		} else {
			err = a.Op(offset, &in)
		}
	}
	return err, d.Pos() < len(body.Bytes())
}

// compareSteps compares the error of a whole body with that of its operators. A body
// is malformed also where that comes after a broken rule.
func compareSteps(whole validator.Error, single error, more bool) string {
	var syntax *ops.SyntaxError
	step := plain(single)
	switch {
	case errors.As(single, &syntax):
		if whole.Kind == validator.Malformed && whole.Offset == syntax.Offset {
			return ""
		}
	case step.Kind == validator.Invalid && whole.Kind == validator.Malformed && whole.Offset >= step.Offset:
		return ""
	case single == nil && more && whole.Kind == validator.Malformed:
		return ""
	case step == whole && (single == nil || step.Kind != 0):
		return ""
	}
	return fmt.Sprintf("as a whole %v, and operator by operator %v", &whole, single)
}
