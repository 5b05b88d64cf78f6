package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// reporter prints verdicts in one of the formats.
type reporter interface {
	verdict(verdict) error
	// close prints what comes behind all verdicts; status is what the command is
	// about to exit with.
	close(status int) error
}

// summary counts verdicts.
type summary struct {
	start  time.Time
	total  int
	kinds  map[string]int // "" of the valid ones
	bytes  int64
	status int
}

func (s *summary) add(v verdict) {
	if s.kinds == nil {
		s.kinds = map[string]int{}
	}
	s.total++
	s.kinds[v.kind()]++
	s.bytes += v.bytes
	s.status = max(s.status, v.exitStatus())
}

// write writes the summary as one line.
func (s *summary) write(w io.Writer, paint style) {
	var parts []string
	for _, k := range []struct {
		kind, text string
		paint      func(string) string
	}{
		{"", "valid", paint.good}, {"invalid", "invalid", paint.bad}, {"malformed", "malformed", paint.bad},
		{"limit", "past a limit", paint.doubt}, {"io", "not read", paint.doubt},
	} {
		if n := s.kinds[k.kind]; n > 0 {
			parts = append(parts, k.paint(fmt.Sprintf("%d %s", n, k.text)))
		}
	}
	fmt.Fprintf(w, "wasmvalidate: %s, %s: %s (%s)\n",
		plural(int64(s.total), "file"), size(s.bytes), strings.Join(parts, ", "), duration(time.Since(s.start)))
}

// plural writes a number of things.
func plural(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return plural(n, "byte")
}

// duration writes a time with as many digits as mean something.
func duration(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1e3)
}
