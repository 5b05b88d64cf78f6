// Package directives has directives that make no sense.
package directives

// T is a type.
//
//spent:receiver // want `//spent:receiver has no meaning on a type`
type T struct{}

// F is a function.
//
//spent:receiver // want `//spent:receiver on a function that has no receiver`
func F(t T) {}

// G is a function.
//
//spent:param u // want `//spent:param: G has no parameter u`
func G(t T) {}

// H is a function.
//
//spent:param // want `//spent:param needs the name of a parameter`
func H(t T) {}

// I is a function.
//
//spent:must // want `//spent:must on a function without results`
func I(t T) {}

// J is a method.
//
//spent:receiver
//spent:unless-error // want `//spent:unless-error on a function whose last result is no error`
func (t T) J() int { return 0 }

// K is a method.
//
//spent:unless-error // want `//spent:unless-error needs //spent:receiver or //spent:param`
func (t T) K() error { return nil }

// L is a method.
//
//spent:recever // want `unknown directive //spent:recever`
func (t T) L() {}

// M is a function.
//
//spent:safe // want `//spent:safe on a function that has no receiver`
func M(t T) {}
