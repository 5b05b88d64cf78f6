package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"golang.org/x/exp/mmap"

	"github.com/wasmstate/wasmstate/validator"
)

// judgeMapped validates the module in the large file at path, in memory that does
// not grow with it. The function at fault has no name: the name section is among
// what is not read.
func judgeMapped(ctx context.Context, path string, opts []validator.Option) verdict {
	file, err := mmap.Open(path)
	if err != nil {
		return verdict{trouble: err}
	}
	defer file.Close()
	r := mappedReader{file}
	size := int64(file.Len())
	start := time.Now()
	m, err := validator.ValidateReaderAt(ctx, r, size, opts...)
	v := newVerdict(m, err, size, start)
	head := make([]byte, headSize)
	n, _ := r.ReadAt(head, 0)
	v.hint = hintFor(v.mistakes, head[:n])
	return v
}

// mappedReader reads a file that is mapped into memory.
type mappedReader struct{ file *mmap.ReaderAt }

// errCut says that there is nothing behind a part of the mapped memory.
var errCut = errors.New("the file was cut off while it was read")

// ReadAt copies a part of the file. A file that became shorter after it was mapped
// is an error, where it would be the end of the program otherwise.
func (r mappedReader) ReadAt(p []byte, offset int64) (n int, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			n, err = 0, errCut
		}
	}()
	return r.file.ReadAt(p, offset)
}
