package main

import (
	"bytes"
	"fmt"
)

// hintFor says what the bytes of a malformed file are, if they are no module from
// the first bytes on: text, a component, a page, another kind of file. Of files
// that begin like a module it says nothing.
func hintFor(mistakes []mistake, head []byte) string {
	const header = 8 // magic number and version
	if len(mistakes) == 0 || mistakes[0].Func >= 0 || mistakes[0].Offset >= header {
		return ""
	}
	return recognise(head[:min(len(head), headSize)])
}

// magic is a kind of file that begins with certain bytes.
type magic struct {
	at     int
	prefix string
	what   string // "this is …"
}

// magics are kinds of files that are taken for modules.
var magics = []magic{
	{0, "\x1f\x8b", "compressed by gzip; decompress it, or give it a name that ends in .gz"},
	{0, "PK\x03\x04", "a zip archive; give it a name that ends in .zip"},
	{0, "PK\x05\x06", "an empty zip archive"},
	{257, "ustar", "a tar archive; give it a name that ends in .tar"},
	{0, "\x28\xb5\x2f\xfd", "compressed by zstd; decompress it first"},
	{0, "\xfd7zXZ\x00", "compressed by xz; decompress it first"},
	{0, "BZh", "compressed by bzip2; decompress it first"},
	{0, "\x7fELF", "an ELF file: a program or library for a processor, not for WebAssembly; the compiler's target was another"},
	{0, "\xcf\xfa\xed\xfe", machO},
	{0, "\xfe\xed\xfa\xcf", machO},
	{0, "\xce\xfa\xed\xfe", machO},
	{0, "\xfe\xed\xfa\xce", machO},
	{0, "MZ", "a Windows program or library, not WebAssembly"},
	{0, "\xca\xfe\xba\xbe", "a Java class or a universal Mach-O file"},
	{0, "BC\xc0\xde", "LLVM bitcode, which a linker has yet to make a module of"},
	{0, "\xde\xc0\x17\x0b", "LLVM bitcode, which a linker has yet to make a module of"},
	{0, "!<arch>\n", "a static library; the objects in it may be modules ('ar x' takes them out)"},
	{0, "!<thin>\n", "a static library whose objects lie elsewhere"},
	{0, "version https://git-lfs.github.com/spec/", "a Git LFS pointer and not the file itself; 'git lfs pull' fetches that"},
	{0, "AGFzbQ", "a module in base64; decode it first"},
	{0, "0061736d", "a module in hexadecimal; decode it first"},
	{0, "data:", "a data URL; decode it first"},
	{0, "#!", "a script"},
	{0, "\x89PNG", "a PNG image"},
	{0, "%PDF-", "a PDF document"},
}

const machO = "a Mach-O file: a program or library for a processor, not for WebAssembly"

// recognise says in a clause what the bytes at the front of a file are, "" when
// it does not know.
func recognise(head []byte) string {
	if len(head) == 0 {
		return "the file is empty"
	}
	for _, m := range magics {
		if m.matches(head) {
			return "this is " + m.what
		}
	}
	if bytes.HasPrefix(head, []byte("\x00asm")) {
		return recogniseVersion(head)
	}
	if bytes.Count(head, []byte{0}) == len(head) {
		return "there are only zeros; perhaps the file was never written"
	}
	return recogniseText(decodeText(head))
}

func (m magic) matches(b []byte) bool {
	return len(b) >= m.at && bytes.HasPrefix(b[m.at:], []byte(m.prefix))
}

// recogniseVersion says which version follows the magic number of a module.
func recogniseVersion(head []byte) string {
	const header = 8
	switch {
	case len(head) < header:
		return "the file ends within the header of a module; perhaps it was cut off"
	case head[6] == 1: // the layer of components
		return "components are not supported, but the modules in one are ('wasm-tools component unbundle' takes them out)"
	case head[5]|head[6]|head[7] == 0 && 0x0a <= head[4] && head[4] <= 0x0d:
		return fmt.Sprintf("this is a module of version %d, from before the standard", head[4])
	case head[5]|head[6]|head[7] == 0 && head[4] != 1:
		return fmt.Sprintf("this says that it is a module of version %d, and there is only version 1", head[4])
	}
	return ""
}
