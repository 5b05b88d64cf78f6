package module_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// names makes a subsection of the name section.
func names(kind module.NameKind, content string) string {
	return string(ops.AppendU32([]byte{byte(kind)}, uint32(len(content)))) + content
}

func TestNames(t *testing.T) {
	is := is.New(t)
	var many strings.Builder // every third function, f0 to f33
	many.WriteByte(100)
	for i := range 100 {
		many.Write(ops.AppendU32(nil, uint32(3*i)))
		many.WriteString("\x02f" + string(rune('A'+i%26)))
	}
	content := names(module.NameModule, "\x01M") +
		names(module.NameFunc, many.String()) +
		names(module.NameLocal, "\x02\x03\x02\x00\x01a\x02\x01b\x09\x01\x01\x01c") +
		names(module.NameLabel, "\x01\x03\x01\x00\x01l") +
		names(module.NameType, "\x00") +
		names(module.NameMemory, "\x01\x00\x03mem") +
		names(module.NameField, "\x01\x04\x01\x02\x01x") +
		names(module.NameTag, "\x01\x07\x00") +
		names(99, "what this is nobody knows")
	n, err := module.ReadNames([]byte(content), base)
	is.NoErr(err)
	is.Equal(n.Module(), "M")
	for i := range uint32(310) {
		name, ok := n.Func(i)
		is.Equal(ok, i%3 == 0 && i < 300)
		if ok {
			is.Equal(name, "f"+string(rune('A'+i/3%26)))
		}
	}
	type local struct {
		kind         module.NameKind
		outer, index uint32
	}
	within := map[local]string{
		{module.NameLocal, 3, 0}: "a", {module.NameLocal, 3, 2}: "b", {module.NameLocal, 9, 1}: "c",
		{module.NameLabel, 3, 0}: "l", {module.NameField, 4, 2}: "x",
	}
	for _, kind := range []module.NameKind{module.NameLocal, module.NameLabel, module.NameField} {
		for outer := range uint32(11) {
			for index := range uint32(4) {
				name, ok := n.Within(kind, outer, index)
				want, there := within[local{kind, outer, index}]
				is.Equal(ok, there)
				is.Equal(name, want)
			}
		}
	}
	name, ok := n.Name(module.NameMemory, 0)
	is.True(ok && name == "mem")
	name, ok = n.Name(module.NameTag, 7)
	is.True(ok && name == "")
	_, ok = n.Name(module.NameType, 0)
	is.True(!ok)
	_, ok = n.Name(99, 0)
	is.True(!ok)

	var none *module.Names
	_, ok = none.Func(0)
	is.True(!ok)
	is.Equal(none.Module(), "")
}

// TestNamesWithinMany looks names up in maps that are longer than what lies between two
// marks.
func TestNamesWithinMany(t *testing.T) {
	is := is.New(t)
	const functions, locals = 3, 50
	content := []byte{functions}
	for f := range functions {
		content = append(content, byte(2*f), locals)
		for l := range locals {
			content = append(content, byte(2*l), 2, byte('a'+f), byte('0'+l))
		}
	}
	n, err := module.ReadNames([]byte(names(module.NameLocal, string(content))), base)
	is.NoErr(err)
	for f := range uint32(2*functions + 1) {
		for l := range uint32(2*locals + 1) {
			name, ok := n.Local(f, l)
			is.Equal(ok, f%2 == 0 && f < 2*functions && l%2 == 0 && l < 2*locals)
			if ok {
				is.Equal(name, string([]byte{byte('a' + f/2), byte('0' + l/2)}))
			}
		}
	}
}

func TestNamesErrors(t *testing.T) {
	good := names(module.NameModule, "\x01M")
	tests := []struct {
		name, content, want string
		offset              int
	}{
		{"subsection cut", good + "\x01\x05\x00", "length out of bounds", 5},
		{"subsection size", good + "\x01", "unexpected end", 5},
		{"order", good + names(module.NameType, "\x00") + names(module.NameFunc, "\x00"), "unexpected name subsection", 7},
		{"twice", good + good, "unexpected name subsection", 4},
		{"left over", good + names(module.NameFunc, "\x00\x00"), "section size mismatch", 7},
		{"map cut", good + names(module.NameFunc, "\x01\x00"), "unexpected end", 8},
		{"map order", good + names(module.NameFunc, "\x02\x01\x01a\x01\x01b"), "name map out of order", 10},
		{"functions out of order", good + names(module.NameLocal, "\x02\x01\x00\x00\x00"), "name map out of order", 9},
		{"name", good + names(module.NameFunc, "\x01\x00\x01\xFF"), "malformed UTF-8 encoding", 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			n, err := module.ReadNames([]byte(tt.content), base)
			var e *ops.SyntaxError
			is.True(errors.As(err, &e))
			if !strings.HasPrefix(e.Message, tt.want) {
				t.Errorf("got %q, want %q", e.Message, tt.want)
			}
			is.Equal(e.Offset, base+tt.offset)
			is.Equal(n.Module(), "M") // what came before is there
		})
	}
	is := is.New(t)
	n, err := module.ReadNames([]byte(names(module.NameModule, "\x01Mx")), base)
	is.True(err != nil)
	is.Equal(n.Module(), "") // what is at fault is not
}
