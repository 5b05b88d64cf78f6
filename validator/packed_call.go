package validator

import (
	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// packedCall is what a call of a function does to a packed operand stack. Where the
// type has parameters or results that a word does not hold, no stack is as wanted,
// and the call is left to the slow path.
type packedCall struct {
	take, mask uint64 // the parameters, the last lowest
	leave      uint8  // the result
	pop, push  uint8  // their lengths, in bits
}

// maxPackedCalls is how many types, from the first on, have a packed call. There are
// rarely as many function types; a hostile module has a million.
const maxPackedCalls = 1 << 10

// maxPackedParams is how many parameters leave a word room for the barrier below
// them.
const maxPackedParams = wordOperands - 1

// fewTypes is how many types' calls are packed as quickly as they are found packed.
const fewTypes = 16

// packedCalls returns the packed calls of the types of the resources, of which d are
// the declarations. Those of a module are made once and kept with it, so that a
// validator made for each of its functions costs a third.
func (v *funcValidator[R]) packedCalls(d *module.Decls) []packedCall {
	if m, ok := any(v.resources).(*module.Module); ok && d.Types.Len() > fewTypes {
		return module.Derived(m, func(m *module.Module) []packedCall { return packCalls(nil, m.Types()) })
	}
	v.calls = packCalls(v.calls[:0], d.Types)
	return v.calls
}

// packCalls appends the packed calls of the first types to calls.
func packCalls(calls []packedCall, types *module.Types) []packedCall {
	for i := range uint32(min(types.Len(), maxPackedCalls)) {
		calls = append(calls, packCall(types, i))
	}
	return calls
}

func packCall(types *module.Types, typeIdx uint32) packedCall {
	never := packedCall{take: 1}
	if types.Kind(typeIdx) != module.Func {
		return never
	}
	params, results := types.Params(typeIdx), types.Results(typeIdx)
	if len(params) > maxPackedParams || len(results) > 1 {
		return never
	}
	f := packedCall{pop: uint8(len(params) * nibble), push: uint8(len(results) * nibble)}
	f.mask = 1<<f.pop - 1
	for _, t := range params {
		if t > ops.V128 {
			return never
		}
		f.take = f.take<<nibble | uint64(t)
	}
	for _, t := range results {
		if t > ops.V128 {
			return never
		}
		f.leave = uint8(t)
	}
	return f
}
