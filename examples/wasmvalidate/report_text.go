package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// textReporter writes verdicts as lines for people:
//
//	a.wasm: valid (9.2 MB, 12584 functions, needs simd, 31 ms)
//	b.wasm: malformed at 0x1234 in func 12 "name": i32.load: unexpected end
//
// Of valid files it says nothing when they were only found, or when it is to be
// quiet. A file that could not be read has no verdict; that is said on standard
// error.
type textReporter struct {
	*call
	stdout, stderr io.Writer
	style          style
	width          int
}

func (t *textReporter) verdict(v verdict) error {
	var b strings.Builder
	switch {
	case v.trouble != nil:
		_, err := fmt.Fprintln(t.stderr, "wasmvalidate:", v.trouble)
		return err
	case v.valid() && (t.quiet || v.found && !t.verbose):
		return nil
	case v.valid():
		fmt.Fprintf(&b, "%s: %s (%s, %s, needs %s, %s)\n", plainName(v.file), t.style.good("valid"), size(v.bytes),
			plural(int64(v.functions), "function"), needs(v.features), duration(v.took))
	}
	for _, m := range v.mistakes {
		t.mistake(&b, v, m)
	}
	_, err := io.WriteString(t.stdout, b.String())
	return err
}

func (t *textReporter) close(int) error { return nil }

// mistake writes a line about a mistake and, if there is one, its diagnosis.
func (t *textReporter) mistake(b *strings.Builder, v verdict, m mistake) {
	paint := t.style.bad
	if m.Kind == validator.Limit {
		paint = t.style.doubt
	}
	fmt.Fprintf(b, "%s: %s at %s%s", t.style.head(plainName(v.file)), paint(m.Kind.String()),
		t.style.head(fmt.Sprintf("0x%x", m.Offset)), m.place())
	fmt.Fprintf(b, ": %s%s\n", plain(v.message(m)), m.allowed())
	if m.diagnosis != nil {
		b.WriteByte('\n')
		b.WriteString(m.diagnosis.Text(explain.TextOptions{File: plainName(v.file), Width: t.width, Color: t.style.on}))
		b.WriteByte('\n')
	}
}

// place says in which function and operator the mistake is, behind its offset.
func (m mistake) place() string {
	var b strings.Builder
	if m.Func >= 0 {
		fmt.Fprintf(&b, " in func %d", m.Func)
	}
	if m.funcName != "" {
		fmt.Fprintf(&b, " %q", m.funcName)
	}
	if m.InOp {
		fmt.Fprintf(&b, ": %v", m.Op)
	}
	return b.String()
}

// allowed says which proposal would allow what is wrong.
func (m mistake) allowed() string {
	if m.Feature == 0 {
		return ""
	}
	return fmt.Sprintf(" (allowed with the feature %v)", m.Feature)
}

// needs lists the proposals that a module needs.
func needs(features []string) string {
	if len(features) == 0 {
		return "no proposal"
	}
	return strings.Join(features, " ")
}
