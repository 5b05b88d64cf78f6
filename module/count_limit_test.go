package module_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
)

// hugeNumbers are 2^32-1, 2^31 and 1,000,000 in five bytes.
var hugeNumbers = []string{"\xff\xff\xff\xff\x0f", "\x80\x80\x80\x80\x08", "\xc0\x84\xbd\x80\x00"}

// Wherever a custom section has a number, a large one in its place takes no memory:
// it may be that of the items that follow, and they do not.
func TestHugeCountsOfCustomSections(t *testing.T) {
	const most = 16 << 10 // bytes
	sections := append(slices.Clip(customSections), customSections[0])
	names := &sections[len(customSections)]
	names.name, names.read = "name", anyReader(module.ReadNames)
	names.good = "\x00\x02\x01m" + "\x01\x05\x01\x00\x02ab" + "\x02\x06\x01\x00\x01\x00\x01x"
	for _, c := range sections {
		t.Run(c.name, func(t *testing.T) {
			for _, number := range hugeNumbers {
				for i := range c.good {
					content := []byte(c.good[:i] + number + c.good[i+1:])
					got := allocated(func() { _, _ = c.read(content, 0) })
					if got > most {
						t.Errorf("%q: %d bytes allocated, want at most %d", content, got, most)
					}
				}
			}
		})
	}
}

// A parser and the reader of a section make room for nothing that is not there.
func TestHugeCountsOfSections(t *testing.T) {
	const most = 16 << 10 // bytes
	for _, id := range "\x01\x02\x03\x04\x05\x06\x07\x09\x0a\x0b\x0c\x0d" {
		for _, number := range hugeNumbers {
			wasm := []byte(header + string(id) + "\xff\xff\xff\xff\x07" + number + "\x00\x00\x00")
			got := allocated(func() {
				if err := decodeAll(wasm, ops.All, func() int { return len(wasm) }).err; err == nil {
					t.Errorf("section %d with %x is well-formed", id, number)
				}
			})
			if got > most {
				t.Errorf("section %d with %x: %d bytes allocated, want at most %d", id, number, got, most)
			}
		}
	}
}

// How many items a section has room for is no more than its bytes can hold.
func TestBacked(t *testing.T) {
	is := is.New(t)
	var s module.SectionReader
	s.Reset(module.Section{ID: module.SectionFunction, Size: 11, Content: []byte("\x0a0123456789")}, ops.Default)
	n, err := s.Count()
	is.NoErr(err)
	is.Equal(n, uint32(10))
	for _, c := range []struct{ size, want int }{{1, 10}, {3, 3}, {10, 1}, {11, 0}} {
		is.Equal(s.Backed(c.size), c.want)
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
