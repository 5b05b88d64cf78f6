package module

import (
	"math"
	"sync/atomic"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
)

// PayloadKind says what a [Parser] has met.
type PayloadKind uint8

const (
	// NeedMore asks for more bytes than there are; some may have been consumed.
	NeedMore PayloadKind = iota
	// Version is the header of the module.
	Version
	// WholeSection is one section other than custom, code and data.
	WholeSection
	// CodeStart is the start of the code section; its bodies follow.
	CodeStart
	// Body is one function body.
	Body
	// DataStart is the start of the data section; its segments follow.
	DataStart
	// DataSegmentHead is one data segment, whose bytes are passed over.
	DataSegmentHead
	// Custom is one custom section, whose contents are passed over.
	Custom
	// End is the end of the module: it is well-formed as far as a Parser knows.
	End
)

// Payload is what a [Parser] has met. Which fields mean something follows from
// Kind. The bytes in it are views of those given to Parse.
type Payload struct {
	Kind PayloadKind
	// Missing is how many more bytes are needed to go on (NeedMore). It comes
	// from the input and says nothing about how many there will be.
	Missing int
	// Section is the section that was met (WholeSection, CodeStart, DataStart,
	// Custom); only a WholeSection has its Content.
	Section Section

	Count       uint32 // of bodies (CodeStart) or segments (DataStart)
	CountOffset int    // where that count is

	Index      uint32   // of the body or segment in its section
	Body       FuncBody // Body
	SizeOffset int      // where the size of the body is
	// Truncated says that the input ended before the body did: Body is what
	// there is of it. The module is malformed, but possibly for a reason that
	// comes earlier.
	Truncated bool

	Data   DataItem      // DataSegmentHead
	Custom CustomSection // Custom
	// Content is the contents of a custom section if all of them were at hand,
	// and nil otherwise.
	Content []byte
}

// Parser divides a module into sections and function bodies, from bytes that
// are all there or that arrive in pieces. It checks the frame of the binary
// format: the header, the order and sizes of the sections, and that they agree
// on the number of functions and data segments.
//
// However the bytes arrive, the payloads, NeedMore aside, and the error are the
// same. What lies beyond the end of the input is noticed there, after
// everything before it.
//
// A Parser must not be used by two goroutines at a time.
//
// Specification: 5.5.17 "Modules".
type Parser struct {
	features ops.Features
	need     ops.Features
	offset   int // of the next byte
	step     func(p *Parser, data []byte, eof bool) (int, error)
	payload  Payload
	err      error
	retry    int // do not look again at fewer buffered bytes than this
	place    uint8

	section Section // the current one
	left    uint32  // of its bytes not yet consumed
	count   uint32  // of its items
	index   uint32  // of the next item
	skip    uint32  // bytes to be passed over
	reader  SectionReader

	funcs, bodies, data, dataCount sectionCount
}

// sectionCount is the number that a section begins with.
type sectionCount struct {
	n      uint32
	offset int
	met    bool
}

// NewParser returns a parser of a module that may use the features f.
func NewParser(f ops.Features) *Parser {
	p := new(Parser)
	p.Reset(f)
	return p
}

// Reset makes p begin with another module; it reuses its buffers.
func (p *Parser) Reset(f ops.Features) {
	*p = Parser{features: f.Effective(), step: (*Parser).header, reader: p.reader}
	p.reader.Reset(Section{}, p.features) // what the module before lacked, this one may not
	p.reader.Trim()
}

// StopAt makes the reading of a long expression or type end early, with
// [ops.ErrStopped], soon after stop has been set. It outlasts Reset; nil ends it.
func (p *Parser) StopAt(stop *atomic.Bool) { p.reader.StopAt(stop) }

// Need returns the features that the sections met so far need to be there at
// all; what they contain may need more.
func (p *Parser) Need() ops.Features { return p.need }

// Skip passes over as many of the next n bytes of the module as do not matter
// to p, the contents of custom sections and data segments, as if Parse had been
// given and had consumed them. It returns how many.
func (p *Parser) Skip(n int64) int64 {
	n = min(n, int64(p.skip), int64(math.MaxInt-p.offset))
	p.skip -= uint32(n)
	p.advance(int(n))
	return n
}

// PassSegments passes over the data segments at the start of data, which is what Parse
// would be given next, that call for no judgement where the first memory has 32-bit
// addresses: those that are active, in that memory, at an i32.const of few bytes, and
// all there. It returns their number, maxPassed at most, and their length in bytes;
// Parse says nothing of them. Some compilers make a hundred thousand, and a payload for
// each takes three times as long.
func (p *Parser) PassSegments(data []byte) (segments uint32, consumed int) {
	if p.section.ID != SectionData || !p.data.met || p.skip > 0 || p.retry > 0 || p.err != nil {
		return 0, 0
	}
	rest, _ := p.available(data)
	all, index := len(rest), p.index
	for p.index < p.count && p.index-index < maxPassed {
		_, head, size := shortSegment(rest)
		if head == 0 || uint64(size) > uint64(len(rest)-head) {
			break
		}
		rest = rest[head+int(size):]
		p.index++
	}
	consumed = all - len(rest)
	p.advance(consumed)
	return p.index - index, consumed
}

