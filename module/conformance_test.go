package module_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/conformance"
)

type assertion struct {
	File, Expect, Message, Features, Wasm string
	Line                                  int
}

// openSpecTest returns the assertions of the specification's suite, and a
// function that reads their modules.
func openSpecTest(t *testing.T) ([]assertion, func(string) []byte) {
	archive := conformance.Open(t, conformance.SpecTest)
	read := func(name string) []byte { return archive.Read(t, name) }
	return conformance.Rows[assertion](t, archive, "manifest.jsonl"), read
}

// messages of the suite about definitions of types
var aboutTypes = []string{"sub type", "descriptor type", "described type", "type is not described", "forward use of described type"}

// elsewhere reports whether got is what this package says where the suite wants
// something else. The suite's reference reads on past the end of a section or
// body, and finds the error there; this package stops at the end, because what
// follows may not have arrived. And it reads the index of an exact heap type as a signed
// number.
func elsewhere(want string, got error) bool {
	if want == "malformed storage type" {
		return strings.HasPrefix(got.Error(), "section size mismatch")
	}
	return strings.HasPrefix(got.Error(), "unexpected end of section or function") &&
		(strings.HasPrefix(want, "integer ") || want == "END opcode expected" ||
			want == "section size mismatch" || want == "length out of bounds")
}

func TestConformanceDecoding(t *testing.T) {
	list, read := openSpecTest(t)
	others := 0
	for _, a := range list {
		f, err := ops.ParseFeatures(a.Features)
		if err != nil {
			t.Fatal(err)
		}
		d := decodeAll(read(a.Wasm), f, whole)
		place := a.File + ":" + jsonNumber(a.Line)
		if a.Expect != "malformed" {
			if d.err != nil {
				t.Errorf("%s: %s module is malformed: %v", place, a.Expect, d.err)
			}
			if a.Expect == "valid" && d.typeErr != nil {
				t.Errorf("%s: valid module has an invalid type: %v", place, d.typeErr)
			}
			for _, m := range aboutTypes {
				if strings.HasPrefix(a.Message, m) && (d.typeErr == nil || !strings.HasPrefix(d.typeErr.Error(), a.Message)) {
					t.Errorf("%s: want type error %q, got %v", place, a.Message, d.typeErr)
				}
			}
			continue
		}
		switch {
		case strings.HasPrefix(a.Message, "data count section required"):
		case d.err == nil:
			t.Errorf("%s: want %q, got none", place, a.Message)
		case strings.HasPrefix(d.err.Error(), a.Message):
		case elsewhere(a.Message, d.err):
			others++
		default:
			t.Errorf("%s: want %q, got %v", place, a.Message, d.err)
		}
	}
	if others > 23 {
		t.Errorf("%d modules end where the suite finds another error", others)
	}
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func TestConformanceChunks(t *testing.T) {
	is := is.New(t)
	list, read := openSpecTest(t)
	for i, a := range list {
		if i%7 != 0 {
			continue
		}
		f, _ := ops.ParseFeatures(a.Features)
		wasm := read(a.Wasm)
		want, got := decodeAll(wasm, f, whole), decodeAll(wasm, f, func() int { return 1 })
		is.Equal(got.lines, want.lines)
		is.Equal(got.err, want.err)
	}
}
