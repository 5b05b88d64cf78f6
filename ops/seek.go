package ops

// Seek moves r to position pos, an index into its bytes between 0 and their
// length.
func (r *Reader) Seek(pos int) { r.pos = pos }
