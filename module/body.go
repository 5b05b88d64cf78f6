package module

// FuncBody is the body of one function: its local declarations and its
// expression, without the length in front of them. It is a view of bytes that
// it does not own, cheap to copy and safe to read from many goroutines.
//
// Specification: 5.5.13 "Code Section", func.
type FuncBody struct {
	// window holds the body in its first size bytes; what follows are readable
	// bytes that do not belong to it. They let a decoder load a word at the end
	// of the body without a special case.
	window []byte
	size   int
	offset int
	// followed says that another body comes after it in the code section.
	followed bool
}

// NewFuncBody returns the body whose bytes are given, the first of which lies
// offset bytes from the start of the module.
func NewFuncBody(offset int, body []byte) FuncBody {
	return FuncBody{window: body, size: len(body), offset: offset}
}

// Offset returns the position of the body's first byte, in bytes from the
// start of the module.
func (b FuncBody) Offset() int { return b.offset }

// Followed reports whether another body comes after b in its code section; false
// where that is not known. It decides between two words for the same mistake.
func (b FuncBody) Followed() bool { return b.followed }

// Size returns the length of the body in bytes.
func (b FuncBody) Size() int { return b.size }

// Bytes returns the body. The caller must not change it.
func (b FuncBody) Bytes() []byte { return b.window[:b.size:b.size] }

// Clip returns b with no readable bytes after its own.
func (b FuncBody) Clip() FuncBody {
	b.window = b.Bytes()
	return b
}

// Window returns the body followed by whatever readable bytes come after it;
// only the first Size bytes belong to the body. The caller must not change them.
func (b FuncBody) Window() []byte { return b.window }

// Fields returns at once what Window, Size, Offset and Followed return. For a
// validator of many small bodies it is the quickest way to them: the compiler copies
// the receiver of the others.
func (b *FuncBody) Fields() (window []byte, size, offset int, followed bool) {
	return b.window, b.size, b.offset, b.followed
}
