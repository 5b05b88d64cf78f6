// Package mutate changes WebAssembly modules, for tests of whatever reads them.
//
// It takes a module apart into a tree of fields: sections, items, bodies,
// operators with their immediates, types, indices, names. A field knows what it
// is, so that one may be changed, or take the place of another, or move, and the
// module is put together again with sizes and counts that are right. What does not
// decode stays as it is, byte for byte: any bytes may be given, and any bytes that
// nobody changed come out again.
//
// [Mutate] makes modules that are nearly right, as a fuzzer wants them:
//
//	func FuzzX(f *testing.F) {
//		for _, s := range mutate.Seeds() {
//			f.Add(s.Wasm, []byte("\x01\x02\x03"))
//		}
//		f.Fuzz(func(t *testing.T, wasm, script []byte) {
//			wasm = mutate.Mutate(mutate.Script(script), wasm)
//			…
//		})
//	}
//
// [Transformations] are the changes that must not matter: what was valid stays
// valid, and what was not gets an error that can be foretold.
//
// Every function is deterministic: the same [Chooser] makes the same module. None
// changes the bytes that it is given, and all are safe for concurrent use
// with choosers of their own.
package mutate
