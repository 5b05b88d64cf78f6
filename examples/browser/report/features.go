package report

import "github.com/wasmstate/wasmstate/ops"

// FeatureChoice is what there is to choose from when one says what a module may
// use.
type FeatureChoice struct {
	All     []string     `json:"all"`
	Sets    []FeatureSet `json:"sets"`
	Default []string     `json:"default"`
}

// FeatureSet is a named set of proposals.
type FeatureSet struct {
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// Features returns all proposals and sets by name.
func Features() FeatureChoice {
	c := FeatureChoice{All: ops.All.Names(), Default: ops.Default.Names()}
	for _, set := range []ops.Features{ops.MVP, ops.Wasm1, ops.Wasm2, ops.Wasm3, ops.Lime1, ops.Default, ops.All} {
		c.Sets = append(c.Sets, FeatureSet{Name: set.String(), Members: set.Names()})
	}
	return c
}

// Chosen returns the set of exactly the proposals named: those that are on
// elsewhere without being named are off here.
func Chosen(names []string) (ops.Features, error) {
	f := ops.WithoutFloats | ops.WithoutGCTypes
	for _, name := range names {
		one, err := ops.ParseFeatures(name)
		if err != nil {
			return 0, err
		}
		switch one {
		case ops.Floats:
			f &^= ops.WithoutFloats
		case ops.GCTypes:
			f &^= ops.WithoutGCTypes
		}
		f |= one
	}
	return f, nil
}
