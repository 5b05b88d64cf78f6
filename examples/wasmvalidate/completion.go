package main

import (
	"context"
	"io"
	"strings"
)

// shells are those that there is a completion script for.
var shells = []struct {
	name  string
	write func(*strings.Builder)
}{{"bash", bashCompletion}, {"zsh", zshCompletion}, {"fish", fishCompletion}}

// printCompletion prints the completion script for a shell.
func printCompletion(_ context.Context, c *call) int {
	var names []string
	for _, s := range shells {
		names = append(names, s.name)
		if s.name != c.operands[0] {
			continue
		}
		var b strings.Builder
		s.write(&b)
		if _, err := io.WriteString(c.stdout, b.String()); err != nil {
			return c.complain(err)
		}
		return exitValid
	}
	return c.complain(among(c.operands[0], names))
}

// shellNames returns the names of the shells.
func shellNames() string {
	var names []string
	for _, s := range shells {
		names = append(names, s.name)
	}
	return strings.Join(names, " ")
}

// commandNames returns the names of the commands that have one.
func commandNames() []string {
	var names []string
	for _, c := range commands()[1:] {
		names = append(names, c.name)
	}
	return names
}

// flagNames returns the flags of a command, as they are typed.
func flagNames(command string) string {
	var names []string
	for _, o := range optionsOf(command) {
		names = append(names, "-"+o.name)
	}
	return strings.Join(append(names, "-h"), " ")
}
