package main

import (
	"encoding/json"
	"io"

	"github.com/wasmstate/wasmstate/validator/explain"
)

// jsonReporter writes each verdict as one JSON object on a line of its own.
type jsonReporter struct {
	*call
	w io.Writer
}

// record is the verdict for programs. What does not apply is null; the last two
// are there only when they were asked for.
type record struct {
	File      string   `json:"file"`
	Valid     bool     `json:"valid"`
	Kind      *string  `json:"kind"`   // malformed, invalid, limit, io
	Offset    *int     `json:"offset"` // bytes from the start of the module
	Func      *int     `json:"func"`
	Message   *string  `json:"message"`
	Feature   *string  `json:"feature"`  // would allow it
	Features  []string `json:"features"` // the module needs them
	Functions *int     `json:"functions"`
	Bytes     *int64   `json:"bytes"`

	Errors    []errorRecord      `json:"errors,omitempty"`
	Diagnosis *explain.Diagnosis `json:"diagnosis,omitempty"`
}

// errorRecord is one of several errors of a file.
type errorRecord struct {
	Kind      string             `json:"kind"`
	Offset    int                `json:"offset"`
	Func      *int               `json:"func"`
	Message   string             `json:"message"`
	Feature   *string            `json:"feature"`
	Diagnosis *explain.Diagnosis `json:"diagnosis,omitempty"`
}

func (j *jsonReporter) verdict(v verdict) error {
	r := record{File: v.file, Valid: v.valid(), Features: []string{}}
	switch {
	case v.trouble != nil:
		r.Kind, r.Message = ref("io"), ref(v.trouble.Error())
	case v.valid():
		r.Bytes, r.Functions = &v.bytes, &v.functions
		r.Features = append(r.Features, v.features...)
	default:
		r.Bytes = &v.bytes
		first := newErrorRecord(v, v.mistakes[0])
		r.Kind, r.Offset, r.Func = &first.Kind, &first.Offset, first.Func
		r.Message, r.Feature = &first.Message, first.Feature
		if j.errors > 1 {
			for _, m := range v.mistakes {
				r.Errors = append(r.Errors, newErrorRecord(v, m))
			}
		} else {
			r.Diagnosis = first.Diagnosis
		}
	}
	return writeJSON(j.w, r)
}

func (j *jsonReporter) close(int) error { return nil }

func newErrorRecord(v verdict, m mistake) errorRecord {
	r := errorRecord{Kind: m.Kind.String(), Offset: m.Offset, Message: v.message(m), Diagnosis: m.diagnosis}
	if m.Func >= 0 {
		r.Func = &m.Func
	}
	if m.Feature != 0 {
		r.Feature = ref(m.Feature.String())
	}
	return r
}

// writeJSON writes a value on one line.
func writeJSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

func ref[T any](v T) *T { return &v }
