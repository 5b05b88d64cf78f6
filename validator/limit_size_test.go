package validator_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/validatortest"
)

func TestLimitModuleSize(t *testing.T) {
	wasm := validatortest.NewModule().Type("func").Func(0, "", "nop").Bytes()
	for _, room := range []int64{-1, 0, 1} {
		for _, d := range sizeDrivers(rand.New(rand.NewPCG(1, 1))) {
			is := is.New(t)
			err := d.validate(t, wasm, validator.WithLimits(validator.Limits{ModuleSize: int64(len(wasm)) + room}))
			if room >= 0 {
				is.NoErr(err)
				continue
			}
			var e *validator.Error
			is.True(errors.As(err, &e))
			is.Equal(e.Kind, validator.Limit)
			is.Equal(e.Message, fmt.Sprintf("bytes of module exceed the limit of %d", len(wasm)-1))
		}
	}
}

// sizeDriver is a way to validate a module of which not all may be looked at.
type sizeDriver struct {
	name     string
	validate func(t *testing.T, wasm []byte, opts ...validator.Option) error
}

// sizeDrivers returns all of them, the one that the others must agree with first.
func sizeDrivers(r *rand.Rand) []sizeDriver {
	stream := func(size func(left int) int) func(*testing.T, []byte, ...validator.Option) error {
		return func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			s := validator.NewStream(t.Context(), opts...)
			for left := wasm; len(left) > 0; {
				n := size(len(left))
				if _, err := s.Write(left[:n]); err != nil {
					break // Finish says it again
				}
				left = left[n:]
			}
			_, err := s.Finish()
			return err
		}
	}
	return []sizeDriver{
		{"one worker", func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			_, err := validator.Validate(t.Context(), wasm, append(opts, validator.WithWorkers(1))...)
			return err
		}},
		{"parallel", func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			_, err := validator.Validate(t.Context(), wasm, append(opts, validator.WithWorkers(4))...)
			return err
		}},
		{"errors", func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			list, err := validator.Errors(t.Context(), wasm, 10, opts...)
			if err == nil && len(list) > 0 {
				err = list[0]
			}
			return err
		}},
		{"reader", func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			_, err := validator.ValidateReader(t.Context(), bytes.NewReader(wasm), opts...)
			return err
		}},
		{"reader-at", func(t *testing.T, wasm []byte, opts ...validator.Option) error {
			_, err := validator.ValidateReaderAt(t.Context(), bytes.NewReader(wasm), int64(len(wasm)), opts...)
			return err
		}},
		{"stream of one piece", stream(func(left int) int { return left })},
		{"stream of pieces", stream(func(left int) int { return 1 + r.IntN(left) })},
		{"stream of single bytes", stream(func(int) int { return 1 })},
	}
}

// agreeOnSize fails where a driver says something else than Validate of a module that
// is larger than the limit.
func agreeOnSize(t *testing.T, r *rand.Rand, name string, wasm []byte, limit int) (verdict error) {
	t.Helper()
	opts := []validator.Option{validator.WithLimits(validator.Limits{ModuleSize: int64(limit)}), validator.WithFeatures(ops.All)}
	for i, d := range sizeDrivers(r) {
		err := d.validate(t, wasm, opts...)
		var got, want *validator.Error
		switch {
		case !errors.As(err, &got) || got.Kind == validator.Invalid:
			t.Errorf("%s, %d of %d bytes: %s: got %v", name, limit, len(wasm), d.name, err)
		case i == 0:
			verdict = err
		case errors.As(verdict, &want) && plain(got) != plain(want):
			t.Errorf("%s, %d of %d bytes: %s: got %v, want %v", name, limit, len(wasm), d.name, err, verdict)
		}
	}
	return verdict
}

