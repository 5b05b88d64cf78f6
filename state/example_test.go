package state_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/state"
)

// An upload is begun, written to, and then either committed or given up; after
// that no copy of its handle may write to it. The upload itself is used again for
// the next one, so a stale copy would write into somebody else's.

// upload is what all handles of one upload share.
type upload struct {
	cell state.Cell
	data strings.Builder
}

// The transitions that spend a handle, and their names.
const (
	byBegin state.Transition = iota
	byCommit
	byGiveUp
)

var transitions = []string{byBegin: "Begin", byCommit: "Commit", byGiveUp: "GiveUp"}

// Idle is an upload that has not begun. It can begin, and nothing else.
type Idle struct {
	_     idle
	token state.Token
	u     *upload
}

// Open is an upload under way. It can be written to, and ended in two ways.
type Open struct {
	_     open
	token state.Token
	u     *upload
}

// The marks keep the compiler from converting one into the other.
type (
	idle struct{}
	open struct{}
)

// NewUpload returns an upload that has not begun.
func NewUpload() Idle {
	u := new(upload)
	return Idle{token: u.cell.Init(transitions), u: u}
}

// Begin begins the upload. It spends i.
func (i Idle) Begin() (Open, error) {
	token, err := i.token.Spend(byBegin)
	if err != nil {
		return Open{token: i.token, u: i.u}, err
	}
	i.u.data.Reset()
	return Open{token: token, u: i.u}, nil
}

// Write adds to the upload.
func (o Open) Write(p []byte) (int, error) {
	if err := o.token.Err(); err != nil {
		return 0, err
	}
	return o.u.data.Write(p)
}

// Commit ends the upload and returns what was written. It spends o.
func (o Open) Commit() (string, Idle, error) {
	token, err := o.token.Spend(byCommit)
	if err != nil {
		return "", Idle{token: o.token, u: o.u}, err
	}
	return o.u.data.String(), Idle{token: token, u: o.u}, nil
}

// GiveUp ends the upload without a result. It spends o.
func (o Open) GiveUp() Idle {
	token, err := o.token.Spend(byGiveUp)
	if err != nil {
		return Idle{token: o.token, u: o.u}
	}
	return Idle{token: token, u: o.u}
}

func ExampleCell() {
	waiting := NewUpload()
	first, _ := waiting.Begin()
	io.WriteString(first, "one")
	text, waiting, _ := first.Commit()
	fmt.Println("committed:", text)

	second, _ := waiting.Begin()
	io.WriteString(second, "two")

	// A copy of the handle of the first upload does not reach the second.
	_, err := first.Write([]byte(" and more"))
	fmt.Println(err)
	fmt.Println("is ErrSpent:", errors.Is(err, state.ErrSpent))

	text, _, _ = second.Commit()
	fmt.Println("committed:", text)

	var zero Open
	_, err = zero.Write(nil)
	fmt.Println(err)
	// Output:
	// committed: one
	// handle is spent: by Commit
	// is ErrSpent: true
	// committed: two
	// handle is spent: it is the zero value
}

func ExampleLocals() {
	var locals state.Locals
	locals.Reset([]ops.ValType{ops.I32})     // a parameter
	locals.Declare(2, ops.F64)               // two locals
	locals.Declare(1, ops.HeapFunc.Ref())    // one that has no default value
	mark := locals.Inits()                   // a block begins
	locals.Initialize(3, ops.HeapFunc.Ref()) // local.set 3
	fmt.Println(locals.Initialized(3, ops.HeapFunc.Ref()))
	locals.Restore(mark) // the block ends
	fmt.Println(locals.Initialized(3, ops.HeapFunc.Ref()))
	t, _ := locals.Type(2)
	fmt.Println(locals.Len(), t)
	// Output:
	// true
	// false
	// 4 f64
}

// A handle that is used twice finds its token spent.
func ExampleToken() {
	var cell state.Cell
	first := cell.Init([]string{"Open", "Close"})
	second, err := first.Spend(0) // Open
	fmt.Println(second.Live(), err)
	_, err = first.Spend(1) //spent:ignore the example is about this mistake
	fmt.Println(err)
	var spent *state.SpentError
	fmt.Println(errors.As(first.Err(), &spent), spent.By)
	// Output:
	// true <nil>
	// handle is spent: by Open
	// true Open
}

// Buffers go from one function to the next, and let go of what was unusual.
func ExampleAllocations() {
	var a state.Allocations
	a.Operands = append(a.Operands, ops.I32, ops.I64)
	a.Trim()
	fmt.Println(len(a.Operands), cap(a.Operands) > 0) // emptied, and kept
	a.Operands = make([]ops.ValType, 1<<20)
	a.Trim()
	fmt.Println(cap(a.Operands)) // given back
	// Output:
	// 0 true
	// 0
}

func ExampleFrameKind() {
	f := state.Frame{Kind: state.FrameElse, Block: ops.BlockResult(ops.I32)}
	fmt.Println(f.Kind, f.Block, f.Kind.Op() == ops.Else)
	// Output: else (result i32) true
}
