package explain_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// TestTypeFields checks which part of a type is said to be at fault.
func TestTypeFields(t *testing.T) {
	tests := []struct {
		name  string
		types []byte // the contents of a type section
		field string
		hint  string
	}{
		{"parameter", []byte{1, 0x60, 2, 0x7F, 0x11, 0}, "parameter 1", explain.HintByte},
		{"result", []byte{1, 0x60, 1, 0x7F, 1, 0x11}, "result 0", explain.HintByte},
		{"too many parameters", []byte{1, 0x60, 9, 0x7F}, "number of parameters", ""},
		{"too many fields", []byte{1, 0x5F, 9, 0x7F, 0}, "number of fields", ""},
		{"field", []byte{1, 0x5F, 2, 0x7F, 0, 0x11, 0}, "field 1", explain.HintByte},
		{"element", []byte{1, 0x5E, 0x11, 0}, "element type", explain.HintByte},
		{"form", []byte{1, 0x50, 0, 0x11}, "form", explain.HintByte},
		{"no such type", []byte{2, 0x60, 0, 0, 0x60, 1, 0x63, 7, 1, 0x7F}, "parameter 0", explain.HintIndexRange},
		{"no such type in a field", []byte{1, 0x5F, 2, 0x7F, 0, 0x64, 7, 0}, "field 1", explain.HintIndexRange},
		{"no such supertype", []byte{1, 0x50, 1, 7, 0x5F, 0}, "supertype 0", explain.HintIndexRange},
		{"later type", []byte{2, 0x5F, 1, 0x63, 1, 0, 0x60, 0, 0}, "field 0", explain.HintIndexRange},
		{"in a group", []byte{1, 0x4E, 2, 0x60, 0, 0, 0x60, 0, 1, 0x63, 7}, "result 0 of definition 1", explain.HintIndexRange},
		{"malformed in a group", []byte{1, 0x4E, 2, 0x60, 0, 0, 0x60, 9}, "number of parameters of definition 1", ""},
		{"no part", []byte{2, 0x60, 0, 0, 0x50, 1, 0, 0x5F, 0}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			wasm := append([]byte("\x00asm\x01\x00\x00\x00\x01"), byte(len(tt.types)))
			d := explainBytes(t, append(wasm, tt.types...))
			is.Equal(d.Item.Field, tt.field)
			hint := ""
			if len(d.Hints) > 0 {
				hint = d.Hints[0].Kind
			}
			is.Equal(hint, tt.hint)
		})
	}
}

// explainBytes explains why bytes are refused.
func explainBytes(t *testing.T, wasm []byte) *explain.Diagnosis {
	t.Helper()
	return explain.Explain(wasm, refusal(t, wasm))
}

// TestTail checks what is said of bytes behind a module.
func TestTail(t *testing.T) {
	module := validatortest.NewModule().Type("func").Func(0, "", "").Bytes()
	tests := []struct{ name, tail, section, field, hint string }{
		{"section that is over, without a size", "\x01", "type", "id", "the type section comes too late"},
		{"section without a size", "\x0b", "data", "size", "ends where the size of the data section is written"},
		{"half a size", "\x0b\x80", "data", "size", "ends where the size of the data section is written"},
		{"custom section without a size", "\x00", "", "size", "ends where the size of a custom section is written"},
		{"size too large", "\x0b\xff\xff\xff\xff\xff\x01", "data", "size", "do not belong to it"},
		{"longer than the module", "\x0b\x01", "data", "size", "says that it has 1 byte, and the module has no bytes more"},
		{"no section", "\x63", "section 99", "id", "ids of sections"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			d := explainBytes(t, append(module[:len(module):len(module)], tt.tail...))
			is.Equal(d.Kind, validator.Malformed)
			if tt.name != "no section" {
				is.Equal(d.Section.Name, tt.section)
			}
			is.Equal(d.Item.Field, tt.field)
			is.True(strings.Contains(d.Hints[0].Text, tt.hint))
		})
	}
}
