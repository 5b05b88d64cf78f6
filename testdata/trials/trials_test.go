package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator"
)

// A few inputs of each trial: nothing is wrong with them, and the trials differ.
func TestTrials(t *testing.T) {
	for _, tr := range trials() {
		t.Run(tr.name, func(t *testing.T) {
			is := is.New(t)
			var r result
			for i := range 150 {
				r.try(&tr, i, 1)
			}
			is.Equal(r.Samples, nil)
			is.Equal(r.Panics+r.Wrong, 0)
			is.Equal(r.Inputs, 150)
			sum := 0
			for _, n := range r.Verdicts {
				sum += n
			}
			is.Equal(sum, 150)
			is.True(r.Verdicts[validator.Malformed] > 0)
			is.True(r.Time.Value > 0)
		})
	}
}

// An input follows from its number and the seed.
func TestInputsAreRepeated(t *testing.T) {
	is := is.New(t)
	for _, tr := range trials() {
		a, fa := tr.make(tr.random(7, 1))
		b, fb := tr.make(tr.random(7, 1))
		is.True(bytes.Equal(a, b) && fa == fb)
		different := 0
		for i := range 20 {
			if c, _ := tr.make(tr.random(i, 2)); !bytes.Equal(a, c) {
				different++
			}
		}
		is.True(different > 10)
	}
}

// What is wrong is counted, and comes with the number of its input.
func TestWrongInputsAreReported(t *testing.T) {
	is := is.New(t)
	panics := trial{name: "panics", make: randomModule, check: nil}
	panics.make = nil // which cannot be called
	var r result
	r.try(&panics, 3, 1)
	is.Equal(r.Panics, 1)
	is.True(strings.HasPrefix(r.Samples[0], "panics, input 3: panic"))
}
