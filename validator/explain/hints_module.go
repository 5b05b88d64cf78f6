package explain

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
)

// formats lists what is taken for a module now and then: how it begins, and what
// to do about it.
var formats = []struct{ prefix, text string }{
	{"\x1f\x8b", "these are bytes compressed by gzip; decompress them first"},
	{"\x28\xb5\x2f\xfd", "these are bytes compressed by zstd; decompress them first"},
	{"PK\x03\x04", "this is a zip archive; the module may be in it"},
	{"!<arch>", "this is an archive of object files; the module may be in it"},
	{"\x7fELF", "this is an ELF object, not WebAssembly"},
	{"BC\xc0\xde", "this is LLVM bitcode, not WebAssembly"},
	{"<", "this looks like HTML or XML: perhaps the page of an error in place of the module"},
	{"{", "this looks like JSON"},
	{"version https://git-lfs", "this is a pointer of Git LFS to a file that has not been fetched"},
}

// explainFormat looks at bytes that are no module, and at sections as a whole.
func (x *explainer) explainFormat(s section) {
	if x.err.Func >= 0 || x.err.Kind != validator.Malformed {
		return
	}
	message := x.err.Message
	switch {
	case x.err.Offset < headerSize && x.d.Section == nil:
		x.hintHeader()
	case strings.HasPrefix(message, "unexpected content after last section"):
		x.hint(Hint{Kind: HintSectionOrder, Offset: x.err.Offset, Text: fmt.Sprintf(
			"each section but the custom ones occurs once, in the order type, import, function, table, memory, tag, global, export, start, element, data count, code, data; the %s section comes too late or twice", s.id)})
	case strings.HasPrefix(message, "length out of bounds"):
		x.hintLength(s)
	case strings.HasPrefix(message, "function and code section"):
		x.hint(Hint{Kind: HintSectionOrder, Offset: x.err.Offset, Text: fmt.Sprintf(
			"the function section declares %s and the code section has %s", count(x.sectionCount(module.SectionFunction), "function"), count(x.sectionCount(module.SectionCode), "body"))})
	case strings.HasPrefix(message, "data count and data section"):
		x.hint(Hint{Kind: HintSectionOrder, Offset: x.err.Offset, Text: fmt.Sprintf(
			"the data count section announces %s and the data section has %s", count(x.sectionCount(module.SectionDataCount), "segment"), count(x.sectionCount(module.SectionData), "segment"))})
	}
}

// sectionCount returns the number that a section begins with, 0 without it.
func (x *explainer) sectionCount(id module.SectionID) int {
	s, ok := find(x.wasm, id)
	if !ok {
		return 0
	}
	return int(min(leadingCount(s.bytes(x.wasm)), 1<<30))
}

// hintHeader says what bytes may be that do not begin as a module does.
func (x *explainer) hintHeader() {
	text := ""
	trimmed := bytes.TrimLeft(x.wasm[:min(len(x.wasm), 256)], " \t\r\n\ufeff")
	switch {
	case len(x.wasm) == 0:
		text = "the input is empty"
	case strings.Contains(x.err.Message, "component"):
		text = "a component contains modules; take one out of it, with wasm-tools component unbundle for instance"
	case bytes.HasPrefix(trimmed, []byte("(")) || bytes.HasPrefix(trimmed, []byte(";;")):
		text = "this looks like the text format; translate it first, with wat2wasm or wasm-tools parse for instance"
	case len(x.wasm) >= headerSize && string(x.wasm[:4]) == "\x00asm":
		text = fmt.Sprintf("version 1 is 01 00 00 00, this is %s", hexBytes(x.wasm[4:headerSize], 4))
	default:
		for _, f := range formats {
			if bytes.HasPrefix(trimmed, []byte(f.prefix)) || strings.HasPrefix(string(x.wasm[:min(len(x.wasm), 32)]), f.prefix) {
				text = f.text
				break
			}
		}
	}
	if text == "" {
		text = "a module begins with 00 61 73 6d, the letters asm behind a zero byte"
	}
	x.hint(Hint{Kind: HintFormat, Offset: 0, Text: text})
}

// hintLength says by how much something is too long.
func (x *explainer) hintLength(s section) {
	if !s.cut || x.d.Section == nil {
		return
	}
	x.hint(Hint{Kind: HintTruncated, Offset: s.offset, Text: fmt.Sprintf(
		"the %s section begins at %s and says that it is longer than the %s behind its size: has the module been cut off?", s.id, hex(s.offset), count(len(x.wasm)-s.content, "byte"))})
}

// hintAlways looks at mistakes that may be made anywhere.
func (x *explainer) hintAlways() {
	message := x.err.Message
	h := Hint{Offset: x.err.Offset}
	switch {
	case strings.HasPrefix(message, "integer representation too long"):
		h.Kind, h.Text = HintLEB, "an integer of n bits takes at most n/7 bytes, rounded up: 5 for 32 bits, 10 for 64; here a further byte is announced by the highest bit of the last one"
	case strings.HasPrefix(message, "integer too large"):
		h.Kind, h.Text = HintLEB, "the last byte of the integer has bits that do not belong to it"
	case strings.HasPrefix(message, "duplicate export name"):
		h.Kind, h.Text = HintDuplicate, "every export of a module has a name of its own"
	case strings.HasPrefix(message, "start function"):
		h.Kind, h.Text = HintSiblingOperator, "a start function is called without arguments and its results would be lost: its type is [] -> []"
	case x.err.Func < 0 && strings.HasPrefix(message, "unknown "):
		x.hintCount(message)
		return
	default:
		return
	}
	x.hint(h)
}

// hintCount says how many things there are of which an item names one too many.
func (x *explainer) hintCount(message string) {
	kinds := []struct {
		words, thing string
		extern       module.ExternKind
		section      module.SectionID
	}{
		{"unknown function ", "function", module.ExternFunc, module.SectionFunction},
		{"unknown table ", "table", module.ExternTable, module.SectionTable},
		{"unknown memory ", "memory", module.ExternMemory, module.SectionMemory},
		{"unknown global ", "global", module.ExternGlobal, module.SectionGlobal},
		{"unknown tag ", "tag", module.ExternTag, module.SectionTag},
	}
	for _, k := range kinds {
		index, ok := numberAfter(message, k.words)
		if !ok || !strings.HasPrefix(message, k.words) {
			continue
		}
		n := x.imported(k.extern) + x.sectionCount(k.section)
		if int64(index) >= int64(n) {
			x.hint(Hint{Kind: HintIndexRange, Offset: x.err.Offset, Text: indexText(k.thing, n, index) + ", those imported first"})
		}
		return
	}
	if index, ok := numberAfter(message, "unknown type "); ok {
		if s, found := find(x.wasm, module.SectionType); found && x.d.Section != nil && x.d.Section.ID != uint8(module.SectionType) {
			n := int(min(x.countTypes(s), 1<<30))
			if int64(index) >= int64(n) {
				x.hint(Hint{Kind: HintIndexRange, Offset: x.err.Offset, Text: indexText("type", n, index)})
			}
		}
	}
}
