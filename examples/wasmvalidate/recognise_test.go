package main

import (
	"strings"
	"testing"

	"github.com/matryer/is"
)

// What is given instead of a module is named, and stays malformed.
func TestRecognise(t *testing.T) {
	archive := zipped(t, entry{"a.wasm", good().Bytes()})
	for _, test := range []struct{ name, content, want string }{
		{"empty", "", "the file is empty"},
		{"text format", "(module)", "the text format of WebAssembly"},
		{"text format with comments", "\xef\xbb\xbf;; a comment\n(module)", "the text format of WebAssembly"},
		{"text format of a component", "\n (component)", "the text format of a component"},
		{"component", "\x00asm\x0d\x00\x01\x00", "components are not supported"},
		{"old component", "\x00asm\x0a\x00\x01\x00", "components are not supported"},
		{"new module", "\x00asm\x02\x00\x00\x00", "version 2, and there is only version 1"},
		{"old module", "\x00asm\x0b\x00\x00\x00", "a module of version 11"},
		{"header cut off", "\x00asm\x01", "the file ends within the header"},
		{"page", "<!DOCTYPE html><title>Not found</title>", "an HTML page"},
		{"xml", "<?xml version='1.0'?>", "an XML document"},
		{"json", `{"error":"not found"}`, "this is JSON"},
		{"gzip", string(compressed(t, good().Bytes())), "compressed by gzip"},
		{"zip", string(archive), "a zip archive"},
		{"tar", string(tarred(t, entry{"a.wasm", nil})), "a tar archive"},
		{"zstd", "\x28\xb5\x2f\xfd\x00\x00", "compressed by zstd"},
		{"elf", "\x7fELF\x02\x01\x01", "an ELF file"},
		{"mach-o", "\xcf\xfa\xed\xfe\x07\x00\x00\x01", "a Mach-O file"},
		{"old mach-o", "\xfe\xed\xfa\xce\x00\x00\x00\x07", "a Mach-O file"},
		{"windows program", "MZ\x90\x00", "a Windows program"},
		{"bitcode", "BC\xc0\xde\x35\x14", "LLVM bitcode"},
		{"wrapped bitcode", "\xde\xc0\x17\x0b\x00\x00", "LLVM bitcode"},
		{"library", "!<arch>\na.o/", "a static library"},
		{"git lfs pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer"},
		{"base64", "AGFzbQEAAAA=", "a module in base64"},
		{"zeros", strings.Repeat("\x00", 100), "only zeros"},
		{"text format in UTF-16", "\xff\xfe(\x00m\x00o\x00d\x00u\x00l\x00e\x00)\x00", "the text format of WebAssembly"},
		{"module as UTF-16", "\xfe\xff\x00\x00\x00a\x00s\x00m\x00\x01", "a byte order mark"},
		{"text", "Grüße\n", "this is a text"},
		{"text longer than what is looked at", strings.Repeat("ä", headSize/2-1) + " €", "this is a text"},
		{"byte order mark", "\xef\xbb\xbf\x00asm\x01\x00\x00\x00", "a byte order mark"},
	} {
		for _, way := range []string{"", "-stream"} {
			t.Run(strings.TrimSpace(test.name+" "+way), func(t *testing.T) {
				is := is.New(t)
				r := command(t, "", test.content, strings.Fields("-json "+way+" -")...)
				is.Equal(r.status, 1)
				o := objects(t, r.stdout)[0]
				is.Equal(*o.Kind, "malformed")
				is.True(strings.Contains(*o.Message, test.want))
				is.True(strings.Contains(command(t, "", test.content, "-").stdout, test.want))
			})
		}
	}
}

// A module whose contents are malformed is still a module, and noise is only
// noise.
func TestRecogniseNothing(t *testing.T) {
	for _, content := range []string{string(broken().Bytes()), "\x01\x02\x03\x04", "caf\xe9", "text\x00", "\x00asm\x01\x00\x00\x00\x99"} {
		is := is.New(t)
		r := command(t, "", content, "-")
		is.Equal(r.status, 1)
		is.True(!strings.Contains(r.stdout, ";"))
	}
}
