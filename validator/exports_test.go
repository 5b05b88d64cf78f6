package validator_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// TestFirstWrongExport makes two mistakes in a section of many exports. The first
// counts, but what is malformed goes before what is invalid.
func TestFirstWrongExport(t *testing.T) {
	places := []int{1, 2, 7, 8, 9, 14, 15, 16, 17, 31, 32, 33, 68, 69}
	for _, x := range exportMistakes {
		for _, y := range exportMistakes {
			t.Run(x.name+" and "+y.name, func(t *testing.T) {
				for _, i := range places {
					for _, j := range places {
						if i != j {
							checkExportMistakes(t, x, i, y, j)
						}
					}
				}
			})
		}
	}
}

// TestDuplicateExportNames reads the names in messages; long ones are cut, between
// two characters.
func TestDuplicateExportNames(t *testing.T) {
	for name, want := range map[string]string{
		"":                                    `duplicate export name ""`,
		"a\n\"":                               `duplicate export name "a\n\""`,
		strings.Repeat("a", 100):              `duplicate export name "` + strings.Repeat("a", 100) + `"`,
		strings.Repeat("a", 101):              `duplicate export name "` + strings.Repeat("a", 100) + `"… of 101 bytes`,
		strings.Repeat("語", 33) + "é":         `duplicate export name "` + strings.Repeat("語", 33) + `"… of 101 bytes`,
		strings.Repeat("\u2028", 33333) + "a": `duplicate export name "` + strings.Repeat(`\u2028`, 33) + `"… of 100000 bytes`,
	} {
		wasm, _ := exportsOf([]wasmExport{{name: name}, {name: name}})
		_, err := validator.Validate(context.Background(), wasm)
		var e *validator.Error
		if !errors.As(err, &e) || e.Message != want {
			t.Errorf("%.200v, want %s", err, want)
		}
	}
}

// wasmExport is an export as it is written, with one byte for the kind and one for the
// index.
type wasmExport struct {
	name        string
	kind, index byte
}

// exportMistake is something wrong with an export.
type exportMistake struct {
	name, message string
	malformed     bool
	make          func(e *wasmExport)
	at            func(e wasmExport) int // where the error is, from the start of the export
}

var exportMistakes = []exportMistake{
	{"name", "duplicate export name", false, func(e *wasmExport) { e.name = "00" }, func(wasmExport) int { return 0 }},
	{"index", "unknown function 1", false, func(e *wasmExport) { e.index = 1 }, func(e wasmExport) int { return len(e.name) + 2 }},
	{"kind", "malformed export kind", true, func(e *wasmExport) { e.kind = 9 }, func(e wasmExport) int { return len(e.name) + 1 }},
}

// checkExportMistakes makes mistake x in export i and y in j of 70 exports.
func checkExportMistakes(t *testing.T, x exportMistake, i int, y exportMistake, j int) {
	t.Helper()
	exports := make([]wasmExport, 70)
	for k := range exports {
		exports[k].name = fmt.Sprintf("%02d", k)
	}
	x.make(&exports[i])
	y.make(&exports[j])
	first, at := x, i
	if y.malformed && !x.malformed || y.malformed == x.malformed && j < i {
		first, at = y, j
	}
	wasm, offsets := exportsOf(exports)
	_, err := validator.Validate(context.Background(), wasm)
	var e *validator.Error
	offset := offsets[at] + first.at(exports[at])
	if !errors.As(err, &e) || !strings.HasPrefix(e.Message, first.message) || e.Offset != offset ||
		first.malformed != (e.Kind == validator.Malformed) {
		t.Errorf("at %d and %d: %v, want %s at 0x%x", i, j, err, first.message, offset)
	}
}

// exportsOf returns a module of one function with these exports, and where they are.
func exportsOf(exports []wasmExport) (wasm []byte, offsets []int) {
	content := ops.AppendU32(nil, uint32(len(exports)))
	for _, e := range exports {
		offsets = append(offsets, len(content))
		content = append(ops.AppendU32(content, uint32(len(e.name))), e.name...)
		content = append(content, e.kind, e.index)
	}
	wasm = validatortest.NewModule().Type("func").Import("m", "f", "func 0").
		Raw(byte(module.SectionExport), content).Bytes()
	for i := range offsets {
		offsets[i] += len(wasm) - len(content)
	}
	return wasm, offsets
}
