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
	case strings.HasPrefix(message, "unexpected content after last section") && x.d.Section != nil:
		x.hint(Hint{Kind: HintSectionOrder, Offset: x.err.Offset, Text: fmt.Sprintf(
			"each section but the custom ones occurs once, in the order type, import, function, table, memory, tag, global, export, start, element, data count, code, data; %s comes too late or twice", x.d.Section.text())})
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
	case len(x.wasm) < headerSize && strings.HasPrefix(moduleHeader, string(x.wasm)):
		text = fmt.Sprintf("the header of a module is %d bytes, and these are its first %d: has it been cut off?", headerSize, len(x.wasm))
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
		"%s says that it has %s, and the module has %s more: has it been cut off?",
		x.d.Section.text(), count(int(min(s.size, 1<<31-1)), "byte"), count(len(x.wasm)-s.content, "byte"))})
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
	case strings.HasPrefix(message, "section size mismatch") && x.err.Func < 0:
		h.Kind, h.Text = HintSize, x.sizeText()
	case strings.HasPrefix(message, "unexpected end") && x.err.Func < 0 && x.d.Item != nil && x.d.Item.What == wholeSection && x.d.Item.Field == "size":
		h.Kind, h.Text = HintTruncated, fmt.Sprintf("the module ends where the size of %s is written: has it been cut off, or is there a byte too many?", x.d.Section.text())
	case strings.HasPrefix(message, "unexpected end") && x.err.Func < 0 && x.d.Section != nil:
		h.Kind, h.Text = HintSize, fmt.Sprintf("%s ends at %s, %s behind its size field: the size is too small, or something is missing", x.d.Section.text(), hex(x.d.Section.Offset+x.d.Section.Size), count(x.d.Section.Size, "byte"))
	case strings.HasPrefix(message, "length out of bounds") && x.d.Item != nil && x.d.Item.Field == numberOfItems:
		rest := x.d.Section.Offset + x.d.Section.Size - x.err.Offset
		h.Kind, h.Text = HintSize, fmt.Sprintf("%s has %s from here on: that is not enough for so many items, of at least one byte each", x.d.Section.text(), count(rest, "byte"))
	case x.err.Kind == validator.Malformed && x.err.Feature == 0 && bytesText(message) != "":
		h.Kind, h.Text = HintByte, bytesText(message)
	case strings.HasPrefix(message, "duplicate export name"):
		h.Kind, h.Text = HintDuplicate, x.duplicateText()
	case strings.HasPrefix(message, "start function"):
		h.Kind, h.Text = HintSiblingOperator, "a start function is called without arguments and its results would be lost: its type has to be [] -> []"
	case x.err.Func < 0 && strings.HasPrefix(message, "unknown "):
		x.hintCount(message)
		return
	default:
		return
	}
	if h.Text != "" {
		x.hint(h)
	}
}

// duplicateText says which export has the name of the one at fault already.
func (x *explainer) duplicateText() string {
	text := "every export of a module has a name of its own"
	s, ok := find(x.wasm, module.SectionExport)
	if !ok || x.d.Item == nil {
		return text
	}
	name := ""
	x.exports(s, func(n int, it module.ExportItem) bool {
		name = it.Name
		return n < x.d.Item.Number
	})
	x.exports(s, func(n int, it module.ExportItem) bool {
		if it.Name != name {
			return n < x.d.Item.Number
		}
		if n < x.d.Item.Number {
			text += fmt.Sprintf("; export %d, of %v %d, has this one already", n, it.Kind, it.Index)
		}
		return false
	})
	return text
}

// exports calls f for the exports with their numbers until it returns false.
func (x *explainer) exports(s section, f func(n int, it module.ExportItem) bool) {
	var r module.SectionReader
	r.Reset(s.whole(x.wasm), x.features())
	if _, err := r.Count(); err != nil {
		return
	}
	for n := 0; r.More(); n++ {
		it, err := r.Export()
		if err != nil || !f(n, it) {
			return
		}
	}
}

// bytesText says which bytes may stand where another one does.
func bytesText(message string) string {
	for _, known := range [...]struct{ message, text string }{
		{"illegal opcode", "no operator has this opcode; where the bytes before it were written wrong, the operators above may be misread already"},
		{"malformed value type", "a value type is 7f i32, 7e i64, 7d f32, 7c f64, 7b v128, 70 funcref, 6f externref or another reference: 63 or 64 and a heap type"},
		{"malformed reference type", "a reference type is 70 funcref, 6f externref, 6e to 69 and 71 to 74 for other abstract ones, or 63 or 64 and a heap type"},
		{"malformed storage type", "the type of a field is a value type, 78 i8 or 77 i16"},
		{"malformed heap type", "a heap type is an abstract one, 69 to 74, or the index of a type"},
		{"malformed section id", "the ids of sections are 0 to 13; where the size of the section before is wrong, this is not the beginning of a section"},
		{"malformed limits flags", "flags are 00 for a minimum, 01 for a minimum and a maximum; 02 shared and 04 64-bit are added, with their proposals"},
		{"malformed mutability", "a global is 00, immutable, or 01, mutable"},
		{"malformed import kind", "an import is 00 function, 01 table, 02 memory, 03 global or 04 tag"},
		{"malformed export kind", "an export is 00 function, 01 table, 02 memory, 03 global or 04 tag"},
		{"malformed memop flags", "the first number of a memory argument is the logarithm of the alignment, below 32, with 40 added where the index of a memory follows"},
		{"malformed UTF-8 encoding", "names are UTF-8: this one is in another encoding, or its length is wrong"},
		{"zero byte expected", "this byte is reserved and is 00"},
		{"malformed data segment kind", "a data segment begins with 00 active, 01 passive or 02 active with a memory index"},
		{"malformed elements segment kind", "an element segment begins with flags, 00 to 07"},
		{"malformed element kind", "the kind of elements that are given by indices is 00, functions"},
		{"malformed definition type", "a type is 60 func, 5f struct, 5e array or 5d cont; 50 or 4f stands in front of one with supertypes or subtypes, and 4e begins a recursion group"},
		{"malformed br_on_cast flags", "the flags are 00 to 03: 01 where null may come in, 02 where the cast lets it through"},
		{"malformed catch clause", "a catch clause is 00 catch, 01 catch_ref, 02 catch_all or 03 catch_all_ref"},
	} {
		if strings.HasPrefix(message, known.message) {
			return known.text
		}
	}
	return ""
}

// sizeText says what the size of a section should be.
func (x *explainer) sizeText() string {
	s := x.d.Section
	if s == nil || s.ID == uint8(module.SectionCustom) || x.err.Offset < s.Offset {
		return ""
	}
	return fmt.Sprintf("the contents of %s end %s behind its size field, which says %d", s.text(), count(x.err.Offset-s.Offset, "byte"), s.Size)
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
			x.hint(Hint{Kind: HintIndexRange, Offset: x.err.Offset, Text: indexText(k.thing, n, index, "")})
		}
		return
	}
	if index, ok := numberAfter(message, "unknown type "); ok {
		if s, found := find(x.wasm, module.SectionType); found && x.d.Section != nil {
			n := int(min(x.countTypes(s), 1<<30))
			if int64(index) >= int64(n) {
				x.hint(Hint{Kind: HintIndexRange, Offset: x.err.Offset, Text: indexText("type", n, index, "")})
			} else if x.d.Section.ID == uint8(module.SectionType) {
				x.hint(Hint{Kind: HintIndexRange, Offset: x.err.Offset, Text: fmt.Sprintf(
					"type %d is defined further back; a type names those before it and those of its recursion group", index)})
			}
		}
	}
}
