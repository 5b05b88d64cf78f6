// Package module is the binary format of WebAssembly: it takes modules apart,
// and keeps what they declare.
//
// It knows the grammar of specification chapter 5, and what types are, and no
// other rule. What it refuses is malformed; what is invalid is for package
// validator to say.
//
//   - A [Parser] divides a module into sections and function bodies, from bytes
//     that are all there or that arrive in pieces.
//   - A [SectionReader] decodes the contents of one section, one item at a time.
//   - [Types] is the table of defined types: recursion groups with their
//     canonical identity, and subtyping between them.
//   - [Decls] is what a module declares, as flat tables; a [Builder] collects it
//     into a [Module], which is immutable and safe to share.
//   - [Names] and the functions whose names begin with Read decode the custom
//     sections that the specification and tools define.
//
// Who wants to know whether a module is valid needs none of that: package validator
// returns the Module of a valid one. Parser and SectionReader are for programs that
// look at modules as they are written, valid or not; the first example below lists
// the sections of one.
//
// Errors in the bytes are *ops.SyntaxError, with the offset of the element at
// fault. No length in a module is trusted: nothing is allocated for a count that
// the bytes at hand cannot back.
package module
