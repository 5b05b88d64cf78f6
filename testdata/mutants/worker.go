package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// worker judges one mutant after another.
type worker struct {
	suite  *suite
	row    looping // the tests of rows
	table  looping // those of the table
	judged int
}

func newWorker(s *suite) *worker {
	return &worker{
		suite: s,
		row:   looping{program: s.validator, dir: filepath.Join(s.root, "validator")},
		table: looping{program: s.ops, dir: filepath.Join(s.root, "ops")},
	}
}

func (w *worker) stop() {
	w.row.stop()
	w.table.stop()
}

// control is after how many mutants the tests must pass again without one.
const control = 50

// attempt is some tests that a mutant may not survive.
type attempt struct {
	name    string
	tests   *looping
	pattern string
}

// attempts returns the tests to be tried first. A wrong name or encoding makes the
// tests of the row crash, so that those of the table come first.
func (w *worker) attempts(m *mutant) []attempt {
	switch w.suite.of {
	case ofRules:
		return []attempt{{"the rows", &w.row, "^Test(Rows|Fixed)"}, {"other tests", &w.row, "^Test"}}
	case ofLoop:
		return []attempt{{"its row", &w.row, rowPattern(m.row)}, {"other tests", &w.row, "^Test"}}
	}
	list := []attempt{{"its row", &w.row, rowPattern(m.row)}, {"the table", &w.table, "^Test"}}
	if slices.Contains([]string{"missing", "name", "encoding"}, m.kind) {
		slices.Reverse(list)
	}
	return list
}

// judge finds what kills m: the tests that come first for it, or any.
func (w *worker) judge(m *mutant) error {
	w.judged++
	for _, a := range w.attempts(m) {
		ok, err := a.tests.passes(m.number, a.pattern)
		if err != nil && !errors.Is(err, errGone) {
			return err
		}
		if ok {
			continue
		}
		m.killer = a.name
		if w.judged%control == 0 {
			if ok, err := a.tests.passes(-1, a.pattern); !ok {
				return fmt.Errorf("after %s the tests fail without a mutant: %w", m.name(), err)
			}
		}
		return nil
	}
	if w.suite.of == ofTable { // no table has been derived from what is not yet changed
		m.killer, _ = w.suite.everything(m.number)
	}
	return nil
}
