package main

import (
	"fmt"
	"io"
	"strings"
)

// githubReporter writes an annotation, as the log of a GitHub workflow takes
// them, for each mistake and for each file that could not be read.
type githubReporter struct{ w io.Writer }

func (g *githubReporter) verdict(v verdict) error {
	if v.trouble != nil {
		return g.annotate(v.file, "not read", v.trouble.Error())
	}
	for _, m := range v.mistakes {
		text := fmt.Sprintf("at 0x%x%s: %s%s", m.Offset, m.place(), v.message(m), m.allowed())
		if err := g.annotate(v.file, m.Kind.String()+" WebAssembly module", text); err != nil {
			return err
		}
	}
	return nil
}

func (g *githubReporter) close(int) error { return nil }

// annotate writes one annotation.
func (g *githubReporter) annotate(file, title, message string) error {
	_, err := fmt.Fprintf(g.w, "::error file=%s,title=%s::%s\n",
		githubProperty.Replace(file), githubProperty.Replace(title), githubData.Replace(plainName(file)+": "+plain(message)))
	return err
}

// What a workflow command escapes in its message and in its properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
