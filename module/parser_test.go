package module_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
)

const header = "\x00asm\x01\x00\x00\x00"

// section is a section of the binary format; its contents are below 128 bytes.
func section(id module.SectionID, content string) string {
	return string([]byte{byte(id), byte(len(content))}) + content
}

// sample is a module with every section.
var sample = header +
	section(module.SectionCustom, "\x03abcdef") +
	section(module.SectionType, "\x02\x60\x00\x00\x4E\x01\x50\x00\x5F\x01\x78\x01") +
	section(module.SectionImport, "\x01\x01m\x01f\x00\x00") +
	section(module.SectionFunction, "\x02\x00\x00") +
	section(module.SectionTable, "\x02\x70\x00\x01\x40\x00\x70\x01\x01\x02\xD0\x70\x0B") +
	section(module.SectionMemory, "\x01\x03\x01\x02") +
	section(module.SectionTag, "\x01\x00\x00") +
	section(module.SectionGlobal, "\x01\x7F\x01\x41\x07\x0B") +
	section(module.SectionExport, "\x01\x01e\x00\x01") +
	section(module.SectionStart, "\x01") +
	section(module.SectionElement, "\x02\x00\x41\x00\x0B\x01\x00\x05\x70\x01\xD2\x00\x0B") +
	section(module.SectionDataCount, "\x02") +
	section(module.SectionCode, "\x02\x02\x00\x0B\x07\x01\x02\x7F\x20\x00\x1A\x0B") +
	section(module.SectionCustom, "\x04name\x00\x02\x01m") +
	section(module.SectionData, "\x02\x00\x41\x00\x0B\x03xyz\x01\x02uv")

func TestParserPayloads(t *testing.T) {
	is := is.New(t)
	p := module.NewParser(ops.Default)
	data, offset := []byte(sample), 0
	var kinds []module.PayloadKind
	for {
		payload, n, err := p.Parse(data, true)
		is.NoErr(err)
		data, offset = data[n:], offset+n
		is.Equal(p.Offset(), offset)
		kinds = append(kinds, payload.Kind)
		s := payload.Section
		switch payload.Kind {
		case module.Custom:
			is.Equal(sample[payload.Custom.Offset:payload.Custom.Offset+payload.Custom.Size], string(payload.Content))
		case module.WholeSection:
			is.Equal(string(s.Content), sample[s.ContentOffset:s.ContentOffset+int(s.Size)])
			is.Equal(module.SectionID(sample[s.Offset]), s.ID)
			is.Equal(sample[s.SizeOffset], byte(s.Size))
		case module.Body:
			b := payload.Body
			is.Equal(string(b.Bytes()), sample[b.Offset():b.Offset()+b.Size()])
			is.Equal(int(sample[payload.SizeOffset]), b.Size())
			is.Equal(string(b.Window()), sample[b.Offset():]) // readable to the end
		case module.DataSegmentHead:
			d := payload.Data
			is.Equal(sample[d.BytesOffset:d.BytesOffset+int(d.Size)], []string{"xyz", "uv"}[payload.Index])
			is.Equal(d.Mode, []module.SegmentMode{module.Active, module.Passive}[payload.Index])
		}
		if payload.Kind == module.End {
			break
		}
	}
	whole := slices.Repeat([]module.PayloadKind{module.WholeSection}, 11)
	want := append([]module.PayloadKind{module.Version, module.Custom}, whole...)
	want = append(want, module.CodeStart, module.Body, module.Body, module.Custom,
		module.DataStart, module.DataSegmentHead, module.DataSegmentHead, module.End)
	is.Equal(kinds, want)
	is.Equal(offset, len(sample))
	is.Equal(p.Need(), ops.BulkMemory|ops.Tags) // data count and tag sections
}

