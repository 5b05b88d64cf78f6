package module

import "github.com/wasmstate/wasmstate/ops"

// customReader reads the contents of a custom section that tools defined. It
// remembers the first error and reads zeros after it.
type customReader struct {
	r   ops.Reader
	err error
}

// newCustomReader returns a reader of content, which lies offset bytes from the start
// of the module.
func newCustomReader(content []byte, offset int) *customReader {
	c := new(customReader)
	c.r.Reset(content, offset, ops.All)
	return c
}

// fail records that message applies at offset, unless an error came before.
func (c *customReader) fail(offset int, message string) {
	if c.err == nil {
		c.err = syntaxError(offset, message)
	}
}

// end returns the first error; bytes that are left over are one.
func (c *customReader) end() error {
	if c.err == nil && c.r.Len() > 0 {
		c.fail(c.r.Offset(), "section size mismatch")
	}
	return c.err
}

// more reports whether there are bytes to be read.
func (c *customReader) more() bool { return c.err == nil && c.r.Len() > 0 }

func (c *customReader) u32() uint32  { return readWith(c, c.r.U32) }
func (c *customReader) s32() int32   { return readWith(c, c.r.S32) }
func (c *customReader) u64() uint64  { return readWith(c, c.r.U64) }
func (c *customReader) s64() int64   { return readWith(c, c.r.S64) }
func (c *customReader) f32() uint32  { return readWith(c, c.r.F32) }
func (c *customReader) f64() uint64  { return readWith(c, c.r.F64) }
func (c *customReader) byte() byte   { return readWith(c, c.r.Byte) }
func (c *customReader) name() string { return readWith(c, c.readName) }

// readWith reads with read unless there was an error before.
func readWith[T any](c *customReader, read func() (T, error)) (v T) {
	if c.err == nil {
		v, c.err = read()
	}
	return v
}

// readName reads a name, of which it makes a copy.
func (c *customReader) readName() (string, error) {
	offset, pos := c.r.Offset(), c.r.Pos()
	start, size, err := nameRange(&c.r)
	if err != nil {
		return "", err
	}
	c.r.Seek(pos + start - offset)
	b, err := c.r.Bytes(size)
	return string(b), err
}

// list reads a vector. Its elements are kept as they are read, so that the
// length costs nothing before they are there.
func list[T any](c *customReader, read func() T) []T {
	var l []T
	for n := readWith(c, func() (uint32, error) { return vectorLen(&c.r) }); c.err == nil && n > 0; n-- {
		l = append(l, read())
	}
	if c.err != nil {
		return nil
	}
	return l
}

// sub reads the number of a subsection and returns a reader of its contents. An
// error in it is also one of c, once close was called.
func (c *customReader) sub() (kind byte, s *customReader) {
	s = new(customReader)
	if c.err == nil {
		kind, s.r, c.err = subsection(&c.r)
	}
	return kind, s
}

// close ends a subsection that was read.
func (c *customReader) close(s *customReader) {
	if err := s.end(); c.err == nil {
		c.err = err
	}
}
