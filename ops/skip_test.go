package ops_test

import (
	"bytes"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

func TestSkipExpr(t *testing.T) {
	const end = "unexpected end of section or function"
	for _, c := range []struct {
		name    string
		hex     string
		open    []ops.Op
		left    int // bytes after the end
		message string
		offset  int
	}{
		{"empty", "0b", nil, 0, "", 0},
		{"stops at its end", "01 0b 01 0b", nil, 2, "", 0},
		{"blocks", "02 40 03 40 0b 0b 0b", nil, 0, "", 0},
		{"if else", "41 00 04 40 01 05 01 0b 0b", nil, 0, "", 0},
		{"try catches", "06 40 07 00 07 01 19 0b 0b", nil, 0, "", 0},
		{"try delegate", "06 40 18 00 0b", nil, 0, "", 0},
		{"try alone", "06 40 0b 0b", nil, 0, "", 0},
		{"try_table", "1f 40 01 02 00 0b 0b", nil, 0, "", 0},
		{"inside blocks", "0b 0b 0b", []ops.Op{ops.Block, ops.Loop}, 0, "", 0},
		{"inside if", "05 0b 0b", []ops.Op{ops.If}, 0, "", 0},
		{"inside catch", "07 00 0b 0b", []ops.Op{ops.LegacyCatch}, 0, "", 0},
		{"nothing", "", nil, 0, end, 0},
		{"no end", "01 02 40 0b", nil, 0, end, 4},
		{"cut off", "01 41", nil, 0, end, 2},
		{"malformed", "01 ff", nil, 0, "illegal opcode ff", 1},
		{"else outside", "05 0b", nil, 0, "END opcode expected: an else must follow the first part of an if", 0},
		{"else in block", "02 40 05 0b 0b", nil, 0, "END opcode expected: an else must follow the first part of an if", 2},
		{"else twice", "04 40 05 05 0b 0b", nil, 0, "END opcode expected: an else must follow the first part of an if", 3},
		{"else inside else", "05 0b 0b", []ops.Op{ops.Else}, 0, "END opcode expected: an else must follow the first part of an if", 0},
		{"catch outside", "07 00 0b", nil, 0, "illegal opcode 07: catch must follow the body of a try", 0},
		{"catch in try_table", "1f 40 00 07 00 0b 0b", nil, 0, "illegal opcode 07: catch must follow the body of a try", 3},
		{"catch after catch_all", "06 40 19 07 00 0b 0b", nil, 0, "illegal opcode 07: catch must follow the body of a try", 3},
		{"catch_all twice", "06 40 19 19 0b 0b", nil, 0, "illegal opcode 19: catch_all must follow the body of a try", 3},
		{"delegate after catch", "06 40 07 00 18 00 0b", nil, 0, "illegal opcode 18: delegate must follow the body of a try", 4},
		{"delegate outside", "18 00 0b", nil, 0, "illegal opcode 18: delegate must follow the body of a try", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			d := ops.NewDecoder(unhex(t, c.hex), 0, ops.All)
			err := ops.SkipExprWithin(d, c.open)
			if c.message == "" {
				is.NoErr(err)
				is.Equal(d.Len(), c.left)
				return
			}
			s := syntaxError(t, err)
			is.Equal(s.Message, c.message)
			is.Equal(s.Offset, c.offset)
		})
	}
}

func TestSkipExprDeep(t *testing.T) {
	is := is.New(t)
	const depth = 100_000
	var code []byte
	for range depth {
		code = append(code, 0x02, 0x40)
	}
	for range depth + 1 {
		code = append(code, 0x0B)
	}
	d := ops.NewDecoder(code, 0, ops.MVP)
	is.NoErr(ops.SkipExpr(d))
	is.Equal(d.Len(), 0)
}

// An expression is decoded no further once that is no longer wanted, and to its
// end as long as it is.
func TestSkipExprStopped(t *testing.T) {
	is := is.New(t)
	code := append(bytes.Repeat([]byte{0x01}, 10_000), 0x0b)
	var stop atomic.Bool
	d := ops.NewDecoder(code, 0, ops.Default)
	d.StopAt(&stop)
	is.NoErr(ops.SkipExpr(d))
	is.Equal(d.Len(), 0)

	d.Seek(0)
	stop.Store(true)
	is.Equal(ops.SkipExpr(d), ops.ErrStopped)
	is.Equal(d.Pos(), 0)

	d.Reset(code, 0, ops.Default) // which forgets it
	is.NoErr(ops.SkipExpr(d))
}
