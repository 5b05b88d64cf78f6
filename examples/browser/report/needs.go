package report

import (
	"context"
	"errors"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// Need is a proposal that a module needs, and the first place where it does.
type Need struct {
	Feature string `json:"feature"`
	Allowed bool   `json:"allowed"` // the module may use it
	Offset  int    `json:"offset"`  // of the place, in bytes from the start of the module
	// Func is the function that contains the place, Op the operator there and Item
	// what of a section contains it; nil where there is none.
	Func    *explain.Func     `json:"func,omitempty"`
	Op      *explain.Operator `json:"op,omitempty"`
	Item    *explain.Item     `json:"item,omitempty"`
	Section *explain.Section  `json:"section,omitempty"`
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
		opts := []validator.Option{validator.WithFeatures(given), validator.WithWorkers(1)}
		m, err := validator.Validate(ctx, wasm, opts...)
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
		place := explain.Explain(wasm, refused, opts...)
		for _, name := range missing.Names() {
			places[name] = newNeed(name, place, allowed)
		}
		given |= missing
	}
}

// newNeed returns the need of a proposal, at the place where the module was refused
// without it.
func newNeed(feature string, place *explain.Diagnosis, allowed ops.Features) Need {
	n := Need{Feature: feature, Offset: place.Offset, Func: place.Func, Item: place.Item, Section: place.Section}
	if f, err := ops.ParseFeatures(feature); err == nil {
		n.Allowed = allowed.Has(f)
	}
	// Outside of functions, an operator is no more than what a construct of the
	// proposal looks like to those who do not know it.
	if place.Func != nil {
		n.Op = place.Op
	}
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
