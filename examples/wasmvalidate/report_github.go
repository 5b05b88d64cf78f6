package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/wasmstate/wasmstate/validator/explain"
)

// githubReporter writes an annotation, as the log of a GitHub workflow takes
// them, for each mistake and for each file that could not be read.
type githubReporter struct{ w io.Writer }

func (g *githubReporter) verdict(v verdict) error {
	if v.trouble != nil { // which names the file
		return g.annotate(v, "not read", plain(v.trouble.Error()))
	}
	for _, m := range v.mistakes {
		text := plainName(v.file) + ": " + plain(v.sentence(m))
		if m.diagnosis != nil {
			text += "\n\n" + m.diagnosis.Text(explain.TextOptions{File: plainName(v.file)})
		}
		if err := g.annotate(v, m.Kind.String()+" WebAssembly module", text); err != nil {
			return err
		}
	}
	return nil
}

func (g *githubReporter) close(int) error { return nil }

// annotate writes one annotation. It is on the file that there is: on the archive,
// where the module is in one.
func (g *githubReporter) annotate(v verdict, title, message string) error {
	file := v.file
	if archive, _, ok := splitEntry(file); ok {
		file = archive
	}
	_, err := fmt.Fprintf(g.w, "::error file=%s,title=%s::%s\n",
		githubProperty.Replace(plain(file)), githubProperty.Replace(title), githubData.Replace(message))
	return err
}

// What a workflow command escapes in its message and in its properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
