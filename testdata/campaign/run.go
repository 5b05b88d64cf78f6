package main

import (
	"regexp"
	"time"

	"github.com/wasmstate/wasmstate/ops"
	"github.com/wasmstate/wasmstate/testdata/reduce"
)

// campaign is what is to be compared.
type campaign struct {
	generated, faulty, mutated int
	seed                       uint64
	until                      time.Time // stop then; the zero value goes on to the end
}

// result is what came of it for one judge.
type result struct {
	judge    string
	seed     uint64
	features ops.Features
	sources  []*tally
	took     time.Duration
}

// tally counts the modules of one source.
type tally struct {
	source        string
	modules       int
	valid         int // that both say are
	invalid       int // that both say are not
	disagreements []*disagreement
}

// disagreement is a group of modules about which ours and the judge's verdicts
// differ in the same way.
type disagreement struct {
	ours, theirs verdict // of the first of them
	modules      int
	reason       *reason // nil when there is none
	wasm         []byte  // the smallest module that shows it
}

// batchSize is how many modules a judge is asked about at a time.
const batchSize = 500

// tries is how many modules a reduction may ask about.
const tries = 10_000

// run compares with one judge.
func (c campaign) run(j judge) (*result, error) {
	start := time.Now()
	r := &result{judge: j.name(), seed: c.seed, features: j.features()}
	m := newMaker(c.seed, r.features)
	for _, s := range []struct {
		name string
		n    int
		next func() ([]byte, error)
	}{{"generated", c.generated, m.generated}, {"faulty", c.faulty, m.faulty}, {"mutated", c.mutated, m.mutated}} {
		t := &tally{source: s.name}
		r.sources = append(r.sources, t)
		for t.modules < s.n && (c.until.IsZero() || time.Now().Before(c.until)) {
			var batch [][]byte
			for range min(batchSize, s.n-t.modules) {
				wasm, err := s.next()
				if err != nil {
					return nil, err
				}
				batch = append(batch, wasm)
			}
			if err := t.compare(j, batch); err != nil {
				return nil, err
			}
		}
	}
	r.took = time.Since(start)
	return r, nil
}

// compare counts the modules of a batch.
func (t *tally) compare(j judge, batch [][]byte) error {
	theirs, err := j.judge(batch)
	if err != nil {
		return err
	}
	for i, wasm := range batch {
		t.modules++
		mine := ours(wasm, j.features())
		switch {
		case mine.valid != theirs[i].valid:
			t.disagree(j, wasm, mine, theirs[i])
		case mine.valid:
			t.valid++
		default:
			t.invalid++
		}
	}
	return nil
}

// disagree notes a disagreement. The first of its kind is made smaller.
func (t *tally) disagree(j judge, wasm []byte, mine, theirs verdict) {
	why := explain(j, wasm, mine, theirs)
	for _, d := range t.disagreements {
		if d.reason == why && (why != nil || kind(d.ours) == kind(mine) && kind(d.theirs) == kind(theirs)) {
			d.modules++
			return
		}
	}
	holds := func(wasm []byte) bool {
		a := ours(wasm, j.features())
		if kind(a) != kind(mine) {
			return false
		}
		b, err := one(j, wasm)
		return err == nil && kind(b) == kind(theirs)
	}
	d := &disagreement{mine, theirs, 1, why, reduce.Module(wasm, tries, holds)}
	t.disagreements = append(t.disagreements, d)
}

var (
	names   = regexp.MustCompile(`^WebAssembly\.Module\(\): | export\[.*?"\]|:?"[^"]*"`)
	numbers = regexp.MustCompile(`0x[0-9a-f]+|\d+`)
)

// kind returns a verdict without what differs from module to module.
func kind(v verdict) string {
	if v.valid {
		return "valid"
	}
	return numbers.ReplaceAllString(names.ReplaceAllString(v.message, ""), "N")
}
