package main

import (
	"regexp"
	"strings"
)

// reason is something known about a judge that makes it differ from us.
type reason struct {
	judge  string         // how its name begins
	ours   *regexp.Regexp // our verdict
	theirs *regexp.Regexp // the judge's verdict
	text   string         // why, and what the specification says
}

// reasons lists them; the first that fits is taken.
var reasons = []*reason{}

// explain returns the reason why the verdicts differ, nil when none is known.
func explain(j judge, wasm []byte, mine, theirs verdict) *reason {
	for _, r := range reasons {
		if strings.HasPrefix(j.name(), r.judge) && r.ours.MatchString(mine.String()) && r.theirs.MatchString(theirs.String()) {
			return r
		}
	}
	return nil
}
