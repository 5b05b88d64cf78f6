package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// The tests in this file say whether a module has something that a judge is known
// to misread.

// hasLongOpcode reports whether an operator of a function body has a number behind
// its prefix byte that could be shorter.
func hasLongOpcode(wasm []byte) bool {
	return anyOperator(wasm, func(in *ops.Instr, code []byte) bool {
		return in.Op >= 1<<16 && !bytes.HasPrefix(code[1:], ops.AppendU32(nil, uint32(in.Op)&0xFFFF))
	})
}

// hasOp returns a test whether a function body has the operator.
func hasOp(op ops.Op) func(wasm []byte) bool {
	return func(wasm []byte) bool {
		return anyOperator(wasm, func(in *ops.Instr, _ []byte) bool { return in.Op == op })
	}
}

// importsTableOfNoType reports whether the module is malformed for the type of an
// imported table, which is no type but begins like an integer of several bytes.
func importsTableOfNoType(wasm []byte) bool {
	_, err := validator.Validate(context.Background(), wasm, validator.WithFeatures(ops.Wasm2|ops.Threads), validator.WithWorkers(1))
	var e *validator.Error
	return errors.As(err, &e) && e.Offset > 0 && e.Offset < len(wasm) &&
		wasm[e.Offset-1] == byte(module.ExternTable) && wasm[e.Offset] >= 0x80
}

// hasEmptyDataCount reports whether there is a data count section without contents.
func hasEmptyDataCount(wasm []byte) bool {
	return bytes.Contains(wasm, []byte{byte(module.SectionDataCount), 0})
}

// anyOperator reports whether one of the operators in function bodies passes the
// test, which gets its bytes and all behind them.
func anyOperator(wasm []byte, test func(in *ops.Instr, code []byte) bool) bool {
	p := module.NewParser(ops.All)
	for {
		payload, n, err := p.Parse(wasm, true)
		if err != nil || payload.Kind == module.End || payload.Kind == module.NeedMore {
			return false
		}
		wasm = wasm[n:]
		if payload.Kind == module.Body && anyIn(payload.Body, test) {
			return true
		}
	}
}

func anyIn(body module.FuncBody, test func(in *ops.Instr, code []byte) bool) bool {
	locals, err := body.Locals(ops.All)
	for err == nil && locals.More() {
		_, err = locals.Next()
	}
	if err != nil {
		return false
	}
	code := body.Bytes()[locals.Pos():]
	d := ops.NewDecoder(code, 0, ops.All)
	for offset, in := range d.All() {
		if test(in, code[offset:]) {
			return true
		}
	}
	return false
}
