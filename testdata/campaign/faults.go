package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator/validatortest/generate"
)

// faults counts in how many modules each fault is.
type faults struct {
	list    []generate.Fault // that modules are made with
	modules map[string]int   // by name
}

func newFaults(list []generate.Fault) faults { return faults{list, make(map[string]int)} }

// faultsWith returns those that are faults where all of the features are known, and
// no others.
func faultsWith(f ops.Features) faults {
	var list []generate.Fault
	for _, fault := range generate.Faults() {
		if f.Missing(fault.Needs) == 0 && f&fault.Without == 0 {
			list = append(list, fault)
		}
	}
	return newFaults(list)
}

// print writes how many of the faults were there, and which were not.
func (f faults) print(w io.Writer) {
	if len(f.modules) == 0 {
		return // no module was generated with a fault
	}
	fmt.Fprintf(w, "faulty modules have %d of the %d faults of these features\n", len(f.modules), len(f.list))
	var missing []string
	for _, fault := range f.list {
		if f.modules[fault.Name] == 0 {
			missing = append(missing, fault.Name)
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "none has %s\n", strings.Join(missing, "; "))
	}
}
