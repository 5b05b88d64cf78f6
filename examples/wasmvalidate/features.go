package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// need is a proposal that a module needs, and the first place that needs it.
type need struct {
	Feature string `json:"feature"`
	Offset  int    `json:"offset"`
	Func    *int   `json:"func"`
	Where   string `json:"where"`   // the function, the item of a section or the section
	Op      string `json:"op"`      // the operator, "" without one
	Message string `json:"message"` // what is wrong when the proposal is off
}

// listFeatures is the command features.
func listFeatures(ctx context.Context, c *call) int {
	return c.eachModule(ctx, func(name string, wasm []byte) int {
		m, err := validator.Validate(ctx, wasm, validator.WithFeatures(ops.All))
		if err != nil {
			return c.refuse(ctx, name, wasm, err)
		}
		needs := []need{}
		for _, feature := range m.RequiredFeatures().Names() {
			n, err := firstNeed(ctx, wasm, m, feature)
			if err != nil {
				return c.refuse(ctx, name, wasm, err)
			}
			needs = append(needs, n)
		}
		if c.format == formatJSON {
			err = writeJSON(c.stdout, struct {
				File     string `json:"file"`
				Valid    bool   `json:"valid"`
				Features []need `json:"features"`
			}{name, true, needs})
		} else {
			err = c.writeNeeds(name, needs)
		}
		if err != nil {
			return c.complain(err)
		}
		return exitValid
	})
}

// firstNeed returns the first place of a module that needs a proposal: the one
// that is refused when that proposal alone is taken from those that are required.
func firstNeed(ctx context.Context, wasm []byte, m *module.Module, feature string) (need, error) {
	const enough = 100 // of the errors, the first of which may not lie first
	off, err := ops.ParseFeatures(feature)
	if err != nil {
		return need{}, err
	}
	rest, err := ops.ParseFeatures("mvp," + strings.Join(m.RequiredFeatures().Names(), ",") + ",-" + feature)
	if err != nil {
		return need{}, err
	}
	opts := validator.WithFeatures(rest)
	list, err := validator.Errors(ctx, wasm, enough, opts)
	if err != nil {
		return need{}, err
	}
	n := need{Feature: feature, Offset: -1}
	if len(list) == 0 {
		return n, nil
	}
	first := list[0]
	for _, e := range list {
		if e.Feature&off != 0 && (first.Feature&off == 0 || e.Offset < first.Offset) {
			first = e
		}
	}
	n.Offset, n.Message = first.Offset, first.Message
	d := explain.Explain(wasm, first, opts)
	if first.Func >= 0 {
		n.Func = &first.Func
	}
	n.Where = place(d, m)
	if d.Op != nil && first.InOp {
		n.Op = d.Op.Text
	}
	return n, nil
}

// place returns the function, the item of a section or the section of m that a
// diagnosis is about. Names in a diagnosis are fit to be printed.
func place(d *explain.Diagnosis, m *module.Module) string {
	switch {
	case d.Func != nil && d.Func.Name != "":
		return fmt.Sprintf("func %d \"%s\"", d.Func.Index, d.Func.Name)
	case d.Func != nil:
		return fmt.Sprintf("func %d", d.Func.Index)
	case d.Item == nil || d.Item.What == "section":
	case d.Item.Name != "":
		return fmt.Sprintf("%s %d \"%s\"", d.Item.What, d.Item.Number, d.Item.Name)
	default:
		return fmt.Sprintf("%s %d", d.Item.What, d.Item.Number)
	}
	for _, s := range m.Sections() {
		// An offset before the contents is in the header of the section.
		if d.Offset < s.Offset+s.Size {
			return s.ID.String() + " section"
		}
	}
	return "module"
}

// writeNeeds writes what a module needs as a table for people.
func (c *call) writeNeeds(name string, list []need) error {
	paint := newStyle(c.color, c.stdout)
	var features []string
	wide := 0
	for _, n := range list {
		features = append(features, n.Feature)
		wide = max(wide, len(n.Feature))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: needs %s", paint.head(plainName(name)), needs(features))
	if len(list) > 0 {
		fmt.Fprintf(&b, " (validates with -features mvp,%s)", strings.Join(features, ","))
	}
	b.WriteByte('\n')
	for _, n := range list {
		fmt.Fprintf(&b, "  %s%*s  first at 0x%x in %s: %s\n", paint.good(n.Feature), wide-len(n.Feature), "",
			n.Offset, plain(n.Where), plain(cmp.Or(n.Op, "without it, "+n.Message)))
	}
	_, err := c.stdout.Write([]byte(b.String()))
	return err
}
