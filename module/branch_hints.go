package module

// BranchHints is the branch hints of one function.
type BranchHints struct {
	Func  uint32       // index of the function
	Hints []BranchHint // in the order of the section
}

// BranchHint says which way a conditional branch is likely to go.
type BranchHint struct {
	Offset uint32 // of the operator, in bytes from the start of the function body
	Taken  bool   // likely; otherwise unlikely
}

// ReadBranchHints reads the contents of a metadata.code.branch_hint section,
// which lie offset bytes from the start of the module. The error is an
// *ops.SyntaxError and says nothing about the module.
//
// Specification: WebAssembly Code Metadata, 2.1.1 "Branch Hints".
func ReadBranchHints(content []byte, offset int) ([]BranchHints, error) {
	c := newCustomReader(content, offset)
	lastFunc := int64(-1)
	hints := list(c, func() BranchHints {
		at := c.r.Offset()
		f := BranchHints{Func: c.u32()}
		if int64(f.Func) <= lastFunc {
			c.fail(at, "branch hints out of order")
		}
		lastFunc = int64(f.Func)
		last := int64(-1)
		f.Hints = list(c, func() BranchHint { return c.branchHint(&last) })
		return f
	})
	return hints, c.end()
}

// branchHint reads a hint, which must lie beyond the last one.
func (c *customReader) branchHint(last *int64) BranchHint {
	at := c.r.Offset()
	h := BranchHint{Offset: c.u32()}
	if int64(h.Offset) <= *last {
		c.fail(at, "branch hints out of order")
	}
	*last = int64(h.Offset)
	if at = c.r.Offset(); c.u32() != 1 {
		c.fail(at, "malformed branch hint size")
	}
	at = c.r.Offset()
	value := c.byte()
	if value > 1 {
		c.fail(at, "malformed branch hint value")
	}
	h.Taken = value == 1
	return h
}
