package module_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// parsed is what a parser says of a module, with or without passing segments.
type parsed struct {
	segments uint32 // met or passed
	passed   uint32
	offset   int
	err      string
}

// parseAll parses a module and passes over the data segments where it can, or does not.
func parseAll(wasm string, pass bool) (r parsed) {
	p := module.NewParser(ops.All)
	for data := []byte(wasm); ; {
		payload, n, err := p.Parse(data, true)
		data, r.offset = data[n:], p.Offset()
		if err != nil {
			r.err = err.Error()
			return r
		}
		switch payload.Kind {
		case module.DataSegmentHead:
			r.segments++
		case module.End:
			return r
		}
		if pass {
			passed, n := p.PassSegments(data)
			data, r.passed, r.segments = data[n:], r.passed+passed, r.segments+passed
		}
	}
}

// samePassing checks that passing over data segments changes nothing but who counts them.
func samePassing(t *testing.T, wasm string) (passed uint32) {
	t.Helper()
	want, got := parseAll(wasm, false), parseAll(wasm, true)
	passed, got.passed = got.passed, 0
	if got != want {
		t.Fatalf("%q\ngot  %+v\nwant %+v", wasm, got, want)
	}
	return passed
}

func TestPassSegments(t *testing.T) {
	const (
		plain = "\x00\x41\x00\x0B\x03abc"
		last  = "\x01\x0Aabcdefghij" // passive, and long enough for all before it to be looked at
	)
	tests := []struct {
		name, segments string
		passed         uint32
	}{
		{"plain", "\x04" + plain + plain + plain + last, 3},
		{"empty", "\x02\x00\x41\x00\x0B\x00" + last, 1},
		{"offset of four bytes", "\x02\x00\x41\xFF\xFF\xFF\x7F\x0B\x00" + last, 1},
		{"offset of five bytes", "\x03" + plain + "\x00\x41\xFF\xFF\xFF\xFF\x7F\x0B\x00" + last, 1},
		{"size of two bytes", "\x02\x00\x41\x00\x0B\x83\x00abc" + last, 1},
		{"size of three bytes", "\x03" + plain + "\x00\x41\x00\x0B\x83\x80\x00abc" + last, 1},
		{"behind a passive one", "\x03" + last + plain + last, 1},
		{"memory given", "\x03" + plain + "\x02\x01\x41\x00\x0B\x03abc" + last, 1},
		{"i64.const", "\x03" + plain + "\x00\x42\x00\x0B\x03abc" + last, 1},
		{"global.get", "\x03" + plain + "\x00\x23\x00\x0B\x03abc" + last, 1},
		{"sum", "\x03" + plain + "\x00\x41\x00\x41\x00\x6A\x0B\x03abc" + last, 1},
		{"longer than the section", "\x02" + plain + "\x00\x41\x00\x0B\x7Fabcdefghijkl", 1},
		{"fewer than counted", "\x05" + plain + plain + last, 2},
		{"more than counted", "\x01" + plain + plain + last, 1},
		{"none counted", "\x00" + plain + last, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			wasm := header + section(module.SectionData, tt.segments)
			is.Equal(samePassing(t, wasm), tt.passed)
			is.Equal(samePassing(t, wasm+section(module.SectionCustom, "\x01x")), tt.passed)
			for n := range wasm {
				samePassing(t, wasm[:n])
			}
		})
	}
}

// Passing takes only segments of which all bytes are there, and nothing where no data
// segment is next.
func TestPassSegmentsOfNothing(t *testing.T) {
	is := is.New(t)
	segment := "\x00\x41\x00\x0B\x20" + strings.Repeat("\x00\x41\x00\x0B", 8) // of bytes like the head
	wasm := header + section(module.SectionFunction, "\x03\x00\x00\x00") +
		section(module.SectionCode, "\x03\x02\x00\x0B\x02\x00\x0B\x02\x00\x0B") +
		section(module.SectionData, "\x03"+segment+segment+segment) + section(module.SectionCustom, "\x01x"+segment)
	p := module.NewParser(ops.Default)
	none := func(data string) {
		t.Helper()
		segments, n := p.PassSegments([]byte(data))
		is.Equal(segments, uint32(0))
		is.Equal(n, 0)
	}
	next := func(size int, want module.PayloadKind) {
		t.Helper()
		payload, n, err := p.Parse([]byte(wasm[:size]), false)
		is.NoErr(err)
		is.Equal(payload.Kind, want)
		wasm = wasm[n:]
	}
	none(segment + segment)
	next(len(wasm), module.Version)
	none(segment + segment)
	next(len(wasm), module.WholeSection)
	next(len(wasm), module.CodeStart)
	for range 3 {
		none(segment + segment)
		next(len(wasm), module.Body)
	}
	next(2, module.NeedMore) // the head of the section, and not its count
	none(segment + segment)
	p.Insist()
	none(segment + segment)
	next(len(wasm), module.DataStart)
	none(wasm[:len(segment)-1])
	segments, n := p.PassSegments([]byte(wasm[:len(segment)+20]))
	is.Equal(segments, uint32(1))
	is.Equal(n, len(segment))
	wasm = wasm[n:]
	next(3, module.NeedMore) // a part of the head of a segment
	none(wasm)
	next(9, module.DataSegmentHead) // and of its bytes
	none(wasm)
	next(len(wasm), module.DataSegmentHead) // the third
	none(segment + segment)                 // there are no more
	next(2, module.NeedMore)
	p.Insist()
	none(segment + segment)
}

// So many segments that they are passed over in several goes.
func TestPassSegmentsManyOfThem(t *testing.T) {
	is := is.New(t)
	const n = 100_000
	content := string(ops.AppendU32(nil, n)) + strings.Repeat("\x00\x41\x00\x0B\x00", n)
	wasm := header + "\x0B" + string(ops.AppendU32(nil, uint32(len(content)))) + content
	passed := samePassing(t, wasm)
	is.True(passed > n-10 && passed < n)

	p, data := module.NewParser(ops.Default), []byte(wasm)
	for range 2 { // Version and DataStart
		_, size, err := p.Parse(data, true)
		is.NoErr(err)
		data = data[size:]
	}
	segments, size := p.PassSegments(data)
	is.True(segments > n/8 && segments < n/2)
	is.Equal(size, 5*int(segments))
}

func TestPassSegmentsOfMutants(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	segment := "\x00\x41\x80\x08\x0B\x0Aabcdefghij"
	wasm := header + section(module.SectionData, "\x06"+strings.Repeat(segment, 6))
	for n := len(header); n < len(wasm); n++ {
		for range 40 {
			changed := []byte(wasm)
			changed[n] = byte(random.Uint32())
			samePassing(t, string(changed))
		}
	}
}
