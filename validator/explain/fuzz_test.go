package explain_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
	"github.com/wasmstate/wasmstate/validator/validatortest/mutate"
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
	checkExplanation(t, d, refused, explain.TextOptions{}, explain.TextOptions{Width: 20, Context: -1}, explain.TextOptions{Width: 200, Context: 100})
	if again := explain.Explain(wasm, refused, option); !reflect.DeepEqual(d, again) {
		t.Errorf("%v: explained a second time, it is another: %+v, %+v", refused, d, again)
	}

	other := *refused
	other.Offset = len(wasm) - refused.Offset
	other.Func += 3
	checkExplanation(t, explain.Explain(wasm, &other, option), &other, explain.TextOptions{})
	checkExplanation(t, explain.Explain(wasm[:len(wasm)/2], refused, option), refused, explain.TextOptions{})
	checkExplanation(t, explain.Explain(wasm, refused), refused, explain.TextOptions{})
}

// checkExplanation reports what is wrong with a diagnosis, and with its texts, whatever
// the error.
func checkExplanation(t *testing.T, d *explain.Diagnosis, refused *validator.Error, texts ...explain.TextOptions) {
	t.Helper()
	if d == nil {
		t.Fatalf("%v: no diagnosis", refused)
	}
	for _, o := range texts {
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

// sick is one module to be explained, with the features to explain it with.
type sick struct {
	wasm     []byte
	features ops.Features
}

// patients is every mistake in the small modules of the repository, and modules
// that have something of everything.
func patients(t testing.TB) (list []sick) {
	t.Helper()
	for _, s := range golden(t)[:2] {
		list = append(list, sick{s.wasm, s.features})
		for _, m := range mistakes() {
			if made, ok := m.make(t, s); ok {
				list = append(list, sick{made.wasm, made.features})
			}
		}
	}
	for _, s := range mutate.Seeds() {
		list = append(list, sick{s.Wasm, s.Features})
	}
	return list
}

// donors is the modules that fields are taken from.
var donors = sync.OnceValue(func() (list []mutate.Module) {
	for _, s := range mutate.Seeds() {
		list = append(list, mutate.Parse(s.Wasm))
	}
	return list
})

// FuzzExplain explains whatever is refused: a module changed by a script as
// package mutate changes it. An empty script changes nothing.
func FuzzExplain(f *testing.F) {
	for i, s := range patients(f) {
		f.Add(uint64(s.features), s.wasm, []byte{2, 9, 40, 3, 7, 7, 1, 0, 12, 80, 1, 5}[:i%4*3])
	}
	f.Fuzz(func(t *testing.T, features uint64, wasm, script []byte) {
		if len(script) > 0 {
			wasm = mutate.Mutate(mutate.Script(script), wasm, donors()...)
		}
		explained(t, wasm[:min(len(wasm), 1<<16)], ops.Features(features)&ops.All)
	})
}

// TestExplainMutants explains modules that are nearly right, ten times as many with
// the flag -all.
func TestExplainMutants(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	list := patients(t)
	n := 400
	if *all {
		n = 4000
	}
	for range n {
		s := list[r.IntN(len(list))]
		if r.IntN(4) == 0 {
			s.features = ops.Features(r.Uint64()) & ops.All
		}
		explained(t, mutate.Mutate(r, s.wasm, donors()...), s.features)
	}
}