func TestParserErrors(t *testing.T) {
	code := func(content string) string {
		return header + section(module.SectionFunction, "\x01\x00") + section(module.SectionCode, content)
	}
	tests := []struct {
		name, wasm, want string
		offset           int
		feature          ops.Features
	}{
		{"empty", "", "unexpected end", 0, 0},
		{"magic cut", "\x00as", "unexpected end", 3, 0},
		{"magic", "\x00asn\x01\x00\x00\x00", "magic header not detected", 0, 0},
		{"magic, short", "(mod", "magic header not detected", 0, 0},
		{"version cut", header[:7], "unexpected end", 7, 0},
		{"version", "\x00asm\x02\x00\x00\x00", "unknown binary version", 4, 0},
		{"component", "\x00asm\x0D\x00\x01\x00", "unknown binary version: this is a component", 4, 0},
		{"section id", header + "\x0E\x00", "malformed section id", 8, 0},
		{"tags off", header + section(module.SectionTag, "\x00"), "malformed section id", 8, ops.Exceptions},
		{"order", header + section(module.SectionImport, "\x00") + section(module.SectionType, "\x00"), "unexpected content after last section", 11, 0},
		{"twice", header + section(module.SectionType, "\x00") + section(module.SectionType, "\x00"), "unexpected content after last section", 11, 0},
		{"no size", header + "\x01", "unexpected end", 9, 0},
		{"size too long", header + "\x01\x80\x80\x80\x80\x80\x00", "integer representation too long", 9, 0},
		{"section cut", header + "\x01\x05\x01\x60", "length out of bounds", 9, 0},
		{"section cut, bad content", header + "\x01\x05\x01\x61", "malformed definition type", 11, 0},
		{"custom without name", header + "\x00\x00", "unexpected end", 10, 0},
		{"custom name too long", header + "\x00\x02\x05a", "length out of bounds", 10, 0},
		{"custom name", header + "\x00\x02\x01\xFF", "malformed UTF-8 encoding", 10, 0},
		{"custom cut", header + "\x00\x05\x01ab", "length out of bounds", 9, 0},
		{"no code", header + section(module.SectionFunction, "\x01\x00"), "function and code section have inconsistent lengths", 12, 0},
		{"no functions", header + section(module.SectionCode, "\x01\x02\x00\x0B"), "function and code section have inconsistent lengths", 10, 0},
		{"no data", header + section(module.SectionDataCount, "\x01"), "data count and data section have inconsistent lengths", 11, 0},
		{"more data", header + section(module.SectionDataCount, "\x00") + section(module.SectionData, "\x01\x01\x00"), "data count and data section have inconsistent lengths", 13, 0},
		{"code count", code("\x09\x02\x00\x0B"), "length out of bounds", 14, 0},
		{"code ends early", code("\x01"), "unexpected end", 15, 0},
		{"body beyond section", code("\x01\x04\x00\x0B"), "section size mismatch", 15, 0},
		{"bytes after bodies", code("\x01\x02\x00\x0B\x00"), "section size mismatch", 18, 0},
		{"body cut", header + section(module.SectionFunction, "\x01\x00") + "\x0A\x05\x01\x03\x00\x01", "unexpected end of section or function", 18, 0},
		{"code cut after a body", header + section(module.SectionFunction, "\x01\x00") + "\x0A\x05\x01\x02\x00\x0B", "section size mismatch", 18, 0},
		{"data kind", header + section(module.SectionData, "\x01\x03"), "malformed data segment kind", 11, 0},
		{"data beyond section", header + section(module.SectionData, "\x01\x01\x05ab"), "length out of bounds", 12, 0},
		{"data one beyond section", header + section(module.SectionData, "\x01\x01\x03ab"), "unexpected end of section or function", 13, 0},
		{"data cut", header + "\x0B\x05\x01\x01\x02a", "length out of bounds", 9, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			f := ops.Default
			if tt.feature != 0 {
				f = ops.MVP
			}
			for _, next := range []func() int{whole, func() int { return 1 }} {
				var e *ops.SyntaxError
				is.True(errors.As(decodeAll([]byte(tt.wasm), f, next).err, &e))
				if !strings.HasPrefix(e.Message, tt.want) {
					t.Errorf("got %q, want %q", e.Message, tt.want)
				}
				is.Equal(e.Offset, tt.offset)
				is.Equal(e.Feature, tt.feature)
			}
		})
	}
}

