package main

import (
	"fmt"
	"slices"
	"strings"
)

// when says when to do something that depends on the terminal.
type when string

const (
	auto   when = "auto"
	always when = "always"
	never  when = "never"
)

var whens = []string{string(auto), string(always), string(never)}

// on reports whether to do it, if auto means unasked.
func (w when) on(unasked bool) bool { return w == always || w == auto && unasked }

// MarshalText and UnmarshalText make a when the value of a flag.
func (w when) MarshalText() ([]byte, error) { return []byte(w), nil }

func (w *when) UnmarshalText(text []byte) error {
	*w = when(text)
	return among(string(text), whens)
}

// format says how verdicts are printed.
type format string

const (
	formatText   format = "text"
	formatJSON   format = "json"
	formatSARIF  format = "sarif"
	formatGitHub format = "github"
)

var formats = []string{string(formatText), string(formatJSON), string(formatSARIF), string(formatGitHub)}

// MarshalText and UnmarshalText make a format the value of a flag.
func (f format) MarshalText() ([]byte, error) { return []byte(f), nil }

func (f *format) UnmarshalText(text []byte) error {
	*f = format(text)
	return among(string(text), formats)
}

// among refuses a value that is not one of the choices.
func among(value string, choices []string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	last := len(choices) - 1
	return fmt.Errorf("want %s or %s, not %q", strings.Join(choices[:last], ", "), choices[last], value)
}