// maxPassed is how many data segments are passed over at once. It takes about 0.2 ms.
const maxPassed = 1 << 15

// Insist makes the next call of Parse look at the bytes that it is given, be they
// fewer than it has asked for: somebody who will not wait for more, because the
// module is too large, learns whether those at hand are malformed already.
func (p *Parser) Insist() { p.retry = 0 }

// Offset returns how many bytes of the module were consumed.
func (p *Parser) Offset() int { return p.offset }

// Parse looks at data, which are the bytes of the module that follow those
// consumed so far; eof says that there are no others after them. It returns
// what it has met, which is valid until the next call, and how many bytes of
// data it has consumed. The error is an *ops.SyntaxError, or ops.ErrStopped after
// StopAt, and the same one ever after. With eof, NeedMore is not returned; after End, Parse must not be called
// again.
func (p *Parser) Parse(data []byte, eof bool) (payload *Payload, consumed int, err error) {
	if p.err == nil && len(data) > math.MaxInt-p.offset {
		p.err = syntaxError(p.offset, "length out of bounds: the module is too large for its offsets")
	}
	for p.err == nil {
		n, err := p.pass(data[consumed:], eof)
		if err != nil {
			p.err = err
			break
		}
		consumed += n
		rest := data[consumed:]
		if p.skip > 0 {
			p.payload.Kind, p.payload.Missing = NeedMore, 1
			return &p.payload, consumed, nil
		}
		if len(rest) < p.retry && !eof {
			p.payload.Kind, p.payload.Missing = NeedMore, p.retry-len(rest)
			return &p.payload, consumed, nil
		}
		p.retry = 0
		if n, err = p.step(p, rest, eof); err != nil {
			p.err = err
			break
		}
		consumed += n
		p.advance(n)
		if p.payload.Kind != NeedMore {
			n, _ = p.pass(data[consumed:], false) // what is missing may still come
			return &p.payload, consumed + n, nil
		}
		if n == 0 {
			p.retry = len(rest) + p.payload.Missing
			return &p.payload, consumed, nil
		}
	}
	return nil, consumed, wouldHelp(p.err, p.reader.missing)
}

// advance counts n bytes as consumed.
func (p *Parser) advance(n int) {
	p.offset += n
	p.left -= uint32(n)
}

// pass consumes what is to be passed over, as far as it is there.
func (p *Parser) pass(data []byte, eof bool) (n int, err error) {
	if p.skip == 0 {
		return 0, nil
	}
	n = int(min(uint64(p.skip), uint64(len(data))))
	p.skip -= uint32(n)
	p.advance(n)
	if p.skip > 0 && eof {
		return 0, p.section.framingError()
	}
	return n, nil
}

// lacking returns how many bytes of size are not among the n that are there.
func lacking(size uint32, n int) int {
	return int(min(uint64(size)-uint64(n), math.MaxInt))
}

// more asks for missing more bytes; at the end of the input it is the error
// that says why they had to be there.
func (p *Parser) more(missing int, eof bool, err error) (int, error) {
	if eof {
		return 0, err
	}
	p.payload.Kind, p.payload.Missing = NeedMore, max(missing, 1)
	return 0, nil
}

const (
	magic   = "\x00asm"
	version = "\x01\x00\x00\x00"
	// component is the version of a component of the component model.
	component = "\x0D\x00\x01\x00"
)

// header reads the magic number and the version.
func (p *Parser) header(data []byte, eof bool) (int, error) {
	if len(data) >= len(magic) && string(data[:len(magic)]) != magic {
		return 0, syntaxError(0, "magic header not detected")
	}
	const size = len(magic) + len(version)
	if len(data) < size {
		return p.more(size-len(data), eof, syntaxError(len(data), "unexpected end"))
	}
	switch string(data[len(magic):size]) {
	case version:
		p.step = (*Parser).sectionHead
		p.payload = Payload{Kind: Version}
		return size, nil
	case component:
		return 0, syntaxError(len(magic), "unknown binary version: this is a component, not a module")
	}
	return 0, syntaxError(len(magic), "unknown binary version")
}