// sameInPieces checks that a module gives the same payloads and the same error
// however it is cut into pieces.
func sameInPieces(t *testing.T, wasm []byte, random *rand.Rand) {
	t.Helper()
	want := decodeAll(wasm, ops.All, whole)
	for _, next := range []func() int{func() int { return 1 }, func() int { return 1 + random.IntN(9) }, func() int { return 1 + random.IntN(1+len(wasm)) }} {
		got := decodeAll(wasm, ops.All, next)
		if !slices.Equal(got.lines, want.lines) {
			t.Fatalf("%q\ngot  %v\nwant %v", wasm, got.lines, want.lines)
		}
		if (got.err == nil) != (want.err == nil) || got.err != nil && got.err.Error() != want.err.Error() {
			t.Fatalf("%q\ngot  %v\nwant %v", wasm, got.err, want.err)
		}
	}
}

func TestParserInPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sameInPieces(t, []byte(sample), random)
	functions := strings.Index(sample, "\x03\x03\x02\x00\x00") // from here on it needs a code section
	if functions < 0 {
		t.Fatal("the sample has no function section")
	}
	for n := range len(sample) {
		cut := []byte(sample[:n])
		sameInPieces(t, cut, random)
		if decodeAll(cut, ops.All, whole).err == nil && n > functions {
			t.Errorf("no error when cut at %d", n)
		}
		for range 20 {
			changed := []byte(sample)
			changed[n] = byte(random.Uint32())
			sameInPieces(t, changed, random)
		}
	}
}

func TestParserKeepsItsError(t *testing.T) {
	is := is.New(t)
	p := module.NewParser(ops.Default)
	_, _, first := p.Parse([]byte("\x00asn"), false)
	_, n, second := p.Parse([]byte(sample), true)
	is.True(first != nil)
	is.Equal(first, second)
	is.Equal(n, 0)
	p.Reset(ops.Default)
	_, _, err := p.Parse([]byte(sample), true)
	is.NoErr(err)
}

// What would have helped a data segment helps neither the section behind it nor
// the next module.
func TestParserForgetsWhatWasMissing(t *testing.T) {
	is := is.New(t)
	p := module.NewParser(ops.MVP)
	errorOf := func(text string) *ops.SyntaxError {
		p.Reset(ops.MVP)
		for data := []byte(text); ; {
			_, n, err := p.Parse(data, true)
			if data = data[n:]; err != nil {
				return err.(*ops.SyntaxError)
			}
		}
	}
	segment := header + "\x0B\x05\x01\x01\x41\x00\x0B"
	is.Equal(errorOf(segment).Feature, ops.BulkMemory)
	is.Equal(errorOf("not a module").Feature, ops.Features(0))
	is.Equal(errorOf(header+"\x0B\x06\x01\x01\x41\x00\x0B\x00\x63").Feature, ops.Features(0)) // a section that no proposal has
}

// TestParserLooksSeldom makes sure that a long item which arrives byte by byte
// is not decoded again for each byte: the head of this data segment would cost
// minutes.
func TestParserLooksSeldom(t *testing.T) {
	is := is.New(t)
	expr := "\x00" + strings.Repeat("\x41\x00\x1A", 1<<18) + "\x41\x00\x0B\x00"
	size := ops.AppendU32(nil, uint32(1+len(expr)))
	wasm := header + "\x0B" + string(size) + "\x01" + expr
	is.NoErr(decodeAll([]byte(wasm), ops.Default, func() int { return 1 }).err)
}

func FuzzParser(f *testing.F) {
	f.Add([]byte(sample), uint64(1))
	f.Add([]byte(header), uint64(2))
	for i, seed := range mutate.Seeds() {
		f.Add(seed.Wasm, uint64(i))
	}
	f.Fuzz(func(t *testing.T, wasm []byte, seed uint64) {
		sameInPieces(t, wasm, rand.New(rand.NewPCG(seed, 0)))
		samePassing(t, string(wasm))
	})
}
