package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
	"golang.org/x/exp/mmap"

	"github.com/wasmstate/wasmstate/validator/validatortest"
)

// TestMapped validates files that are mapped because they are large. They are
// large by a custom section of nothing, which takes no place on the disk.
func TestMapped(t *testing.T) {
	dir := t.TempDir()
	head := func(m *validatortest.Module) []byte {
		// A custom section without name, of 64 MiB: id, size, length of the name.
		return append(m.Bytes(), 0, 0x80, 0x80, 0x80, 0x20, 0)
	}
	write := func(name string, content []byte, length int64) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, length); err != nil {
			t.Fatal(err)
		}
	}
	good := head(validatortest.NewModule().Type("func").Func(0, "", "nop"))
	bad := head(validatortest.NewModule().Type("func").Func(0, "", "i32.const 0"))
	whole := func(head []byte) int64 { return int64(len(head)) - 1 + 64<<20 }
	write("good.wasm", good, whole(good))
	write("bad.wasm", bad, whole(bad))
	write("cut.wasm", good, whole(good)-1)
	for _, tt := range []struct{ file, want string }{
		{"good.wasm", "good.wasm: valid (67.1 MB, 1 function"},
		{"bad.wasm", "bad.wasm: invalid at 0x19 in func 0: end: type mismatch"},
		{"cut.wasm", "cut.wasm: malformed at"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			is := is.New(t)
			is.True(whole(good) >= large)
			r := command(t, dir, "", tt.file)
			if !strings.HasPrefix(r.stdout, tt.want) {
				t.Errorf("got %q, want %q", r.stdout, tt.want)
			}
			is.Equal(r.status, map[bool]int{true: 0, false: 1}[tt.file == "good.wasm"])
		})
	}
}

// A mapped file that becomes shorter is an error and not the end of the program.
func TestMappedFileCut(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	put(t, dir, "a.wasm", make([]byte, 1<<20))
	path := filepath.Join(dir, "a.wasm")
	file, err := mmap.Open(path)
	is.NoErr(err)
	defer file.Close()
	if err := os.Truncate(path, 8); err != nil {
		t.Skip("a mapped file cannot be cut here:", err)
	}
	_, err = mappedReader{file}.ReadAt(make([]byte, 100), 1<<19)
	is.Equal(err, errCut)
}
