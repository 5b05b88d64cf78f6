// Package validatortest makes WebAssembly for tests, as net/http/httptest makes
// requests for them: function bodies and whole modules from a few words of
// text, in five lines and without a file.
//
// [Asm] assembles operators. Its text is that of the WebAssembly text format in
// its flat form, with numbers in place of names:
//
//	validatortest.Asm("local.get 0 i32.const 5 i32.add")
//
// [NewModule] starts a module, to which each method adds one declaration:
//
//	m := validatortest.NewModule().
//		Type("func (param i32) (result i32)").
//		Memory("1 2").
//		Func(0, "", "local.get 0 @i32.load offset=8 align=16")
//	wasm, want := m.Bytes(), m.Mark()
//
// The sign @ in front of an operator or of a type marks the place whose offset
// the test wants back: where it expects the error. There can be one of it in a
// text or module.
//
// [NewResources] starts the declarations of a module without the module, for a
// function validator alone: a rule is tested in five lines. They count what they
// are asked, and lie or fail when they are told to.
//
//	r := validatortest.NewResources().AddType("func (result i32)").AddGlobal("mut i64")
//	a, err := validator.New(r, ops.Default).Assign(0, 0, 0)
//	body, _ := validatortest.Body("", "global.get 0")
//	err = a.Validate(module.NewFuncBody(0, body)) // type mismatch
//
// Nothing here checks that what it makes is valid: a test of a validator needs
// modules that are not. Only text that cannot be encoded is an error, and since
// that is a mistake in the test, it panics with the text and the word at fault.
//
// # Text
//
// Numbers are decimal or 0x-hexadecimal, with _ between digits where that
// reads well; floats are as [strconv.ParseFloat] reads them, and
// nan:0x200000 gives the payload. Comments run from ;; to the end of the line.
//
// Types are written as in the text format: i32, funcref, (ref null 3),
// (ref (exact 2)), (ref null (shared any)). A block type is nothing, one
// (result t), or (type n).
//
// Immediates follow their operator in the order of the text format, which for
// table.init, memory.init and call_indirect is not that of the binary format.
// The index of a table or memory may be left out and is then 0. A memory
// operator takes offset= and align=, in bytes; without align= the alignment is
// natural. Clauses are written (catch 0 1), (catch_ref 0 1), (catch_all 1),
// (catch_all_ref 1) and (on 0 1), (on 0 switch): tag first, then label.
//
// Two words are not operators: (bytes 0xff 0x80 …) puts bytes as they are, for
// encodings that no operator has, and ;; starts a comment.
package validatortest