// sectionHead reads the id and the size of a section, or meets the end.
func (p *Parser) sectionHead(data []byte, eof bool) (int, error) {
	p.reader.missing = 0
	if len(data) == 0 {
		if !eof {
			return p.more(1, false, nil)
		}
		p.payload = Payload{Kind: End}
		return 0, p.checkCounts()
	}
	s := Section{ID: SectionID(data[0]), Offset: p.offset, SizeOffset: p.offset + 1}
	if err := p.checkID(s.ID); err != nil {
		return 0, err
	}
	var r ops.Reader
	r.Reset(data[1:], p.offset+1, p.features)
	size, err := r.U32()
	if err != nil {
		if ranOut(err) {
			return p.more(1, eof, err)
		}
		return 0, err
	}
	s.Size, s.ContentOffset = size, r.Offset()
	if sections[s.ID].place != 0 {
		p.place = sections[s.ID].place
	}
	p.need |= sections[s.ID].need
	p.section, p.index = s, 0
	switch s.ID {
	case SectionCustom:
		p.step = (*Parser).custom
	case SectionCode, SectionData:
		p.step = (*Parser).itemCount
	default:
		p.step = (*Parser).wholeSection
	}
	n := 1 + r.Pos()
	p.left = size + uint32(n)
	p.payload.Kind = NeedMore
	return n, nil
}

// checkID checks that a section of this id may stand here.
func (p *Parser) checkID(id SectionID) error {
	if id >= numSections {
		return syntaxError(p.offset, "malformed section id")
	}
	s := &sections[id]
	if missing := p.features.Missing(s.need); missing != 0 {
		return &ops.SyntaxError{Offset: p.offset, Message: "malformed section id", Feature: missing}
	}
	if s.place != 0 && s.place <= p.place {
		return syntaxError(p.offset, "unexpected content after last section: "+s.name+" section")
	}
	return nil
}

// wholeSection waits for all of a section.
func (p *Parser) wholeSection(data []byte, eof bool) (int, error) {
	s := p.section
	n := len(data)
	if uint64(n) < uint64(s.Size) {
		if !eof {
			return p.more(lacking(s.Size, n), false, nil)
		}
		s.Truncated = true
		p.step = (*Parser).truncated
	} else {
		n = int(s.Size)
		p.step = (*Parser).sectionHead
	}
	s.Content = data[:n:n]
	p.readCount(&s)
	p.payload = Payload{Kind: WholeSection, Section: s}
	return n, nil
}

// truncated is the step after the last bytes of a section that is longer than
// the input.
func (p *Parser) truncated([]byte, bool) (int, error) {
	return 0, p.section.framingError()
}

// readCount remembers how many functions or data segments the section announces.
// A number that is malformed is for the reader of the section to report.
func (p *Parser) readCount(s *Section) {
	if s.ID != SectionFunction && s.ID != SectionDataCount {
		return
	}
	p.reader.Reset(*s, p.features)
	if n, offset, err := p.reader.Start(); err == nil {
		c := sectionCount{n: n, offset: offset, met: true}
		if s.ID == SectionFunction {
			p.funcs = c
		} else {
			p.dataCount = c
		}
	}
}

// checkCounts checks, at the end of the module, that the sections agree.
func (p *Parser) checkCounts() error {
	if p.funcs.n != p.bodies.n {
		return syntaxError(p.countOffset(p.bodies), "function and code section have inconsistent lengths")
	}
	if p.dataCount.met && p.dataCount.n != p.data.n {
		return syntaxError(p.countOffset(p.data), "data count and data section have inconsistent lengths")
	}
	return nil
}

// countOffset is where the number c is, or should have been.
func (p *Parser) countOffset(c sectionCount) int {
	if c.met {
		return c.offset
	}
	return p.offset
}

// available is as much of data as belongs to the current section, and whether
// that is all of it.
func (p *Parser) available(data []byte) (part []byte, all bool) {
	n := int(min(uint64(p.left), uint64(len(data))))
	return data[:n:n], uint32(n) == p.left
}

// again deals with the error of an attempt to decode something from part of the
// section: it may only mean that more bytes are needed. Attempts are made at
// twice as many bytes each time, so that they cost no more than the last one.
func (p *Parser) again(part []byte, all, eof bool, err error) (int, error) {
	switch {
	case all || !ranOut(err):
		return 0, err
	case eof:
		return 0, p.section.framingError()
	}
	return p.more(int(min(uint64(len(part)), uint64(p.left)-uint64(len(part)))), false, nil)
}

