package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/validator"
)

// verdict is what is said about one file.
type verdict struct {
	file     string
	bytes    int64 // read
	took     time.Duration
	module   *module.Module   // of a valid file
	reason   *validator.Error // of one that is not
	funcName string           // of the function at fault; "" without a name
	trouble  error            // why there is no verdict
}

// exitStatus returns the status with which v alone would end the command.
func (v verdict) exitStatus() int {
	switch {
	case v.trouble != nil:
		return exitTrouble
	case v.reason != nil:
		return exitInvalid
	}
	return exitValid
}

// writeText writes the verdict as a line for people:
//
//	a.wasm: valid (9.2 MB, 12584 functions, needs simd, 31 ms)
//	b.wasm: malformed at 0x1234 in func 12 "name": i32.load: unexpected end
func (v verdict) writeText(w io.Writer) {
	if v.reason == nil {
		fmt.Fprintf(w, "%s: valid (%s, %s, needs %s, %s)\n", v.file, size(v.bytes),
			plural(int64(v.module.NumBodies()), "function"), needs(v.module), duration(v.took))
		return
	}
	e := v.reason
	fmt.Fprintf(w, "%s: %v at 0x%x", v.file, e.Kind, e.Offset)
	if e.Func >= 0 {
		fmt.Fprintf(w, " in func %d", e.Func)
	}
	if v.funcName != "" {
		fmt.Fprintf(w, " %q", v.funcName)
	}
	if e.InOp {
		fmt.Fprintf(w, ": %v", e.Op)
	}
	fmt.Fprintf(w, ": %s", e.Message)
	if e.Feature != 0 {
		fmt.Fprintf(w, " (allowed with the feature %v)", e.Feature)
	}
	fmt.Fprintln(w)
}

// needs lists the proposals that a module needs.
func needs(m *module.Module) string {
	names := m.RequiredFeatures().Names()
	if len(names) == 0 {
		return "no proposal"
	}
	return strings.Join(names, " ")
}

// plural writes a number of things.
func plural(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return plural(n, "byte")
}

// duration writes a time with as many digits as mean something.
func duration(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1e3)
}

// record is the verdict for programs. What does not apply is null.
type record struct {
	File      string   `json:"file"`
	Valid     bool     `json:"valid"`
	Kind      *string  `json:"kind"`   // malformed, invalid, limit, io
	Offset    *int     `json:"offset"` // bytes from the start of the file
	Func      *int     `json:"func"`
	Message   *string  `json:"message"`
	Feature   *string  `json:"feature"`  // would allow it
	Features  []string `json:"features"` // the module needs them
	Functions *int     `json:"functions"`
	Bytes     *int64   `json:"bytes"`
}

// writeJSON writes the verdict as one JSON object and a newline.
func (v verdict) writeJSON(w io.Writer) {
	r := record{File: v.file, Features: []string{}}
	if v.trouble == nil {
		r.Bytes = &v.bytes
	}
	switch {
	case v.trouble != nil:
		r.Kind, r.Message = ref("io"), ref(v.trouble.Error())
	case v.reason != nil:
		r.Kind, r.Offset, r.Message = ref(v.reason.Kind.String()), &v.reason.Offset, &v.reason.Message
		if v.reason.Func >= 0 {
			r.Func = &v.reason.Func
		}
		if v.reason.Feature != 0 {
			r.Feature = ref(v.reason.Feature.String())
		}
	default:
		r.Valid = true
		r.Features = v.module.RequiredFeatures().Names()
		r.Functions = ref(v.module.NumBodies())
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(r) // the writer keeps its error until it is flushed
}

func ref[T any](v T) *T { return &v }
