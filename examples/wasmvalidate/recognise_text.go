package main

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// words are what texts begin with, behind space and in lower case.
var words = []magic{
	{0, "(module", wat},
	{0, "(component", "the text format of a component; components are not supported"},
	{0, "(", wat},
	{0, ";;", wat},
	{0, "<!doctype html", page},
	{0, "<html", page},
	{0, "<head", page},
	{0, "<?xml", "an XML document"},
	{0, "<", "an HTML or XML document"},
	{0, "{", "JSON; perhaps the server answered with a message"},
	{0, "[", "JSON; perhaps the server answered with a message"},
}

const (
	wat  = "the text format of WebAssembly; translate it first, with 'wasm-tools parse' or 'wat2wasm'"
	page = "an HTML page; perhaps the server answered with a message, or wanted a login"
)

// recogniseText says what a text is, "" of what is no text.
func recogniseText(text []byte) string {
	if bytes.HasPrefix(text, []byte("\x00asm")) {
		return "a byte order mark stands before a module; something took it for a text"
	}
	if bytes.ContainsFunc(text, notText) {
		return ""
	}
	begin := bytes.ToLower(bytes.TrimLeft(text, " \t\r\n"))
	for _, m := range words {
		if m.matches(begin) {
			return "this is " + m.what
		}
	}
	return "this is a text"
}

// notText reports whether a character is in no text.
func notText(r rune) bool {
	return r < ' ' && !strings.ContainsRune("\t\r\n\f", r) || r == utf8.RuneError
}

// decodeText returns a text in UTF-8, and without the byte order mark that says
// which encoding it is in.
func decodeText(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		if len(b) == headSize {
			b = b[:len(b)-cutRune(b)]
		}
		return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	var units []uint16
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	return []byte(string(utf16.Decode(units)))
}

// cutRune returns the number of bytes at the end of a text that begin a character
// and do not end it.
func cutRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
