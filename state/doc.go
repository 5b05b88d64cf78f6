/*
Package state is what a validator remembers inside one function, made to be used
for one function after another: the operand stack, the control stack, and the
locals with their initialisation, all of them in Allocations. The rules are in
package validator; nothing here checks one.

It also has the tokens that make a handle usable once. Go has no values that
cease to be usable when they are passed on: whoever calls a method that turns a
handle into another one may keep a copy of the first. A type whose handles hold a
Token can tell such a copy from the live one, in constant time and from any
goroutine, and say which call made it stale:

	func (u Unassigned) Assign(f Func) (Assigned, error) {
		token, err := u.token.Spend(byAssign)
		if err != nil {
			return Assigned{token: u.token, v: u.v}, err // wraps ErrSpent
		}
		…
		return Assigned{token: token, v: u.v}, nil
	}

An engine meets this package in two places: it keeps Allocations between functions,
one for each thread, and it reads the Frame of an open block. The rest is for
validators, and for those who write typestates of their own.

Tokens know nothing of WebAssembly and may serve a program's own typestates; see
the examples of Token and Cell. The analyzer in the folder spent finds most stale copies
before a program runs.
*/
package state
