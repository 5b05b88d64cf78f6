package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// thousand returns a folder of a thousand modules, three of which are bad.
func thousand(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i := range 1000 {
		m := validatortest.NewModule().Type("func")
		for range i % 7 {
			m.Func(0, "", "i32.const "+strconv.Itoa(i)+" drop")
		}
		wasm := m.Bytes()
		switch i {
		case 17:
			wasm = wrong().Bytes()
		case 500:
			wasm = wasm[:len(wasm)-1]
		case 998:
			wasm = []byte("<!doctype html>")
		}
		put(t, dir, fmt.Sprintf("%d/%d/m%03d.wasm", i/100, i/10%10, i), wasm)
	}
	return dir
}

// A line for each bad module, a summary, the same output however many goroutines
// are at work.
func TestThousand(t *testing.T) {
	dir := thousand(t)
	var first result
	for _, workers := range []string{"1", "2", "7"} {
		t.Run(workers+" workers", func(t *testing.T) {
			is := is.New(t)
			r := command(t, dir, "", "-workers", workers, ".")
			is.Equal(r.status, 1)
			lines := r.lines()
			is.Equal(len(lines), 3)
			is.True(strings.HasPrefix(lines[0], "0/1/m017.wasm: invalid at 0x"))
			is.True(strings.HasPrefix(lines[1], "5/0/m500.wasm: malformed at 0x"))
			is.True(strings.HasPrefix(lines[2], "9/9/m998.wasm: malformed at 0x0: "))
			is.True(strings.HasPrefix(r.stderr, "wasmvalidate: 1000 files, "))
			is.True(strings.Contains(r.stderr, ": 997 valid, 1 invalid, 2 malformed ("))
			is.Equal(strings.Count(r.stderr, "\n"), 1)
			if first.stdout == "" {
				first = r
			}
			is.Equal(r.stdout, first.stdout)
		})
	}
	for _, format := range []string{"json", "sarif", "github"} {
		t.Run(format, func(t *testing.T) {
			is := is.New(t)
			one := command(t, dir, "", "-workers", "1", "-format", format, "-all", "3", "-explain", "always", ".")
			many := command(t, dir, "", "-workers", "8", "-format", format, "-all", "3", "-explain", "always", ".")
			is.Equal(one.status, 1)
			is.Equal(many.status, 1)
			is.Equal(one.stdout, many.stdout)
			is.Equal(one.stderr, "")
		})
	}
}

// All files of a folder are judged although one of them cannot be read.
func TestManyWithTrouble(t *testing.T) {
	is := is.New(t)
	dir := folder(t)
	put(t, dir, "cut.wasm.gz", compressed(t, good().Bytes())[:20])
	r := command(t, dir, "", ".")
	is.Equal(r.status, 2)
	is.Equal(len(r.lines()), 3)
	is.True(strings.HasPrefix(r.stderr, "wasmvalidate: cut.wasm.gz: unexpected EOF\n"))
	is.True(strings.Contains(r.stderr, "1 valid, 1 invalid, 2 malformed, 1 not read"))
}

// What is said is said in order even where later inputs are ready first, and an
// error ends it.
func TestInOrder(t *testing.T) {
	is := is.New(t)
	const n = 300
	last := make(chan bool)
	var said []int
	done := 0
	err := inOrder(t.Context(), n, 4, func(_ context.Context, _, i int, yield func(int) bool) {
		if i == 0 {
			<-last
		}
		if i == 3 {
			close(last)
		}
		for range i % 40 {
			yield(i)
		}
	}, func(i int) error {
		said = append(said, i)
		return nil
	}, func() { done++ })
	is.NoErr(err)
	is.Equal(done, n)
	var want []int
	for i := range n {
		for range i % 40 {
			want = append(want, i)
		}
	}
	is.Equal(said, want)
}
