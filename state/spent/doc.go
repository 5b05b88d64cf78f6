/*
Package spent provides an analyzer that reports handles which are used after the
call that spent them, handles that are dropped, and results that are ignored.

Go has no move semantics. A library with typestates, where one method ends the
life of a value and returns its successor, cannot keep its users from holding on
to a copy of the old value; a compiler sees nothing wrong with it. Such a library
says in its source what spends what, and this analyzer holds its users to it.

# Vocabulary

The declarations are directives, in the documentation comment of what they are
about:

	//spent:receiver      a call of this method spends the value it is called on
	//spent:param NAME    a call spends the argument for the parameter NAME (or several)
	//spent:unless-error  with one of these: a call that returns an error spends nothing
	//spent:must          the results must not be ignored
	//spent:safe          this method may be called on a spent receiver
	//spent:linear        (on a type) its values must be spent before they go out of reach

Methods of interface types take them too. The directives are all there is to do;
through facts they reach every package that imports the library. A misspelt or
misplaced directive is itself reported.

What an ordinary function does to its arguments is inferred and need not be
declared: a helper that finishes the handle it is given spends it, in its own
package and for those who import it, and so does a function literal that finishes
a handle it captures, or a method that finishes the handle in a field of its
receiver. A declaration wins over what would be inferred.

A value of a linear type counts as new when it is the result of a function that is
marked must, that spends something, or that passes such a result on.

Where a stale handle is used on purpose, in a test for instance,

	//spent:ignore REASON

silences the line it is on and the next one; in a function's documentation, the
function; before the package clause, the file.

# Example

	// Session is an upload under way.
	//
	//spent:linear
	type Session struct{ … }

	// Begin starts an upload.
	//
	//spent:must
	func Begin(name string) (*Session, error)

	// Commit ends the upload. A failed Commit may be tried again.
	//
	//spent:receiver
	//spent:unless-error
	//spent:must
	func (s *Session) Commit() error

	// Abort gives up the upload. After Commit it does nothing.
	//
	//spent:receiver
	//spent:safe
	func (s *Session) Abort()

Given these, in

	s, err := upload.Begin("a")
	if err != nil {
		return err
	}
	if _, err := s.Write(part); err != nil {
		return err
	}
	if err := s.Commit(); err != nil {
		s.Abort()
		return err
	}
	_, err = s.Write(trailer)

the analyzer reports

	main.go:10: the handle that Begin returned is dropped: the return at main.go:15 is reached without Commit or Abort
	main.go:21: s was spent by Commit at main.go:17; it must not be used again

while "defer s.Abort()" after Begin, a loop that tries Commit until it succeeds, or
"u, err = a.Finish(off)" at the end of each iteration are in order.

# How to run it

As a vet tool:

	go install github.com/wasmstate/wasmstate/state/spent/cmd/spent@latest
	go vet -vettool=$(which spent) ./...

Name all packages in one command, as ./... does: go vet remembers a package that it
has only seen as an import of others as one without reports.

Or as [Analyzer], in a multichecker, a golangci-lint plugin or a build of gopls.
The module has its own go.mod, so that importers of the library whose handles it
checks do not get its dependencies. A package that neither declares nor imports
handles costs next to nothing, and of the others only the functions that mention one are
looked at.

# What it follows

A handle is followed through assignments, fields, elements with the same index or
key, interfaces, function literals, method values, branches, loops, defer and go
statements. Of two conditions it knows when one excludes the other if they ask
about the same values, or about a variable that was set to a constant on the way:
flags and states are understood.

A use is a call with the handle as receiver or argument, a return, or a send.
Copying a spent handle, comparing it, or printing it is none.

# What it does not see

A report is meant to be a mistake. Where a program may be right for reasons that
are not in sight, the analyzer is silent:

  - What happens to a handle that another goroutine, an interface of one's own, or
    a function value may have replaced in the meantime.
  - A call and a use that are each behind a condition, when nothing shows that both
    can hold. (The error of a call is taken to depend on nothing before it.)
  - A handle that is kept in a field, a slice, a map, a channel or an empty
    interface, and never taken out again: it is not counted as dropped.
  - A linear handle that an outer variable carries into the next iteration of a loop.
  - Elements whose indices differ in the source, and two pointers to one variable.
  - What a function value does that is passed to another function: it is not known
    to be called, so it spends nothing, but a certain use in it is a use.
  - The fate of a handle once the program has put its error to another question than
    whether it is nil.
  - An explicit blank: "_, err = a.Finish(off)" gives up the result on purpose.
  - A handle in a structure or an array that is copied as a whole, and what a method
    value does when it is called a second time.
  - Very long functions beyond a fixed amount of work.
*/
package spent
