package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// coverage counts in how many modules each operator is.
type coverage map[ops.Op]int

// add counts the operators of the function bodies of a module.
func (c coverage) add(wasm []byte) {
	seen := map[ops.Op]bool{}
	anyOperator(wasm, func(in *ops.Instr, _ []byte) bool {
		seen[in.Op] = true
		return false
	})
	for op := range seen {
		c[op]++
	}
}

// addAll counts the operators of many modules.
func (c coverage) addAll(batch [][]byte) {
	for _, wasm := range batch {
		c.add(wasm)
	}
}

// print writes how many rows of the operator table that belong to the features were
// there, which was there least, and which were not.
func (c coverage) print(w io.Writer, f ops.Features) {
	var least *ops.Row
	var missing []string
	n := 0
	for row := range ops.Rows() {
		if f.Missing(row.Feature) != 0 {
			continue
		}
		n++
		switch count := c[row.Op]; {
		case count == 0:
			missing = append(missing, row.Name)
		case least == nil || count < c[least.Op]:
			least = row
		}
	}
	if least == nil {
		return // no module was generated
	}
	fmt.Fprintf(w, "generated modules have %d of the %d operators of these features, the rarest, %s, in %d modules\n",
		n-len(missing), n, least.Name, c[least.Op])
	if len(missing) > 0 {
		fmt.Fprintf(w, "none has %s\n", strings.Join(missing, ", "))
	}
}
