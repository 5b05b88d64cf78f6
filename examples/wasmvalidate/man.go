package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// printManual prints the manual page, in the macros of man(7).
func printManual(_ context.Context, c *call) int {
	var b strings.Builder
	writeManual(&b)
	if _, err := io.WriteString(c.stdout, b.String()); err != nil {
		return c.complain(err)
	}
	return exitValid
}

func writeManual(b *strings.Builder) {
	fmt.Fprintf(b, ".TH WASMVALIDATE 1 \"\" \"wasmvalidate %s\" \"User Commands\"\n", roff(version()))
	fmt.Fprint(b, ".SH NAME\nwasmvalidate \\- validate WebAssembly modules\n.SH SYNOPSIS\n")
	for i, c := range commands() {
		if i > 0 {
			fmt.Fprint(b, ".br\n")
		}
		fmt.Fprintf(b, "%s\n", roff(c.usage()))
	}
	fmt.Fprint(b, ".SH DESCRIPTION\n")
	for _, text := range []string{purpose, operandHelp, outputHelp, featuresHelp} {
		fmt.Fprintf(b, ".PP\n%s\n", roff(text))
	}
	all := commands()
	fmt.Fprint(b, ".SH OPTIONS\n")
	manualOptions(b, all[0])
	fmt.Fprint(b, ".SH COMMANDS\n")
	for _, c := range all[1:] {
		fmt.Fprintf(b, ".SS %s\n%s.\n", roff(strings.TrimPrefix(c.usage(), "wasmvalidate ")), roff(capital(c.summary)))
		manualOptions(b, c)
	}
	manualTopics(b, "EXIT STATUS", exitHelp)
	manualTopics(b, "ENVIRONMENT", []topic{
		{"NO_COLOR", "no colours, unless -color says so"},
		{"TERM", "no colours on a terminal that is dumb"},
	})
	manualTopics(b, "EXAMPLES", examples)
}

// manualOptions writes the options of a command.
func manualOptions(b *strings.Builder, c *subcommand) {
	for _, o := range optionsOf(c.name) {
		fmt.Fprintf(b, ".TP\n.B \\-%s", roff(o.name))
		if o.value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(o.value))
		}
		fmt.Fprintf(b, "\n%s.\n", roff(capital(o.help())))
	}
}

// manualTopics writes topics under a title.
func manualTopics(b *strings.Builder, title string, list []topic) {
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, t := range list {
		fmt.Fprintf(b, ".TP\n.B %s\n%s.\n", roff(t.head), roff(capital(t.text)))
	}
}

// roff escapes a text for the formatter: a backslash, and a hyphen, which it
// would make a typographic one of, and what is a request at the start of a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}
