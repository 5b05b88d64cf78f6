package explain_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// The size that an explanation does not go beyond, in bytes.
const (
	maxText = 32 << 10
	maxJSON = 128 << 10
)

// explained reports what is wrong with how a module is explained, if it is
// refused at all.
func explained(t *testing.T, wasm []byte, f ops.Features) {
	t.Helper()
	option := validator.WithFeatures(f)
	_, err := validator.Validate(context.Background(), wasm, option, validator.WithWorkers(1))
	var refused *validator.Error
	if !errors.As(err, &refused) {
		return
	}
	d := explain.Explain(wasm, refused, option)
	checkExplanation(t, d, refused)
	if again := explain.Explain(wasm, refused, option); !reflect.DeepEqual(d, again) {
		t.Errorf("%v: explained a second time, it is another: %+v, %+v", refused, d, again)
	}

	other := *refused
	other.Offset = len(wasm) - refused.Offset
	other.Func += 3
	checkExplanation(t, explain.Explain(wasm, &other, option), &other)
	checkExplanation(t, explain.Explain(wasm[:len(wasm)/2], refused, option), refused)
	checkExplanation(t, explain.Explain(wasm, refused), refused)
}

// checkExplanation reports what is wrong with a diagnosis whatever the error.
func checkExplanation(t *testing.T, d *explain.Diagnosis, refused *validator.Error) {
	t.Helper()
	if d == nil {
		t.Fatalf("%v: no diagnosis", refused)
	}
	for _, o := range []explain.TextOptions{{}, {Width: 20, Context: -1}, {Width: 200, Context: 100}} {
		text := d.Text(o)
		if !strings.Contains(squeeze(text), squeeze(refused.Message)) {
			t.Errorf("%v: the text does not contain the message: %s", refused, text)
		}
		if width := cmp.Or(o.Width, 80); width >= 80 && slices.ContainsFunc(strings.Split(text, "\n"), func(l string) bool {
			return utf8.RuneCountInString(l) > width
		}) {
			t.Errorf("%v: lines longer than %d: %s", refused, width, text)
		}
		o.Color = true
		if plain := ansi.ReplaceAllString(d.Text(o), ""); plain != text {
			t.Errorf("%v: in colours it is another text: %s, %s", refused, plain, text)
		}
		if len(text) > maxText || !utf8.ValidString(text) || strings.ContainsFunc(text, isControl) {
			t.Errorf("%v: a text of %d bytes: %q", refused, len(text), text)
		}
	}
	encoded, err := json.Marshal(d)
	if err != nil || len(encoded) > maxJSON {
		t.Errorf("%v: %d bytes of JSON, %v", refused, len(encoded), err)
	}
	var decoded map[string]any
	if err := json.Unmarshal(encoded, &decoded); err != nil || decoded["message"] == nil {
		t.Errorf("%v: JSON that says %v, %v", refused, decoded, err)
	}
}

// ansi is the escape sequences that colour a text.
var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

// squeeze returns s without white space and control characters: a text may
// break its lines where the message does not, and shows no control characters.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// isControl reports whether a text must not contain r.
func isControl(r rune) bool { return r != '\n' && unicode.IsControl(r) }

// seeds is every mistake in a small module, and the small modules.
func seeds(t testing.TB) (list [][]byte) {
	t.Helper()
	for _, s := range golden(t)[:2] {
		list = append(list, s.wasm)
		for _, m := range mistakes() {
			if made, ok := m.make(t, s); ok {
				list = append(list, made.wasm)
			}
		}
	}
	return list
}

// FuzzExplain explains whatever is refused.
func FuzzExplain(f *testing.F) {
	for _, wasm := range seeds(f) {
		f.Add(wasm)
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		explained(t, wasm, ops.Default)
		explained(t, wasm, ops.All)
	})
}

// TestExplainMutants explains small modules with some bytes changed, removed or
// inserted.
func TestExplainMutants(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	list := seeds(t)
	for range 2500 {
		wasm := bytes.Clone(list[r.IntN(len(list))])
		for range 1 + r.IntN(3) {
			if len(wasm) < 9 {
				break
			}
			at := 8 + r.IntN(len(wasm)-8)
			switch r.IntN(4) {
			case 0:
				wasm = append(wasm[:at], wasm[at+1:]...)
			case 1:
				wasm = append(wasm[:at], append([]byte{byte(r.Uint32())}, wasm[at:]...)...)
			default:
				wasm[at] = byte(r.Uint32())
			}
		}
		explained(t, wasm, []ops.Features{ops.Default, ops.All, ops.MVP}[r.IntN(3)])
	}
}