// custom reads the name of a custom section.
//
// Specification: 5.5.3 "Custom Section".
func (p *Parser) custom(data []byte, eof bool) (int, error) {
	part, all := p.available(data)
	var r ops.Reader
	r.Reset(part, p.offset, p.features)
	size, err := r.U32()
	if err != nil {
		return p.again(part, all, eof, err)
	}
	switch left := p.left - uint32(r.Pos()); {
	case size > p.left:
		return 0, syntaxError(p.offset, errLength)
	case size > left:
		return 0, syntaxError(r.Offset(), errEnd)
	case uint64(size) > uint64(r.Len()):
		return p.more(lacking(size, r.Len()), eof, p.section.framingError())
	}
	name, _ := r.Bytes(int(size))
	if !utf8.Valid(name) {
		return 0, syntaxError(p.offset, errUTF8)
	}
	n := r.Pos()
	p.skip = p.left - uint32(n)
	p.payload.Kind, p.payload.Section, p.payload.Content = Custom, p.section, nil
	p.payload.Custom = CustomSection{Name: string(name), Offset: r.Offset(), Size: int(min(uint64(p.skip), math.MaxInt)), head: uint32(n)}
	if all {
		p.payload.Content = part[n:]
	}
	p.step = (*Parser).sectionHead
	return n, nil
}

// itemCount reads how many bodies or segments a section has.
func (p *Parser) itemCount(data []byte, eof bool) (int, error) {
	part, all := p.available(data)
	var r ops.Reader
	r.Reset(part, p.offset, p.features)
	n, err := r.U32()
	if err != nil {
		return p.again(part, all, eof, err)
	}
	if n > p.left {
		return 0, syntaxError(p.offset, errLength)
	}
	p.count = n
	c := sectionCount{n: n, offset: p.offset, met: true}
	p.payload = Payload{Kind: CodeStart, Section: p.section, Count: n, CountOffset: p.offset}
	if p.section.ID == SectionCode {
		p.bodies, p.step = c, (*Parser).body
	} else {
		p.payload.Kind = DataStart
		p.data, p.step = c, (*Parser).segment
		p.reader.r.Reset(nil, 0, p.features) // the segments move it
		p.reader.r.StopAt(p.reader.stop)
	}
	return r.Pos(), nil
}

// endItems is the step after the last body or segment of a section.
func (p *Parser) endItems(data []byte, eof bool) (int, error) {
	if p.left > 0 {
		return 0, syntaxError(p.offset, "section size mismatch")
	}
	p.step = (*Parser).sectionHead
	return p.sectionHead(data, eof)
}

// body reads one function body.
//
// Specification: 5.5.13 "Code Section".
func (p *Parser) body(data []byte, eof bool) (int, error) {
	if p.index == p.count {
		return p.endItems(data, eof)
	}
	part, all := p.available(data)
	size, head := shortU32(part)
	if head == 0 {
		var err error
		if size, head, err = p.longU32(part); err != nil {
			return p.again(part, all, eof, err)
		}
	}
	if size > p.left-uint32(head) {
		return 0, syntaxError(p.offset, "section size mismatch: the function body is longer than the code section")
	}
	n, truncated := len(part)-head, false
	if uint64(n) < uint64(size) {
		if !eof {
			return p.more(lacking(size, n), false, nil)
		}
		truncated = true
		p.step = (*Parser).truncated
	} else {
		n = int(size)
	}
	// There are many bodies and segments: only their own fields are set.
	p.payload.Kind, p.payload.Index, p.payload.SizeOffset, p.payload.Truncated = Body, p.index, p.offset, truncated
	p.index++
	// Field by field: a structure put together elsewhere would be copied in pieces that
	// are larger than those just written, for which the processor waits.
	body := &p.payload.Body
	body.window, body.size, body.offset = data[head:], n, p.offset+head
	body.followed = p.index < p.count && !truncated
	return head + n, nil
}

// shortU32 reads the integer with which b begins if it takes one byte or two, and
// returns its length; 0 for any other. A reader takes 4 ns more, for each body.
func shortU32(b []byte) (v uint32, n int) {
	switch {
	case len(b) < 2:
	case b[0] < 0x80:
		return uint32(b[0]), 1
	case b[1] < 0x80:
		return uint32(b[0])&0x7F | uint32(b[1])<<7, 2
	}
	return 0, 0
}

// longU32 reads the integer with which data begins, which lies where the parser is.
func (p *Parser) longU32(data []byte) (v uint32, n int, err error) {
	var r ops.Reader
	r.Reset(data, p.offset, p.features)
	v, err = r.U32()
	return v, r.Pos(), err
}

// segment reads the head of one data segment.
func (p *Parser) segment(data []byte, eof bool) (int, error) {
	if p.index == p.count {
		return p.endItems(data, eof)
	}
	part, all := p.available(data)
	n := 0
	if p.reader.missing == 0 {
		n = shortDataHead(part, p.offset, p.left, &p.payload.Data)
	}
	if n == 0 {
		if err := p.reader.dataHead(part, p.offset, p.left, &p.payload.Data); err != nil {
			return p.again(part, all, eof, err)
		}
		p.need |= p.reader.Need()
		n = p.reader.r.Pos()
	}
	p.payload.Kind, p.payload.Index = DataSegmentHead, p.index
	p.index++
	p.skip = p.payload.Data.Size
	return n, nil
}
