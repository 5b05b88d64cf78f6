package main

import (
	"context"
	"time"

	"golang.org/x/exp/mmap"

	"github.com/wasmstate/wasmstate/validator"
)

// mapFrom is the size in bytes from which a file is mapped into memory and read
// a piece at a time, instead of being read as a whole.
const mapFrom = 64 << 20

// judgeMapped validates the module in the large file called name, in memory that
// does not grow with it. The function at fault has no name: the name section is
// among what is not read.
func judgeMapped(ctx context.Context, name string, opts []validator.Option) verdict {
	file, err := mmap.Open(name)
	if err != nil {
		return verdict{trouble: err}
	}
	defer file.Close()
	size := int64(file.Len())
	start := time.Now()
	m, err := validator.ValidateReaderAt(ctx, file, size, opts...)
	return newVerdict(m, err, size, start)
}
