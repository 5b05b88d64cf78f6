package report

import (
	"context"
	"errors"
	"time"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// Verdict is what there is to say about a module as a whole.
type Verdict struct {
	Valid bool `json:"valid"`
	Bytes int  `json:"bytes"`
	// Milliseconds is how long it took to validate it.
	Milliseconds float64 `json:"milliseconds"`
	// Name is what the module calls itself, and Facts is what it has, for people.
	Name  string `json:"name,omitempty"`
	Facts []Fact `json:"facts,omitempty"`
	// Diagnosis explains why the module was refused; nil when it is valid.
	Diagnosis *explain.Diagnosis `json:"diagnosis,omitempty"`
}

// Mistakes are what is wrong with a module, the first in the order of the module
// first.
type Mistakes struct {
	List []*explain.Diagnosis `json:"list"`
	// More says that there may be others.
	More bool `json:"more"`
}

// Fact is how many of something a module has.
type Fact struct {
	Count int    `json:"count"`
	What  string `json:"what"` // "functions", "imports", …
}

// Judge validates a module that may use the features, and explains what is wrong.
// The error is that of a context that ended, or of progress.
func Judge(ctx context.Context, wasm []byte, features ops.Features, progress func(done, total int64)) (*Verdict, error) {
	v := &Verdict{Bytes: len(wasm), Name: readNames(wasm).module()}
	opts := []validator.Option{validator.WithFeatures(features), validator.WithWorkers(1)}
	start := time.Now()
	m, err := validator.Validate(ctx, wasm, append(opts, validator.WithProgress(progress))...)
	v.Milliseconds = time.Since(start).Seconds() * 1000
	var refused *validator.Error
	switch {
	case errors.As(err, &refused):
		v.Diagnosis = explain.Explain(wasm, refused, opts...)
	case err != nil:
		return nil, err
	default:
		v.Valid = true
		v.Facts = facts(m)
	}
	return v, nil
}

// maxMistakes is how many mistakes of a module are explained.
const maxMistakes = 20

// FindMistakes explains what is wrong with a module in each of its functions. The
// error is that of a context that ended.
func FindMistakes(ctx context.Context, wasm []byte, features ops.Features) (*Mistakes, error) {
	opts := []validator.Option{validator.WithFeatures(features), validator.WithWorkers(1)}
	found, err := validator.Errors(ctx, wasm, maxMistakes, opts...)
	if err != nil {
		return nil, err
	}
	m := &Mistakes{List: []*explain.Diagnosis{}, More: len(found) == maxMistakes}
	for _, refused := range found {
		m.List = append(m.List, explain.Explain(wasm, refused, opts...))
	}
	return m, nil
}

// facts lists what a module has, without what it has none of.
func facts(m *module.Module) []Fact {
	all := []Fact{
		{m.NumBodies(), "functions"},
		{m.NumImports(), "imports"},
		{len(m.Exports()), "exports"},
		{m.Types().Len(), "types"},
		{m.NumGlobals(), "globals"},
		{m.NumTables(), "tables"},
		{m.NumMemories(), "memories"},
		{m.NumTags(), "tags"},
		{m.NumElems(), "element segments"},
		{m.NumData(), "data segments"},
		{len(m.CustomSections()), "custom sections"},
	}
	var there []Fact
	for _, f := range all {
		if f.Count > 0 {
			there = append(there, f)
		}
	}
	return there
}
