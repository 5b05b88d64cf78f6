// Package ops is the language of WebAssembly: its value types, its proposals and
// its operators.
//
// # One table
//
// Every operator of the published standards and of the proposals is described
// once, by a [Row]: name, encoding, immediates, signature, typing rule and
// proposal. [Op.Row] finds the row of an encoding, [Lookup] that of a name, and
// [Rows] lists them all. The decoder, the encoder and the text of instructions
// in this package read that table, and so do the typing rules of a validator.
//
// A row says in [Row.Sig] what the operator takes and leaves, "i32 i32 -> i32", in
// [Row.Imm] which fields of an [Instr] its immediates fill, and in [Row.Feature]
// which proposal brought it.
//
// # Reading and writing
//
// A [Decoder] turns the bytes of an expression into one [Instr] after another;
// [AppendInstr] turns them back, and [Instr.String] writes what the text format
// writes. A [Reader] reads what the rest of the binary format is made of. Both
// refuse what needs a proposal that is off, and remember which proposals the
// bytes needed.
//
// # Proposals
//
// A [Features] is a set of proposals. [ParseFeatures] reads one from text such
// as "wasm3,threads,-simd".
//
// The numbers of sections in the documentation are those of the WebAssembly 3.0
// core specification.
package ops
