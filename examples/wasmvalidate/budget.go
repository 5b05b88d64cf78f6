package main

import (
	"fmt"
	"io"
)

// budget bounds how many bytes come out of one archive, so that a small file that
// unpacks to a huge one costs a known amount of work. What is large is validated while it
// is unpacked, and takes no memory in proportion; what a report says of each module does.
type budget struct{ limitBytes, left int64 }

func newBudget(limit int64) *budget { return &budget{limit, limit} }

// unpackError says that a budget was used up.
type unpackError struct{ limit int64 }

func (e *unpackError) Error() string {
	return fmt.Sprintf("unpacked size: more than the limit of %d bytes (-unpack-limit raises it)", e.limit)
}

// limit returns a reader of r that takes what it reads out of the budget.
func (b *budget) limit(r io.Reader) io.Reader { return &budgetReader{b, r} }

type budgetReader struct {
	budget *budget
	r      io.Reader
}

func (r *budgetReader) Read(p []byte) (int, error) {
	b := r.budget
	if b.left < 0 {
		return 0, &unpackError{b.limitBytes}
	}
	// One byte beyond the budget tells its end from the end of the data.
	if int64(len(p))-1 > b.left {
		p = p[:b.left+1]
	}
	n, err := r.r.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, &unpackError{b.limitBytes}
	}
	return n, err
}
