package ops

// Seek moves r to position pos, an index into its bytes between 0 and their
// length.
func (r *Reader) Seek(pos int) { r.pos = pos }

// Rest returns the bytes not yet read. The caller must not change them.
func (r *Reader) Rest() []byte { return r.data[r.pos:] }

// Move makes r read other bytes, the first of which lies offset bytes from the
// start of the module, with the features and the needs that it has.
func (r *Reader) Move(data []byte, offset int) { r.data, r.base, r.pos = data, offset, 0 }
