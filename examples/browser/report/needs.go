package report

import (
	"context"
	"errors"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
)

// Need is a proposal that a module needs, and the first place where it does.
type Need struct {
	Feature string `json:"feature"`
	Offset  int    `json:"offset"` // in bytes from the start of the module
	// Allowed says that the module may use it.
	Allowed bool `json:"allowed"`
	// Func is the function that contains the place, -1 outside of them, and Name is
	// what the module calls it.
	Func int    `json:"func"`
	Name string `json:"name,omitempty"`
	// Op is the operator there, "" where there is none.
	Op string `json:"op,omitempty"`
	// Section is the section that contains the place.
	Section string `json:"section,omitempty"`
	// Message is what is said of a module that has no right to it.
	Message string `json:"message"`
}

// Needs is what a module needs.
type Needs struct {
	List []Need `json:"list"`
	// Complete is false for a module that no features make valid: its list ends
	// with what is needed to come as far as the error.
	Complete bool `json:"complete"`
	// Minimum is the list as [ops.ParseFeatures] reads it.
	Minimum string `json:"minimum"`
}

// FindNeeds finds what a module needs, and says what of it is in allowed. It
// starts with nothing and gives the module what it asks for, one proposal after
// another, until it is satisfied. The error is that of a context that ended.
func FindNeeds(ctx context.Context, wasm []byte, allowed ops.Features) (*Needs, error) {
	places := make(map[string]Need)
	given := ops.MVP
	for {
		m, err := validator.Validate(ctx, wasm, validator.WithFeatures(given), validator.WithWorkers(1))
		if err == nil {
			return choose(places, m.RequiredFeatures().Minimal(), true), nil
		}
		var refused *validator.Error
		if !errors.As(err, &refused) {
			return nil, err
		}
		missing := given.Missing(refused.Feature)
		if missing == 0 {
			return choose(places, given.Minimal(), false), nil
		}
		for _, name := range missing.Names() {
			places[name] = place(wasm, name, refused, allowed)
		}
		given |= missing
	}
}

// place returns the place of an error as the one that needs a proposal.
func place(wasm []byte, feature string, err *validator.Error, allowed ops.Features) Need {
	n := Need{Feature: feature, Offset: err.Offset, Func: err.Func, Message: err.Message}
	if f, err := ops.ParseFeatures(feature); err == nil {
		n.Allowed = allowed.Has(f)
	}
	if err.Func >= 0 {
		n.Name = readNames(wasm).function(err.Func)
	}
	if err.InOp {
		n.Op = err.Op.String()
	}
	n.Section = sectionAt(wasm, err.Offset)
	return n
}

// choose returns the needs that are in required. The others were asked for on
// the way, and are there with what was asked for later.
func choose(places map[string]Need, required ops.Features, complete bool) *Needs {
	needs := &Needs{List: []Need{}, Complete: complete, Minimum: required.String()}
	for _, name := range required.Names() {
		if n, ok := places[name]; ok {
			needs.List = append(needs.List, n)
		}
	}
	return needs
}
