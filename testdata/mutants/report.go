package main

import (
	_ "embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
)

// equivalentText lists the mutants that change nothing that anybody could see: the
// mutant as it is printed, or a pattern of path.Match for several, and the proof.
//
//go:embed equivalent.txt
var equivalentText string

// equivalent is one line of equivalent.txt.
type equivalent struct{ pattern, reason string }

// matches reports whether e is about m.
func (e equivalent) matches(m *mutant) bool {
	ok, _ := path.Match(e.pattern, m.name())
	return ok
}

// equivalents returns the lines of equivalent.txt.
func equivalents() (list []equivalent, err error) {
	for line := range strings.Lines(equivalentText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		pattern, reason, ok := strings.Cut(line, ": because ")
		if !ok {
			return nil, fmt.Errorf("equivalent.txt: no reason in %q", line)
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("equivalent.txt: %q: %w", pattern, err)
		}
		list = append(list, equivalent{pattern, reason})
	}
	return list, nil
}

// reasonFor returns why m changes nothing, "" if nothing says that it does.
func reasonFor(m *mutant, list []equivalent) string {
	for _, e := range list {
		if e.matches(m) {
			return e.reason
		}
	}
	return ""
}

// name returns the mutant as equivalent.txt writes it.
func (m *mutant) name() string { return m.kind + ", " + m.row + ": " + m.what }

// report prints the table of what was made and killed, and the survivors. It
// returns how many there are without a reason.
func report(w io.Writer, mutants []mutant) (survivors int, err error) {
	known, err := equivalents()
	if err != nil {
		return 0, err
	}
	var kinds, killers []string
	count := map[[2]string]int{}
	for i := range mutants {
		m := &mutants[i]
		killer := m.killer
		if killer == "" {
			killer = "nobody"
			if reasonFor(m, known) != "" {
				killer = "equivalent"
			}
		}
		if !slices.Contains(kinds, m.kind) {
			kinds = append(kinds, m.kind)
		}
		if !slices.Contains(killers, killer) {
			killers = append(killers, killer)
		}
		for _, key := range [][2]string{{m.kind, killer}, {m.kind, ""}, {"all", killer}, {"all", ""}} {
			count[key]++
		}
		if killer == "nobody" {
			survivors++
			fmt.Fprintf(w, "survives: %s\n", m.name())
		}
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tab, "mutants\tmade\t%s\t\n", strings.Join(killers, "\t"))
	for _, kind := range append(kinds, "all") {
		fmt.Fprintf(tab, "%s\t%d\t", kind, count[[2]string{kind, ""}])
		for _, killer := range killers {
			fmt.Fprintf(tab, "%d\t", count[[2]string{kind, killer}])
		}
		fmt.Fprintln(tab)
	}
	if err := tab.Flush(); err != nil {
		return 0, err
	}
	fmt.Fprintln(w)
	for _, e := range known {
		if slices.ContainsFunc(mutants, func(m mutant) bool { return m.killer == "" && e.matches(&m) }) {
			fmt.Fprintf(w, "equivalent: %s: because %s\n", e.pattern, e.reason)
		}
	}
	return survivors, nil
}
