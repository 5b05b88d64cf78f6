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
	coverage coverage
	faults   faults
	took     time.Duration
}

// The sources of modules.
const (
	generatedModules = "generated"
	faultyModules    = "faulty"
	mutatedModules   = "mutated"
)

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
	features     ops.Features
}

// batchSize is how many modules a judge is asked about at a time.
const batchSize = 500

// tries is how many modules a reduction may ask about.
const tries = 10_000

// ended reports whether the time is over.
func (c campaign) ended() bool { return !c.until.IsZero() && time.Now().After(c.until) }

// run compares with one judge.
func (c campaign) run(j judge) (*result, error) {
	start := time.Now()
	m := newMaker(c.seed, j.features())
	r := &result{judge: j.name(), seed: c.seed, features: j.features(), coverage: coverage{}, faults: m.faults}
	for _, s := range []struct {
		name string
		n    int
		next func() ([]byte, error)
	}{{generatedModules, c.generated, m.generated}, {faultyModules, c.faulty, m.faulty}, {mutatedModules, c.mutated, m.mutated}} {
		t := &tally{source: s.name}
		r.sources = append(r.sources, t)
		for t.modules < s.n && !c.ended() {
			var batch [][]byte
			for range min(batchSize, s.n-t.modules) {
				wasm, err := s.next()
				if err != nil {
					return nil, err
				}
				batch = append(batch, wasm)
			}
			if s.name == generatedModules {
				r.coverage.addAll(batch)
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
	d := &disagreement{mine, theirs, 1, explain(j, wasm, mine, theirs), wasm, j.features()}
	if !t.note(d) {
		return
	}
	holds := func(wasm []byte) bool {
		a := ours(wasm, j.features())
		if kind(a) != kind(mine) {
			return false
		}
		b, err := one(j, wasm)
		return err == nil && kind(b) == kind(theirs)
	}
	d.wasm = reduce.Module(wasm, tries, holds)
}

// note counts a disagreement with those that are like it, and reports whether it is
// the first of its kind.
func (t *tally) note(d *disagreement) bool {
	for _, e := range t.disagreements {
		if e.reason == d.reason && (d.reason != nil || kind(e.ours) == kind(d.ours) && kind(e.theirs) == kind(d.theirs)) {
			e.modules += d.modules
			return false
		}
	}
	t.disagreements = append(t.disagreements, d)
	return true
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
