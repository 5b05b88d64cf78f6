package main

import (
	"fmt"
	"strings"
)

func fishCompletion(b *strings.Builder) {
	fmt.Fprint(b, `# Completion of wasmvalidate for fish.
#   wasmvalidate completion fish | source
`)
	for _, c := range commands()[1:] {
		fmt.Fprintf(b, "complete -c wasmvalidate -n '__fish_is_first_arg' -a %s -d %s\n", c.name, fishQuote(c.summary))
	}
	fmt.Fprintf(b, "complete -c wasmvalidate -n '__fish_seen_subcommand_from completion' -f -a %s\n", fishQuote(strings.Join(shells, " ")))
	for _, o := range options() {
		fmt.Fprintf(b, "complete -c wasmvalidate -n %s -o %s", fishQuote(o.fishCondition()), o.name)
		switch {
		case len(o.choices) > 0:
			fmt.Fprintf(b, " -x -a %s", fishQuote(strings.Join(o.choices, " ")))
		case o.file:
			fmt.Fprint(b, " -r")
		case o.value != "":
			fmt.Fprint(b, " -x")
		}
		fmt.Fprintf(b, " -d %s\n", fishQuote(o.usage))
	}
}

// fishCondition says for which commands the option is offered.
func (o option) fishCondition() string {
	var conditions []string
	for _, command := range o.of {
		if command == "" {
			conditions = append(conditions, "not __fish_seen_subcommand_from "+strings.Join(commandNames(), " "))
		} else {
			conditions = append(conditions, "__fish_seen_subcommand_from "+command)
		}
	}
	return strings.Join(conditions, "; or ")
}

func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
