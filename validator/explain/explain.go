package explain

import "github.com/wasmstate/wasmstate/validator"

// Explain returns what is known about err, an error about the module wasm that
// was validated with the options opts. It never returns nil for an error that is
// not nil, and does not panic, whatever the bytes. It is safe for concurrent use.
//
// Of the options, WithProgress and WithWorkers do not matter.
func Explain(wasm []byte, err *validator.Error, opts ...validator.Option) *Diagnosis {
	if err == nil {
		return nil
	}
	return &Diagnosis{Kind: err.Kind, Message: err.Message, Offset: err.Offset}
}