// Of a module that is too large and malformed, what comes first counts, however the
// bytes arrive: the mistake, or the first byte too many.
func TestDriversAgreeOnModuleSize(t *testing.T) {
	sum := func(wrong string) hexModule { // of 100 numbers, for a data segment of 18 bytes
		expr := "41 00" + strings.Repeat(" 41 01 6a", 99)
		return hexModule("05 03 01 00 01 0b c1 02 01 00 " + expr + wrong + " 0b 12" + strings.Repeat(" 00", 18))
	}
	for _, c := range []struct {
		name   string
		module interface{ Bytes() []byte }
	}{
		{"zeros", hexModule("63 00" + strings.Repeat(" 00", 100))},
		{"long expression", sum("")},
		{"illegal operator in a long expression", sum(" ff")},
		{"malformed name of a custom section", hexModule("00 80 01 05 ff ff ff ff ff" + strings.Repeat(" 00", 130))},
		{"malformed length of a custom section", hexModule("00 80 01 ff ff ff ff ff ff" + strings.Repeat(" 00", 130))},
		{"malformed size of a body", hexModule("01 04 01 60 00 00 03 02 01 00 0a 40 01 ff ff ff ff ff ff" + strings.Repeat(" 00", 60))},
		{"wrong magic", rawBytes("\x00asn\x01\x00\x00\x00 and more")},
		{"wrong version", rawBytes("\x00asm\x02\x00\x00\x00 and more")},
		{"invalid, then malformed", validatortest.NewModule().Type("func").Func(0, "", "i32.add").FuncType(0).
			Body([]byte{0, 0xff, 0x0b}, -1).Custom("x", make([]byte, 20))},
		{"illegal operator in a body, then data", validatortest.NewModule().Type("func").Memory("1").
			Func(0, "", "nop").FuncType(0).Body([]byte{0, 0xff, 0x0b}, -1).Data("i32.const 0", strings.Repeat("x", 50))},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			wasm := c.module.Bytes()
			r := rand.New(rand.NewPCG(4, uint64(len(wasm))))
			kinds := map[validator.Kind]bool{}
			for limit := 1; limit < len(wasm); limit++ {
				var e *validator.Error
				is.True(errors.As(agreeOnSize(t, r, c.name, wasm, limit), &e))
				kinds[e.Kind] = true
			}
			is.True(kinds[validator.Limit])
			is.Equal(kinds[validator.Malformed], c.name != "long expression")
		})
	}
	for _, m := range []string{"shapes", "algorithms"} {
		t.Run(m, func(t *testing.T) {
			wasm := realModule(t, m)
			for i := range 40 {
				r := rand.New(rand.NewPCG(5, uint64(i)))
				wrong := mutate(r, slices.Clone(wasm))
				agreeOnSize(t, r, m, wrong, 1+r.IntN(len(wrong)-1))
			}
		})
	}
}

// rawBytes is a file that need not be a module.
type rawBytes string

func (b rawBytes) Bytes() []byte { return []byte(b) }

// Sections that say that they are larger than an int of 32 bits can tell get the same
// errors wherever they are read: what comes first in them, or that they are cut off.
func TestSectionsOfGigabytes(t *testing.T) {
	for _, size := range []string{"ff ff ff ff 07", "80 80 80 80 08", "ff ff ff ff 0f"} { // 2^31-1, 2^31, 2^32-1
		for _, c := range []struct{ section, want string }{
			{"03 SIZE 01 ff ff ff ff 7f", "malformed: integer too large (at offset 0xf)"},
			{"03 SIZE 02 00", "malformed: length out of bounds: the function section is longer than the input (at offset 0x9)"},
			{"01 04 01 60 00 00 03 02 01 00 0a SIZE 01 03 00 ff 0b", "malformed: func 0: illegal opcode ff (at offset 0x1b)"},
			{"01 04 01 60 00 00 03 02 01 00 0a SIZE 01 03 00 01", "malformed: length out of bounds: the code section is longer than the input (at offset 0x13)"},
			{"01 04 01 60 00 00 03 02 01 00 0a SIZE 01 03 00 01 0b", "malformed: section size mismatch (at offset 0x1d)"},
			{"01 04 01 60 00 00 03 02 01 00 0a SIZE 01 f0 ff ff ff 07 00 ff 0b", "malformed: func 0: illegal opcode ff (at offset 0x1f)"},
			{"0b SIZE 01 03", "malformed: malformed data segment kind (at offset 0xf)"},
			{"0b SIZE 01 01 f0 ff ff ff 07", "malformed: length out of bounds: the data section is longer than the input (at offset 0x9)"},
			{"00 SIZE 02 c0 c0", "malformed: malformed UTF-8 encoding (at offset 0xe)"},
			{"00 SIZE f0 ff ff ff 07 61", "malformed: length out of bounds: the custom section is longer than the input (at offset 0x9)"},
			{"00 SIZE 01 61", "malformed: length out of bounds: the custom section is longer than the input (at offset 0x9)"},
		} {
			wasm := hexModule(strings.ReplaceAll(c.section, "SIZE", size)).Bytes()
			for _, d := range sizeDrivers(rand.New(rand.NewPCG(6, 6))) {
				if got := errText(d.validate(t, wasm)); got != c.want {
					t.Errorf("%s: % x: got %q, want %q", d.name, wasm[8:], got, c.want)
				}
			}
		}
	}
}
